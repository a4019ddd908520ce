"""Builds the shared library with cargo and puts it into the wheel, which then runs on any Python 3 of its platform.

`APIDECK_VAULT_PREBUILT_LIBRARY` names a library to use instead. `APIDECK_VAULT_PLATFORM_TAG` names the platform of the
wheel, if it is not the one of this machine. A source distribution has the core's sources in `core/`, so that it can be
built without the repository.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Dict, List

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CRATE = "apideck-vault"
PREBUILT = "APIDECK_VAULT_PREBUILT_LIBRARY"
TAG = "APIDECK_VAULT_PLATFORM_TAG"


class CoreBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it writes a wheel or a source distribution."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Adds the library to a wheel, the core's sources to a source distribution."""
        root = Path(self.root)
        if self.target_name == "sdist":
            self._sources = tempfile.mkdtemp()
            build_data["force_include"][str(package_core(repository(root), Path(self._sources)))] = "core"
            return
        library = prebuilt() or build_core(core(root))
        package = root / "src" / "apideck_vault"
        if version == "editable":
            shutil.copy2(library, package / library.name)
        else:
            build_data["force_include"][str(library)] = f"apideck_vault/{library.name}"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"

    def finalize(self, version: str, build_data: Dict[str, Any], artifact_path: str) -> None:
        """Removes what was only needed while building."""
        if self.target_name == "sdist":
            shutil.rmtree(self._sources)


def repository(root: Path) -> Path:
    """The repository that this package lies in."""
    return root.parent.parent


def core(root: Path) -> Path:
    """The core's folder: shipped with a source distribution, else the repository."""
    for folder in (root / "core", repository(root)):
        if (folder / "Cargo.toml").exists():
            return folder
    raise SystemExit(
        "The sources of the core are missing: build from the repository or from a source distribution, "
        f"or set {PREBUILT} to the path of a shared library."
    )


def prebuilt() -> Path | None:
    """The library that the environment names, if it names one."""
    path = os.environ.get(PREBUILT)
    if not path:
        return None
    if not Path(path).exists():
        raise SystemExit(f"{PREBUILT} is {path}, but there is no such file.")
    return Path(path)


def build_core(folder: Path) -> Path:
    """Builds the shared library, and that alone: no archive, no other crate."""
    command = ["rustc", "--release", "--lib", "--crate-type", "cdylib", "--package", CRATE, "--locked"]
    for message in cargo(folder, *command, "--message-format", "json-render-diagnostics"):
        if message.get("reason") == "compiler-artifact" and message["target"]["name"] == CRATE.replace("-", "_"):
            for name in message["filenames"]:
                if name.endswith((".so", ".dylib", ".dll")):
                    return Path(name)
    raise SystemExit("cargo built no shared library.")


def package_core(folder: Path, into: Path) -> Path:
    """The core's sources as cargo publishes them: a crate that stands on its own."""
    target = into / "target"
    list(cargo(folder, "package", "--package", CRATE, "--no-verify", "--allow-dirty", "--target-dir", str(target)))
    (archive,) = (target / "package").glob(f"{CRATE}-*.crate")
    with tarfile.open(archive) as crate:
        if sys.version_info >= (3, 12):
            crate.extractall(into, filter="data")
        else:
            crate.extractall(into)
    return into / archive.stem


def cargo(folder: Path, *arguments: str) -> List[Dict[str, Any]]:
    """Runs cargo, and returns the messages that it printed as JSON."""
    program = os.environ.get("CARGO") or shutil.which("cargo")
    if program is None:
        raise SystemExit(
            f"Building apideck-vault needs Rust (https://rustup.rs), or {PREBUILT} set to the path of a shared library."
        )
    done = subprocess.run([program, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"cargo {arguments[0]} failed; its output is above.")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def platform_tag() -> str:
    """Returns the platform of the wheel. On Linux, auditwheel replaces it by the right manylinux tag."""
    return os.environ.get(TAG) or sysconfig.get_platform().replace("-", "_").replace(".", "_")
