"""A failed answer of the core, as the exception that stands for its status."""

from __future__ import annotations

from ._answer import BODY, http_response
from ._json import decode
from .models import error_data, errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Type, Union

# By the status names of the C header. The first six carry the body as the API describes it.
_DOCUMENTED: Dict[str, Any] = {
    "BAD_REQUEST": (errors.BadRequestResponse, error_data.BadRequestResponseData),
    "UNAUTHORIZED": (errors.UnauthorizedResponse, error_data.UnauthorizedResponseData),
    "PAYMENT_REQUIRED": (errors.PaymentRequiredResponse, error_data.PaymentRequiredResponseData),
    "NOT_FOUND": (errors.NotFoundResponse, error_data.NotFoundResponseData),
    "CONFLICT": (errors.ConflictResponse, error_data.ConflictResponseData),
    "UNPROCESSABLE": (errors.UnprocessableResponse, error_data.UnprocessableResponseData),
}
_OTHERS: Dict[str, Type[errors.ApideckError]] = {
    "INVALID_ARGUMENT": errors.ArgumentValueError,
    "INVALID_HANDLE": errors.ClientClosedError,
    "RATE_LIMITED": errors.RateLimitedError,
    "API_ERROR": errors.APIError,
    "CONNECTION": errors.ConnectionFailedError,
    "TIMEOUT": errors.TimeoutExceededError,
    "CANCELLED": errors.CallCancelledError,
    "INVALID_RESPONSE": errors.ResponseValidationError,
    "INTERNAL": errors.InternalError,
}


def exception(text: Union[bytes, memoryview]) -> errors.ApideckError:
    """The exception for a failed answer."""
    # {"error":{…},"http":{…},"body":…}: the last is left undecoded, as there are bodies that no reader takes.
    head, has_body, rest = bytes(text).partition(BODY)
    parts = decode(head + b"}}" if has_body else head)
    failure, http, body = parts["error"], parts.get("http"), rest[:-1] if has_body else None
    status: str = failure["status"]
    message: str = failure["message"]
    response = None
    if http is not None:
        # A body that is no JSON comes as a string: its text is what the server sent.
        if body is None:
            content = b""
        elif body[:1] == b'"':
            content = decode(body).encode("utf-8", "surrogatepass")
        else:
            content = body
        response = http_response(http, content)
    if status in _DOCUMENTED:
        error_type, data_type = _DOCUMENTED[status]
        members: Any = decode(body) if body is not None and body[:1] == b"{" else {}
        error: errors.ApideckError = error_type(data_type._read(members), response)
    else:
        if message.startswith(("connection.", "connection_import_data.")) and status == "INVALID_ARGUMENT":
            # In Python the members of these two are keywords of their own.
            message = message.partition(".")[2]
        error_type = _OTHERS.get(status, errors.InternalError)
        error = error_type(message, response)
    error.message = message
    error.args = (message,)
    error.retryable = bool(failure.get("retryable", False))
    error.retry_after_ms = failure.get("retry_after_ms")
    return error


def closed() -> errors.ClientClosedError:
    """What a call of a closed client raises."""
    return errors.ClientClosedError("this client is closed: make a new Apideck(), or call it inside its with block")
