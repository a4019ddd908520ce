"""A failed call as the exception for its status."""

from __future__ import annotations

from ._json import decode
from ._response import BODY, http_response
from .models import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Union


def exception(
    text: Union[bytes, memoryview], in_keywords: Optional[Callable[[str], str]] = None
) -> errors.ApideckError:
    """Returns the exception for a failure.

    Args:
        text: The core's JSON text.
        in_keywords: Returns a message about an argument of the core as one about a keyword.
    """
    # {"error":{...},"http":{...},"body":...}: the body is split off first, because it need not be readable.
    head, has_body, rest = bytes(text).partition(BODY)
    parts = decode(head + b"}}" if has_body else head)
    failure, http, body = parts["error"], parts.get("http"), rest[:-1] if has_body else None
    status: str = failure["status"]
    message: str = failure["message"]
    response = None
    if http is not None:
        # A body that is not JSON comes as a JSON string of the text that the server sent.
        if body is None:
            content = b""
        elif body[:1] == b'"':
            content = decode(body).encode("utf-8", "surrogatepass")
        else:
            content = body
        response = http_response(http, content)
    if status in errors.WITH_DATA:
        error_type, data_type = errors.WITH_DATA[status]
        members: Any = decode(body) if body is not None and body[:1] == b"{" else {}
        error: errors.ApideckError = error_type(data_type._read(members), response)
    else:
        if status == "INVALID_ARGUMENT" and in_keywords is not None:
            message = in_keywords(message)
        error = errors.BY_STATUS.get(status, errors.InternalError)(message, response)
    error.message = message
    error.args = (message,)
    error.retryable = bool(failure.get("retryable", False))
    error.retry_after_ms = failure.get("retry_after_ms")
    return error


def closed() -> errors.ClientClosedError:
    """Returns the exception for a call of a closed client."""
    return errors.ClientClosedError("this client is closed: make a new Apideck(), or call it inside its with block")
