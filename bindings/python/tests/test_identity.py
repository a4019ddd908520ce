"""A copy or a pickle of a client or a part has its own client. A handle stays with its owner."""

from __future__ import annotations

import copy
import functools
import gc
import multiprocessing
import pickle
import subprocess
import sys
import weakref
from operator import methodcaller
from typing import Any, Callable, Dict

import pytest
from conftest import client
from prepared_server import PreparedServer

from apideck_vault import Apideck, models

ONE: Any = {"service_id": "x", "unified_api": "crm"}

# The parts of a client. `call` makes a call with a copy of each.
REACHED: Dict[str, Callable[[Apideck], Any]] = {
    "client": lambda apideck: apideck,
    "vault": lambda apideck: apideck.vault,
    "connections": lambda apideck: apideck.vault.connections,
    "sessions": lambda apideck: apideck.vault.sessions,
    "method": lambda apideck: apideck.vault.connections.get,
    "awaited method": lambda apideck: apideck.vault.connections.get_async,
    "partial": lambda apideck: functools.partial(apideck.vault.connections.get, service_id="x"),
}
COPIES: Dict[str, Callable[[Any], Any]] = {"copy": copy.copy, "deepcopy": copy.deepcopy}


def pickled(protocol: int) -> Callable[[Any], Any]:
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


COPIES.update({f"pickle {protocol}": pickled(protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)})
SHARED = {("copy", "method"), ("copy", "awaited method"), ("copy", "partial")}  # a shallow copy binds the same object


def call(reached: str, value: Any) -> None:
    import asyncio

    if reached == "client":
        value.vault.connections.get(**ONE)
    elif reached == "vault":
        value.connections.get(**ONE)
    elif reached == "connections":
        value.get(**ONE)
    elif reached == "sessions":
        value.create()
    elif reached == "awaited method":
        asyncio.run(value(**ONE))
    else:
        value(**ONE)


@pytest.mark.parametrize("way", list(COPIES))
@pytest.mark.parametrize("reached", list(REACHED))
def test_a_copy_makes_the_calls_of_its_client_and_does_not_close_it(
    server: PreparedServer, reached: str, way: str
) -> None:
    with client(server, api_key="first-key", consumer_id="first") as apideck:
        copied = COPIES[way](REACHED[reached](apideck))
        call(reached, copied)
        assert server.last.headers["authorization"] == "Bearer first-key"
        assert server.last.headers["x-apideck-consumer-id"] == "first"
        del copied
        gc.collect()
        apideck.vault.connections.get(**ONE)  # a dropped copy did not close it
        copied = COPIES[way](REACHED[reached](apideck))
    if (way, reached) not in SHARED:
        call(reached, copied)  # the end of the client did not close its copy


@pytest.mark.parametrize("reached", list(REACHED))
def test_a_pickle_contains_no_handle(server: PreparedServer, reached: str) -> None:
    """In another process, the same number would be another client, with another key and consumer."""
    with client(server, api_key="first-key", consumer_id="first") as apideck:
        handle: int = apideck._configuration._client._handle
        text = pickle.dumps(REACHED[reached](apideck))
        assert handle > 2**32 and handle.to_bytes(8, "little").rstrip(b"\0") not in text
        program = """
import pickle, sys
from apideck_vault import Apideck
mine = [Apideck(api_key="own", app_id="own", consumer_id="own", server_url=sys.argv[1]) for _ in range(50)]
theirs = pickle.loads(bytes.fromhex(sys.argv[2]))
del theirs
for one in mine:  # none of them is closed
    one.vault.connections.list()
"""
        subprocess.run([sys.executable, "-c", program, server.url, text.hex()], check=True, timeout=60)
        assert len(server.requests) == 50


def test_parts_in_one_pickle_share_one_client(server: PreparedServer) -> None:
    with client(server) as apideck:
        again, vault, get = pickle.loads(pickle.dumps((apideck, apideck.vault, apideck.vault.connections.get)))
        assert get(**ONE).http_meta is not None
        again.close()
        with pytest.raises(models.ClientClosedError):
            vault.connections.list()
        with pytest.raises(models.ClientClosedError):
            get(**ONE)


class Tenant(Apideck):
    """A client with another signature and one more attribute."""

    def __init__(self, url: str, tenant: str) -> None:
        super().__init__(api_key="k", app_id="a", consumer_id=tenant, server_url=url)
        self.tenant = tenant


@pytest.mark.parametrize("way", list(COPIES))
def test_a_copy_of_a_subclass_has_its_attributes(server: PreparedServer, way: str) -> None:
    with Tenant(server.url, "acme") as apideck:
        again = COPIES[way](apideck)
        assert (type(again), again.tenant) == (Tenant, "acme")
        assert again._configuration is not apideck._configuration
        again.vault.connections.list()
        assert server.last.headers["x-apideck-consumer-id"] == "acme"


def owners(apideck: Apideck) -> Any:
    yield apideck._configuration._client
    yield apideck._configuration._pool
    res = apideck.vault.connections.list()
    yield res._source.text.obj.owner  # the owner of the memory of a large response


@pytest.mark.parametrize("index", range(3))
def test_owners_of_handles_and_addresses_cannot_be_copied(server: PreparedServer, index: int) -> None:
    server.prepare_list({"id": "x" * 100_000})
    with client(server) as apideck:
        owner = list(owners(apideck))[index]
        ways: Any = [*COPIES.values(), *(methodcaller(name) for name in ("__reduce__", "__getstate__"))]
        replace: Any = getattr(copy, "replace", None)  # Python 3.13 has it
        for way in (*ways, replace) if replace else ways:
            with pytest.raises(TypeError):
                way(owner)
        del owner
        gc.collect()
        assert apideck.vault.connections.list().http_meta is not None


def test_a_result_outlives_its_copies(server: PreparedServer) -> None:
    server.prepare_list({"id": "x" * 100_000})
    with client(server) as apideck:
        res = apideck.vault.connections.list()
        for way in COPIES.values():
            way(res)
        gc.collect()
        assert res.get_connections_response.data[0].id == "x" * 100_000


def test_weak_references_do_not_keep_a_client_alive(server: PreparedServer) -> None:
    apideck = client(server)
    connections = apideck.vault.connections
    references: Any = [weakref.ref(apideck), weakref.ref(connections), weakref.WeakMethod(connections.get)]
    del apideck, connections
    gc.collect()
    assert [reference() for reference in references] == [None] * 3


@pytest.mark.parametrize("method", [m for m in ("spawn", "forkserver") if m in multiprocessing.get_all_start_methods()])
def test_a_method_works_in_a_pool_of_processes(server: PreparedServer, method: str) -> None:
    with client(server, consumer_id="first") as apideck:
        with multiprocessing.get_context(method).Pool(2) as pool:
            res = pool.apply(apideck.vault.connections.get, (), ONE)
        assert res.http_meta.response.status_code == 200
        assert server.last.headers["x-apideck-consumer-id"] == "first"
        apideck.vault.connections.list()
