"""Every type of the API's description as a model: decoded in one pass, decoded leniently, sent, copied and changed."""

from __future__ import annotations

import copy
import json
import pickle
import random
import sys
from pathlib import Path
from typing import Any, Dict, List

import pytest

from apideck_vault import models
from apideck_vault.models._model import Model

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

API = Path(__file__).parents[3] / "api"
DESCRIPTION: Dict[str, Any] = tomllib.loads((API / "types.toml").read_text(encoding="utf-8"))
ERRORS: Dict[str, Any] = tomllib.loads((API / "statuses.toml").read_text(encoding="utf-8"))["error"]
ENUMS = {item["name"]: item for item in DESCRIPTION["enum"]}
UNIONS = {item["name"]: item for item in DESCRIPTION["union"]}
TYPES = {item["name"]: item for item in (*DESCRIPTION["type"], *ERRORS["type"], *ERRORS["python_type"])}
SCALARS: Dict[str, Any] = {
    "string": "text",
    "integer": 7,
    "number": 1.5,
    "boolean": True,
    "date-time": "2024-01-02T03:04:05Z",
    "object": {"a": [1, None]},
}
ODD: List[Any] = [7, 1.5, True, "odd", [], [1, "odd", None], {}, {"odd": {"a": 1}}, None]


def fields(name: str) -> Dict[str, str]:
    """Returns the JSON members of a type with their types."""
    item = TYPES[name]
    if "envelope" not in item:
        return {key: field["type"] for key, field in item["fields"].items()}
    members = {"status_code": "integer", "status": "string", "data": item["envelope"]}
    if item.get("meta"):
        members["meta"] = "Meta"
    if item.get("links"):
        members["links"] = "Links"
    return {**members, "_raw": "object | null"}


def sample(expression: str) -> Any:
    """Returns a JSON value of a type, with every member."""
    expression = expression.replace("| null", "").strip()
    if expression in SCALARS:
        return SCALARS[expression]
    if expression.startswith("{{"):
        return {"crm.leads": {"name": sample(expression[2:-2])}}
    if expression.startswith("["):
        return [sample(expression[1:-1])] * 2
    if expression in ENUMS:
        return next(iter(ENUMS[expression]["values"]))
    if expression in UNIONS:
        union = UNIONS[expression]
        return sample((union.get("of") or list(union["variants"].values()))[0])
    members = {key: sample(of) for key, of in fields(expression).items()}
    return {**members, "unknown": [{"a": 1}]}


def attribute(model: Any, key: str) -> str:
    names: Dict[str, str] = {key: name for name, key in model._keys.items()}
    return names.get(key, key)


def seen(value: Any) -> Any:
    """Returns what a program sees of a value: the types of models and enums, and every attribute."""
    if isinstance(value, Model):
        return type(value).__name__, {name: seen(getattr(value, name)) for name in value._fields}
    if isinstance(value, list):
        return [seen(item) for item in value]
    if isinstance(value, dict):
        return {key: seen(item) for key, item in value.items()}
    return type(value).__name__, value


def read(model: Any, plain: Any) -> List[Any]:
    """Returns a JSON object as a model in each way in which one is made: alone, in an array, from plain values."""
    text = json.dumps(plain).encode()
    alone = model._decode_one(text)
    (first, second) = model._decode_many(b"[" + text + b"," + text + b"]")
    _, beside_odd_ones = model._decode_many(b"[7," + text + b"]")
    return [alone, first, second, beside_odd_ones, model._read(copy.deepcopy(plain))]


@pytest.mark.parametrize("name", TYPES)
def test_every_member_is_an_attribute(name: str) -> None:
    model: Any = getattr(models, name)
    plain = sample(name)
    assert [attribute(model, key) for key in fields(name)] == list(model._fields)
    for made in read(model, plain):
        for key, of in fields(name).items():
            value = getattr(made, attribute(model, key))
            inner = of.replace("| null", "").strip("[] ")
            items: Any = value if of.startswith("[") else [value]
            for item in items:
                if inner in ENUMS:
                    assert item is getattr(models, inner)(sample(inner))
                elif inner in TYPES:
                    assert type(item) is getattr(models, inner)
                elif inner in SCALARS:
                    assert item == sample(inner)
        assert made == model.model_validate(plain)
        assert made.model_dump(by_alias=True) == plain


