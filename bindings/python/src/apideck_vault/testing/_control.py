"""The control interface of the local Vault: the routes below `/sandbox`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Optional

from ._program import SandboxError


@dataclass(frozen=True)
class Fault:
    """A rule that makes requests fail."""

    id: int
    """The number of the rule."""

    fault: str
    """How the requests fail: the text of the header `x-sandbox-fault`."""

    operation: Optional[str]
    """The operation that fails, such as `connections.list`, or `None` for every operation."""

    consumer_id: Optional[str]
    """The consumer whose requests fail, or `None` for every consumer."""

    times: Optional[int]
    """How many requests fail, or `None` if requests fail until the rule is removed."""

    remaining: Optional[int]
    """How many requests will still fail, or `None` without `times`."""


def fault_of(rule: Any) -> Fault:
    """Returns the rule that the sandbox reported."""
    return Fault(**{name: rule[name] for name in Fault.__dataclass_fields__})


def time_of(text: str) -> datetime:
    """Returns a time that the sandbox reported, in UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def text_of(time: datetime) -> str:
    """Returns a time as the sandbox reads it.

    Raises:
        ValueError: The time has no time zone.
    """
    if time.tzinfo is None:
        raise ValueError(f"{time!r} has no time zone")
    return time.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def send(url: str, method: str, path: str, body: Any = None) -> Any:
    """Sends a request to the control interface and returns the JSON of its response.

    Raises:
        SandboxError: The sandbox refuses the request, or has stopped.
    """
    import urllib.error  # takes longer to import than the rest, and most tests do not need it
    import urllib.request

    text = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/sandbox{path}", text, method=method)
    request.add_header("Content-Type", "application/json")
    # No proxy of the environment is between the test and the sandbox.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            received = response.read()
    except urllib.error.HTTPError as error:
        with error:
            message = _message(error.read())
        raise SandboxError(f"{method} /sandbox{path}: status {error.code}{message}") from None
    except OSError as error:
        raise SandboxError(f"{method} /sandbox{path}: {getattr(error, 'reason', error)}") from error
    return json.loads(received) if received else None


def _message(body: bytes) -> str:
    try:
        return f": {json.loads(body)['message']}"
    except (ValueError, KeyError, TypeError):
        return ""
