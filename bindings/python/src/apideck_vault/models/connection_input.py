"""What a connection can be given: by `update`, and by `imports`."""

from __future__ import annotations

from .._unset import UNSET
from ._model import Model, OpenModel
from .consent import ConsentRecordInput, DataScopesInput
from .enums import ConsentState
from .form_field import _read_FormFieldOption

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any, Dict, List, Optional

    from .._unset import OptionalNullable
    from .unions import ConnectionValue, FormFieldOption

__all__ = [
    "ConnectionConfiguration",
    "ConnectionDefaults",
    "ConnectionImportData",
    "ConnectionInput",
    "ConnectionMetadataInput",
    "Credentials",
    "CustomMappingInput",
    "_read_FormFieldOption",
]


class ConnectionMetadataInput(OpenModel):
    """What to attach to a connection: any keys, any JSON values."""

    def __init__(self, /, **additional: Any) -> None:
        super().__init__(**additional)


class ConnectionDefaults(Model):
    """The value that a resource's field is to start out with."""

    id: Optional[str] = None
    """Which field."""
    options: Optional[List[FormFieldOption]] = None
    """The values to choose from."""
    value: Optional[ConnectionValue] = None
    """The value."""


class ConnectionConfiguration(Model):
    """The defaults of one resource."""

    resource: Optional[str] = None
    """Which resource, such as `leads`."""
    defaults: Optional[List[ConnectionDefaults]] = None
    """Its defaults."""


class CustomMappingInput(Model):
    """Where a custom field is to find its value."""

    value: Optional[str] = None
    """The path of the value in the connector's data."""


class ConnectionInput(Model):
    """What `update` changes. Members that are not given stay as they are."""

    enabled: Optional[bool] = None
    """Switches the connection on or off."""
    settings: OptionalNullable[Dict[str, Any]] = UNSET
    """Values for the form fields, by field id. Hidden by `repr()`."""
    metadata: OptionalNullable[ConnectionMetadataInput] = UNSET
    """What to attach to the connection."""
    configuration: Optional[List[ConnectionConfiguration]] = None
    """Defaults by resource."""
    custom_mappings: Optional[List[CustomMappingInput]] = None
    """Where custom fields find their values."""
    consent_state: Optional[ConsentState] = None
    """The consumer's consent."""
    latest_consent: Optional[ConsentRecordInput] = None
    """A decision to record."""
    application_data_scopes: Optional[DataScopesInput] = None
    """Which data the application asks for."""


class Credentials(Model):
    """Tokens that were obtained elsewhere. Hidden by `repr()`."""

    refresh_token: OptionalNullable[str] = UNSET
    """What a new access token is obtained with."""
    access_token: Optional[str] = None
    """The access token."""
    issued_at: OptionalNullable[datetime] = UNSET
    """When the tokens were issued. Without it they are refreshed soon."""
    expires_in: OptionalNullable[int] = UNSET
    """How long the access token lasts, in seconds. Without it, it is refreshed soon."""


class ConnectionImportData(Model):
    """What `imports` stores."""

    credentials: Optional[Credentials] = None
    """The tokens. The API never returns them."""
    settings: OptionalNullable[Dict[str, Any]] = UNSET
    """Values for the form fields, by field id. Hidden by `repr()`."""
    metadata: OptionalNullable[Dict[str, Any]] = UNSET
    """What to attach to the connection."""
