"""Many threads use one client."""

from __future__ import annotations

import threading
import time
from typing import List

from conftest import client
from prepared_server import PreparedServer

from apideck_vault import Apideck


def in_threads(count: int, work: "threading.Thread | object") -> List[object]:
    results: List[object] = []
    threads = [threading.Thread(target=lambda: results.append(work())) for _ in range(count)]  # type: ignore[operator]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_64_threads_share_a_client(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_list({"id": "a"}, {"id": "b"})

    def work() -> int:
        found = 0
        for _ in range(5):
            res = apideck.vault.connections.list()
            assert res.get_connections_response is not None
            found += sum(connection.id in ("a", "b") for connection in res.get_connections_response.data)
        return found

    assert in_threads(64, work) == [10] * 64
    assert len(server.requests) == 320


def test_16_threads_overlap_because_the_gil_is_free_while_the_core_works(server: PreparedServer) -> None:
    server.prepare({"data": {}}, together=16)  # no response is sent before all requests have come
    with client(server) as apideck:
        results = in_threads(16, lambda: apideck.vault.connections.get(service_id="x", unified_api="crm"))
    assert len(results) == 16


def test_other_threads_run_while_a_call_waits(server: PreparedServer) -> None:
    server.prepare({"data": {}}, delay=0.3)
    with client(server) as apideck:
        thread = threading.Thread(target=lambda: apideck.vault.connections.get(service_id="x", unified_api="crm"))
        thread.start()
        counted = 0
        while thread.is_alive():
            counted += 1
        assert counted > 1000


def test_a_call_finishes_although_its_client_is_closed(server: PreparedServer) -> None:
    server.prepare({"data": {}}, delay=0.2)
    apideck = client(server)
    results: List[object] = []
    thread = threading.Thread(
        target=lambda: results.append(apideck.vault.connections.get(service_id="x", unified_api="crm"))
    )
    thread.start()
    while not server.requests:
        time.sleep(0.001)
    apideck.close()
    thread.join()
    assert len(results) == 1
