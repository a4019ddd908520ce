"""The HTTP exchange behind a result, `res.http_meta`, and the exception that carries one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Type, Union

    _StringDict = Dict[str, str]
else:
    _StringDict = dict


__all__ = ["APIError", "ApideckError", "HTTPMetadata", "HTTPRequest", "HTTPResponse", "Headers"]


class Headers(_StringDict):
    """The headers of a response. Names are lower-case and found in any case. Repeated headers are joined by `, `."""

    def __init__(self, headers: Union[Mapping[str, str], Iterable[Tuple[str, str]]] = (), /) -> None:
        found: Dict[str, str] = dict(headers)
        super().__init__({name.lower(): value for name, value in found.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Returns the value of a header, or `default` if it was not sent."""
        return super().get(name.lower(), default)

    def get_list(self, name: str) -> List[str]:
        """Returns a list of the header's value, or an empty list."""
        return [self[name]] if name in self else []

    def multi_items(self) -> List[Tuple[str, str]]:
        """Returns the names and values."""
        return list(self.items())


class HTTPRequest:
    """A request, without its headers and body, because they contain credentials."""

    __slots__ = ("method", "path", "url")

    method: str
    """The HTTP method."""
    path: str
    """The path of the URL, decoded."""
    url: str
    """The URL, without credentials."""

    def __init__(self, method: str, path: str, url: str = "") -> None:
        self.method = method
        self.path = path
        self.url = url

    def __reduce__(self) -> Any:
        return HTTPRequest, (self.method, self.path, self.url)

    def __repr__(self) -> str:
        return f"<HTTPRequest [{self.method} {self.path}]>"


class HTTPResponse:
    """A response, with its body as the server sent it.

    Args:
        status_code: The HTTP status.
        headers: The headers.
        content: The body.
        attempts: The number of attempts that were made.
    """

    __slots__ = ("_content", "attempts", "headers", "status_code")

    status_code: int
    """The HTTP status; 0 if no response came."""
    headers: Headers
    """The headers."""
    attempts: int
    """The number of attempts that were made."""

    def __init__(
        self,
        status_code: int,
        headers: Optional[Mapping[str, str]] = None,
        content: Union[bytes, memoryview] = b"",
        *,
        attempts: int = 1,
    ) -> None:
        self.status_code = status_code
        self.headers = Headers(headers or {})
        self.attempts = attempts
        self._content = content

    @property
    def content(self) -> bytes:
        """The body after decompression, byte for byte.

        The body of an error that is not JSON is cut after 4 KiB, and bytes that are not UTF-8 are replaced.
        """
        if not isinstance(self._content, bytes):
            self._content = bytes(self._content)
        return self._content

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    @property
    def is_error(self) -> bool:
        """Whether the status is 4xx or 5xx."""
        return 400 <= self.status_code < 600

    @property
    def reason_phrase(self) -> str:
        """The status in words; empty for a status without a name."""
        from http import HTTPStatus

        try:
            return HTTPStatus(self.status_code).phrase
        except ValueError:
            return ""

    def raise_for_status(self) -> HTTPResponse:
        """Returns this response.

        Raises:
            APIError: The status is not 2xx.
        """
        if not self.is_success:
            raise APIError(f"HTTP {self.status_code} {self.reason_phrase}".rstrip(), self)
        return self

    def json(self) -> Any:
        """Returns the body as dictionaries, lists and scalars, with every member that the server sent."""
        from .._json import decode

        return decode(self.content)

    def __repr__(self) -> str:
        return f"<HTTPResponse [{self.status_code}]>"

    def __reduce__(self) -> Any:
        return _response, (self.status_code, dict(self.headers), self.content, self.attempts)


def _response(status_code: int, headers: Dict[str, str], content: bytes, attempts: int) -> HTTPResponse:
    return HTTPResponse(status_code, headers, content, attempts=attempts)


class HTTPMetadata:
    """The request and the response of a call.

    Args:
        response: The response.
        request: The request.
    """

    __slots__ = ("request", "response")

    response: HTTPResponse
    """The response; its `text` is the JSON as the server sent it."""
    request: HTTPRequest
    """The request."""

    def __init__(self, response: Optional[HTTPResponse] = None, request: Optional[HTTPRequest] = None) -> None:
        self.response = response or HTTPResponse(0, attempts=0)
        self.request = request or HTTPRequest("", "")

    def __repr__(self) -> str:
        return f"HTTPMetadata(request={self.request!r}, response={self.response!r})"

    def __reduce__(self) -> Any:
        return HTTPMetadata, (self.response, self.request)


class ApideckError(Exception):
    """The base class of every exception of this package.

    Args:
        message: What went wrong, and where.
        raw_response: The response, if one came.
        body: The body as text. Default: that of the response.
    """

    message: str
    """What went wrong, and where. It contains no secret."""
    status_code: int
    """The HTTP status; 0 if no response came."""
    body: str
    """The body of the response as text; empty if no response came."""
    headers: Headers
    """The headers of the response."""
    raw_response: HTTPResponse
    """The response."""
    retryable: bool = False
    """Whether the same call may succeed later."""
    retry_after_ms: Optional[int] = None
    """The time that the server asks to wait before that, in milliseconds."""

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
        # The constructors of the subclasses differ, so the state is restored without them.
        return _restored, (type(self), self.message, dict(self.__dict__))


def _restored(error_type: Type[ApideckError], message: str, state: Dict[str, Any]) -> ApideckError:
    error = error_type.__new__(error_type)
    error.args = (message,)
    error.__dict__.update(state)
    return error


class APIError(ApideckError):
    """A response with any other status outside 2xx. Redirects are never followed, so 3xx is one."""
