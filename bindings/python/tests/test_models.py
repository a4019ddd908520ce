"""Responses as models: typed, fast, and unaffected by what the API adds. `test_types` tests every type."""

from __future__ import annotations

import copy
import json
import pickle
import sys
import threading
from typing import Any, Dict

import pytest
from prepared_server import PreparedServer

from apideck_vault import UNSET, Apideck, models

CONNECTION = {
    "id": "crm+pipedrive",
    "service_id": "pipedrive",
    "unified_api": "crm",
    "state": "callable",
    "auth_type": "oauth2",
    "enabled": True,
    "settings": {"instance_url": "https://instance.example", "api_key": "very-secret"},
    "metadata": {"company_id": "c1", "plan": "enterprise"},
    "form_fields": [
        {
            "id": "region",
            "type": "select",
            "options": [
                {"label": "Europe", "value": "eu", "option_type": "simple"},
                {
                    "label": "Americas",
                    "id": "am",
                    "option_type": "group",
                    "options": [{"label": "North", "value": 1, "option_type": "simple"}],
                },
            ],
        }
    ],
    "configuration": [{"resource": "leads", "defaults": [{"id": "a", "target": "resource", "value": [1, "b", 2.5]}]}],
    "consents": [
        {
            "id": "1",
            "created_at": "2024-01-01T00:00:00Z",
            "granted": True,
            "resources": {"crm.leads": {"id": {"read": True}}},
        }
    ],
    "latest_consent": {"id": "2", "created_at": "2024-01-02T00:00:00Z", "granted": True, "resources": "*"},
    "subscriptions": [{"downstream_id": "d", "unify_event_types": ["crm.lead.created"]}],
    "custom_mappings": [{"id": "m", "value": "$.a.b", "example": None}],
    "created_at": 1615563533390,
}


def get(apideck: Apideck) -> models.Connection:
    res = apideck.vault.connections.get(service_id="pipedrive", unified_api="crm")
    assert res.get_connection_response is not None
    return res.get_connection_response.data


def listed(apideck: Apideck) -> Any:
    res = apideck.vault.connections.list()
    assert res.get_connections_response is not None
    return res.get_connections_response.data