@pytest.mark.parametrize("name", TYPES)
def test_absent_and_null_members_are_none(name: str) -> None:
    model: Any = getattr(models, name)
    defaults = {key: field.get("default") for key, field in TYPES[name].get("fields", {}).items()}
    for plain in ({}, dict.fromkeys(fields(name))):
        for made in read(model, plain):
            for key in fields(name):
                value = getattr(made, attribute(model, key))
                assert value is None or value == defaults[key] or repr(value) == "UNSET"
            assert made.model_dump(by_alias=True) == plain


@pytest.mark.parametrize("name", TYPES)
def test_a_member_with_an_odd_value_affects_no_other_member(name: str) -> None:
    model: Any = getattr(models, name)
    whole = sample(name)
    for key in fields(name):
        for odd in ODD:
            plain = {**whole, key: odd}
            alone, *others = read(model, plain)
            for other in others:
                assert seen(other) == seen(alone)
            value = getattr(alone, attribute(model, key))
            if not isinstance(odd, (dict, list)):
                assert value == odd or repr(value) == "UNSET"
            for made in (alone, *others):
                assert made.model_dump(by_alias=True) == plain
                untouched = [other for other in fields(name) if other != key]
                expected = model.model_validate(whole)
                for other in untouched:
                    assert getattr(made, attribute(model, other)) == getattr(expected, attribute(model, other))


@pytest.mark.parametrize("name", TYPES)
def test_models_survive_copies_pickles_and_changes(name: str) -> None:
    model: Any = getattr(models, name)
    plain = sample(name)
    for has_been_read in (False, True):
        for made in read(model, plain):
            if has_been_read:
                seen(made)
            for same in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made)), made.model_copy()):
                assert type(same) is model
                assert same == made
                assert same.model_dump(by_alias=True) == plain
            assert model.model_validate_json(made.model_dump_json()) == made
            for key in fields(name):
                changed = made.model_copy(update={attribute(model, key): "changed"})
                assert getattr(changed, attribute(model, key)) == "changed"
                assert changed.model_dump(by_alias=True) == {**plain, key: "changed"}
            assert made.model_dump(by_alias=True) == plain


@pytest.mark.parametrize("name", TYPES)
def test_a_model_is_made_with_keywords(name: str) -> None:
    model: Any = getattr(models, name)
    plain = {key: value for key, value in sample(name).items() if key != "unknown"}
    made = model(**{attribute(model, key): value for key, value in plain.items()})
    assert made.model_dump(by_alias=True) == plain
    required = {attribute(model, key) for key, field in TYPES[name].get("fields", {}).items() if field.get("required")}
    if required:
        with pytest.raises(TypeError, match=", ".join(sorted(required))):
            model()
    elif "envelope" not in TYPES[name]:
        assert model().model_dump() == {}
    secret = {key for key, field in TYPES[name].get("fields", {}).items() if field.get("secret")}
    for key in secret:
        shown = repr(model(**{**{name: None for name in required}, key: "very-secret"}))
        assert "<hidden>" in shown and "very-secret" not in shown


@pytest.mark.parametrize("name", TYPES)
def test_the_typed_dictionary_has_the_members_of_the_model(name: str) -> None:
    model: Any = getattr(models, name)
    dictionary: Any = getattr(models, f"{name}TypedDict")
    members: Any = getattr(dictionary, "__annotations__", None)
    if TYPES[name].get("open") and not fields(name):
        assert dictionary == Dict[str, Any]
    else:
        assert set(members) == set(model._fields)


@pytest.mark.parametrize("name", ENUMS)
def test_an_enum_knows_its_values_and_accepts_others(name: str) -> None:
    enum: Any = getattr(models, name)
    assert [member.value for member in enum] == list(ENUMS[name]["values"])
    for value in ENUMS[name]["values"]:
        assert enum(value) == value == f"{enum(value)}" == enum(value).value
    assert enum("new") == enum("new").value == "new"
    assert enum(7) == 7


def test_an_option_is_the_model_of_its_tag_or_else_of_its_members() -> None:
    simple, group = models.SimpleFormFieldOption, models.FormFieldOptionGroup
    options: Any = [
        ({"label": "a", "option_type": "simple", "value": 1}, simple),
        ({"label": "a", "option_type": "group", "options": [{"label": "b", "option_type": "simple"}]}, group),
        ({"label": "a", "options": []}, group),
        ({"options": []}, group),
        ({"label": "a"}, simple),
        ({}, simple),
        ({"label": "a", "option_type": "new"}, simple),
        ({"label": "a", "option_type": 7, "id": "x"}, group),
        ({"label": "a", "option_type": None}, simple),
        (7, int),
        (None, type(None)),
    ]
    for plain, model in options:
        for made in read(models.FormField, {"id": "f", "options": [plain, plain]}):
            assert [type(option) for option in made.options] == [model, model]
            assert made.model_dump() == {"id": "f", "options": [plain, plain]}
    plain = {"id": "f", "options": [plain for plain, _ in options]}
    for made in read(models.FormField, plain):
        assert [type(option) for option in made.options] == [model for _, model in options]
        assert made.model_dump() == plain


