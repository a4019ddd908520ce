"""Puts the program into the wheel, and gives the wheel the tag of the platform that the program was compiled for."""

from __future__ import annotations

import os
from typing import Any, Dict

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TagHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it writes the wheel."""

    def initialize(self, version: str, build_data: Dict[str, Any]) -> None:
        """Adds the program to the scripts, and sets the tag: any Python 3, no ABI of Python, one platform."""
        program = os.environ["APIDECK_VAULT_PROGRAM"]
        build_data["shared_scripts"][program] = program
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{os.environ['APIDECK_VAULT_PLATFORM_TAG']}"
