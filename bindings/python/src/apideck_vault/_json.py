"""JSON text to Python values and back, by `msgspec`, which is imported when the first answer is read.

`msgspec` reads a list of connections about ten times faster than the standard library, because it can leave parts of
it undecoded. What it will not read although the core let it pass (a lone surrogate, a number beyond a double's range)
is left to the standard library, so that no answer is unreadable.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Optional, Tuple, Union

    Text = Union[bytes, memoryview]


def is_object(value: Any) -> bool:
    """Whether a value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> bool:
    """Whether a value is a JSON array."""
    return isinstance(value, list)


def encode(value: Any, indent: Optional[int] = None) -> bytes:
    """JSON text of plain values. `UnicodeEncodeError` for a lone surrogate."""
    import msgspec

    text = msgspec.json.encode(value)
    return text if indent is None else msgspec.json.format(text, indent=indent)


def decode(text: Any) -> Any:
    """Plain values of JSON text."""
    import msgspec

    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        import json

        return json.loads(bytes(text))


def decode_part(part: Any) -> Any:
    """The value of a record's member: undecoded JSON is decoded, anything else is a value already."""
    import msgspec

    return decode(part) if type(part) is msgspec.Raw else part


class _Page:
    """A list answer, for what its records leave out."""

    __slots__ = ("_items", "_text")

    def __init__(self, text: Text) -> None:
        self._text = text
        self._items: Any = None

    def item(self, index: int) -> Any:
        """One of its items in full, unknown members included."""
        if self._items is None:
            import msgspec

            self._items = msgspec.json.decode(self._text, type=dict[str, msgspec.Raw])["data"]
            self._items = msgspec.json.decode(self._items, type=list[msgspec.Raw])
        return decode(self._items[index])


def _whole(record: Any) -> Any:
    page, index = record.origin
    return page.item(index)


def _reduced(record: Any) -> Any:
    return dict, (_whole(record),)


def page_decoder(members: Iterable[Tuple[str, bool]]) -> Callable[[Text], Any]:
    """A decoder of `{"data": […], …}` that leaves the larger members of each item undecoded.

    Its items are records: they have the members as attributes, and the whole item as `_as_json()`.

    :param members: The names of an item's members, each with whether it is a scalar and so worth decoding at once.
    """
    from typing import Any

    import msgspec

    record = msgspec.defstruct(
        "Record",
        [(name, Any if scalar else msgspec.Raw, None) for name, scalar in members] + [("origin", msgspec.Raw, None)],
        namespace={"_as_json": _whole, "__reduce__": _reduced},
        gc=False,
    )
    page = msgspec.defstruct(
        "Page",
        [(name, Any, msgspec.UNSET) for name in ("status_code", "status", "meta", "_raw")] + [("data", list[record])],  # type: ignore[valid-type]
        kw_only=True,
    )
    decode_page = msgspec.json.Decoder(page).decode

    def decoder(text: Text) -> Any:
        try:
            found = decode_page(text)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return decode(text)  # no list of objects: handed over as it is
        members: Dict[str, Any] = msgspec.structs.asdict(found)
        origin = _Page(text)
        for index, item in enumerate(members["data"]):
            item.origin = origin, index
        return {name: value for name, value in members.items() if value is not msgspec.UNSET}

    return decoder
