"""Every step of a call is a log record."""

from __future__ import annotations

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List

import pytest
from conftest import client
from prepared_server import PreparedServer

from apideck_vault import models
from apideck_vault.utils import BackoffStrategy, RetryConfig

ONE: Any = {"service_id": "x", "unified_api": "crm"}


class Collected:
    """A `debug_logger` that keeps its messages."""

    def __init__(self) -> None:
        self.messages: List[str] = []

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self.messages.append(msg % args)


def test_requests_and_responses_are_debug_and_retries_and_failures_are_info(
    server: PreparedServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.prepare({"message": "no"}, status=503)
    with caplog.at_level(logging.DEBUG, "apideck_vault"), client(server) as apideck:
        with pytest.raises(models.APIError):
            apideck.vault.connections.get(
                **ONE, retries=RetryConfig("backoff", BackoffStrategy(1, 1, 1.0, 1000), True, max_attempts=2)
            )
    levels = {(record.levelname, record.apideck_vault["event"]) for record in caplog.records}  # type: ignore[attr-defined]
    assert levels == {("DEBUG", "request"), ("DEBUG", "response"), ("INFO", "retry"), ("INFO", "error")}
    assert {record.name for record in caplog.records} == {"apideck_vault"}
    messages = [record.getMessage() for record in caplog.records]
    assert messages[0].startswith("connections.get: attempt 1: GET /vault/connections/crm/x [call ")
    assert messages[1].startswith("connections.get: attempt 1: HTTP 503 after ")
    assert "retry in " in messages[2]
    assert any(message.startswith("connections.get: attempt 2: failed") for message in messages)


def test_every_group_has_events(server: PreparedServer) -> None:
    logger = Collected()
    with client(server, debug_logger=logger) as apideck:
        apideck.vault.validate_connection.state(**ONE)
        apideck.vault.connection_settings.list(**ONE, resource="leads")
        apideck.vault.sessions.create()
        page = apideck.vault.consumers.list()
        apideck.vault.consumers.get(consumer_id="a/b")
    assert page is not None
    assert [message.rpartition(" [call ")[0] for message in logger.messages if "HTTP" not in message] == [
        "validate_connection.state: attempt 1: POST /vault/connections/crm/x/validate",
        "connection_settings.list: attempt 1: GET /vault/connections/crm/x/leads/config",
        "sessions.create: attempt 1: POST /vault/sessions",
        "consumers.list: attempt 1: GET /vault/consumers",
        "consumers.get: attempt 1: GET /vault/consumers/a%2Fb",
    ]


def test_the_level_info_has_no_requests(server: PreparedServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "apideck_vault"), client(server) as apideck:
        apideck.vault.connections.get(**ONE)
        server.prepare({}, status=404)
        with pytest.raises(models.NotFoundResponse):
            apideck.vault.connections.get(**ONE)
    assert {record.levelname for record in caplog.records} <= {"INFO"}


def test_a_logger_can_be_enabled_after_the_client_is_made(
    server: PreparedServer, caplog: pytest.LogCaptureFixture
) -> None:
    with client(server) as apideck:
        apideck.vault.connections.get(**ONE)
        assert caplog.records == []
        with caplog.at_level(logging.DEBUG, "apideck_vault"):
            apideck.vault.connections.get(**ONE)
        assert len(caplog.records) == 2
        apideck.vault.connections.get(**ONE)
        assert len(caplog.records) == 2


def test_a_debug_logger_receives_every_event_instead(server: PreparedServer, caplog: pytest.LogCaptureFixture) -> None:
    logger = Collected()
    with caplog.at_level(logging.DEBUG, "apideck_vault"), client(server, debug_logger=logger) as apideck:
        apideck.vault.connections.get(**ONE)
    assert len(logger.messages) == 2
    assert caplog.records == []


def test_each_client_has_its_own_logger(server: PreparedServer) -> None:
    first, second = Collected(), Collected()
    with client(server, debug_logger=first) as one, client(server, debug_logger=second) as two:
        one.vault.connections.get(**ONE)
        two.vault.connections.list()
    assert all("connections.get" in message for message in first.messages)
    assert all("connections.list" in message for message in second.messages)


def test_records_of_concurrent_calls_have_different_call_ids(
    server: PreparedServer, caplog: pytest.LogCaptureFixture
) -> None:
    consumers = [f"consumer-{number}" for number in range(20)]
    with caplog.at_level(logging.DEBUG, "apideck_vault"), client(server) as apideck:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda consumer: apideck.vault.connections.get(**ONE, consumer_id=consumer), consumers))
    calls: Dict[int, List[logging.LogRecord]] = {}
    for record in caplog.records:
        calls.setdefault(record.apideck_vault["call_id"], []).append(record)  # type: ignore[attr-defined]
    seen = []
    for call_id, records in calls.items():
        assert [record.apideck_vault["event"] for record in records] == ["request", "response"]  # type: ignore[attr-defined]
        (consumer,) = {record.apideck_vault["consumer_id"] for record in records}  # type: ignore[attr-defined]
        assert all(record.getMessage().endswith(f" [call {call_id}, consumer {consumer}]") for record in records)
        seen.append(consumer)
    assert sorted(seen) == sorted(consumers)
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "apideck_vault"), client(server, consumer_id=None) as apideck:
        apideck.vault.connections.list()
    assert "consumer_id" not in caplog.records[0].apideck_vault  # type: ignore[attr-defined]
    assert "consumer" not in caplog.records[0].getMessage()


def test_no_secret_is_logged(server: PreparedServer, caplog: pytest.LogCaptureFixture) -> None:
    server.prepare({"message": "no", "settings": {"a": "very-secret"}}, status=422)
    with caplog.at_level(logging.DEBUG, "apideck_vault"), client(server, api_key="very-secret") as apideck:
        with pytest.raises(models.UnprocessableResponse):
            apideck.vault.connections.update(**ONE, settings={"token": "very-secret"})
        with pytest.raises(models.UnprocessableResponse):
            apideck.vault.connections.imports(**ONE, credentials={"access_token": "very-secret"})
    assert caplog.records
    assert "very-secret" not in str([vars(record) for record in caplog.records])


def test_apideck_debug_in_the_environment_enables_logging(server: PreparedServer) -> None:
    program = """
import sys
from apideck_vault import Apideck
apideck = Apideck(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1])
apideck.vault.connections.list()
"""
    import os

    done = subprocess.run(
        [sys.executable, "-c", program, server.url],
        env={**os.environ, "APIDECK_DEBUG": "1"},
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "DEBUG:apideck_vault:connections.list: attempt 1: GET /vault/connections" in done.stderr


def test_a_call_succeeds_although_its_logger_raises(server: PreparedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
            raise RuntimeError("no disk")

    noticed: List[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", noticed.append)
    with client(server, debug_logger=Failing()) as apideck:
        assert apideck.vault.connections.get(**ONE).http_meta is not None
    assert [type(notice.exc_value) for notice in noticed] == [RuntimeError, RuntimeError]


def test_events_are_requested_only_if_a_logger_wants_them(server: PreparedServer) -> None:
    with client(server) as apideck:
        apideck.vault.connections.get(**ONE)
        assert not apideck._configuration._client.may_have_events()
