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
    "tls_roots": _STRING,
    "service_id": _STRING,
    "unified_api": _STRING,
    "user_agent": _STRING,
    "configured": (bool,),
    "allow_insecure_http": (bool,),
    "connect_timeout_ms": (int,),
    "max_connection_age_ms": (int,),
    "max_idle_connections": (int,),
    "max_response_bytes": (int,),
    "timeout_ms": (int,),
}
_EXPECTED = {str: "a string", bool: "True or False", int: "a whole number"}


def scalar(name: str, value: Any) -> Any:
    """Returns the value of a keyword that takes one type, or that of an enum member.

    Raises:
        ArgumentTypeError: The value has another type. The message names the keyword.
    """
    for expected in _TYPES[name]:
        if type(value) is expected:
            return value
        if isinstance(value, expected) and not isinstance(value, bool):
            return plain(value, name)
    member: Any = value
    if _is(member, _types("enum", "Enum")) and type(member.value) in _TYPES[name]:
        return member.value
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
    """Returns the body of an update or import: the keywords that were given, as JSON's own types.

    Args:
        members: The keywords.
        nullable: The keywords for which `None` means `null`. For the others it means "not given".
    """
    found = {
        name: plain(value, name)
        for name, value in members.items()
        if value is not UNSET and (value is not None or name in nullable)
    }
    given: Any = members.get("credentials")
    if given is not None and given is not UNSET:
        _credentials(given, found["credentials"])
    return found


def _credentials(given: Any, sent: Any) -> None:
    """Completes the credentials of an import: moments become timestamps, and a masked token is refused."""
    members: Any = given._as_json() if hasattr(given, "_as_json") else given
    if not hasattr(members, "keys") or not _is(sent, dict):
        return
    for name in members:
        if _is(members[name], _secret()):
            raise type_error(f"credentials.{name}", "a string, such as its get_secret_value()", members[name])
    if sent.get("issued_at") is not None:
        sent["issued_at"] = issued_at(members["issued_at"])
        if not isinstance(sent["issued_at"], str):
            sent["issued_at"] = plain(sent["issued_at"], "credentials.issued_at")


def empty(keywords: Dict[str, Any]) -> None:
    """Refuses members in a body that the operation sends empty."""
    for name, value in keywords.items():
        if value is not None and plain(value, name):
            raise value_error(f"{name}: this operation sends an empty body; leave it out")


def plain(value: Any, path: str, depth: int = 0, unfold: Any = None) -> Any:
    """Returns a Python value as JSON's own types, as the official SDK sends it.

    Args:
        value: A model, mapping, sequence, enum member, dataclass, date, or any other value that JSON can express.
        path: Where the value is, in the caller's words.
        depth: How deep in the request it is.
        unfold: Returns the members of a model. Default: those that the API is sent.

    Raises:
        ArgumentTypeError, ArgumentValueError: The value cannot be sent. The message names the path.
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
    if _is(value, _types("enum", "Enum")):
        return plain(value.value, path, depth, unfold)
    if hasattr(value, "keys"):
        members: Dict[str, Any] = {}
        for key in value:
            member = value[key]
            if member is not UNSET:
                name = _key(key, path)
                members[name] = plain(member, f"{path}.{name}", depth + 1, unfold)
        return members
    if _is(value, (list, tuple)):
        return [plain(item, f"{path}[{index}]", depth + 1, unfold) for index, item in enumerate(value)]
    if _is(value, str):  # a subclass
        return str.__str__(value)
    if _is(value, int):
        return int(value)
    if _is(value, float):
        return plain(float(value), path, depth)
    if hasattr(value, "isoformat"):
        return _timestamp(value)
    if _is(value, _secret()):
        return "**********" if value.get_secret_value() else ""
    if _is(value, _textual()):
        return str(value)
    if hasattr(value, "model_dump"):  # a model of Pydantic's
        return plain(value.model_dump(mode="json", by_alias=True, exclude_none=True), path, depth + 1)
    fields: Any = None if _is(value, type) else getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return {name: plain(getattr(value, name), f"{path}.{name}", depth + 1, unfold) for name in fields}
    if hasattr(value, "__iter__") and not _is(value, (bytes, bytearray, memoryview)):
        return plain(list(value), path, depth + 1)
    raise type_error(path, "a value that JSON can express", value)


def _key(key: Any, path: str) -> str:
    if _is(key, _types("enum", "Enum")):
        key = key.value
    if not isinstance(key, str):
        raise type_error(f"{path}: a key", "a string", key)
    return key if type(key) is str else str.__str__(key)


def _timestamp(moment: Any) -> str:
    """Returns a date, time or datetime as ISO 8601, UTC as `Z`."""
    text: str = moment.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


# From this number on a timestamp is in milliseconds, below it in seconds, as for Pydantic.
_MILLISECONDS = 20_000_000_000


def issued_at(value: Any) -> Any:
    """Returns the moment of `credentials.issued_at` as the official SDK sends it: numbers since 1970, dates at 0:00.

    What is no moment is returned as it is, for the core to refuse.
    """
    from datetime import date, datetime, timedelta, timezone

    number = value
    if _is(value, str) and value.isascii() and value.lstrip("-").isdigit():
        number = int(value)
    elif _is(value, _types("decimal", "Decimal")):
        number = float(value)
    if _is(number, (int, float)) and not _is(number, bool):
        seconds = number / 1000 if abs(number) > _MILLISECONDS else number
        try:
            return _timestamp(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds))
        except (OverflowError, ValueError):
            raise value_error("credentials.issued_at: is not within the years 1 to 9999") from None
    if _is(value, date) and not _is(value, datetime):
        return _timestamp(datetime(value.year, value.month, value.day))
    return value


# Types whose JSON is their text.
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
    return tuple(kind for module, name in _TEXTUAL for kind in _types(module, name))


def _secret() -> Any:
    """Pydantic's secrets. The official SDK sends them masked, and so do settings here."""
    return tuple(kind for name in ("SecretStr", "SecretBytes", "Secret") for kind in _types("pydantic.types", name))


def _types(module: str, name: str) -> Any:
    """Returns a type as a tuple for `isinstance`. Where nobody has imported its module there are no values of it."""
    found: Any = getattr(sys.modules.get(module), name, None)
    return () if found is None else (found,)


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
