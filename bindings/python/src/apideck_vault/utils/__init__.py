"""Retry configuration, the logger's protocol and timestamps, under the official SDK's names."""

from __future__ import annotations

from .retries import BackoffStrategy, RetryConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .datetimes import parse_datetime
    from .logger import Logger
else:

    def __getattr__(name):
        if name == "Logger":  # only annotations need it, and it needs `typing`
            from .logger import Logger

            return Logger
        if name == "parse_datetime":
            from .datetimes import parse_datetime

            return parse_datetime
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["BackoffStrategy", "Logger", "RetryConfig", "parse_datetime"]
