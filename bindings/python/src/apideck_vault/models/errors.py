"""Every way a call can fail. All of it derives from `ApideckError`."""

from __future__ import annotations

from .error_data import (
    BadRequestResponseData,
    ConflictResponseData,
    NotFoundResponseData,
    PaymentRequiredResponseData,
    UnauthorizedResponseData,
    UnprocessableResponseData,
)
from .http import Headers, HTTPResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

__all__ = [
    "APIError",
    "ApideckError",
    "ArgumentTypeError",
    "ArgumentValueError",
    "BadRequestResponse",
    "CallCancelledError",
    "ClientClosedError",
    "ConflictResponse",
    "ConnectionFailedError",
    "InternalError",
    "NoResponseError",
    "NotFoundResponse",
    "PaymentRequiredResponse",
    "RateLimitedError",
    "ResponseValidationError",
    "TimeoutExceededError",
    "UnauthorizedResponse",
    "UnprocessableResponse",
]


class ApideckError(Exception):
    """What every error of this package derives from."""

    message: str
    """What went wrong and where. Holds no secret."""
    status_code: int
    """The HTTP status; 0 where no answer came."""
    body: str
    """The body of the answer as text; empty where no answer came."""
    headers: Headers
    """The headers of the answer."""
    raw_response: HTTPResponse
    """The answer."""
    retryable: bool = False
    """Whether the same call may succeed later."""
    retry_after_ms: Optional[int] = None
    """How long the server asked to wait before that, in milliseconds."""

    def __init__(self, message: str, raw_response: Optional[HTTPResponse] = None, body: Optional[str] = None) -> None:
        super().__init__(message)
        if raw_response is None:
            raw_response = HTTPResponse(0, attempts=0)
        self.message = message
        self.status_code = raw_response.status_code
        self.headers = raw_response.headers
        self.body = raw_response.text if body is None else body
        self.raw_response = raw_response

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> Any:
        # The constructors differ, so what is rebuilt is the state.
        return _rebuilt, (type(self), self.message, dict(self.__dict__))


def _rebuilt(error_type: type[ApideckError], message: str, state: dict[str, Any]) -> ApideckError:
    error = error_type.__new__(error_type)
    error.args = (message,)
    error.__dict__.update(state)
    return error


class BadRequestResponse(ApideckError):
    """400: the request does not make sense to the API."""

    data: BadRequestResponseData
    """The body as the API describes it."""

    def __init__(self, data: BadRequestResponseData, raw_response: HTTPResponse, body: Optional[str] = None) -> None:
        super().__init__(data.message or body or raw_response.text, raw_response, body)
        self.data = data


class UnauthorizedResponse(ApideckError):
    """401: the API key, or the connection's own credentials, were not accepted."""

    data: UnauthorizedResponseData
    """The body as the API describes it."""

    def __init__(self, data: UnauthorizedResponseData, raw_response: HTTPResponse, body: Optional[str] = None) -> None:
        super().__init__(data.message or body or raw_response.text, raw_response, body)
        self.data = data


class PaymentRequiredResponse(ApideckError):
    """402: the plan's requests are used up."""

    data: PaymentRequiredResponseData
    """The body as the API describes it."""

    def __init__(
        self, data: PaymentRequiredResponseData, raw_response: HTTPResponse, body: Optional[str] = None
    ) -> None:
        super().__init__(data.message or body or raw_response.text, raw_response, body)
        self.data = data


class NotFoundResponse(ApideckError):
    """404: there is no such connection or service."""

    data: NotFoundResponseData
    """The body as the API describes it."""

    def __init__(self, data: NotFoundResponseData, raw_response: HTTPResponse, body: Optional[str] = None) -> None:
        super().__init__(data.message or body or raw_response.text, raw_response, body)
        self.data = data


class ConflictResponse(ApideckError):
    """409: the request conflicts with what is stored, such as a connection that exists already."""

    data: ConflictResponseData
    """The body as the API describes it."""

    def __init__(self, data: ConflictResponseData, raw_response: HTTPResponse, body: Optional[str] = None) -> None:
        super().__init__(data.message or body or raw_response.text, raw_response, body)
        self.data = data


class UnprocessableResponse(ApideckError):
    """422: the request makes sense but cannot be done, such as a setting that no form field has."""

    data: UnprocessableResponseData
    """The body as the API describes it."""

    def __init__(self, data: UnprocessableResponseData, raw_response: HTTPResponse, body: Optional[str] = None) -> None:
        super().__init__(data.message or body or raw_response.text, raw_response, body)
        self.data = data


class APIError(ApideckError):
    """Any other status outside 2xx, redirects included: those are never followed."""


class RateLimitedError(APIError):
    """429, after retries. `retry_after_ms` says how long to wait, where the server did."""


class ResponseValidationError(ApideckError):
    """A 2xx whose body is not what it should be: no JSON, cut short, too large, or not HTTP at all."""

    @property
    def cause(self) -> Optional[BaseException]:
        """The error underneath, if there is one."""
        return self.__cause__


class NoResponseError(ApideckError):
    """No answer came. `ConnectionFailedError` and `TimeoutExceededError` say why."""

    def __init__(
        self,
        message: str = "No response received",
        raw_response: Optional[HTTPResponse] = None,
        body: Optional[str] = None,
    ) -> None:
        super().__init__(message, raw_response, body)


class ConnectionFailedError(NoResponseError, ConnectionError):
    """Name lookup, connect or TLS failed, or the connection broke."""


class TimeoutExceededError(NoResponseError, TimeoutError):
    """The call did not end within its `timeout_ms`."""


class ArgumentValueError(ApideckError, ValueError):
    """An argument that cannot be sent. Nothing was sent. The message names the keyword."""


class ArgumentTypeError(ApideckError, TypeError):
    """An argument of the wrong type. Nothing was sent. The message names the keyword."""


class ClientClosedError(ApideckError, ValueError):
    """The client was closed before the call."""


class CallCancelledError(ApideckError):
    """The call was cancelled from another thread."""


class InternalError(ApideckError):
    """A defect in the library. Please report it."""
