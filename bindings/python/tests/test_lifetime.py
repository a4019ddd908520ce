"""Clients are made, closed, collected, copied and forked."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import os
import pickle
import resource
import subprocess
import sys
import threading
from typing import Any
from unittest import mock

import pytest
from child_process import NoLogger, in_child
from conftest import client
from prepared_server import PreparedServer

from apideck_vault import Apideck, models
from apideck_vault.utils import BackoffStrategy, RetryConfig

ONE: Any = {"service_id": "x", "unified_api": "crm"}


def test_a_call_of_a_closed_client_raises_client_closed(server: PreparedServer) -> None:
    with client(server) as apideck:
        apideck.vault.connections.list()
    for _ in range(2):
        with pytest.raises(models.ClientClosedError, match="this client is closed: make a new Apideck") as raised:
            apideck.vault.connections.list()
        assert isinstance(raised.value, ValueError)
        apideck.close()
    assert repr(apideck).endswith(" closed>")
    assert len(server.requests) == 1


def test_operations_outlive_the_variable_that_held_their_client(server: PreparedServer) -> None:
    connections = client(server).vault.connections
    gc.collect()
    connections.list()
    assert len(server.requests) == 1


def test_a_dropped_client_is_collected_without_the_cycle_detector(server: PreparedServer) -> None:
    program = """
import gc, sys, time, weakref
from apideck_vault import Apideck, _workers

class Logger:
    def debug(self, *args, **keywords):
        pass

gc.disable()
for number in range(2):  # the first call starts a worker, the second one uses it
    apideck = Apideck(api_key="k", app_id="a", server_url=sys.argv[1], debug_logger=Logger())
    apideck.vault.connections.list()
    native = weakref.ref(apideck._configuration._client)
    end = time.monotonic() + 20
    while not _workers._idle and time.monotonic() < end:
        time.sleep(0.001)
    del apideck
    assert native() is None, number
"""
    done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_10_000_dropped_clients_leak_nothing(server: PreparedServer) -> None:
    def make(count: int) -> None:
        for _ in range(count):
            client(server)

    def open_files() -> int:
        return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    client(server).vault.connections.list()
    make(1_000)
    gc.collect()
    memory, files, threads = resident(), open_files(), threading.active_count()
    make(10_000)
    for _ in range(50):
        client(server).vault.connections.list()
    gc.collect()
    assert resident() - memory < 3_000_000  # a leak of 300 bytes per client would be more
    assert open_files() - files <= 60  # the server of the test closes its connections with a delay
    assert threading.active_count() - threads <= 60


def resident() -> int:
    """Returns the resident memory of this process in bytes."""
    if sys.platform == "linux":
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_pickles_and_copies_have_the_configuration(server: PreparedServer) -> None:
    retry_config = RetryConfig("backoff", BackoffStrategy(1, 2, 1.5, 100), False, max_attempts=2)
    with client(server, consumer_id="traveller", retry_config=retry_config, debug_logger=NoLogger()) as apideck:
        apideck.vault.connections.list()
        server.prepare({}, status=503)
        for again in (pickle.loads(pickle.dumps(apideck)), copy.copy(apideck), copy.deepcopy(apideck)):
            assert again._configuration._client is not apideck._configuration._client
            with again, pytest.raises(models.APIError) as raised:
                again.vault.connections.get(**ONE)
            assert raised.value.raw_response.attempts == 2
            assert server.last.headers["x-apideck-consumer-id"] == "traveller"
        with pytest.raises(models.APIError):
            apideck.vault.connections.list()


def test_a_program_can_patch_methods_in_its_tests(apideck: Apideck, server: PreparedServer) -> None:
    connections = apideck.vault.connections
    with mock.patch.object(connections, "list", return_value="nothing"):
        assert connections.list() == "nothing"
    with mock.patch.object(apideck.vault, "connections") as patched:
        apideck.vault.connections.get(**ONE)
        patched.get.assert_called_once_with(**ONE)
    with mock.patch.object(apideck, "vault"):
        apideck.vault.connections.list()
    assert server.requests == []
    connections.list()
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", [m for m in ("fork", "spawn") if m in multiprocessing.get_all_start_methods()])
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_client_works_in_a_child_process(server: PreparedServer, method: str) -> None:
    import asyncio

    context: Any = multiprocessing.get_context(method)
    with client(server) as apideck:
        # The parent opens connections, a signal pipe and a pool before the fork.
        apideck.vault.connections.get(**ONE)
        asyncio.run(awaits(apideck))
        results = context.Queue()
        children = [context.Process(target=in_child, args=(apideck, results)) for _ in range(2)]
        for child in children:
            child.start()
        for child in children:
            assert results.get(timeout=30) == [True] * 6
            child.join(30)
        assert [child.exitcode for child in children] == [0, 0]
        apideck.vault.connections.get(**ONE)
        asyncio.run(awaits(apideck))


def test_a_large_response_is_freed_with_the_last_part_of_it(server: PreparedServer) -> None:
    words = "x" * 1000
    data = [{"id": f"crm+{number}", "settings": {"words": words}, "unknown": number} for number in range(1000)]
    server.prepare({"status_code": 200, "status": "OK", "data": data})
    with client(server) as apideck:

        def one(number: int) -> Any:
            res = apideck.vault.connections.list()
            assert res.get_connections_response is not None
            return res.get_connections_response.data[number]

        kept = [one(number) for number in range(20)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(200):  # a megabyte each
            one(999)
        gc.collect()
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
        assert [(connection.id, connection.settings) for connection in kept] == [
            (f"crm+{number}", {"words": words}) for number in range(20)
        ]


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_no_child_of_200_hangs_that_are_forked_while_threads_are_inside_calls(vault: Apideck) -> None:
    context: Any = multiprocessing.get_context("fork")
    done = threading.Event()

    def load() -> None:
        while not done.is_set():
            vault.vault.connections.list()

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(200):
            child = context.Process(target=vault.vault.connections.list)
            child.start()
            child.join(60)
            assert child.exitcode == 0
    finally:
        done.set()
        for thread in threads:
            thread.join()


async def awaits(apideck: Apideck) -> None:
    await apideck.vault.connections.get_async(**ONE)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_ctrl_c_in_a_forked_child_does_not_affect_the_parent(server: PreparedServer) -> None:
    import signal

    with client(server, timeout_ms=10_000) as apideck:
        apideck.vault.connections.get(**ONE)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                apideck.vault.connections.get(service_id="hang", unified_api="crm")
            except KeyboardInterrupt:
                code = 7
            finally:
                os._exit(code)
        assert server.hanging.acquire(timeout=20)
        os.kill(child, signal.SIGINT)
        # A signal of the child in the parent's pipe would cancel this call.
        server.prepare({"data": {}}, delay=0.2)
        apideck.vault.connections.get(**ONE)
        _, status = os.waitpid(child, 0)
        assert os.WEXITSTATUS(status) == 7
