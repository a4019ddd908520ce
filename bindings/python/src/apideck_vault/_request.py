"""Arguments as a request of the core. Their types are checked here; the core checks everything else."""

from __future__ import annotations

import os

from ._plain import is_a, loaded, plain, secrets, timestamp, type_error, value_error
from ._unset import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Collection, Dict, Optional

_EXPECTED = {str: "a string", bool: "True or False", int: "a whole number"}


def scalar(name: str, value: Any, expected: Any) -> Any:
    """Returns the value of a keyword that takes one type. A member of an enum stands for its value.

    Args:
        name: The keyword.
        value: The argument.
        expected: `str`, `bool` or `int`.

    Raises:
        ArgumentTypeError: The argument has another type. The message names the keyword.
    """
    if type(value) is expected:
        return value
    if isinstance(value, expected) and not isinstance(value, bool):
        return plain(value, name)
    member: Any = value
    if is_a(member, loaded("enum", "Enum")) and type(member.value) is expected:
        return member.value
    raise type_error(name, _EXPECTED[expected], value)


def key_for_this_call(api_key: Any) -> Any:
    """Returns the API key that a client's function returns, or that of the environment if the function returns `None`.

    Raises:
        ArgumentTypeError: The function returned neither a string nor `None`.
        ArgumentValueError: There is no key.
    """
    key = api_key()
    if key is None:
        key = os.environ.get("APIDECK_API_KEY")
    if key is None:
        raise value_error("api_key: the function returned None, and APIDECK_API_KEY is not set")
    return scalar("api_key", key, str)


def retries(name: str, value: Any) -> Any:
    """Returns a retry configuration, or any object with its attributes, as JSON's own types. `None` means no retries.

    Raises:
        ArgumentTypeError: The value is neither. The message names the keyword.
    """
    if value is None:
        return None
    if hasattr(value, "strategy") and hasattr(value, "backoff"):
        from .utils.retries import as_json

        value = as_json(value)
    elif not hasattr(value, "keys"):
        raise type_error(name, "a RetryConfig or None", value)
    return plain(value, name)


def strings(name: str, value: Any) -> Dict[str, str]:
    """Returns a mapping of strings, such as headers, as a dictionary.

    Raises:
        ArgumentTypeError: The value is no such mapping. The message names the keyword.
    """
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


def body(members: Dict[str, Any], nullable: Collection[str]) -> Dict[str, Any]:
    """Returns the body of a request: the keywords that are given, as JSON's own types.

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
    if not hasattr(members, "keys") or not is_a(sent, dict):
        return
    for name in members:
        if is_a(members[name], secrets()):
            raise type_error(f"credentials.{name}", "a string, such as its get_secret_value()", members[name])
    if sent.get("issued_at") is not None:
        sent["issued_at"] = issued_at(members["issued_at"])
        if not isinstance(sent["issued_at"], str):
            sent["issued_at"] = plain(sent["issued_at"], "credentials.issued_at")


def empty(name: str, value: Any) -> None:
    """Checks the body of an operation that sends an empty one.

    Raises:
        ArgumentValueError: The body has members.
    """
    if value is not None and plain(value, name):
        raise value_error(f"{name}: this operation sends an empty body; leave it out")


# A timestamp of this number or more is in milliseconds, a smaller one in seconds, as for Pydantic.
_MILLISECONDS = 20_000_000_000


def issued_at(value: Any) -> Any:
    """Returns the moment of `credentials.issued_at` as the official SDK sends it.

    A number counts from 1970, and a date means its 0:00. Any other value is returned unchanged; the core refuses it.

    Raises:
        ArgumentValueError: The moment is outside the years 1 to 9999.
    """
    from datetime import date, datetime, timedelta, timezone

    number = value
    if is_a(value, str) and value.isascii() and value.lstrip("-").isdigit():
        number = int(value)
    elif is_a(value, loaded("decimal", "Decimal")):
        number = float(value)
    if is_a(number, (int, float)) and not is_a(number, bool):
        seconds = number / 1000 if abs(number) > _MILLISECONDS else number
        try:
            return timestamp(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds))
        except (OverflowError, ValueError):
            raise value_error("credentials.issued_at: is not within the years 1 to 9999") from None
    if is_a(value, date) and not is_a(value, datetime):
        return timestamp(datetime(value.year, value.month, value.day))
    return value


def text(request: Dict[str, Any], flattened: Optional[str] = None) -> bytes:
    """Returns the JSON text of a request.

    Args:
        request: The request as JSON's own types.
        flattened: The key of the request whose members are keywords of their own.

    Raises:
        ArgumentValueError: A string contains half of a surrogate pair. The message names its place.
    """
    from ._json import encode

    try:
        return encode(request)
    except UnicodeEncodeError:
        path = _surrogate_in(request)
        if flattened is not None and path.startswith(f"{flattened}."):
            path = path[len(flattened) + 1 :]
        raise value_error(f"{path}: holds half of a surrogate pair, which is not text") from None


def _surrogate_in(value: Any, path: str = "") -> str:
    """Returns the path of the first string that contains half of a surrogate pair, or an empty one."""
    if is_a(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return path
        return ""
    parts: Any = value.items() if is_a(value, dict) else enumerate(value) if is_a(value, list) else ()
    for key, part in parts:
        inner = f"{path}[{key}]" if is_a(value, list) else f"{path}.{key}" if path else str(key)
        if isinstance(key, str) and _surrogate_in(key, "key"):
            return path or "request"
        found = _surrogate_in(part, inner)
        if found:
            return found
    return ""
