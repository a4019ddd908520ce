"""Finds and loads the shared library. `_bindings` has the types of its functions.

The path in `APIDECK_VAULT_LIBRARY` comes first, then the library inside this package, then the one that the system's
loader finds.
"""

from __future__ import annotations

import os
import sys
from ctypes import CDLL

from ._bindings import Library
from ._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

VARIABLE = "APIDECK_VAULT_LIBRARY"

if sys.platform == "win32":
    FILE_NAME = "apideck_vault.dll"
elif sys.platform == "darwin":
    FILE_NAME = "libapideck_vault.dylib"
else:
    FILE_NAME = "libapideck_vault.so"


def load() -> Library:
    """Returns the functions of the library.

    Raises:
        ImportError: There is no usable library. The message says what to do.
    """
    path, origin = _locate()
    try:
        shared = CDLL(path)
    except OSError as error:
        raise ImportError(
            f"apideck_vault cannot load its shared library {origin}: {error}. Install the package again for this "
            f"platform (pip install --force-reinstall apideck-vault), or set {VARIABLE} to the path of a {FILE_NAME} "
            f"of version {__version__}.",
            name="apideck_vault",
            path=path,
        ) from None
    try:
        library = Library(shared)
        found: str = library.version().decode()
    except AttributeError as error:
        raise ImportError(
            f"apideck_vault {__version__} found a shared library {origin} that is too old or another one: {error}. "
            f"Install the package again, or set {VARIABLE} to a {FILE_NAME} of version {__version__}.",
            name="apideck_vault",
            path=path,
        ) from None
    if not _can_work_with(found):
        raise ImportError(
            f"apideck_vault {__version__} needs a shared library of the same version, but the one {origin} is {found}. "
            f"Install the package again, or set {VARIABLE} to a {FILE_NAME} of version {__version__}.",
            name="apideck_vault",
            path=path,
        )
    return library


def _locate() -> Tuple[str, str]:
    """Returns the path to load, and a description of it for messages."""
    path = os.environ.get(VARIABLE)
    if path:
        return path, f"({path}, from {VARIABLE})"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), FILE_NAME)
    if os.path.exists(path):
        return path, f"({path})"
    return FILE_NAME, f"(no {path}, so the system's {FILE_NAME})"


def _can_work_with(found: str) -> bool:
    """Returns whether a library's version is this package's or a newer one with the same interface.

    Major versions may break the interface, and before 1.0.0 minor ones may too.
    """
    own, other = _numbers(__version__), _numbers(found)
    breaking = 1 if own[0] else 2
    return other[:breaking] == own[:breaking] and other >= own


def _numbers(version: str) -> Tuple[int, ...]:
    """Returns the three numbers of a version, or nothing for a text that is not a version."""
    try:
        major, minor, patch = (int(part) for part in version.partition("-")[0].partition("+")[0].split("."))
    except ValueError:
        return ()
    return major, minor, patch


library = load()
