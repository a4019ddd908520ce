"""Calls that block a thread. Signal handlers and log handlers run during the call.

Python runs signal handlers between bytecodes of the main thread, and so not while that thread waits inside the core.
What a call does about it depends on the handlers that are set when it begins.

Most programs have only Python's own handler for SIGINT. Python can write the number of each signal to a file
descriptor immediately. During the call, that descriptor is a pipe. A thread reads the other end and cancels the call
when it reads a number. The call then returns, and Python raises `KeyboardInterrupt`. This costs an ordinary call two
system calls.

If other handlers are set, a worker makes the call while the main thread waits on a queue. Python interrupts that wait
to run signal handlers. If they return, the wait continues, so that the program still gets its response. If one raises,
the call is cancelled. Any thread whose client has events does the same: the worker puts the events on the queue, and
the waiting thread runs the log handlers.

If threads are greenlets, as with gevent, the calling thread makes the call.
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

# `threading` knows the main thread. If no module has imported it, there is one thread, and the import would cost time.
_threading: Any = sys.modules.get("threading")
main_thread: int = get_ident() if _threading is None else _threading.main_thread().ident

_SIGNALS = range(1, NSIG)


class _SignalPipe:
    """The pipe, the thread that reads it, and the call that it can cancel. A process has one."""

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


_pipe: Optional[_SignalPipe] = None
# False while a call uses the pipe, and after an interrupted call, because a number that is still in the pipe could end
# another call. Only an interactive program continues after Ctrl-C. Workers make its calls from then on.
_pipe_is_free = True

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
        BaseException: A signal handler or `handle` raised it. The call is cancelled.
    """
    if not _workers.threads_are_real:
        return _call_here(client, operation, request, handle)
    if handle is not None:
        return _call_on_worker(client, operation, request, handle)
    if get_ident() != main_thread:
        return client.call(operation, request)
    # An event callback on the main thread could be interrupted below C code, which cannot pass the exception on.
    if _pipe_is_free and not client.may_have_events() and _only_ctrl_c():
        return _call_with_pipe(client, operation, request)
    return _call_on_worker(client, operation, request, None)


def _call_here(client: Client, operation: bytes, request: bytes, handle: Optional[Handle]) -> Text:
    """Makes the call on this thread, and handles its events below C code. What they raise is raised after the call."""
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


def _call_with_pipe(client: Client, operation: bytes, request: bytes) -> Text:
    global _pipe, _pipe_is_free
    pipe = _pipe
    if pipe is None:
        try:
            pipe = _pipe = _SignalPipe()
        except (OSError, RuntimeError):  # no file descriptors or no threads are left
            return _call_on_worker(client, operation, request, None)
    _pipe_is_free = False
    try:
        previous = set_wakeup_fd(pipe.writer, warn_on_full_buffer=False)
    except ValueError:  # the main thread of a subinterpreter
        _pipe_is_free = True
        return client.call(operation, request)
    if previous >= 0:  # the program uses the descriptor, so give it back
        set_wakeup_fd(previous)
        _pipe_is_free = True
        return _call_on_worker(client, operation, request, None)
    try:
        pipe.running = True
        text = client.call(operation, request, pipe.cancellation)
    finally:
        pipe.running = False
        set_wakeup_fd(-1)
    if pipe.interrupted:  # the KeyboardInterrupt was lost, for example in a finalizer
        raise KeyboardInterrupt
    _pipe_is_free = True
    return text


def _call_on_worker(client: Client, operation: bytes, request: bytes, handle: Optional[Handle]) -> Text:
    """Makes the call on a worker. Signal handlers and `handle` run on this thread until it ends."""
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
        except RuntimeError:  # no thread can be started, so there are no events, and signals wait
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
    """Waits for the end of a cancelled call, so that it has ended when the caller handles the exception."""
    from _queue import Empty

    try:
        while type(queue.get(timeout=1)) is bytes:
            pass
    except Empty:
        pass


def _after_fork() -> None:
    """Runs in a forked child, where the pipe is the parent's and there is no other thread."""
    global _pipe, _pipe_is_free, main_thread
    pipe, _pipe, _pipe_is_free = _pipe, None, True
    main_thread = get_ident()
    for queue in _waiting:
        queue.put(None)
    if pipe is not None:
        previous = set_wakeup_fd(-1)
        if previous != pipe.writer:
            set_wakeup_fd(previous)
        os.close(pipe.reader)
        os.close(pipe.writer)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
