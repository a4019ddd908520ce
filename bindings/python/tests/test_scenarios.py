"""The table of scenarios that the tests of C, Python and Go share (tests/scenarios), run through the Python package."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import time
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional

import pytest

from apideck_vault import Apideck, models
from apideck_vault.models import errors

BASE = os.environ["APIDECK_VAULT_TEST_SCENARIOS_URL"]
with open(os.environ["APIDECK_VAULT_TEST_SCENARIOS_TABLE"], encoding="utf-8") as _table:
    ROWS: Dict[str, Any] = {row["name"]: row for row in json.load(_table)}

ERRORS: Dict[str, Any] = {**errors.BY_STATUS, **{status: error for status, (error, _) in errors.WITH_DATA.items()}}
RUNS = [(name, way) for way in ("blocking", "awaited") for name in ROWS]


def keywords(call: Callable[..., Any], request: Dict[str, Any]) -> Dict[str, Any]:
    """Returns a request as keywords. The fields of a body are keywords of their own if the body has no keyword."""
    accepted = inspect.signature(call).parameters
    found: Dict[str, Any] = {}
    for key, value in request.items():
        if key in accepted:
            found[key] = value
        elif f"{key}_" in accepted:  # filter_, since filter is a built-in function
            found[f"{key}_"] = value
        else:
            found.update(value)
    return found


class Outcome(NamedTuple):
    """How a row ended."""

    result: Any
    error: Optional[models.ApideckError]
    took_ms: float
    log: List[Dict[str, Any]]

    @property
    def response(self) -> models.HTTPResponse:
        if self.error is not None:
            return self.error.raw_response
        response: models.HTTPResponse = self.result.http_meta.response
        return response


def record(path: str) -> Any:
    """Returns what the server has read."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{BASE}/count/{path}", timeout=30) as response:
        return json.load(response)


def run(row: Dict[str, Any], way: str) -> Outcome:
    """Makes the calls of a row, blocking or awaited."""
    place = f"{row['name']}/python-{way}-{os.getpid()}"
    config = dict(row.get("config", {}))
    if "retries" in config:
        config["retry_config"] = config.pop("retries")
    config = {"api_key": "key", "app_id": "app", "consumer_id": "consumer", "proxy": None, **config}
    with Apideck(server_url=f"{BASE}/s/{place}", **config) as apideck:
        group, name = row["operation"].split(".")
        operation = getattr(getattr(apideck.vault, group), name if way == "blocking" else f"{name}_async")
        request = keywords(operation, row.get("request", {}))

        def call() -> Any:
            result = operation(**request)
            return result if way == "blocking" else asyncio.run(result)

        for _ in range(row.get("calls", 1) - 1):
            call()
            if row.get("wait_for_close"):
                while record(place)["open"]:
                    time.sleep(0.005)
        result = error = None
        start = time.monotonic()
        try:
            result = call()
        except models.ApideckError as raised:
            error = raised
        took_ms = (time.monotonic() - start) * 1000
    # A call that timed out may have ended before a busy server came to read its request.
    end = time.monotonic() + 20
    while record(place)["requests"] < row["expected"]["requests"] and time.monotonic() < end:
        time.sleep(0.005)
    return Outcome(result, error, took_ms, record(place)["log"])


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Dict[str, "Future[Outcome]"]]:
    """Runs all rows, eight at once, since most of them wait."""
    with ThreadPoolExecutor(8) as pool:
        yield {f"{name}-{way}": pool.submit(run, ROWS[name], way) for name, way in RUNS}


@pytest.mark.parametrize(("name", "way"), RUNS)
def test_scenario(outcomes: Dict[str, "Future[Outcome]"], name: str, way: str) -> None:
    expected = ROWS[name]["expected"]
    outcome = outcomes[f"{name}-{way}"].result()
    error = outcome.error
    if expected["status"] == "OK":
        assert error is None
    else:
        assert type(error) is ERRORS[expected["status"]]
    assert outcome.response.status_code == (expected["http_status"] or 0)
    assert outcome.response.attempts == (expected["attempts"] or 0)
    assert len(outcome.log) == expected["requests"]
    if "sent" in expected:
        check_requests(outcome.log, expected["sent"])
    assert expected.get("min_ms", 0) <= outcome.took_ms <= expected["max_ms"]
    check_body(outcome, expected.get("body"))
    if error is not None:
        if "retryable" in expected:
            assert error.retryable is expected["retryable"]
        if "retry_after_ms" in expected:
            least, most = expected["retry_after_ms"]
            assert error.retry_after_ms is not None
            assert least <= error.retry_after_ms <= most
        else:
            assert error.retry_after_ms is None
        for text in expected.get("message_contains", []):
            assert text in str(error)
        for text in expected.get("must_not_contain", []):
            assert text not in str(error)
            assert text not in repr(error)


def check_requests(log: List[Dict[str, Any]], expected: Dict[str, Any]) -> None:
    for request in log:
        assert (request["method"], request["path"]) == (expected["method"], expected["path"])
        assert (json.loads(request["body"]) if request["body"] else None) == expected.get("body")
        assert ("x-apideck-consumer-id" in request["headers"]) is expected["consumer"]


def check_body(outcome: Outcome, expected: Any) -> None:
    content = outcome.response.content
    if expected is None:
        pass
    elif expected == "absent":
        assert content == b""
    elif isinstance(expected.get("json"), str):  # not JSON: Python has the text itself
        assert expected["json"] in (content.decode("utf-8", "replace"), content.decode("utf-8", "replace").strip('"'))
    elif "json" in expected:
        assert (json.loads(content) if content else None) == expected["json"]
    elif "text" in expected:
        assert content == expected["text"].encode()
    elif "length" in expected:
        assert len(content) == expected["length"]
    else:
        assert len(content) <= 4096
        assert content.decode("utf-8", "replace").startswith(expected["starts"])
    if outcome.error is None:
        read_everything(outcome.result)


def read_everything(result: Any) -> None:
    """Reads every field of a result."""
    for name in result._fields:
        value = getattr(result, name)
        repr(value)


def test_no_redirect_was_followed(outcomes: Dict[str, "Future[Outcome]"]) -> None:
    for outcome in outcomes.values():
        outcome.exception()
    assert record("other-host")["requests"] == 0
