"""The vocabularies of the API. A value that this version does not know is an `UnrecognizedStr`.

Members are strings (`ConnectionState.CALLABLE == "callable"`), and formatting one gives its value on every version of
Python. Asking for an unknown value gives the value back (`ConnectionState("paused") == "paused"`), so a new state of
the API cannot break a program.
"""

from __future__ import annotations

from enum import Enum, EnumMeta

from .._unset import UnrecognizedStr

__all__ = [
    "AuthType",
    "ConnectionHealth",
    "ConnectionState",
    "ConnectionStatus",
    "ConsentState",
    "DataScopesResources2",
    "FormFieldOptionGroupOptionType",
    "FormFieldType",
    "Health",
    "IntegrationState",
    "OAuthGrantType",
    "OptionType",
    "Target",
]

TYPE_CHECKING = False

if TYPE_CHECKING:
    _OpenEnumMeta = EnumMeta
else:

    class _OpenEnumMeta(EnumMeta):
        def __call__(cls, value, *arguments, **keywords):
            if arguments or keywords:
                return super().__call__(value, *arguments, **keywords)
            try:
                return super().__call__(value)
            except ValueError:
                return UnrecognizedStr(value) if isinstance(value, str) else value


class _OpenEnum(str, Enum, metaclass=_OpenEnumMeta):
    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(str.__str__(self), format_spec)


class AuthType(_OpenEnum):
    """How a connector is authorized."""

    OAUTH2 = "oauth2"
    API_KEY = "apiKey"
    BASIC = "basic"
    CUSTOM = "custom"
    NONE = "none"


class OAuthGrantType(_OpenEnum):
    """Which OAuth 2 grant a connector uses."""

    AUTHORIZATION_CODE = "authorization_code"
    CLIENT_CREDENTIALS = "client_credentials"
    PASSWORD = "password"


class ConnectionState(_OpenEnum):
    """How far a connection has come on its way to being `CALLABLE`."""

    AVAILABLE = "available"
    CALLABLE = "callable"
    ADDED = "added"
    AUTHORIZED = "authorized"
    INVALID = "invalid"


class ConnectionStatus(_OpenEnum):
    """Whether a connector can be used yet."""

    LIVE = "live"
    UPCOMING = "upcoming"
    REQUESTED = "requested"


class ConnectionHealth(_OpenEnum):
    """What a connection needs before it works, if anything."""

    REVOKED = "revoked"
    MISSING_SETTINGS = "missing_settings"
    NEEDS_CONSENT = "needs_consent"
    PENDING_CONFIRMATION = "pending_confirmation"
    NEEDS_AUTH = "needs_auth"
    PENDING_REFRESH = "pending_refresh"
    OK = "ok"
    DEGRADED = "degraded"


Health = ConnectionHealth  # both names are in use, by version of the official SDK


class IntegrationState(_OpenEnum):
    """Whether the application has set up the integration behind a connection."""

    DISABLED = "disabled"
    NEEDS_CONFIGURATION = "needs_configuration"
    CONFIGURED = "configured"


class ConsentState(_OpenEnum):
    """Where the consumer's consent to sharing data stands."""

    IMPLICIT = "implicit"
    PENDING = "pending"
    GRANTED = "granted"
    DENIED = "denied"
    REVOKED = "revoked"
    REQUIRES_RECONSENT = "requires_reconsent"


class Target(_OpenEnum):
    """What a configured default applies to."""

    CUSTOM_FIELDS = "custom_fields"
    RESOURCE = "resource"


class FormFieldType(_OpenEnum):
    """Which input a form field asks for."""

    TEXT = "text"
    CHECKBOX = "checkbox"
    TEL = "tel"
    EMAIL = "email"
    URL = "url"
    TEXTAREA = "textarea"
    SELECT = "select"
    FILTERED_SELECT = "filtered-select"
    MULTI_SELECT = "multi-select"
    DATETIME = "datetime"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    PASSWORD = "password"


class OptionType(_OpenEnum):
    """Marks an option of a form field as a single one."""

    SIMPLE = "simple"


class FormFieldOptionGroupOptionType(_OpenEnum):
    """Marks an option of a form field as a group of options."""

    GROUP = "group"


class DataScopesResources2(_OpenEnum):
    """Stands for every resource and every field."""

    WILDCARD_ = "*"
