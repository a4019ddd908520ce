"""Models, enums and errors of Vault connections, under the names that the official SDK gives them.

Each name is imported when it is first used, so that a program pays for what it touches.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .connection import *
    from .connection_input import *
    from .consent import *
    from .enums import *
    from .envelopes import *
    from .error_data import *
    from .errors import *
    from .form_field import *
    from .http import *
    from .operation_typed_dicts import *
    from .operations import *
    from .response_typed_dicts import *
    from .typed_dicts import *
    from .unions import *

    def load() -> None: ...

else:
    _MODULES = {
        "connection": "Configuration Connection ConnectionMetadata CustomMapping Defaults WebhookSubscription",
        "connection_input": (
            "ConnectionConfiguration ConnectionDefaults ConnectionImportData ConnectionInput "
            "ConnectionMetadataInput Credentials CustomMappingInput"
        ),
        "consent": "ConsentRecord ConsentRecordInput DataScopes DataScopesInput DataScopesResources1",
        "enums": (
            "AuthType ConnectionHealth ConnectionState ConnectionStatus ConsentState DataScopesResources2 "
            "FormFieldOptionGroupOptionType FormFieldType Health IntegrationState OAuthGrantType OptionType "
            "Target"
        ),
        "envelopes": (
            "CreateConnectionResponse Cursors GetConnectionResponse GetConnectionsResponse Meta "
            "UpdateConnectionResponse Warnings"
        ),
        "error_data": (
            "BadRequestResponseData ConflictResponseData Debug DetailUnauthorizedResponse2 DownstreamErrors "
            "NotFoundResponseData PaymentRequiredResponseData Request Response UnauthorizedResponseData "
            "UnexpectedErrorResponse UnprocessableResponseData"
        ),
        "errors": (
            "APIError ApideckError ArgumentTypeError ArgumentValueError BadRequestResponse CallCancelledError "
            "ClientClosedError ConflictResponse ConnectionFailedError InternalError NoResponseError "
            "NotFoundResponse PaymentRequiredResponse RateLimitedError ResponseValidationError TimeoutExceededError "
            "UnauthorizedResponse UnprocessableResponse"
        ),
        "form_field": "FormField FormFieldOptionGroup SimpleFormFieldOption",
        "http": "HTTPMetadata HTTPRequest HTTPResponse Headers",
        "operations": (
            "Security VaultConnectionSettingsAllGlobals VaultConnectionSettingsAllRequest "
            "VaultConnectionSettingsAllResponse VaultConnectionSettingsUpdateGlobals "
            "VaultConnectionSettingsUpdateRequest VaultConnectionSettingsUpdateResponse "
            "VaultConnectionsAllGlobals VaultConnectionsAllRequest VaultConnectionsAllResponse "
            "VaultConnectionsDeleteGlobals VaultConnectionsDeleteRequest VaultConnectionsDeleteResponse "
            "VaultConnectionsImportGlobals VaultConnectionsImportRequest VaultConnectionsImportResponse "
            "VaultConnectionsMigrateGlobals VaultConnectionsMigrateRequest VaultConnectionsMigrateResponse "
            "VaultConnectionsOneGlobals VaultConnectionsOneRequest VaultConnectionsOneResponse "
            "VaultConnectionsTokenGlobals VaultConnectionsTokenRequest VaultConnectionsTokenRequestBody "
            "VaultConnectionsTokenResponse VaultConnectionsUpdateGlobals VaultConnectionsUpdateRequest "
            "VaultConnectionsUpdateResponse VaultConsumersAddGlobals VaultConsumersAddRequest "
            "VaultConsumersAddResponse VaultConsumersAllGlobals VaultConsumersAllRequest "
            "VaultConsumersAllResponse VaultConsumersDeleteGlobals VaultConsumersDeleteRequest "
            "VaultConsumersDeleteResponse VaultConsumersOneGlobals VaultConsumersOneRequest "
            "VaultConsumersOneResponse VaultConsumersUpdateGlobals VaultConsumersUpdateRequest "
            "VaultConsumersUpdateResponse VaultSessionsCreateGlobals VaultSessionsCreateRequest "
            "VaultSessionsCreateResponse VaultValidateConnectionStateGlobals VaultValidateConnectionStateRequest "
            "VaultValidateConnectionStateRequestBody VaultValidateConnectionStateResponse"
        ),
        "operation_typed_dicts": (
            "HTTPMetadataTypedDict SecurityTypedDict VaultConnectionSettingsAllGlobalsTypedDict "
            "VaultConnectionSettingsAllRequestTypedDict VaultConnectionSettingsAllResponseTypedDict "
            "VaultConnectionSettingsUpdateGlobalsTypedDict VaultConnectionSettingsUpdateRequestTypedDict "
            "VaultConnectionSettingsUpdateResponseTypedDict VaultConnectionsAllGlobalsTypedDict "
            "VaultConnectionsAllRequestTypedDict VaultConnectionsAllResponseTypedDict "
            "VaultConnectionsDeleteGlobalsTypedDict VaultConnectionsDeleteRequestTypedDict "
            "VaultConnectionsDeleteResponseTypedDict VaultConnectionsImportGlobalsTypedDict "
            "VaultConnectionsImportRequestTypedDict VaultConnectionsImportResponseTypedDict "
            "VaultConnectionsMigrateGlobalsTypedDict VaultConnectionsMigrateRequestTypedDict "
            "VaultConnectionsMigrateResponseTypedDict VaultConnectionsOneGlobalsTypedDict "
            "VaultConnectionsOneRequestTypedDict VaultConnectionsOneResponseTypedDict "
            "VaultConnectionsTokenGlobalsTypedDict VaultConnectionsTokenRequestBodyTypedDict "
            "VaultConnectionsTokenRequestTypedDict VaultConnectionsTokenResponseTypedDict "
            "VaultConnectionsUpdateGlobalsTypedDict VaultConnectionsUpdateRequestTypedDict "
            "VaultConnectionsUpdateResponseTypedDict VaultConsumersAddGlobalsTypedDict "
            "VaultConsumersAddRequestTypedDict VaultConsumersAddResponseTypedDict "
            "VaultConsumersAllGlobalsTypedDict VaultConsumersAllRequestTypedDict "
            "VaultConsumersAllResponseTypedDict VaultConsumersDeleteGlobalsTypedDict "
            "VaultConsumersDeleteRequestTypedDict VaultConsumersDeleteResponseTypedDict "
            "VaultConsumersOneGlobalsTypedDict VaultConsumersOneRequestTypedDict "
            "VaultConsumersOneResponseTypedDict VaultConsumersUpdateGlobalsTypedDict "
            "VaultConsumersUpdateRequestTypedDict VaultConsumersUpdateResponseTypedDict "
            "VaultSessionsCreateGlobalsTypedDict VaultSessionsCreateRequestTypedDict "
            "VaultSessionsCreateResponseTypedDict VaultValidateConnectionStateGlobalsTypedDict "
            "VaultValidateConnectionStateRequestBodyTypedDict VaultValidateConnectionStateRequestTypedDict "
            "VaultValidateConnectionStateResponseTypedDict"
        ),
        "response_typed_dicts": (
            "CreateConnectionResponseTypedDict CursorsTypedDict DebugTypedDict DetailTypedDict "
            "DetailUnauthorizedResponse2TypedDict DownstreamErrorsTypedDict GetConnectionResponseTypedDict "
            "GetConnectionsResponseTypedDict MetaTypedDict RequestTypedDict ResponseTypedDict "
            "UnexpectedErrorResponseTypedDict UpdateConnectionResponseTypedDict WarningsTypedDict"
        ),
        "typed_dicts": (
            "ConfigurationTypedDict ConnectionConfigurationTypedDict ConnectionDefaultsTypedDict "
            "ConnectionImportDataTypedDict ConnectionInputTypedDict ConnectionMetadataInputTypedDict "
            "ConnectionMetadataTypedDict ConnectionTypedDict ConnectionValueTypedDict ConsentRecordInputTypedDict "
            "ConsentRecordTypedDict CredentialsTypedDict CustomMappingInputTypedDict CustomMappingTypedDict "
            "DataScopesInputTypedDict DataScopesResources1TypedDict DataScopesResourcesTypedDict "
            "DataScopesTypedDict DefaultsTypedDict FiveTypedDict FormFieldOptionGroupTypedDict "
            "FormFieldOptionTypedDict FormFieldTypedDict SimpleFormFieldOptionTypedDict Value5TypedDict "
            "ValueTypedDict WebhookSubscriptionTypedDict"
        ),
        "unions": (
            "BadRequestResponseDetail ConflictResponseDetail ConnectionValue DataScopesResources Detail Five "
            "FormFieldOption NotFoundResponseDetail UnauthorizedResponseDetail UnprocessableResponseDetail "
            "Value Value5"
        ),
    }
    _MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

    def load():
        """Imports every model."""
        for name in _MODULE_OF:
            __getattr__(name)

    def __getattr__(name):
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f".{module}", __name__), name)
        globals()[name] = value
        return value

    def __dir__():
        return sorted(_MODULE_OF)

    __all__ = sorted(_MODULE_OF)
