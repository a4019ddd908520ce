"""Awaited calls end with their task, are limited in number, and do not block the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from typing import Any, Awaitable, Callable, List

import pytest
from conftest import client, threads_inside
from prepared_server import PreparedServer

from apideck_vault import Apideck, _async, _workers, models

HANG: Any = {"service_id": "hang", "unified_api": "crm"}
ONE: Any = {"service_id": "x", "unified_api": "crm"}


def running(server: PreparedServer, work: Callable[[Apideck], Awaitable[Any]], **keywords: Any) -> Any:
    """Runs a coroutine with a client that it may use."""

    async def main() -> Any:
        async with client(server, **keywords) as apideck:
            return await work(apideck)

    return asyncio.run(main())


async def hanging(server: PreparedServer, calls: int = 1) -> None:
    for _ in range(calls):
        assert await asyncio.get_running_loop().run_in_executor(None, lambda: server.hanging.acquire(timeout=20))


async def free(count: int) -> float:
    """Waits until at most `count` workers are in a call, and returns the time that it took."""
    begun = time.monotonic()
    while busy() > count:
        assert time.monotonic() - begun < 20, "a thread is still in its call"
        await asyncio.sleep(0.002)
    return time.monotonic() - begun


def busy() -> int:
    """Returns the number of workers that make an awaited call."""
    return threads_inside(_async._Call.make)


def workers() -> int:
    """Returns the number of workers, idle ones included."""
    return threads_inside(_workers._work)


def test_a_cancelled_task_ends_its_request_and_frees_its_thread_within_100_ms(server: PreparedServer) -> None:
    async def cancelled(apideck: Apideck) -> float:
        task = asyncio.ensure_future(apideck.vault.connections.get_async(**HANG))
        await hanging(server)
        task.cancel()
        begun = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - begun + await free(0)

    async def work(apideck: Apideck) -> None:
        # A busy machine can delay one of them, so the best of five counts.
        assert min([await cancelled(apideck) for _ in range(5)]) < 0.1
        # The only thread is free for the next call.
        await asyncio.wait_for(apideck.vault.connections.get_async(**ONE), 5)

    running(server, work, max_async_calls=1)


def test_a_timed_out_wait_ends_its_request_and_frees_its_thread(server: PreparedServer) -> None:
    async def work(apideck: Apideck) -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(apideck.vault.connections.get_async(**HANG), 0.05)
        await free(0)

    running(server, work, max_async_calls=1)


def test_the_loop_runs_while_a_call_hangs(server: PreparedServer) -> None:
    async def work(apideck: Apideck) -> None:
        task = asyncio.ensure_future(apideck.vault.connections.get_async(**HANG))
        await hanging(server)
        for _ in range(100):
            await asyncio.sleep(0.001)
        assert not task.done()  # so the loop ran a hundred times during the call
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    running(server, work)


def test_calls_beyond_the_limit_wait_for_their_turn(server: PreparedServer) -> None:
    server.prepare({"data": {}}, delay=0.005)

    async def work(apideck: Apideck) -> None:
        calls = [asyncio.ensure_future(apideck.vault.connections.get_async(**ONE)) for _ in range(200)]
        most = 0
        while not all(call.done() for call in calls):
            await asyncio.sleep(0.001)
            most = max(most, busy())
        assert len(await asyncio.gather(*calls)) == 200
        assert 1 <= most <= 3

    running(server, work, max_async_calls=3)


def test_a_cancelled_call_that_waits_for_its_turn_is_not_sent(server: PreparedServer) -> None:
    async def work(apideck: Apideck) -> None:
        first = asyncio.ensure_future(apideck.vault.connections.get_async(**HANG))
        await hanging(server)
        second = asyncio.ensure_future(apideck.vault.connections.get_async(**ONE))
        await asyncio.sleep(0.01)
        second.cancel()
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        await free(0)
        assert [request.path for request in server.requests] == ["/vault/connections/crm/hang"]

    running(server, work, max_async_calls=1)


def test_errors_are_raised_in_the_awaiting_task(server: PreparedServer) -> None:
    server.prepare({"message": "none such"}, status=404)

    async def work(apideck: Apideck) -> None:
        with pytest.raises(models.NotFoundResponse, match="none such"):
            await apideck.vault.connections.get_async(**ONE)
        with pytest.raises(models.TimeoutExceededError):
            await apideck.vault.connections.get_async(**HANG, timeout_ms=50)

    running(server, work)


def test_several_loops_can_use_a_client_in_turn_and_at_once(server: PreparedServer) -> None:
    with client(server) as apideck:

        async def main() -> int:
            results = await asyncio.gather(*[apideck.vault.connections.get_async(**ONE) for _ in range(5)])
            return len(results)

        assert asyncio.run(main()) == 5
        assert asyncio.run(main()) == 5
        counts = []
        threads = [threading.Thread(target=lambda: counts.append(asyncio.run(main()))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counts == [5, 5, 5, 5]


def test_a_dropped_coroutine_ends_its_request(server: PreparedServer) -> None:
    async def work(apideck: Apideck) -> None:
        call = apideck.vault.connections.get_async(**HANG)
        call.send(None)
        await hanging(server)
        call.close()
        await free(0)

    running(server, work)


def test_loggers_see_the_context_variables_of_the_task(server: PreparedServer) -> None:
    user: "contextvars.ContextVar[str]" = contextvars.ContextVar("user", default="nobody")
    seen: List[str] = []

    class Logger:
        def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
            seen.append(user.get())

    async def work(apideck: Apideck) -> None:
        async def call(name: str) -> None:
            user.set(name)
            await apideck.vault.connections.get_async(**ONE)

        await asyncio.gather(call("ann"), call("bob"))

    running(server, work, debug_logger=Logger())
    assert sorted(seen) == ["ann", "ann", "bob", "bob"]


def test_every_one_of_more_calls_than_threads_gets_its_response(server: PreparedServer) -> None:
    server.prepare_list({"id": "a"})

    async def work(apideck: Apideck) -> None:
        async def calls() -> int:
            found = 0
            for _ in range(10):
                res = await apideck.vault.connections.list_async()
                found += len(res.get_connections_response.data) if res.get_connections_response else 0
            return found

        assert await asyncio.wait_for(asyncio.gather(*[calls() for _ in range(40)]), 60) == [10] * 40

    running(server, work, max_async_calls=8)


def test_an_awaited_call_of_a_closed_client_raises_client_closed(server: PreparedServer) -> None:
    async def work(apideck: Apideck) -> None:
        apideck.close()
        with pytest.raises(models.ClientClosedError, match="closed"):
            await apideck.vault.connections.list_async()

    running(server, work)


def test_idle_workers_end(server: PreparedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(apideck: Apideck) -> None:
        await asyncio.gather(*[apideck.vault.connections.get_async(**ONE) for _ in range(8)])

    monkeypatch.setattr(_workers, "_IDLE_SECONDS", 0.05)
    running(server, work)
    deadline = time.monotonic() + 30  # the workers of other tests end after five seconds
    while workers():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    running(server, work)


def test_an_idle_worker_makes_the_next_call(server: PreparedServer) -> None:
    async def work(apideck: Apideck) -> None:
        for _ in range(50):
            await apideck.vault.connections.get_async(**ONE)

    running(server, work)
    before = workers()
    running(server, work)
    assert workers() <= before + 1
