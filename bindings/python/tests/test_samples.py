"""Programs of the official SDK's shape run with only the import changed, and so do this package's examples."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SAMPLES = sorted((HERE / "samples").glob("*.py"))
EXAMPLES = sorted((HERE.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("program", [*SAMPLES, *EXAMPLES], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_program_runs(program: Path, sandbox_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        env={
            **os.environ,
            "APIDECK_API_KEY": "test-key",
            "APIDECK_APP_ID": "examples",
            "APIDECK_CONSUMER_ID": f"python-{program.stem}",
            "APIDECK_SERVER_URL": sandbox_url,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


def test_there_are_samples_of_every_operation_and_some_examples() -> None:
    operations = {"list", "get", "update", "delete", "imports", "token"}
    assert {path.stem for path in SAMPLES} >= {f"connections_{operation}" for operation in operations}
    assert EXAMPLES
