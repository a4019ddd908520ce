"""What the tests share: the local Vault, the scenario server, and a server with prepared responses.

`cargo test --test python` runs these tests. It starts the scenario server, and builds the program of the local Vault.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

sys.path.insert(0, str(Path(__file__).parent))

NEEDED = (
    "APIDECK_VAULT_TEST_SCENARIOS_URL",
    "APIDECK_VAULT_TEST_SCENARIOS_TABLE",
    "APIDECK_VAULT_TEST_HEALTH_TABLE",
    "APIDECK_VAULT_TEST_WEBHOOKS_TABLE",
)
KEY = "test-key"


def pytest_configure(config: pytest.Config) -> None:
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.exit(f"{', '.join(missing)} not set: run these tests with `cargo test --test python`", returncode=1)
    # A shell ignores Ctrl-C in programs that it starts in the background. These tests need it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("APIDECK_API_KEY", "APIDECK_APP_ID", "APIDECK_CONSUMER_ID", "APIDECK_SERVER_URL", "APIDECK_DEBUG"):
        os.environ.pop(name, None)


from prepared_server import PreparedServer  # noqa: E402

from apideck_vault import Apideck  # noqa: E402
from apideck_vault.testing import VaultSandbox  # noqa: E402


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    """The local Vault."""
    with VaultSandbox() as sandbox:
        yield sandbox.url


@pytest.fixture
def vault(sandbox_url: str, request: pytest.FixtureRequest) -> Iterator[Apideck]:
    """A client of the local Vault, for a consumer that no other test uses."""
    consumer = f"python-{os.getpid()}-{request.node.name}"[:120]
    with Apideck(api_key=KEY, app_id="python-tests", consumer_id=consumer, server_url=sandbox_url) as apideck:
        yield apideck


@pytest.fixture
def server() -> Iterator[PreparedServer]:
    """A server with prepared responses."""
    prepared = PreparedServer()
    yield prepared
    prepared.close()


@pytest.fixture
def apideck(server: PreparedServer) -> Iterator[Apideck]:
    """A client of the server with prepared responses. It makes one attempt."""
    with client(server) as made:
        yield made


def client(server: PreparedServer, **keywords: Any) -> Apideck:
    """Returns a client of a server with prepared responses."""
    given = {"api_key": KEY, "app_id": "app", "consumer_id": "consumer", "server_url": server.url, "retry_config": None}
    return Apideck(**{**given, **keywords})


def type_of(result: Any) -> Any:
    """Returns the type of a result, without narrowing it for the type checker."""
    return type(result)


def threads_inside(function: Any) -> int:
    """Returns the number of threads of this process that run a function."""
    found = 0
    for innermost in sys._current_frames().values():
        frame: Any = innermost
        while frame is not None and frame.f_code is not function.__code__:
            frame = frame.f_back
        found += frame is not None
    return found
