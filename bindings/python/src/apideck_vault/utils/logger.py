"""The protocol of a `debug_logger`."""

from typing import Any, Protocol


class Logger(Protocol):
    """Anything with a `debug` method like that of `logging.Logger`."""

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Logs one message with its arguments."""
