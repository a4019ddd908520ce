"""Arguments become requests, or raise an error that names them before anything is sent."""

from __future__ import annotations

import datetime
import decimal
import enum
import math
import pathlib
import uuid
from collections import OrderedDict, deque
from typing import Any, Callable

import pytest
from conftest import client
from prepared_server import PreparedServer

from apideck_vault import UNSET, Apideck, models

ONE: Any = {"service_id": "pipedrive", "unified_api": "crm"}


def test_each_operation_sends_its_method_path_and_body(apideck: Apideck, server: PreparedServer) -> None:
    connections = apideck.vault.connections
    connections.list(api="crm", configured=True)
    connections.get(**ONE)
    connections.update(**ONE, enabled=False)
    connections.imports(**ONE, credentials={"access_token": "a"})
    connections.token(**ONE)
    connections.token(**ONE, request_body={})
    connections.migrate(**ONE, target_service_id="salesforce")
    apideck.vault.validate_connection.state(**ONE)
    apideck.vault.validate_connection.state(**ONE, request_body={})
    apideck.vault.connection_settings.list(**ONE, resource="leads")
    apideck.vault.connection_settings.update(**ONE, resource="leads", settings=None, metadata={"a": 1}, enabled=True)
    apideck.vault.sessions.create()
    apideck.vault.sessions.create(session={"redirect_uri": "https://a.example"})
    server.prepare(None, status=204)
    connections.delete(**ONE)
    path = "/vault/connections/crm/pipedrive"
    sent = [(request.method, request.path, request.body) for request in server.requests]
    assert sent == [
        ("GET", "/vault/connections?api=crm&configured=true", b""),
        ("GET", path, b""),
        ("PATCH", path, b'{"enabled":false}'),
        ("POST", f"{path}/import", b'{"credentials":{"access_token":"a"}}'),
        ("POST", f"{path}/token", b"{}"),
        ("POST", f"{path}/token", b"{}"),
        ("POST", f"{path}/migrate", b'{"target_service_id":"salesforce"}'),
        ("POST", f"{path}/validate", b"{}"),
        ("POST", f"{path}/validate", b"{}"),
        ("GET", f"{path}/leads/config", b""),
        ("PATCH", f"{path}/leads/config", b'{"enabled":true,"settings":null,"metadata":{"a":1}}'),
        ("POST", "/vault/sessions", b"{}"),
        ("POST", "/vault/sessions", b'{"redirect_uri":"https://a.example"}'),
        ("DELETE", path, b""),
    ]


MODELS: Any = {
    "configuration": [
        models.ConnectionConfiguration(
            resource="leads",
            defaults=[
                models.ConnectionDefaults(
                    id="interest",
                    options=[
                        models.SimpleFormFieldOption(
                            label="One", value=[1, 2.5, "x"], option_type=models.OptionType.SIMPLE
                        ),
                        models.FormFieldOptionGroup(
                            label="More",
                            id="g",
                            option_type=models.FormFieldOptionGroupOptionType.GROUP,
                            options=[models.SimpleFormFieldOption(label="Two", option_type=models.OptionType.SIMPLE)],
                        ),
                    ],
                    value=True,
                )
            ],
        )
    ],
    "custom_mappings": [models.CustomMappingInput(value="$.a")],
    "metadata": models.ConnectionMetadataInput(plan="enterprise", account={"id": 1}),
    "latest_consent": models.ConsentRecordInput(
        granted=True, resources={"crm.leads": {"id": models.DataScopesResources1(read=True)}}
    ),
    "application_data_scopes": models.DataScopesInput(resources=models.DataScopesResources2.WILDCARD_),
    "consent_state": models.ConsentState.GRANTED,
}
DICTIONARIES: Any = {
    "configuration": [
        {
            "resource": "leads",
            "defaults": [
                {
                    "id": "interest",
                    "options": [
                        {"label": "One", "value": [1, 2.5, "x"], "option_type": "simple"},
                        {
                            "label": "More",
                            "id": "g",
                            "option_type": "group",
                            "options": [{"label": "Two", "option_type": "simple"}],
                        },
                    ],
                    "value": True,
                }
            ],
        }
    ],
    "custom_mappings": [{"value": "$.a"}],
    "metadata": {"plan": "enterprise", "account": {"id": 1}},
    "latest_consent": {"granted": True, "resources": {"crm.leads": {"id": {"read": True}}}},
    "application_data_scopes": {"resources": "*"},
    "consent_state": "granted",
}


def test_models_and_dictionaries_are_sent_the_same(apideck: Apideck, server: PreparedServer) -> None:
    apideck.vault.connections.update(**ONE, **MODELS)
    assert server.last.json() == DICTIONARIES
    apideck.vault.connections.update(**ONE, **DICTIONARIES)
    assert server.last.json() == DICTIONARIES


