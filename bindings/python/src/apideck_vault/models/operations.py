"""What the six operations return, and their parameters as objects."""

from __future__ import annotations

from .._answer import Answer
from .._json import decode
from ._model import Model
from .connection import decode_connections
from .connection_input import ConnectionImportData, ConnectionInput
from .envelopes import (
    CreateConnectionResponse,
    GetConnectionResponse,
    GetConnectionsResponse,
    UpdateConnectionResponse,
)
from .error_data import UnexpectedErrorResponse
from .http import HTTPMetadata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Type, TypeVar

    M = TypeVar("M", bound="OperationResponse")

__all__ = [
    "Security",
    "VaultConnectionsAllGlobals",
    "VaultConnectionsAllRequest",
    "VaultConnectionsAllResponse",
    "VaultConnectionsDeleteGlobals",
    "VaultConnectionsDeleteRequest",
    "VaultConnectionsDeleteResponse",
    "VaultConnectionsImportGlobals",
    "VaultConnectionsImportRequest",
    "VaultConnectionsImportResponse",
    "VaultConnectionsOneGlobals",
    "VaultConnectionsOneRequest",
    "VaultConnectionsOneResponse",
    "VaultConnectionsTokenGlobals",
    "VaultConnectionsTokenRequest",
    "VaultConnectionsTokenRequestBody",
    "VaultConnectionsTokenResponse",
    "VaultConnectionsUpdateGlobals",
    "VaultConnectionsUpdateRequest",
    "VaultConnectionsUpdateResponse",
]


# What a call returns has these attributes. Only an object that a program makes itself, for its tests, may lack them.
_NOT_GIVEN: Any = None


class OperationResponse(Model):
    """What an operation returns. Everything in it is read from the answer when it is first looked at."""

    @classmethod
    def _over(cls: Type[M], answer: Answer) -> M:
        response = cls.__new__(cls)
        response._source = answer
        return response

    def _lookup(self, name: str) -> Any:
        answer = self._source
        if type(answer) is not Answer:  # built by hand, as in a program's own tests
            return super()._lookup(name)
        field = type(self)._fields.get(name)
        if field is None:
            return self._additional(name)
        if name == "http_meta":
            value: Any = answer.http_meta()
        elif name == "headers":
            value = {header: [text] for header, text in answer.http_meta().response.headers.items()}
        elif name == "unexpected_error_response":
            value = None
        else:
            decoder = decode_connections if name == "get_connections_response" else decode
            value = field.read(decoder(answer.body()))
        self.__dict__[name] = value
        return value

    if not TYPE_CHECKING:
        __getattr__ = _lookup

    def _members(self) -> Dict[str, Any]:
        if type(self._source) is not Answer:
            return super()._members()
        members = {name: getattr(self, name) for name in self._fields if name != "http_meta"}
        return {name: value for name, value in members.items() if value is not None}

    def __reduce__(self) -> Any:
        if type(self._source) is not Answer:
            return super().__reduce__()
        return type(self)._over, (self._source,)


class VaultConnectionsAllResponse(OperationResponse):
    """What `list` returns."""

    headers: Dict[str, List[str]]
    """The headers of the response, by lower-case name."""
    http_meta: HTTPMetadata = _NOT_GIVEN
    """The HTTP exchange; `http_meta.response.text` is the untouched JSON."""
    get_connections_response: GetConnectionsResponse = _NOT_GIVEN
    """The connections."""
    unexpected_error_response: Optional[UnexpectedErrorResponse] = None
    """Always `None`: unexpected responses are raised as `APIError`."""


class VaultConnectionsOneResponse(OperationResponse):
    """What `get` returns."""

    headers: Dict[str, List[str]]
    """The headers of the response, by lower-case name."""
    http_meta: HTTPMetadata = _NOT_GIVEN
    """The HTTP exchange; `http_meta.response.text` is the untouched JSON."""
    get_connection_response: GetConnectionResponse = _NOT_GIVEN
    """The connection."""
    unexpected_error_response: Optional[UnexpectedErrorResponse] = None
    """Always `None`: unexpected responses are raised as `APIError`."""


