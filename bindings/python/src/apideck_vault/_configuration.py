"""The keywords of a client as a configuration of the core, and the objects that live as long as the client."""

from __future__ import annotations

import os

from . import _interrupt, _request
from ._async import Pool
from ._events import NAME, Events
from ._native import Client
from ._plain import type_error, value_error
from ._unset import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, TypeVar, Union

    P = TypeVar("P", bound="Part")

# The keywords that the core takes under the same name.
_SCALARS = {
    "app_id": str,
    "consumer_id": str,
    "timeout_ms": int,
    "connect_timeout_ms": int,
    "user_agent": str,
    "tls_roots": str,
    "ca_file": str,
    "max_response_bytes": int,
    "max_idle_connections": int,
    "max_connection_age_ms": int,
}

# The key of a client whose `api_key` is a function. Each call replaces it.
_KEY_PER_CALL = "given-with-each-call"


class Configuration:
    """The keywords of a client, and the native client that is made from them.

    A copy or a pickle contains only the keywords, and makes its own native client.

    Args:
        keywords: The keywords of `Apideck`.
    """

    __slots__ = ("_client", "_events", "_pool", "api_key", "keywords")

    def __init__(self, keywords: Dict[str, Any]) -> None:
        from . import _loaded as _loaded  # imports what calls need

        self.keywords = keywords
        self.api_key = keywords["api_key"]
        self._client = Client(_request.text(_config(keywords)))
        self._events = Events(_debug_logger(keywords["debug_logger"]))
        self._pool = Pool(_pool_size(keywords["max_async_calls"]))

    def call(self, operation: bytes, request: bytes) -> Union[bytes, memoryview]:
        """Calls an operation of the core. Returns the text of the response."""
        client = self._open_client()
        return _interrupt.call(client, operation, request, self._events.handler(client.has_events))

    async def call_async(self, operation: bytes, request: bytes) -> Union[bytes, memoryview]:
        """Does what `call` does, without blocking the event loop. Cancelling the task ends the request."""
        client = self._open_client()
        return await self._pool.call(client, operation, request, self._events.handler(client.has_events))

    def _open_client(self) -> Client:
        if self._client.closed:
            from ._failure import closed

            raise closed()
        return self._client

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._client.closed

    def close(self) -> None:
        """Frees the native client. Active calls finish."""
        self._client.close()

    def __reduce__(self) -> Any:
        return Configuration, (self.keywords,)

    def __copy__(self) -> Configuration:
        return Configuration(self.keywords)


class Part:
    """A part of a client: `vault`, or a group of operations. The parts of a client share its configuration.

    A copy or a pickle of a part has its own client, which is made from the same keywords.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def __reduce__(self) -> Any:
        return type(self), (self._configuration,)

    def __copy__(self: P) -> P:
        return type(self)(self._configuration.__copy__())


def _config(keywords: Dict[str, Any]) -> Dict[str, Any]:
    """Returns the core's configuration.

    Raises:
        ArgumentTypeError, ArgumentValueError: A keyword cannot be used. The message names it.
    """
    for name in ("client", "async_client"):
        if keywords[name] is not None:
            raise type_error(
                f"{name}: this package brings its own HTTP client, configured by proxy, tls_roots, ca_file, "
                f"http_headers, connect_timeout_ms and max_idle_connections",
                "None",
                keywords[name],
            )
    if keywords["server_idx"] not in (None, 0):
        raise value_error("server_idx: there is one server, of index 0; use server_url for another")
    config = {
        name: _request.scalar(name, keywords[name], expected)
        for name, expected in _SCALARS.items()
        if keywords[name] is not None
    }
    api_key = keywords["api_key"]
    if callable(api_key):
        config["api_key"] = _KEY_PER_CALL
    elif api_key is not None:
        config["api_key"] = _request.scalar("api_key", api_key, str)
    server_url = keywords["server_url"]
    if server_url is not None:
        server_url = _request.scalar("server_url", server_url, str)
        for name, value in _request.strings("url_params", keywords["url_params"] or {}).items():
            server_url = server_url.replace(f"{{{name}}}", value)
        config["server_url"] = server_url
    if keywords["retry_config"] is not UNSET:
        config["retries"] = _request.retries("retry_config", keywords["retry_config"])
    if keywords["http_headers"] is not None:
        config["http_headers"] = _request.strings("http_headers", keywords["http_headers"])
    if keywords["proxy"] is not UNSET:
        proxy = keywords["proxy"]
        config["proxy"] = None if proxy is None else _request.scalar("proxy", proxy, str)
    if keywords["allow_insecure_http"]:
        config["allow_insecure_http"] = _request.scalar("allow_insecure_http", keywords["allow_insecure_http"], bool)
    return config


def _pool_size(size: Any) -> int:
    if type(size) is not int:
        raise type_error("max_async_calls", "a whole number", size)
    if size < 1:
        raise value_error("max_async_calls: must be at least 1")
    return size


def _debug_logger(debug_logger: Any) -> Any:
    if debug_logger is None and os.environ.get("APIDECK_DEBUG"):
        import logging

        logging.basicConfig(level=logging.DEBUG)
        return logging.getLogger(NAME)
    if debug_logger is not None and not callable(getattr(debug_logger, "debug", None)):
        raise type_error("debug_logger", "an object with a debug method", debug_logger)
    return debug_logger
