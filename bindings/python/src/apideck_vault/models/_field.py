"""The attributes of models: how each is decoded, and when."""

from __future__ import annotations

import msgspec

from .._json import decode, is_array
from .._unset import UnrecognizedStr
from .open_enum import OpenEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Literal, Optional
else:
    from typing import Any, List, Literal, Optional

# The default of a field that the constructor needs.
REQUIRED = object()


def _can_decode_enums() -> bool:
    """Returns whether `msgspec` decodes enums that have a metaclass. Its last version for Python 3.9 does not."""

    class Probe(OpenEnum):
        A = "a"

    try:
        return msgspec.json.decode(b'"a"', type=Probe) is Probe.A
    except msgspec.ValidationError:
        return False


_decodes_enums = _can_decode_enums()


class Field:
    """One attribute of a model.

    Attributes:
        name: The name of the attribute.
        key: The name of the member in JSON.
        default: The value of the attribute if the member is absent.
        is_required: Whether the constructor needs the attribute.
        is_optional: Whether `None` stands for an absent member in requests.
        is_eager: Whether the items of the list are decoded with its object.
        is_tag: Whether the value of the field selects the model of an object.
        is_text: Whether the value is the text of an enum's member until a program reads it.
        kind: The type as which `msgspec` decodes the member.
        convert: Returns the value for a plain JSON value, or is `None` where the two are the same.
        decode: Returns the value for JSON text.
        get: Returns the value of a model, undecoded where nobody read it.
        put: Sets the value of a model.
    """

    __slots__ = (
        *("convert", "decode", "default", "get", "is_eager", "is_optional", "is_required", "is_tag", "is_text"),
        *("key", "kind", "name", "put"),
    )

    def __init__(self, name: str, key: str, annotation: str, default: object) -> None:
        self.name = name
        self.key = key
        self.is_required = default is REQUIRED
        self.is_optional = annotation.startswith("Optional[")
        self.default: Any = None if default is REQUIRED else default
        self.is_eager = False
        self.is_tag = False
        self.is_text = False
        self.kind: Any = Any
        self.convert: Any = None
        self.decode: Callable[[Any], Any] = decode
        self.get: Any = None
        self.put: Any = None

    def read_as(self, reader: Any, is_list: bool, is_eager: bool) -> None:
        """Makes the field one of an enum, a model or a union, or of a list of them.

        Args:
            reader: The enum, the model or the union.
            is_list: Whether the field is a list.
            is_eager: Whether the list is decoded with its object.
        """
        members: Any = getattr(reader, "_value2member_map_", None)
        convert = reader._read if members is None else _enum_converter(members)
        if members is not None and not is_list:
            # A tag that is unknown or absent means that another model, or none, fits the object.
            self.is_tag = not issubclass(reader, OpenEnum)
            self.convert = convert
            if _decodes_enums:
                self.kind = reader if self.is_tag else Optional[reader]
            else:
                self.is_text = True
                self.kind = Literal[tuple(members)] if self.is_tag else Any
            return
        self.convert = list_converter(convert) if is_list else convert
        self.decode = _text_converter(self.convert)
        self.kind = msgspec.Raw
        if hasattr(reader, "_decode_one") and not reader._is_open:
            self.decode = reader._decode_many if is_list else reader._decode_one
        item: Any = getattr(reader, "first", reader)
        if is_list and (is_eager or item is not reader) and not item._eager_fields:
            self.is_eager = True
            self.kind = Optional[List[item]]


def _enum_converter(members: Dict[Any, Any]) -> Callable[[Any], Any]:
    return lambda value: (members.get(value) or UnrecognizedStr(value)) if type(value) is str else value


def list_converter(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: [None if item is None else convert(item) for item in value] if is_array(value) else value


def _text_converter(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda text: convert(decode(text))


def enum_of_text(field: Field) -> property:
    """Returns the attribute of a field that becomes the member of an enum when a program first reads it."""
    get, put, convert = field.get, field.put, field.convert

    def read(model: Any) -> Any:
        value = get(model)
        if type(value) is str:
            value = convert(value)
            put(model, value)
        return value

    return property(read, put)


def deferred(field: Field) -> property:
    """Returns the attribute of a field that is decoded when a program first reads it."""
    get, put, raw = field.get, field.put, msgspec.Raw

    def read(model: Any) -> Any:
        value = get(model)
        if type(value) is raw:
            value = model._decoded(field, value)
            put(model, value)
        return value

    return property(read, put)
