"""Ctrl-C during a blocking call.

Python runs signal handlers between bytecodes of the main thread, so not while that thread waits inside the core. But
it can write the number of each signal to a file descriptor at once. A call on the main thread points that descriptor
at a pipe for as long as it lasts, and a thread that sleeps at the other end cancels the call when SIGINT arrives.
The call then returns, and Python raises `KeyboardInterrupt`. An ordinary call pays two system calls for it.

Only Python's own SIGINT handler is answered like this. A program's own handlers run when the call has ended, within
its `timeout_ms` at the latest, because a handler that returns must not cost the program its answer.
"""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock, get_ident, start_new_thread

from ._bindings import EVENT_CALLBACK
from ._ffi import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional

# `threading` knows the main thread. Where nobody has imported it there is one thread, and it is not worth its import.
_threading: Any = sys.modules.get("threading")
main_thread: int = get_ident() if _threading is None else _threading.main_thread().ident

_SETTLE = 0  # no signal has this number
_NO_CALLBACK = EVENT_CALLBACK()


class _Watch:
    """The pipe, the thread that reads it, and the call that it may cancel. Made at the main thread's first call."""

    __slots__ = (
        "cancellation",
        "handle",
        "interrupted",
        "previous",
        "reader",
        "running",
        "set_wakeup_fd",
        "settled",
        "writer",
    )

    def __init__(self) -> None:
        from signal import set_wakeup_fd

        self.set_wakeup_fd = set_wakeup_fd
        self.cancellation: int = library.cancellation_new()
        self.handle = 0
        self.running = False
        self.interrupted = False
        self.previous = -1
        self.settled = allocate_lock()
        self.settled.acquire()
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.writer, False)
        start_new_thread(self._sleep, ())

    def _sleep(self) -> None:
        from signal import SIGINT, default_int_handler, getsignal

        while True:
            try:
                numbers = os.read(self.reader, 64)
            except OSError:
                return
            for number in numbers:
                if number == _SETTLE:
                    self.settled.release()
                    continue
                if number == SIGINT and self.running and getsignal(SIGINT) is default_int_handler:
                    self.interrupted = True
                    # The cancelled call would report its end to a Python function, and KeyboardInterrupt be raised
                    # there, under C code that cannot pass it on.
                    library.client_set_event_callback(self.handle, _NO_CALLBACK, None)
                    library.cancellation_cancel(self.cancellation)
                if self.previous >= 0:  # an event loop's, which must hear of the signal too
                    try:
                        os.write(self.previous, bytes((number,)))
                    except OSError:
                        pass

    def settle(self) -> None:
        """Waits until the thread has seen every signal so far, so that none of them cancels a later call."""
        os.write(self.writer, bytes((_SETTLE,)))
        self.settled.acquire(timeout=1)
        self.interrupted = False
        library.cancellation_free(self.cancellation)
        self.cancellation = library.cancellation_new()

    def forget(self) -> None:
        """In a forked child: the pipe is the parent's, and the thread is not here."""
        if self.running:
            try:
                self.set_wakeup_fd(self.previous)
            except ValueError:
                pass
        os.close(self.reader)
        os.close(self.writer)


_watch: Optional[_Watch] = None
_raised: List[BaseException] = []


def call(function: Callable[..., Any], handle: int, request: bytes) -> Any:
    """Calls an operation on the main thread. Ctrl-C ends it and raises `KeyboardInterrupt`.

    The client's event callback may be gone when an exception comes out.
    """
    global _watch
    watch = _watch
    if watch is None:
        watch = _watch = _Watch()
    elif watch.running:  # a signal handler or an event callback makes a call of its own
        return function(handle, request, 0, None)
    try:
        previous = watch.set_wakeup_fd(watch.writer, warn_on_full_buffer=False)
    except ValueError:  # a thread that only looks like the main one: that of a subinterpreter
        return function(handle, request, 0, None)
    address = None
    try:
        watch.previous = previous
        watch.handle = handle
        watch.running = True
        address = function(handle, request, watch.cancellation, None)
        watch.running = False
        watch.set_wakeup_fd(previous)
        if _raised:
            raise _raised.pop()
        if watch.interrupted:  # Ctrl-C whose KeyboardInterrupt got lost, in a finalizer for example
            raise KeyboardInterrupt
    except BaseException:
        watch.running = False
        watch.set_wakeup_fd(previous)
        watch.settle()
        if address is not None:
            library.string_free(address)
        raise
    return address


def raise_after_call(error: BaseException) -> None:
    """Keeps what a signal handler raised inside an event callback, from where it could not reach the caller."""
    _raised.append(error)


def _after_fork() -> None:
    global _watch, main_thread
    watch, _watch = _watch, None
    main_thread = get_ident()
    _raised.clear()
    if watch is not None:
        watch.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
