"""The core's events as log records: to `logging.getLogger("apideck_vault")`, or to a client's `debug_logger`.

Requests and responses are DEBUG. Retries and failures are INFO: a retry may succeed, and a failure also reaches the
caller as an exception. The core reports events only while a logger wants them, so a program that does not log pays
nothing.

The core calls back on the thread that makes the call, below C code. Log handlers do not run there. The callback passes
the text of the event on. The thread or the task that waits for the call runs the handlers, so that they see its context
variables and its locks, they can make calls themselves, and they can raise.

While a client's events are handled, calls of the same client from the same thread have no events. Otherwise a handler
that makes such a call would never end.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from ._bindings import EVENT_CALLBACK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple

    from .utils.logger import Logger

    Handle = Callable[[bytes], None]

NAME = "apideck_vault"

_DEBUG = 10
_INFO = 20

# By thread: the function that receives the events of the call that the thread makes.
_receivers: Dict[int, Handle] = {}

# By thread: the clients whose events the thread handles.
_handling: Dict[int, Tuple[Events, ...]] = {}


def _on_event(text: bytes, user_data: object) -> None:
    receive = _receivers.get(get_ident())
    if receive is not None:
        receive(text)


# The callback of all clients. It lives as long as the module. When the interpreter ends, it is removed from them first.
CALLBACK = EVENT_CALLBACK(_on_event)


def receiving(receive: Optional[Handle], function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function that makes a call of the core on this thread, and passes the events of that call on.

    Args:
        receive: Receives the text of each event, or is `None`. It runs below C code, so it must not raise.
        function: The function to call, with `arguments`.
    """
    thread = get_ident()
    outer = _receivers.pop(thread, None)
    if receive is not None:
        _receivers[thread] = receive
    try:
        return function(*arguments)
    finally:
        _receivers.pop(thread, None)
        if outer is not None:
            _receivers[thread] = outer


class Events:
    """The events of one client.

    Args:
        debug_logger: Its `debug` method receives every event. Default: the package's logger.
    """

    __slots__ = ("_debug_logger", "_logger")

    def __init__(self, debug_logger: Optional[Logger]) -> None:
        self._debug_logger = debug_logger
        self._logger: Any = None

    def handler(self, has_events: Callable[[], bool]) -> Optional[Handle]:
        """Returns the function that handles the events of the next call, or `None` if no logger wants them.

        It runs before each call, so it does as little as possible.

        Args:
            has_events: Asks the core for the events of the client, and returns whether it reports them.
        """
        if self._debug_logger is None:
            if self._logger is None:
                get_logger = getattr(sys.modules.get("logging"), "getLogger", None)
                if get_logger is None:  # no module has imported logging
                    return None
                self._logger = get_logger(NAME)
            if not self._logger.isEnabledFor(_INFO):
                return None
        if self in _handling.get(get_ident(), ()):
            return None
        return self._handle if has_events() else None

    def _handle(self, text: bytes) -> None:
        """Logs one event. An exception of a log handler does not fail the call: `sys.unraisablehook` reports it.

        Raises:
            BaseException: A handler raised something that is not an `Exception`, such as `KeyboardInterrupt`. It ends
                the call.
        """
        from ._json import decode

        thread = get_ident()
        outer = _handling.get(thread, ())
        _handling[thread] = (*outer, self)
        try:
            self._log(decode(text))
        except Exception as error:
            _Unraisable(error)
        finally:
            if outer:
                _handling[thread] = outer
            else:
                del _handling[thread]

    def _log(self, event: Any) -> None:
        if self._debug_logger is not None:
            self._debug_logger.debug("%s", _message(event))
            return
        level = _INFO if event.get("event") in ("retry", "error") else _DEBUG
        if self._logger.isEnabledFor(level):
            self._logger.log(level, "%s", _message(event), extra={"apideck_vault": event})


class _Unraisable:
    """Raises an error in a finalizer, where Python reports it to `sys.unraisablehook`."""

    __slots__ = ("_error",)

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __del__(self) -> None:
        raise self._error


def _message(event: Any) -> str:
    call = f"call {event.get('call_id')}"
    if "consumer_id" in event:
        call += f", consumer {event['consumer_id']}"
    return f"{event.get('operation')}: attempt {event.get('attempt')}: {_step(event)} [{call}]"


def _step(event: Any) -> str:
    kind = event.get("event")
    if kind == "request":
        return f"{event.get('method')} {event.get('path')}"
    after = f" after {event['elapsed_ms']} ms" if "elapsed_ms" in event else ""
    if kind == "response":
        return f"HTTP {event.get('status')}{after}"
    reason = event.get("message") or (f"HTTP {event['status']}" if "status" in event else "")
    if kind == "retry":
        return f"retry in {event.get('wait_ms')} ms: {reason}"
    return f"failed{after}: {reason}"


def _after_fork() -> None:
    """Forgets the other threads, in a child process. Their numbers may be used again."""
    own = get_ident()
    for place in (_receivers, _handling):
        for thread in [thread for thread in place if thread != own]:
            del place[thread]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
