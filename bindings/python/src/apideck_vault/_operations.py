"""The one path of a call, whichever operation it is: arguments, request text, core, response."""

from __future__ import annotations

from . import _plain, _request
from ._configuration import Part
from ._response import Response
from ._unset import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Collection, Dict, Mapping, Optional, Type, TypeVar, Union

    from .models.operation_response import OperationResponse, PageResponse

    R = TypeVar("R", bound=OperationResponse)
    P = TypeVar("P", bound=PageResponse)

# The keywords that every operation has. Some have no `consumer_id`.
_FOR_THIS_CALL = {"consumer_id": str, "app_id": str, "server_url": str, "timeout_ms": int}


class Operation:
    """What the keywords of a method become in a request of the core.

    Args:
        name: The name of the operation.
        required: The keywords that must be given, with their types: `str`, `bool`, `int`, or `object` for any value
            that JSON can express.
        optional: The keywords that may be given, with their types.
        body: The key of the request whose value is the body.
        members: The keywords that are members of the body.
        nullable: The keywords for which `None` is sent as `null`.
        empty: The keyword for a body that is always empty.
    """

    __slots__ = ("_body", "_empty", "_members", "_nullable", "_optional", "_required", "name")

    def __init__(
        self,
        name: str,
        *,
        required: Mapping[str, Any] = {},  # noqa: B006
        optional: Mapping[str, Any] = {},  # noqa: B006
        body: Optional[str] = None,
        members: Collection[str] = (),
        nullable: Collection[str] = (),
        empty: Optional[str] = None,
    ) -> None:
        self.name = name.encode()
        self._required = required
        self._optional = {
            keyword: expected for keyword, expected in {**_FOR_THIS_CALL, **optional}.items() if keyword not in required
        }
        self._body = body
        self._members = members
        self._nullable = nullable
        self._empty = empty

    def request(self, keywords: Dict[str, Any], api_key: Any) -> bytes:
        """Returns the text of a request.

        Args:
            keywords: The keywords of the method.
            api_key: The client's API key, or the function that returns one.

        Raises:
            ArgumentTypeError, ArgumentValueError: A keyword cannot be sent. The message names it.
        """
        request: Dict[str, Any] = {}
        body: Dict[str, Any] = {name: keywords[name] for name in self._members}
        for name, expected in self._required.items():
            value = keywords[name]
            if type(value) is not expected:
                value = _request.scalar(name, value, expected)
            (body if name in body else request)[name] = value
        for name, expected in self._optional.items():
            value = keywords.get(name)
            if value is UNSET or (value is None and name not in self._nullable):
                continue
            if type(value) is expected:
                request[name] = value
            elif value is None or expected is object:
                request[name.rstrip("_")] = _plain.plain(value, name)  # `filter_` is `filter` in the core
            else:
                request[name] = _request.scalar(name, value, expected)
        if keywords["retries"] is not UNSET:
            request["retries"] = _request.retries("retries", keywords["retries"])
        if keywords["http_headers"] is not None:
            request["http_headers"] = _request.strings("http_headers", keywords["http_headers"])
        if self._body is not None:
            request[self._body] = _request.body(body, self._nullable)
        elif self._empty is not None:
            _request.empty(self._empty, keywords[self._empty])
        if callable(api_key):
            request["api_key"] = _request.key_for_this_call(api_key)
        return _request.text(request, self._body)

    def response(self, text: Union[bytes, memoryview], result: Type[R]) -> R:
        """Returns the response that a text of the core stands for.

        Args:
            text: The text.
            result: The type of the response.

        Raises:
            ApideckError: The text is that of a failure.
        """
        if Response.is_success(text):
            return result._over(Response(text))
        from ._failure import exception

        raise exception(text, self._in_keywords)

    def _in_keywords(self, message: str) -> str:
        """Returns a message about an argument of the core as one about a keyword."""
        if self._body is not None and message.startswith(f"{self._body}."):
            return message[len(self._body) + 1 :]
        key = message[: len(message) - len(message.lstrip("abcdefghijklmnopqrstuvwxyz_"))]
        return f"{key}_{message[len(key) :]}" if f"{key}_" in self._optional else message


class Operations(Part):
    """A group of operations of one client."""

    def _call(self, operation: Operation, result: Type[R], keywords: Dict[str, Any]) -> R:
        """Makes a call and returns its response.

        Args:
            operation: The operation.
            result: The type of the response.
            keywords: The keywords of the method.
        """
        configuration = self._configuration
        request = operation.request(keywords, configuration.api_key)
        return operation.response(configuration.call(operation.name, request), result)

    async def _call_async(self, operation: Operation, result: Type[R], keywords: Dict[str, Any]) -> R:
        """Does what `_call` does, without blocking the event loop."""
        configuration = self._configuration
        request = operation.request(keywords, configuration.api_key)
        return operation.response(await configuration.call_async(operation.name, request), result)

    def _page(self, operation: Operation, result: Type[P], keywords: Dict[str, Any]) -> P:
        """Does what `_call` does, for a response that has a next page."""
        page = self._call(operation, result, keywords)
        page._remember((self, operation, keywords))
        return page

    async def _page_async(self, operation: Operation, result: Type[P], keywords: Dict[str, Any]) -> P:
        """Does what `_page` does, without blocking the event loop."""
        page = await self._call_async(operation, result, keywords)
        page._remember((self, operation, keywords))
        return page
