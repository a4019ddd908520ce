"""When a failed attempt is made again, and how long the core waits before it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional


class BackoffStrategy:
    """How the waits between attempts grow.

    The wait before attempt *n* + 1 is `initial_interval * exponent ** (n - 1)`, but at most `max_interval`. Jitter
    makes it shorter by up to a half, so that many clients do not retry at the same time.

    Args:
        initial_interval: The first wait in milliseconds.
        max_interval: The longest wait in milliseconds.
        exponent: The factor from one wait to the next.
        max_elapsed_time: The time in milliseconds after the first attempt from which no attempt begins.
    """

    __slots__ = ("exponent", "initial_interval", "max_elapsed_time", "max_interval")

    initial_interval: int
    max_interval: int
    exponent: float
    max_elapsed_time: int

    def __init__(self, initial_interval: int, max_interval: int, exponent: float, max_elapsed_time: int) -> None:
        self.initial_interval = initial_interval
        self.max_interval = max_interval
        self.exponent = exponent
        self.max_elapsed_time = max_elapsed_time

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BackoffStrategy):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"BackoffStrategy(initial_interval={self.initial_interval!r}, max_interval={self.max_interval!r}, "
            f"exponent={self.exponent!r}, max_elapsed_time={self.max_elapsed_time!r})"
        )


class RetryConfig:
    """Whether and how failed attempts are made again.

    A request is sent again after the statuses 408, 429, 500, 502, 503 and 504. After a broken connection it is sent
    again if that is safe: it is a GET or DELETE, or no byte of it was sent. An import is sent again only after 429 or
    503, or if no byte of it was sent. A `Retry-After` makes a wait longer, never shorter. The `timeout_ms` of the call
    limits all attempts, waits and bodies together.

    Args:
        strategy: `"backoff"`, or `"none"` for no retries.
        backoff: How the waits grow.
        retry_connection_errors: Whether a request is sent again after a broken connection.
        max_attempts: The largest number of attempts. Without it, only time is the limit.
    """

    __slots__ = ("backoff", "max_attempts", "retry_connection_errors", "strategy")

    strategy: str
    backoff: BackoffStrategy
    retry_connection_errors: bool
    max_attempts: Optional[int]

    def __init__(
        self,
        strategy: str,
        backoff: BackoffStrategy,
        retry_connection_errors: bool,
        *,
        max_attempts: Optional[int] = None,
    ) -> None:
        self.strategy = strategy
        self.backoff = backoff
        self.retry_connection_errors = retry_connection_errors
        self.max_attempts = max_attempts

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RetryConfig):
            return NotImplemented
        return as_json(self) == as_json(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"RetryConfig(strategy={self.strategy!r}, backoff={self.backoff!r}, "
            f"retry_connection_errors={self.retry_connection_errors!r}, max_attempts={self.max_attempts!r})"
        )


def as_json(config: Any) -> Dict[str, Any]:
    """Returns a configuration for the core. A configuration of the official SDK has the same attributes."""
    fields: Dict[str, Any] = {
        "strategy": config.strategy,
        "retry_connection_errors": getattr(config, "retry_connection_errors", None),
        "backoff": _waits(config.backoff),
        "max_attempts": getattr(config, "max_attempts", None),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _waits(backoff: Any) -> Any:
    if backoff is None or hasattr(backoff, "keys"):
        return backoff
    return {name: getattr(backoff, name) for name in BackoffStrategy.__slots__ if hasattr(backoff, name)}
