"""Python values as JSON's own types, as the official SDK sends them."""

from __future__ import annotations

import sys

from ._unset import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from .models.base_errors import ArgumentTypeError, ArgumentValueError

# The core accepts no deeper nesting.
_MAX_DEPTH = 128

_PLAIN = frozenset({str, bool, int})


def type_error(name: str, expected: str, value: Any) -> ArgumentTypeError:
    """Returns the error for a value of the wrong type. The value is not shown, because it may be a secret."""
    from .models.base_errors import ArgumentTypeError

    return ArgumentTypeError(f"{name}: expected {expected}, got {type(value).__name__}")


def value_error(message: str) -> ArgumentValueError:
    """Returns the error for a value that cannot be sent."""
    from .models.base_errors import ArgumentValueError

    return ArgumentValueError(message)


def plain(value: Any, path: str, depth: int = 0, unfold: Any = None) -> Any:
    """Returns a Python value as JSON's own types, as the official SDK sends it.

    Args:
        value: A model, mapping, sequence, enum member, dataclass, date, or any other value that JSON can express.
        path: The place of the value in the caller's arguments, for messages.
        depth: The number of objects and arrays around the value.
        unfold: Returns the members of a model. Default: the members that are sent to the API.

    Raises:
        ArgumentTypeError, ArgumentValueError: The value cannot be sent. The message names the path.
    """
    if value is None or type(value) in _PLAIN:
        return value
    if type(value) is float:
        if value - value != 0:  # infinite, or not a number
            raise value_error(f"{path}: JSON has no {'NaN' if value != value else 'infinity'}")
        return value
    if depth > _MAX_DEPTH:
        raise value_error(f"{path.split('.')[0].split('[')[0]}: nested more than {_MAX_DEPTH} deep")
    as_json = getattr(value, "_as_json", None)
    if as_json is not None:
        value = as_json() if unfold is None else unfold(value)
    if is_a(value, loaded("enum", "Enum")):
        return plain(value.value, path, depth, unfold)
    if hasattr(value, "keys"):
        members: Dict[str, Any] = {}
        for key in value:
            member = value[key]
            if member is not UNSET:
                name = _key(key, path)
                members[name] = plain(member, f"{path}.{name}", depth + 1, unfold)
        return members
    if is_a(value, (list, tuple)):
        return [plain(item, f"{path}[{index}]", depth + 1, unfold) for index, item in enumerate(value)]
    if is_a(value, str):  # a subclass
        return str.__str__(value)
    if is_a(value, int):
        return int(value)
    if is_a(value, float):
        return plain(float(value), path, depth)
    if hasattr(value, "isoformat"):
        return timestamp(value)
    if is_a(value, secrets()):
        return "**********" if value.get_secret_value() else ""
    if is_a(value, _textual()):
        return str(value)
    if hasattr(value, "model_dump"):  # a model of Pydantic's
        return plain(value.model_dump(mode="json", by_alias=True, exclude_none=True), path, depth + 1)
    fields: Any = None if is_a(value, type) else getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return {name: plain(getattr(value, name), f"{path}.{name}", depth + 1, unfold) for name in fields}
    if hasattr(value, "__iter__") and not is_a(value, (bytes, bytearray, memoryview)):
        return plain(list(value), path, depth + 1)
    raise type_error(path, "a value that JSON can express", value)


def _key(key: Any, path: str) -> str:
    """Returns the name of a member. Enum members and subclasses of `str` become plain strings."""
    if is_a(key, loaded("enum", "Enum")):
        key = key.value
    if not isinstance(key, str):
        raise type_error(f"{path}: a key", "a string", key)
    return key if type(key) is str else str.__str__(key)


def timestamp(moment: Any) -> str:
    """Returns a date, time or datetime as ISO 8601, UTC as `Z`."""
    text: str = moment.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


# Types whose JSON is their text, with their modules.
_TEXTUAL = (
    ("uuid", "UUID"),
    ("decimal", "Decimal"),
    ("pathlib", "PurePath"),
    ("fractions", "Fraction"),
    *(("ipaddress", f"IPv{version}{kind}") for version in (4, 6) for kind in ("Address", "Interface", "Network")),
    *(("pydantic_core", name) for name in ("Url", "MultiHostUrl")),
    *(("pydantic.networks", name) for name in ("_BaseUrl", "_BaseMultiHostUrl")),
)


def _textual() -> Any:
    """Returns the types whose JSON is their text."""
    return tuple(kind for module, name in _TEXTUAL for kind in loaded(module, name))


def secrets() -> Any:
    """Returns the types of Pydantic's secrets. The official SDK sends them masked, and so do settings here."""
    return tuple(kind for name in ("SecretStr", "SecretBytes", "Secret") for kind in loaded("pydantic.types", name))


def loaded(module: str, name: str) -> Any:
    """Returns a type as a tuple for `isinstance`. The tuple is empty if no module has imported the type's module."""
    found: Any = getattr(sys.modules.get(module), name, None)
    return () if found is None else (found,)


def is_a(value: Any, kind: Any) -> bool:
    """Returns `isinstance(value, kind)`, without narrowing `Any` to a list or dictionary of unknown types."""
    return isinstance(value, kind)
