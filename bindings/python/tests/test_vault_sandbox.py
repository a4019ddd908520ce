"""`apideck_vault.testing` starts a local Vault for a test, and stops it however the test ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from apideck_vault import Apideck, models
from apideck_vault.testing import SandboxError, SandboxOptions, VaultSandbox

HUBSPOT: Any = {"service_id": "hubspot", "unified_api": "crm"}
INNER = ("-p", "apideck_vault.testing.pytest_plugin", "-p", "no:cacheprovider", "-W", "error")


def state(apideck: Apideck) -> str:
    return str(apideck.vault.connections.get(**HUBSPOT).get_connection_response.data.state)


def add(apideck: Apideck) -> None:
    apideck.vault.connections.update(**HUBSPOT, enabled=True)


def wait_until_stopped(url: str) -> None:
    """Returns when no server listens at a URL."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            opener.open(url).close()
        except urllib.error.HTTPError:
            pass
        except OSError:
            return
        time.sleep(0.005)
    raise AssertionError(f"{url} still responds")


def test_a_client_of_a_consumer_calls_the_sandbox(vault_sandbox: VaultSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APIDECK_SERVER_URL", "http://127.0.0.1:1")
    add(vault_sandbox.client("acme"))
    assert state(vault_sandbox.client("acme")) == "added"
    assert state(vault_sandbox.client("other")) == "available"
    assert repr(vault_sandbox) == f"<VaultSandbox {vault_sandbox.url}>"


def test_sandboxes_share_nothing_and_close_their_clients() -> None:
    with VaultSandbox() as one, VaultSandbox() as two:
        first = one.client()
        add(first)
        assert one.url != two.url
        assert state(two.client()) == "available"
    wait_until_stopped(one.url)
    wait_until_stopped(two.url)
    with pytest.raises(models.ClientClosedError):
        state(first)
    one.close()  # a second time


def test_only_the_given_key_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APIDECK_VAULT_SANDBOX_API_KEY", "key-of-the-environment")
    with VaultSandbox(api_key="the-key") as sandbox:
        assert state(sandbox.client()) == "available"
        for key in ("another-key", "key-of-the-environment"):
            with pytest.raises(models.UnauthorizedResponse):
                state(sandbox.client(api_key=key))
    with VaultSandbox() as sandbox:
        assert state(sandbox.client(api_key="any-key")) == "available"


@pytest.mark.parametrize("vault_sandbox_options", [SandboxOptions(request_limit=1)])
def test_requests_after_the_limit_get_payment_required(vault_sandbox: VaultSandbox) -> None:
    apideck = vault_sandbox.client(app_id="limited")
    assert state(apideck) == "available"
    with pytest.raises(models.PaymentRequiredResponse):
        state(apideck)


def test_a_database_keeps_the_state_for_the_next_sandbox(tmp_path: Path) -> None:
    with VaultSandbox(database=tmp_path / "vault.db") as sandbox:
        add(sandbox.client())
    with VaultSandbox(database=str(tmp_path / "vault.db")) as sandbox:
        assert state(sandbox.client()) == "added"


def test_a_sandbox_that_does_not_start_raises_the_cause_in_one_line(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "vault.db"
    with pytest.raises(SandboxError) as raised:
        VaultSandbox(database=missing)
    assert str(missing) in str(raised.value) and "\n" not in str(raised.value)


def test_a_running_sandbox_has_no_thread_in_the_test() -> None:
    before = threading.active_count()
    with VaultSandbox():
        assert threading.active_count() == before


PROGRAM = """
import os, signal, sys, time
from apideck_vault.testing import VaultSandbox
sandbox = VaultSandbox()
print(sandbox.url, flush=True)
"""
ENDS = {
    "at the end of the program": "sandbox.close()",
    "without close": "",
    "with an exception": "raise RuntimeError",
    "with _exit": "os._exit(3)",
    "killed": "time.sleep(600)",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_the_sandbox_stops_however_the_process_ends(end: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM + end], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        if "sleep" in end:
            process.kill()
    wait_until_stopped(url)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are those of POSIX")
def test_ctrl_c_ends_the_test_before_the_sandbox(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile(
        """
        import signal, time
        from pathlib import Path
        import pytest

        @pytest.fixture
        def connections(vault_sandbox):
            signal.signal(signal.SIGINT, signal.default_int_handler)
            yield vault_sandbox.client().vault.connections
            vault_sandbox.client().vault.connections.list()
            Path("tidied").write_text(vault_sandbox.url)

        def test_hangs(connections):
            Path("begun").touch()
            time.sleep(600)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *INNER, str(path)],
        cwd=pytester.path,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not (pytester.path / "begun").exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
    wait_until_stopped((pytester.path / "tidied").read_text())


def test_each_test_has_a_sandbox_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        urls = set()

        @pytest.mark.parametrize("number", range(3))
        def test_new(vault_sandbox, number):
            connections = vault_sandbox.client().vault.connections
            one = dict(service_id="hubspot", unified_api="crm")
            assert connections.get(**one).get_connection_response.data.state == "available"
            connections.update(**one, enabled=True)
            assert connections.get(**one).get_connection_response.data.state == "added"
            urls.add(vault_sandbox.url)
            assert len(urls) == number + 1
        """
    )
    pytester.runpytest_subprocess(*INNER).assert_outcomes(passed=3)


def script(folder: Path, text: str) -> str:
    """Returns a program in a folder."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{text}")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_the_report_of_a_failed_test_has_the_output(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    printing = "echo early >&2; echo listening on http://127.0.0.1:1; echo late >&2; exec cat\n"
    monkeypatch.setenv("APIDECK_VAULT_SANDBOX", script(pytester.path, printing))
    pytester.makepyfile(
        """
        def test_passes(vault_sandbox):
            assert vault_sandbox.url == "http://127.0.0.1:1"

        def test_fails(vault_sandbox):
            assert not vault_sandbox.output
            raise AssertionError
        """
    )
    result = pytester.runpytest_subprocess(*INNER)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*Captured apideck-vault-sandbox teardown*", "early", "late"])
    assert str(result.stdout).count("early") == 1


def test_a_missing_program_fails_the_test_with_one_line(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APIDECK_VAULT_SANDBOX", "/nowhere/program")
    pytester.makepyfile("def test_one(vault_sandbox): pass")
    result = pytester.runpytest_subprocess(*INNER)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["APIDECK_VAULT_SANDBOX is /nowhere/program, which is not a program"])
    assert "Traceback" not in str(result.stdout) and "pytest_plugin.py" not in str(result.stdout)


def test_a_module_sets_the_options_of_its_sandboxes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from apideck_vault import models
        from apideck_vault.testing import SandboxOptions, VaultSandbox

        @pytest.fixture
        def vault_sandbox_options() -> SandboxOptions:
            return {"api_key": "the-key"}

        def test_key(vault_sandbox: VaultSandbox) -> None:
            vault_sandbox.client().vault.connections.list()
            with pytest.raises(models.UnauthorizedResponse):
                vault_sandbox.client(api_key="another-key").vault.connections.list()
        """
    )
    pytester.runpytest_subprocess(*INNER).assert_outcomes(passed=1)
