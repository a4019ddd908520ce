"""Retry configuration and the logger's protocol, under the names that users of the official SDK import them from."""

from __future__ import annotations

from .retries import BackoffStrategy, RetryConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .logger import Logger
else:

    def __getattr__(name):
        if name == "Logger":  # only annotations need it, and it needs `typing`
            from .logger import Logger

            return Logger
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["BackoffStrategy", "Logger", "RetryConfig"]
