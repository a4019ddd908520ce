"""Calls for an event loop: each runs on a thread of a bounded pool, and ends when its task is cancelled."""

from __future__ import annotations

import os
from _contextvars import copy_context

from ._ffi import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from concurrent.futures import ThreadPoolExecutor
    from typing import Any, Callable, List, Optional, Tuple, Union

    from ._native import Client


class _Landing:
    """Where the pool's threads leave answers for one event loop. However many come before the loop's next turn, it is
    woken once."""

    __slots__ = ("_landed", "_waking", "loop")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.loop = loop
        self._landed: List[Tuple[Future[Any], Any, Optional[BaseException]]] = []
        self._waking = False

    def call(self, future: Future[Any], function: Callable[..., Any], *arguments: Any) -> None:
        """Calls a function, and has the loop resolve the future."""
        if future.done():  # cancelled while it waited for its turn
            return
        answer, error = None, None
        try:
            answer = function(*arguments)
        except BaseException as raised:
            error = raised
        self._landed.append((future, answer, error))
        if not self._waking:
            self._waking = True
            self.loop.call_soon_threadsafe(self._resolve)

    def _resolve(self) -> None:
        self._waking = False  # first, so that an answer which comes too late for this turn wakes the loop again
        landed = self._landed
        while landed:
            future, answer, error = landed.pop(0)
            if future.done():
                continue
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)


class Pool:
    """The threads of one client. They start as calls need them, and end with the client.

    :param size: At most this many calls at once; more wait for their turn without blocking the loop.
    """

    __slots__ = ("_executor", "_landing", "_process", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._executor: Optional[ThreadPoolExecutor] = None
        self._landing: Optional[_Landing] = None
        self._process = 0

    async def call(self, client: Client, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
        """Calls an operation and awaits its answer. Cancelling the task ends the request."""
        from asyncio import get_running_loop

        if client.closed:
            from ._failure import closed

            raise closed()
        loop = get_running_loop()
        landing = self._landing
        if landing is None or landing.loop is not loop:
            landing = self._landing = _Landing(loop)
        future: Future[Any] = loop.create_future()
        # What logs the call's events sees the task's variables.
        run = copy_context().run
        cancellation: int = library.cancellation_new()
        try:
            self._threads().submit(landing.call, future, run, client.call_cancellable, function, request, cancellation)
            return await future  # type: ignore[no-any-return]
        except BaseException:  # CancelledError, or GeneratorExit where nobody awaits any more
            future.cancel()
            library.cancellation_cancel(cancellation)
            raise
        finally:
            library.cancellation_free(cancellation)

    def _threads(self) -> ThreadPoolExecutor:
        if self._executor is None or self._process != os.getpid():  # a forked child has none of its parent's threads
            from concurrent.futures import ThreadPoolExecutor

            self._executor = ThreadPoolExecutor(self.size, "apideck_vault")
            self._process = os.getpid()
        return self._executor

    def close(self) -> None:
        """Lets the threads end once their calls have."""
        executor, self._executor = self._executor, None
        if executor is not None and self._process == os.getpid():
            executor.shutdown(wait=False)
