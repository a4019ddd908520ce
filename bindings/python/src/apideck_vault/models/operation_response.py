"""What the responses of all operations have in common."""

from __future__ import annotations

from .._json import decode, is_object, page_decoder
from .._response import Response
from ._model import Model
from .connection import Connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Type, TypeVar

    M = TypeVar("M", bound="OperationResponse")


_SCALARS = frozenset({"str", "bool", "float", "int"})


def _members() -> Any:
    """The members of a connection, each with whether it is a scalar: those are worth decoding with the list."""
    from . import connection

    for name, field in Connection._fields.items():
        annotation = field.annotation[len("Optional[") : -1]
        named = getattr(connection, annotation, None)
        yield name, annotation in _SCALARS or hasattr(named, "_value2member_map_")


_page_decoder: Any = None


def decode_connections(text: Any) -> Any:
    """The members of a list answer, its connections left undecoded as far as possible."""
    global _page_decoder
    if _page_decoder is None:
        _page_decoder = page_decoder(_members())
    return _page_decoder(text)


class OperationResponse(Model):
    """The response to an operation. Each part is decoded when a program first reads its attribute."""

    __slots__ = ()

    @classmethod
    def _over(cls: Type[M], response: Response) -> M:
        made = cls.__new__(cls)
        made._source = response
        return made

    def _lookup(self, name: str) -> Any:
        response = self._source
        if type(response) is not Response:  # a program made this object, for example in its tests
            return super()._lookup(name)
        field = type(self)._fields.get(name)
        if field is None:
            return self._additional(name)
        if name == "http_meta":
            value: Any = response.http_meta()
        elif name == "headers":
            value = {header: [text] for header, text in response.http_meta().response.headers.items()}
        elif name == "unexpected_error_response":
            value = None
        else:
            decoder = decode_connections if name == "get_connections_response" else decode
            value = field.read(decoder(response.body()))
        self.__dict__[name] = value
        return value

    if not TYPE_CHECKING:
        __getattr__ = _lookup

    def _members(self) -> Dict[str, Any]:
        if type(self._source) is not Response:
            return super()._members()
        members = {name: getattr(self, name) for name in self._fields if name != "http_meta"}
        return {name: value for name, value in members.items() if value is not None}

    def __reduce__(self) -> Any:
        if type(self._source) is not Response:
            return super().__reduce__()
        return type(self)._over, (self._source,)

    def __copy__(self) -> Any:
        if type(self._source) is not Response:
            return super().__copy__()
        copied = type(self)._over(self._source)
        copied.__dict__.update(self.__dict__)
        return copied


class PageResponse(OperationResponse):
    """The response to an operation that returns one page of several."""

    __slots__ = ("_next_call",)

    def _remember(self, call: Any) -> None:
        """Keeps the group, the operation and the keywords that requested this page."""
        self._next_call: Any = call

    def next(self) -> Any:
        """Requests the next page, with the keywords that requested this one.

        Returns:
            The response with the next page, or `None` if this page is the last one.

        Raises:
            models.ApideckError: The call failed.
            ValueError: This response was unpickled, so it has no client. Call the operation with `cursor`.
        """
        if type(self._source) is not Response:
            return self._made_by_hand()
        cursor = self._next_cursor()
        if cursor is None:
            return None
        operations, operation, keywords = self._call_of_this_page()
        return operations._page(operation, type(self), {**keywords, "cursor": cursor})

    async def next_async(self) -> Any:
        """Does what `next` does, without blocking the event loop."""
        if type(self._source) is not Response:
            return self._made_by_hand()
        cursor = self._next_cursor()
        if cursor is None:
            return None
        operations, operation, keywords = self._call_of_this_page()
        return await operations._page_async(operation, type(self), {**keywords, "cursor": cursor})

    def _next_cursor(self) -> Optional[str]:
        value: Any = decode(self._source.body())
        for name in ("meta", "cursors", "next"):
            value = value.get(name) if is_object(value) else None
        return None if value is None or not str(value).strip() else str(value)

    def _call_of_this_page(self) -> Any:
        try:
            return self._next_call
        except AttributeError:
            from .base_errors import ArgumentValueError

            raise ArgumentValueError(
                "next: this response was unpickled and has no client; pass meta.cursors.next as cursor instead"
            ) from None

    def _made_by_hand(self) -> Any:
        """Returns what the function `next` returns that a program gave to the constructor."""
        function = self._members().get("next")
        return None if function is None else function()

    def __copy__(self) -> Any:
        copied = super().__copy__()
        if hasattr(self, "_next_call"):
            copied._remember(self._next_call)
        return copied

    def __deepcopy__(self, memo: Any) -> Any:
        from copy import deepcopy

        copied = self.__copy__()
        copied.__dict__.update(deepcopy(self.__dict__, memo))
        return copied
