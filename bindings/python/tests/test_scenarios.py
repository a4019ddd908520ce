"""The table of misbehaving servers that C, Python and Go share (tests/scenarios), through Python's surface."""

from __future__ import annotations

import asyncio
import json
import os
import time
import urllib.request
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Dict, Iterator, NamedTuple, Optional

import pytest

from apideck_vault import Apideck, _failure, models

BASE = os.environ["APIDECK_VAULT_TEST_SCENARIOS_URL"]
with open(os.environ["APIDECK_VAULT_TEST_SCENARIOS_TABLE"], encoding="utf-8") as _table:
    ROWS: Dict[str, Any] = {row["name"]: row for row in json.load(_table)}

ERRORS: Dict[str, Any] = {
    **{status: error for status, (error, _) in _failure._DOCUMENTED.items()},
    **_failure._OTHERS,
}


class Outcome(NamedTuple):
    """How a row went."""

    result: Any
    error: Optional[models.ApideckError]
    took_ms: float
    requests: int

    @property
    def response(self) -> models.HTTPResponse:
        if self.error is not None:
            return self.error.raw_response
        response: models.HTTPResponse = self.result.http_meta.response
        return response


def record(path: str) -> Any:
    """What the server has seen."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{BASE}/count/{path}", timeout=30) as answer:
        return json.load(answer)


def run(row: Dict[str, Any], way: str) -> Outcome:
    """Plays a row, blocking or awaited."""
    place = f"{row['name']}/python-{way}-{os.getpid()}"
    config = dict(row.get("config", {}))
    if "retries" in config:
        config["retry_config"] = config.pop("retries")
    keywords = {"api_key": "key", "app_id": "app", "consumer_id": "consumer", "proxy": None, **config}
    request = dict(row.get("request", {}))
    for body in ("connection", "connection_import_data"):
        request.update(request.pop(body, {}))
    group, method = row["operation"].split(".")
    with Apideck(server_url=f"{BASE}/s/{place}", **keywords) as apideck:
        operations = getattr(apideck.vault, group)

        def call() -> Any:
            if way == "blocking":
                return getattr(operations, method)(**request)
            return asyncio.run(getattr(operations, f"{method}_async")(**request))

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
    patience = time.monotonic() + 20
    while record(place)["requests"] < row["expected"]["requests"] and time.monotonic() < patience:
        time.sleep(0.005)
    return Outcome(result, error, took_ms, record(place)["requests"])


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Dict[str, "Future[Outcome]"]]:
    """All rows, eight at once: most of them wait."""
    with ThreadPoolExecutor(8) as pool:
        yield {
            f"{name}-{way}": pool.submit(run, row, way) for way in ("blocking", "awaited") for name, row in ROWS.items()
        }


@pytest.mark.parametrize("way", ["blocking", "awaited"])
@pytest.mark.parametrize("name", list(ROWS))
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
    assert outcome.requests == expected["requests"]
    assert expected.get("min_ms", 0) <= outcome.took_ms <= expected["max_ms"]
    judge_body(outcome, expected.get("body"))
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


def judge_body(outcome: Outcome, expected: Any) -> None:
    content = outcome.response.content
    if expected is None:
        pass
    elif expected == "absent":
        assert content == b""
    elif isinstance(expected.get("json"), str):  # no JSON at all: Python has the text itself
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
    """Whatever came can be looked at."""
    for name in result._fields:
        value = getattr(result, name)
        repr(value)


def test_no_redirect_was_followed(outcomes: Dict[str, "Future[Outcome]"]) -> None:
    for outcome in outcomes.values():
        outcome.exception()
    assert record("other-host")["requests"] == 0
