"""Finds the program of the local Vault."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import metadata
from pathlib import Path
from typing import Iterator, Optional

NAME = "apideck-vault-sandbox"
"""The name of the program, and of the wheel that contains it."""

VARIABLE = "APIDECK_VAULT_SANDBOX"
"""The environment variable with the path of the program to use."""

EXECUTABLE = NAME + (".exe" if sys.platform == "win32" else "")


class SandboxError(RuntimeError):
    """The sandbox cannot be found or started, or refuses a command. The message has one line."""


def find_program() -> str:
    """Returns the path of the program.

    It is the one that `APIDECK_VAULT_SANDBOX` names. Else it is searched for in the folders of `PATH`, in the newer of
    `target/release` and `target/debug` of a checkout, and in the wheel of this Python environment.

    Raises:
        SandboxError: There is no program. The message says what to do.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if shutil.which(named) is None:
            raise SandboxError(f"{VARIABLE} is {named}, which is not a program")
        return named
    on_path = shutil.which(NAME)
    if on_path is not None:
        return on_path
    checkout = _checkout()
    built = sorted(_builds(checkout), key=lambda path: path.stat().st_mtime)
    if built:
        return str(built[-1])
    for path in _in_wheel():
        if shutil.which(str(path)) is not None:
            return str(path)
    remedy = f"run `pip install {NAME}`" if checkout is None else f"run `cargo build -p {NAME}` in {checkout}"
    raise SandboxError(
        f"there is no program {NAME} on PATH, in a checkout or in this Python environment: "
        f"{remedy}, or set {VARIABLE} to its path"
    )


def _checkout() -> Optional[Path]:
    """Returns the root of the checkout that contains this file or the working folder."""
    for start in (Path(__file__).resolve(), Path.cwd()):
        for folder in (start, *start.parents):
            manifest = folder / "sandbox" / "Cargo.toml"
            if manifest.is_file() and f'name = "{NAME}"' in manifest.read_text("utf-8", errors="replace"):
                return folder
    return None


def _builds(checkout: Optional[Path]) -> Iterator[Path]:
    """Yields the programs that cargo has built in a checkout."""
    if checkout is None:
        return
    target = checkout / (os.environ.get("CARGO_TARGET_DIR") or "target")
    for profile in ("release", "debug"):
        path = target / profile / EXECUTABLE
        if path.is_file():
            yield path


def _in_wheel() -> Iterator[Path]:
    """Yields where an installed wheel may have its program."""
    try:
        wheel = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return
    for file in wheel.files or []:
        if file.stem == NAME:
            yield Path(str(wheel.locate_file(file))).resolve()
    yield Path(str(wheel.locate_file("bin"))) / EXECUTABLE  # below the folder of `pip install --target`
