"""Calls for an event loop. A worker makes each of them, and it ends when the task that awaits it is cancelled.

asyncio and trio are supported, and so is anyio on either. Neither is imported here, because a program that awaits has
imported one.
"""

from __future__ import annotations

import os
import sys
from _contextvars import copy_context
from _thread import RLock

from . import _workers
from ._events import receiving
from ._ffi import library
from ._native import Owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Future
    from collections import deque
    from typing import Any, Callable, Deque, Optional, Union

    from ._events import Handle
    from ._native import Client

    Text = Union[bytes, memoryview]
else:  # `collections` imports more modules
    from _collections import deque

# How the core's text begins for a call that was cancelled.
_CANCELLED = b'{"error":{"status":"CANCELLED"'


class _Call:
    """One call, between the worker that makes it and the task that awaits it.

    Args:
        client: The client that makes the call.
        operation: The name of the operation.
        request: The request as JSON text.
        handle: Handles the events of the call, on the event loop's thread.
    """

    __slots__ = ("_cancellation", "_client", "_operation", "_request", "handle", "items", "started")

    def __init__(self, client: Client, operation: bytes, request: bytes, handle: Optional[Handle]) -> None:
        self._client = client
        self._operation = operation
        self._request = request
        self._cancellation: int = library.cancellation_new()
        self.handle = handle
        self.items: Deque[Any] = deque()
        """The texts of events, and at the end a tuple of the response's text and an error."""
        self.started = False
        """Whether a worker has the call."""

    def make(self) -> None:
        """Makes the call, on a worker. If it was cancelled, the core ends it before anything is sent."""
        self.started = True
        receive = None if self.handle is None else self._add
        try:
            text = receiving(receive, self._client.call, self._operation, self._request, self._cancellation)
        except BaseException as error:
            self._add((None, error))
        else:
            self._add((text, None))

    def _add(self, item: Any) -> None:
        self.items.append(item)
        self.wake()

    def wake(self) -> None:
        """Notifies the event loop of a new item. The worker calls it."""
        raise NotImplementedError

    def cancel(self) -> None:
        """Cancels the request."""
        library.cancellation_cancel(self._cancellation)

    def next_text(self) -> Optional[Text]:
        """Handles the events that have come. Returns the response's text, or `None` if the call still runs."""
        items = self.items
        while items:
            item = items.popleft()
            if type(item) is not bytes:
                text, error = item
                if error is not None:
                    raise error
                return text  # type: ignore[no-any-return]
            if self.handle is not None:
                self.handle(item)
        return None

    def __del__(self, _free: Callable[[int], None] = library.cancellation_free) -> None:
        _free(self._cancellation)


class _AsyncioCall(_Call):
    """A call that an asyncio task awaits."""

    __slots__ = ("_context", "_waiter", "loop")

    loop: _AsyncioLoop

    async def wait(self, pool: Pool, loop: _AsyncioLoop) -> Text:
        """Returns the text of the response."""
        self.loop = loop
        self._waiter: Optional[Future[None]] = None
        self._context = copy_context()
        try:
            pool.submit(self)
            while True:
                text = self.next_text()
                if text is not None:
                    return text
                self._waiter = loop.loop.create_future()
                await self._waiter
        except BaseException:  # CancelledError, or GeneratorExit if no task awaits
            pool.give_up(self)  # first, as the loop may be closed
            raise

    def wake(self) -> None:
        self.loop.wake(self)

    def resume(self) -> None:
        """Resumes the task. The loop calls it."""
        waiter = self._waiter
        if waiter is None:
            return
        if not waiter.done():
            waiter.set_result(None)
        elif waiter.cancelled() and self.handle is not None:  # the task has ended; log the last events
            while self.items:
                item = self.items.popleft()
                if type(item) is bytes:
                    self._context.run(self.handle, item)


class _AsyncioLoop:
    """Wakes the tasks of one asyncio loop. Calls that end before its next turn wake it once."""

    __slots__ = ("_ready", "_waking", "loop")

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.loop = loop
        self._ready: Deque[_AsyncioCall] = deque()
        self._waking = False

    def wake(self, call: _AsyncioCall) -> None:
        """Makes the loop resume the task of a call. Workers call it."""
        self._ready.append(call)
        if not self._waking:
            self._waking = True
            try:
                self.loop.call_soon_threadsafe(self._resume)
            except RuntimeError:  # the loop is closed, and no task waits
                self._ready.clear()

    def _resume(self) -> None:
        self._waking = False  # first, so that a call that ends from now on wakes the loop again
        while self._ready:
            self._ready.popleft().resume()