class VaultConnectionsUpdateResponse(OperationResponse):
    """What `update` returns."""

    headers: Dict[str, List[str]]
    """The headers of the response, by lower-case name."""
    http_meta: HTTPMetadata = _NOT_GIVEN
    """The HTTP exchange; `http_meta.response.text` is the untouched JSON."""
    update_connection_response: UpdateConnectionResponse = _NOT_GIVEN
    """The connection after the update."""
    unexpected_error_response: Optional[UnexpectedErrorResponse] = None
    """Always `None`: unexpected responses are raised as `APIError`."""


class VaultConnectionsDeleteResponse(OperationResponse):
    """What `delete` returns."""

    headers: Dict[str, List[str]]
    """The headers of the response, by lower-case name."""
    http_meta: HTTPMetadata = _NOT_GIVEN
    """The HTTP exchange."""
    unexpected_error_response: Optional[UnexpectedErrorResponse] = None
    """Always `None`: unexpected responses are raised as `APIError`."""


class VaultConnectionsImportResponse(OperationResponse):
    """What `imports` returns."""

    headers: Dict[str, List[str]]
    """The headers of the response, by lower-case name."""
    http_meta: HTTPMetadata = _NOT_GIVEN
    """The HTTP exchange; `http_meta.response.text` is the untouched JSON."""
    create_connection_response: CreateConnectionResponse = _NOT_GIVEN
    """The connection after the import."""
    unexpected_error_response: Optional[UnexpectedErrorResponse] = None
    """Always `None`: unexpected responses are raised as `APIError`."""


class VaultConnectionsTokenResponse(OperationResponse):
    """What `token` returns."""

    headers: Dict[str, List[str]]
    """The headers of the response, by lower-case name."""
    http_meta: HTTPMetadata = _NOT_GIVEN
    """The HTTP exchange; `http_meta.response.text` is the untouched JSON."""
    get_connection_response: GetConnectionResponse = _NOT_GIVEN
    """The connection after the exchange. The token is not in it."""
    unexpected_error_response: Optional[UnexpectedErrorResponse] = None
    """Always `None`: unexpected responses are raised as `APIError`."""


class Security(Model):
    """What a client proves itself with."""

    api_key: Optional[str] = None
    """The API key. Hidden by `repr()`."""


class VaultConnectionsAllGlobals(Model):
    """The parameters that a client can set for all its calls."""

    consumer_id: Optional[str] = None
    """Whose connections."""
    app_id: Optional[str] = None
    """Which application."""


class VaultConnectionsOneGlobals(VaultConnectionsAllGlobals):
    """The parameters that a client can set for all its calls."""


class VaultConnectionsUpdateGlobals(VaultConnectionsAllGlobals):
    """The parameters that a client can set for all its calls."""


class VaultConnectionsDeleteGlobals(VaultConnectionsAllGlobals):
    """The parameters that a client can set for all its calls."""


class VaultConnectionsImportGlobals(VaultConnectionsAllGlobals):
    """The parameters that a client can set for all its calls."""


class VaultConnectionsTokenGlobals(VaultConnectionsAllGlobals):
    """The parameters that a client can set for all its calls."""


class VaultConnectionsAllRequest(VaultConnectionsAllGlobals):
    """The parameters of `list`."""

    api: Optional[str] = None
    """One unified API alone, such as `crm`."""
    configured: Optional[bool] = None
    """Those that are configured, or those that are not."""


class VaultConnectionsOneRequest(VaultConnectionsAllGlobals):
    """The parameters of `get`."""

    service_id: str
    """Which service, such as `pipedrive`."""
    unified_api: str
    """Of which unified API, such as `crm`."""


class VaultConnectionsDeleteRequest(VaultConnectionsOneRequest):
    """The parameters of `delete`."""


class VaultConnectionsUpdateRequest(VaultConnectionsOneRequest):
    """The parameters of `update`."""

    connection: ConnectionInput
    """What to change."""


class VaultConnectionsImportRequest(VaultConnectionsOneRequest):
    """The parameters of `imports`."""

    connection_import_data: ConnectionImportData
    """What to store."""


class VaultConnectionsTokenRequestBody(Model):
    """The body of `token`: empty."""


class VaultConnectionsTokenRequest(VaultConnectionsOneRequest):
    """The parameters of `token`."""

    request_body: Optional[VaultConnectionsTokenRequestBody] = None
    """Empty."""
