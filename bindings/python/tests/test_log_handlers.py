"""Log handlers run on the thread or in the task of the caller, with its context, and can make calls and raise."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List

import pytest
from conftest import client
from prepared_server import PreparedServer

from apideck_vault import models
from apideck_vault.utils import BackoffStrategy, RetryConfig

ONE: Any = {"service_id": "x", "unified_api": "crm"}

START = """
import logging, signal, sys, threading, time
from apideck_vault import Apideck, models
def client(**keywords):
    given = dict(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1], retry_config=None, timeout_ms=20000)
    return Apideck(**{**given, **keywords})
class Handler(logging.Handler):
    def __init__(self, emit):
        super().__init__()
        self.emit = emit
def add_handler(emit):
    logger = logging.getLogger("apideck_vault")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(Handler(emit))
ONE = dict(service_id="x", unified_api="crm")
"""


def run(server: PreparedServer, program: str, **keywords: Any) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-c", START + program, server.url]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **keywords)


@contextmanager
def handling(emit: Callable[[logging.LogRecord], None]) -> Iterator[None]:
    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            emit(record)

    logger, handler = logging.getLogger("apideck_vault"), Handler()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


@pytest.fixture(params=["ordinary", "own signal handler"])
def signals(request: pytest.FixtureRequest) -> Iterator[None]:
    """A main thread with a signal handler of the program, and one without."""
    if request.param == "ordinary":
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("signals")
def test_handlers_run_in_order_on_the_thread_and_in_the_context_of_the_caller(server: PreparedServer) -> None:
    user: "contextvars.ContextVar[str]" = contextvars.ContextVar("user", default="nobody")
    seen: List[Any] = []

    def emit(record: logging.LogRecord) -> None:
        event = record.apideck_vault["event"]  # type: ignore[attr-defined]
        seen.append((record.threadName, threading.get_ident(), user.get(), event))
        user.set(f"{user.get()}+")  # the caller sees what a handler sets

    def work(apideck: Any) -> None:
        user.set("ann")
        apideck.vault.connections.get(**ONE)
        assert user.get() == "ann++"

    with handling(emit), client(server) as apideck:
        main = threading.current_thread()
        contextvars.copy_context().run(work, apideck)
        assert seen == [
            (main.name, main.ident, "ann", "request"),
            (main.name, main.ident, "ann+", "response"),
        ]
        seen.clear()
        other = threading.Thread(target=work, args=(apideck,), name="worker-7")
        other.start()
        other.join()
        assert [(name, user_name) for name, _, user_name, _ in seen] == [("worker-7", "ann"), ("worker-7", "ann+")]


def test_handlers_of_an_awaited_call_run_in_its_task(server: PreparedServer) -> None:
    seen: List[Any] = []

    def emit(record: logging.LogRecord) -> None:
        task = asyncio.current_task()
        seen.append((threading.get_ident(), task.get_name() if task else None, record.threadName))

    async def main() -> None:
        async with client(server) as apideck:
            await asyncio.create_task(apideck.vault.connections.get_async(**ONE), name="my task")

    with handling(emit):
        asyncio.run(main())
    here = threading.current_thread()
    assert seen == [(here.ident, "my task", here.name)] * 2


def test_a_retry_is_logged_before_its_wait_ends(server: PreparedServer) -> None:
    """Handlers run during the call, not after it."""
    server.prepare({}, status=503)
    retries = RetryConfig("backoff", BackoffStrategy(60_000, 60_000, 1.0, 900_000), True)

    def emit(record: logging.LogRecord) -> None:
        if record.apideck_vault["event"] == "retry":  # type: ignore[attr-defined]
            raise KeyboardInterrupt

    with handling(emit), client(server, retry_config=retries, timeout_ms=300_000) as apideck:
        with pytest.raises(KeyboardInterrupt):
            apideck.vault.connections.get(**ONE)
        with pytest.raises(KeyboardInterrupt):
            asyncio.run(apideck.vault.connections.get_async(**ONE))


@pytest.mark.usefixtures("signals")
def test_a_handler_can_make_calls(server: PreparedServer) -> None:
    seen: List[str] = []
    with client(server) as apideck, client(server, consumer_id="other") as other:

        def emit(record: logging.LogRecord) -> None:
            event = record.apideck_vault  # type: ignore[attr-defined]
            seen.append(f"{event['consumer_id']} {event['event']}")
            apideck.vault.connections.get(**ONE)
            other.vault.connections.get(**ONE)

        with handling(emit):
            apideck.vault.connections.get(**ONE)
            asyncio.run(apideck.vault.connections.get_async(**ONE))
    # Calls that a handler makes have events, unless it handles an event of the same client.
    one = [
        "consumer request",
        "other request",
        "other response",
        "consumer response",
        "other request",
        "other response",
    ]
    assert seen == one * 2


def test_a_handler_that_makes_calls_does_not_deadlock_with_any_signal_handler(server: PreparedServer) -> None:
    program = """
