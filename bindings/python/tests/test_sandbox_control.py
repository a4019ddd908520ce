"""A test sets the faults and the clock of its local Vault."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Optional

import pytest

from apideck_vault import models
from apideck_vault.testing import Fault, SandboxError, VaultSandbox


def status(sandbox: VaultSandbox, consumer_id: str = "acme") -> Optional[int]:
    """Lists the connections with one attempt. Returns the status of the failure."""
    try:
        sandbox.client(consumer_id, retry_config=None).vault.connections.list()
    except models.APIError as error:
        return error.status_code
    return None


def test_a_fault_applies_to_its_operation_and_consumer_as_often_as_it_says(vault_sandbox: VaultSandbox) -> None:
    rule = vault_sandbox.add_fault("status=503", operation="connections.list", consumer_id="acme", times=2)
    assert rule == Fault(rule.id, "status=503", "connections.list", "acme", times=2, remaining=2)
    assert status(vault_sandbox, "other") is None
    vault_sandbox.client("acme", retry_config=None).vault.connections.get(service_id="hubspot", unified_api="crm")
    assert [status(vault_sandbox) for _ in range(3)] == [503, 503, None]
    assert vault_sandbox.faults() == [Fault(rule.id, "status=503", "connections.list", "acme", times=2, remaining=0)]


def test_a_fault_lasts_until_it_is_removed(vault_sandbox: VaultSandbox) -> None:
    first = vault_sandbox.add_fault("status=502")
    vault_sandbox.add_fault("status=500")
    assert [status(vault_sandbox) for _ in range(3)] == [502, 502, 502]
    vault_sandbox.remove_fault(first)
    assert status(vault_sandbox) == 500
    vault_sandbox.clear_faults()
    assert status(vault_sandbox) is None
    assert vault_sandbox.faults() == []


def test_the_clock_moves_only_forwards(vault_sandbox: VaultSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    minute = timedelta(minutes=1)
    assert abs(vault_sandbox.now() - datetime.now(timezone.utc)) < minute
    tomorrow = vault_sandbox.advance_clock(timedelta(days=1))
    assert abs(tomorrow - datetime.now(timezone.utc) - timedelta(days=1)) < minute
    far = datetime(2100, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    assert timedelta(0) <= vault_sandbox.set_clock(far) - far < minute
    assert vault_sandbox.now() >= far
    with pytest.raises(SandboxError, match="POST /sandbox/clock: status 400: "):
        vault_sandbox.advance_clock(-minute)
    assert abs(vault_sandbox.reset_clock() - datetime.now(timezone.utc)) < minute


def test_a_stored_time_is_that_of_the_clock(vault_sandbox: VaultSandbox) -> None:
    vault_sandbox.set_clock(datetime(2100, 1, 2, tzinfo=timezone.utc))
    res = vault_sandbox.client().vault.consumers.create(consumer_id="new")
    assert str(res.create_consumer_response.data.created).startswith("2100-01-02T")


def test_a_time_without_a_zone_is_refused(vault_sandbox: VaultSandbox) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        vault_sandbox.set_clock(datetime(2100, 1, 2))


def test_a_command_that_the_sandbox_refuses_raises_its_message(vault_sandbox: VaultSandbox) -> None:
    with pytest.raises(SandboxError, match="status 400: .*status=x"):
        vault_sandbox.add_fault("status=x")
    with pytest.raises(SandboxError, match="status 400: operation: unknown 'connections.lists'"):
        vault_sandbox.add_fault("reset", operation="connections.lists")
    with pytest.raises(SandboxError, match="status 404: there is no rule '7'"):
        vault_sandbox.remove_fault(Fault(7, "reset", None, None, None, None))
    vault_sandbox.close()
    with pytest.raises(SandboxError, match="^GET /sandbox/clock: .*refused"):
        vault_sandbox.now()
