"""The six operations against the local Vault, blocking and awaited."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any, Callable, Dict

import pytest

from apideck_vault import Apideck, models

Call = Callable[..., Any]


def type_of(result: Any) -> Any:
    """The type of a result, without narrowing it for the type checker."""
    return type(result)


@pytest.fixture(params=["blocking", "awaited"])
def call(vault: Apideck, request: pytest.FixtureRequest) -> Call:
    """Calls an operation by name, one way or the other."""

    def calling(name: str, **keywords: Any) -> Any:
        connections = vault.vault.connections
        if request.param == "blocking":
            return getattr(connections, name)(**keywords)
        return asyncio.run(getattr(connections, f"{name}_async")(**keywords))

    return calling


def some(call: Call, **members: Any) -> Dict[str, str]:
    """A connection of the catalogue with these members: its identifiers."""
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


def test_list_can_be_narrowed(call: Call) -> None:
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


def test_update_changes_what_it_is_given(call: Call) -> None:
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


def test_delete_forgets_everything(call: Call) -> None:
    one: Any = {"service_id": "pipedrive", "unified_api": "crm"}
    call("update", **one, metadata={"plan": "enterprise"})
    res = call("delete", **one)
    assert type_of(res) is models.VaultConnectionsDeleteResponse
    assert res.http_meta.response.status_code == 204
    assert res.http_meta.response.text == ""
    assert res.unexpected_error_response is None
    assert not call("get", **one).get_connection_response.data.metadata


def test_the_vault_s_errors_arrive_as_theirs(call: Call, vault: Apideck) -> None:
    with pytest.raises(models.NotFoundResponse) as not_found:
        call("get", service_id="no-such-service", unified_api="crm")
    assert not_found.value.data.message
    assert str(not_found.value.data.message) in str(not_found.value)
    with pytest.raises(models.UnprocessableResponse):
        call("update", service_id="pipedrive", unified_api="crm", settings={"no_such_field": "x"})
    with pytest.raises(models.UnprocessableResponse):
        call("token", **some(call, auth_type=models.AuthType.API_KEY))


def test_faults_on_purpose_are_survived(call: Call) -> None:
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
    from apideck_vault.utils import BackoffStrategy, RetryConfig

    return RetryConfig("backoff", BackoffStrategy(1, 5, 1.5, 10_000), True)


GROUPS = ("connections", "validate_connection", "connection_settings", "sessions", "consumers")


def methods(vault: Any) -> Dict[str, Any]:
    """The blocking methods of every group, by the names of their operations."""
    found: Dict[str, Any] = {}
    for group in GROUPS:
        operations = getattr(vault, group)
        for name in vars(type(operations)):
            if not name.startswith("_") and not name.endswith("_async"):
                found[f"{group}.{name}"] = getattr(operations, name)
    return found


def test_each_operation_has_an_awaitable_twin_with_the_same_keywords(vault: Apideck) -> None:
    found = methods(vault.vault)
    assert len(found) == 16
    for name, blocking in found.items():
        awaited = getattr(blocking.__self__, f"{blocking.__name__}_async")
        assert inspect.signature(blocking) == inspect.signature(awaited)
        assert inspect.iscoroutinefunction(awaited)
        for method in (blocking, awaited):
            parameters = list(inspect.signature(method).parameters.values())
            assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)
            for parameter in parameters:
                assert f"\n            {parameter.name}: " in (method.__doc__ or ""), (name, parameter.name)
