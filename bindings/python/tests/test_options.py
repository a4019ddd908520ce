"""The configuration of a client and of a single call."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import KEY, client
from prepared_server import PreparedServer

from apideck_vault import VERSION, Apideck, models
from apideck_vault.utils import BackoffStrategy, RetryConfig

QUICK = RetryConfig("backoff", BackoffStrategy(1, 2, 1.1, 5_000), False)


def test_key_application_consumer_and_user_agent_are_sent(apideck: Apideck, server: PreparedServer) -> None:
    apideck.vault.connections.list()
    headers = server.last.headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["x-apideck-app-id"] == "app"
    assert headers["x-apideck-consumer-id"] == "consumer"
    assert headers["user-agent"] == f"apideck-vault/{VERSION}"


def test_the_environment_provides_the_defaults(server: PreparedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APIDECK_API_KEY", "from-environment")
    monkeypatch.setenv("APIDECK_APP_ID", "app-from-environment")
    monkeypatch.setenv("APIDECK_CONSUMER_ID", "consumer-from-environment")
    monkeypatch.setenv("APIDECK_SERVER_URL", server.url)
    with Apideck() as apideck:
        apideck.vault.connections.list()
    headers = server.last.headers
    assert headers["authorization"] == "Bearer from-environment"
    assert headers["x-apideck-app-id"] == "app-from-environment"
    assert headers["x-apideck-consumer-id"] == "consumer-from-environment"


def test_a_call_can_replace_the_settings_of_its_client(apideck: Apideck, server: PreparedServer) -> None:
    apideck.vault.connections.list(
        consumer_id="other", app_id="other-app", http_headers={"X-Extra": "1", "User-Agent": "mine"}
    )
    headers = server.last.headers
    assert headers["x-apideck-consumer-id"] == "other"
    assert headers["x-apideck-app-id"] == "other-app"
    assert headers["x-extra"] == "1"
    assert headers["user-agent"] == "mine"


def test_headers_and_user_agent_of_the_client_are_sent(server: PreparedServer) -> None:
    with client(server, http_headers={"X-Extra": "always"}, user_agent="shop/2.0") as apideck:
        apideck.vault.connections.list()
    assert server.last.headers["x-extra"] == "always"
    assert server.last.headers["user-agent"] == f"shop/2.0 apideck-vault/{VERSION}"


def test_each_call_asks_a_function_for_the_key(server: PreparedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = iter(["first", "second"])
    with client(server, api_key=lambda: next(keys)) as apideck:
        apideck.vault.connections.list()
        apideck.vault.connections.list()
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer first", "Bearer second"]
    monkeypatch.setenv("APIDECK_API_KEY", "from-environment")
    with client(server, api_key=lambda: None) as apideck:
        apideck.vault.connections.list()
        assert server.last.headers["authorization"] == "Bearer from-environment"
        monkeypatch.delenv("APIDECK_API_KEY")
        with pytest.raises(models.ArgumentValueError, match="api_key: the function returned None"):
            apideck.vault.connections.list()
    with client(server, api_key=lambda: 7) as apideck, pytest.raises(TypeError, match="api_key: expected a string"):
        apideck.vault.connections.list()


def test_a_client_and_a_call_can_use_another_server(server: PreparedServer) -> None:
    other = PreparedServer()
    try:
        host = server.url.rpartition("/")[2]
        with client(server, server_url="http://{host}/base/", url_params={"host": host}) as apideck:
            apideck.vault.connections.list()
            apideck.vault.connections.list(server_url=other.url)
        assert server.last.path == "/base/vault/connections"
        assert len(other.requests) == 1
    finally:
        other.close()


def test_timeouts_limit_the_whole_call(server: PreparedServer) -> None:
    with client(server, timeout_ms=150) as apideck:
        cases: Any = (({}, 0.15), ({"timeout_ms": 50}, 0.05))
        for keywords, bound in cases:
            start = time.monotonic()
            with pytest.raises(models.TimeoutExceededError) as raised:
                apideck.vault.connections.get(service_id="hang", unified_api="crm", **keywords)
            assert bound * 0.9 <= time.monotonic() - start < bound + 1
            assert isinstance(raised.value, TimeoutError)
            assert isinstance(raised.value, models.NoResponseError)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_retries_follow_the_client_s_configuration(server: PreparedServer, status: int) -> None:
    server.prepare({"message": "busy"}, status=status)
    with client(
        server, retry_config=RetryConfig("backoff", BackoffStrategy(1, 2, 1.1, 5_000), True, max_attempts=3)
    ) as apideck:
        with pytest.raises(models.APIError) as raised:
            apideck.vault.connections.list()
        assert len(server.requests) == 3
        assert raised.value.raw_response.attempts == 3
        with pytest.raises(models.APIError):
            apideck.vault.connections.list(retries=None)
        assert len(server.requests) == 4
        with pytest.raises(models.APIError):
            apideck.vault.connections.list(retries={"strategy": "none"})  # type: ignore[arg-type]
        assert len(server.requests) == 5


def test_a_call_can_replace_the_retries_of_its_client(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare({"data": []})
    server.fail_first(2)
    res = apideck.vault.connections.list(retries=QUICK)
    assert res.http_meta is not None
    assert res.http_meta.response.attempts == 3


def test_any_object_with_the_attributes_of_a_retry_configuration_is_accepted(
    apideck: Apideck, server: PreparedServer
) -> None:
    waits = SimpleNamespace(initial_interval=1, max_interval=2, exponent=1.1, max_elapsed_time=5_000)
    config: Any = SimpleNamespace(strategy="backoff", backoff=waits, retry_connection_errors=False)
    server.prepare({"data": []})
    server.fail_first(2)
    res = apideck.vault.connections.list(retries=config)
    assert res.http_meta is not None
    assert res.http_meta.response.attempts == 3


def test_a_proxy_receives_plain_http_with_an_absolute_url(server: PreparedServer) -> None:
    proxy = server.url.replace("http://", "http://user:secret@")
    with client(server, server_url="http://127.0.0.1:1/base", proxy=proxy) as apideck:
        apideck.vault.connections.list()
    assert server.last.path == "http://127.0.0.1:1/base/vault/connections"
    assert server.last.headers["proxy-authorization"] == "Basic dXNlcjpzZWNyZXQ="


def test_the_proxy_of_the_environment_is_chosen_by_the_scheme(
    server: PreparedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("HTTPS_PROXY", "socks5://user:secret@127.0.0.1:1080")
    environment: Any = {"api_key": KEY, "app_id": "app", "allow_insecure_http": True}
    with Apideck(server_url="http://vault.invalid", **environment) as apideck:
        apideck.vault.connections.list()
        assert server.last.path == "http://vault.invalid/vault/connections"
        # The scheme of the call's server decides, not that of the client's.
        with pytest.raises(ValueError, match="HTTPS_PROXY: SOCKS proxies are not supported") as raised:
            apideck.vault.connections.list(server_url="https://vault.invalid")
        assert "secret" not in str(raised.value)
        apideck.vault.connections.list(server_url=server.url)
        assert server.last.path == "/vault/connections"  # loopback is direct
    with pytest.raises(ValueError, match="HTTPS_PROXY"):
        Apideck(**environment)
    monkeypatch.setenv("NO_PROXY", "unify.apideck.com")
    Apideck(**environment).close()


def test_a_self_signed_certificate_is_trusted_if_a_file_contains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = str(Path(__file__).parents[3] / "tests/data/certificates/self-signed.pem")
    server = PreparedServer(certificate)
    try:
        for roots in ("bundled", "system"):
            with client(server, tls_roots=roots) as apideck:
                with pytest.raises(models.ConnectionFailedError, match="is self-signed and not trusted") as raised:
                    apideck.vault.connections.list()
                assert not raised.value.retryable
            with client(server, tls_roots=roots, ca_file=certificate) as apideck:
                apideck.vault.connections.list()
        monkeypatch.setenv("SSL_CERT_FILE", certificate)
        with client(server) as apideck:
            apideck.vault.connections.list()
    finally:
        server.close()
    monkeypatch.setenv("SSL_CERT_FILE", "/does/not/exist")
    with pytest.raises(ValueError, match="SSL_CERT_FILE: cannot be read"):
        client(server)


def test_retry_after_is_an_attribute_of_the_error(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare({}, status=429, headers={"Retry-After": "2"})
    with pytest.raises(models.RateLimitedError) as raised:
        apideck.vault.connections.list()
    assert raised.value.retry_after_ms == 2000
    assert raised.value.retryable


def test_a_response_beyond_the_limit_is_refused(server: PreparedServer) -> None:
    server.prepare_list({"id": "x" * 5000})
    with client(server, max_response_bytes=4096) as apideck, pytest.raises(models.ResponseValidationError):
        apideck.vault.connections.list()


@pytest.mark.parametrize(
    ("error", "message", "keywords"),
    [
        (TypeError, "app_id: expected a string, got int", {"app_id": 1}),
        (TypeError, "api_key: expected a string, got bytes", {"api_key": b"very-secret"}),
        (TypeError, "timeout_ms: expected a whole number", {"timeout_ms": "1"}),
        (TypeError, "retry_config: expected a RetryConfig", {"retry_config": 1}),
        (TypeError, "proxy: expected a string", {"proxy": 1}),
        (TypeError, "client: this package brings its own", {"client": object()}),
        (TypeError, "async_client: this package brings its own", {"async_client": object()}),
        (TypeError, "debug_logger: expected an object with a debug method", {"debug_logger": 1}),
        (TypeError, "max_async_calls: expected a whole number", {"max_async_calls": "4"}),
        (TypeError, "allow_insecure_http: expected True or False", {"allow_insecure_http": "no"}),
        (TypeError, "http_headers", {"http_headers": 1}),
        (TypeError, "url_params", {"server_url": "http://{host}", "url_params": {"host": 1}}),
        (ValueError, "^app_id: holds half of a surrogate", {"app_id": "\ud800"}),
        (ValueError, "max_async_calls: must be at least 1", {"max_async_calls": 0}),
        (ValueError, "server_idx: there is one server", {"server_idx": 1}),
        (ValueError, "api_key", {"api_key": None}),
        (ValueError, "api_key", {"api_key": "very-secret\n"}),
        (ValueError, "app_id", {"app_id": None}),
        (ValueError, "server_url", {"server_url": "ftp://x"}),
        (ValueError, "server_url", {"server_url": "http://somewhere.example"}),
        (ValueError, "ca_file", {"ca_file": "/does/not/exist"}),
        (ValueError, "tls_roots", {"tls_roots": "native"}),
        (ValueError, "proxy", {"proxy": "nonsense://"}),
        (ValueError, "timeout_ms", {"timeout_ms": -5}),
    ],
)
def test_a_bad_option_fails_by_name(server: PreparedServer, error: Any, message: str, keywords: Any) -> None:
    with pytest.raises(error, match=message) as raised:
        client(server, **keywords)
    assert isinstance(raised.value, models.ApideckError)
    assert "very-secret" not in str(raised.value)


def test_parts_of_the_official_sdk_that_are_missing_raise_attribute_errors(apideck: Apideck) -> None:
    with pytest.raises(AttributeError, match="apideck_vault has no crm, only vault: see apideck-unify"):
        apideck.crm  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match="no vault.logs, only connections, .* consumers: see apideck-unify"):
        apideck.vault.logs  # type: ignore[attr-defined]  # noqa: B018


def test_retry_configurations_have_equality_and_a_repr() -> None:
    assert QUICK == RetryConfig("backoff", BackoffStrategy(1, 2, 1.1, 5_000), False)
    assert QUICK != RetryConfig("none", BackoffStrategy(1, 2, 1.1, 5_000), False)
    assert repr(QUICK).startswith("RetryConfig(strategy='backoff', backoff=BackoffStrategy(initial_interval=1")


def test_the_repr_of_a_client_has_no_key(apideck: Apideck, server: PreparedServer) -> None:
    assert repr(apideck) == f"<Apideck consumer_id='consumer' app_id='app' server_url='{server.url}'>"
