"""The statements of docs/settings.md are true of the local Vault."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import pytest

from apideck_vault import Apideck, models
from apideck_vault.testing import VaultSandbox

TEXT = (Path(__file__).parents[3] / "docs" / "settings.md").read_text(encoding="utf-8")


def rows(heading: str) -> List[List[str]]:
    """Returns the rows of a table by its first heading."""
    table = re.search(rf"^\| {re.escape(heading)} \|.*\n\| ---.*\n((?:\|.*\n)+)", TEXT, re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.group(1).splitlines()]


TYPES = {name: row for row in rows("`type`") for name in re.findall(r"`([a-z-]+)`", row[0])}
NETSUITE: Any = {"service_id": "netsuite", "unified_api": "accounting"}
PIPEDRIVE: Any = {"service_id": "pipedrive", "unified_api": "crm"}


@pytest.fixture
def apideck(vault_sandbox: VaultSandbox) -> Apideck:
    return vault_sandbox.client()


def update(apideck: Apideck, where: Any, **keywords: Any) -> models.Connection:
    return apideck.vault.connections.update(**where, **keywords).update_connection_response.data


def stored(apideck: Apideck, where: Any) -> Dict[str, Any]:
    return apideck.vault.connections.get(**where).get_connection_response.data.settings or {}


def metadata(connection: models.Connection) -> Any:
    return connection.model_dump()["metadata"]


def fields(apideck: Apideck, kind: str) -> Iterator[Tuple[Any, models.FormField]]:
    """Yields every form field of a type, with its connection."""
    for connection in apideck.vault.connections.list().get_connections_response.data:
        for field in connection.form_fields or []:
            if field.type == kind:
                yield {"service_id": connection.service_id, "unified_api": connection.unified_api}, field


def values(options: Any) -> List[Any]:
    """Returns the values of options, with those of groups."""
    found: List[Any] = []
    for option in options or []:
        found += values(option["options"]) if option["option_type"] == "group" else [option["value"]]
    return found


def test_the_table_has_every_type_of_the_description() -> None:
    assert set(TYPES) == {str(kind) for kind in models.FormFieldType}


@pytest.mark.parametrize("kind", TYPES)
def test_a_field_accepts_the_example_of_its_type_and_refuses_the_other(kind: str, apideck: Apideck) -> None:
    _, _, accepted, refused = TYPES[kind]
    count = 0
    for where, field in fields(apideck, kind):
        count += 1
        options = values(field.model_dump().get("options"))
        if accepted == "see below":
            right: Any = options[:2] if kind == "multi-select" else options[0]
        else:
            right = json.loads(accepted.strip("`"))
        update(apideck, where, settings={field.id: right})
        assert stored(apideck, where)[str(field.id)] == right
        with pytest.raises(models.UnprocessableResponse) as raised:
            update(apideck, where, settings={field.id: json.loads(refused.strip("`"))})
        assert str(raised.value.data.detail).startswith(f"settings.{field.id}: ")
        if options and not field.allow_custom_values:
            one = field.model_dump()["options"][0]
            for wrong in (one["label"], [one["label"]]):
                with pytest.raises(models.UnprocessableResponse):
                    update(apideck, where, settings={field.id: wrong})
    assert count >= 1


def test_the_value_of_an_option_has_its_json_type(apideck: Apideck) -> None:
    def choose(value: Any) -> None:
        configuration: Any = [{"resource": "leads", "defaults": [{"id": "visible_to", "value": value}]}]
        apideck.vault.connection_settings.update(**PIPEDRIVE, resource="leads", configuration=configuration)

    choose(1)
    with pytest.raises(models.UnprocessableResponse):
        choose("1")


def test_settings_merge_and_metadata_is_replaced(apideck: Apideck) -> None:
    update(apideck, NETSUITE, settings={"account_id": "1", "page_size": 50}, metadata={"a": 1, "b": 2})
    connection = update(apideck, NETSUITE, settings={"page_size": 60}, metadata={"b": 3})
    assert connection.settings == {"account_id": "1", "page_size": 60}
    assert metadata(connection) == {"b": 3}
    assert metadata(update(apideck, NETSUITE, settings={"page_size": 70})) == {"b": 3}
    assert metadata(update(apideck, NETSUITE, metadata={})) == {}
    assert stored(apideck, NETSUITE) == {"account_id": "1", "page_size": 70}


def test_an_import_takes_settings_too(apideck: Apideck) -> None:
    where: Any = {"service_id": "quickbooks", "unified_api": "accounting", "credentials": {"refresh_token": "r"}}
    res = apideck.vault.connections.imports(**where, settings={"environment": "sandbox"})
    assert res.create_connection_response.data.settings == {"environment": "sandbox"}
    with pytest.raises(models.UnprocessableResponse):
        apideck.vault.connections.imports(**where, settings={"environment": True})


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_cleared_required_setting_is_missing(nothing: Any, apideck: Apideck) -> None:
    complete = {"account_id": "1", "token_id": "2", "private_key": "3"}
    assert update(apideck, NETSUITE, settings=complete).state == "callable"
    connection = update(apideck, NETSUITE, settings={"token_id": nothing})
    assert connection.state != "callable"
    assert connection.health == "missing_settings"
    assert connection.health_report().missing_settings == ["token_id"]
    if nothing is None:
        assert set(stored(apideck, NETSUITE)) == {"account_id", "private_key"}


def test_a_box_is_cleared_with_false_and_a_list_with_an_empty_array(apideck: Apideck) -> None:
    for kind, before, after in (("checkbox", True, False), ("multi-select", ["lead"], [])):
        where, field = next(fields(apideck, kind))
        update(apideck, where, settings={field.id: before})
        update(apideck, where, settings={field.id: after})
        assert stored(apideck, where)[str(field.id)] == after


def test_a_422_stores_nothing_and_names_the_setting_but_no_value(apideck: Apideck) -> None:
    update(apideck, NETSUITE, settings={"account_id": "before"})
    found = rows("request")
    assert len(found) == 3
    for request, detail in found:
        settings = json.loads(request.strip("`"))
        with pytest.raises(models.UnprocessableResponse) as raised:
            update(apideck, NETSUITE, settings={"token_id": "s3cret", **settings})
        assert raised.value.data.detail == detail.strip("`")
        assert "s3cret" not in str(raised.value)
        assert stored(apideck, NETSUITE) == {"account_id": "before"}
    with pytest.raises(models.UnprocessableResponse) as raised:
        update(apideck, PIPEDRIVE, settings={"instance_url": "s3cret"})
    assert "s3cret" not in f"{raised.value} {raised.value.body}"


def test_the_program_prints_the_output_in_the_document(
    vault_sandbox: VaultSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program, printed), *others = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", TEXT, re.DOTALL)
    assert not others
    for name, value in {
        "API_KEY": "any",
        "APP_ID": "any",
        "CONSUMER_ID": "any",
        "SERVER_URL": vault_sandbox.url,
    }.items():
        monkeypatch.setenv(f"APIDECK_{name}", value)
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, printed), done.stderr
