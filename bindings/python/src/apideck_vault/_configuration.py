"""A client's keywords as the core's configuration, and what lives as long as the client does."""

from __future__ import annotations

import os

from . import _interrupt, _request
from ._async import Pool
from ._events import NAME, Events
from ._native import Client
from .types import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, TypeVar, Union

    P = TypeVar("P", bound="Part")

_SCALARS = (
    "app_id",
    "consumer_id",
    "timeout_ms",
    "connect_timeout_ms",
    "user_agent",
    "tls_roots",
    "ca_file",
    "max_response_bytes",
    "max_idle_connections",
    "max_connection_age_ms",
)

# The core's default.
_SERVER_URL = "https://unify.apideck.com"

# A client whose key is a function has none yet; each call brings its own.
_KEY_PER_CALL = "given-with-each-call"


class Configuration:
    """What a client is made from, and the native client made from it.

    A copy and a pickle hold the keywords alone, and make a native client of their own.

    Args:
        keywords: The keywords of `Apideck`.
    """

    __slots__ = ("_client", "_events", "_pool", "api_key", "keywords", "server_url")

    def __init__(self, keywords: Dict[str, Any]) -> None:
        from . import _loaded as _loaded  # what calls need

        self.keywords = keywords
        self.api_key = keywords["api_key"]
        config = _config(keywords)
        self.server_url = config.get("server_url") or os.environ.get("APIDECK_SERVER_URL") or _SERVER_URL
        self._client = Client(_request.text(config))
        self._events = Events(_debug_logger(keywords["debug_logger"]))
        self._pool = Pool(_pool_size(keywords["max_async_calls"]))

    def call(self, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
        """Calls an operation of the core. Returns the text of the response."""
        client = self._open_client()
        return _interrupt.call(client, function, request, self._events.handler(client))

    async def call_async(self, function: Callable[..., Any], request: bytes) -> Union[bytes, memoryview]:
        """Calls an operation of the core and awaits the text of the response. Cancelling the task ends the request."""
        client = self._open_client()
        return await self._pool.call(client, function, request, self._events.handler(client))

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
    """What a client is made of: `vault`, and what is in it. The parts of one client share its configuration.

    A copy or a pickle of a part belongs to a client of its own, made from the same keywords.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def __reduce__(self) -> Any:
        return type(self), (self._configuration,)

    def __copy__(self: P) -> P:
        return type(self)(self._configuration.__copy__())


def _config(keywords: Dict[str, Any]) -> Dict[str, Any]:
    for name in ("client", "async_client"):
        if keywords[name] is not None:
            raise _request.type_error(
                f"{name}: this package brings its own HTTP client, configured by proxy, tls_roots, ca_file, "
                f"http_headers, connect_timeout_ms and max_idle_connections",
                "None",
                keywords[name],
            )
    if keywords["server_idx"] not in (None, 0):
        raise _request.value_error("server_idx: there is one server, of index 0; use server_url for another")
    config = {name: _request.scalar(name, keywords[name]) for name in _SCALARS if keywords[name] is not None}
    api_key = keywords["api_key"]
    if callable(api_key):
        config["api_key"] = _KEY_PER_CALL
    elif api_key is not None:
        config["api_key"] = _request.scalar("api_key", api_key)
    server_url = keywords["server_url"]
    if server_url is not None:
        server_url = _request.scalar("server_url", server_url)
        for name, value in _request.strings("url_params", keywords["url_params"] or {}).items():
            server_url = server_url.replace(f"{{{name}}}", value)
        config["server_url"] = server_url
    if keywords["retry_config"] is not UNSET:
        config["retries"] = _request.retries("retry_config", keywords["retry_config"])
    if keywords["http_headers"] is not None:
        config["http_headers"] = _request.strings("http_headers", keywords["http_headers"])
    if keywords["proxy"] is not UNSET:
        proxy = keywords["proxy"]
        config["proxy"] = None if proxy is None else _request.scalar("proxy", proxy)
    if keywords["allow_insecure_http"]:
        config["allow_insecure_http"] = _request.scalar("allow_insecure_http", keywords["allow_insecure_http"])
    return config


def _pool_size(size: Any) -> int:
    if type(size) is not int:
        raise _request.type_error("max_async_calls", "a whole number", size)
    if size < 1:
        raise _request.value_error("max_async_calls: must be at least 1")
    return size


def _debug_logger(debug_logger: Any) -> Any:
    if debug_logger is None and os.environ.get("APIDECK_DEBUG"):
        import logging

        logging.basicConfig(level=logging.DEBUG)
        return logging.getLogger(NAME)
    if debug_logger is not None and not callable(getattr(debug_logger, "debug", None)):
        raise _request.type_error("debug_logger", "an object with a debug method", debug_logger)
    return debug_logger
