"""A client of the core: its handle, its calls, its events. Nothing here knows what an answer means."""

from __future__ import annotations

import sys
from _thread import get_ident
from ctypes import CDLL, byref, c_char, c_size_t, c_void_p, string_at

from . import _interrupt
from ._ffi import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Union

_string_free = library.string_free

# A text from this size on is used where it is. Copied, it would need memory twice, which the allocator gives back to
# the system after each call: two thirds of the time of a list of 100.
_LARGE = 64 * 1024


class Client:
    """Owns one client handle. It is freed when this object is, or by `close`; calls under way finish.

    :param config: The configuration as JSON text.
    """

    __slots__ = ("__weakref__", "_callback", "_handle")

    def __init__(self, config: bytes) -> None:
        self._handle = 0
        self._callback: Any = None
        error = c_void_p()
        handle: int = library.client_new(config, byref(error))
        if not handle:
            from ._failure import exception

            raise exception(_take(error.value))
        self._handle = handle

    def call(self, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
        """Calls an operation and waits for its answer. On the main thread, Ctrl-C ends the call."""
        if not self._handle:
            from ._failure import closed

            raise closed()
        if get_ident() != _interrupt.main_thread:
            return self.call_cancellable(function, request, 0)
        try:
            return _interrupt.call(self, function, request)
        except BaseException:
            if self._callback is not None:
                library.client_set_event_callback(self._handle, self._callback, None)
            raise

    def call_cancellable(
        self, function: Callable[..., Any], request: bytes, cancellation: int
    ) -> Union[bytes, memoryview]:
        """Calls an operation and waits for its answer. The cancellation, if it is not 0, ends it."""
        return _take(function(self._handle, request, cancellation, None))

    def set_event_callback(self, callback: Any) -> None:
        """Sets what is called with each event. The callback is kept alive as long as this client."""
        library.client_set_event_callback(self._handle, callback, None)
        self._callback = callback

    @property
    def handle(self) -> int:
        """The core's number for this client; 0 after `close`."""
        return self._handle

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return not self._handle

    def close(self, _free: Optional[Callable[[int], None]] = library.client_free) -> None:
        """Frees the handle. Later calls fail, the callback stays for those under way."""
        handle, self._handle = self._handle, 0
        if handle and _free is not None:
            _free(handle)

    __del__ = close


class _Owned:
    """A text of the core, freed with the last that looks at it."""

    __slots__ = ("_address",)

    def __init__(self, address: int) -> None:
        self._address = address

    def __del__(self, _free: Callable[[int], None] = _string_free) -> None:
        _free(self._address)


def _strlen() -> Callable[[int], int]:
    strlen = CDLL(None).strlen
    strlen.argtypes = (c_void_p,)
    strlen.restype = c_size_t
    return strlen


_length = _strlen() if sys.platform != "win32" else None


def _take(address: Any) -> Union[bytes, memoryview]:
    """The text at an address, which is freed in time."""
    length = _length(address) if _length is not None else 0
    if length < _LARGE:
        text = string_at(address)
        _string_free(address)
        return text
    characters: Any = (c_char * length).from_address(address)
    characters.owner = _Owned(address)  # whoever has a view, or a part of one, keeps the characters
    return memoryview(characters).toreadonly()
