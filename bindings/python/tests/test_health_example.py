"""The example that lists what needs attention, against the local Vault and against prepared responses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from conftest import KEY
from prepared_server import PreparedServer

from apideck_vault import Apideck

PROGRAM = Path(__file__).parents[1] / "examples" / "connection_health" / "connection_health.py"
URL = "https://unify.apideck.com/authorize?state=s3cret"


def run(server_url: str, *arguments: str, app: str = "app") -> "subprocess.CompletedProcess[str]":
    """Runs the program."""
    environment = {"APIDECK_API_KEY": KEY, "APIDECK_APP_ID": app, "APIDECK_SERVER_URL": server_url}
    return subprocess.run(
        [sys.executable, "-W", "error", str(PROGRAM), *arguments],
        env={**os.environ, **environment, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def prepare(server: PreparedServer, *connections: Any) -> None:
    """Prepares one consumer with these connections."""
    server.prepare_list(*connections)
    server.prepare_for("/vault/consumers", {"status_code": 200, "status": "OK", "data": [{"consumer_id": "acme"}]})


def test_the_connections_of_every_page_of_consumers_are_listed(sandbox_url: str) -> None:
    app = f"health-{uuid.uuid4()}"
    with Apideck(api_key=KEY, app_id=app, server_url=sandbox_url) as apideck, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: apideck.vault.consumers.create(consumer_id=f"c{number:03}"), range(201)))
        clean = run(sandbox_url, app=app)
        assert (clean.returncode, clean.stdout, clean.stderr) == (0, "", "")
        for consumer in ("c007", "c200"):
            apideck.vault.connections.update(
                consumer_id=consumer, service_id="pipedrive", unified_api="crm", settings={"api_key": "s3cret-value"}
            )
        apideck.vault.connections.update(consumer_id="c100", service_id="hubspot", unified_api="crm", enabled=False)
    done = run(sandbox_url, "--format", "json", app=app)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert [(one["consumer_id"], one["connection_id"], one["action"]) for one in found] == [
        ("c007", "crm+pipedrive", "fill_settings"),
        ("c100", "crm+hubspot", "enable"),
        ("c200", "crm+pipedrive", "fill_settings"),
    ]
    assert found[0] == {
        "consumer_id": "c007",
        "connection_id": "crm+pipedrive",
        "action": "fill_settings",
        "reason": "The setting instance_url has no value.",
        "until": None,
        "overdue": False,
        "missing_settings": ["instance_url"],
    }
    assert run(sandbox_url, app=app).stdout.splitlines()[1].split()[:3] == ["c007", "crm+pipedrive", "fill_settings"]
    assert "s3cret" not in done.stdout + done.stderr


def test_the_most_urgent_connection_comes_first(server: PreparedServer) -> None:
    now = int(time.time() * 1000)
    fine = {"state": "callable", "health": "ok", "auth_type": "oauth2", "authorize_url": URL, "form_fields": []}
    failing = {**fine, "health": "pending_refresh", "last_refresh_failed_at": now - 172_800_000}
    prepare(
        server,
        {**fine, "id": "crm+fine"},
        {**fine, "id": "crm+degraded", "health": "degraded"},
        {**failing, "id": "crm+tomorrow", "credentials_expire_at": now + 86_400_000},
        {**failing, "id": "crm+soon", "credentials_expire_at": now + 3_600_000},
        {**fine, "id": "crm+invalid", "state": "invalid", "health": "needs_auth"},
        {**failing, "id": "crm+over\u001bdue", "credentials_expire_at": 86_400_000, "last_refresh_failed_at": 1},
    )
    done = run(server.url, "--format", "json")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    order = ["crm+over\u001bdue", "crm+invalid", "crm+soon", "crm+tomorrow", "crm+degraded"]
    assert [one["connection_id"] for one in found] == order
    assert [one["overdue"] for one in found] == [True, False, False, False, False]
    assert "s3cret" not in done.stdout

    text = run(server.url)
    assert text.returncode == 1
    lines = text.stdout.splitlines()
    assert lines[0].split() == ["consumer", "connection", "action", "until", "reason"]
    assert lines[1].split()[:5] == ["acme", "crm+over?due", "wait", "1970-01-02", "00:00Z"]
    assert len(lines) == 6 and "\u001b" not in text.stdout


@pytest.mark.parametrize("state", ["callable", "available"])
def test_a_connection_that_only_waits_needs_nobody(server: PreparedServer, state: str) -> None:
    prepare(server, {"id": "crm+a", "state": state, "health": "degraded"})
    done = run(server.url)
    assert done.returncode == 0 and "could not be reached" in done.stdout


def test_a_list_that_is_not_complete_has_an_exit_code_of_its_own(server: PreparedServer) -> None:
    prepare(server)
    server.prepare_for("/vault/connections", {"status_code": 404, "message": "Unknown Consumer"}, 404)
    done = run(server.url, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (2, [])
    assert done.stderr == "'acme': 404 Not Found: Unknown Consumer\n"
    server.prepare_for("/vault/consumers", {"status_code": 401, "message": "No"}, 401)
    done = run(server.url)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "401 Unauthorized: No\n")


def test_the_help_explains_the_order_and_the_exit_codes() -> None:
    done = run("http://127.0.0.1:1", "--help")
    assert done.returncode == 0
    for part in ("most urgent first", "--format {text,json}", "exit codes:", "APIDECK_APP_ID"):
        assert part in done.stdout
    assert run("http://127.0.0.1:1", "--format", "xml").returncode == 2
