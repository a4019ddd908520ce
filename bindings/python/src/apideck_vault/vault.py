"""The part of the API that this package has: Vault, and of it the connections."""

from __future__ import annotations

from .connections import Connections

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from ._configuration import Configuration


class Vault:
    """Apideck Vault: `apideck.vault`."""

    connections: Connections
    """The connections of a consumer."""

    def __init__(self, configuration: Configuration) -> None:
        self.connections = Connections(configuration)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"apideck_vault has no vault.{name}, only vault.connections: see apideck-unify")
