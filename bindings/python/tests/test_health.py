"""The health of connections: the table that the tests of C, Python and Go share (tests/health), and changed models."""

from __future__ import annotations

import datetime
import json
import os
import pickle
import urllib.request
from typing import Any, Callable, Dict, List

import pytest
from prepared_server import PreparedServer

from apideck_vault import Apideck, models

with open(os.environ["APIDECK_VAULT_TEST_HEALTH_TABLE"], encoding="utf-8") as _table:
    ROWS: List[Dict[str, Any]] = json.load(_table)


def received(connection: Dict[str, Any]) -> models.Connection:
    """Returns a connection as a response has it."""
    body = {"status_code": 200, "status": "OK", "data": connection}
    data: Any = models.GetConnectionResponse._decode_one(json.dumps(body).encode()).data
    assert isinstance(data, models.Connection)
    return data


def changed(connection: Dict[str, Any]) -> models.Connection:
    """Returns a connection that got every member after it was made."""
    one = received({"state": "callable", "health": "ok", "enabled": False, "settings": {"api_key": "k"}})
    for name in ("state", "health", "enabled", "settings"):
        delattr(one, name)
    for name, value in connection.items():
        setattr(one, name, value)
    return one


def read(connection: Dict[str, Any]) -> models.Connection:
    return models.Connection.model_validate(connection)


def made(connection: Dict[str, Any]) -> models.Connection:
    return models.Connection(**connection)


def unpickled(connection: Dict[str, Any]) -> models.Connection:
    found: models.Connection = pickle.loads(pickle.dumps(received(connection)))
    return found


WAYS: Dict[str, Callable[[Dict[str, Any]], models.Connection]] = {
    way.__name__: way for way in (received, read, made, changed, unpickled)
}


def test_the_table_has_rows() -> None:
    assert len(ROWS) >= 40


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_every_row_of_the_table_has_the_expected_report(row: Dict[str, Any], way: str) -> None:
    report = WAYS[way](row["connection"]).health_report()
    expected = row["expected"]
    assert isinstance(report, models.HealthReport)
    assert isinstance(report.action, models.HealthAction)
    assert report.action == expected["action"]
    assert report.until == expected.get("until")
    assert report.authorize_url == expected.get("authorize_url")
    assert report.missing_settings == expected.get("missing_settings", [])
    assert expected["reason"] in report.reason


def test_the_report_follows_changes_inside_the_connection() -> None:
    connection = received(
        {
            "state": "added",
            "auth_type": "apiKey",
            "health": "missing_settings",
            "settings": {"region": "eu"},
            "form_fields": [{"id": "api_key", "required": True}, {"id": "region", "required": True}],
        }
    )
    assert connection.health_report().missing_settings == ["api_key"]
    assert connection.settings is not None and connection.form_fields is not None
    connection.settings["api_key"] = "k"
    connection.settings["region"] = ""
    assert connection.health_report().missing_settings == ["region"]
    connection.form_fields[1].required = False
    assert connection.health_report().missing_settings == []
    connection.health = models.ConnectionHealth.OK
    connection.state = models.ConnectionState.CALLABLE
    assert connection.health_report().action is models.HealthAction.NONE
    connection.enabled = False
    assert connection.health_report().action is models.HealthAction.ENABLE


def test_values_that_a_response_cannot_have_are_no_error_and_never_mean_that_nothing_is_needed() -> None:
    texts = [
        b'{"state":"callable","health":"ok","name":"\\ud800","metadata":{"n":1e999},"settings":{"\\ud800":1e999}}',
        b'{"state":"callable","health":"\\ud800"}',
        b'{"state":"callable","credentials_expire_at":1e999}',
    ]
    actions = [models.Connection.model_validate_json(text).health_report().action for text in texts]
    assert actions == ["none", "wait", "wait"]
    moment = datetime.datetime(2024, 10, 29, 3, 33, 20, tzinfo=datetime.timezone.utc)
    one = models.Connection(state=models.ConnectionState.CALLABLE)
    one.credentials_expire_at = moment  # type: ignore[assignment]
    assert one.health_report().until == 1730172800000


def test_a_member_that_is_no_json_is_refused_by_its_name() -> None:
    one = models.Connection(state=object())  # type: ignore[arg-type]
    with pytest.raises(models.ArgumentTypeError, match=r"Connection\.state: expected a value that JSON can express"):
        one.health_report()


