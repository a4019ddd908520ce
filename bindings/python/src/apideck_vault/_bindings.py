"""Generated from include/apideck_vault.h by tools/generate_bindings.py. Do not edit.

The C functions with their types, and the statuses. A string of the library that the caller frees is a `c_void_p` (an
address). Static strings and strings of Python are `c_char_p` (bytes).
"""

from __future__ import annotations

from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int32, c_size_t, c_uint64, c_void_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ctypes import CDLL
    from typing import Any, Callable

EVENT_CALLBACK = CFUNCTYPE(None, c_char_p, c_void_p)

OK = 0
INVALID_ARGUMENT = 1
INVALID_HANDLE = 2
BAD_REQUEST = 3
UNAUTHORIZED = 4
PAYMENT_REQUIRED = 5
NOT_FOUND = 6
UNPROCESSABLE = 7
RATE_LIMITED = 8
API_ERROR = 9
CONNECTION = 10
TIMEOUT = 11
CANCELLED = 12
INVALID_RESPONSE = 13
INTERNAL = 14
CONFLICT = 15
INVALID_SIGNATURE = 16


def _typed(function: Any, result: Any, *arguments: Any) -> Any:
    function.restype = result
    function.argtypes = arguments
    return function


class Library:
    """The functions of the shared library, without their prefix."""

    __slots__ = (
        "call",
        "cancellation_cancel",
        "cancellation_free",
        "cancellation_new",
        "client_free",
        "client_new",
        "client_set_event_callback",
        "connection_health",
        "json_count",
        "json_get",
        "json_quote",
        "status_name",
        "string_free",
        "string_length",
        "version",
        "webhook_sign",
        "webhook_verify",
    )

    def __init__(self, library: CDLL) -> None:
        self.client_new: Callable[..., Any] = _typed(
            library.apideck_vault_client_new, c_uint64, c_char_p, POINTER(c_void_p)
        )
        self.client_free: Callable[..., Any] = _typed(library.apideck_vault_client_free, None, c_uint64)
        self.call: Callable[..., Any] = _typed(
            library.apideck_vault_call, c_void_p, c_uint64, c_char_p, c_char_p, c_uint64, POINTER(c_int32)
        )
        self.cancellation_new: Callable[..., Any] = _typed(library.apideck_vault_cancellation_new, c_uint64)
        self.cancellation_cancel: Callable[..., Any] = _typed(library.apideck_vault_cancellation_cancel, None, c_uint64)
        self.cancellation_free: Callable[..., Any] = _typed(library.apideck_vault_cancellation_free, None, c_uint64)
        self.client_set_event_callback: Callable[..., Any] = _typed(
            library.apideck_vault_client_set_event_callback, c_int32, c_uint64, EVENT_CALLBACK, c_void_p
        )
        self.json_get: Callable[..., Any] = _typed(library.apideck_vault_json_get, c_void_p, c_char_p, c_char_p)
        self.json_count: Callable[..., Any] = _typed(library.apideck_vault_json_count, c_size_t, c_char_p, c_char_p)
        self.json_quote: Callable[..., Any] = _typed(library.apideck_vault_json_quote, c_void_p, c_char_p)
        self.version: Callable[..., Any] = _typed(library.apideck_vault_version, c_char_p)
        self.status_name: Callable[..., Any] = _typed(library.apideck_vault_status_name, c_char_p, c_int32)
        self.string_length: Callable[..., Any] = _typed(library.apideck_vault_string_length, c_size_t, c_void_p)
        self.string_free: Callable[..., Any] = _typed(library.apideck_vault_string_free, None, c_void_p)
        self.connection_health: Callable[..., Any] = _typed(
            library.apideck_vault_connection_health, c_void_p, c_char_p, POINTER(c_int32)
        )
        self.webhook_verify: Callable[..., Any] = _typed(
            library.apideck_vault_webhook_verify, c_void_p, c_char_p, c_size_t, c_char_p, c_char_p, POINTER(c_int32)
        )
        self.webhook_sign: Callable[..., Any] = _typed(
            library.apideck_vault_webhook_sign, c_void_p, c_char_p, c_size_t, c_char_p, POINTER(c_int32)
        )
