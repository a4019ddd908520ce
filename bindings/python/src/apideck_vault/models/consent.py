"""Which data a consumer agreed to share, and when."""

from __future__ import annotations

from .._json import is_object
from ._model import Model
from .enums import ConsentState, DataScopesResources2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from .unions import DataScopesResources

__all__ = [
    "ConsentRecord",
    "ConsentRecordInput",
    "ConsentState",
    "DataScopes",
    "DataScopesInput",
    "DataScopesResources1",
    "DataScopesResources2",
]


class DataScopesResources1(Model):
    """What may be done with one field."""

    read: Optional[bool] = None
    """Whether the field may be read."""
    write: Optional[bool] = None
    """Whether the field may be written."""


def _read_DataScopesResources(value: Any) -> Any:  # pyright: ignore[reportUnusedFunction]  # found by its name
    if is_object(value):
        return {
            resource: {field: DataScopesResources1._read(scope) for field, scope in fields.items()}
            if is_object(fields)
            else fields
            for resource, fields in value.items()
        }
    return DataScopesResources2.WILDCARD_ if value == "*" else value


class ConsentRecord(Model):
    """One decision of a consumer. Records are added, never changed."""

    id: str
    """Identifies the record."""
    created_at: str
    """When the decision was made, as an ISO 8601 timestamp."""
    granted: bool
    """Whether consent was given; `False` for a refusal or a withdrawal."""
    resources: DataScopesResources
    """What the consent covers: fields by resource, or everything."""


class ConsentRecordInput(Model):
    """A decision to record."""

    granted: bool
    """Whether consent is given."""
    resources: DataScopesResources
    """What the consent covers: fields by resource, or everything."""


class DataScopes(Model):
    """Which data an application asks for."""

    enabled: Optional[bool] = None
    """Whether the application limits its data at all."""
    updated_at: Optional[str] = None
    """When the limits last changed, as an ISO 8601 timestamp."""
    resources: Optional[DataScopesResources] = None
    """The limits: fields by resource, or everything."""


class DataScopesInput(Model):
    """Which data an application is to ask for."""

    enabled: Optional[bool] = None
    """Whether the application limits its data at all."""
    resources: Optional[DataScopesResources] = None
    """The limits: fields by resource, or everything."""
