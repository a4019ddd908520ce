"""Signals during a blocking call. Each test uses a child process, because a signal interrupts a whole process."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from typing import Any, List

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
    """Runs a program and interrupts it when its call hangs.

    Returns its output, its errors, the time that it took and its exit code.
    """
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", START + program, server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.hanging.acquire(timeout=20)
        time.sleep(pause)  # from the arrival of the request to the wait for the response
        sent = time.time()
        for _ in range(signals):
            child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
    finally:
        child.kill()
    return out, err, sent, child.returncode


LOGGING = "import logging; logging.basicConfig(level=logging.DEBUG)\n"
OWN_HANDLER = "import signal; signal.signal(signal.SIGTERM, lambda number, frame: None)\n"


@pytest.mark.parametrize("before", ["", LOGGING, OWN_HANDLER, OWN_HANDLER + LOGGING])
def test_ctrl_c_raises_keyboard_interrupt_and_the_client_still_works(server: PreparedServer, before: str) -> None:
    out, err, sent, code = run(server, before + INTERRUPTED)
    interrupted, status = out.split()
    assert float(interrupted) - sent < 0.2
    assert (status, code) == ("200", 0)
    assert "Exception ignored" not in err
    if LOGGING not in before:
        assert err == ""
    else:
        assert "HTTP 200" in err  # events come again after the interruption


def test_an_uncaught_ctrl_c_ends_the_program(server: PreparedServer) -> None:
    _, err, _, code = run(server, "hang()")
    assert code == -signal.SIGINT
    assert err.rstrip().endswith("KeyboardInterrupt")
    assert "CallCancelledError" not in err


def test_ctrl_c_twice_raises_one_keyboard_interrupt(server: PreparedServer) -> None:
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


def test_ctrl_c_at_any_moment_does_not_affect_the_next_calls(server: PreparedServer) -> None:
    program = """
import os, signal, threading
kills = 0
hot = False
def hammer():
    global kills
    while not hot:
        time.sleep(0.001)
    for kills in range(1, 401):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.0003)
    kills = -1
def under_fire(levels):  # an interruption can come while another one is handled
    global hot
    while kills >= 0:
        try:
            if levels:
                under_fire(levels - 1)
            else:
                get(service_id="x", unified_api="crm")
                hot = True  # all imports are done
        except KeyboardInterrupt:
            pass
thread = threading.Thread(target=hammer)
thread.start()
under_fire(5)
thread.join()
for _ in range(50):  # no interruption is pending for these calls
    get(service_id="x", unified_api="crm")
before = time.process_time()
time.sleep(0.3)
print(time.process_time() - before < 0.15, flush=True)  # and no thread handles one
"""
    out, err, sent, code = run(server, program + INTERRUPTED)
    quiet, interrupted, status = out.split()
    assert float(interrupted) - sent < 0.2
    assert (quiet, status, err, code) == ("True", "200", "", 0)


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGALRM"])
def test_a_handler_of_the_program_runs_during_the_call_which_then_returns(server: PreparedServer, number: str) -> None:
    server.prepare({"data": {}}, delay=60)
    program = f"""
import signal
signal.signal(signal.{number}, lambda number, frame: print("handled", flush=True))
print("ready", flush=True)
print(get(service_id="x", unified_api="crm").http_meta.response.status_code, flush=True)
"""
    command = [sys.executable, "-c", START + program, server.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "ready\n"
            while not server.requests:
                time.sleep(0.001)
            child.send_signal(getattr(signal, number))
            assert child.stdout.readline() == "handled\n"
            server.released.set()  # the response comes after the handler
            assert child.communicate(timeout=20)[0] == "200\n"
        finally:
            child.kill()


def test_a_handler_that_raises_ends_the_call(server: PreparedServer) -> None:
    program = """
import signal
class Late(Exception):
    pass
def late(number, frame):
    raise Late
signal.signal(signal.SIGALRM, late)
begun = time.monotonic()
signal.setitimer(signal.ITIMER_REAL, 0.2)
try:
    hang()
except Late:
    print(time.monotonic() - begun, flush=True)
print(get(service_id="x", unified_api="crm").http_meta.response.status_code, flush=True)
"""
    out, err, _, code = run(server, program, signals=0)
    late, status = out.split()
    assert float(late) < 5  # the call would take 20 seconds
    assert (status, err, code) == ("200", "", 0)


def test_a_handler_can_make_a_call(server: PreparedServer) -> None:
    program = """
import signal
def handler(number, frame):
    print(get(service_id="x", unified_api="crm").http_meta.response.status_code, flush=True)
    raise KeyboardInterrupt
signal.signal(signal.SIGINT, handler)
try:
    hang()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    out, err, _, code = run(server, program)
    assert (out.split(), err, code) == (["200", "interrupted"], "", 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_child_that_a_handler_forks_does_not_wait_for_the_call_of_its_parent(server: PreparedServer) -> None:
    program = """
import os, signal, warnings
warnings.simplefilter("ignore")
from apideck_vault import models
children = []
signal.signal(signal.SIGINT, lambda number, frame: children.append(os.fork()))
try:
    get(service_id="hang", unified_api="crm", timeout_ms=3000)
except models.CallCancelledError:
    os._exit(7)
except models.TimeoutExceededError:
    print(os.WEXITSTATUS(os.waitpid(children[0], 0)[1]), flush=True)
"""
    out, err, _, code = run(server, program)
    assert (out.strip(), err, code) == ("7", "", 0)


def test_if_threads_are_greenlets_the_calling_thread_makes_the_call(server: PreparedServer) -> None:
    program = """
import sys, _thread
_thread.start_new_thread = lambda function, arguments: function(*arguments)  # like gevent's: one runs at a time
from apideck_vault import Apideck
apideck = Apideck(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1], retry_config=None)
print(apideck.vault.connections.list().http_meta.response.status_code)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, server.url], capture_output=True, text=True, timeout=20
    )
    assert (done.stdout, done.stderr) == ("200\n", "")


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


def test_ctrl_c_does_not_end_a_call_on_another_thread(server: PreparedServer) -> None:
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


def test_a_reader_of_the_wakeup_descriptor_is_notified_of_ctrl_c_too(server: PreparedServer) -> None:
    program = """
import os, signal
read, write = os.pipe()
os.set_blocking(write, False)
signal.set_wakeup_fd(write)
try:
    hang()
except KeyboardInterrupt:
    print(os.read(read, 10) == bytes([signal.SIGINT]), signal.set_wakeup_fd(-1) == write, flush=True)
"""
    out, err, _, code = run(server, program)
    assert (out.split(), err, code) == (["True", "True"], "", 0)


def test_the_wakeup_descriptor_is_restored(server: PreparedServer) -> None:
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


def test_signal_handling_costs_a_call_less_than_10_microseconds() -> None:
    class Quick:
        def call(self, function: None, request: bytes, cancellation: int = 0) -> bytes:
            return b""

        def may_have_events(self) -> bool:
            return False

    def best(call: Any, *arguments: Any) -> float:
        rounds: List[float] = []
        for _ in range(200):
            start = time.perf_counter()
            for _ in range(50):
                call(*arguments)
            rounds.append((time.perf_counter() - start) / 50)
        return statistics.median(rounds)

    quick: Any = Quick()
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    assert [number for number, handler in before.items() if callable(handler)] == [signal.SIGINT]
    plain = best(quick.call, None, b"", 0)
    guarded = best(_interrupt.call, quick, None, b"", None)
    print(f"{(guarded - plain) * 1e6:.1f} microseconds")
    assert guarded - plain < 10e-6
