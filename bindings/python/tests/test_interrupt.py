"""Ctrl-C during a blocking call, in child processes of its own: a signal belongs to a whole process."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from typing import List

import pytest
from conftest import client
from prepared_server import PreparedServer

from apideck_vault import _interrupt

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to a child")

START = """
import sys, time
from apideck_vault import Apideck
apideck = Apideck(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1], retry_config=None, timeout_ms=20000)
get = apideck.vault.connections.get
def hang():
    get(service_id="hang", unified_api="crm")
"""

INTERRUPTED = """
try:
    hang()
except KeyboardInterrupt:
    print(time.time(), flush=True)
res = get(service_id="x", unified_api="crm")
print(res.http_meta.response.status_code, flush=True)
"""


def run(server: PreparedServer, program: str, signals: int = 1, pause: float = 0.05) -> "tuple[str, str, float, int]":
    """Runs a program and interrupts it once its call hangs: what it printed, its errors, when, and its exit code."""
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", START + program, server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.hanging.acquire(timeout=20)
        time.sleep(pause)  # from the request's arrival to the wait for its answer
        sent = time.time()
        for _ in range(signals):
            child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
    finally:
        child.kill()
    return out, err, sent, child.returncode


@pytest.mark.parametrize("logging", ["", "import logging; logging.basicConfig(level=logging.DEBUG)\n"])
def test_ctrl_c_raises_keyboard_interrupt_at_once_and_the_client_goes_on(server: PreparedServer, logging: str) -> None:
    out, err, sent, code = run(server, logging + INTERRUPTED)
    interrupted, status = out.split()
    assert float(interrupted) - sent < 0.2
    assert (status, code) == ("200", 0)
    assert "Exception ignored" not in err
    if not logging:
        assert err == ""
    else:
        assert "HTTP 200" in err  # events come again after the interruption


def test_an_uncaught_ctrl_c_ends_the_program_as_python_does(server: PreparedServer) -> None:
    _, err, _, code = run(server, "hang()")
    assert code == -signal.SIGINT
    assert err.rstrip().endswith("KeyboardInterrupt")
    assert "CallCancelledError" not in err


def test_ctrl_c_twice_is_still_one_clean_interruption(server: PreparedServer) -> None:
    program = """
try:
    try:
        hang()
    finally:
        time.sleep(0.2)
except KeyboardInterrupt:
    pass
print(get(service_id="x", unified_api="crm").http_meta.response.status_code)
"""
    out, _, _, code = run(server, program, signals=2)
    assert (out.strip(), code) == ("200", 0)


def test_a_program_s_own_handler_that_returns_does_not_cost_the_answer(server: PreparedServer) -> None:
    program = """
import signal
signal.signal(signal.SIGINT, lambda number, frame: print("handled", flush=True))
try:
    get(service_id="hang", unified_api="crm", timeout_ms=500)
except TimeoutError:
    print("timeout", flush=True)
"""
    out, err, _, code = run(server, program)
    assert (out.split(), err, code) == (["handled", "timeout"], "", 0)


def test_other_signals_interrupt_nothing(server: PreparedServer) -> None:
    program = (
        """
import signal, os, threading
signal.signal(signal.SIGUSR1, lambda number, frame: None)
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
"""
        + INTERRUPTED
    )
    out, _, _, code = run(server, program, pause=0.3)
    assert (out.split()[1], code) == ("200", 0)


def test_ctrl_c_reaches_an_event_loop_that_makes_a_blocking_call(server: PreparedServer) -> None:
    program = """
import asyncio, signal
async def main():
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGINT, stop.set)
    try:
        get(service_id="hang", unified_api="crm", timeout_ms=300)
    except TimeoutError:
        pass
    await asyncio.wait_for(stop.wait(), 5)
    print("stopped", flush=True)
asyncio.run(main())
"""
    out, err, _, code = run(server, program)
    assert (out.split(), err, code) == (["stopped"], "", 0)


def test_ctrl_c_ends_awaited_calls(server: PreparedServer) -> None:
    program = """
import asyncio
async def main():
    try:
        await apideck.vault.connections.get_async(service_id="hang", unified_api="crm")
    finally:
        print(time.time(), flush=True)
asyncio.run(main())
"""
    out, _, sent, code = run(server, program)
    assert float(out) - sent < 0.2
    assert code == -signal.SIGINT


def test_a_blocking_call_on_another_thread_is_left_alone(server: PreparedServer) -> None:
    program = """
import threading
def work():
    try:
        get(service_id="hang", unified_api="crm", timeout_ms=700)
    except TimeoutError:
        print("timeout", flush=True)
thread = threading.Thread(target=work)
thread.start()
try:
    while True:
        time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted", flush=True)
while thread.is_alive():
    time.sleep(0.01)
"""
    out, _, _, code = run(server, program)
    assert (out.split(), code) == (["interrupted", "timeout"], 0)


def test_the_wakeup_descriptor_is_put_back(server: PreparedServer) -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    before = signal.set_wakeup_fd(write)
    try:
        with client(server) as apideck:
            apideck.vault.connections.list()
        assert signal.set_wakeup_fd(write) == write
    finally:
        signal.set_wakeup_fd(before)
        os.close(read)
        os.close(write)


def test_it_costs_an_ordinary_call_less_than_10_microseconds() -> None:
    def answer(handle: int, request: bytes, cancellation: int, status: None) -> int:
        return 1

    def median(call: object, *arguments: object) -> float:
        rounds: List[float] = []
        for _ in range(200):
            start = time.perf_counter()
            for _ in range(50):
                call(*arguments)  # type: ignore[operator]
            rounds.append((time.perf_counter() - start) / 50)
        return statistics.median(rounds)

    plain = median(answer, 1, b"", 0, None)
    guarded = median(_interrupt.call, answer, 1, b"")
    assert guarded - plain < 10e-6
