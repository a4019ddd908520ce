"""Calls for an event loop: each runs on a thread of a bounded pool, and ends when its task is cancelled."""

from __future__ import annotations

import os

from ._ffi import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor
    from typing import Any, Callable, Optional, Union

    from ._native import Client


class Pool:
    """The threads of one client. They start as calls need them, and end with the client.

    :param size: At most this many calls at once; more wait for their turn without blocking the loop.
    """

    __slots__ = ("_executor", "_process", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._executor: Optional[ThreadPoolExecutor] = None
        self._process = 0

    async def call(self, client: Client, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
        """Calls an operation and awaits its answer. Cancelling the task ends the request."""
        from asyncio import get_running_loop

        if client.closed:
            from ._failure import closed

            raise closed()
        cancellation: int = library.cancellation_new()
        try:
            return await get_running_loop().run_in_executor(
                self._threads(), client.call_cancellable, function, request, cancellation
            )
        except BaseException:  # CancelledError, or GeneratorExit where nobody awaits any more
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