class _TrioCall(_Call):
    """A call that a trio task awaits."""

    __slots__ = ("_parked", "_pool", "_raise_cancelled", "_run_sync_soon", "_task")

    async def wait(self, pool: Pool) -> Text:
        """Returns the text of the response."""
        lowlevel: Any = sys.modules["trio"].lowlevel
        self._pool = pool
        self._parked = False
        self._raise_cancelled: Any = None
        self._task = lowlevel.current_task()
        self._run_sync_soon = lowlevel.current_trio_token().run_sync_soon
        try:
            await lowlevel.checkpoint_if_cancelled()
            pool.submit(self)
            while True:
                text = self.next_text()
                if text is not None:
                    if self._raise_cancelled is not None and bytes(text[: len(_CANCELLED)]) == _CANCELLED:
                        self._raise_cancelled()
                    return text
                self._parked = True
                await lowlevel.wait_task_rescheduled(self._abort)
        except BaseException:
            pool.give_up(self)
            raise

    def _abort(self, raise_cancelled: Any) -> Any:
        """Cancels the request. The task resumes when the call has ended, so that no part of it outlives the scope."""
        self._raise_cancelled = raise_cancelled
        lowlevel: Any = sys.modules["trio"].lowlevel
        self._pool.give_up(self)
        if self.started:
            return lowlevel.Abort.FAILED
        self._parked = False
        return lowlevel.Abort.SUCCEEDED

    def wake(self) -> None:
        try:
            self._run_sync_soon(self._resume)
        except sys.modules["trio"].RunFinishedError:
            pass  # no task waits

    def _resume(self) -> None:
        if self._parked:
            self._parked = False
            lowlevel: Any = sys.modules["trio"].lowlevel
            lowlevel.reschedule(self._task)


class Pool(Owner):
    """The awaited calls of one client.

    Args:
        size: At most this many calls at once. More wait for their turn without blocking the loop.
    """

    __slots__ = ("_active", "_asyncio", "_lock", "_process", "_queue", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._process = 0
        self._asyncio: Optional[_AsyncioLoop] = None
        self._reset()

    def _reset(self) -> None:
        self._active = 0
        self._queue: Deque[_Call] = deque()
        # Reentrant, because a finalizer may give a call up while its thread holds the lock.
        self._lock = RLock()

    async def call(self, client: Client, operation: bytes, request: bytes, handle: Optional[Handle]) -> Text:
        """Calls an operation and awaits the text of its response. Cancelling the task ends the request."""
        if _in_trio():
            return await _TrioCall(client, operation, request, handle).wait(self)
        from asyncio import get_running_loop

        loop = get_running_loop()
        wakes = self._asyncio
        if wakes is None or wakes.loop is not loop:  # several loops may use the client in turn
            wakes = self._asyncio = _AsyncioLoop(loop)
        return await _AsyncioCall(client, operation, request, handle).wait(self, wakes)

    def submit(self, call: _Call) -> None:
        """Makes a call on a worker, when it is the call's turn."""
        if self._process != os.getpid():  # a forked child has none of its parent's workers
            self._process = os.getpid()
            self._reset()
        with self._lock:
            if self._active >= self.size:
                self._queue.append(call)
                return
            self._active += 1
        try:
            _workers.run(lambda: self._work(call))
        except BaseException:
            with self._lock:
                self._active -= 1
            raise

    def _work(self, call: Optional[_Call]) -> None:
        while call is not None:
            call.make()
            with self._lock:
                if self._queue:
                    call = self._queue.popleft()
                else:
                    call = None
                    self._active -= 1

    def give_up(self, call: _Call) -> None:
        """Cancels the request of a call, in any state of its event loop. A call that has not begun never begins."""
        call.cancel()
        # When the interpreter ends, a worker may have ended with the lock.
        if not call.started and self._lock.acquire(timeout=1):
            try:
                self._queue.remove(call)
            except ValueError:  # a worker has the call, and the core ends it immediately
                pass
            finally:
                self._lock.release()


def _in_trio() -> bool:
    """Returns whether trio runs the current task. Without trio it costs one dictionary access."""
    if "trio" not in sys.modules:
        return False
    sniffio: Any = sys.modules.get("sniffio")  # trio imports it, and it knows which library runs the task
    if sniffio is not None:
        try:
            return bool(sniffio.current_async_library() == "trio")
        except sniffio.AsyncLibraryNotFoundError:
            return False
    try:
        sys.modules["trio"].lowlevel.current_task()
    except (AttributeError, RuntimeError):
        return False
    return True
