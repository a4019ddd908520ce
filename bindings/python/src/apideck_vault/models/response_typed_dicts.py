"""Results, bodies and parameters as dictionaries, for annotations: the package itself returns models."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, TypedDict, Union

from .typed_dicts import ConnectionTypedDict

__all__ = [
    "CreateConnectionResponseTypedDict",
    "CursorsTypedDict",
    "DebugTypedDict",
    "DetailTypedDict",
    "DetailUnauthorizedResponse2TypedDict",
    "DownstreamErrorsTypedDict",
    "GetConnectionResponseTypedDict",
    "GetConnectionsResponseTypedDict",
    "MetaTypedDict",
    "RequestTypedDict",
    "ResponseTypedDict",
    "UnexpectedErrorResponseTypedDict",
    "UpdateConnectionResponseTypedDict",
    "WarningsTypedDict",
]

DetailTypedDict = Union[str, Dict[str, Any]]


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
