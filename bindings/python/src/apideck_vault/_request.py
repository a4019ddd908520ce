"""Arguments to request text: types are checked here, in the words of the caller's keywords; the rest is the core's."""

from __future__ import annotations

import os
import sys

from .types import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

# Deeper than any request needs to be, and than the core takes.
_DEEPEST = 128

_PLAIN = frozenset({str, bool, int})

_STRING = (str,)
_TYPES: Dict[str, Any] = {
    "api": _STRING,
    "api_key": _STRING,
    "app_id": _STRING,
    "ca_file": _STRING,
    "consumer_id": _STRING,
    "proxy": _STRING,
    "server_url": _STRING,
    "service_id": _STRING,
    "unified_api": _STRING,
    "user_agent": _STRING,
    "configured": (bool,),
    "allow_insecure_http": (bool,),
    "connect_timeout_ms": (int,),
    "max_idle_connections": (int,),
    "max_response_bytes": (int,),
    "timeout_ms": (int,),
}
_EXPECTED = {str: "a string", bool: "True or False", int: "a whole number"}


def scalar(name: str, value: Any) -> Any:
    """The value of a keyword that takes one type, or a `TypeError` that names the keyword."""
    for expected in _TYPES[name]:
        if type(value) is expected:
            return value
        if isinstance(value, expected) and not isinstance(value, bool):
            return plain(value, name)
    raise type_error(name, _EXPECTED[_TYPES[name][0]], value)


def type_error(name: str, expected: str, value: Any) -> Exception:
    """What is raised for a value of the wrong type. The value itself is not shown: it may be a secret."""
    from .models.errors import ArgumentTypeError

    return ArgumentTypeError(f"{name}: expected {expected}, got {type(value).__name__}")


def value_error(message: str) -> Exception:
    """What is raised for a value that cannot be sent."""
    from .models.errors import ArgumentValueError

    return ArgumentValueError(message)


def key_for_this_call(api_key: Any) -> Any:
    """The key that a client's function gives, or else the environment's."""
    key = api_key()
    if key is None:
        key = os.environ.get("APIDECK_API_KEY")
    if key is None:
        raise value_error("api_key: the function returned None, and APIDECK_API_KEY is not set")
    return scalar("api_key", key)


def retries(name: str, value: Any) -> Any:
    """A retry configuration, or what has the attributes of one, as JSON's own types; `None` switches retries off."""
    if value is None:
        return None
    if hasattr(value, "strategy") and hasattr(value, "backoff"):
        from .utils.retries import as_json

        value = as_json(value)
    elif not hasattr(value, "keys"):
        raise type_error(name, "a RetryConfig or None", value)
    return plain(value, name)


def strings(name: str, value: Any) -> Dict[str, str]:
    """A mapping of strings, such as headers, as a dictionary."""
    if not hasattr(value, "keys"):
        raise type_error(name, "a mapping of names to strings", value)
    found: Dict[str, str] = {}
    for key in value:
        if not isinstance(key, str):
            raise type_error(f"{name}: a name", "a string", key)
        if not isinstance(value[key], str):
            raise type_error(f"{name}[{key!r}]", "a string", value[key])
        found[key] = value[key]
    return found


def body(members: Dict[str, Any], nullable: Any) -> Dict[str, Any]:
    """The body of an update or import: keywords that were given, as JSON's own types.

    :param nullable: The keywords for which `None` means `null`; for the others it means "not given".
    """
    return {
        name: plain(value, name)
        for name, value in members.items()
        if value is not UNSET and (value is not None or name in nullable)
    }


def empty(keywords: Dict[str, Any]) -> None:
    """Refuses members in a body that the operation sends empty."""
    for name, value in keywords.items():
        if value is not None and plain(value, name):
            raise value_error(f"{name}: this operation sends an empty body; leave it out")


def plain(value: Any, path: str, depth: int = 0, unfold: Any = None) -> Any:
    """Models, mappings, sequences, enum members and datetimes as JSON's own types.

    :param unfold: Gives the members of a model; what the API is sent of it, if not given.
    """
    if value is None or type(value) in _PLAIN:
        return value
    if type(value) is float:
        if value - value != 0:  # infinite, or not a number
            raise value_error(f"{path}: JSON has no {'NaN' if value != value else 'infinity'}")
        return value
    if depth > _DEEPEST:
        raise value_error(f"{path.split('.')[0].split('[')[0]}: nested more than {_DEEPEST} deep")
    as_json = getattr(value, "_as_json", None)
    if as_json is not None:
        value = as_json() if unfold is None else unfold(value)
    if hasattr(value, "keys"):
        members: Dict[str, Any] = {}
        for key in value:
            if not isinstance(key, str):
                raise type_error(f"{path}: a key", "a string", key)
            member = value[key]
            if member is not UNSET:
                members[key if type(key) is str else str.__str__(key)] = plain(
                    member, f"{path}.{key}", depth + 1, unfold
                )
        return members
    if _is(value, (list, tuple)):
        return [plain(item, f"{path}[{index}]", depth + 1, unfold) for index, item in enumerate(value)]
    if _is(value, str):  # an enum member, or another subclass
        return str.__str__(value)
    if _is(value, int):
        return int(value)
    if _is(value, float):
        return plain(float(value), path, depth)
    if hasattr(value, "isoformat"):
        text: str = value.isoformat()
        return text[:-6] + "Z" if text.endswith("+00:00") else text
    if _is(value, tuple(_textual())):
        return str(value)
    if hasattr(value, "model_dump"):  # a model of Pydantic's
        return plain(value.model_dump(mode="json", by_alias=True), path, depth)
    if hasattr(value, "__iter__") and not _is(value, (bytes, bytearray, memoryview)):
        return plain(list(value), path, depth)
    raise type_error(path, "a value that JSON can express", value)


def _textual() -> Any:
    """The types whose JSON is their text. Where nobody has imported their module there are no values of theirs."""
    for module, name in (("uuid", "UUID"), ("decimal", "Decimal"), ("pathlib", "PurePath")):
        if module in sys.modules:
            yield getattr(sys.modules[module], name)


def _is(value: Any, kind: Any) -> bool:
    # isinstance() without the narrowing of Any to a list or dict of unknown things, which strict pyright objects to.
    return isinstance(value, kind)


def text(request: Dict[str, Any]) -> bytes:
    """The request's JSON text."""
    from ._json import encode

    try:
        return encode(request)
    except UnicodeEncodeError:
        path = _surrogate_in(request)
        if path.startswith(("connection.", "connection_import_data.")):
            path = path.partition(".")[2]  # in Python its members are keywords of their own
        raise value_error(f"{path}: holds half of a surrogate pair, which is not text") from None


def _surrogate_in(value: Any, path: str = "") -> str:
    if _is(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return path
        return ""
    parts: Any = value.items() if _is(value, dict) else enumerate(value) if _is(value, list) else ()
    for key, part in parts:
        inner = f"{path}[{key}]" if _is(value, list) else f"{path}.{key}" if path else str(key)
        if isinstance(key, str) and _surrogate_in(key, "key"):
            return path or "request"
        found = _surrogate_in(part, inner)
        if found:
            return found
    return ""