def test_models_of_a_response_can_be_sent(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_connection(configuration=DICTIONARIES["configuration"])
    res = apideck.vault.connections.get(**ONE)
    assert res.get_connection_response is not None
    apideck.vault.connections.update(**ONE, configuration=res.get_connection_response.data.configuration)  # type: ignore[arg-type]
    assert server.last.json() == {"configuration": DICTIONARIES["configuration"]}


def test_none_is_null_only_where_the_api_accepts_null(apideck: Apideck, server: PreparedServer) -> None:
    update, imports = apideck.vault.connections.update, apideck.vault.connections.imports
    update(**ONE, enabled=None, settings=None, metadata=None, configuration=None, consent_state=None)
    assert server.last.body == b'{"settings":null,"metadata":null}'
    update(**ONE, settings=UNSET, metadata=UNSET)
    assert server.last.body == b"{}"
    update(**ONE, settings={"a": None, "b": UNSET}, configuration=[models.ConnectionConfiguration(resource=None)])
    assert server.last.body == b'{"settings":{"a":null},"configuration":[{}]}'
    imports(**ONE, credentials=models.Credentials(refresh_token=None, access_token=None, expires_in=60), settings=None)
    assert server.last.json() == {"credentials": {"refresh_token": None, "expires_in": 60}, "settings": None}


def test_unknown_members_are_sent(apideck: Apideck, server: PreparedServer) -> None:
    apideck.vault.connections.update(
        **ONE,
        custom_mappings=[{"value": "$.a", "unknown": 1}],  # type: ignore[list-item]
        application_data_scopes=models.DataScopesInput(enabled=True, unknown=[1]),  # type: ignore[call-arg]
    )
    assert server.last.json() == {
        "custom_mappings": [{"value": "$.a", "unknown": 1}],
        "application_data_scopes": {"enabled": True, "unknown": [1]},
    }


def test_python_values_are_sent_as_json(apideck: Apideck, server: PreparedServer) -> None:
    class Level(enum.IntEnum):
        HIGH = 3

    class Text(str):
        pass

    class Foreign:  # such as a model of Pydantic's
        def model_dump(self, mode: str, by_alias: bool, exclude_none: bool) -> Any:
            return {"a": 1} if mode == "json" and by_alias and exclude_none else None

    settings = OrderedDict(
        [
            ("tuple", (1, 2)),
            ("level", Level.HIGH),
            ("text", Text("é\u2028")),
            (Text("key"), True),
            ("large", 2**80),
            ("date", datetime.date(2024, 1, 2)),
            ("uuid", uuid.UUID(int=1)),
            ("decimal", decimal.Decimal("1.50")),
            ("path", pathlib.PurePosixPath("/a")),
            ("set", {1}),
            ("deque", deque([frozenset({2})])),
            ("generator", (letter for letter in "ab")),
            ("model", Foreign()),
        ]
    )
    apideck.vault.connections.update(**ONE, settings=settings)
    assert server.last.json()["settings"] == {
        "tuple": [1, 2],
        "level": 3,
        "text": "é\u2028",
        "key": True,
        "large": 2**80,
        "date": "2024-01-02",
        "uuid": "00000000-0000-0000-0000-000000000001",
        "decimal": "1.50",
        "path": "/a",
        "set": [1],
        "deque": [[2]],
        "generator": ["a", "b"],
        "model": {"a": 1},
    }
    apideck.vault.connections.update(**ONE, custom_mappings=deque([{"value": "$.a"}]))
    assert server.last.json() == {"custom_mappings": [{"value": "$.a"}]}
    issued = datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    apideck.vault.connections.imports(**ONE, credentials={"issued_at": issued})
    assert server.last.json() == {"credentials": {"issued_at": "2024-01-02T03:04:05Z"}}


def test_identifiers_are_percent_encoded(apideck: Apideck, server: PreparedServer) -> None:
    apideck.vault.connections.get(service_id="a/b ü", unified_api="c?d")
    assert server.last.path == "/vault/connections/c%3Fd/a%2Fb%20%C3%BC"


Call = Callable[[Any], Any]
SELF: Any = {}
SELF["settings"] = SELF


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (TypeError, "service_id: expected a string, got int", lambda c: c.get(service_id=1, unified_api="crm")),
        (TypeError, "unified_api: expected a string, got NoneType", lambda c: c.get(service_id="x", unified_api=None)),
        (TypeError, "api: expected a string, got bool", lambda c: c.list(api=True)),
        (TypeError, "configured: expected True or False, got str", lambda c: c.list(configured="yes")),
        (TypeError, "configured: expected True or False, got int", lambda c: c.list(configured=1)),
        (TypeError, "timeout_ms: expected a whole number, got float", lambda c: c.list(timeout_ms=1.5)),
        (TypeError, "timeout_ms: expected a whole number, got bool", lambda c: c.list(timeout_ms=True)),
        (TypeError, "server_url: expected a string, got bytes", lambda c: c.list(server_url=b"http://x")),
        (TypeError, "retries: expected a RetryConfig or None, got int", lambda c: c.list(retries=3)),
        (TypeError, "http_headers: expected a mapping", lambda c: c.list(http_headers=["a"])),
        (TypeError, "http_headers\\['a'\\]: expected a string, got int", lambda c: c.list(http_headers={"a": 1})),
        (
            TypeError,
            "settings.a: expected a value that JSON can express, got bytes",
            lambda c: c.update(**ONE, settings={"a": b"very-secret"}),
        ),
        (
            TypeError,
            "settings.a\\[1\\]: .*got complex",
            lambda c: c.update(**ONE, settings={"a": {0: 0, 1: 1j}.values()}),
        ),
        (TypeError, "metadata: a key: expected a string, got int", lambda c: c.update(**ONE, metadata={1: 2})),
        (TypeError, "missing .* 'service_id'", lambda c: c.get(unified_api="crm")),
        (TypeError, "unexpected keyword argument 'colour'", lambda c: c.get(**ONE, colour="red")),
        (ValueError, "settings.n: JSON has no NaN", lambda c: c.update(**ONE, settings={"n": math.nan})),
        (ValueError, "settings.n: JSON has no infinity", lambda c: c.update(**ONE, settings={"n": math.inf})),
        (ValueError, "settings: nested more than 128 deep", lambda c: c.update(**ONE, settings=SELF)),
        (ValueError, "^settings.k: holds half of a surrogate", lambda c: c.update(**ONE, settings={"k": "\ud800"})),
        (ValueError, "^service_id: holds half of a surrogate", lambda c: c.get(service_id="\ud800", unified_api="crm")),
        (ValueError, "^enabled: .*boolean", lambda c: c.update(**ONE, enabled="yes")),
        (
            ValueError,
            "^configuration\\[0\\].defaults: .*array",
            lambda c: c.update(**ONE, configuration=[{"defaults": 1}]),
        ),
        (ValueError, "^credentials.expires_in: ", lambda c: c.imports(**ONE, credentials={"expires_in": "soon"})),
        (ValueError, "service_id: ", lambda c: c.get(service_id="", unified_api="crm")),
        (ValueError, "timeout_ms: ", lambda c: c.list(timeout_ms=-1)),
        (ValueError, "http_headers", lambda c: c.list(http_headers={"a": "b\r\nc: d"})),
        (ValueError, "retries", lambda c: c.list(retries={"strategy": "sometimes"})),
        (ValueError, "request_body: ", lambda c: c.token(**ONE, request_body={"access_token": "very-secret"})),
    ],
)
def test_a_bad_argument_fails_by_name_before_anything_is_sent(
    apideck: Apideck, server: PreparedServer, error: Any, message: str, call: Call
) -> None:
    with pytest.raises(error, match=message) as raised:
        call(apideck.vault.connections)
    assert server.requests == []
    assert "very-secret" not in str(raised.value)
    if isinstance(raised.value, models.ApideckError):
        assert raised.value.status_code == 0


