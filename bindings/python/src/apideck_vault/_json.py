"""JSON text to plain Python values and back, by `msgspec`.

`msgspec` is several times as fast as the standard library. It refuses some texts that the core accepts (half of a
surrogate pair, a number beyond the range of a double). The standard library decodes those, so that every response can
be read. An integer with more digits than Python converts becomes a float.
"""

from __future__ import annotations

import msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
"""What `msgspec` raises for a text that it refuses."""


def is_object(value: Any) -> bool:
    """Returns whether a value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: Any) -> bool:
    """Returns whether a value is a JSON array."""
    return isinstance(value, list)


def encode(value: Any, indent: Optional[int] = None) -> bytes:
    """Returns the JSON text of a plain value.

    Args:
        value: The value.
        indent: The number of spaces to indent by. Default: the text is one line.

    Raises:
        UnicodeEncodeError: A string contains half of a surrogate pair.
    """
    text = msgspec.json.encode(value)
    return text if indent is None else msgspec.json.format(text, indent=indent)


def decode(text: Any) -> Any:
    """Returns the plain value of a JSON text."""
    try:
        return msgspec.json.decode(text)
    except UNREADABLE:
        import json

        return json.loads(bytes(text), parse_int=_integer)


def _integer(digits: str) -> Any:
    try:
        return int(digits)
    except ValueError:
        return float(digits)
