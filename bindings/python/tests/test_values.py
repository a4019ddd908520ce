"""Python values are sent as the official SDK sends them.

The expected JSON was captured from requests of `apideck-unify` 0.52 with the same values.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import ipaddress
import pathlib
import uuid
from typing import Any, List, NamedTuple, Optional

import pydantic
import pytest
from prepared_server import PreparedServer

from apideck_vault import Apideck, models

ONE: Any = {"service_id": "pipedrive", "unified_api": "crm"}
UTC = datetime.timezone.utc


class Plan(enum.Enum):
    NAME = "a"
    NUMBER = 3
    PAIR = (1, 2)
    OBJECT = {"x": 1}


class Text(str, enum.Enum):
    NAME = "a"


class Number(enum.IntEnum):
    FOUR = 4


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


class IntRights(enum.IntFlag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Account:
    id: int = 1
    parent: Any = None
    since: datetime.date = datetime.date(2024, 1, 2)


@dataclasses.dataclass
class Slotted:
    __slots__ = ("id",)
    id: int


class Customer(pydantic.BaseModel):
    id: int = 1
    name: Optional[str] = None
    when: datetime.datetime = datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    other: str = pydantic.Field("x", alias="alias")
    password: pydantic.SecretStr = pydantic.SecretStr("very-secret")
    page: pydantic.HttpUrl = pydantic.HttpUrl("https://a.example/x")


class Numbers(pydantic.RootModel[List[int]]):
    pass


class Pair(NamedTuple):
    number: int
    letter: str


SENT: Any = {
    "enum": (Plan.NAME, '"a"'),
    "enum of a number": (Plan.NUMBER, "3"),
    "enum of a tuple": (Plan.PAIR, "[1,2]"),
    "enum of an object": (Plan.OBJECT, '{"x":1}'),
    "enum of strings": (Text.NAME, '"a"'),
    "enum of integers": (Number.FOUR, "4"),
    "flag": (Rights.READ, "1"),
    "flags": (Rights.READ | Rights.WRITE, "3"),
    "flag of integers": (IntRights.READ | IntRights.WRITE, "3"),
    "enum as a key": ({Plan.NAME: 1}, '{"a":1}'),
    "enum of strings as a key": ({Text.NAME: 1}, '{"a":1}'),
    "enum of the API": (models.ConnectionState.CALLABLE, '"callable"'),
    "dataclass": (Account(), '{"id":1,"parent":null,"since":"2024-01-02"}'),
    "dataclass in one": (
        Account(parent=Account()),
        '{"id":1,"parent":{"id":1,"parent":null,"since":"2024-01-02"},"since":"2024-01-02"}',
    ),
    "dataclass with slots": (Slotted(2), '{"id":2}'),
    "model of Pydantic": (
        Customer(alias="x"),
        '{"id":1,"when":"2024-01-02T03:04:05Z","alias":"x","password":"**********","page":"https://a.example/x"}',
    ),
    "root model of Pydantic": (Numbers([1, 2]), "[1,2]"),
    "HttpUrl": (pydantic.HttpUrl("https://a.example/x"), '"https://a.example/x"'),
    "AnyUrl": (pydantic.AnyUrl("ftp://h/db"), '"ftp://h/db"'),
    "PostgresDsn": (pydantic.PostgresDsn("postgres://u@h/db"), '"postgres://u@h/db"'),
    "SecretStr": (pydantic.SecretStr("very-secret"), '"**********"'),
    "SecretBytes": (pydantic.SecretBytes(b"very-secret"), '"**********"'),
    "datetime": (datetime.datetime(2024, 1, 2, 3, 4, 5), '"2024-01-02T03:04:05"'),
    "datetime with microseconds": (datetime.datetime(2024, 1, 2, 3, 4, 5, 678), '"2024-01-02T03:04:05.000678"'),
    "datetime in UTC": (datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), '"2024-01-02T03:04:05Z"'),
    "datetime elsewhere": (
        datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=30))),
        '"2024-01-02T03:04:05+05:30"',
    ),
    "date": (datetime.date(2024, 1, 2), '"2024-01-02"'),
    "time": (datetime.time(3, 4, 5), '"03:04:05"'),
    "UUID": (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    "Decimal": (decimal.Decimal("1.50"), '"1.50"'),
    "Fraction": (fractions.Fraction(1, 3), '"1/3"'),
    "path": (pathlib.Path("/a"), '"/a"'),
    "address": (ipaddress.ip_address("1.2.3.4"), '"1.2.3.4"'),
    "network": (ipaddress.ip_network("10.0.0.0/8"), '"10.0.0.0/8"'),
    "set": ({1}, "[1]"),
    "frozenset": (frozenset([2]), "[2]"),
    "tuple": ((1, 2), "[1,2]"),
    "named tuple": (Pair(1, "b"), '[1,"b"]'),
    "deque": (collections.deque([1]), "[1]"),
    "iterator": (map(str, [1]), '["1"]'),
    "OrderedDict": (collections.OrderedDict(a=1), '{"a":1}'),
    "Counter": (collections.Counter("a"), '{"a":1}'),
    "large integer": (2**80, "1208925819614629174706176"),
    "None": (None, "null"),
}


@pytest.mark.parametrize("name", list(SENT))
def test_a_value_is_sent_as_this_json(apideck: Apideck, server: PreparedServer, name: str) -> None:
    value, text = SENT[name]
    update = apideck.vault.connections.update
    update(**ONE, settings={"v": value})
    assert server.last.body.decode() == f'{{"settings":{{"v":{text}}}}}'
    if name != "iterator":  # it is exhausted
        update(**ONE, metadata={"v": [value]})
        assert server.last.body.decode() == f'{{"metadata":{{"v":[{text}]}}}}'


ISSUED: Any = {
    "seconds": (1_700_000_000, "2023-11-14T22:13:20Z"),
    "a part of a second": (1_700_000_000.5, "2023-11-14T22:13:20.500000Z"),
    "milliseconds": (1_700_000_000_000, "2023-11-14T22:13:20Z"),
    "before 1970": (-5, "1969-12-31T23:59:55Z"),
    "a number in a string": ("1700000000", "2023-11-14T22:13:20Z"),
    "Decimal": (decimal.Decimal("1700000000"), "2023-11-14T22:13:20Z"),
    "datetime": (datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), "2024-01-02T03:04:05Z"),
    "datetime without a zone": (datetime.datetime(2024, 1, 2, 3, 4, 5), "2024-01-02T03:04:05"),
    "date": (datetime.date(2024, 1, 2), "2024-01-02T00:00:00"),
    "text": ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
    "None": (None, None),
}


@pytest.mark.parametrize("model", [False, True], ids=["dictionary", "model"])
@pytest.mark.parametrize("name", list(ISSUED))
def test_issued_at_is_sent_as_this_timestamp(apideck: Apideck, server: PreparedServer, name: str, model: bool) -> None:
    value, text = ISSUED[name]
    given: Any = {"access_token": "t", "issued_at": value}
    apideck.vault.connections.imports(**ONE, credentials=models.Credentials(**given) if model else given)
    assert server.last.json() == {"credentials": {"access_token": "t", "issued_at": text}}


def test_enum_members_can_be_parameters(apideck: Apideck, server: PreparedServer) -> None:
    class Service(enum.Enum):
        PIPEDRIVE = "pipedrive"

    apideck.vault.connections.get(service_id=Service.PIPEDRIVE, unified_api=Text.NAME, consumer_id=Service.PIPEDRIVE)  # type: ignore[arg-type]
    assert server.last.path == "/vault/connections/a/pipedrive"
    assert server.last.headers["x-apideck-consumer-id"] == "pipedrive"


class Itself:
    def __iter__(self) -> Any:
        return iter([self])


@pytest.mark.parametrize(
    ("error", "message", "credentials"),
    [
        (ValueError, "credentials.issued_at: is not within the years", {"issued_at": 10**30}),
        (ValueError, "credentials.issued_at: expected a string", {"issued_at": True}),
        (ValueError, "credentials.issued_at: expected a string", {"issued_at": []}),
        (TypeError, "credentials.issued_at: .*got complex", {"issued_at": 1j}),
        (
            TypeError,
            "credentials.access_token: .*get_secret_value",
            {"access_token": pydantic.SecretStr("very-secret")},
        ),
    ],
)
def test_wrong_credentials_are_named_by_their_path(
    apideck: Apideck, server: PreparedServer, error: Any, message: str, credentials: Any
) -> None:
    with pytest.raises(error, match=message) as raised:
        apideck.vault.connections.imports(**ONE, credentials=credentials)
    assert server.requests == []
    assert "very-secret" not in str(raised.value)


def test_errors_in_values_are_named_by_their_path(apideck: Apideck, server: PreparedServer) -> None:
    update = apideck.vault.connections.update
    with pytest.raises(
        TypeError, match=r"^settings\.v\.parent\[0\]: expected a value that JSON can express, got object"
    ):
        update(**ONE, settings={"v": Account(parent=[object()])})
    with pytest.raises(TypeError, match=r"^settings\.v: expected a value that JSON can express, got type"):
        update(**ONE, settings={"v": Account})
    with pytest.raises(TypeError, match=r"^settings\.v: a key: expected a string, got int"):
        update(**ONE, settings={"v": {Plan.NUMBER: 1}})
    with pytest.raises(ValueError, match="^settings: nested more than 128 deep"):
        update(**ONE, settings={"v": Itself()})
    assert server.requests == []