def test_members_are_attributes_of_the_official_types(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_connection(**CONNECTION)
    connection = get(apideck)
    assert connection.id == "crm+pipedrive"
    assert connection.state is models.ConnectionState.CALLABLE
    assert connection.auth_type is models.AuthType.OAUTH2
    assert connection.enabled is True
    assert connection.settings == {"instance_url": "https://instance.example", "api_key": "very-secret"}
    assert connection.metadata is not None
    assert connection.metadata.company_id == "c1"
    assert connection.metadata.additional_properties == {"plan": "enterprise"}
    assert connection.form_fields is not None
    field = connection.form_fields[0]
    assert field.type is models.FormFieldType.SELECT
    assert field.options is not None
    simple, group = field.options
    assert isinstance(simple, models.SimpleFormFieldOption)
    assert simple.value == "eu"
    assert isinstance(group, models.FormFieldOptionGroup)
    assert group.options[0].value == 1
    assert connection.configuration is not None
    assert connection.configuration[0].defaults is not None
    assert connection.configuration[0].defaults[0].target is models.Target.RESOURCE
    assert connection.configuration[0].defaults[0].value == [1, "b", 2.5]
    assert connection.consents is not None
    resources = connection.consents[0].resources
    assert isinstance(resources, dict)
    assert resources["crm.leads"]["id"].read is True
    assert connection.latest_consent is not None
    assert connection.latest_consent.resources is models.DataScopesResources2.WILDCARD_
    assert connection.subscriptions is not None
    assert connection.subscriptions[0].unify_event_types == ["crm.lead.created"]
    assert connection.created_at == 1615563533390


def test_a_connection_in_a_list_reads_like_one_on_its_own(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_connection(**CONNECTION)
    alone = get(apideck)
    server.prepare_list(CONNECTION, CONNECTION)
    first, second = listed(apideck)
    assert first == alone == second
    assert repr(first) == repr(alone)
    assert first.model_dump() == alone.model_dump()


def test_missing_members_are_none(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_connection()
    connection = get(apideck)
    assert connection._fields
    assert [name for name in connection._fields if getattr(connection, name) is not None] == []
    server.prepare_list({})
    assert [name for name in connection._fields if getattr(listed(apideck)[0], name) is not None] == []


def test_null_everywhere_reads_as_none(apideck: Apideck, server: PreparedServer) -> None:
    everything = {name: None for name in models.Connection._fields}
    for data in (everything, None):
        server.prepare({"status_code": None, "status": None, "data": data, "meta": None, "_raw": None})
        res = apideck.vault.connections.get(service_id="pipedrive", unified_api="crm").get_connection_response
        assert res is not None
        assert [getattr(res, name) for name in ("status_code", "status", "meta", "raw")] == [None] * 4
        if data is None:
            assert res.data is None
        else:
            assert [name for name in everything if getattr(res.data, name) is not None] == []
    server.prepare_list(everything, None)
    full, empty = listed(apideck)
    assert empty is None
    assert [name for name in everything if getattr(full, name) is not None] == []
    server.prepare({"data": None})
    assert listed(apideck) is None
    server.prepare_connection(form_fields=[None, {"options": [None, {}], "type": None}], metadata={"company_id": None})
    connection = get(apideck)
    assert connection.form_fields is not None
    assert connection.form_fields[0] is None
    assert connection.form_fields[1].options == [None, models.SimpleFormFieldOption._read({})]


def test_an_unknown_enum_value_stays_a_string(apideck: Apideck, server: PreparedServer) -> None:
    unknown = {**CONNECTION, "state": "paused", "health": "bored", "form_fields": [{"type": "hologram"}]}
    server.prepare_connection(**unknown)
    assert get(apideck).state == "paused"
    assert get(apideck).health == "bored"
    fields = get(apideck).form_fields
    assert fields is not None and fields[0].type == "hologram"
    server.prepare_list(unknown)
    assert listed(apideck)[0].state == "paused"
    assert models.ConnectionState("paused") == "paused"
    assert models.ConnectionState("callable") is models.ConnectionState.CALLABLE


def test_an_unknown_member_does_not_break_a_response(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare({"status_code": 200, "status": "OK", "data": [{"id": "x", "mood": "fine"}], "links": {"self": "/"}})
    res = apideck.vault.connections.list()
    assert res.get_connections_response is not None
    assert res.get_connections_response.data[0].id == "x"
    assert res.http_meta is not None
    assert res.http_meta.response.json()["data"][0]["mood"] == "fine"
    assert res.http_meta.response.json()["links"] == {"self": "/"}


def test_dumps_copies_and_pickles_contain_unknown_members(apideck: Apideck, server: PreparedServer) -> None:
    data = {"id": "x", "mood": "fine", "tag_line": None, "origin": 1, "form_fields": [{"id": "f", "mood": 2}]}
    server.prepare_list(data, {"id": "y", "mood": "bad"})
    connection = listed(apideck)[0]
    for same in (connection, copy.copy(connection), copy.deepcopy(connection), pickle.loads(pickle.dumps(connection))):
        assert same.model_dump() == data
    assert json.loads(connection.model_dump_json()) == data
    assert listed(apideck)[1].model_dump() == {"id": "y", "mood": "bad"}
    connection.name = "new"
    assert connection.model_dump() == {**data, "name": "new"}


def test_a_response_that_was_not_read_is_dumped_copied_and_pickled(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_list({**CONNECTION, "mood": "fine"})

    def body() -> Any:
        return apideck.vault.connections.list().get_connections_response

    whole = {"status_code": 200, "status": "OK", "data": [{**CONNECTION, "mood": "fine"}]}
    assert body().model_dump() == whole
    assert json.loads(body().model_dump_json()) == whole
    assert apideck.vault.connections.list().model_dump()["get_connections_response"] == whole
    for same in (copy.copy(body()), copy.deepcopy(body()), pickle.loads(pickle.dumps(body()))):
        assert same == body()
        assert same.data[0].state is models.ConnectionState.CALLABLE
        assert same.model_dump() == whole
    again = pickle.loads(pickle.dumps(apideck.vault.connections.list()))
    assert again.get_connections_response.model_dump() == whole


@pytest.mark.parametrize("wrong", [7, 1.5, True, "text", [1], {"a": 1}])
def test_a_member_of_an_unexpected_type_keeps_its_value(apideck: Apideck, server: PreparedServer, wrong: Any) -> None:
    everything = dict.fromkeys(models.Connection._fields, wrong)
    server.prepare_connection(**everything)
    alone = get(apideck)
    server.prepare_list(everything, everything)
    in_list = listed(apideck)[1]
    for name in everything:
        getattr(alone, name)
        getattr(in_list, name)
    assert alone.id == wrong == in_list.id
    assert repr(alone) == repr(in_list)


def test_the_response_has_the_untouched_json(apideck: Apideck, server: PreparedServer) -> None:
    text = b'{ "data" : [ {"b":1.50,"a":1e2, "name":"\\u00e9\\/"} ],\n "status":"OK", "http":{},"body":0 }'
    server.prepare(text)
    res = apideck.vault.connections.list()
    assert res.http_meta is not None
    assert res.http_meta.response.content == text
    assert res.http_meta.response.text == text.decode()
    assert listed(apideck)[0].name == "é/"


def test_the_body_is_found_whatever_the_headers_say(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare({"data": {"id": "x"}}, headers={"body": '},"body":{"data":1}', "http": "{}"})
    res = apideck.vault.connections.get(service_id="pipedrive", unified_api="crm")
    assert res.get_connection_response is not None
    assert res.get_connection_response.data.id == "x"
    assert res.headers["body"] == ['},"body":{"data":1}']


def test_text_that_msgspec_refuses_is_readable(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare(b'{"data":[{"id":"\\ud800","created_at":1e400,"settings":{"a":"\\ud800"}},{"id":"y"}]}')
    first, second = listed(apideck)
    assert first.id == "\ud800"
    assert first.created_at == float("inf")
    assert first.settings == {"a": "\ud800"}
    assert second.id == "y"
    server.prepare(b'{"data":[{"id":"x"},{"id":' + b"1" * 5_000 + b',"created_at":-' + b"1" * 5_000 + b"}]}")
    first, second = listed(apideck)
    assert first.id == "x"
    assert (second.id, second.created_at) == (float("inf"), float("-inf"))


def test_numbers_keep_their_precision(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare(b'{"data":{"created_at":12345678901234567890123,"settings":{"n":0.1}}}')
    assert get(apideck).created_at == 12345678901234567890123
    assert get(apideck).settings == {"n": 0.1}


def test_nesting_up_to_the_limit_is_read_and_beyond_it_is_an_error(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare(b'{"data":{"settings":{"a":' + b"[" * 120 + b"]" * 120 + b"}}}")
    settings = get(apideck).settings
    assert settings is not None
    depth, inner = 0, settings["a"]
    while inner:
        depth, inner = depth + 1, inner[0]
    assert depth == 119
    server.prepare(b'{"data":{"settings":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}}")
    with pytest.raises(models.ResponseValidationError):
        get(apideck)


def test_http_meta_is_the_http_exchange(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare({"data": {}}, status=201, headers={"X-Trace": "t1"})
    res = apideck.vault.connections.get(service_id="pipedrive", unified_api="crm")
    assert res.http_meta is not None
    assert res.http_meta.response.status_code == 201
    assert res.http_meta.response.headers["X-TRACE"] == "t1"
    assert "x-trace" in res.http_meta.response.headers
    assert res.http_meta.response.headers.get("x-none") is None
    assert res.http_meta.response.attempts == 1
    assert res.http_meta.response.is_success
    assert res.http_meta.request.method == "GET"
    assert res.http_meta.request.path == "/vault/connections/crm/pipedrive"
    assert res.http_meta.request.url == f"{server.url}/vault/connections/crm/pipedrive"
    assert res.http_meta.response.reason_phrase == "Created"
    assert not res.http_meta.response.is_error
    assert res.http_meta.response.raise_for_status() is res.http_meta.response
    assert ("x-trace", "t1") in res.http_meta.response.headers.multi_items()
    assert res.http_meta.response.headers.get_list("X-Trace") == ["t1"]
    assert res.headers["x-trace"] == ["t1"]
    assert res.unexpected_error_response is None


def test_http_meta_has_the_requested_url(apideck: Apideck, server: PreparedServer) -> None:
    connections = apideck.vault.connections
    meta: Any = connections.list(api="crm", configured=True).http_meta
    assert meta.request.url == server.url + server.last.path
    meta = connections.get(service_id="a/b ü", unified_api="c?d", server_url=f"{server.url}/base/").http_meta
    assert meta.request.url == server.url + server.last.path == pickle.loads(pickle.dumps(meta)).request.url
    again = pickle.loads(pickle.dumps(connections.list(configured=False)))
    assert again.http_meta.request.url == server.url + server.last.path


def test_http_objects_can_be_made_by_hand() -> None:
    headers = models.Headers({"Content-Type": "text/html"})
    assert (headers["content-type"], list(headers), "CONTENT-TYPE" in headers) == ("text/html", ["content-type"], True)
    assert models.Headers([("A", "b")]).get("a") == "b"
    response = models.HTTPResponse(418, headers)
    assert (response.is_error, response.reason_phrase) == (True, "I'm a Teapot")
    with pytest.raises(models.APIError, match="HTTP 418 I'm a Teapot") as raised:
        response.raise_for_status()
    assert raised.value.raw_response is response
    assert models.HTTPResponse(299).reason_phrase == ""
    assert models.HTTPMetadata().response.status_code == 0


def test_repr_shows_the_model_and_hides_its_secrets(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_connection(id="crm+pipedrive", service_id="pipedrive", settings=CONNECTION["settings"])
    shown = repr(get(apideck))
    assert shown.startswith("Connection(id='crm+pipedrive', service_id='pipedrive'")
    assert "settings=<hidden>" in shown
    assert "very-secret" not in shown
    assert "very-secret" not in repr(apideck.vault.connections.get(service_id="pipedrive", unified_api="crm"))
    credentials = models.Credentials(access_token="very-secret", refresh_token="very-secret", expires_in=60)
    assert repr(credentials) == "Credentials(refresh_token=<hidden>, access_token=<hidden>, expires_in=60)"


@pytest.mark.parametrize(
    "name", ["access_token", "refresh_token", "api_key", "settings", "client_secret", "Authorization", "credentials"]
)
@pytest.mark.parametrize("model", [models.ConnectionMetadata, models.ConnectionMetadataInput, models.Request])
def test_repr_of_an_object_with_any_members_hides_secrets(model: Any, name: str) -> None:
    members = {"x": 1, name: "very-secret"}
    made = model(**members)
    changed = model(x=1)
    setattr(changed, name, "very-secret")
    for shown in (made, changed, model.model_validate(members)):
        assert repr(shown) == f"{model.__name__}(x=1, {name}=<hidden>)"
        assert (name, "<hidden>") in list(shown.__rich_repr__())
        assert shown.model_dump() == members


def test_repr_fits_in_two_lines_without_pictures_and_secrets(apideck: Apideck, server: PreparedServer) -> None:
    picture = "data:image/png;base64," + "A" * 5_000
    secret = "https://unify.apideck.com/vault/authorize/pipedrive/app?state=very-secret&redirect_uri=x"
    whole = {
        **dict.fromkeys(models.Connection._fields, "x" * 500),
        **CONNECTION,
        **{"icon": picture, "logo": picture, "authorize_url": secret, "revoke_url": secret, "enabled": True},
        **{"health": "needs_auth", "integration_state": "configured", "tag_line": picture},
        "form_fields": [{"id": str(number), "placeholder": secret, "value": picture} for number in range(50)],
    }
    sparse = {name: whole[name] for name in ("authorize_url", "icon", "settings", "form_fields")}
    for members in (CONNECTION, whole, sparse, {"authorize_url": secret}, {"website": secret.replace("?", "#")}):
        server.prepare_connection(**members)
        one = apideck.vault.connections.get(service_id="pipedrive", unified_api="crm")
        server.prepare_list(*[members] * 20)
        page = apideck.vault.connections.list()
        read = (one.get_connection_response.data, *listed(apideck)[:1])
        for model in (*read, one, one.get_connection_response, page, page.get_connections_response, *listed(apideck)):
            for shown in (repr(model), str(model)):
                assert len(shown) <= 160, shown
                assert "\n" not in shown
                assert "base64" not in shown
                assert "very-secret" not in shown
    assert repr(models.Connection.model_validate(whole)).startswith(
        "Connection(id='crm+pipedrive', service_id='pipedrive', unified_api='crm', state='callable', "
    )
    assert repr(models.Connection(authorize_url=secret)).startswith("Connection(authorize_url='https://unify.apideck")
    assert repr(models.Connection(website="https://a.example/x?state=y")) == (
        "Connection(website='https://a.example/x?...')"
    )


def test_formatting_an_enum_gives_its_value(apideck: Apideck, server: PreparedServer) -> None:
    state = models.ConnectionState.CALLABLE
    assert [f"{state}", f"{state:>9}", "%s" % state, format(state), str(state)] == [
        "callable",
        " callable",
        "callable",
        "callable",
        "callable",
    ]
    assert (state.value, state.name) == ("callable", "CALLABLE")
    every: Any = [models.AuthType, models.ConnectionHealth, models.FormFieldType, models.DataScopesResources2]
    for member in [member for enum in every for member in enum]:
        assert f"{member}" == "%s" % member == member.value


def test_unknown_enum_values_have_a_value(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_list({"state": "paused"})
    read: Any = listed(apideck)[0].state
    states: Any = (read, models.ConnectionState("paused"), copy.deepcopy(read), pickle.loads(pickle.dumps(read)))
    for state in states:
        assert (state.value, state.name, state, repr(state)) == ("paused", "paused", "paused", "'paused'")
        assert type(state.value) is str
        assert f"{state} {state:>7}" == "paused  paused"
        assert json.dumps({state: state}) == '{"paused": "paused"}'
    assert type(listed(apideck)[0].model_dump()["state"]) is str
    apideck.vault.connections.update(service_id="x", unified_api="crm", consent_state=read)
    assert server.last.body == b'{"consent_state":"paused"}'
    odd: Any
    for odd in (None, 5, {"a": 1}):
        assert models.ConnectionState(odd) is odd


def test_models_can_be_made_compared_changed_copied_and_pickled(apideck: Apideck, server: PreparedServer) -> None:
    made = models.Connection(id="x", state=models.ConnectionState.ADDED, form_fields=[models.FormField(id="f")])
    server.prepare_list({"id": "x", "state": "added", "form_fields": [{"id": "f"}]})
    (read,) = listed(apideck)
    assert made == read
    assert made != models.Connection(id="y")
    assert made != "x"
    for same in (copy.copy(read), copy.deepcopy(read), pickle.loads(pickle.dumps(read))):
        assert same == read
        assert type(same) is models.Connection
    read.form_fields[0].id = "g"
    read.name = "renamed"
    assert pickle.loads(pickle.dumps(read)).form_fields[0].id == "g"
    assert read.model_dump() == {"id": "x", "state": "added", "form_fields": [{"id": "g"}], "name": "renamed"}
    assert made.form_fields is not None and made.form_fields[0].id == "f"
    with pytest.raises(TypeError):
        hash(made)
    with pytest.raises(AttributeError, match="'Connection' object has no attribute 'nmae'"):
        made.nmae  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(TypeError, match="label, option_type"):
        models.SimpleFormFieldOption()  # type: ignore[call-arg]
    assert models.ConnectionMetadataInput(**{"self": 1, "cls": 2}).model_dump() == {"self": 1, "cls": 2}
    with pytest.raises(AttributeError):
        models.ConnectionMetadata().plan  # noqa: B018
    assert models.FormField().allow_custom_values is False


def test_a_changed_response_keeps_its_changes_when_it_is_copied_and_pickled(
    apideck: Apideck, server: PreparedServer
) -> None:
    server.prepare_list({"id": "x"})
    response = apideck.vault.connections.list()
    body = response.get_connections_response
    assert body is not None
    body.data[0].id = "y"
    body.status = "changed"
    for same in (copy.copy(response), copy.deepcopy(response), pickle.loads(pickle.dumps(response))):
        assert same.get_connections_response is not None
        assert (same.get_connections_response.data[0].id, same.get_connections_response.status) == ("y", "changed")
        assert same.http_meta.response.status_code == 200


def test_an_object_with_any_members_keeps_each_of_them() -> None:
    make: Any = models.ConnectionMetadata
    metadata = make(_id=1, x=2)
    metadata._rev = 3
    assert metadata.model_dump() == {"_id": 1, "x": 2, "_rev": 3}
    metadata.y = 4
    del metadata.y, metadata._rev
    assert metadata.model_dump() == {"_id": 1, "x": 2}
    assert metadata == make(_id=1, x=2) != make(_id=1, x=3)
    for start in ({"x": 1}, {"company_id": "old", "x": 1}):
        metadata = models.ConnectionMetadata.model_validate(start)
        metadata.additional_properties = {"company_id": "new", "z": 1}
        assert metadata.company_id == "new"
        assert metadata.model_dump() == {"company_id": "new", "z": 1}
    with pytest.raises(TypeError):
        hash(metadata)


def test_a_model_can_be_made_with_the_names_of_json() -> None:
    connection = models.Connection(id="x")
    made = models.GetConnectionResponse(status_code=200, status="OK", data=connection, _raw={"a": 1})  # type: ignore[call-arg]
    assert made.raw == {"a": 1}
    assert made.model_dump(by_alias=True)["_raw"] == {"a": 1}


def test_threads_that_change_a_model_at_the_same_time_lose_no_change() -> None:
    connections = [models.Connection.model_validate_json('{"id":"x"}') for _ in range(5_000)]
    barrier = threading.Barrier(2)

    def change(name: str) -> None:
        for connection in connections:
            barrier.wait()
            setattr(connection, name, name)

    switch_interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=change, args=(name,)) for name in ("name", "icon")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(switch_interval)
    for connection in connections:
        assert connection.model_dump() == {"id": "x", "name": "name", "icon": "icon"}


def test_results_can_be_made_copied_and_pickled(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare_list(CONNECTION)
    res = apideck.vault.connections.list()
    again = pickle.loads(pickle.dumps(res))
    assert again.get_connections_response == res.get_connections_response
    assert again.http_meta.response.content == res.http_meta.response.content if res.http_meta else False
    assert again.headers == res.headers
    made = models.VaultConnectionsAllResponse(
        headers={}, get_connections_response=models.GetConnectionsResponse(status_code=200, status="OK", data=[])
    )
    assert made.get_connections_response is not None
    assert made.get_connections_response.data == []
    assert made.http_meta is None


def test_dumps_are_json_under_either_name(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare({"status_code": 200, "status": "OK", "data": {"id": "x"}, "_raw": {"a": 1}})
    res = apideck.vault.connections.get(service_id="pipedrive", unified_api="crm").get_connection_response
    assert res is not None
    assert res.raw == {"a": 1}
    assert res.model_dump()["raw"] == {"a": 1}
    assert res.model_dump(by_alias=True)["_raw"] == {"a": 1}
    assert json.loads(res.model_dump_json())["_raw"] == {"a": 1}


def test_common_methods_of_pydantic_work(apideck: Apideck, server: PreparedServer) -> None:
    data = {
        "id": "x",
        "tag_line": None,
        "state": "callable",
        "settings": {"a": None},
        "custom_mappings": [{"id": "m", "example": None}],
    }
    lean = {"id": "x", "state": "callable", "settings": {"a": None}, "custom_mappings": [{"id": "m"}]}
    server.prepare_connection(**data)
    alone = get(apideck)
    server.prepare_list(data)
    for read in (False, True):
        both: Any = (alone, listed(apideck)[0])
        for connection in both:
            assert not read or connection.custom_mappings[0].example is None
            assert connection.model_dump() == connection.model_dump(mode="json", exclude_unset=True) == data
            assert connection.model_dump(exclude_none=True) == lean
            assert json.loads(connection.model_dump_json(exclude_none=True)) == lean
            assert connection.model_dump(include={"id", "state"}) == {"id": "x", "state": "callable"}
            assert connection.model_dump(exclude={"settings", "custom_mappings"}, exclude_none=True) == {
                "id": "x",
                "state": "callable",
            }
    assert models.Connection(id="x").model_dump_json(indent=2) == '{\n  "id": "x"\n}'

    body = models.GetConnectionsResponse.model_validate({"status_code": 200, "status": "OK", "data": [data], "raw": {}})
    assert body.data[0].state is models.ConnectionState.CALLABLE
    assert body.model_dump(by_alias=True)["_raw"] == body.raw == {}
    assert body.model_dump(exclude_none=True)["data"] == [lean]
    assert models.GetConnectionsResponse.model_validate_json(body.model_dump_json()) == body
    assert models.Connection.model_validate(alone) is alone
    with pytest.raises(TypeError, match="Connection: expected a dictionary, got list"):
        models.Connection.model_validate([1])

    copied = alone.model_copy(update={"name": "new"})
    assert (copied.name, copied.id, alone.name) == ("new", "x", None)
    assert alone.model_fields_set == set(data)
    assert alone.model_copy(update={"website": None}).model_dump() == {**data, "website": None}
    deep = alone.model_copy(deep=True)
    assert deep == alone and deep.settings is not alone.settings
    assert dict(alone)["settings"] == {"a": None}
    assert list(dict(alone)) == list(models.Connection._fields)
    assert dict(models.ConnectionMetadata.model_validate({"plan": "x"})) == {"company_id": None, "plan": "x"}


def test_every_public_name_can_be_imported() -> None:
    import apideck_vault

    names = dir(models)
    assert len(names) > 100
    everything: Dict[str, Any] = {}
    exec("from apideck_vault import *", everything)
    for name in names:
        assert getattr(models, name) is not None
        assert getattr(apideck_vault, name) is getattr(models, name) is everything[name]
    assert everything["Apideck"] is Apideck
    assert {"Apideck", "ConnectionState", "models"} <= set(dir(apideck_vault))
    with pytest.raises(AttributeError, match="Connectoin"):
        models.Connectoin  # type: ignore[attr-defined]  # noqa: B018
    assert not UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert copy.deepcopy(UNSET) is UNSET


def test_other_public_names_of_the_official_sdk_exist() -> None:
    import datetime

    from apideck_vault import types, utils

    assert issubclass(models.Connection, types.BaseModel)
    assert types.UNSET_SENTINEL
    assert utils.parse_datetime("2024-01-02T03:04:05Z") == datetime.datetime(
        2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc
    )
    assert "very-secret" not in repr(models.Security(api_key="very-secret"))
    for module in (types, utils):
        for name in module.__all__:
            assert getattr(module, name) is not None
