"""Consumers: created, listed page by page, changed and deleted, blocking and awaited."""

from __future__ import annotations

import asyncio
import copy
import pickle
from typing import Any, Callable, Dict, List, Optional

import pytest
from conftest import client, type_of
from prepared_server import PreparedServer

from apideck_vault import Apideck, models

Call = Callable[..., Any]


@pytest.fixture(params=["blocking", "awaited"])
def call(vault: Apideck, request: pytest.FixtureRequest) -> Call:
    """Returns a function that calls an operation on consumers, either blocking or awaited."""

    def calling(name: str, **keywords: Any) -> Any:
        consumers = vault.vault.consumers
        if request.param == "blocking":
            return getattr(consumers, name)(**keywords)
        return asyncio.run(getattr(consumers, f"{name}_async")(**keywords))

    return calling


@pytest.fixture
def prefix(call: Call, request: pytest.FixtureRequest) -> str:
    """Returns the beginning of the ids of a test's consumers. There are none of them yet."""
    prefix = f"{request.node.name}-"
    while True:
        page = call("list", filter_={"consumer_id": prefix}).get_consumers_response
        if not page.data:
            return prefix
        for consumer in page.data:
            call("delete", consumer_id=consumer.consumer_id)


def test_a_consumer_is_created_changed_and_deleted(call: Call, prefix: str) -> None:
    consumer = f"{prefix}acme"
    res = call("create", consumer_id=consumer, metadata=models.ConsumerMetadata(account_name="Acme"))
    assert type_of(res) is models.VaultConsumersAddResponse
    assert res.create_consumer_response.data.consumer_id == consumer
    res = call("get", consumer_id=consumer)
    assert type_of(res) is models.VaultConsumersOneResponse
    assert res.get_consumer_response.data.metadata.account_name == "Acme"
    res = call("update", consumer_id=consumer, metadata={"account_name": "Acme Ltd"})
    assert type_of(res) is models.VaultConsumersUpdateResponse
    assert res.update_consumer_response.data.metadata.account_name == "Acme Ltd"
    res = call("delete", consumer_id=consumer)
    assert type_of(res) is models.VaultConsumersDeleteResponse
    assert res.delete_consumer_response.data.consumer_id == consumer
    with pytest.raises(models.NotFoundResponse):
        call("get", consumer_id=consumer)


def ids(page: Any) -> List[str]:
    return [consumer.consumer_id for consumer in page.get_consumers_response.data]


def test_next_returns_page_after_page_and_then_none(call: Call, prefix: str) -> None:
    for number in range(5):
        call("create", consumer_id=f"{prefix}{number}")
    found: List[List[str]] = []
    page = call("list", filter_=models.ConsumersFilter(consumer_id=prefix), limit=2)
    assert type_of(page) is models.VaultConsumersAllResponse
    while page is not None:
        found.append(ids(page))
        page = page.next()
    assert [len(part) for part in found] == [2, 2, 1]
    assert sorted(sum(found, [])) == [f"{prefix}{number}" for number in range(5)]


def test_next_can_be_awaited(vault: Apideck, prefix: str, call: Call) -> None:
    for number in range(3):
        call("create", consumer_id=f"{prefix}{number}")

    async def pages() -> List[List[str]]:
        found: List[List[str]] = []
        page = await vault.vault.consumers.list_async(filter_={"consumer_id": prefix}, limit=2)
        while page is not None:
            found.append(ids(page))
            page = await page.next_async()
        return found

    assert [len(part) for part in asyncio.run(pages())] == [2, 1]


def page_of(*consumers: str, next_cursor: Any = None) -> Dict[str, Any]:
    return {
        "status_code": 200,
        "status": "OK",
        "data": [{"consumer_id": consumer} for consumer in consumers],
        "meta": {"cursors": {"next": next_cursor}},
    }


