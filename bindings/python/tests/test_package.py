"""The wheel works with any Python 3 of its platform and contains the library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import List

import pytest

from apideck_vault import VERSION, _ffi

ROOT = Path(__file__).parents[1]


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel with the library under test."""
    folder = tmp_path_factory.mktemp("wheel")
    library = folder / _ffi.FILE_NAME
    shutil.copy2(os.environ["APIDECK_VAULT_LIBRARY"], library)
    run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)),
        APIDECK_VAULT_PREBUILT_LIBRARY=str(library),
    )
    (found,) = folder.glob("*.whl")
    return found


def names(wheel: Path) -> List[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_is_for_any_python_3_of_its_platform(wheel: Path) -> None:
    name, version, python, abi, platform = wheel.stem.split("-")
    assert (name, version, python, abi) == ("apideck_vault", VERSION, "py3", "none")
    assert platform != "any"
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"apideck_vault-{VERSION}.dist-info/METADATA").decode()
    assert "Requires-Python: >=3.9" in metadata
    assert [line for line in metadata.splitlines() if line.startswith("Requires-Dist")] == [
        "Requires-Dist: msgspec>=0.20"
    ]


def test_the_wheel_contains_the_package_with_its_library_and_types_and_no_other_file(wheel: Path) -> None:
    found = names(wheel)
    assert f"apideck_vault/{_ffi.FILE_NAME}" in found
    assert "apideck_vault/py.typed" in found
    sources = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("*.py")}
    assert {name for name in found if name.endswith(".py")} == {name.replace(os.sep, "/") for name in sources}
    assert not [name for name in found if name.startswith(("tests", "tools", "examples", "benchmarks"))]


def test_the_installed_wheel_finds_its_own_library(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(tmp_path), str(wheel))
    program = "import apideck_vault; print(apideck_vault.__file__, apideck_vault.VERSION)"
    environment = {"PYTHONPATH": str(tmp_path), "APIDECK_VAULT_LIBRARY": ""}
    assert run(sys.executable, "-c", program, **environment).stdout.split() == [
        str(tmp_path / "apideck_vault" / "__init__.py"),
        VERSION,
    ]


def test_pytest_has_the_fixture_of_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages), str(wheel))
    test = tmp_path / "test_installed.py"
    test.write_text("def test_one(vault_sandbox):\n    vault_sandbox.client().vault.connections.list()\n")
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", "--rootdir", str(tmp_path))
    for plugins in ((), ("-p", "apideck_vault.testing.pytest_plugin")):
        environment = {"PYTHONPATH": str(packages), "APIDECK_VAULT_LIBRARY": ""}
        assert "1 passed" in run(*command, *plugins, str(test), **environment).stdout


PROGRAM = """
from apideck_vault import UNSET, VERSION, Apideck, Connection, ConnectionState, models, types, utils
from apideck_vault.models import NotFoundResponse
from apideck_vault.types import OptionalNullable
from apideck_vault.utils import RetryConfig, parse_datetime

def callable_ones(apideck: Apideck, retries: OptionalNullable[RetryConfig] = UNSET) -> "list[models.Connection]":
    found: "list[Connection]" = []
    try:
        res = apideck.vault.connections.list(api="crm", retries=retries)
    except NotFoundResponse as error:
        raise SystemExit(error.data.message) from error
    for connection in res.get_connections_response.data:
        if connection.state == ConnectionState.CALLABLE:
            found.append(connection)
    return found

print(VERSION, callable_ones, parse_datetime, types.UNSET, utils.BackoffStrategy)
"""


def test_type_checkers_accept_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    pyright = [sys.executable, "-m", "pyright"]
    if sys.version_info < (3, 10) or subprocess.run([*pyright, "--version"], capture_output=True).returncode != 0:
        pytest.skip("pyright does not run here")
    # The type checkers treat installed packages differently from sources.
    environment = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", str(environment))
    (packages,) = environment.glob("lib/python*/site-packages")
    run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages), str(wheel))
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    python = str(environment / "bin" / "python")
    run(*pyright, "--project", str(tmp_path), "--pythonpath", python, PYTHONPATH="")
    run(sys.executable, "-m", "mypy", "--strict", "--python-executable", python, str(tmp_path / "program.py"))


@pytest.mark.skipif(sys.platform != "linux", reason="auditwheel is about Linux")
def test_auditwheel_accepts_the_wheel(wheel: Path) -> None:
    output = run(sys.executable, "-m", "auditwheel", "show", str(wheel)).stdout.replace("\n", " ")
    assert 'is consistent with the following platform tag: "manylinux_' in output
