"""The integrations pages of the examples work in headless Chromium, by mouse and by keyboard alone.

Without Go, Chromium or its driver (Debian: chromium, chromium-driver), the tests are skipped. In CI they fail.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Iterator, List

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from apideck_vault import webhooks
from apideck_vault.testing import KEY, VaultSandbox

MODULE = Path(__file__).parents[3] / "bindings" / "go"
FLASK = Path(__file__).parents[1] / "examples" / "integrations_page" / "app.py"


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    """Chromium, with a window as wide as a telephone's."""
    missing = [name for name in ("go", "chromium", "chromedriver") if shutil.which(name) is None]
    if missing:
        assert not os.environ.get("CI"), f"CI needs {', '.join(missing)}"
        pytest.skip(f"no {', '.join(missing)} in PATH")
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for argument in ("--headless=new", "--no-sandbox", "--no-proxy-server", "--window-size=390,900"):
        options.add_argument(argument)
    chromium = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    chromium.implicitly_wait(20)  # a click may load the page that has the next element
    yield chromium
    chromium.quit()


@pytest.fixture(scope="module", params=["go", "flask"])
def program(
    request: pytest.FixtureRequest, driver: webdriver.Chrome, tmp_path_factory: pytest.TempPathFactory
) -> List[str]:
    """The command of the program: the one in Go, built with the library under test, or the one in Python."""
    if request.param == "flask":
        return [sys.executable, str(FLASK)]
    built = tmp_path_factory.mktemp("go") / "integrations-page"
    folder = Path(os.environ["APIDECK_VAULT_LIBRARY"]).parent
    environment = {
        "CGO_ENABLED": "1",
        "CGO_LDFLAGS": f"-L{folder} -Wl,-rpath,{folder}",
        "GOFLAGS": "-tags=apideck_vault_checkout -buildvcs=false",
    }
    command = ["go", "build", "-o", str(built), "./examples/integrations-page"]
    done = subprocess.run(command, cwd=MODULE, env={**os.environ, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [str(built)]


class Page:
    """The page of a consumer in the browser."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver, self.url = driver, url

    def element(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def wait_for(self, text: str) -> None:
        """Waits until the page shows a text. While another page loads, its elements can be those of the last one."""
        wait = WebDriverWait(self.driver, 20, ignored_exceptions=[WebDriverException])
        wait.until(lambda driver: text in driver.find_element(By.TAG_NAME, "body").text)

    def press(self, *keys: str) -> WebElement:
        """Presses keys, and returns the element that has the focus then."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()
        return self.driver.switch_to.active_element

    def focus(self, label: str) -> None:
        """Presses the tab key until the element with a label has the focus."""
        for _ in range(200):
            if self.press(Keys.TAB).accessible_name == label:
                return
        raise AssertionError(f"the tab key does not reach {label}")


@pytest.fixture
def page(driver: webdriver.Chrome, program: List[str], vault_sandbox: VaultSandbox) -> Iterator[Page]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = {
        "APIDECK_SERVER_URL": vault_sandbox.url,
        "APIDECK_API_KEY": KEY,
        "APIDECK_APP_ID": "test-app",
        "APIDECK_CONSUMER_ID": "acme",
        "LISTEN": address,
    }
    with subprocess.Popen(program, env={**os.environ, **environment}) as running:
        try:
            deadline = time.monotonic() + 20
            while True:
                try:
                    socket.create_connection(tuple_of(address)).close()
                    break
                except OSError:
                    assert running.poll() is None and time.monotonic() < deadline
                    time.sleep(0.01)
            driver.get(f"http://{address}/")
            yield Page(driver, f"http://{address}")
        finally:
            running.kill()


def tuple_of(address: str) -> "tuple[str, int]":
    host, port = address.split(":")
    return host, int(port)


def test_a_user_connects_and_disconnects_by_mouse(page: Page) -> None:
    logos = page.driver.find_elements(By.TAG_NAME, "img")
    assert len(logos) >= 12
    assert all(logo.get_property("naturalWidth") for logo in logos)
    page.element('[aria-label="Connect HubSpot"]').click()
    page.element("button[value=deny]").click()
    page.wait_for("You did not give access")
    page.element('[aria-label="Connect HubSpot"]').click()
    page.element("button[value=approve]").click()
    page.wait_for("HubSpot: callable")
    assert page.driver.current_url.startswith(page.url)
    page.element('[aria-label="Disconnect HubSpot"]').click()
    page.wait_for("HubSpot: available")


def test_a_user_fills_in_settings_by_keyboard_alone(page: Page, vault_sandbox: VaultSandbox) -> None:
    page.focus("Connect NetSuite")
    page.press(Keys.ENTER)
    page.wait_for("Settings of NetSuite")
    for name, text in (("account_id", "1234"), ("token_id", "t"), ("private_key", "k"), ("page_size", "50")):
        assert page.press(Keys.TAB).get_attribute("name") == name
        page.press(text)
    assert page.press(Keys.TAB).accessible_name == "Save"
    page.press(Keys.ENTER)
    page.wait_for("NetSuite: callable")
    connections = vault_sandbox.client("acme").vault.connections
    stored = connections.get(service_id="netsuite", unified_api="accounting").get_connection_response.data.settings
    assert stored == {"account_id": "1234", "token_id": "t", "private_key": "k", "page_size": 50}

    page.focus("Settings of NetSuite")
    page.press(Keys.ENTER)
    page.wait_for("If this is empty, the stored value is kept.")
    assert page.element("[name=token_id]").get_property("value") == ""
    page.focus("Save")
    page.press(Keys.ENTER)
    page.wait_for("NetSuite: callable")


def test_the_page_shows_why_a_setting_was_refused(page: Page, vault_sandbox: VaultSandbox) -> None:
    vault_sandbox.client("acme").vault.connections.update(
        service_id="activecampaign", unified_api="crm", settings={"api_key": "k"}
    )
    page.driver.get(f"{page.url}/crm/activecampaign")
    page.element("[name=base_url]").send_keys("https://")
    page.driver.execute_script("document.querySelector('form').noValidate = true")  # so that Vault checks the value
    page.element("button").click()
    page.wait_for("settings.base_url: not a URL with a scheme and a host")
    assert page.element("[role=alert]").is_displayed()
    assert page.element("[name=base_url]").get_property("value") == "https://"


def test_a_webhook_refreshes_the_open_page(page: Page, vault_sandbox: VaultSandbox) -> None:
    vault_sandbox.client("acme").vault.connections.update(service_id="hubspot", unified_api="crm", enabled=True)
    page.wait_for("HubSpot: available")
    body = b'{"payload":{"event_type":"vault.connection.created","event_id":"1"}}'
    request = urllib.request.Request(
        f"{page.url}/webhooks", body, {"x-apideck-signature": webhooks.sign(body, KEY)}, method="POST"
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
        assert response.status == 204
    page.wait_for("HubSpot: added")
