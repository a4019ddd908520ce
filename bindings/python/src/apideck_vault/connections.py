"""The six operations on connections, blocking. `_connections_async` has them awaitable."""

from __future__ import annotations

from ._connections_async import AsyncConnections
from .types import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional, Sequence, Union

    from . import models
    from .types import OptionalNullable
    from .utils import RetryConfig


class Connections(AsyncConnections):
    """A consumer's connections: `apideck.vault.connections`. Each method has a twin in `_async` to await."""

    def list(
        self,
        *,
        consumer_id: Optional[str] = None,
        app_id: Optional[str] = None,
        api: Optional[str] = None,
        configured: Optional[bool] = None,
        retries: OptionalNullable[RetryConfig] = UNSET,
        server_url: Optional[str] = None,
        timeout_ms: Optional[int] = None,
        http_headers: Optional[Mapping[str, str]] = None,
    ) -> models.VaultConnectionsAllResponse:
        """Lists connections: every integration of the application, with what a page needs on which users connect them.

        Connections that are authorized by OAuth 2 carry `authorize_url` and `revoke_url`.

        :param consumer_id: Whose connections; the client's `consumer_id` if not given.
        :param app_id: Which application; the client's `app_id` if not given.
        :param api: One unified API alone, such as `crm`.
        :param configured: `True` for configured connections alone, `False` for the others.
        :param retries: When and how to try again, for this call; `None` for a single attempt.
        :param server_url: Another server than the client's, for this call.
        :param timeout_ms: How long the whole call may take, in milliseconds: every attempt, every wait, the body.
        :param http_headers: Headers to add to the request, or to replace.
        :raises models.ApideckError: Every error derives from it. By HTTP status: `models.BadRequestResponse` (400),
            `models.UnauthorizedResponse` (401), `models.PaymentRequiredResponse` (402), `models.NotFoundResponse`
            (404), `models.UnprocessableResponse` (422), `models.APIError` (any other). Without an answer:
            `models.ConnectionFailedError`, `models.TimeoutExceededError`.
        :raises TypeError, ValueError: An argument cannot be sent; the message names the keyword.
        """
        parameters = {
            "api": api,
            "configured": configured,
            "consumer_id": consumer_id,
            "app_id": app_id,
            "server_url": server_url,
            "timeout_ms": timeout_ms,
        }
        result: models.VaultConnectionsAllResponse = self._call("list", parameters, retries, http_headers)
        return result

    def get(
        self,
        *,
        service_id: str,
        unified_api: str,
        consumer_id: Optional[str] = None,
        app_id: Optional[str] = None,
        retries: OptionalNullable[RetryConfig] = UNSET,
        server_url: Optional[str] = None,
        timeout_ms: Optional[int] = None,
        http_headers: Optional[Mapping[str, str]] = None,
    ) -> models.VaultConnectionsOneResponse:
        """Gets one connection.

        :param service_id: Which service, such as `pipedrive`.
        :param unified_api: Of which unified API, such as `crm`.
        :param consumer_id: Whose connection; the client's `consumer_id` if not given.
        :param app_id: Which application; the client's `app_id` if not given.
        :param retries: When and how to try again, for this call; `None` for a single attempt.
        :param server_url: Another server than the client's, for this call.
        :param timeout_ms: How long the whole call may take, in milliseconds: every attempt, every wait, the body.
        :param http_headers: Headers to add to the request, or to replace.
        :raises models.ApideckError: Every error derives from it. By HTTP status: `models.BadRequestResponse` (400),
            `models.UnauthorizedResponse` (401), `models.PaymentRequiredResponse` (402), `models.NotFoundResponse`
            (404), `models.UnprocessableResponse` (422), `models.APIError` (any other). Without an answer:
            `models.ConnectionFailedError`, `models.TimeoutExceededError`.
        :raises TypeError, ValueError: An argument cannot be sent; the message names the keyword.
        """
        parameters = {
            "service_id": service_id,
            "unified_api": unified_api,
            "consumer_id": consumer_id,
            "app_id": app_id,
            "server_url": server_url,
            "timeout_ms": timeout_ms,
        }
        result: models.VaultConnectionsOneResponse = self._call("get", parameters, retries, http_headers)
        return result

    def update(
        self,
        *,
        service_id: str,
        unified_api: str,
        consumer_id: Optional[str] = None,
        app_id: Optional[str] = None,
        enabled: Optional[bool] = None,
        settings: OptionalNullable[Dict[str, Any]] = UNSET,
        metadata: OptionalNullable[
            Union[models.ConnectionMetadataInput, models.ConnectionMetadataInputTypedDict]
        ] = UNSET,
        configuration: Optional[
            Sequence[Union[models.ConnectionConfiguration, models.ConnectionConfigurationTypedDict]]
        ] = None,
        custom_mappings: Optional[
            Sequence[Union[models.CustomMappingInput, models.CustomMappingInputTypedDict]]
        ] = None,
        consent_state: Optional[models.ConsentState] = None,
        latest_consent: Optional[Union[models.ConsentRecordInput, models.ConsentRecordInputTypedDict]] = None,
        application_data_scopes: Optional[Union[models.DataScopesInput, models.DataScopesInputTypedDict]] = None,
        retries: OptionalNullable[RetryConfig] = UNSET,
        server_url: Optional[str] = None,
        timeout_ms: Optional[int] = None,
        http_headers: Optional[Mapping[str, str]] = None,
    ) -> models.VaultConnectionsUpdateResponse:
        """Changes a connection: its settings, metadata, defaults, mappings or consent.

        What is not given stays as it is.

        :param service_id: Which service, such as `pipedrive`.
        :param unified_api: Of which unified API, such as `crm`.
        :param consumer_id: Whose connection; the client's `consumer_id` if not given.
        :param app_id: Which application; the client's `app_id` if not given.
        :param enabled: Switches the connection on or off.
        :param settings: Values for the form fields, by field id; `None` clears them.
        :param metadata: What to attach to the connection; `None` clears it.
        :param configuration: Defaults by resource.
        :param custom_mappings: Where custom fields find their values.
        :param consent_state: The consumer's consent.
        :param latest_consent: A decision about consent to record.
        :param application_data_scopes: Which data the application asks for.
        :param retries: When and how to try again, for this call; `None` for a single attempt.
        :param server_url: Another server than the client's, for this call.
        :param timeout_ms: How long the whole call may take, in milliseconds: every attempt, every wait, the body.
        :param http_headers: Headers to add to the request, or to replace.
        :raises models.ApideckError: Every error derives from it. By HTTP status: `models.BadRequestResponse` (400),
            `models.UnauthorizedResponse` (401), `models.PaymentRequiredResponse` (402), `models.NotFoundResponse`
            (404), `models.UnprocessableResponse` (422), `models.APIError` (any other). Without an answer:
            `models.ConnectionFailedError`, `models.TimeoutExceededError`.
        :raises TypeError, ValueError: An argument cannot be sent; the message names the keyword.
        """
        parameters = {
            "service_id": service_id,
            "unified_api": unified_api,
            "consumer_id": consumer_id,
            "app_id": app_id,
            "server_url": server_url,
            "timeout_ms": timeout_ms,
        }
        body = {
            "enabled": enabled,
            "settings": settings,
            "metadata": metadata,
            "configuration": configuration,
            "custom_mappings": custom_mappings,
            "consent_state": consent_state,
            "latest_consent": latest_consent,
            "application_data_scopes": application_data_scopes,
        }
        result: models.VaultConnectionsUpdateResponse = self._call("update", parameters, retries, http_headers, body)
        return result

    def delete(
        self,
        *,
        service_id: str,
        unified_api: str,
        consumer_id: Optional[str] = None,
        app_id: Optional[str] = None,
        retries: OptionalNullable[RetryConfig] = UNSET,
        server_url: Optional[str] = None,
        timeout_ms: Optional[int] = None,
        http_headers: Optional[Mapping[str, str]] = None,
    ) -> models.VaultConnectionsDeleteResponse:
        """Deletes a connection, credentials and settings included.

        :param service_id: Which service, such as `pipedrive`.
        :param unified_api: Of which unified API, such as `crm`.
        :param consumer_id: Whose connection; the client's `consumer_id` if not given.
        :param app_id: Which application; the client's `app_id` if not given.
        :param retries: When and how to try again, for this call; `None` for a single attempt.
        :param server_url: Another server than the client's, for this call.
        :param timeout_ms: How long the whole call may take, in milliseconds: every attempt, every wait, the body.
        :param http_headers: Headers to add to the request, or to replace.
        :raises models.ApideckError: Every error derives from it. By HTTP status: `models.BadRequestResponse` (400),
            `models.UnauthorizedResponse` (401), `models.PaymentRequiredResponse` (402), `models.NotFoundResponse`
            (404), `models.UnprocessableResponse` (422), `models.APIError` (any other). Without an answer:
            `models.ConnectionFailedError`, `models.TimeoutExceededError`.
        :raises TypeError, ValueError: An argument cannot be sent; the message names the keyword.
        """
        parameters = {
            "service_id": service_id,
            "unified_api": unified_api,
            "consumer_id": consumer_id,
            "app_id": app_id,
            "server_url": server_url,
            "timeout_ms": timeout_ms,
        }
        result: models.VaultConnectionsDeleteResponse = self._call("delete", parameters, retries, http_headers)
        return result

    def imports(
        self,
        *,
        service_id: str,
        unified_api: str,
        consumer_id: Optional[str] = None,
        app_id: Optional[str] = None,
        credentials: Optional[Union[models.Credentials, models.CredentialsTypedDict]] = None,
        settings: OptionalNullable[Dict[str, Any]] = UNSET,
        metadata: OptionalNullable[Dict[str, Any]] = UNSET,
        retries: OptionalNullable[RetryConfig] = UNSET,
        server_url: Optional[str] = None,
        timeout_ms: Optional[int] = None,
        http_headers: Optional[Mapping[str, str]] = None,
    ) -> models.VaultConnectionsImportResponse:
        """Imports a connection that was authorized elsewhere, with its tokens.

        :param service_id: Which service, such as `pipedrive`.
        :param unified_api: Of which unified API, such as `crm`.
        :param consumer_id: Whose connection; the client's `consumer_id` if not given.
        :param app_id: Which application; the client's `app_id` if not given.
        :param credentials: Tokens that were obtained elsewhere. They are stored and never returned.
        :param settings: Values for the form fields, by field id; `None` clears them.
        :param metadata: What to attach to the connection; `None` clears it.
        :param retries: When and how to try again, for this call; `None` for a single attempt.
        :param server_url: Another server than the client's, for this call.
        :param timeout_ms: How long the whole call may take, in milliseconds: every attempt, every wait, the body.
        :param http_headers: Headers to add to the request, or to replace.
        :raises models.ApideckError: Every error derives from it. By HTTP status: `models.BadRequestResponse` (400),
            `models.UnauthorizedResponse` (401), `models.PaymentRequiredResponse` (402), `models.NotFoundResponse`
            (404), `models.UnprocessableResponse` (422), `models.APIError` (any other). Without an answer:
            `models.ConnectionFailedError`, `models.TimeoutExceededError`.
        :raises TypeError, ValueError: An argument cannot be sent; the message names the keyword.
        """
        parameters = {
            "service_id": service_id,
            "unified_api": unified_api,
            "consumer_id": consumer_id,
            "app_id": app_id,
            "server_url": server_url,
            "timeout_ms": timeout_ms,
        }
        body = {
            "credentials": credentials,
            "settings": settings,
            "metadata": metadata,
        }
        result: models.VaultConnectionsImportResponse = self._call("imports", parameters, retries, http_headers, body)
        return result

    def token(
        self,
        *,
        service_id: str,
        unified_api: str,
        consumer_id: Optional[str] = None,
        app_id: Optional[str] = None,
        request_body: Optional[
            Union[models.VaultConnectionsTokenRequestBody, models.VaultConnectionsTokenRequestBodyTypedDict]
        ] = None,
        retries: OptionalNullable[RetryConfig] = UNSET,
        server_url: Optional[str] = None,
        timeout_ms: Optional[int] = None,
        http_headers: Optional[Mapping[str, str]] = None,
    ) -> models.VaultConnectionsTokenResponse:
        """Exchanges a connection's stored credentials for an access token, which is stored too.

        For connections whose OAuth grant type is `client_credentials` or `password`. The token is not in the answer;
        later calls of the unified API use it.

        :param service_id: Which service, such as `pipedrive`.
        :param unified_api: Of which unified API, such as `crm`.
        :param consumer_id: Whose connection; the client's `consumer_id` if not given.
        :param app_id: Which application; the client's `app_id` if not given.
        :param request_body: Empty, and may be left out. Credentials do not belong here.
        :param retries: When and how to try again, for this call; `None` for a single attempt.
        :param server_url: Another server than the client's, for this call.
        :param timeout_ms: How long the whole call may take, in milliseconds: every attempt, every wait, the body.
        :param http_headers: Headers to add to the request, or to replace.
        :raises models.ApideckError: Every error derives from it. By HTTP status: `models.BadRequestResponse` (400),
            `models.UnauthorizedResponse` (401), `models.PaymentRequiredResponse` (402), `models.NotFoundResponse`
            (404), `models.UnprocessableResponse` (422), `models.APIError` (any other). Without an answer:
            `models.ConnectionFailedError`, `models.TimeoutExceededError`.
        :raises TypeError, ValueError: An argument cannot be sent; the message names the keyword.
        """
        parameters = {
            "service_id": service_id,
            "unified_api": unified_api,
            "consumer_id": consumer_id,
            "app_id": app_id,
            "server_url": server_url,
            "timeout_ms": timeout_ms,
        }
        result: models.VaultConnectionsTokenResponse = self._call(
            "token", parameters, retries, http_headers, {"request_body": request_body}
        )
        return result
