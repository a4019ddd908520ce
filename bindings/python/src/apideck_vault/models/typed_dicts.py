"""The models as dictionaries: every argument that takes a model takes the dictionary of the same name too."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, List, Optional, TypedDict, Union

from .enums import (
    AuthType,
    ConnectionHealth,
    ConnectionState,
    ConnectionStatus,
    ConsentState,
    DataScopesResources2,
    FormFieldOptionGroupOptionType,
    FormFieldType,
    IntegrationState,
    OAuthGrantType,
    OptionType,
    Target,
)

__all__ = [
    "ConfigurationTypedDict",
    "ConnectionConfigurationTypedDict",
    "ConnectionDefaultsTypedDict",
    "ConnectionImportDataTypedDict",
    "ConnectionInputTypedDict",
    "ConnectionMetadataInputTypedDict",
    "ConnectionMetadataTypedDict",
    "ConnectionTypedDict",
    "ConnectionValueTypedDict",
    "ConsentRecordInputTypedDict",
    "ConsentRecordTypedDict",
    "CredentialsTypedDict",
    "CustomMappingInputTypedDict",
    "CustomMappingTypedDict",
    "DataScopesInputTypedDict",
    "DataScopesResources1TypedDict",
    "DataScopesResourcesTypedDict",
    "DataScopesTypedDict",
    "DefaultsTypedDict",
    "FiveTypedDict",
    "FormFieldOptionGroupTypedDict",
    "FormFieldOptionTypedDict",
    "FormFieldTypedDict",
    "SimpleFormFieldOptionTypedDict",
    "Value5TypedDict",
    "ValueTypedDict",
    "WebhookSubscriptionTypedDict",
]

FiveTypedDict = Union[str, int, float]
ValueTypedDict = Union[str, int, float, bool, List[FiveTypedDict]]
Value5TypedDict = Union[str, int, float]
ConnectionValueTypedDict = Union[str, int, float, bool, List[Value5TypedDict]]


class _SimpleFormFieldOption(TypedDict):
    label: str
    option_type: OptionType


class SimpleFormFieldOptionTypedDict(_SimpleFormFieldOption, total=False):
    """`SimpleFormFieldOption` as a dictionary."""

    value: ValueTypedDict


class _FormFieldOptionGroup(TypedDict):
    label: str
    options: List[SimpleFormFieldOptionTypedDict]
    option_type: FormFieldOptionGroupOptionType


class FormFieldOptionGroupTypedDict(_FormFieldOptionGroup, total=False):
    """`FormFieldOptionGroup` as a dictionary."""

    id: str


FormFieldOptionTypedDict = Union[SimpleFormFieldOptionTypedDict, FormFieldOptionGroupTypedDict]


class FormFieldTypedDict(TypedDict, total=False):
    """`FormField` as a dictionary."""

    id: str
    label: str
    placeholder: Optional[str]
    description: Optional[str]
    type: FormFieldType
    required: bool
    custom_field: bool
    allow_custom_values: bool
    disabled: Optional[bool]
    options_fetch_error: Optional[bool]
    hidden: Optional[bool]
    deprecated: Optional[bool]
    sensitive: Optional[bool]
    prefix: Optional[str]
    suffix: Optional[str]
    options: List[FormFieldOptionTypedDict]


class DataScopesResources1TypedDict(TypedDict, total=False):
    """`DataScopesResources1` as a dictionary."""

    read: bool
    write: bool


DataScopesResourcesTypedDict = Union[Dict[str, Dict[str, DataScopesResources1TypedDict]], DataScopesResources2]


class ConsentRecordTypedDict(TypedDict):
    """`ConsentRecord` as a dictionary."""

    id: str
    created_at: str
    granted: bool
    resources: DataScopesResourcesTypedDict


class ConsentRecordInputTypedDict(TypedDict):
    """`ConsentRecordInput` as a dictionary."""

    granted: bool
    resources: DataScopesResourcesTypedDict


class DataScopesTypedDict(TypedDict, total=False):
    """`DataScopes` as a dictionary."""

    enabled: bool
    updated_at: str
    resources: DataScopesResourcesTypedDict


class DataScopesInputTypedDict(TypedDict, total=False):
    """`DataScopesInput` as a dictionary."""

    enabled: bool
    resources: DataScopesResourcesTypedDict


class CustomMappingTypedDict(TypedDict, total=False):
    """`CustomMapping` as a dictionary."""

    id: str
    label: str
    description: Optional[str]
    value: str
    key: str
    required: bool
    custom_field: bool
    consumer_id: Optional[str]
    example: Optional[str]


class CustomMappingInputTypedDict(TypedDict, total=False):
    """`CustomMappingInput` as a dictionary."""

    value: str


class WebhookSubscriptionTypedDict(TypedDict, total=False):
    """`WebhookSubscription` as a dictionary."""

    downstream_id: str
    unify_event_types: List[str]
    downstream_event_types: List[str]
    execute_url: str
    created_at: str


class ConnectionMetadataTypedDict(TypedDict, total=False):
    """`ConnectionMetadata` as a dictionary."""

    company_id: str


ConnectionMetadataInputTypedDict = Dict[str, Any]


class DefaultsTypedDict(TypedDict, total=False):
    """`Defaults` as a dictionary."""

    target: Target
    id: str
    options: List[FormFieldOptionTypedDict]
    value: ConnectionValueTypedDict


class ConfigurationTypedDict(TypedDict, total=False):
    """`Configuration` as a dictionary."""

    resource: str
    defaults: List[DefaultsTypedDict]


class ConnectionDefaultsTypedDict(TypedDict, total=False):
    """`ConnectionDefaults` as a dictionary."""

    id: str
    options: List[FormFieldOptionTypedDict]
    value: ConnectionValueTypedDict


class ConnectionConfigurationTypedDict(TypedDict, total=False):
    """`ConnectionConfiguration` as a dictionary."""

    resource: str
    defaults: List[ConnectionDefaultsTypedDict]


class ConnectionTypedDict(TypedDict, total=False):
    """`Connection` as a dictionary."""

    id: str
    service_id: str
    name: str
    tag_line: str
    unified_api: str
    state: ConnectionState
    integration_state: IntegrationState
    auth_type: AuthType
    oauth_grant_type: OAuthGrantType
    status: ConnectionStatus
    enabled: bool
    website: str
    icon: str
    logo: str
    authorize_url: Optional[str]
    revoke_url: Optional[str]
    settings: Optional[Dict[str, Any]]
    metadata: Optional[ConnectionMetadataTypedDict]
    form_fields: List[FormFieldTypedDict]
    configuration: List[ConfigurationTypedDict]
    configurable_resources: List[str]
    resource_schema_support: List[str]
    resource_settings_support: List[str]
    validation_support: bool
    schema_support: bool
    settings_required_for_authorization: List[str]
    subscriptions: List[WebhookSubscriptionTypedDict]
    has_guide: bool
    custom_mappings: List[CustomMappingTypedDict]
    consent_state: ConsentState
    consents: List[ConsentRecordTypedDict]
    latest_consent: ConsentRecordTypedDict
    application_data_scopes: DataScopesTypedDict
    health: ConnectionHealth
    credentials_expire_at: float
    last_refresh_failed_at: float
    last_downstream_error_at: float
    created_at: float
    updated_at: Optional[float]


class ConnectionInputTypedDict(TypedDict, total=False):
    """`ConnectionInput` as a dictionary."""

    enabled: bool
    settings: Optional[Dict[str, Any]]
    metadata: Optional[ConnectionMetadataInputTypedDict]
    configuration: List[ConnectionConfigurationTypedDict]
    custom_mappings: List[CustomMappingInputTypedDict]
    consent_state: ConsentState
    latest_consent: ConsentRecordInputTypedDict
    application_data_scopes: DataScopesInputTypedDict


class CredentialsTypedDict(TypedDict, total=False):
    """`Credentials` as a dictionary."""

    refresh_token: Optional[str]
    access_token: str
    issued_at: Optional[datetime]
    expires_in: Optional[int]


class ConnectionImportDataTypedDict(TypedDict, total=False):
    """`ConnectionImportData` as a dictionary."""

    credentials: CredentialsTypedDict
    settings: Optional[Dict[str, Any]]
    metadata: Optional[Dict[str, Any]]
