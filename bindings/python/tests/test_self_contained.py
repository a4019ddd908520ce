"""After the first client, calls and their results import no module and open no file of the package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prepared_server import PreparedServer

import apideck_vault

# Everything that a program can do with calls, results and errors. `imported` has the modules that it imported.
EVERYTHING = """
import asyncio, copy, logging, pickle, sys
from apideck_vault import Apideck
apideck = Apideck(api_key="k", app_id="a", consumer_id="c", server_url=sys.argv[1], retry_config=None, timeout_ms=20000)
before = set(sys.modules)

def everything(expected):
    import apideck_vault
    from apideck_vault import models, utils
    connections = apideck.vault.connections
    ONE = dict(service_id="x", unified_api="crm")
    HANG = dict(service_id="hang", unified_api="crm")
    retries = utils.RetryConfig("backoff", utils.BackoffStrategy(1, 1, 1.0, 10), False, max_attempts=1)
    outcomes = []
    def attempt(function, *arguments, **keywords):
        try:
            result = function(*arguments, **keywords)
            if asyncio.iscoroutine(result):
                loop = asyncio.new_event_loop()
                try:
                    result = loop.run_until_complete(result)
                finally:
                    loop.close()
        except models.ApideckError as error:
            outcomes.append(type(error).__name__)
            repr(error), str(error), error.body, error.headers, error.raw_response.reason_phrase
            for name in ("BadRequestResponse", "NoResponseError", "TimeoutExceededError"):
                getattr(models, name), getattr(apideck_vault, name)
            getattr(error, "data", None) and repr(error.data) and error.data.model_dump()
            pickle.loads(pickle.dumps(error))
        else:
            outcomes.append("ok")
            repr(result), result.http_meta.response.reason_phrase, result.http_meta.request.url, result.headers
            result.http_meta.response.json()
            pickle.loads(pickle.dumps(result)), copy.deepcopy(result), result.model_dump_json()
            for name in result._fields:
                read(getattr(result, name))
    def read(value):
        for name in getattr(type(value), "_fields", ()):
            read(getattr(value, name))
        if isinstance(value, list):
            for item in value:
                read(item)
        repr(value)
    attempt(connections.get, **ONE)
    attempt(connections.list, retries=retries)
    attempt(connections.get, service_id="missing", unified_api="crm")
    attempt(connections.get_async, **ONE)
    attempt(connections.get_async, service_id="missing", unified_api="crm")
    attempt(connections.get, **HANG, timeout_ms=20)
    attempt(connections.get, service_id=7, unified_api="crm")
    attempt(connections.update, **ONE, settings={"a": float("nan")})
    attempt(connections.update, **ONE, settings={"a": [1, {"b": None}]}, enabled=True)
    attempt(connections.imports, **ONE, credentials={"access_token": "t", "issued_at": 1700000000})
    attempt(connections.get, **ONE, server_url="http://127.0.0.1:9")
    closed = copy.copy(apideck)
    closed.close()
    attempt(closed.vault.connections.list)
    attempt(Apideck, api_key="k", app_id="a", server_url="nonsense")
    assert outcomes == expected, outcomes
"""
OUTCOMES = [
    *("ok", "ok", "NotFoundResponse", "ok", "NotFoundResponse", "TimeoutExceededError", "ArgumentTypeError"),
    *("ArgumentValueError", "ok", "ok", "ConnectionFailedError", "ClientClosedError", "ArgumentValueError"),
]


def prepare(server: PreparedServer) -> None:
    connection = {"id": "crm+x", "state": "paused", "created_at": 1, "form_fields": [{"type": "select", "options": []}]}
    server.prepare({"status_code": 200, "status": "OK", "data": [connection]})
    server.prepare_for("missing", {"message": "no such connection"}, status=404)


def run(server: PreparedServer, program: str, **environment: str) -> None:
    prepare(server)
    inherited = {name: value for name, value in os.environ.items() if name not in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING + program.replace("EXPECTED", repr(OUTCOMES)), server.url],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("done\n", "", 0)


@pytest.mark.parametrize("logs", ["", "logging.basicConfig(level=logging.DEBUG, filename='/dev/null')\n"])
def test_nothing_is_imported_after_the_first_client(server: PreparedServer, logs: str) -> None:
    program = """
everything(EXPECTED)
assert set(sys.modules) == before, sorted(set(sys.modules) - before)
print("done")
"""
    run(server, logs + program)


def test_calls_work_after_the_files_of_the_package_are_removed(server: PreparedServer, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(Path(apideck_vault.__file__).parent, tmp_path / "apideck_vault")
    program = f"""
import apideck_vault, shutil
assert apideck_vault.__file__.startswith({str(tmp_path)!r})
shutil.rmtree({str(tmp_path / "apideck_vault")!r})
everything(EXPECTED)
print("done")
"""
    run(server, program, PYTHONPATH=str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "chroot") or os.geteuid() != 0, reason="only root can chroot")
def test_calls_work_after_chroot(server: PreparedServer, tmp_path: Path) -> None:
    program = f"""
import os
os.chroot({str(tmp_path)!r})
os.chdir("/")
everything(EXPECTED)
print("done")
"""
    run(server, program)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("warm", ["", 'apideck.vault.connections.get(service_id="x", unified_api="crm")\n'])
def test_without_file_descriptors_calls_raise_errors_of_the_package(server: PreparedServer, warm: str) -> None:
    program = f"""
import os, resource
{warm}
loop = asyncio.new_event_loop()
from apideck_vault import models
apideck = copy.copy(apideck)  # it has no connection yet
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
taken = []
try:
    while True:
        taken.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
connections = apideck.vault.connections
failures = []
for attempt in range(3):
    try:
        connections.list()
    except models.ApideckError as error:
        failures.append(type(error).__name__)
    try:
        loop.run_until_complete(connections.list_async())
    except models.ApideckError as error:
        failures.append(type(error).__name__)
assert failures == ["ConnectionFailedError"] * 6, failures
for descriptor in taken:
    os.close(descriptor)
connections.list()
loop.run_until_complete(connections.list_async())
print("done")
"""
    run(server, program)


def test_a_first_client_is_made_in_little_time() -> None:
    program = """
import time
import apideck_vault
begun = time.perf_counter()
apideck_vault.Apideck(api_key="k", app_id="a")
print(time.perf_counter() - begun)
"""
    times = [
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    ]
    print(f"{min(times) * 1000:.1f} ms")
    assert min(times) < 1.0
