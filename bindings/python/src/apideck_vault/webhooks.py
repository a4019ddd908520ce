"""Webhooks: checks that Apideck signed an event, and reads the event.

    from apideck_vault import webhooks

    try:
        event = webhooks.verify(body, headers.get("x-apideck-signature"), api_key)
    except webhooks.SignatureVerificationError as error:
        return 401, str(error)
    if isinstance(event, webhooks.ConnectionCallable):
        print(event.entity.service_id, "is ready")

`body` is the body as it was received: its bytes, not JSON that was parsed and written again.
"""

from __future__ import annotations

from ._json import decode
from ._native import webhook_sign, webhook_verify
from ._plain import type_error
from .models import event_types as _event_types
from .models.base_errors import ArgumentValueError, SignatureVerificationError
from .models.enums import EventType
from .models.event import ConnectionEvent, UnknownEvent
from .models.event_types import *  # noqa: F403

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional, Union

    Event = Union[ConnectionEvent, UnknownEvent]
else:
    Event = (ConnectionEvent, UnknownEvent)

__all__ = [
    "ConnectionEvent",
    "Event",
    "EventType",
    "SignatureVerificationError",
    "UnknownEvent",
    "sign",
    "verify",
]
__all__ += _event_types.__all__


def verify(body: Union[bytes, bytearray, memoryview], signature: Optional[str], api_key: str) -> Event:
    """Checks that Apideck signed a webhook, and returns its event.

    Signatures are compared in constant time. Apideck may send an event more than once, with the same `event_id`.

    Args:
        body: The body of the request as it was received, at most 1 MiB.
        signature: The value of the header `x-apideck-signature`, or `None` if the request has none.
        api_key: The API key of the application that the webhook belongs to.

    Returns:
        The event, in the class of its type. An event of a type that this version does not know is an `UnknownEvent`.

    Raises:
        SignatureVerificationError: The key did not sign the body, or the body is not an event: not a JSON object, too
            large, nested too deep, without an event, or with two members of the same name in one object. The
            message says which, and has neither the key nor the signature.
        ArgumentTypeError: An argument has another type. `body` must not be a text, because a text that was decoded and
            encoded again can have other bytes.
        ArgumentValueError: `api_key` is empty.
    """
    signed = "" if signature is None else _text("signature", signature)
    text = webhook_verify(_bytes("body", body), signed, _key(api_key))
    event = decode(text)["event"]
    of_type: Any = (
        _event_types.EVENTS.get(event.get("event_type")) if isinstance(event.get("event_type"), str) else None
    )
    read: Event = (of_type or UnknownEvent).model_validate(event)
    return read


def sign(body: Union[bytes, bytearray, memoryview], api_key: str) -> str:
    """Returns the signature that Apideck would send for a body, for your own tests.

    Args:
        body: The body of a webhook: `b'{"payload":{"event_type":...}}'`.
        api_key: The API key to sign with.

    Returns:
        64 hexadecimal digits, over the body with the members of all objects sorted.

    Raises:
        ArgumentTypeError: An argument has another type.
        ArgumentValueError: `api_key` is empty, or `verify` would refuse the body.
    """
    return webhook_sign(_bytes("body", body), _key(api_key))


def _bytes(name: str, value: Any) -> bytes:
    if issubclass(value.__class__, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise type_error(name, "the bytes as they were received", value)


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise type_error(name, "a string", value)


def _key(value: Any) -> bytes:
    text = _text("api_key", value)
    if not text.isascii() or "\0" in text:
        raise ArgumentValueError("api_key: has characters that no API key has")
    return text.encode()
