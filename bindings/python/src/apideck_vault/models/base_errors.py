"""The exceptions whose body the API does not describe. `errors` has all of them."""

from __future__ import annotations

from .http import ApideckError, APIError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .http import HTTPResponse

__all__ = [
    "ArgumentTypeError",
    "ArgumentValueError",
    "CallCancelledError",
    "ClientClosedError",
    "ConnectionFailedError",
    "InternalError",
    "NoResponseError",
    "RateLimitedError",
    "ResponseValidationError",
    "SignatureVerificationError",
    "TimeoutExceededError",
]


class RateLimitedError(APIError):
    """HTTP 429, after retries. `retry_after_ms` is the time that the server asks to wait, if it says one."""


class ResponseValidationError(ApideckError):
    """A response that cannot be read.

    Either a 2xx has a body that is not the JSON object it should be, or the response is not HTTP, cut short, too large
    or nested too deep.
    """

    @property
    def cause(self) -> Optional[BaseException]:
        """The exception that caused this one, if there is one."""
        return self.__cause__


class NoResponseError(ApideckError):
    """No response came. `ConnectionFailedError` and `TimeoutExceededError` say why."""

    def __init__(
        self,
        message: str = "No response received",
        raw_response: Optional[HTTPResponse] = None,
        body: Optional[str] = None,
    ) -> None:
        super().__init__(message, raw_response, body)


class ConnectionFailedError(NoResponseError, ConnectionError):
    """The name look-up, the connect or TLS failed, or the connection broke."""


class TimeoutExceededError(NoResponseError, TimeoutError):
    """The call did not end within its `timeout_ms`."""


class ArgumentValueError(ApideckError, ValueError):
    """An argument cannot be sent, so nothing was sent. The message names the keyword."""


class ArgumentTypeError(ApideckError, TypeError):
    """An argument has the wrong type, so nothing was sent. The message names the keyword."""


class ClientClosedError(ApideckError, ValueError):
    """The client was closed before the call."""


class CallCancelledError(ApideckError):
    """The call was cancelled from another thread."""


class SignatureVerificationError(ApideckError):
    """The API key did not sign a webhook, or the body of the webhook is not an event."""


class InternalError(ApideckError):
    """A defect in the library. Please report it."""
