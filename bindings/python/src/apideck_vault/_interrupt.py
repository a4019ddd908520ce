"""Signals during a blocking call of the main thread: Ctrl-C ends it, and a program's own handlers run at once.

Python runs signal handlers between bytecodes of the main thread, so not while that thread waits inside the core. What
a call does about it depends on the handlers that are set when it begins.

The ordinary program has one, Python's own for SIGINT. Python can write the number of each signal to a file descriptor
at once. The call points that descriptor at a pipe for as long as it lasts, and a thread that sleeps at the other end
cancels the call when a number comes. The call then returns, and Python raises `KeyboardInterrupt`. An ordinary call
pays two system calls for it.

Where there are other handlers, the call is made on a thread of its own, while the main thread waits for a lock: Python
interrupts that to run handlers, and goes on waiting if they return, so that a handler does not cost the program its
answer. If one raises, the call is cancelled. This costs a thread, which is up to a tenth of a millisecond.

Where threads are no threads, as with gevent, a call is left alone.
"""

from __future__ import annotations

import os
import sys
from _contextvars import copy_context
from _thread import allocate_lock, get_ident, start_new_thread

from ._bindings import EVENT_CALLBACK
from ._ffi import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from signal import NSIG, default_int_handler, getsignal, set_wakeup_fd
    from typing import Any, Callable, List, Optional, Tuple, Union

    from ._native import Client
else:  # `signal` itself imports `enum`
    from _signal import NSIG, default_int_handler, getsignal, set_wakeup_fd

# `threading` knows the main thread. Where nobody has imported it there is one thread, and it is not worth its import.
_threading: Any = sys.modules.get("threading")
main_thread: int = get_ident() if _threading is None else _threading.main_thread().ident

# A monkey-patched one makes greenlets, which the call itself would keep from running.
_threads_are_real = isinstance(start_new_thread, type(len))

_SIGNALS = range(1, NSIG)
_NO_CALLBACK = EVENT_CALLBACK()


class _Watch:
    """The pipe, the thread that reads it, and the call that it may cancel. There is one in a process."""

    __slots__ = ("cancellation", "handle", "interrupted", "reader", "running", "writer")

    def __init__(self) -> None:
        self.cancellation: int = library.cancellation_new()
        self.handle = 0
        self.running = False
        self.interrupted = False
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.writer, False)
        start_new_thread(self._sleep, ())

    def _sleep(self) -> None:
        while os.read(self.reader, 64):
            if self.running:
                self.interrupted = True
                # The cancelled call would report its end to a Python function, and KeyboardInterrupt be raised
                # there, under C code that cannot pass it on.
                library.client_set_event_callback(self.handle, _NO_CALLBACK, None)
                library.cancellation_cancel(self.cancellation)


_watch: Optional[_Watch] = None
# No longer true during a watched call, and after an interrupted one: what its watch has yet to read could end another
# call. A program that survives Ctrl-C is an interactive one, and makes its calls on other threads from then on.
_watch_is_free = True
_raised: List[BaseException] = []
_waiting: List[Any] = []


def call(client: Client, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
    """Calls an operation on the main thread. Ctrl-C, or a signal handler that raises, ends it.

    The client's event callback may be gone when an exception comes out.
    """
    if not _threads_are_real:
        text = client.call_cancellable(function, request, 0)
    elif _watch_is_free and _only_ctrl_c():
        text = _call_watched(client, function, request)
    else:
        text = _call_beside(client, function, request)
    if _raised:
        raise _raised.pop()
    return text


_handlers: Tuple[Any, ...] = ()
_handlers_are_ordinary = True


def _only_ctrl_c() -> bool:
    """Whether no handler is set but Python's own for SIGINT."""
    global _handlers, _handlers_are_ordinary
    handlers = tuple(map(getsignal, _SIGNALS))
    if handlers != _handlers:
        _handlers = handlers
        _handlers_are_ordinary = all(handler is default_int_handler or not callable(handler) for handler in handlers)
    return _handlers_are_ordinary


def _call_watched(client: Client, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
    global _watch, _watch_is_free
    watch = _watch
    if watch is None:
        watch = _watch = _Watch()
    _watch_is_free = False
    try:
        previous = set_wakeup_fd(watch.writer, warn_on_full_buffer=False)
    except ValueError:  # a thread that only looks like the main one: that of a subinterpreter
        _watch_is_free = True
        return client.call_cancellable(function, request, 0)
    if previous >= 0:  # somebody else's, who must not miss a signal
        set_wakeup_fd(previous)
        _watch_is_free = True
        return _call_beside(client, function, request)
    try:
        watch.handle = client.handle
        watch.running = True
        text = client.call_cancellable(function, request, watch.cancellation)
    finally:
        watch.running = False
        set_wakeup_fd(-1)
    if watch.interrupted:  # Ctrl-C whose KeyboardInterrupt got lost, in a finalizer for example
        raise KeyboardInterrupt
    _watch_is_free = True
    return text


def _call_beside(client: Client, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
    context = copy_context()
    cancellation: int = library.cancellation_new()
    answer: List[Union[bytes, memoryview]] = []
    done = allocate_lock()
    done.acquire()

    def work() -> None:
        try:
            answer.append(context.run(client.call_cancellable, function, request, cancellation))
        finally:
            done.release()

    _waiting.append(done)
    try:
        start_new_thread(work, ())
        done.acquire()
    except BaseException:
        library.cancellation_cancel(cancellation)
        done.acquire(timeout=1)  # nothing of the call is left when its exception is seen
        raise
    finally:
        _waiting.remove(done)
        library.cancellation_free(cancellation)
    if not answer:
        from .models.errors import CallCancelledError

        raise CallCancelledError("a signal handler forked this process during the call, which is its parent's")
    return answer[0]


def raise_after_call(error: BaseException) -> None:
    """Keeps what a signal handler raised inside an event callback, from where it could not reach the caller."""
    _raised.append(error)


def _after_fork() -> None:
    """In a forked child, where the pipe is the parent's, and no other thread is."""
    global _watch, _watch_is_free, main_thread
    watch, _watch, _watch_is_free = _watch, None, True
    main_thread = get_ident()
    _raised.clear()
    for done in _waiting:
        if done.locked():
            done.release()
    if watch is not None:
        previous = set_wakeup_fd(-1)
        if previous != watch.writer:
            set_wakeup_fd(previous)
        os.close(watch.reader)
        os.close(watch.writer)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
