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
    """A client of Apideck Vault. Its operations are methods of `vault.connections`.

    A client may be shared by any number of threads and event loops, keeps its HTTP connections alive between calls,
    and is closed by `close`, at the end of a `with` or `async with` block, or when it is no longer referred to.
    It can be pickled and copied: its configuration travels, API key included, its HTTP connections do not.

    :param api_key: The API key, or a function that is asked for it at each call. Default: `APIDECK_API_KEY`.
    :param consumer_id: Whose connections, unless a call says otherwise. Default: `APIDECK_CONSUMER_ID`.
    :param app_id: Which application, unless a call says otherwise. Default: `APIDECK_APP_ID`.
    :param server_idx: There is one server, so 0 or nothing.
    :param server_url: The server. Default: `APIDECK_SERVER_URL`, else `https://unify.apideck.com`.
    :param url_params: Values for `{names}` in `server_url`.
    :param client: Not supported: HTTP is done in the core.
    :param async_client: Not supported: HTTP is done in the core.
    :param retry_config: When and how to try again; `None` for a single attempt. Default: up to 4 attempts.
    :param timeout_ms: How long a whole call may take, in milliseconds. Default: 30,000.
    :param debug_logger: Gets a message for each step of each call. Default: `logging.getLogger("apideck_vault")`.
    :param connect_timeout_ms: How long connecting may take, in milliseconds. Default: 10,000.
    :param http_headers: Headers to add to every request, or to replace.
    :param user_agent: Put before the library's own `User-Agent`.
    :param proxy: The URL of a proxy, or `None` for none. Default: from the environment, by the scheme of the server
        (`HTTPS_PROXY` or `HTTP_PROXY`, else `ALL_PROXY`, in either case; not for loopback nor what `NO_PROXY` names).
    :param tls_roots: Whose certificates to trust: `"bundled"` (Mozilla's list) or `"system"` (the operating system's
        store). What `SSL_CERT_FILE` and `SSL_CERT_DIR` name is trusted too. Default: `"bundled"`.
    :param ca_file: A PEM file of certificates to trust besides: as roots, and from the server itself.
    :param max_response_bytes: The largest body to read. Default: 64 MiB.
    :param max_idle_connections: How many HTTP connections to keep alive. Default: 64.
    :param max_connection_age_ms: The age from which a connection is not used again, in milliseconds, so that a changed
        DNS record is seen. Default: 300,000.
    :param allow_insecure_http: Allows `http` to other hosts than this one.
    :param max_async_calls: How many awaited calls may run at once; more wait for their turn. Default: 64.
    :raises TypeError, ValueError: A keyword is wrong; the message names it.
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
        """Closes the client and its HTTP connections. Calls under way finish, later ones raise `ClientClosedError`."""
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
        return _made_again, (type(self), self._configuration), own or None

    def __copy__(self: A) -> A:
        copied = _made_again(type(self), self._configuration.__copy__())
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


def _made_again(made: Type[A], configuration: Configuration) -> A:
    """Returns a client around a configuration, in which it may share a pickle with its parts."""
    apideck = made.__new__(made)
    apideck._configuration = configuration
    apideck.vault = Vault(configuration)
    return apideck
