"""What the responses of all operations have in common."""

from __future__ import annotations

import msgspec

from .._json import decode, is_object
from .._response import Response
from ._field import Field
from ._model import Model, restored
from ._struct import made

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Type, TypeVar

    M = TypeVar("M", bound="OperationResponse")


class OperationResponse(Model):
    """The response to an operation. Each part is decoded when a program first reads its attribute."""

    _is_deferred = True

    @classmethod
    def _over(cls: Type[M], response: Response) -> M:
        new: M = made(cls, dict.fromkeys(cls._fields, msgspec.Raw()), response)
        return new

    def _decoded(self, field: Field, text: Any) -> Any:
        response = self._origin()
        if field.name == "http_meta":
            return response.http_meta()
        if field.name == "headers":
            return {header: [text] for header, text in response.http_meta().response.headers.items()}
        return None if field.name == "unexpected_error_response" else field.decode(response.body())

    def _members(self) -> Dict[str, Any]:
        if type(self._origin()) is not Response:
            return super()._members()
        members = {name: getattr(self, name) for name in self._fields if name != "http_meta"}
        return {name: value for name, value in members.items() if value is not None}

    def __reduce__(self) -> Any:
        origin = self._origin()
        if type(origin) is not Response:
            return super().__reduce__()
        # Parts that were read may have been changed.
        read = {name: field.get(self) for name, field in self._fields.items() if name not in ("http_meta", "headers")}
        read = {name: value for name, value in read.items() if type(value) is not msgspec.Raw}
        return type(self)._unpickled, (origin, read)

    @classmethod
    def _unpickled(cls: Type[M], response: Response, read: Dict[str, Any]) -> M:
        unpickled = cls._over(response)
        for name, value in read.items():
            cls._fields[name].put(unpickled, value)
        return unpickled

    def __copy__(self) -> Any:
        return self._copied(lambda value: value)

    def __deepcopy__(self, memo: Any) -> Any:
        from copy import deepcopy

        return self._copied(lambda value: deepcopy(value, memo))

    def _copied(self, copy: Callable[[Any], Any]) -> Any:
        origin = self._origin()
        if type(origin) is not Response:
            return restored(type(self), copy(self._members()))
        copied: Any = type(self)._over(origin)
        for field in self._fields.values():
            value = field.get(self)
            if type(value) is not msgspec.Raw:
                field.put(copied, copy(value))
        return copied


class PageResponse(OperationResponse):
    """The response to an operation that returns one page of several."""

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
        if type(self._origin()) is not Response:
            return self._made_by_hand()
        cursor = self._next_cursor()
        if cursor is None:
            return None
        operations, operation, keywords = self._call_of_this_page()
        return operations._page(operation, type(self), {**keywords, "cursor": cursor})

    async def next_async(self) -> Any:
        """Does what `next` does, without blocking the event loop."""
        if type(self._origin()) is not Response:
            return self._made_by_hand()
        cursor = self._next_cursor()
        if cursor is None:
            return None
        operations, operation, keywords = self._call_of_this_page()
        return await operations._page_async(operation, type(self), {**keywords, "cursor": cursor})

    def _next_cursor(self) -> Optional[str]:
        value: Any = decode(self._origin().body())
        for name in ("meta", "cursors", "next"):
            members: Any = value if is_object(value) else {}
            value = members.get(name)
        if type(value) in (int, float):
            value = str(value)
        return value if isinstance(value, str) and value.strip() else None

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
        return self._with_next_call(super().__copy__())

    def __deepcopy__(self, memo: Any) -> Any:
        return self._with_next_call(super().__deepcopy__(memo))

    def _with_next_call(self, copied: Any) -> Any:
        if hasattr(self, "_next_call"):
            copied._remember(self._next_call)
        return copied
