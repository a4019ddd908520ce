"""A response of the core. Nothing of it is decoded before a program asks for it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Union

    from .models.http import HTTPMetadata, HTTPResponse

# The text of a success is {"http":{...},"body":...}. No JSON string contains these bytes, because its quotes would be
# escaped, and no object in the HTTP part is followed by a member of that name. So the body begins after the first ones.
BODY = b'},"body":'
_HTTP = b'{"http":'
_HEAD = 4096


class Response:
    """The response to a call that succeeded.

    Args:
        text: The core's JSON text.
    """

    __slots__ = ("text",)

    def __init__(self, text: Union[bytes, memoryview]) -> None:
        self.text = text

    @staticmethod
    def is_success(text: Union[bytes, memoryview]) -> bool:
        """Returns whether a text of the core is that of a success."""
        return bytes(text[: len(_HTTP)]) == _HTTP

    def _body_start(self) -> int:
        found = bytes(self.text[:_HEAD]).find(BODY)
        if found < 0:  # the headers are unusually long
            found = bytes(self.text).index(BODY)
        return found + len(BODY)

    def body(self) -> memoryview:
        """Returns the JSON text of the body, without copying it."""
        return memoryview(self.text)[self._body_start() : -1]

    def http_meta(self) -> HTTPMetadata:
        """Returns the HTTP exchange."""
        from urllib.parse import unquote, urlsplit

        from ._json import decode
        from .models.http import HTTPMetadata, HTTPRequest

        http: Any = decode(memoryview(self.text)[len(_HTTP) : self._body_start() - len(BODY) + 1])
        url: str = http["url"]
        request = HTTPRequest(http["method"], unquote(urlsplit(url).path), url)
        return HTTPMetadata(http_response(http, self.body()), request)

    def __reduce__(self) -> Any:
        return Response, (bytes(self.text),)


def http_response(http: Any, body: Any) -> HTTPResponse:
    """Returns the HTTP part of a response with the text of its body. `null` stands for no body."""
    from .models.http import HTTPResponse

    return HTTPResponse(
        http["status"], http.get("headers"), b"" if body == b"null" else body, attempts=http.get("attempts", 1)
    )
