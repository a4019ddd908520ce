"""The local Vault of a test."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any, List, Optional, Type, TypedDict, TypeVar, Union

from ..sdk import Apideck
from ._process import Process
from ._program import find_program

KEY = "test-key"
"""The API key of clients if the option `api_key` is not set."""

APP_ID = "test-app"
"""The application of clients."""

S = TypeVar("S", bound="VaultSandbox")


class SandboxOptions(TypedDict, total=False):
    """The options of a `VaultSandbox`, for the fixture `vault_sandbox_options`."""

    api_key: Optional[str]
    database: Optional[Union[str, "os.PathLike[str]"]]
    request_limit: Optional[int]


class VaultSandbox:
    """A running local Vault with its own port and state. It stops at the end of a `with` block.

    If this process is killed, it stops too.

    Args:
        api_key: The only API key that it accepts. Default: any key is accepted.
        database: The SQLite file of its state, created if it does not exist. Default: the state is in memory.
        request_limit: The number of requests that each application may send. Later requests get 402. Default: no limit.

    Raises:
        SandboxError: The program cannot be found or does not start. The message says what to do.
    """

    url: str
    """The address, like `http://127.0.0.1:38211`."""

    def __init__(
        self,
        *,
        api_key: Optional[str] = None,
        database: Optional[Union[str, "os.PathLike[str]"]] = None,
        request_limit: Optional[int] = None,
    ) -> None:
        arguments: List[str] = []
        if database is not None:
            arguments += ["--database", os.fspath(database)]
        if request_limit is not None:
            arguments += ["--request-limit", str(request_limit)]
        self._key = KEY if api_key is None else api_key
        self._clients: List[Apideck] = []
        self._process = Process(find_program(), arguments, api_key)
        self.url = self._process.url

    def client(self, consumer_id: str = "test-consumer", **keywords: Any) -> Apideck:
        """Returns a client of the sandbox. It is closed when the sandbox stops.

        Args:
            consumer_id: The consumer of its calls.
            **keywords: Keywords of `Apideck`, such as `retry_config=None`. The defaults of `api_key` and `app_id` fit
                the sandbox.
        """
        client = Apideck(
            **{"api_key": self._key, "app_id": APP_ID, **keywords, "consumer_id": consumer_id, "server_url": self.url}
        )
        self._clients.append(client)
        return client

    @property
    def output(self) -> str:
        """What the program printed to standard error: the last 64 KiB. It is empty until the sandbox has stopped."""
        return self._process.output

    def close(self) -> None:
        """Stops the sandbox, and closes its clients. Requests in progress have one second to finish."""
        for client in self._clients:
            client.close()
        self._process.stop()

    def __enter__(self: S) -> S:
        return self

    def __exit__(
        self,
        error_type: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<VaultSandbox {self.url}>"
