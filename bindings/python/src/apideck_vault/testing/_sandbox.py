"""The local Vault of a test."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, List, Literal, Optional, Type, TypedDict, TypeVar, Union

from ..sdk import Apideck
from ._control import Fault, fault_of, send, text_of, time_of
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
    rate_limit: Optional[int]
    token_lifetime: Optional[timedelta]
    webhook: Optional[str]


class VaultSandbox:
    """A running local Vault with its own port and state. It stops at the end of a `with` block.

    If this process is killed, it stops too.

    Args:
        api_key: The only API key that it accepts. Default: any key is accepted.
        database: The SQLite file of its state, created if it does not exist. Default: the state is in memory.
        request_limit: The number of requests that each application may send. Later requests get 402. Default: no limit.
        rate_limit: The number of requests that each application may send in a second. More get 429. Default: no limit.
        token_lifetime: How long an access token is valid, in whole seconds. Default: an hour.
        webhook: A URL of plain `http`. It gets an event for each change of a connection, signed with the API key of the
            client that made the change. Default: no events.

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
        rate_limit: Optional[int] = None,
        token_lifetime: Optional[timedelta] = None,
        webhook: Optional[str] = None,
    ) -> None:
        arguments: List[str] = []
        if database is not None:
            arguments += ["--database", os.fspath(database)]
        if request_limit is not None:
            arguments += ["--request-limit", str(request_limit)]
        if rate_limit is not None:
            arguments += ["--rate-limit", f"{rate_limit}/s"]
        if token_lifetime is not None:
            arguments += ["--token-lifetime", f"{-(-token_lifetime // timedelta(seconds=1))}s"]  # rounded up
        if webhook is not None:
            arguments += ["--webhook", webhook]
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
        keywords.setdefault("api_key", self._key)
        keywords.setdefault("app_id", APP_ID)
        client = Apideck(consumer_id=consumer_id, server_url=self.url, **keywords)
        self._clients.append(client)
        return client

    def add_fault(
        self,
        fault: str,
        *,
        operation: Optional[str] = None,
        consumer_id: Optional[str] = None,
        times: Optional[int] = None,
    ) -> Fault:
        """Adds a rule that makes requests fail. Of the rules, the first one that matches a request applies.

        Args:
            fault: How the requests fail: the text of the header `x-sandbox-fault`, such as `status=503;retry-after=1`,
                `reset`, `truncate`, `garbage` or `delay=500`. The README of the sandbox describes it.
            operation: The operation to fail, such as `connections.list`. Default: every operation.
            consumer_id: The consumer whose requests fail. Default: every consumer.
            times: How many requests fail. Default: requests fail until the rule is removed.

        Returns:
            The rule.

        Raises:
            SandboxError: The fault or the operation is not valid. The message names the wrong part.
        """
        rule = {"fault": fault, "operation": operation, "consumer_id": consumer_id, "times": times}
        return fault_of(self._send("POST", "/faults", rule))

    def faults(self) -> List[Fault]:
        """Returns the rules in the order in which they were added. A rule that no longer applies is among them."""
        return [fault_of(rule) for rule in self._send("GET", "/faults")["data"]]

    def remove_fault(self, fault: Fault) -> None:
        """Removes a rule.

        Raises:
            SandboxError: There is no such rule.
        """
        self._send("DELETE", f"/faults/{fault.id}")

    def clear_faults(self) -> None:
        """Removes every rule."""
        self._send("DELETE", "/faults")

    def set_refresh(
        self, consumer_id: str, unified_api: str, service_id: str, refresh: Literal["fail", "fail_for_good", "recover"]
    ) -> None:
        """Sets how the refreshes of a connection go. A refresh happens when the access token expires.

        Args:
            consumer_id: The consumer of the connection.
            unified_api: Its unified API.
            service_id: Its service.
            refresh: `fail`: the provider cannot be reached, and the connection stays callable. `fail_for_good`: the
                provider refuses the credentials, which are deleted after 48 hours. `recover`: refreshes succeed again.

        Raises:
            SandboxError: The consumer has no such connection, or it has no token.
        """
        change = {"consumer_id": consumer_id, "refresh": refresh}
        self._send("POST", f"/connections/{unified_api}/{service_id}", change)

    def set_degraded(self, consumer_id: str, unified_api: str, service_id: str, degraded: bool) -> None:
        """Sets whether the service behind a connection cannot be reached.

        Raises:
            SandboxError: The consumer has no such connection.
        """
        change = {"consumer_id": consumer_id, "degraded": degraded}
        self._send("POST", f"/connections/{unified_api}/{service_id}", change)

    def now(self) -> datetime:
        """Returns the time of the sandbox's clock. It begins with the time of the system."""
        return time_of(self._send("GET", "/clock")["now"])

    def advance_clock(self, by: timedelta) -> datetime:
        """Moves the sandbox's clock forwards. What falls due until then has happened when this method returns.

        Returns:
            The new time.

        Raises:
            SandboxError: The clock would move backwards.
        """
        return time_of(self._send("POST", "/clock", {"advance_ms": by // timedelta(milliseconds=1)})["now"])

    def set_clock(self, to: datetime) -> datetime:
        """Moves the sandbox's clock forwards to a time.

        Returns:
            The new time.

        Raises:
            SandboxError: The clock would move backwards.
            ValueError: The time has no time zone.
        """
        return time_of(self._send("POST", "/clock", {"now": text_of(to)})["now"])

    def reset_clock(self) -> datetime:
        """Sets the sandbox's clock to the time of the system, and returns it."""
        return time_of(self._send("POST", "/clock", {"reset": True})["now"])

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        return send(self.url, method, path, body)

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
