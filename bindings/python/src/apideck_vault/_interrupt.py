"""Calls that block a thread: how signals and log handlers get to run meanwhile.

Python runs signal handlers between bytecodes of the main thread, so not while that thread waits inside the core. What
a call does about it depends on the handlers that are set when it begins.

The ordinary program has one, Python's own for SIGINT. Python can write the number of each signal to a file descriptor
at once. The call points that descriptor at a pipe for as long as it lasts, and a thread that sleeps at the other end
cancels the call when a number comes. The call then returns, and Python raises `KeyboardInterrupt`. An ordinary call
pays two system calls for it.

Where there are other handlers, a worker makes the call while the main thread waits on a queue. Python interrupts that
wait to run signal handlers. It goes on waiting if they return, so that a handler does not cost the program its
response. If one raises, the call is cancelled. The same happens on any thread whose client has events: the worker puts
them on the queue, and the waiting thread runs the log handlers.

Where threads are no threads, as with gevent, a call is left alone.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident, start_new_thread

from . import _workers
from ._events import receiving
from ._ffi import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from queue import SimpleQueue
    from signal import NSIG, default_int_handler, getsignal, set_wakeup_fd
    from typing import Any, List, Optional, Tuple, Union

    from ._events import Handle
    from ._native import Client

    Text = Union[bytes, memoryview]
else:  # `signal` itself imports `enum`
    from _signal import NSIG, default_int_handler, getsignal, set_wakeup_fd

# `threading` knows the main thread. Where nobody has imported it there is one thread, and it is not worth its import.
_threading: Any = sys.modules.get("threading")
main_thread: int = get_ident() if _threading is None else _threading.main_thread().ident

_SIGNALS = range(1, NSIG)


class _Watch:
    """The pipe, the thread that reads it, and the call that it may cancel. There is one in a process."""

    __slots__ = ("cancellation", "interrupted", "reader", "running", "writer")

    def __init__(self) -> None:
        self.cancellation: int = library.cancellation_new()
        self.running = False
        self.interrupted = False
        self.reader, self.writer = os.pipe()
        try:
            os.set_blocking(self.writer, False)
            start_new_thread(self._sleep, ())
        except BaseException:
            os.close(self.reader)
            os.close(self.writer)
            raise

    def _sleep(self) -> None:
        while os.read(self.reader, 64):
            if self.running:
                self.interrupted = True
                library.cancellation_cancel(self.cancellation)


_watch: Optional[_Watch] = None
# No longer true during a watched call, and after an interrupted one: what its watch has yet to read could end another
# call. A program that survives Ctrl-C is an interactive one, and workers make its calls from then on.
_watch_is_free = True

# The queues on which threads wait for a worker's call.
_waiting: List[SimpleQueue[Any]] = []


def call(client: Client, operation: bytes, request: bytes, handle: Optional[Handle]) -> Text:
    """Calls an operation and waits for the text of its response.

    Args:
        client: The client that makes the call.
        operation: The name of the operation.
        request: The request as JSON text.
        handle: Handles the events of the call, on this thread.

    Raises:
        BaseException: What a signal handler raised, or what passed `handle`. The call is cancelled.
    """
    if not _workers.threads_are_real:
        return _call_here(client, operation, request, handle)
    if handle is not None:
        return _call_beside(client, operation, request, handle)
    if get_ident() != main_thread:
        return client.call(operation, request)
    # An event callback on the main thread could be interrupted below C code, which cannot pass the exception on.
    if _watch_is_free and not client.may_have_events() and _only_ctrl_c():
        return _call_watched(client, operation, request)
    return _call_beside(client, operation, request, None)


def _call_here(client: Client, operation: bytes, request: bytes, handle: Optional[Handle]) -> Text:
    """Makes the call on this thread, and handles its events below C code: what they raise comes after the call."""
    if handle is None:
        return client.call(operation, request)
    raised: List[BaseException] = []

    def receive(text: bytes) -> None:
        try:
            handle(text)
        except BaseException as error:
            raised.append(error)

    text: Text = receiving(receive, client.call, operation, request)
    if raised:
        raise raised[0]
    return text


_handlers: Tuple[Any, ...] = ()
_handlers_are_ordinary = True


def _only_ctrl_c() -> bool:
    """Returns whether no handler is set but Python's own for SIGINT."""
    global _handlers, _handlers_are_ordinary
    handlers = tuple(map(getsignal, _SIGNALS))
    if handlers != _handlers:
        _handlers = handlers
        _handlers_are_ordinary = all(handler is default_int_handler or not callable(handler) for handler in handlers)
    return _handlers_are_ordinary


