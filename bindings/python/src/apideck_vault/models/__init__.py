"""Models, enums and errors of Vault connections, under the names that the official SDK gives them.

Each name is imported when it is first used, so that a program pays for what it touches.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .connection import (
        Configuration as Configuration,
    )
    from .connection import (
        Connection as Connection,
    )
    from .connection import (
        ConnectionMetadata as ConnectionMetadata,
    )
    from .connection import (
        CustomMapping as CustomMapping,
    )
    from .connection import (
        Defaults as Defaults,
    )
    from .connection import (
        WebhookSubscription as WebhookSubscription,
    )
    from .connection_input import (
        ConnectionConfiguration as ConnectionConfiguration,
    )
    from .connection_input import (
        ConnectionDefaults as ConnectionDefaults,
    )
    from .connection_input import (
        ConnectionImportData as ConnectionImportData,
    )
    from .connection_input import (
        ConnectionInput as ConnectionInput,
    )
    from .connection_input import (
        ConnectionMetadataInput as ConnectionMetadataInput,
    )
    from .connection_input import (
        Credentials as Credentials,
    )
    from .connection_input import (
        CustomMappingInput as CustomMappingInput,
    )
    from .consent import (
        ConsentRecord as ConsentRecord,
    )
    from .consent import (
        ConsentRecordInput as ConsentRecordInput,
    )
    from .consent import (
        DataScopes as DataScopes,
    )
    from .consent import (
        DataScopesInput as DataScopesInput,
    )
    from .consent import (
        DataScopesResources1 as DataScopesResources1,
    )
    from .enums import (
        AuthType as AuthType,
    )
    from .enums import (
        ConnectionHealth as ConnectionHealth,
    )
    from .enums import (
        ConnectionState as ConnectionState,
    )
    from .enums import (
        ConnectionStatus as ConnectionStatus,
    )
    from .enums import (
        ConsentState as ConsentState,
    )
    from .enums import (
        DataScopesResources2 as DataScopesResources2,
    )
    from .enums import (
        FormFieldOptionGroupOptionType as FormFieldOptionGroupOptionType,
    )
    from .enums import (
        FormFieldType as FormFieldType,
    )
    from .enums import (
        Health as Health,
    )
    from .enums import (
        IntegrationState as IntegrationState,
    )
    from .enums import (
        OAuthGrantType as OAuthGrantType,
    )
    from .enums import (
        OptionType as OptionType,
    )
    from .enums import (
        Target as Target,
    )
    from .envelopes import (
        CreateConnectionResponse as CreateConnectionResponse,
    )
    from .envelopes import (
        Cursors as Cursors,
    )
    from .envelopes import (
        GetConnectionResponse as GetConnectionResponse,
    )
    from .envelopes import (
        GetConnectionsResponse as GetConnectionsResponse,
    )
    from .envelopes import (
        Meta as Meta,
    )
    from .envelopes import (
        UpdateConnectionResponse as UpdateConnectionResponse,
    )
    from .envelopes import (
        Warnings as Warnings,
    )
    from .error_data import (
        BadRequestResponseData as BadRequestResponseData,
    )
    from .error_data import (
        Debug as Debug,
    )
    from .error_data import (
        DetailUnauthorizedResponse2 as DetailUnauthorizedResponse2,
    )
    from .error_data import (
        DownstreamErrors as DownstreamErrors,
    )
    from .error_data import (
        NotFoundResponseData as NotFoundResponseData,
    )
    from .error_data import (
        PaymentRequiredResponseData as PaymentRequiredResponseData,
    )
    from .error_data import (
        Request as Request,
    )
    from .error_data import (
        Response as Response,
    )
    from .error_data import (
        UnauthorizedResponseData as UnauthorizedResponseData,
    )
    from .error_data import (
        UnexpectedErrorResponse as UnexpectedErrorResponse,
    )
    from .error_data import (
        UnprocessableResponseData as UnprocessableResponseData,
    )
    from .errors import (
        ApideckError as ApideckError,
    )
    from .errors import (
        APIError as APIError,
    )
    from .errors import (
        ArgumentTypeError as ArgumentTypeError,
    )
    from .errors import (
        ArgumentValueError as ArgumentValueError,
    )
    from .errors import (
        BadRequestResponse as BadRequestResponse,
    )
    from .errors import (
        CallCancelledError as CallCancelledError,
    )
    from .errors import (
        ClientClosedError as ClientClosedError,
    )
    from .errors import (
        ConnectionFailedError as ConnectionFailedError,
    )
    from .errors import (
        InternalError as InternalError,
    )
    from .errors import (
        NoResponseError as NoResponseError,
    )
    from .errors import (
        NotFoundResponse as NotFoundResponse,
    )
    from .errors import (
        PaymentRequiredResponse as PaymentRequiredResponse,
    )
    from .errors import (
        RateLimitedError as RateLimitedError,
    )
    from .errors import (
        ResponseValidationError as ResponseValidationError,
    )
    from .errors import (
        TimeoutExceededError as TimeoutExceededError,
    )
    from .errors import (
        UnauthorizedResponse as UnauthorizedResponse,
    )
    from .errors import (
        UnprocessableResponse as UnprocessableResponse,
    )
    from .form_field import (
        FormField as FormField,
    )
    from .form_field import (
        FormFieldOptionGroup as FormFieldOptionGroup,
    )
    from .form_field import (
        SimpleFormFieldOption as SimpleFormFieldOption,
    )
    from .http import (
        Headers as Headers,
    )
    from .http import (
        HTTPMetadata as HTTPMetadata,
    )
    from .http import (
        HTTPRequest as HTTPRequest,
    )
    from .http import (
        HTTPResponse as HTTPResponse,
    )
    from .operations import (
        VaultConnectionsAllGlobals as VaultConnectionsAllGlobals,
    )
    from .operations import (
        VaultConnectionsAllRequest as VaultConnectionsAllRequest,
    )
    from .operations import (
        VaultConnectionsAllResponse as VaultConnectionsAllResponse,
    )
    from .operations import (
        VaultConnectionsDeleteGlobals as VaultConnectionsDeleteGlobals,
    )
    from .operations import (
        VaultConnectionsDeleteRequest as VaultConnectionsDeleteRequest,
    )
    from .operations import (
        VaultConnectionsDeleteResponse as VaultConnectionsDeleteResponse,
    )
    from .operations import (
        VaultConnectionsImportGlobals as VaultConnectionsImportGlobals,
    )
    from .operations import (
        VaultConnectionsImportRequest as VaultConnectionsImportRequest,
    )
    from .operations import (
        VaultConnectionsImportResponse as VaultConnectionsImportResponse,
    )
    from .operations import (
        VaultConnectionsOneGlobals as VaultConnectionsOneGlobals,
    )
    from .operations import (
        VaultConnectionsOneRequest as VaultConnectionsOneRequest,
    )
    from .operations import (
        VaultConnectionsOneResponse as VaultConnectionsOneResponse,
    )
    from .operations import (
        VaultConnectionsTokenGlobals as VaultConnectionsTokenGlobals,
    )
    from .operations import (
        VaultConnectionsTokenRequest as VaultConnectionsTokenRequest,
    )
    from .operations import (
        VaultConnectionsTokenRequestBody as VaultConnectionsTokenRequestBody,
    )
    from .operations import (
        VaultConnectionsTokenResponse as VaultConnectionsTokenResponse,
    )
    from .operations import (
        VaultConnectionsUpdateGlobals as VaultConnectionsUpdateGlobals,
    )
    from .operations import (
        VaultConnectionsUpdateRequest as VaultConnectionsUpdateRequest,
    )
    from .operations import (
        VaultConnectionsUpdateResponse as VaultConnectionsUpdateResponse,
    )
    from .typed_dicts import (
        ConfigurationTypedDict as ConfigurationTypedDict,
    )
    from .typed_dicts import (
        ConnectionConfigurationTypedDict as ConnectionConfigurationTypedDict,
    )
    from .typed_dicts import (
        ConnectionDefaultsTypedDict as ConnectionDefaultsTypedDict,
    )
    from .typed_dicts import (
        ConnectionImportDataTypedDict as ConnectionImportDataTypedDict,
    )
    from .typed_dicts import (
        ConnectionInputTypedDict as ConnectionInputTypedDict,
    )
    from .typed_dicts import (
        ConnectionMetadataInputTypedDict as ConnectionMetadataInputTypedDict,
    )
    from .typed_dicts import (
        ConnectionMetadataTypedDict as ConnectionMetadataTypedDict,
    )
    from .typed_dicts import (
        ConnectionTypedDict as ConnectionTypedDict,
    )
    from .typed_dicts import (
        ConnectionValueTypedDict as ConnectionValueTypedDict,
    )
    from .typed_dicts import (
        ConsentRecordInputTypedDict as ConsentRecordInputTypedDict,
    )
    from .typed_dicts import (
        ConsentRecordTypedDict as ConsentRecordTypedDict,
    )
    from .typed_dicts import (
        CredentialsTypedDict as CredentialsTypedDict,
    )
    from .typed_dicts import (
        CustomMappingInputTypedDict as CustomMappingInputTypedDict,
    )
    from .typed_dicts import (
        CustomMappingTypedDict as CustomMappingTypedDict,
    )
    from .typed_dicts import (
        DataScopesInputTypedDict as DataScopesInputTypedDict,
    )
    from .typed_dicts import (
        DataScopesResources1TypedDict as DataScopesResources1TypedDict,
    )
    from .typed_dicts import (
        DataScopesResourcesTypedDict as DataScopesResourcesTypedDict,
    )
    from .typed_dicts import (
        DataScopesTypedDict as DataScopesTypedDict,
    )
    from .typed_dicts import (
        DefaultsTypedDict as DefaultsTypedDict,
    )
    from .typed_dicts import (
        FiveTypedDict as FiveTypedDict,
    )
    from .typed_dicts import (
        FormFieldOptionGroupTypedDict as FormFieldOptionGroupTypedDict,
    )
    from .typed_dicts import (
        FormFieldOptionTypedDict as FormFieldOptionTypedDict,
    )
    from .typed_dicts import (
        FormFieldTypedDict as FormFieldTypedDict,
    )
    from .typed_dicts import (
        SimpleFormFieldOptionTypedDict as SimpleFormFieldOptionTypedDict,
    )
    from .typed_dicts import (
        Value5TypedDict as Value5TypedDict,
    )
    from .typed_dicts import (
        ValueTypedDict as ValueTypedDict,
    )
    from .typed_dicts import (
        VaultConnectionsTokenRequestBodyTypedDict as VaultConnectionsTokenRequestBodyTypedDict,
    )
    from .typed_dicts import (
        WebhookSubscriptionTypedDict as WebhookSubscriptionTypedDict,
    )
    from .unions import (
        BadRequestResponseDetail as BadRequestResponseDetail,
    )
    from .unions import (
        ConnectionValue as ConnectionValue,
    )
    from .unions import (
        DataScopesResources as DataScopesResources,
    )
    from .unions import (
        Detail as Detail,
    )
    from .unions import (
        Five as Five,
    )
    from .unions import (
        FormFieldOption as FormFieldOption,
    )
    from .unions import (
        NotFoundResponseDetail as NotFoundResponseDetail,
    )
    from .unions import (
        UnauthorizedResponseDetail as UnauthorizedResponseDetail,
    )
    from .unions import (
        UnprocessableResponseDetail as UnprocessableResponseDetail,
    )
    from .unions import (
        Value as Value,
    )
    from .unions import (
        Value5 as Value5,
    )
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
            "BadRequestResponseData Debug DetailUnauthorizedResponse2 DownstreamErrors NotFoundResponseData "
            "PaymentRequiredResponseData Request Response UnauthorizedResponseData UnexpectedErrorResponse "
            "UnprocessableResponseData"
        ),
        "errors": (
            "APIError ApideckError ArgumentTypeError ArgumentValueError BadRequestResponse "
            "CallCancelledError ClientClosedError ConnectionFailedError InternalError NoResponseError "
            "NotFoundResponse PaymentRequiredResponse RateLimitedError ResponseValidationError "
            "TimeoutExceededError UnauthorizedResponse UnprocessableResponse"
        ),
        "form_field": "FormField FormFieldOptionGroup SimpleFormFieldOption",
        "http": "HTTPMetadata HTTPRequest HTTPResponse Headers",
        "operations": (
            "VaultConnectionsAllGlobals VaultConnectionsAllRequest VaultConnectionsAllResponse "
            "VaultConnectionsDeleteGlobals VaultConnectionsDeleteRequest VaultConnectionsDeleteResponse "
            "VaultConnectionsImportGlobals VaultConnectionsImportRequest VaultConnectionsImportResponse "
            "VaultConnectionsOneGlobals VaultConnectionsOneRequest VaultConnectionsOneResponse "
            "VaultConnectionsTokenGlobals VaultConnectionsTokenRequest VaultConnectionsTokenRequestBody "
            "VaultConnectionsTokenResponse VaultConnectionsUpdateGlobals VaultConnectionsUpdateRequest "
            "VaultConnectionsUpdateResponse"
        ),
        "typed_dicts": (
            "ConfigurationTypedDict ConnectionConfigurationTypedDict ConnectionDefaultsTypedDict "
            "ConnectionImportDataTypedDict ConnectionInputTypedDict ConnectionMetadataInputTypedDict "
            "ConnectionMetadataTypedDict ConnectionTypedDict ConnectionValueTypedDict "
            "ConsentRecordInputTypedDict ConsentRecordTypedDict CredentialsTypedDict "
            "CustomMappingInputTypedDict CustomMappingTypedDict DataScopesInputTypedDict "
            "DataScopesResources1TypedDict DataScopesResourcesTypedDict DataScopesTypedDict "
            "DefaultsTypedDict FiveTypedDict FormFieldOptionGroupTypedDict FormFieldOptionTypedDict "
            "FormFieldTypedDict SimpleFormFieldOptionTypedDict Value5TypedDict ValueTypedDict "
            "VaultConnectionsTokenRequestBodyTypedDict WebhookSubscriptionTypedDict"
        ),
        "unions": (
            "BadRequestResponseDetail ConnectionValue DataScopesResources Detail Five FormFieldOption "
            "NotFoundResponseDetail UnauthorizedResponseDetail UnprocessableResponseDetail Value Value5"
        ),
    }
    _MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

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