signal.signal(signal.SIGUSR1, lambda number, frame: None)
apideck = client()
lock = threading.RLock()
def emit(record):
    with lock:  # the caller has the lock
        apideck.vault.connections.get(**ONE)
add_handler(emit)
with lock:
    print(apideck.vault.connections.get(**ONE).http_meta.response.status_code)
"""
    done = run(server, program)
    assert (done.stdout, done.stderr, done.returncode) == ("200\n", "", 0)


def test_a_client_that_is_first_used_in_a_handler_has_events(server: PreparedServer) -> None:
    program = """
outer, inner = client(consumer_id="outer"), client(consumer_id="inner")
seen = []
def emit(record):
    seen.append(record.apideck_vault["consumer_id"])
    if seen == ["outer"]:
        inner.vault.connections.get(**ONE)
add_handler(emit)
outer.vault.connections.get(**ONE)
inner.vault.connections.get(**ONE)
print(*seen)
"""
    done = run(server, program)
    assert done.stdout.split() == ["outer", "inner", "inner", "outer", "inner", "inner"]


@pytest.mark.usefixtures("signals")
def test_exceptions_of_handlers_are_reported_and_the_call_succeeds(
    server: PreparedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def emit(record: logging.LogRecord) -> None:
        raise RuntimeError("no disk")

    noticed: List[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda notice: noticed.append(repr(notice.exc_value)))
    with client(server) as apideck, client(server) as other:
        with handling(emit):
            assert apideck.vault.connections.get(**ONE).http_meta is not None
            assert asyncio.run(apideck.vault.connections.get_async(**ONE)).http_meta is not None
        assert noticed == ["RuntimeError('no disk')"] * 4
        other.vault.connections.get(**ONE)
    assert len(noticed) == 4


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_exception_that_ends_a_program_ends_its_call(server: PreparedServer, error: Any) -> None:
    def emit(record: logging.LogRecord) -> None:
        raise error

    with client(server) as apideck, client(server) as other:
        with handling(emit), pytest.raises(error):
            apideck.vault.connections.get(service_id="hang", unified_api="crm")
        assert other.vault.connections.get(**ONE).http_meta is not None
        assert apideck.vault.connections.get(**ONE).http_meta is not None


def test_ctrl_c_in_a_handler_ends_its_call(server: PreparedServer) -> None:
    program = """
import os
first, second = client(), client(consumer_id="second")
def emit(record):
    if record.apideck_vault["consumer_id"] == "c":
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
add_handler(emit)
begun = time.monotonic()
try:
    first.vault.connections.get(service_id="hang", unified_api="crm")
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - begun < 4)
print(second.vault.connections.get(**ONE).http_meta.response.status_code)
"""
    done = run(server, program)
    assert (done.stdout.split(), done.stderr) == (["interrupted", "True", "200"], "")


def test_a_handler_can_close_its_client(server: PreparedServer) -> None:
    apideck = client(server)
    with handling(lambda record: apideck.close()):
        assert apideck.vault.connections.get(**ONE).http_meta is not None
        with pytest.raises(models.ClientClosedError):
            apideck.vault.connections.get(**ONE)


def test_a_handler_can_write_to_sqlite(server: PreparedServer) -> None:
    """A SQLite connection belongs to the thread that opened it."""
    import sqlite3

    store = sqlite3.connect(":memory:")
    store.execute("CREATE TABLE log (message TEXT)")
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        with handling(lambda record: (store.execute("INSERT INTO log VALUES (?)", [record.getMessage()]), None)[1]):
            with client(server) as apideck:
                apideck.vault.connections.get(**ONE)
                asyncio.run(apideck.vault.connections.get_async(**ONE))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert store.execute("SELECT count(*) FROM log").fetchone() == (4,)
    store.close()


def test_a_call_has_no_events_if_no_thread_can_be_started(
    server: PreparedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apideck_vault import _workers

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_workers, "_idle", [])
    monkeypatch.setattr(_workers, "start_new_thread", refuse)
    with handling(lambda record: None), client(server) as apideck:
        assert apideck.vault.connections.get(**ONE).http_meta is not None
