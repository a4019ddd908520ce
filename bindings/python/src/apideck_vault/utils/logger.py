"""What a `debug_logger` must be able to do."""

from typing import Any, Protocol


class Logger(Protocol):
    """Anything with a `debug` method like that of `logging.Logger`."""

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Takes one message with its arguments."""