def mutated(value: Any, chance: random.Random) -> Any:
    """Returns a JSON value in which some parts are odd, absent or unknown."""
    roll = chance.random()
    if roll < 0.04:
        return copy.deepcopy(chance.choice(ODD))
    if isinstance(value, list):
        return [mutated(item, chance) for item in value for _ in range(chance.choice((0, 1, 1, 2)))]
    if isinstance(value, dict):
        kept = {key: mutated(item, chance) for key, item in value.items() if chance.random() > 0.1}
        return {**kept, "_source": 1, "_other": [2]} if roll > 0.9 else kept
    return "new" if isinstance(value, str) and roll > 0.95 else value


@pytest.mark.parametrize("seed", range(200))
def test_all_ways_to_read_an_object_give_the_same_model(seed: int) -> None:
    chance = random.Random(seed)
    name = chance.choice(("Connection", "Consumer", "GetConnectionsResponse", "FormField", "GetConsumersResponse"))
    model: Any = getattr(models, name)
    plain = mutated(sample(name), chance)
    if not isinstance(plain, dict):
        plain = {"data": plain}
    alone, *others = read(model, plain)
    for made in (alone, *others):
        assert made.model_dump(by_alias=True) == plain
        assert seen(made) == seen(alone)
        assert made.model_dump(by_alias=True) == plain
        assert pickle.loads(pickle.dumps(made)).model_dump(by_alias=True) == plain


def test_parts_of_a_model_keep_their_unknown_members_on_their_own() -> None:
    plain = sample("GetConnectionsResponse")
    for body in read(models.GetConnectionsResponse, plain):
        for index, connection in enumerate(body.data):
            given = plain["data"][index]
            assert connection.model_dump() == given
            for position, field in enumerate(connection.form_fields):
                assert field.model_dump() == given["form_fields"][position]
                for number, option in enumerate(field.options):
                    assert option.model_dump() == given["form_fields"][position]["options"][number]
        body.data[1].form_fields[0].options[1].label = "changed"
        body.data[1].form_fields[1].options.pop()
        expected = copy.deepcopy(plain)
        expected["data"] = [copy.deepcopy(plain["data"][0]), copy.deepcopy(plain["data"][0])]
        form = [copy.deepcopy(plain["data"][0]["form_fields"][0]) for _ in range(2)]
        form[0]["options"] = [form[0]["options"][0], {**form[0]["options"][1], "label": "changed"}]
        form[1]["options"] = form[1]["options"][:1]
        expected["data"][1]["form_fields"] = form
        assert body.model_dump(by_alias=True) == expected


def test_attributes_that_are_no_members_of_the_type_are_kept() -> None:
    connection: Any = models.Connection(id="x", note="kept")  # type: ignore[call-arg]
    connection.other = 1
    assert (connection.note, connection.other) == ("kept", 1)
    assert connection.model_dump() == {"id": "x", "note": "kept", "other": 1}
    del connection.other
    assert connection.model_dump() == {"id": "x", "note": "kept"}
    other: Any = models.Connection(id="y")
    for name in ("note", "other"):
        with pytest.raises(AttributeError, match=f"'Connection' object has no attribute '{name}'"):
            getattr(other, name)
    del connection.id
    assert connection.model_dump() == {"note": "kept"}


def test_an_object_without_odd_members_is_decoded_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("decoded member by member")

    monkeypatch.setattr(Model, "_decode_members", refuse)
    monkeypatch.setattr(Model, "_decode_each", refuse)
    for name in TYPES:
        model: Any = getattr(models, name)
        text = json.dumps(sample(name)).encode()
        if not model._is_open:
            seen(model._decode_one(text))
            seen(model._decode_many(b"[" + text + b"]"))
    text = json.dumps(
        {**sample("Connection"), "state": "new", "health": "new", "name": 7, "created_at": "odd"}
    ).encode()
    (connection,) = models.Connection._decode_many(b"[" + text + b"]")
    assert (connection.state, connection.name, connection.created_at) == ("new", 7, "odd")
