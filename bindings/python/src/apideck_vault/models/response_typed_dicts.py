"""Results, bodies and parameters as dictionaries, for annotations: the package itself returns models."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, TypedDict, Union

from .http import HTTPRequest, HTTPResponse
from .typed_dicts import (
    ConnectionImportDataTypedDict,
    ConnectionInputTypedDict,
    ConnectionTypedDict,
    VaultConnectionsTokenRequestBodyTypedDict,
)

__all__ = [
    "CreateConnectionResponseTypedDict",
    "CursorsTypedDict",
    "DebugTypedDict",
    "DetailTypedDict",
    "DetailUnauthorizedResponse2TypedDict",
    "DownstreamErrorsTypedDict",
    "GetConnectionResponseTypedDict",
    "GetConnectionsResponseTypedDict",
    "HTTPMetadataTypedDict",
    "MetaTypedDict",
    "RequestTypedDict",
    "ResponseTypedDict",
    "SecurityTypedDict",
    "UnexpectedErrorResponseTypedDict",
    "UpdateConnectionResponseTypedDict",
    "VaultConnectionsAllGlobalsTypedDict",
    "VaultConnectionsAllRequestTypedDict",
    "VaultConnectionsAllResponseTypedDict",
    "VaultConnectionsDeleteGlobalsTypedDict",
    "VaultConnectionsDeleteRequestTypedDict",
    "VaultConnectionsDeleteResponseTypedDict",
    "VaultConnectionsImportGlobalsTypedDict",
    "VaultConnectionsImportRequestTypedDict",
    "VaultConnectionsImportResponseTypedDict",
    "VaultConnectionsOneGlobalsTypedDict",
    "VaultConnectionsOneRequestTypedDict",
    "VaultConnectionsOneResponseTypedDict",
    "VaultConnectionsTokenGlobalsTypedDict",
    "VaultConnectionsTokenRequestTypedDict",
    "VaultConnectionsTokenResponseTypedDict",
    "VaultConnectionsUpdateGlobalsTypedDict",
    "VaultConnectionsUpdateRequestTypedDict",
    "VaultConnectionsUpdateResponseTypedDict",
    "WarningsTypedDict",
]

DetailTypedDict = Union[str, Dict[str, Any]]


class HTTPMetadataTypedDict(TypedDict):
    """`HTTPMetadata` as a dictionary."""

    response: HTTPResponse
    request: HTTPRequest


class SecurityTypedDict(TypedDict, total=False):
    """`Security` as a dictionary."""

    api_key: str


class DownstreamErrorsTypedDict(TypedDict, total=False):
    """`DownstreamErrors` as a dictionary."""

    message: str
    detail: str
    code: str


RequestTypedDict = Dict[str, Any]
ResponseTypedDict = Dict[str, Any]


class DebugTypedDict(TypedDict, total=False):
    """`Debug` as a dictionary."""

    request: RequestTypedDict
    response: ResponseTypedDict
    message: str
    code: str
    credentials_expire_at_ms: float
    retry_after_ms: float
    cooldown_remaining_ms: float


class DetailUnauthorizedResponse2TypedDict(TypedDict, total=False):
    """`DetailUnauthorizedResponse2` as a dictionary."""

    type: str
    message: str
    debug: DebugTypedDict


class UnexpectedErrorResponseTypedDict(TypedDict, total=False):
    """`UnexpectedErrorResponse` as a dictionary."""

    status_code: float
    error: str
    type_name: str
    message: str
    detail: DetailTypedDict
    ref: str


class CursorsTypedDict(TypedDict, total=False):
    """`Cursors` as a dictionary."""

    previous: Optional[str]
    current: Optional[str]
    next: Optional[str]


class WarningsTypedDict(TypedDict, total=False):
    """`Warnings` as a dictionary."""

    type: str
    status_code: int
    error: str
    operation: str
    message: str


class MetaTypedDict(TypedDict, total=False):
    """`Meta` as a dictionary."""

    items_on_page: int
    cursors: CursorsTypedDict
    total_count: Optional[int]
    warnings: Optional[List[WarningsTypedDict]]


class _Body(TypedDict):
    status_code: int
    status: str


class _ConnectionsBody(_Body):
    data: List[ConnectionTypedDict]


class _ConnectionBody(_Body):
    data: ConnectionTypedDict


class GetConnectionsResponseTypedDict(_ConnectionsBody, total=False):
    """`GetConnectionsResponse` as a dictionary."""

    raw: Optional[Dict[str, Any]]


class GetConnectionResponseTypedDict(_ConnectionBody, total=False):
    """`GetConnectionResponse` as a dictionary."""

    meta: MetaTypedDict
    raw: Optional[Dict[str, Any]]


class UpdateConnectionResponseTypedDict(_ConnectionBody, total=False):
    """`UpdateConnectionResponse` as a dictionary."""

    raw: Optional[Dict[str, Any]]


class CreateConnectionResponseTypedDict(_ConnectionBody, total=False):
    """`CreateConnectionResponse` as a dictionary."""

    raw: Optional[Dict[str, Any]]


class VaultConnectionsDeleteResponseTypedDict(TypedDict, total=False):
    """`VaultConnectionsDeleteResponse` as a dictionary."""

    headers: Dict[str, List[str]]
    http_meta: HTTPMetadataTypedDict
    unexpected_error_response: UnexpectedErrorResponseTypedDict


class VaultConnectionsAllResponseTypedDict(VaultConnectionsDeleteResponseTypedDict, total=False):
    """`VaultConnectionsAllResponse` as a dictionary."""

    get_connections_response: GetConnectionsResponseTypedDict


class VaultConnectionsOneResponseTypedDict(VaultConnectionsDeleteResponseTypedDict, total=False):
    """`VaultConnectionsOneResponse` as a dictionary."""

    get_connection_response: GetConnectionResponseTypedDict


class VaultConnectionsUpdateResponseTypedDict(VaultConnectionsDeleteResponseTypedDict, total=False):
    """`VaultConnectionsUpdateResponse` as a dictionary."""

    update_connection_response: UpdateConnectionResponseTypedDict


class VaultConnectionsImportResponseTypedDict(VaultConnectionsDeleteResponseTypedDict, total=False):
    """`VaultConnectionsImportResponse` as a dictionary."""

    create_connection_response: CreateConnectionResponseTypedDict


class VaultConnectionsTokenResponseTypedDict(VaultConnectionsDeleteResponseTypedDict, total=False):
    """`VaultConnectionsTokenResponse` as a dictionary."""

    get_connection_response: GetConnectionResponseTypedDict


class VaultConnectionsAllGlobalsTypedDict(TypedDict, total=False):
    """`VaultConnectionsAllGlobals` as a dictionary."""

    consumer_id: str
    app_id: str


VaultConnectionsOneGlobalsTypedDict = VaultConnectionsAllGlobalsTypedDict
VaultConnectionsUpdateGlobalsTypedDict = VaultConnectionsAllGlobalsTypedDict
VaultConnectionsDeleteGlobalsTypedDict = VaultConnectionsAllGlobalsTypedDict
VaultConnectionsImportGlobalsTypedDict = VaultConnectionsAllGlobalsTypedDict
VaultConnectionsTokenGlobalsTypedDict = VaultConnectionsAllGlobalsTypedDict


class VaultConnectionsAllRequestTypedDict(VaultConnectionsAllGlobalsTypedDict, total=False):
    """`VaultConnectionsAllRequest` as a dictionary."""

    api: str
    configured: bool


class VaultConnectionsOneRequestTypedDict(VaultConnectionsAllGlobalsTypedDict):
    """`VaultConnectionsOneRequest` as a dictionary."""

    service_id: str
    unified_api: str


VaultConnectionsDeleteRequestTypedDict = VaultConnectionsOneRequestTypedDict


class VaultConnectionsUpdateRequestTypedDict(VaultConnectionsOneRequestTypedDict):
    """`VaultConnectionsUpdateRequest` as a dictionary."""

    connection: ConnectionInputTypedDict


class VaultConnectionsImportRequestTypedDict(VaultConnectionsOneRequestTypedDict):
    """`VaultConnectionsImportRequest` as a dictionary."""

    connection_import_data: ConnectionImportDataTypedDict


class VaultConnectionsTokenRequestTypedDict(VaultConnectionsOneRequestTypedDict, total=False):
    """`VaultConnectionsTokenRequest` as a dictionary."""

    request_body: VaultConnectionsTokenRequestBodyTypedDict
