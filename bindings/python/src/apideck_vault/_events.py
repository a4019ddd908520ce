"""The core's events as log records: to `logging.getLogger("apideck_vault")`, or to a client's `debug_logger`.

Events are only asked for when somebody listens, so a program that does not log pays for none. Requests and responses
are DEBUG, retries and failures INFO: a failure reaches the caller as an exception too, and a retry may yet succeed.
"""

from __future__ import annotations

import sys
from _thread import get_ident

from . import _interrupt
from ._bindings import EVENT_CALLBACK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ._native import Client
    from .utils.logger import Logger

NAME = "apideck_vault"

_DEBUG = 10
_INFO = 20


class Events:
    """Where one client's events go, and whether they are asked for yet.

    :param debug_logger: Gets every event by its `debug` method, instead of the package's logger.
    """

    __slots__ = ("_attached", "_debug_logger", "_logger")

    def __init__(self, debug_logger: Optional[Logger]) -> None:
        self._debug_logger = debug_logger
        self._logger: Any = None
        self._attached = False

    def attach_if_wanted(self, client: Client) -> None:
        """Asks the core for events once somebody listens. Called before each call, so it must cost next to nothing."""
        if self._attached:
            return
        if self._debug_logger is None:
            if self._logger is None:
                get_logger = getattr(sys.modules.get("logging"), "getLogger", None)
                if get_logger is None:  # without logging there is no one to listen
                    return
                self._logger = get_logger(NAME)
            if not self._logger.isEnabledFor(_INFO):
                return
        self._attached = True
        client.set_event_callback(_callback(self._debug_logger, self._logger))


def _callback(debug_logger: Any, logger: Any) -> Any:
    # Holds the loggers only: a reference to the client would keep it alive.
    from ._json import decode

    def on_event(text: bytes, user_data: object) -> None:
        try:
            event = decode(text)
            message = _message(event)
            if debug_logger is not None:
                debug_logger.debug("%s", message)
                return
            level = _INFO if event.get("event") in ("retry", "error") else _DEBUG
            if logger.isEnabledFor(level):
                logger.log(level, "%s", message, extra={"apideck_vault": event})
        except (KeyboardInterrupt, SystemExit) as error:
            # A signal handler raised, and C code is between here and the caller.
            if get_ident() != _interrupt.main_thread:
                raise
            _interrupt.raise_after_call(error)

    return EVENT_CALLBACK(on_event)


def _message(event: Any) -> str:
    kind = event.get("event")
    operation = event.get("operation")
    attempt = event.get("attempt")
    if kind == "request":
        return f"{operation}: attempt {attempt}: {event.get('method')} {event.get('path')}"
    after = f" after {event['elapsed_ms']} ms" if "elapsed_ms" in event else ""
    if kind == "response":
        return f"{operation}: attempt {attempt}: HTTP {event.get('status')}{after}"
    reason = event.get("message") or (f"HTTP {event['status']}" if "status" in event else "")
    if kind == "retry":
        return f"{operation}: attempt {attempt}: retry in {event.get('wait_ms')} ms: {reason}"
    return f"{operation}: attempt {attempt}: failed{after}: {reason}"
