"""The six operations on connections, awaitable. `connections` has them blocking."""

from __future__ import annotations

from ._operations import Operations
from .types import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional, Sequence, Union

    from . import models
    from .types import OptionalNullable
    from .utils import RetryConfig


class AsyncConnections(Operations):
    """The methods of `Connections` that are awaited. Cancelling the awaiting task ends the request."""

    async def list_async(
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

        Cancelling the awaiting task ends the request.

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
        result: models.VaultConnectionsAllResponse = await self._call_async("list", parameters, retries, http_headers)
        return result

    async def get_async(
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

        Cancelling the awaiting task ends the request.

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
        result: models.VaultConnectionsOneResponse = await self._call_async("get", parameters, retries, http_headers)
        return result

    async def update_async(
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

        Cancelling the awaiting task ends the request.

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
        result: models.VaultConnectionsUpdateResponse = await self._call_async(
            "update", parameters, retries, http_headers, body
        )
        return result

    async def delete_async(
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

        Cancelling the awaiting task ends the request.

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
        result: models.VaultConnectionsDeleteResponse = await self._call_async(
            "delete", parameters, retries, http_headers
        )
        return result

    async def imports_async(
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

        Cancelling the awaiting task ends the request.

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
        result: models.VaultConnectionsImportResponse = await self._call_async(
            "imports", parameters, retries, http_headers, body
        )
        return result

    async def token_async(
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

        Cancelling the awaiting task ends the request.

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
        result: models.VaultConnectionsTokenResponse = await self._call_async(
            "token", parameters, retries, http_headers, {"request_body": request_body}
        )
        return result
