"""The client."""

from __future__ import annotations

from ._configuration import Configuration
from ._unset import UNSET
from .vault import Vault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Dict, Mapping, NoReturn, Optional, Type, TypeVar, Union

    from ._unset import OptionalNullable
    from .utils import Logger, RetryConfig

    A = TypeVar("A", bound="Apideck")


class Apideck:
    """A client of Apideck Vault. Its operations are methods of the groups in `vault`.

    Any number of threads and event loops can share a client. It keeps its HTTP connections open between calls. It is
    closed by `close`, at the end of a `with` or `async with` block, and when the last reference to it is gone. A client
    can be pickled and copied: the copy has the same configuration, API key included, and its own HTTP connections.

    Args:
        api_key: The API key, or a function that each call asks for it. Default: `APIDECK_API_KEY`.
        consumer_id: The consumer of calls that name no other. Default: `APIDECK_CONSUMER_ID`.
        app_id: The application of calls that name no other. Default: `APIDECK_APP_ID`.
        server_idx: The index of the server. There is one, so 0 or `None`.
        server_url: The URL of the server. Default: `APIDECK_SERVER_URL`, else `https://unify.apideck.com`.
        url_params: The values of `{names}` in `server_url`.
        client: Not supported, because the core makes the HTTP requests.
        async_client: Not supported, because the core makes the HTTP requests.
        retry_config: When a failed attempt is made again; `None` for one attempt. Default: up to 4 attempts.
        timeout_ms: The limit for a whole call in milliseconds. Default: 30,000.
        debug_logger: Its `debug` method receives a message for each step of each call. Default:
            `logging.getLogger("apideck_vault")`.
        connect_timeout_ms: The limit for opening a connection in milliseconds. Default: 10,000.
        http_headers: Headers to add to every request, or to replace.
        user_agent: A text to put before the library's own `User-Agent`.
        proxy: The URL of a proxy, or `None` for no proxy. Default: the environment's, by the scheme of the server
            (`HTTPS_PROXY` or `HTTP_PROXY`, else `ALL_PROXY`, in either case; not for loopback or the hosts in
            `NO_PROXY`).
        tls_roots: The certificates to trust: `"bundled"` (Mozilla's list) or `"system"` (the operating system's store).
            Those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name are trusted too. Default: `"bundled"`.
        ca_file: A PEM file of more certificates to trust, as roots and as the server's own.
        max_response_bytes: The size of the largest body to read. Default: 64 MiB.
        max_idle_connections: The number of HTTP connections to keep open. Default: 64.
        max_connection_age_ms: The age in milliseconds after which a connection is not used again, so that a changed DNS
            record takes effect. Default: 300,000.
        allow_insecure_http: Allows `http` to other hosts than this one.
        max_async_calls: The number of awaited calls that run at once. Further calls wait for their turn. Default: 64.

    Raises:
        TypeError: A keyword has the wrong type; the message names it.
        ValueError: A keyword has a value that cannot be used; the message names it.
    """

    vault: Vault
    """The operations."""

    def __init__(
        self,
        api_key: Optional[Union[str, Callable[[], Optional[str]]]] = None,
        consumer_id: Optional[str] = None,
        app_id: Optional[str] = None,
        server_idx: Optional[int] = None,
        server_url: Optional[str] = None,
        url_params: Optional[Dict[str, str]] = None,
        client: None = None,
        async_client: None = None,
        retry_config: OptionalNullable[RetryConfig] = UNSET,
        timeout_ms: Optional[int] = None,
        debug_logger: Optional[Logger] = None,
        *,
        connect_timeout_ms: Optional[int] = None,
        http_headers: Optional[Mapping[str, str]] = None,
        user_agent: Optional[str] = None,
        proxy: OptionalNullable[str] = UNSET,
        tls_roots: Optional[str] = None,
        ca_file: Optional[str] = None,
        max_response_bytes: Optional[int] = None,
        max_idle_connections: Optional[int] = None,
        max_connection_age_ms: Optional[int] = None,
        allow_insecure_http: bool = False,
        max_async_calls: int = 64,
    ) -> None:
        keywords = dict(locals())
        del keywords["self"]
        self._configuration = Configuration(keywords)
        self.vault = Vault(self._configuration)

    def close(self) -> None:
        """Closes the client and its HTTP connections. Active calls finish. New calls raise `ClientClosedError`."""
        self._configuration.close()

    def __enter__(self: A) -> A:
        return self

    def __exit__(
        self,
        error_type: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    async def __aenter__(self: A) -> A:
        return self

    async def __aexit__(
        self,
        error_type: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __reduce__(self) -> Any:
        own = {name: value for name, value in self.__dict__.items() if name not in ("_configuration", "vault")}
        return _restored, (type(self), self._configuration), own or None

    def __copy__(self: A) -> A:
        copied = _restored(type(self), self._configuration.__copy__())
        copied.__dict__.update({**self.__dict__, **copied.__dict__})
        return copied

    def __repr__(self) -> str:
        keywords = self._configuration.keywords
        shown = [
            f"{name}={keywords[name]!r}"
            for name in ("consumer_id", "app_id", "server_url")
            if keywords[name] is not None
        ]
        return f"<Apideck{''.join(' ' + part for part in shown)}{' closed' if self._configuration.closed else ''}>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            raise AttributeError(f"apideck_vault has no {name}, only vault: see apideck-unify")


def _restored(kind: Type[A], configuration: Configuration) -> A:
    """Returns a client for a configuration. In a pickle, the client and its parts share one configuration."""
    apideck = kind.__new__(kind)
    apideck._configuration = configuration
    apideck.vault = Vault(configuration)
    return apideck
