"""Programs of the official SDK's shape run with only the import changed, and so do this package's examples."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import List

import pytest
from conftest import KEY

from apideck_vault import Apideck, models

HERE = Path(__file__).parent
SAMPLES = sorted((HERE / "samples").glob("*.py"))
EXAMPLES = sorted((HERE.parent / "examples").glob("*.py"))
OPERATIONS = {
    "connections": ["list", "get", "update", "delete", "imports", "token", "migrate"],
    "validate_connection": ["state"],
    "connection_settings": ["list", "update"],
    "sessions": ["create"],
    "consumers": ["create", "list", "get", "update", "delete"],
}
BLOCKING = [path for path in SAMPLES if any(path.stem.startswith(f"{group}_") for group in OPERATIONS)]


def prepare(url: str) -> None:
    """Brings the local Vault into the state that the samples expect."""
    with Apideck(api_key=KEY, app_id="samples-app", consumer_id="samples", server_url=url) as apideck:
        consumers = {"sample_consumer": False, "sample_user": True, "sample_user_2": True}
        for consumer, exists in consumers.items():
            try:
                apideck.vault.consumers.delete(consumer_id=consumer)
            except models.NotFoundResponse:
                pass
            if exists:
                apideck.vault.consumers.create(consumer_id=consumer, metadata={"user_name": "Sam Ple"})
        connections = apideck.vault.connections
        connections.delete(service_id="intuit-enterprise-suite", unified_api="accounting")
        tokens = models.Credentials(access_token="access", refresh_token="refresh")
        connections.imports(service_id="quickbooks", unified_api="accounting", credentials=tokens)


def awaited(program: str) -> str:
    """Returns a sample as one that awaits its calls."""
    imports, _, block = program.partition("\nwith Apideck(")
    block = re.sub(r"(apideck\.vault\.\w+\.\w+)\(", r"await \1_async(", f"async with Apideck({block}")
    body = textwrap.indent(block, "    ")
    return f"import asyncio\n{imports}\nasync def main() -> None:\n{body}\nasyncio.run(main())\n"


def output(command: List[str], program: str, sandbox_url: str) -> str:
    """Runs a program and returns what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", *command],
        env={
            **os.environ,
            "APIDECK_API_KEY": KEY,
            "APIDECK_APP_ID": "examples",
            "APIDECK_CONSUMER_ID": f"python-{program}",
            "APIDECK_SERVER_URL": sandbox_url,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("program", [*SAMPLES, *EXAMPLES], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_program_runs(program: Path, sandbox_url: str) -> None:
    prepare(sandbox_url)
    assert output([str(program)], program.stem, sandbox_url).strip()


@pytest.mark.parametrize("program", BLOCKING, ids=lambda path: path.stem)
def test_sample_runs_when_its_calls_are_awaited(program: Path, sandbox_url: str) -> None:
    prepare(sandbox_url)
    text = awaited(program.read_text(encoding="utf-8"))
    assert "await apideck.vault." in text
    assert output(["-c", text], program.stem, sandbox_url).strip()


def test_there_are_samples_of_every_operation_and_some_examples() -> None:
    operations = {f"{group}_{method}" for group, methods in OPERATIONS.items() for method in methods}
    assert {path.stem for path in BLOCKING} == operations
    assert EXAMPLES


DOCUMENTATION = os.environ.get("APIDECK_VAULT_TEST_SDK_DOCUMENTATION")


@pytest.mark.skipif(not DOCUMENTATION, reason="APIDECK_VAULT_TEST_SDK_DOCUMENTATION: the official SDK's docs/sdks")
@pytest.mark.parametrize("way", ["blocking", "awaited"])
@pytest.mark.parametrize("group", OPERATIONS)
def test_documentation_of_the_official_sdk_runs(group: str, way: str, sandbox_url: str) -> None:
    page = Path(DOCUMENTATION or "", group.replace("_", ""), "README.md").read_text(encoding="utf-8")
    programs = [part for part in re.findall(r"```python\n(.*?)```", page, re.S) if f"apideck.vault.{group}." in part]
    assert len(programs) == len(OPERATIONS[group])
    app, consumer = "dSBdXd2H6Mqwfg0atXHXYcysLJE9qyn1VwBtXHX", "test-consumer"
    for program in programs:
        prepare(sandbox_url)
        text = program.replace("apideck_unify", "apideck_vault")
        # A delete without a body has no error response to print, and the sample asserts one.
        text = text.replace("assert res.unexpected_error_response is not None", "")
        # The local Vault has only the consumers that were created, and migrates where its catalogue says so.
        if group == "consumers":
            text = text.replace(app, "samples-app").replace("test_user_id", "sample_user")
        if "connections.migrate" in text:
            text = text.replace(app, "samples-app").replace(consumer, "samples")
            text = text.replace('"pipedrive"', '"quickbooks"').replace('"crm"', '"accounting"')
        output(["-c", awaited(text) if way == "awaited" else text], group, sandbox_url)
