"""A client of the core: its handle, its calls, and whether it has events. Handles stay in this module."""

from __future__ import annotations

import atexit
import os
from _thread import RLock
from ctypes import byref, c_char, c_int32, c_void_p, string_at

from . import _events
from ._bindings import EVENT_CALLBACK, OK
from ._ffi import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, NoReturn, Optional, Set, SupportsIndex, Union

_call = library.call
_string_free = library.string_free
_string_length = library.string_length

# A string of this size or more is not copied. A copy needs memory that the allocator returns to the system after each
# call, which was measured to be two thirds of the time of a list of 100.
_LARGE = 64 * 1024


_NO_CALLBACK = EVENT_CALLBACK()

# The handles of the clients whose events the core reports. A handle is added under the lock, so that `_remove_events`
# misses none. The lock is reentrant, because a signal handler or a finalizer may run in between.
_with_events: Set[int] = set()
_adding_events = RLock()
_at_end = False


class Owner:
    """The owner of a handle or an address of this process. It has no copies or pickles, as they would own it too."""

    __slots__ = ()

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"cannot copy or pickle {type(self).__name__!r}: it owns a part of this process")

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        self.__reduce__()

    def __getstate__(self) -> NoReturn:
        self.__reduce__()


class Client(Owner):
    """Owns one client handle. `close` or the finalizer of this object frees it; active calls finish.

    Args:
        config: The configuration as JSON text.
    """

    __slots__ = ("__weakref__", "_handle")

    def __init__(self, config: bytes) -> None:
        self._handle = 0
        error = c_void_p()
        handle: int = library.client_new(config, byref(error))
        if not handle:
            from ._failure import exception

            raise exception(_take(error.value))
        self._handle = handle

    def call(self, operation: bytes, request: bytes, cancellation: int = 0) -> Union[bytes, memoryview]:
        """Calls an operation on this thread and returns the text of the response.

        Args:
            operation: The name of the operation.
            request: The request as JSON text.
            cancellation: The handle that cancels the call; 0 for none.
        """
        return _take(_call(self._handle, operation, request, cancellation, None))

    def has_events(self) -> bool:
        """Returns whether the core reports events of this client. The first call requests them."""
        handle = self._handle
        if handle in _with_events:
            return True
        with _adding_events:
            if handle not in _with_events:
                # The core refuses this inside an event callback, where only a greenlet can be.
                if _at_end or library.client_set_event_callback(handle, _events.CALLBACK, None) != OK:
                    return False
                _with_events.add(handle)
        return True

    def may_have_events(self) -> bool:
        """Returns whether the core calls back into Python during this client's calls."""
        return self._handle in _with_events

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return not self._handle

    def close(
        self,
        _free: Optional[Callable[[int], None]] = library.client_free,
        _set_event_callback: Callable[..., int] = library.client_set_event_callback,
        _with_events: Set[int] = _with_events,
    ) -> None:
        """Frees the handle. New calls fail. Active calls finish, without further events."""
        handle, self._handle = self._handle, 0
        if not handle or _free is None:
            return
        if handle in _with_events:
            _with_events.discard(handle)
            # The callback of a freed handle cannot be removed, not even when the interpreter ends.
            _set_event_callback(handle, _NO_CALLBACK, None)
        _free(handle)

    __del__ = close


def connection_health(connection: bytes) -> Union[bytes, memoryview]:
    """Returns the report of a connection as JSON text.

    Args:
        connection: The connection as JSON text.
    """
    status = c_int32()
    return _text_or_exception(library.connection_health(connection, byref(status)), status)


def webhook_verify(body: bytes, signature: str, api_key: bytes) -> Union[bytes, memoryview]:
    """Returns the event of a webhook as JSON text: `{"event":...}`."""
    status = c_int32()
    # A C string ends at its first NUL.
    signed = signature.encode("utf-8", "replace").replace(b"\0", b"?")
    return _text_or_exception(library.webhook_verify(body, len(body), signed, api_key, byref(status)), status)


def webhook_sign(body: bytes, api_key: bytes) -> str:
    """Returns the signature of a webhook."""
    status = c_int32()
    text = _text_or_exception(library.webhook_sign(body, len(body), api_key, byref(status)), status)
    return bytes(text).decode()


def _text_or_exception(string: Any, status: c_int32) -> Union[bytes, memoryview]:
    """Returns a text of the core, or raises the exception for a status that is not OK."""
    text = _take(string)
    if status.value != OK:
        from ._failure import exception

        raise exception(text)
    return text


class _Owned(Owner):
    """A string of the core, which is freed with the last object that refers to it."""

    __slots__ = ("_address",)

    def __init__(self, address: int) -> None:
        self._address = address

    def __del__(self, _free: Callable[[int], None] = _string_free) -> None:
        _free(self._address)


def _take(address: Any) -> Union[bytes, memoryview]:
    """Returns the string at an address of the core, and frees it: a short one now, a long one with its last view."""
    length: int = _string_length(address)
    if length < _LARGE:
        text = string_at(address, length)
        _string_free(address)
        return text
    characters: Any = (c_char * length).from_address(address)
    characters.owner = _Owned(address)  # every view of the characters keeps them alive
    return memoryview(characters).toreadonly()


def _remove_events() -> None:
    """Removes all callbacks. It runs when the interpreter ends, while its threads still run.

    After that, Python ends any thread that enters it. If a daemon thread entered it from an event callback, it would
    end below the core's code, which aborts the process. Active calls continue: without events they do not enter Python.
    """
    global _at_end
    with _adding_events:
        _at_end = True
    while _with_events:
        library.client_set_event_callback(_with_events.pop(), _NO_CALLBACK, None)


def _after_fork() -> None:
    """Runs in a forked child. Another thread of the parent may have held the lock."""
    global _adding_events
    _adding_events = RLock()


atexit.register(_remove_events)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
