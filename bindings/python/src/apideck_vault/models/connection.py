"""A connection as the API returns it."""

from __future__ import annotations

from ._model import Model, OpenModel
from .consent import ConsentRecord, DataScopes
from .enums import (
    AuthType,
    ConnectionHealth,
    ConnectionState,
    ConnectionStatus,
    ConsentState,
    IntegrationState,
    OAuthGrantType,
    Target,
)
from .form_field import FormField, _read_FormFieldOption

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from .unions import ConnectionValue, FormFieldOption

__all__ = [
    "Configuration",
    "Connection",
    "ConnectionMetadata",
    "CustomMapping",
    "Defaults",
    "WebhookSubscription",
    "_read_FormFieldOption",
]


class ConnectionMetadata(OpenModel):
    """What the application attached to a connection. Its own keys are attributes too."""

    company_id: Optional[str] = None
    """The organization that was authorized, read from the connector's own setting."""


class Defaults(Model):
    """The value that a resource's field starts out with."""

    target: Optional[Target] = None
    """What the default applies to."""
    id: Optional[str] = None
    """Which field."""
    options: Optional[List[FormFieldOption]] = None
    """The values to choose from."""
    value: Optional[ConnectionValue] = None
    """The value."""


class Configuration(Model):
    """The defaults of one resource."""

    resource: Optional[str] = None
    """Which resource, such as `leads`."""
    defaults: Optional[List[Defaults]] = None
    """Its defaults."""


class CustomMapping(Model):
    """Where a field of the unified model finds its value in the connector's data."""

    id: Optional[str] = None
    """Identifies the target field."""
    label: Optional[str] = None
    """What the target field is called."""
    description: Optional[str] = None
    """Explains the target field."""
    value: Optional[str] = None
    """The path of the value in the connector's data."""
    key: Optional[str] = None
    """The key of the target field."""
    required: Optional[bool] = None
    """Whether the mapping must be filled in."""
    custom_field: Optional[bool] = None
    """Whether the mapping finds a custom field."""
    consumer_id: Optional[str] = None
    """Whose mapping it is."""
    example: Optional[str] = None
    """A value that the mapping found."""


class WebhookSubscription(Model):
    """A subscription to events at the connector."""

    downstream_id: Optional[str] = None
    """The subscription's id at the connector."""
    unify_event_types: Optional[List[str]] = None
    """Unified events that are subscribed to."""
    downstream_event_types: Optional[List[str]] = None
    """The connector's events that are subscribed to."""
    execute_url: Optional[str] = None
    """Where the connector sends its events."""
    created_at: Optional[str] = None
    """When the connector took the subscription."""


class Connection(Model):
    """A consumer's link to one service of one unified API."""

    _identifying = frozenset({"id", "service_id", "unified_api", "state", "auth_type", "enabled", "health"})

    id: Optional[str] = None
    """Identifies the connection: the unified API and the service, joined by `+`."""
    service_id: Optional[str] = None
    """The service, such as `salesforce`."""
    name: Optional[str] = None
    """What the service is called."""
    tag_line: Optional[str] = None
    """The service in a sentence."""
    unified_api: Optional[str] = None
    """The unified API, such as `crm`."""
    state: Optional[ConnectionState] = None
    """How far the connection has come on its way to being callable."""
    integration_state: Optional[IntegrationState] = None
    """Whether the application has set up the integration."""
    auth_type: Optional[AuthType] = None
    """How the connection is authorized."""
    oauth_grant_type: Optional[OAuthGrantType] = None
    """Which OAuth 2 grant is used, if it is OAuth 2."""
    status: Optional[ConnectionStatus] = None
    """Whether the service can be used yet."""
    enabled: Optional[bool] = None
    """Whether the connection is switched on."""
    website: Optional[str] = None
    """The service's web site."""
    icon: Optional[str] = None
    """The URL of a small picture."""
    logo: Optional[str] = None
    """The URL of a large picture."""
    authorize_url: Optional[str] = None
    """Where to send a user who should authorize the connection. Add a URL-encoded `redirect_uri` to the query."""
    revoke_url: Optional[str] = None
    """Where to send a user who should revoke the connection. Add a URL-encoded `redirect_uri` to the query."""
    settings: Optional[Dict[str, Any]] = None
    """The values of the form fields, by field id. May hold secrets, so `repr()` hides them."""
    metadata: Optional[ConnectionMetadata] = None
    """What the application attached to the connection."""
    form_fields: Optional[List[FormField]] = None
    """The settings that the connection asks for."""
    configuration: Optional[List[Configuration]] = None
    """Defaults by resource."""
    configurable_resources: Optional[List[str]] = None
    """Resources that `configuration` can be set for."""
    resource_schema_support: Optional[List[str]] = None
    """Resources whose schema the connector tells."""
    resource_settings_support: Optional[List[str]] = None
    """Resources with settings of their own."""
    validation_support: Optional[bool] = None
    """Whether the connector can check the settings."""
    schema_support: Optional[bool] = None
    """Whether the connector tells schemas at all."""
    settings_required_for_authorization: Optional[List[str]] = None
    """Settings that must be filled in before a user can authorize."""
    subscriptions: Optional[List[WebhookSubscription]] = None
    """Subscriptions to the connector's events."""
    has_guide: Optional[bool] = None
    """Whether there is a guide for connecting this service."""
    custom_mappings: Optional[List[CustomMapping]] = None
    """Where custom fields find their values."""
    consent_state: Optional[ConsentState] = None
    """Where the consumer's consent stands."""
    consents: Optional[List[ConsentRecord]] = None
    """Every decision about consent, oldest first."""
    latest_consent: Optional[ConsentRecord] = None
    """The decision that holds now."""
    application_data_scopes: Optional[DataScopes] = None
    """Which data the application asks for."""
    health: Optional[ConnectionHealth] = None
    """What the connection needs before it works, if anything."""
    credentials_expire_at: Optional[float] = None
    """When credentials that no longer refresh are deleted, in milliseconds since 1970; 0 for not planned."""
    last_refresh_failed_at: Optional[float] = None
    """When a token refresh last failed, in milliseconds since 1970; 0 for not lately."""
    last_downstream_error_at: Optional[float] = None
    """When the connector was last out of reach, in milliseconds since 1970; 0 for not lately."""
    created_at: Optional[float] = None
    """When the connection was made, in milliseconds since 1970."""
    updated_at: Optional[float] = None
    """When the connection last changed, in milliseconds since 1970."""


_SCALARS = frozenset({"str", "bool", "float", "int"})


def _members() -> Any:
    """The members of a connection, each with whether it is a scalar: those are worth decoding with the list."""
    for name, field in Connection._fields.items():
        annotation = field.annotation[len("Optional[") : -1]
        named = globals().get(annotation)
        yield name, annotation in _SCALARS or hasattr(named, "_value2member_map_")


_page_decoder: Any = None


def decode_connections(text: Any) -> Any:
    """The members of a list answer, its connections left undecoded as far as possible."""
    global _page_decoder
    if _page_decoder is None:
        from .._json import page_decoder

        _page_decoder = page_decoder(_members())
    return _page_decoder(text)
