"""The interpreter ends normally and quickly while threads and event loops make calls."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from prepared_server import PreparedServer

START = """
import asyncio, logging, sys, threading, time
from apideck_vault import Apideck, models
def client(**keywords):
    given = dict(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1], retry_config=None, timeout_ms=30000)
    return Apideck(**{**given, **keywords})
ONE = dict(service_id="x", unified_api="crm")
HANG = dict(service_id="hang", unified_api="crm")
apideck = client()
get, get_async = apideck.vault.connections.get, apideck.vault.connections.get_async
"""


def start(server: PreparedServer, program: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", START + program, server.url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(server: PreparedServer, program: str) -> "tuple[str, str, int, float]":
    """Runs a program that prints `ending` before it ends.

    Returns its output, its errors, its exit code, and the time from `ending` to its end.
    """
    with start(server, program) as child:
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            begun = time.monotonic()
            out, err = child.communicate(timeout=60)
        finally:
            child.kill()
    assert line == "ending\n", err
    return out, err, child.returncode, time.monotonic() - begun


@pytest.mark.parametrize("attempt", range(20))
def test_daemon_threads_inside_logged_calls_do_not_abort_the_process(server: PreparedServer, attempt: int) -> None:
    program = """
logging.basicConfig(level=logging.DEBUG, stream=open("/dev/null", "w"))
def work(keywords):
    while True:
        try:
            get(**keywords)
        except models.ApideckError:
            pass
for keywords in [ONE] * 4 + [dict(HANG, timeout_ms=10)] * 4:
    threading.Thread(target=work, args=(keywords,), daemon=True).start()
time.sleep(0.2)
print("ending", flush=True)
"""
    _, err, code, took = run(server, program)
    assert (code, "FATAL" in err) == (0, False)
    assert took < 10


def test_a_daemon_thread_inside_a_log_handler_does_not_abort_the_process(server: PreparedServer) -> None:
    program = """
class Slow:  # a handler of logging has a lock, for which the interpreter would wait
    def debug(self, *arguments, **keywords):
        inside.set()
        while True:
            time.sleep(0.001)
inside = threading.Event()
logged = client(debug_logger=Slow())
threading.Thread(target=logged.vault.connections.get, kwargs=ONE, daemon=True).start()
inside.wait(20)
print("ending", flush=True)
"""
    _, err, code, took = run(server, program)
    assert (code, err) == (0, "")
    assert took < 10


def test_a_thread_that_the_interpreter_waits_for_finishes_its_call(server: PreparedServer) -> None:
    server.prepare({"data": {}}, delay=0.5)
    program = """
from concurrent.futures import ThreadPoolExecutor
logging.basicConfig(level=logging.INFO)
def work():
    sys.stdout.write(f"{get(**ONE).http_meta.response.status_code}\\n")  # in one piece
print("ending", flush=True)
threading.Thread(target=work).start()
ThreadPoolExecutor(1).submit(work)
"""
    out, err, code, _ = run(server, program)
    assert (out.split(), err, code) == (["200", "200"], "", 0)


def test_a_call_at_exit_works(server: PreparedServer) -> None:
    program = """
import atexit
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
def work():
    print(get(**ONE).http_meta.response.status_code, flush=True)
atexit.register(work)
get(**ONE)
print("", flush=True)
print("ending", flush=True)
"""
    command = [sys.executable, "-c", START + program, server.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout.split()[-1], done.stderr, done.returncode) == ("200", "", 0)


def test_a_call_at_exit_after_the_package_has_removed_its_callbacks_works(server: PreparedServer) -> None:
    program = """
import atexit, logging, sys
logging.basicConfig(level=logging.DEBUG)
def work():
    print(apideck.vault.connections.get(service_id="x", unified_api="crm").http_meta.response.status_code, flush=True)
atexit.register(work)  # before the import of the package, so it runs after the package's function
from apideck_vault import Apideck
apideck = Apideck(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1], retry_config=None)
apideck.vault.connections.get(service_id="x", unified_api="crm")
"""
    done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("200\n", 0)


def test_a_closed_loop_with_an_active_call_does_not_delay_the_end(server: PreparedServer) -> None:
    program = """
loop = asyncio.new_event_loop()
task = loop.create_task(get_async(**HANG))
loop.run_until_complete(asyncio.sleep(0.3))
loop.close()
print("ending", flush=True)
"""
    _, _, code, took = run(server, program)
    assert code == 0
    assert took < 5  # it takes less than a second if the machine is idle


def test_a_coroutine_that_outlives_its_loop_cancels_its_request(server: PreparedServer) -> None:
    program = """
begun = time.monotonic()
loop = asyncio.new_event_loop()
call = get_async(**HANG)
task = loop.create_task(call)
loop.run_until_complete(asyncio.sleep(0.3))
loop.close()
call.close()  # the loop is closed already
from apideck_vault import _workers
while not _workers._idle:  # until the worker has ended its call
    time.sleep(0.01)
print("cancelled", time.monotonic() - begun < 10)
print("ending", flush=True)
"""
    command = [sys.executable, "-c", START + program, server.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["cancelled", "True", "ending"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to a child")
@pytest.mark.parametrize("logs", ["", "logging.basicConfig(level=logging.DEBUG)\n"])
def test_ctrl_c_in_run_until_complete_ends_the_program(server: PreparedServer, logs: str) -> None:
    program = """
loop = asyncio.new_event_loop()
async def main():
    await get_async(**HANG)
loop.run_until_complete(main())
"""
    with start(server, logs + program) as child:
        try:
            assert server.hanging.acquire(timeout=30)
            time.sleep(0.1)
            child.send_signal(signal.SIGINT)
            begun = time.monotonic()
            _, err = child.communicate(timeout=60)
            took = time.monotonic() - begun
        finally:
            child.kill()
    assert child.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in err
    assert "Event loop is closed" not in err
    assert took < 5  # it takes less than a second if the machine is idle


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_ends_normally(server: PreparedServer) -> None:
    program = """
import os
logging.basicConfig(level=logging.DEBUG, stream=open("/dev/null", "w"))
get(**ONE)
child = os.fork()
threading.Thread(target=get, kwargs=HANG, daemon=True).start()
time.sleep(0.1)
if child:
    print("ending", flush=True)
    sys.exit(os.WEXITSTATUS(os.waitpid(child, 0)[1]))
"""
    _, err, code, took = run(server, program)
    assert code == 0
    assert took < 10
