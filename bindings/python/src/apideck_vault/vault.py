"""The part of the API that this package has: Vault, and of it the connections."""

from __future__ import annotations

from ._configuration import Part
from .connections import Connections

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from ._configuration import Configuration


class Vault(Part):
    """Apideck Vault: `apideck.vault`."""

    connections: Connections
    """The connections of a consumer."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.connections = Connections(configuration)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            raise AttributeError(f"apideck_vault has no vault.{name}, only vault.connections: see apideck-unify")
