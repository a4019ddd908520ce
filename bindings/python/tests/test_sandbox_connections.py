"""A test sets how the tokens and connections of its local Vault go, and receives its webhooks."""

from __future__ import annotations

import queue
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Iterator, Tuple

import pytest

from apideck_vault import models, webhooks
from apideck_vault.testing import KEY, SandboxError, SandboxOptions, VaultSandbox

QUICKBOOKS: Any = {"service_id": "quickbooks", "unified_api": "accounting"}
OWNER = ("acme", "accounting", "quickbooks")


def connection(sandbox: VaultSandbox) -> models.Connection:
    return sandbox.client("acme").vault.connections.get(**QUICKBOOKS).get_connection_response.data


def authorize(sandbox: VaultSandbox) -> None:
    sandbox.client("acme").vault.connections.imports(
        **QUICKBOOKS, credentials={"refresh_token": "r"}, settings={"environment": "sandbox"}
    )


@pytest.mark.parametrize("vault_sandbox_options", [SandboxOptions(token_lifetime=timedelta(minutes=90))])
def test_a_refresh_fails_and_recovers_as_set(vault_sandbox: VaultSandbox) -> None:
    authorize(vault_sandbox)
    vault_sandbox.set_refresh(*OWNER, "fail")
    vault_sandbox.advance_clock(timedelta(minutes=89))
    assert connection(vault_sandbox).health == "ok"
    vault_sandbox.advance_clock(timedelta(minutes=2))
    failed = connection(vault_sandbox)
    assert (failed.state, failed.health) == ("callable", "pending_refresh")
    vault_sandbox.set_refresh(*OWNER, "recover")
    assert connection(vault_sandbox).health == "ok"
    vault_sandbox.set_refresh(*OWNER, "fail_for_good")
    vault_sandbox.advance_clock(timedelta(hours=2))
    assert connection(vault_sandbox).state == "invalid"
    vault_sandbox.advance_clock(timedelta(hours=48))
    assert connection(vault_sandbox).health == "needs_auth"


def test_a_connection_is_degraded_and_recovers(vault_sandbox: VaultSandbox) -> None:
    with pytest.raises(SandboxError, match="status 404: the consumer 'acme' has no connection"):
        vault_sandbox.set_degraded(*OWNER, True)
    authorize(vault_sandbox)
    vault_sandbox.set_degraded(*OWNER, True)
    assert connection(vault_sandbox).health == "degraded"
    vault_sandbox.set_degraded(*OWNER, False)
    assert connection(vault_sandbox).health == "ok"


@pytest.mark.parametrize("vault_sandbox_options", [SandboxOptions(rate_limit=1)])
def test_more_requests_than_the_rate_limit_get_429(vault_sandbox: VaultSandbox) -> None:
    connections = vault_sandbox.client(retry_config=None).vault.connections
    with pytest.raises(models.RateLimitedError):
        for _ in range(10):  # at least two of them are in the same second
            connections.list()


@pytest.fixture
def receiver() -> Iterator[Tuple[str, "queue.Queue[str]"]]:
    """A server for webhooks: its URL and the types of the events."""
    events: "queue.Queue[str]" = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            events.put(str(webhooks.verify(body, self.headers["x-apideck-signature"], KEY).event_type))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", events
        server.shutdown()
        thread.join()


def test_a_change_of_a_connection_sends_a_signed_webhook(receiver: Tuple[str, "queue.Queue[str]"]) -> None:
    url, events = receiver
    with VaultSandbox(webhook=url) as sandbox:
        authorize(sandbox)
        assert events.get(timeout=20) == "vault.connection.created"
