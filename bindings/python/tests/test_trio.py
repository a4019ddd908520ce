"""Awaited calls under trio, and under anyio on either event loop."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from typing import Any, List

import anyio
import pytest
import trio
from conftest import client, threads_inside
from prepared_server import PreparedServer

from apideck_vault import _native, models

HANG: Any = {"service_id": "hang", "unified_api": "crm"}
ONE: Any = {"service_id": "x", "unified_api": "crm"}


async def hanging(server: PreparedServer) -> None:
    assert await trio.to_thread.run_sync(lambda: server.hanging.acquire(timeout=20))


def test_a_call_returns_its_result_or_raises_its_error(server: PreparedServer) -> None:
    server.prepare_for("missing", {"message": "none such"}, status=404)

    async def main() -> None:
        async with client(server) as apideck:
            res = await apideck.vault.connections.get_async(**ONE)
            assert res.http_meta.response.status_code == 200
            with pytest.raises(models.NotFoundResponse, match="none such"):
                await apideck.vault.connections.get_async(service_id="missing", unified_api="crm")
            with pytest.raises(models.TimeoutExceededError):
                await apideck.vault.connections.get_async(**HANG, timeout_ms=20)

    trio.run(main)


def test_a_cancelled_scope_ends_within_100_ms_after_its_call(server: PreparedServer) -> None:
    async def main() -> None:
        async with client(server) as apideck:
            times: List[float] = []
            for _ in range(5):
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(lambda: apideck.vault.connections.get_async(**HANG))
                    await hanging(server)
                    begun = trio.current_time()
                    nursery.cancel_scope.cancel()
                times.append(trio.current_time() - begun)
                assert threads_inside(_native.Client.call) == 0
            assert min(times) < 0.1  # a busy machine can delay one of them
            with trio.move_on_after(0.05) as scope:
                await apideck.vault.connections.get_async(**HANG)
            assert scope.cancelled_caught
            assert (await apideck.vault.connections.get_async(**ONE)).http_meta is not None

    trio.run(main)


def test_calls_beyond_the_limit_wait_for_their_turn_and_are_not_sent_if_cancelled(server: PreparedServer) -> None:
    async def main() -> None:
        async with client(server, max_async_calls=1) as apideck:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(lambda: apideck.vault.connections.get_async(**HANG))
                await hanging(server)
                with trio.move_on_after(0.05) as scope:
                    await apideck.vault.connections.get_async(**ONE)
                assert scope.cancelled_caught
                nursery.cancel_scope.cancel()
            assert [request.path for request in server.requests] == ["/vault/connections/crm/hang"]
            results: List[Any] = []

            async def one() -> None:
                results.append(await apideck.vault.connections.get_async(**ONE))

            async with trio.open_nursery() as nursery:
                for _ in range(20):
                    nursery.start_soon(one)
            assert len(results) == 20

    trio.run(main)


def test_a_call_in_a_cancelled_scope_sends_nothing(server: PreparedServer) -> None:
    async def main() -> None:
        async with client(server) as apideck:
            with trio.CancelScope() as scope:
                scope.cancel()
                await apideck.vault.connections.get_async(**ONE)
            assert scope.cancelled_caught

    trio.run(main)
    assert server.requests == []


def test_log_handlers_run_in_the_task(server: PreparedServer) -> None:
    seen: List[Any] = []

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append((trio.lowlevel.current_task().name, threading.get_ident()))

    logger, handler = logging.getLogger("apideck_vault"), Handler()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)

    async def main() -> None:
        async with client(server) as apideck, trio.open_nursery() as nursery:
            nursery.start_soon(lambda: apideck.vault.connections.get_async(**ONE), name="my task")

    try:
        trio.run(main)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert seen == [("my task", threading.get_ident())] * 2


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_anyio_works_on_either_loop(server: PreparedServer, backend: str) -> None:
    async def main() -> None:
        async with client(server) as apideck:
            results: List[Any] = []

            async def one() -> None:
                results.append(await apideck.vault.connections.get_async(**ONE))

            async with anyio.create_task_group() as group:
                for _ in range(10):
                    group.start_soon(one)
            assert len(results) == 10
            with anyio.move_on_after(0.05) as scope:
                await apideck.vault.connections.get_async(**HANG)
            assert scope.cancelled_caught

    anyio.run(main, backend=backend)


def test_trio_in_guest_mode_of_asyncio_and_both_at_once(server: PreparedServer) -> None:
    import asyncio

    async def main() -> None:
        async with client(server) as apideck:
            get = apideck.vault.connections.get_async
            loop = asyncio.get_running_loop()
            done: "asyncio.Future[Any]" = loop.create_future()

            async def guest() -> int:
                return int((await get(**ONE)).http_meta.response.status_code)

            trio.lowlevel.start_guest_run(
                guest,
                run_sync_soon_threadsafe=loop.call_soon_threadsafe,
                done_callback=lambda outcome: done.set_result(outcome.unwrap()),
            )
            res, status = await asyncio.gather(get(**ONE), done)
            assert (res.http_meta.response.status_code, status) == (200, 200)

    asyncio.run(main())


def test_programs_without_trio_do_not_import_it(server: PreparedServer) -> None:
    program = """
import asyncio, sys
from apideck_vault import Apideck
async def main():
    async with Apideck(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1]) as apideck:
        await apideck.vault.connections.list_async()
asyncio.run(main())
print(*{"trio", "sniffio", "anyio"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("\n", "")


def test_programs_with_only_trio_do_not_import_asyncio(server: PreparedServer) -> None:
    program = """
import sys, trio
from apideck_vault import Apideck
before = "asyncio" in sys.modules
async def main():
    async with Apideck(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1]) as apideck:
        await apideck.vault.connections.list_async()
trio.run(main)
print("asyncio" in sys.modules, before)
"""
    done = subprocess.run([sys.executable, "-c", program, server.url], capture_output=True, text=True, timeout=60)
    assert (done.stdout.split()[0], done.stderr) == ("False", "")
