"""The package finds its shared library, or raises an error that says what to do."""

from __future__ import annotations

import ctypes.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict

import pytest

import apideck_vault
from apideck_vault import _bindings, _ffi

ROOT = Path(__file__).parents[1]
HEADER = ROOT.parents[1] / "include" / "apideck_vault.h"


def run(program: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60
    )


def error_of(done: "subprocess.CompletedProcess[str]") -> str:
    """Returns the last line of the output of a failed import."""
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1]


def test_the_bindings_follow_from_the_header() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "generate_bindings.py"), "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_function_of_the_header_is_bound_except_those_of_single_operations() -> None:
    header = HEADER.read_text(encoding="utf-8")
    declared = set(re.findall(r"^\w[\w ]*[ *]apideck_vault_(\w+)\(", header, re.M))
    operations = set(
        re.findall(r"apideck_vault_(\w+)\(apideck_vault_client client,\s*const char \*request_json", header)
    )
    assert "connections_list" in operations
    assert set(_bindings.Library.__slots__) == declared - operations


def test_statuses_have_the_names_of_the_library() -> None:
    statuses: Dict[str, int] = {
        name: value for name, value in vars(_bindings).items() if name.isupper() and type(value) is int
    }
    assert list(statuses.values()) == list(range(len(statuses)))
    for name, value in statuses.items():
        assert _ffi.library.status_name(value).decode() == name


def test_package_and_library_have_the_same_version() -> None:
    assert _ffi.library.version().decode() == apideck_vault.__version__ == apideck_vault.VERSION
    assert re.search(r'^version = "(.+)"$', (ROOT.parents[1] / "Cargo.toml").read_text(), re.M)[1] == (  # type: ignore[index]
        apideck_vault.__version__
    )


def test_a_missing_library_raises_an_import_error_that_says_what_to_do() -> None:
    message = error_of(run("import apideck_vault", APIDECK_VAULT_LIBRARY="/nowhere/libapideck_vault.so"))
    assert message.startswith("ImportError: apideck_vault cannot load its shared library (/nowhere/libapideck_vault.so")
    assert "pip install --force-reinstall apideck-vault" in message
    assert "set APIDECK_VAULT_LIBRARY to the path of a " in message


def test_the_error_names_the_place_of_the_library() -> None:
    program = "import os\nos.path.exists = lambda path: False\nimport apideck_vault"
    message = error_of(run(program, APIDECK_VAULT_LIBRARY=""))
    assert f"so the system's {_ffi.FILE_NAME}" in message


def test_another_library_raises_an_import_error() -> None:
    other = ctypes.util.find_library("c")
    if other is None:
        pytest.fail("this system has no C library to mistake for ours")
    message = error_of(run("import apideck_vault", APIDECK_VAULT_LIBRARY=other))
    assert message.startswith("ImportError: apideck_vault 0.1.0 found a shared library (")
    assert "too old or another one" in message


WITH_VERSION = """
import sys, types
version = types.ModuleType("apideck_vault._version")
version.__version__ = sys.argv[1]
sys.modules["apideck_vault._version"] = version
import apideck_vault
"""


@pytest.mark.parametrize("version", ["99.0.0", "0.0.1", "0.2.0", "0.0.9", "1.0.0", "2.0.0"])
def test_a_library_with_another_interface_raises_an_import_error(version: str) -> None:
    # The package loads the library when it is imported, so the version changes before that.
    done = subprocess.run(
        [sys.executable, "-c", WITH_VERSION, version],
        capture_output=True,
        text=True,
        timeout=60,
    )
    message = error_of(done)
    assert f"apideck_vault {version} needs a shared library of the same version" in message
    assert f"is {apideck_vault.__version__}." in message


@pytest.mark.parametrize(
    ("own", "works", "refused"),
    [
        ("0.1.0", "0.1.0 0.1.1 0.1.9-rc.1 0.1.0+build", "0.0.1 0.0.9 0.2.0 1.0.0 1.1.0 2.0.0 99.0.0"),
        ("0.1.2", "0.1.2 0.1.3", "0.1.1 0.2.2"),
        ("1.4.2", "1.4.2 1.4.3 1.5.0", "1.4.1 1.3.9 0.1.0 2.0.0 2.4.2"),
        ("1.0.0", "1.0.0", "nonsense 1 1.0 1.0.0.0 1.x.0"),
    ],
)
def test_a_library_of_a_newer_compatible_version_is_accepted(
    monkeypatch: pytest.MonkeyPatch, own: str, works: str, refused: str
) -> None:
    monkeypatch.setattr(_ffi, "__version__", own)
    assert [version for version in works.split() if not _ffi._can_work_with(version)] == []
    assert [version for version in refused.split() if _ffi._can_work_with(version)] == []


def test_the_import_loads_no_large_module() -> None:
    program = """
import sys
before = set(sys.modules)
import apideck_vault
print(*sorted(set(sys.modules) - before))
"""
    loaded = run(program).stdout.split()
    assert "apideck_vault.sdk" in loaded
    for heavy in ("asyncio", "typing", "logging", "json", "re", "enum", "msgspec", "threading", "ssl", "socket"):
        assert heavy not in loaded, f"import apideck_vault imports {heavy}"
    assert not [name for name in loaded if name.startswith("apideck_vault.models.")]
