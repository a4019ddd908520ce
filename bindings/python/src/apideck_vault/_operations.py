"""The one path of a call, whichever operation it is: arguments, request text, core, result.

What tells the operations apart is a table; a seventh is a row here and a method in `connections`.
"""

from __future__ import annotations

from . import _request
from ._answer import Answer
from ._configuration import Part
from ._ffi import library
from .types import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple, Union

_ONE = "/vault/connections/{unified_api}/{service_id}"


class Operation:
    """One operation as data.

    :param function: The function of the core.
    :param result: The name of the model that it returns.
    :param method: The HTTP method.
    :param path: The path, for `http_meta`.
    :param body: The member of the request that holds the body.
    :param nullable: The keywords of the body for which `None` is `null`.
    """

    __slots__ = ("_result", "body", "function", "method", "nullable", "path", "result")

    def __init__(
        self,
        function: Callable[..., Any],
        result: str,
        method: str,
        path: str,
        body: Optional[str] = None,
        nullable: Tuple[str, ...] = (),
    ) -> None:
        self.function = function
        self.result = result
        self.method = method
        self.path = path
        self.body = body
        self.nullable = nullable
        self._result: Any = None

    def read(self, text: Union[bytes, memoryview], parameters: Dict[str, Any], server_url: str) -> Any:
        """The result of an answer, or the exception that it stands for, raised."""
        if not Answer.is_one(text):
            from ._failure import exception

            raise exception(text)
        if self._result is None:
            from .models import operations

            self._result = getattr(operations, self.result)
        return self._result._over(Answer(text, self.method, self.path, parameters, server_url))


OPERATIONS: Dict[str, Operation] = {
    "list": Operation(library.connections_list, "VaultConnectionsAllResponse", "GET", "/vault/connections"),
    "get": Operation(library.connections_get, "VaultConnectionsOneResponse", "GET", _ONE),
    "update": Operation(
        library.connections_update,
        "VaultConnectionsUpdateResponse",
        "PATCH",
        _ONE,
        "connection",
        ("settings", "metadata"),
    ),
    "delete": Operation(library.connections_delete, "VaultConnectionsDeleteResponse", "DELETE", _ONE),
    "imports": Operation(
        library.connections_imports,
        "VaultConnectionsImportResponse",
        "POST",
        _ONE + "/import",
        "connection_import_data",
        ("settings", "metadata"),
    ),
    "token": Operation(library.connections_token, "VaultConnectionsTokenResponse", "POST", _ONE + "/token"),
}


class Operations(Part):
    """Calls operations for one client."""

    def _call(
        self,
        name: str,
        parameters: Dict[str, Any],
        retries: Any,
        http_headers: Any,
        body: Optional[Dict[str, Any]] = None,
    ) -> Any:
        operation = OPERATIONS[name]
        text = self._text(operation, parameters, retries, http_headers, body)
        configuration = self._configuration
        response = configuration.call(operation.function, text)
        return operation.read(response, parameters, configuration.server_url)

    async def _call_async(
        self,
        name: str,
        parameters: Dict[str, Any],
        retries: Any,
        http_headers: Any,
        body: Optional[Dict[str, Any]] = None,
    ) -> Any:
        operation = OPERATIONS[name]
        text = self._text(operation, parameters, retries, http_headers, body)
        configuration = self._configuration
        response = await configuration.call_async(operation.function, text)
        return operation.read(response, parameters, configuration.server_url)

    def _text(
        self, operation: Operation, parameters: Dict[str, Any], retries: Any, http_headers: Any, body: Any
    ) -> bytes:
        request: Dict[str, Any] = {}
        for name, value in parameters.items():
            if value is not None:
                request[name] = _request.scalar(name, value)
            elif name == "service_id" or name == "unified_api":
                raise _request.type_error(name, "a string", None)
        if retries is not UNSET:
            request["retries"] = _request.retries("retries", retries)
        if http_headers is not None:
            request["http_headers"] = _request.strings("http_headers", http_headers)
        if operation.body is not None:
            request[operation.body] = _request.body(body or {}, operation.nullable)
        elif body:
            _request.empty(body)
        api_key = self._configuration.api_key
        if callable(api_key):
            request["api_key"] = _request.key_for_this_call(api_key)
        return _request.text(request)
