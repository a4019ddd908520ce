"""One answer of the core: where the HTTP part ends and the body starts, and nothing decoded before it is asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Union

    from .models.http import HTTPMetadata, HTTPResponse

# A success is {"http":{…},"body":…}. No string can hold these bytes (its quotes would be escaped), and in the HTTP
# part no object is followed by a member of that name, so their first occurrence is where the body starts.
BODY = b'},"body":'
_HTTP = b'{"http":'
_HEAD = 4096


# What a URL is made from; the other parameters of a call are headers, or the core's business.
_IN_URL = ("unified_api", "service_id", "api", "configured")


class Answer:
    """A successful answer, as the core gave it.

    :param text: The core's JSON text.
    :param method: The HTTP method of the request.
    :param path: The path of the request, with the names of its parameters in braces.
    :param parameters: The parameters of the call.
    :param server_url: The client's server.
    """

    __slots__ = ("method", "parameters", "path", "server_url", "text")

    def __init__(
        self, text: Union[bytes, memoryview], method: str, path: str, parameters: Dict[str, Any], server_url: str
    ) -> None:
        self.text = text
        self.method = method
        self.path = path
        self.parameters = parameters
        self.server_url = server_url

    @staticmethod
    def is_one(text: Union[bytes, memoryview]) -> bool:
        """Whether a text is a success."""
        return bytes(text[: len(_HTTP)]) == _HTTP

    def _body_start(self) -> int:
        found = bytes(self.text[:_HEAD]).find(BODY)
        if found < 0:  # a head of unusual size
            found = bytes(self.text).index(BODY)
        return found + len(BODY)

    def body(self) -> memoryview:
        """The body's JSON text, not copied."""
        return memoryview(self.text)[self._body_start() : -1]

    def http_meta(self) -> HTTPMetadata:
        """The HTTP exchange."""
        from ._json import decode
        from .models.http import HTTPMetadata, HTTPRequest

        http = decode(memoryview(self.text)[len(_HTTP) : self._body_start() - len(BODY) + 1])
        path = self.path.format(**self.parameters)
        return HTTPMetadata(http_response(http, self.body()), HTTPRequest(self.method, path, self._url()))

    def _url(self) -> str:
        from urllib.parse import quote, urlencode

        given: Dict[str, Any] = {name: self.parameters.get(name) for name in _IN_URL}
        url = (self.parameters["server_url"] or self.server_url).rstrip("/")
        url += self.path.format(**{name: quote(str(value), safe="") for name, value in given.items()})
        query = {name: str(given[name]) for name in ("api", "configured") if given[name] is not None}
        if "configured" in query:
            query["configured"] = query["configured"].lower()
        return f"{url}?{urlencode(query)}" if query else url

    def __reduce__(self) -> Any:
        parameters = {name: self.parameters.get(name) for name in (*_IN_URL, "server_url")}
        return Answer, (bytes(self.text), self.method, self.path, parameters, self.server_url)


def http_response(http: Any, body: Any) -> HTTPResponse:
    """The HTTP part of an answer, with the body's text. `null` stands for no body."""
    from .models.http import HTTPResponse

    return HTTPResponse(
        http["status"], http.get("headers"), b"" if body == b"null" else body, attempts=http.get("attempts", 1)
    )
