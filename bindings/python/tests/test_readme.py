"""The programs of the README run against the local Vault and print what it says they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
# A program, and what it prints where the next block is plain text.
PROGRAMS = re.findall(r"```python\n(.*?)```(?:\n+(?:prints\n+)?```text\n(.*?)```)?", TEXT, re.DOTALL)


def test_there_are_programs_in_the_readme() -> None:
    assert len(PROGRAMS) >= 6
    assert sum(bool(printed) for _, printed in PROGRAMS) >= 4


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_program_prints_what_the_readme_says(number: int, sandbox_url: str) -> None:
    program, printed = PROGRAMS[number]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={
            **os.environ,
            "APIDECK_API_KEY": "test-key",
            "APIDECK_APP_ID": "readme",
            "APIDECK_CONSUMER_ID": f"python-readme-{os.getpid()}-{number}",
            "APIDECK_SERVER_URL": sandbox_url,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    if printed:
        assert done.stdout == printed
