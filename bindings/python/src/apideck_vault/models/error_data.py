"""What the API says about an error, in the body of its answer: `error.data`."""

from __future__ import annotations

from ._model import Model, OpenModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

    from .unions import (
        BadRequestResponseDetail,
        ConflictResponseDetail,
        Detail,
        NotFoundResponseDetail,
        UnauthorizedResponseDetail,
        UnprocessableResponseDetail,
    )

__all__ = [
    "BadRequestResponseData",
    "ConflictResponseData",
    "Debug",
    "DetailUnauthorizedResponse2",
    "DownstreamErrors",
    "NotFoundResponseData",
    "PaymentRequiredResponseData",
    "Request",
    "Response",
    "UnauthorizedResponseData",
    "UnexpectedErrorResponse",
    "UnprocessableResponseData",
]


class DownstreamErrors(Model):
    """An error of the connector itself."""

    message: Optional[str] = None
    """The connector's message."""
    detail: Optional[str] = None
    """More about it."""
    code: Optional[str] = None
    """The connector's code for it."""


class BadRequestResponseData(Model):
    """The body of a 400."""

    status_code: Optional[float] = None
    """The HTTP status as the body repeats it."""
    error: Optional[str] = None
    """The HTTP status in words."""
    type_name: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    detail: Optional[BadRequestResponseDetail] = None
    """More about it: text, or an object."""
    ref: Optional[str] = None
    """Where this kind of error is documented."""
    downstream_errors: Optional[List[DownstreamErrors]] = None
    """Errors of the connector, if it was the connector that failed."""


class Request(OpenModel):
    """A request that the API made of a connector."""


class Response(OpenModel):
    """What the connector answered."""


class Debug(Model):
    """How a token refresh failed."""

    request: Optional[Request] = None
    """The request that failed."""
    response: Optional[Response] = None
    """What was answered."""
    message: Optional[str] = None
    """The connector's or the network's message."""
    code: Optional[str] = None
    """The network's code, such as `ECONNREFUSED`."""
    credentials_expire_at_ms: Optional[float] = None
    """When the credentials are deleted unless they are refreshed, in milliseconds since 1970."""
    retry_after_ms: Optional[float] = None
    """When another refresh is allowed, in milliseconds since 1970."""
    cooldown_remaining_ms: Optional[float] = None
    """How long until then, in milliseconds."""


class DetailUnauthorizedResponse2(OpenModel):
    """The detail of a 401, where it is an object."""

    type: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    debug: Optional[Debug] = None
    """How a token refresh failed, if that was it."""


def _read_UnauthorizedResponseDetail(value: Any) -> Any:  # pyright: ignore[reportUnusedFunction]  # found by its name
    return DetailUnauthorizedResponse2._read(value)


class UnauthorizedResponseData(Model):
    """The body of a 401."""

    status_code: Optional[float] = None
    """The HTTP status as the body repeats it."""
    error: Optional[str] = None
    """The HTTP status in words."""
    type_name: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    detail: Optional[UnauthorizedResponseDetail] = None
    """More about it: text, or an object."""
    ref: Optional[str] = None
    """Where this kind of error is documented."""


class PaymentRequiredResponseData(Model):
    """The body of a 402."""

    status_code: Optional[float] = None
    """The HTTP status as the body repeats it."""
    error: Optional[str] = None
    """The HTTP status in words."""
    type_name: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    detail: Optional[str] = None
    """More about it."""
    ref: Optional[str] = None
    """Where this kind of error is documented."""


class NotFoundResponseData(Model):
    """The body of a 404."""

    status_code: Optional[float] = None
    """The HTTP status as the body repeats it."""
    error: Optional[str] = None
    """The HTTP status in words."""
    type_name: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    detail: Optional[NotFoundResponseDetail] = None
    """More about it: text, or an object."""
    ref: Optional[str] = None
    """Where this kind of error is documented."""


class ConflictResponseData(Model):
    """The body of a 409."""

    status_code: Optional[float] = None
    """The HTTP status as the body repeats it."""
    error: Optional[str] = None
    """The HTTP status in words."""
    type_name: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    detail: Optional[ConflictResponseDetail] = None
    """More about it: text, or an object."""
    ref: Optional[str] = None
    """Where this kind of error is documented."""


class UnprocessableResponseData(Model):
    """The body of a 422."""

    status_code: Optional[float] = None
    """The HTTP status as the body repeats it."""
    error: Optional[str] = None
    """The HTTP status in words."""
    type_name: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    detail: Optional[UnprocessableResponseDetail] = None
    """More about it: text, or an object."""
    ref: Optional[str] = None
    """Where this kind of error is documented."""


class UnexpectedErrorResponse(Model):
    """The body of an error that has no type of its own."""

    status_code: Optional[float] = None
    """The HTTP status as the body repeats it."""
    error: Optional[str] = None
    """The HTTP status in words."""
    type_name: Optional[str] = None
    """The kind of error."""
    message: Optional[str] = None
    """What went wrong."""
    detail: Optional[Detail] = None
    """More about it: text, or an object."""
    ref: Optional[str] = None
    """Where this kind of error is documented."""
