"""`apideck_vault.testing` finds the sandbox's program in each place, and otherwise says in one line what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from apideck_vault import VERSION
from apideck_vault.testing import SandboxError, VaultSandbox
from apideck_vault.testing._program import EXECUTABLE, find_program

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the programs of a test. No program of this machine is found."""
    monkeypatch.delenv("APIDECK_VAULT_SANDBOX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "target"))
    return tmp_path


def place(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return str(path)


def test_the_program_is_found_in_each_place_in_the_documented_order(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = folder / "environment" / "lib"
    information = packages / "apideck_vault_sandbox-0.1.0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text("Name: apideck-vault-sandbox\nVersion: 0.1.0\n")
    monkeypatch.syspath_prepend(packages)
    with pytest.raises(SandboxError):
        find_program()
    in_target = place(packages / "bin" / EXECUTABLE)
    assert find_program() == in_target

    (information / "RECORD").write_text(f"../bin/{EXECUTABLE},,\n")
    in_wheel = place(folder / "environment" / "bin" / EXECUTABLE)
    assert os.path.realpath(find_program()) == os.path.realpath(in_wheel)

    release = place(folder / "target" / "release" / EXECUTABLE)
    assert find_program() == release
    debug = place(folder / "target" / "debug" / EXECUTABLE)
    os.utime(release, (1, 1))
    assert find_program() == debug
    os.utime(debug, (0, 0))
    assert find_program() == release

    on_path = place(folder / "bin" / EXECUTABLE)
    assert find_program() == on_path

    named = place(folder / "named" / "program")
    monkeypatch.setenv("APIDECK_VAULT_SANDBOX", named)
    assert find_program() == named


def test_without_a_program_one_line_names_the_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SandboxError) as raised:
        VaultSandbox()
    assert f"run `cargo build -p apideck-vault-sandbox` in {REPOSITORY}" in str(raised.value)
    assert "APIDECK_VAULT_SANDBOX" in str(raised.value) and "\n" not in str(raised.value)

    # Outside a checkout.
    package = folder / "apideck_vault"
    shutil.copytree(REPOSITORY / "bindings/python/src/apideck_vault", package)
    program = "from apideck_vault.testing import VaultSandbox; VaultSandbox()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "run `pip install apideck-vault-sandbox`, or set APIDECK_VAULT_SANDBOX" in done.stderr.splitlines()[-1]


def test_a_variable_that_names_no_program_is_an_error_that_names_the_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APIDECK_VAULT_SANDBOX", str(folder / "missing"))
    with pytest.raises(SandboxError, match="^APIDECK_VAULT_SANDBOX is .*missing, which is not a program$"):
        VaultSandbox()


@pytest.mark.skipif(sys.platform == "win32", reason="the folder of scripts has another name")
def test_the_wheel_of_the_sandbox_is_found_in_an_environment_that_is_not_activated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(REPOSITORY / "packaging" / "sandbox", sources)
    shutil.copy2(find_program(), sources / "apideck-vault-sandbox")
    shutil.copy2(REPOSITORY / "sandbox" / "README.md", sources)
    monkeypatch.setenv("APIDECK_VAULT_VERSION", VERSION)
    monkeypatch.setenv("APIDECK_VAULT_PLATFORM_TAG", "any")
    monkeypatch.setenv("APIDECK_VAULT_PROGRAM", "apideck-vault-sandbox")

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(sources))
    (wheel,) = tmp_path.glob("*.whl")
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", str(environment))
    python = str(environment / "bin" / "python")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", str(wheel))

    monkeypatch.delenv("APIDECK_VAULT_SANDBOX", raising=False)
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "target"))
    program = "from apideck_vault.testing import VaultSandbox; print(VaultSandbox()._process._running.args[0])"
    assert run(python, "-c", program).strip() == str((environment / "bin" / "apideck-vault-sandbox").resolve())
