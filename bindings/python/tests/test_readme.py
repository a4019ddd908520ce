"""The programs of the README run against the local Vault and print the output in the README.

The Python programs of every README pass the type checkers that users run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
# A program, and its output if the next block is plain text.
PROGRAMS = re.findall(r"```python\n(.*?)```(?:\n+(?:prints\n+)?```text\n(.*?)```)?", TEXT, re.DOTALL)


def test_there_are_programs_in_the_readme() -> None:
    assert len(PROGRAMS) >= 6
    assert sum(bool(printed) for _, printed in PROGRAMS) >= 4


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_program_prints_the_output_in_the_readme(number: int, sandbox_url: str, tmp_path: Path) -> None:
    program, printed = PROGRAMS[number]
    command = [sys.executable, "-W", "error", "-c", program]
    if "\ndef test_" in program:
        (tmp_path / "test_program.py").write_text(program, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-p", "apideck_vault.testing.pytest_plugin", "-W", "error"]
        command += ["-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(
        command,
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
    assert done.returncode == 0, done.stdout + done.stderr
    if printed:
        assert done.stdout == printed


REPOSITORY = Path(__file__).parents[3]
READMES = sorted(
    readme
    for folder in (REPOSITORY, *(REPOSITORY / name for name in ("bindings", "docs", "examples", "sandbox", "tests")))
    for readme in (folder.glob("*.md") if folder == REPOSITORY else folder.rglob("*.md"))
)


@pytest.fixture(scope="module")
def snippets(tmp_path_factory: pytest.TempPathFactory) -> List[Path]:
    """Every Python program in a README, as a file."""
    folder = tmp_path_factory.mktemp("snippets")
    written = []
    for readme in READMES:
        name = "_".join(readme.relative_to(REPOSITORY).with_suffix("").parts)
        for number, program in enumerate(re.findall(r"```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)):
            written.append(folder / f"{name}_{number}.py")
            written[-1].write_text(program, encoding="utf-8")
    (folder / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "strict", "extraPaths": [str(REPOSITORY / "bindings/python/src")]})
    )
    assert len(written) > len(PROGRAMS) >= 6
    return written


def check(*command: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(sys.version_info < (3, 10), reason="the newest type checkers need Python 3.10")
def test_programs_of_every_readme_pass_mypy(snippets: List[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYPYPATH", str(REPOSITORY / "bindings/python/src"))
    if not os.environ.get("CI"):
        pytest.importorskip("mypy")
    names = [snippet.name for snippet in snippets]
    check("mypy", "--strict", "--cache-dir", "cache", *names, folder=snippets[0].parent)


@pytest.mark.skipif(sys.version_info < (3, 10), reason="the newest type checkers need Python 3.10")
def test_programs_of_every_readme_pass_pyright(snippets: List[Path]) -> None:
    works = subprocess.run([sys.executable, "-m", "pyright", "--version"], capture_output=True).returncode == 0
    if not works and not os.environ.get("CI"):
        pytest.skip("pyright does not run here")
    check("pyright", "--project", ".", "--pythonpath", sys.executable, folder=snippets[0].parent)
