"""Webhooks: the table that all languages share (tests/webhooks), typed events, and the servers of the README."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import pickle
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from apideck_vault import models, webhooks
from apideck_vault.models.event_types import EVENTS

KEY = "sk_live_webhook_key"
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")

with open(os.environ["APIDECK_VAULT_TEST_WEBHOOKS_TABLE"], encoding="utf-8") as _table:
    ROWS: List[Dict[str, Any]] = json.load(_table)


def body_of(event_type: str, **entity: Any) -> bytes:
    event = {"event_id": "e-1", "event_type": event_type, "entity_id": "1+acme", "entity_type": "Connection"}
    return json.dumps({"payload": {**event, "entity": entity, "execution_attempt": 1}}).encode()


def verified(body: bytes) -> Any:
    return webhooks.verify(body, webhooks.sign(body, KEY), KEY)


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_every_row_of_the_table_ends_with_its_status(row: Dict[str, Any]) -> None:
    expected, body = row["expected"], row["body"].encode()
    if expected["status"] == "OK":
        event = webhooks.verify(body, row["signature"], row["api_key"])
        assert event.event_type == expected["event_type"]
        return
    error = {
        "INVALID_SIGNATURE": webhooks.SignatureVerificationError,
        "INVALID_ARGUMENT": models.ArgumentValueError,
    }[expected["status"]]
    with pytest.raises(error) as raised:
        webhooks.verify(body, row["signature"], row["api_key"])
    assert expected["message"] in str(raised.value)
    for secret in filter(None, (row["signature"].strip(), row["api_key"])):
        assert secret not in str(raised.value)


@pytest.mark.parametrize("event_type", EVENTS)
def test_each_type_of_event_has_a_class(event_type: str) -> None:
    event = verified(body_of(event_type, service_id="salesforce", state="callable", added_later=1))
    assert type(event) is EVENTS[event_type]
    assert isinstance(event, webhooks.ConnectionEvent)
    assert (event.event_id, event.entity_id, event.entity_type) == ("e-1", "1+acme", "Connection")
    assert event.event_type is webhooks.EventType(event_type)
    assert event.entity is not None
    assert event.entity.state is models.ConnectionState.CALLABLE
    assert event.entity.model_dump()["added_later"] == 1
    for same in (copy.deepcopy(event), pickle.loads(pickle.dumps(event))):
        assert same == event
        assert type(same) is type(event)


def test_the_classes_of_the_module_are_those_of_the_table_of_types() -> None:
    assert {webhooks.EventType(name) for name in EVENTS} == set(webhooks.EventType)
    assert {event.__name__ for event in EVENTS.values()} < set(webhooks.__all__)
    assert all(getattr(webhooks, name) is not None for name in webhooks.__all__)


@pytest.mark.parametrize("event_type", ["vault.connection.paused", "", "ats.job.created"])
def test_an_unknown_type_is_an_event(event_type: str) -> None:
    event = verified(body_of(event_type, access_token="SECRET"))
    assert type(event) is webhooks.UnknownEvent
    assert event.event_type == event_type
    assert event.entity == {"access_token": "SECRET"}
    assert "SECRET" not in repr(event)


@pytest.mark.parametrize("odd", [None, 5, {"a": 1}, ["vault.connection.created"], True])
def test_an_odd_type_is_an_unknown_event(odd: Any) -> None:
    event = verified(json.dumps({"payload": {"event_type": odd, "entity": 7}}).encode())
    assert type(event) is webhooks.UnknownEvent
    read: Any = event
    assert (read.event_type, read.entity) == (odd, 7)


def test_settings_of_an_event_are_not_printed() -> None:
    event = verified(body_of("vault.connection.updated", settings={"api_key": "SECRET"}))
    assert "SECRET" not in repr(event) + repr(event.entity)
    assert event.entity.settings == {"api_key": "SECRET"}


def test_a_body_can_be_any_bytes_and_is_never_a_text() -> None:
    body = body_of("vault.connection.created")
    signature = webhooks.sign(body, KEY)
    for same in (bytearray(body), memoryview(body), memoryview(b" " + body)[1:]):
        assert webhooks.verify(same, signature, KEY).event_id == "e-1"
        assert webhooks.sign(same, KEY) == signature
    anything: Any = webhooks
    with pytest.raises(models.ArgumentTypeError, match="^body: expected the bytes as they were received, got str$"):
        anything.verify(body.decode(), signature, KEY)
    with pytest.raises(models.ArgumentTypeError, match="^signature: expected a string, got bytes$"):
        anything.verify(body, signature.encode(), KEY)
    with pytest.raises(models.ArgumentTypeError, match="^api_key: expected a string, got NoneType$"):
        anything.sign(body, None)
    for key in ("k\0", "ké"):
        with pytest.raises(models.ArgumentValueError, match="^api_key: has characters that no API key has$"):
            webhooks.verify(body, signature, key)


@pytest.mark.parametrize("signature", [None, "", "0" * 64 + "\0", "\ud800", "é" * 32])
def test_a_signature_that_is_none_is_refused(signature: Any) -> None:
    body = body_of("vault.connection.created")
    with pytest.raises(webhooks.SignatureVerificationError, match="^signature: "):
        webhooks.verify(body, signature, KEY)
    with pytest.raises(webhooks.SignatureVerificationError, match="^signature: "):
        webhooks.verify(body, webhooks.sign(body, KEY) + "\0", KEY)


RUN = {
    "flask": "from werkzeug.serving import make_server\n"
    "server = make_server('127.0.0.1', 0, app)\n"
    "print(server.port, flush=True)\n"
    "server.serve_forever()\n",
    "fastapi": "import socket, uvicorn\n"
    "listener = socket.create_server(('127.0.0.1', 0))\n"
    "print(listener.getsockname()[1], flush=True)\n"
    "uvicorn.Server(uvicorn.Config(app, log_level='error')).run(sockets=[listener])\n",
}


@contextlib.contextmanager
def server_of_the_readme(framework: str) -> Iterator[Any]:
    """Runs the program of the README with a server. Yields its process and its port."""
    (program,) = (
        text for text in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if f"from {framework} " in text
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program + RUN[framework]],
        env={**os.environ, "APIDECK_API_KEY": KEY},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout, int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def post(port: int, body: bytes, signature: str) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/webhooks", body)
    request.add_header("x-apideck-signature", signature)
    request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("framework", RUN)
def test_the_server_of_the_readme_accepts_what_the_key_signed_and_nothing_else(framework: str) -> None:
    body = body_of("vault.connection.callable", service_id="salesforce")
    with server_of_the_readme(framework) as (printed, port):
        assert post(port, body, webhooks.sign(body, KEY)) == 204
        assert printed.readline() == "salesforce is ready\n"
        assert post(port, body, webhooks.sign(body, "another")) == 401
        assert "the API key did not sign this body" in printed.readline()