def _call_watched(client: Client, operation: bytes, request: bytes) -> Text:
    global _watch, _watch_is_free
    watch = _watch
    if watch is None:
        try:
            watch = _watch = _Watch()
        except (OSError, RuntimeError):  # no file descriptors or no threads are left
            return _call_beside(client, operation, request, None)
    _watch_is_free = False
    try:
        previous = set_wakeup_fd(watch.writer, warn_on_full_buffer=False)
    except ValueError:  # a thread that only looks like the main one: that of a subinterpreter
        _watch_is_free = True
        return client.call(operation, request)
    if previous >= 0:  # somebody else's, who must not miss a signal
        set_wakeup_fd(previous)
        _watch_is_free = True
        return _call_beside(client, operation, request, None)
    try:
        watch.running = True
        text = client.call(operation, request, watch.cancellation)
    finally:
        watch.running = False
        set_wakeup_fd(-1)
    if watch.interrupted:  # Ctrl-C whose KeyboardInterrupt got lost, in a finalizer for example
        raise KeyboardInterrupt
    _watch_is_free = True
    return text


def _call_beside(client: Client, operation: bytes, request: bytes, handle: Optional[Handle]) -> Text:
    """Has a worker make the call. Signal handlers and `handle` run here until it ends."""
    from _queue import SimpleQueue

    cancellation: int = library.cancellation_new()
    queue: SimpleQueue[Any] = SimpleQueue()  # the texts of events, then one tuple

    def work() -> None:
        try:
            receive = None if handle is None else queue.put
            queue.put((receiving(receive, client.call, operation, request, cancellation), None))
        except BaseException as error:
            queue.put((None, error))

    started = False
    _waiting.append(queue)
    try:
        try:
            _workers.run(work)
            started = True
        except RuntimeError:  # no thread can be started: without one there are no events, and signals have to wait
            return client.call(operation, request)
        while True:
            item = queue.get()
            if type(item) is not bytes:
                break
            if handle is not None:
                handle(item)
    except BaseException:
        library.cancellation_cancel(cancellation)
        if started:
            _until_ended(queue)
        raise
    finally:
        _waiting.remove(queue)
        library.cancellation_free(cancellation)
    if item is None:
        from .models.base_errors import CallCancelledError

        raise CallCancelledError("a signal handler forked this process during the call, which is its parent's")
    text, error = item
    if error is not None:
        raise error
    return text  # type: ignore[no-any-return]


def _until_ended(queue: SimpleQueue[Any]) -> None:
    """Waits for the end of a cancelled call, so that nothing of it is left when its exception is seen."""
    from _queue import Empty

    try:
        while type(queue.get(timeout=1)) is bytes:
            pass
    except Empty:
        pass


def _after_fork() -> None:
    """In a forked child, where the pipe is the parent's, and no other thread is."""
    global _watch, _watch_is_free, main_thread
    watch, _watch, _watch_is_free = _watch, None, True
    main_thread = get_ident()
    for queue in _waiting:
        queue.put(None)
    if watch is not None:
        previous = set_wakeup_fd(-1)
        if previous != watch.writer:
            set_wakeup_fd(previous)
        os.close(watch.reader)
        os.close(watch.writer)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
