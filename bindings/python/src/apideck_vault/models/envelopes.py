"""The objects that connections come wrapped in."""

from __future__ import annotations

from ._model import Model
from .connection import Connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

__all__ = [
    "Connection",
    "CreateConnectionResponse",
    "Cursors",
    "GetConnectionResponse",
    "GetConnectionsResponse",
    "Meta",
    "UpdateConnectionResponse",
    "Warnings",
]

_RAW = {"raw": "_raw"}


class Cursors(Model):
    """Where the neighbouring pages are."""

    previous: Optional[str] = None
    """The page before."""
    current: Optional[str] = None
    """This page."""
    next: Optional[str] = None
    """The page after."""


class Warnings(Model):
    """A step that failed without failing the request."""

    type: Optional[str] = None
    """The kind of warning."""
    status_code: Optional[int] = None
    """What the connector answered, if it did."""
    error: Optional[str] = None
    """The connector's error in short."""
    operation: Optional[str] = None
    """Which step it was."""
    message: Optional[str] = None
    """The connector's error in full."""


class Meta(Model):
    """About the answer as a whole."""

    items_on_page: Optional[int] = None
    """How many items `data` holds."""
    cursors: Optional[Cursors] = None
    """Where the neighbouring pages are."""
    total_count: Optional[int] = None
    """How many items there are in all."""
    warnings: Optional[List[Warnings]] = None
    """Steps that failed without failing the request."""


class GetConnectionsResponse(Model):
    """The connections of a consumer, or of the application."""

    _keys = _RAW

    status_code: int
    """The HTTP status as the body repeats it."""
    status: str
    """The HTTP status in words."""
    data: List[Connection]
    """The connections."""
    raw: Optional[Dict[str, Any]] = None
    """What the connector itself answered, if that was asked for."""


class GetConnectionResponse(Model):
    """One connection."""

    _keys = _RAW

    status_code: int
    """The HTTP status as the body repeats it."""
    status: str
    """The HTTP status in words."""
    data: Connection
    """The connection."""
    meta: Optional[Meta] = None
    """About the answer as a whole."""
    raw: Optional[Dict[str, Any]] = None
    """What the connector itself answered, if that was asked for."""


class UpdateConnectionResponse(Model):
    """The connection after its update."""

    _keys = _RAW

    status_code: int
    """The HTTP status as the body repeats it."""
    status: str
    """The HTTP status in words."""
    data: Connection
    """The connection."""
    raw: Optional[Dict[str, Any]] = None
    """What the connector itself answered, if that was asked for."""


class CreateConnectionResponse(Model):
    """The connection after its import."""

    _keys = _RAW

    status_code: int
    """The HTTP status as the body repeats it."""
    status: str
    """The HTTP status in words."""
    data: Connection
    """The connection."""
    raw: Optional[Dict[str, Any]] = None
    """What the connector itself answered, if that was asked for."""
