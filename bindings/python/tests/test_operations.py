"""The operations against the local Vault, blocking and awaited."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, Dict

import pytest
from conftest import type_of

from apideck_vault import Apideck, models

Call = Callable[..., Any]


@pytest.fixture(params=["blocking", "awaited"])
def call(vault: Apideck, request: pytest.FixtureRequest) -> Call:
    """Returns a function that calls an operation by its name, either blocking or awaited."""

    def calling(name: str, **keywords: Any) -> Any:
        group, _, method = name.rpartition(".")
        operations = getattr(vault.vault, group or "connections")
        if request.param == "blocking":
            return getattr(operations, method)(**keywords)
        return asyncio.run(getattr(operations, f"{method}_async")(**keywords))

    return calling


def some(call: Call, **members: Any) -> Dict[str, str]:
    """Returns the service and the unified API of a connection with these members."""
    found = call("list").get_connections_response.data
    for connection in found:
        if all(getattr(connection, name) == value for name, value in members.items()):
            return {"service_id": connection.service_id, "unified_api": connection.unified_api}
    raise AssertionError(f"the catalogue has no connection with {members}")


def test_list_returns_the_catalogue(call: Call) -> None:
    res = call("list")
    assert type_of(res) is models.VaultConnectionsAllResponse
    assert res.http_meta.response.status_code == 200
    data = res.get_connections_response.data
    assert len(data) >= 12
    assert len({connection.unified_api for connection in data}) >= 5
    assert {connection.auth_type for connection in data} >= set(models.AuthType) - {models.AuthType.NONE}
    assert all(isinstance(connection.state, models.ConnectionState) for connection in data)
    assert all(connection.id == f"{connection.unified_api}+{connection.service_id}" for connection in data)


def test_list_returns_the_connections_that_match(call: Call) -> None:
    crm = call("list", api="crm").get_connections_response.data
    assert {connection.unified_api for connection in crm} == {"crm"}
    configured = call("list", configured=True).get_connections_response.data
    others = call("list", configured=False).get_connections_response.data
    everything = call("list").get_connections_response.data
    assert len(configured) + len(others) == len(everything)


def test_get_returns_one_connection(call: Call) -> None:
    res = call("get", service_id="pipedrive", unified_api="crm")
    assert type_of(res) is models.VaultConnectionsOneResponse
    assert res.get_connection_response.status_code == 200
    assert res.get_connection_response.data.id == "crm+pipedrive"


def test_update_changes_the_given_fields_and_no_others(call: Call) -> None:
    one: Any = {"service_id": "pipedrive", "unified_api": "crm"}
    res = call("update", **one, enabled=True, metadata={"plan": "enterprise"})
    assert type_of(res) is models.VaultConnectionsUpdateResponse
    assert res.update_connection_response.data.metadata.additional_properties == {"plan": "enterprise"}
    read = call("get", **one).get_connection_response.data
    assert read.metadata.plan == "enterprise"
    assert read.enabled is True
    call("update", **one, enabled=False)
    read = call("get", **one).get_connection_response.data
    assert (read.enabled, read.metadata.plan) == (False, "enterprise")
    call("update", **one, metadata=None)
    assert not call("get", **one).get_connection_response.data.metadata


def test_imports_stores_credentials_and_never_returns_them(call: Call) -> None:
    one = some(call, auth_type=models.AuthType.OAUTH2)
    res = call(
        "imports",
        **one,
        credentials=models.Credentials(access_token="very-secret", refresh_token="very-secret"),
        metadata={"from": "elsewhere"},
    )
    assert type_of(res) is models.VaultConnectionsImportResponse
    data = res.create_connection_response.data
    assert data.state in (models.ConnectionState.AUTHORIZED, models.ConnectionState.CALLABLE)
    assert "very-secret" not in res.http_meta.response.text


def test_token_exchanges_credentials(call: Call) -> None:
    one = some(call, oauth_grant_type=models.OAuthGrantType.CLIENT_CREDENTIALS)
    fields = call("get", **one).get_connection_response.data.form_fields or []
    settings = {
        field.id: field.options[0].value if field.options else "https://instance.example"
        for field in fields
        if field.required
    }
    if settings:
        call("update", **one, settings=settings)
    res = call("token", **one)
    assert type_of(res) is models.VaultConnectionsTokenResponse
    assert res.get_connection_response.data.state in (
        models.ConnectionState.AUTHORIZED,
        models.ConnectionState.CALLABLE,
    )


def test_delete_removes_the_metadata_too(call: Call) -> None:
    one: Any = {"service_id": "pipedrive", "unified_api": "crm"}
    call("update", **one, metadata={"plan": "enterprise"})
    res = call("delete", **one)
    assert type_of(res) is models.VaultConnectionsDeleteResponse
    assert res.http_meta.response.status_code == 204
    assert res.http_meta.response.text == ""
    assert res.unexpected_error_response is None
    assert not call("get", **one).get_connection_response.data.metadata


def imported(call: Call, **one: str) -> None:
    """Stores credentials of a connection."""
    call("imports", **one, credentials={"access_token": "access", "refresh_token": "refresh"})


def test_migrate_moves_a_connection_to_a_declared_target(call: Call) -> None:
    source: Any = {"service_id": "quickbooks", "unified_api": "accounting"}
    imported(call, **source)
    res = call("migrate", **source, target_service_id="intuit-enterprise-suite")
    assert type_of(res) is models.VaultConnectionsMigrateResponse
    assert res.create_connection_response.data.service_id == "intuit-enterprise-suite"
    assert call("get", **source).get_connection_response.data.state == models.ConnectionState.AVAILABLE


def test_migrate_to_a_service_that_is_connected_is_a_conflict(call: Call) -> None:
    source: Any = {"service_id": "quickbooks", "unified_api": "accounting"}
    imported(call, **source)
    imported(call, service_id="intuit-enterprise-suite", unified_api="accounting")
    with pytest.raises(models.ConflictResponse) as conflict:
        call("migrate", **source, target_service_id="intuit-enterprise-suite")
    assert conflict.value.status_code == 409
    assert conflict.value.data.message
    assert not conflict.value.retryable


def test_validate_connection_returns_the_state(call: Call) -> None:
    one: Any = {"service_id": "quickbooks", "unified_api": "accounting"}
    imported(call, **one)
    bodies: Any = ({}, {"request_body": {}}, {"request_body": models.VaultValidateConnectionStateRequestBody()})
    for request_body in bodies:
        res = call("validate_connection.state", **one, **request_body)
        assert type_of(res) is models.VaultValidateConnectionStateResponse
        data = res.validate_connection_state_response.data
        assert data.id == "accounting+quickbooks"
        assert data.state in (models.ConnectionState.AUTHORIZED, models.ConnectionState.CALLABLE)


def test_connection_settings_are_those_of_one_resource(call: Call) -> None:
    leads: Any = {"service_id": "pipedrive", "unified_api": "crm", "resource": "leads"}
    res = call("connection_settings.list", **leads)
    assert type_of(res) is models.VaultConnectionSettingsAllResponse
    (configuration,) = res.get_connection_response.data.configuration
    assert configuration.resource == "leads"
    entry = models.ConnectionConfiguration(
        resource="leads", defaults=[models.ConnectionDefaults(id="ProductInterest", value="GC5000 series")]
    )
    res = call("connection_settings.update", **leads, configuration=[entry], metadata={"plan": "enterprise"})
    assert type_of(res) is models.VaultConnectionSettingsUpdateResponse
    data = res.update_connection_response.data
    assert data.metadata.plan == "enterprise"
    (configuration,) = call("connection_settings.list", **leads).get_connection_response.data.configuration
    values = {default.id: default.value for default in configuration.defaults}
    assert values["ProductInterest"] == "GC5000 series"
    with pytest.raises(models.NotFoundResponse, match="weather"):
        call("connection_settings.list", **{**leads, "resource": "weather"})


def test_a_session_opens_the_hosted_vault_of_the_consumer(call: Call, sandbox_url: str) -> None:
    for session in ({}, {"session": None}, {"session": {"settings": {"unified_apis": ["crm"]}}}):
        res = call("sessions.create", **session)
        assert type_of(res) is models.VaultSessionsCreateResponse
        data = res.create_session_response.data
        assert data.session_uri.startswith(sandbox_url)
        assert data.session_token
    assert data.session_token not in repr(data)
    with pytest.raises(ValueError, match="session.settings.unified_apis: .*array"):
        call("sessions.create", session={"settings": {"unified_apis": "crm"}})


def test_errors_of_the_vault_are_raised_with_their_type_and_message(call: Call, vault: Apideck) -> None:
    with pytest.raises(models.NotFoundResponse) as not_found:
        call("get", service_id="no-such-service", unified_api="crm")
    assert not_found.value.data.message
    assert str(not_found.value.data.message) in str(not_found.value)
    with pytest.raises(models.UnprocessableResponse):
        call("update", service_id="pipedrive", unified_api="crm", settings={"no_such_field": "x"})
    with pytest.raises(models.UnprocessableResponse):
        call("token", **some(call, auth_type=models.AuthType.API_KEY))


def test_faults_are_retried_or_raised(call: Call) -> None:
    one: Any = {"service_id": "pipedrive", "unified_api": "crm"}
    retries = models_retries()
    res = call("get", **one, http_headers={"x-sandbox-fault": "status=503;times=2"}, retries=retries)
    assert res.http_meta.response.attempts == 3
    with pytest.raises(models.APIError):
        call("get", **one, http_headers={"x-sandbox-fault": "status=503"}, retries=None)
    with pytest.raises(models.ConnectionFailedError):
        call("get", **one, http_headers={"x-sandbox-fault": "reset"}, retries=None)
    for fault in ("truncate", "garbage"):
        with pytest.raises(models.ResponseValidationError):
            call("get", **one, http_headers={"x-sandbox-fault": fault}, retries=None)


def models_retries() -> Any:
    """Returns a configuration with short waits."""
    from apideck_vault.utils import BackoffStrategy, RetryConfig

    return RetryConfig("backoff", BackoffStrategy(1, 5, 1.5, 10_000), True)


# The keywords of the official SDK, with their defaults. All operations also have those of `FOR_THIS_CALL`.
KEYWORDS = {
    "connections.list": "consumer_id=None app_id=None api=None configured=None",
    "connections.get": "service_id unified_api consumer_id=None app_id=None",
    "connections.update": "service_id unified_api consumer_id=None app_id=None enabled=None settings=UNSET "
    "metadata=UNSET configuration=None custom_mappings=None consent_state=None latest_consent=None "
    "application_data_scopes=None",
    "connections.delete": "service_id unified_api consumer_id=None app_id=None",
    "connections.imports": "service_id unified_api consumer_id=None app_id=None credentials=None settings=UNSET "
    "metadata=UNSET",
    "connections.migrate": "service_id unified_api target_service_id consumer_id=None app_id=None",
    "connections.token": "service_id unified_api consumer_id=None app_id=None request_body=None",
    "validate_connection.state": "service_id unified_api consumer_id=None app_id=None request_body=None",
    "connection_settings.list": "unified_api service_id resource consumer_id=None app_id=None",
    "connection_settings.update": "service_id unified_api resource consumer_id=None app_id=None enabled=None "
    "settings=UNSET metadata=UNSET configuration=None custom_mappings=None consent_state=None latest_consent=None "
    "application_data_scopes=None",
    "sessions.create": "consumer_id=None app_id=None session=None",
    "consumers.create": "consumer_id app_id=None metadata=None",
    "consumers.list": "app_id=None filter_=None cursor=UNSET limit=20",
    "consumers.get": "consumer_id app_id=None",
    "consumers.update": "consumer_id app_id=None metadata=None",
    "consumers.delete": "consumer_id app_id=None",
}
FOR_THIS_CALL = "retries=UNSET server_url=None timeout_ms=None http_headers=None"


def shown(parameter: inspect.Parameter) -> str:
    """Returns a keyword with its default."""
    return parameter.name if parameter.default is parameter.empty else f"{parameter.name}={parameter.default}"


@pytest.mark.parametrize("name", KEYWORDS)
def test_keywords_are_those_of_the_official_sdk(vault: Apideck, name: str) -> None:
    group, method = name.split(".")
    operations = getattr(vault.vault, group)
    blocking, awaited = getattr(operations, method), getattr(operations, f"{method}_async")
    assert inspect.iscoroutinefunction(awaited)
    assert inspect.signature(blocking) == inspect.signature(awaited)
    for operation in (blocking, awaited):
        parameters = list(inspect.signature(operation).parameters.values())
        assert " ".join(map(shown, parameters)) == f"{KEYWORDS[name]} {FOR_THIS_CALL}"
        assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)
        for parameter in parameters:
            assert f"\n            {parameter.name}: " in (operation.__doc__ or "")


def test_there_is_no_operation_beside_those(vault: Apideck) -> None:
    found = {
        f"{group}.{method}"
        for group, operations in vars(vault.vault).items()
        for method in vars(type(operations))
        if not method.startswith("_") and not method.endswith("_async")
    }
    assert {name for name in found if not name.startswith("_")} == set(KEYWORDS)
