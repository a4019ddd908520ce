"""What a model was made from, and what a program changed in it since."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import msgspec

from .._json import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set

decode_members: Any = msgspec.json.Decoder(Dict[str, msgspec.Raw]).decode
decode_items: Any = msgspec.json.Decoder(List[msgspec.Raw]).decode
_decode_items_members: Any = msgspec.json.Decoder(List[Dict[str, msgspec.Raw]]).decode


class Text:
    """The JSON text that models were decoded from.

    Args:
        text: An object, or an array of objects.
        key: The member of each object whose items the models are. `None`: the models are the objects themselves.
        is_array: Whether the text is an array.
    """

    __slots__ = ("_items", "_key", "_text", "is_array")

    def __init__(self, text: Any, key: Optional[str], is_array: bool) -> None:
        self._text = text
        self._key = key
        self._items: Any = None
        self.is_array = is_array

    def object(self, index: int) -> Any:
        """Returns the plain object of a model.

        Args:
            index: The position of the model among those that were decoded with it.
        """
        if self._items is None:
            self._items = self._split()
        return decode(self._items[index])

    def _split(self) -> List[Any]:
        key = self._key
        if key is None:
            return decode_items(self._text) if self.is_array else [self._text]
        objects = _decode_items_members(self._text) if self.is_array else [decode_members(self._text)]
        items: List[Any] = []
        for members in objects:
            if key in members:
                items.extend(msgspec.json.decode(members[key], type=Optional[List[msgspec.Raw]]) or ())
        return items


class Changes:
    """What a program changed in a model.

    Attributes:
        source: What the model was made from.
        names: The fields that were set.
        extra: Other attributes. `Model._is_member` says which of them are members.
    """

    __slots__ = ("extra", "names", "source")

    def __init__(self, source: Any) -> None:
        self.source = source
        self.names: Set[str] = set()
        self.extra: Dict[str, Any] = {}