def test_no_report_has_the_value_of_a_setting() -> None:
    one = models.Connection(
        state=models.ConnectionState.ADDED,
        auth_type=models.AuthType.API_KEY,
        settings={"api_key": "s3cret-value", "other": ""},
        form_fields=[models.FormField(id="other", required=True)],
    )
    report = one.health_report()
    assert report.missing_settings == ["other"]
    assert "s3cret" not in repr(report) + report.model_dump_json()


def test_an_action_of_a_newer_version_is_a_string() -> None:
    report = models.HealthReport.model_validate({"action": "call_support", "reason": "New.", "missing_settings": []})
    assert report.action == "call_support" and report.until is None


def test_connections_of_a_list_report_their_health(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_list(*(row["connection"] for row in ROWS))
    found = apideck.vault.connections.list().get_connections_response.data
    assert [one.health_report().action for one in found] == [row["expected"]["action"] for row in ROWS]


@pytest.mark.parametrize(
    "members, action, until",
    [
        ({"state": "callable", "health": "ok"}, "none", None),
        (
            {"state": "callable", "health": "pending_refresh", "credentials_expire_at": "2024-10-29T03:33:20.000Z"},
            "wait",
            1730172800000,
        ),
        (
            {"state": "callable", "health": "pending_refresh", "last_refresh_failed_at": "2024-10-27T03:33:20Z"},
            "wait",
            1730172800000,
        ),
        ({"state": "callable", "health": "ok", "credentials_expire_at": "soon"}, "wait", None),
        ({"state": "invalid", "health": "revoked", "auth_type": "oauth2"}, "reauthorize", None),
        ({"state": "callable", "enabled": False}, "enable", None),
    ],
)
def test_the_connection_of_a_consumer_reports_its_health(members: Dict[str, Any], action: str, until: Any) -> None:
    report = models.ConsumerConnection.model_validate(members).health_report()
    assert (report.action, report.until) == (action, until)


def sample_value(field: models.FormField) -> Any:
    """Returns a value that a form field accepts."""
    options: Any = field.options or [None]
    option = options[0]
    if getattr(option, "options", None):  # a group
        option = option.options[0]
    texts = {"url": "https://acme.example", "email": "a@acme.example", "date": "2024-01-31"}
    values: Dict[str, Any] = {"checkbox": True, "number": 1, "multi-select": [option and option.value]}
    if field.type in ("select", "filtered-select"):
        return option.value
    return values.get(field.type or "", texts.get(field.type or "", "text"))


def follow(apideck: Apideck, connection: models.Connection, report: models.HealthReport) -> None:
    """Does what a report asks for."""
    place: Dict[str, Any] = {"service_id": connection.service_id, "unified_api": connection.unified_api}
    connections, action = apideck.vault.connections, report.action
    if action == models.HealthAction.FILL_SETTINGS:
        fields = {field.id: field for field in connection.form_fields or []}
        connections.update(**place, settings={name: sample_value(fields[name]) for name in report.missing_settings})
    elif action == models.HealthAction.REAUTHORIZE:
        assert report.authorize_url is not None
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(report.authorize_url, b"decision=approve", timeout=30).close()
    elif action == models.HealthAction.EXCHANGE_TOKEN:
        connections.token(**place)
    elif action == models.HealthAction.ENABLE:
        connections.update(**place, enabled=True)
    else:
        raise AssertionError(f"{connection.id}: {report}")


def test_who_follows_the_reports_gets_every_connection_of_the_local_vault_to_work(vault: Apideck) -> None:
    actions = set()
    for listed in vault.vault.connections.list().get_connections_response.data:
        place: Dict[str, Any] = {"service_id": listed.service_id, "unified_api": listed.unified_api}
        assert listed.state == "available" and listed.health_report().action == "none"
        connection = vault.vault.connections.update(**place, enabled=False).update_connection_response.data
        steps = []
        while connection.health_report().action != "none":
            report = connection.health_report()
            steps.append(report.action)
            assert len(steps) < 6, (connection.id, steps)
            follow(vault, connection, report)
            connection = vault.vault.connections.get(**place).get_connection_response.data
        assert (connection.state, connection.health, connection.enabled) == ("callable", "ok", True)
        assert steps[0] == "enable"
        actions.update(steps)
    assert actions == {"enable", "fill_settings", "reauthorize", "exchange_token"}