LEADS: Any = {**ONE, "resource": "leads"}


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (TypeError, "^target_service_id: expected a st", lambda v: v.connections.migrate(**ONE, target_service_id=1)),
        (TypeError, "missing .* 'target_service_id'", lambda v: v.connections.migrate(**ONE)),
        (TypeError, "^resource: .*got NoneType$", lambda v: v.connection_settings.list(**ONE, resource=None)),
        (ValueError, "^resource: ", lambda v: v.connection_settings.list(**ONE, resource="")),
        (ValueError, "^enabled: .*boolean", lambda v: v.connection_settings.update(**LEADS, enabled=1)),
        (ValueError, "^request_body: ", lambda v: v.validate_connection.state(**ONE, request_body={"a": 1})),
        (ValueError, "^session.redirect_uri: .*string", lambda v: v.sessions.create(session={"redirect_uri": 1})),
        (ValueError, "^session: .*object", lambda v: v.sessions.create(session="crm")),
        (TypeError, "^session.a: .*got bytes", lambda v: v.sessions.create(session={"a": b"very-secret"})),
        (TypeError, "unexpected keyword argument 'redirect_uri'", lambda v: v.sessions.create(redirect_uri="x")),
    ],
)
def test_a_bad_argument_of_another_group_fails_by_name_too(
    apideck: Apideck, server: PreparedServer, error: Any, message: str, call: Call
) -> None:
    with pytest.raises(error, match=message) as raised:
        call(apideck.vault)
    assert server.requests == []
    assert "very-secret" not in str(raised.value)


async def _awaited(connections: Any) -> None:
    await connections.get_async(service_id=1, unified_api="crm")


def test_a_bad_argument_of_an_awaited_call_fails_the_same(apideck: Apideck, server: PreparedServer) -> None:
    import asyncio

    with pytest.raises(TypeError, match="service_id: expected a string, got int"):
        asyncio.run(_awaited(apideck.vault.connections))
    assert server.requests == []


def test_every_operation_on_connections_except_list_needs_a_consumer(server: PreparedServer) -> None:
    with client(server, consumer_id=None) as apideck:
        apideck.vault.connections.list()
        with pytest.raises(ValueError, match="consumer_id"):
            apideck.vault.connections.get(**ONE)
        apideck.vault.connections.get(**ONE, consumer_id="other")
    assert [request.headers.get("x-apideck-consumer-id") for request in server.requests] == [None, "other"]