def test_each_page_is_requested_with_the_keywords_of_the_first(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare(page_of("a", next_cursor="c+1"))
    consumers = apideck.vault.consumers
    page = consumers.list(filter_={"search": "x y"}, limit=1, http_headers={"x-mine": "1"}, app_id="other")
    assert page is not None
    server.prepare(page_of("b"))
    page = page.next()
    assert page is not None
    assert page.next() is None
    first, second = server.requests
    assert first.path == "/vault/consumers?filter%5Bsearch%5D=x%20y&limit=1"
    assert second.path == "/vault/consumers?filter%5Bsearch%5D=x%20y&cursor=c%2B1&limit=1"
    assert (second.headers["x-mine"], second.headers["x-apideck-app-id"]) == ("1", "other")


ODD: List[Any] = [None, " ", False, True, {}, [], ["c"]]
LAST: List[Any] = [None, {}, [1], {"cursors": None}, {"cursors": {}}, *({"cursors": {"next": odd}} for odd in ODD)]


@pytest.mark.parametrize("meta", LAST)
def test_a_page_without_a_next_cursor_is_the_last(apideck: Apideck, server: PreparedServer, meta: Any) -> None:
    server.prepare({**page_of("a"), "meta": meta})
    page = apideck.vault.consumers.list()
    assert page is not None
    assert page.next() is None
    assert asyncio.run(page.next_async()) is None
    assert len(server.requests) == 1


def test_an_error_of_a_later_page_is_raised_by_next(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare(page_of("a", next_cursor="c"))
    page = apideck.vault.consumers.list()
    assert page is not None
    server.prepare({"message": "the cursor has expired"}, status=400)
    with pytest.raises(models.BadRequestResponse, match="the cursor has expired"):
        page.next()
    with pytest.raises(models.BadRequestResponse, match="the cursor has expired"):
        asyncio.run(page.next_async())


def test_a_copied_page_has_a_next_one_and_a_pickled_one_has_no_client(server: PreparedServer) -> None:
    server.prepare(page_of("a", next_cursor="c"))
    with client(server, api_key="very-secret-key") as apideck:
        page = apideck.vault.consumers.list()
        assert page is not None
        pickled = pickle.dumps(page)
        for copied in (copy.copy(page), copy.deepcopy(page), page.model_copy(deep=True)):
            assert copied.next() is not None
    assert b"very-secret-key" not in pickled
    again = pickle.loads(pickled)
    assert ids(again) == ["a"]
    with pytest.raises(ValueError, match="unpickled and has no client; pass meta.cursors.next as cursor"):
        again.next()


def test_a_page_that_a_program_makes_calls_its_own_next() -> None:
    def last() -> Optional[models.VaultConsumersAllResponse]:
        return None

    made: Any = models.VaultConsumersAllResponse(headers={}, next=last)  # type: ignore[call-arg]
    assert made.next() is None
    assert models.VaultConsumersAllResponse(headers={}).next() is None


def test_operations_on_consumers_send_no_consumer_header(apideck: Apideck, server: PreparedServer) -> None:
    consumers = apideck.vault.consumers
    consumers.create(consumer_id="a b", metadata={"email": "a@b.example"})
    consumers.get(consumer_id="a/b")
    consumers.update(consumer_id="a", metadata={"image": "https://b.example"})
    consumers.delete(consumer_id="a")
    consumers.list(limit=None, cursor=None)
    assert [(request.method, request.path, request.body) for request in server.requests] == [
        ("POST", "/vault/consumers", b'{"consumer_id":"a b","metadata":{"email":"a@b.example"}}'),
        ("GET", "/vault/consumers/a%2Fb", b""),
        ("PATCH", "/vault/consumers/a", b'{"metadata":{"image":"https://b.example"}}'),
        ("DELETE", "/vault/consumers/a", b""),
        ("GET", "/vault/consumers", b""),
    ]
    assert all("x-apideck-consumer-id" not in request.headers for request in server.requests)
    assert all(request.headers["x-apideck-app-id"] == "app" for request in server.requests)


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (TypeError, "^consumer_id: expected a string, got int$", lambda c: c.get(consumer_id=1)),
        (TypeError, "^consumer_id: expected a string, got NoneType$", lambda c: c.create(consumer_id=None)),
        (TypeError, "missing .* 'consumer_id'", lambda c: c.create(metadata={})),
        (TypeError, "unexpected keyword argument 'consumer_id'", lambda c: c.list(consumer_id="a")),
        (TypeError, "^limit: expected a whole number, got str$", lambda c: c.list(limit="2")),
        (TypeError, "^cursor: expected a string, got int$", lambda c: c.list(cursor=7)),
        (
            TypeError,
            "^filter_.search: expected a value that JSON can express",
            lambda c: c.list(filter_={"search": b""}),
        ),
        (ValueError, "^limit: ", lambda c: c.list(limit=0)),
        (ValueError, "^limit: ", lambda c: c.list(limit=201)),
        (ValueError, "^filter_.search: .*string", lambda c: c.list(filter_={"search": 1})),
        (ValueError, "^filter_: .*object", lambda c: c.list(filter_="acme")),
        (ValueError, "^consumer_id: ", lambda c: c.get(consumer_id="")),
        (ValueError, "^metadata: .*object", lambda c: c.update(consumer_id="a", metadata="Acme")),
        (
            ValueError,
            "^metadata.email: holds half of a",
            lambda c: c.create(consumer_id="a", metadata={"email": "\ud800"}),
        ),
        (ValueError, "^metadata.email: .*string", lambda c: c.create(consumer_id="a", metadata={"email": 1})),
    ],
)
def test_a_bad_argument_fails_by_name_before_anything_is_sent(
    apideck: Apideck, server: PreparedServer, error: Any, message: str, call: Call
) -> None:
    with pytest.raises(error, match=message):
        call(apideck.vault.consumers)
    assert server.requests == []
