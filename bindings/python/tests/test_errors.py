"""The exception for every way in which a call can fail."""

from __future__ import annotations

import copy
import pickle
import socket
from typing import Any

import pytest
from conftest import KEY, client
from prepared_server import PreparedServer

from apideck_vault import Apideck, models

BODY = {
    "status_code": 0,
    "error": "Some Error",
    "type_name": "SomeTypeError",
    "message": "what went wrong",
    "detail": "where it went wrong",
    "ref": "https://errors.example/some",
}


def fails(apideck: Apideck) -> models.ApideckError:
    """Makes a call that fails, and returns its exception."""
    with pytest.raises(models.ApideckError) as raised:
        apideck.vault.connections.get(service_id="pipedrive", unified_api="crm")
    return raised.value


@pytest.mark.parametrize(
    ("status", "error_type", "data_type"),
    [
        (400, models.BadRequestResponse, models.BadRequestResponseData),
        (401, models.UnauthorizedResponse, models.UnauthorizedResponseData),
        (402, models.PaymentRequiredResponse, models.PaymentRequiredResponseData),
        (404, models.NotFoundResponse, models.NotFoundResponseData),
        (409, models.ConflictResponse, models.ConflictResponseData),
        (422, models.UnprocessableResponse, models.UnprocessableResponseData),
    ],
)
def test_a_documented_status_raises_its_error_with_its_data(
    apideck: Apideck, server: PreparedServer, status: int, error_type: Any, data_type: Any
) -> None:
    server.prepare({**BODY, "status_code": status}, status=status, headers={"X-Trace": "t"})
    error = fails(apideck)
    assert type(error) is error_type
    assert type(error.data) is data_type  # type: ignore[attr-defined]
    data: Any = error.data  # type: ignore[attr-defined]
    assert (data.status_code, data.error, data.type_name) == (status, "Some Error", "SomeTypeError")
    assert (data.message, data.detail, data.ref) == (BODY["message"], BODY["detail"], BODY["ref"])
    assert error.status_code == status
    for part in ("what went wrong", "where it went wrong", "SomeTypeError"):
        assert part in error.message
    assert str(error) == error.message
    assert '"what went wrong"' in error.body
    assert error.headers["X-Trace"] == "t"
    assert error.raw_response.status_code == status
    assert error.raw_response.json()["type_name"] == "SomeTypeError"
    assert error.retryable is False
    assert error.retry_after_ms is None


def test_the_detail_of_an_error_can_be_an_object(apideck: Apideck, server: PreparedServer) -> None:
    detail = {"type": "Expired", "message": "token expired", "debug": {"code": "ETIMEDOUT"}, "more": 1}
    server.prepare({**BODY, "detail": detail}, status=401)
    error = fails(apideck)
    assert isinstance(error, models.UnauthorizedResponse)
    assert isinstance(error.data.detail, models.DetailUnauthorizedResponse2)
    assert error.data.detail.message == "token expired"
    assert error.data.detail.debug is not None
    assert error.data.detail.debug.code == "ETIMEDOUT"
    assert error.data.detail.additional_properties == {"more": 1}
    server.prepare({**BODY, "detail": {"field": "x"}, "downstream_errors": [{"code": "D1"}]}, status=400)
    error = fails(apideck)
    assert isinstance(error, models.BadRequestResponse)
    assert error.data.detail == {"field": "x"}
    assert error.data.downstream_errors is not None
    assert error.data.downstream_errors[0].code == "D1"


@pytest.mark.parametrize("status", [301, 304, 403, 405, 418, 500, 503])
def test_any_other_status_raises_api_error(apideck: Apideck, server: PreparedServer, status: int) -> None:
    server.prepare(BODY, status=status)
    error = fails(apideck)
    assert type(error) is models.APIError
    assert error.status_code == status
    assert error.retryable is (status >= 500)


def test_429_raises_a_rate_limited_error_which_is_an_api_error(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare(BODY, status=429)
    error = fails(apideck)
    assert type(error) is models.RateLimitedError
    assert isinstance(error, models.APIError)


@pytest.mark.parametrize("body", [b"<html>no</html>", b"", b"[1]", b"null", b"{", b'"text"', b"\xff\xfe"])
@pytest.mark.parametrize("status", [404, 500])
def test_an_error_body_can_be_any_text(apideck: Apideck, server: PreparedServer, status: int, body: bytes) -> None:
    server.prepare(body, status=status, headers={"content-type": "text/html"})
    error = fails(apideck)
    assert error.status_code == status
    assert isinstance(error, models.NotFoundResponse if status == 404 else models.APIError)
    if body == b"<html>no</html>":
        assert error.body == "<html>no</html>"
    if isinstance(error, models.NotFoundResponse):
        assert error.data.message is None


@pytest.mark.parametrize("body", [b"", b"no json", b"[1]", b"null", b'{"data":'])
def test_a_success_that_is_not_a_json_object_raises_a_response_validation_error(
    apideck: Apideck, server: PreparedServer, body: bytes
) -> None:
    server.prepare(body)
    error = fails(apideck)
    assert type(error) is models.ResponseValidationError
    assert error.cause is None


def test_a_refused_connection_raises_a_connection_failed_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with Apideck(api_key=KEY, app_id="a", consumer_id="c", server_url=url, retry_config=None) as apideck:
            error = fails(apideck)
    assert type(error) is models.ConnectionFailedError
    assert isinstance(error, models.NoResponseError)
    assert isinstance(error, ConnectionError)
    assert (error.status_code, error.body, dict(error.headers)) == (0, "", {})
    assert error.retryable


def test_errors_can_be_pickled_and_copied(apideck: Apideck, server: PreparedServer) -> None:
    server.prepare(BODY, status=404)
    for error in (fails(apideck), models.NoResponseError(), models.ApideckError("made by hand")):
        for same in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert type(same) is type(error)
            assert (str(same), same.status_code, same.body) == (str(error), error.status_code, error.body)
            assert same.args == error.args
    again = pickle.loads(pickle.dumps(fails(apideck)))
    assert again.data.type_name == "SomeTypeError"


def test_errors_have_the_constructors_of_the_official_sdk() -> None:
    response = models.HTTPResponse(404, {"X-A": "b"}, b'{"message":"m"}')
    error = models.NotFoundResponse(models.NotFoundResponseData(message="m"), response)
    assert (str(error), error.status_code, error.body, error.headers["x-a"]) == ("m", 404, '{"message":"m"}', "b")
    assert models.APIError("oops", response, "text").body == "text"


def test_every_error_is_an_apideck_error() -> None:
    from apideck_vault.models import errors

    classes = [getattr(errors, name) for name in errors.__all__]
    assert len(classes) == 19
    assert all(issubclass(error, models.ApideckError) for error in classes)


def test_every_status_of_the_header_has_an_error() -> None:
    from apideck_vault import _bindings
    from apideck_vault.models import errors

    statuses = {name for name, value in vars(_bindings).items() if isinstance(value, int) and name.isupper()}
    statuses -= {"OK", "TYPE_CHECKING"}
    assert set(errors.WITH_DATA) | set(errors.BY_STATUS) == statuses


def test_no_error_contains_the_key(server: PreparedServer) -> None:
    server.prepare({"message": "no"}, status=401)
    with client(server, api_key="very-secret-key") as apideck:
        error = fails(apideck)
    for shown in (str(error), repr(error), error.body, repr(error.raw_response), str(vars(error))):
        assert "very-secret-key" not in shown
