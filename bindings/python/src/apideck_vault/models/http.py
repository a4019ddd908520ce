"""The HTTP exchange behind a result: `res.http_meta`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Union

    _StringDict = Dict[str, str]
else:
    _StringDict = dict


__all__ = ["HTTPMetadata", "HTTPRequest", "HTTPResponse", "Headers"]


class Headers(_StringDict):
    """Response headers. Names are lower-case and found in any spelling; repeated headers are joined by `, `."""

    def __init__(self, headers: Union[Mapping[str, str], Iterable[Tuple[str, str]]] = (), /) -> None:
        found: Dict[str, str] = dict(headers)
        super().__init__({name.lower(): value for name, value in found.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """The header's value, or `default` if it was not sent."""
        return super().get(name.lower(), default)

    def get_list(self, name: str) -> List[str]:
        """The header's value as a list of one, or an empty one."""
        return [self[name]] if name in self else []

    def multi_items(self) -> List[Tuple[str, str]]:
        """Names and values."""
        return list(self.items())


class HTTPRequest:
    """What was asked for. Its headers and body are left out: they hold credentials."""

    __slots__ = ("method", "path", "url")

    method: str
    """The HTTP method."""
    path: str
    """The path below the server's URL."""
    url: str
    """The URL. Holds no secret."""

    def __init__(self, method: str, path: str, url: str = "") -> None:
        self.method = method
        self.path = path
        self.url = url

    def __reduce__(self) -> Any:
        return HTTPRequest, (self.method, self.path, self.url)

    def __repr__(self) -> str:
        return f"<HTTPRequest [{self.method} {self.path}]>"


class HTTPResponse:
    """What was answered, body untouched.

    :param status_code: The HTTP status.
    :param headers: The headers, by lower-case name.
    :param content: The body.
    :param attempts: How many attempts it took.
    """

    __slots__ = ("_content", "attempts", "headers", "status_code")

    status_code: int
    """The HTTP status; 0 where no answer came."""
    headers: Headers
    """The headers."""
    attempts: int
    """How many attempts it took; 0 where none was made."""

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
        """The body, after decompression: JSON byte for byte as the server sent it.

        The body of an error that is no JSON is its first 4 KiB, with what is no UTF-8 replaced.
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
        """The status in words; empty for one without a name."""
        from http import HTTPStatus

        try:
            return HTTPStatus(self.status_code).phrase
        except ValueError:
            return ""

    def raise_for_status(self) -> HTTPResponse:
        """This response if its status is 2xx, else an `APIError`."""
        if not self.is_success:
            from .errors import APIError

            raise APIError(f"HTTP {self.status_code} {self.reason_phrase}".rstrip(), self)
        return self

    def json(self) -> Any:
        """The body as dictionaries, lists and scalars, with every member the server sent."""
        from .._json import decode

        return decode(self.content)

    def __repr__(self) -> str:
        return f"<HTTPResponse [{self.status_code}]>"

    def __reduce__(self) -> Any:
        return _response, (self.status_code, dict(self.headers), self.content, self.attempts)


def _response(status_code: int, headers: Dict[str, str], content: bytes, attempts: int) -> HTTPResponse:
    return HTTPResponse(status_code, headers, content, attempts=attempts)


class HTTPMetadata:
    """Request and response of a call.

    :param response: What was answered.
    :param request: What was asked for.
    """

    __slots__ = ("request", "response")

    response: HTTPResponse
    """What was answered; its `text` is the untouched JSON."""
    request: HTTPRequest
    """What was asked for."""

    def __init__(self, response: Optional[HTTPResponse] = None, request: Optional[HTTPRequest] = None) -> None:
        self.response = response or HTTPResponse(0, attempts=0)
        self.request = request or HTTPRequest("", "")

    def __repr__(self) -> str:
        return f"HTTPMetadata(request={self.request!r}, response={self.response!r})"

    def __reduce__(self) -> Any:
        return HTTPMetadata, (self.response, self.request)
