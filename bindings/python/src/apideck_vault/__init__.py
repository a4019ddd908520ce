"""Apideck Vault connections: a small, fast drop-in for that part of `apideck-unify`.

    from apideck_vault import Apideck

    with Apideck(api_key="…", app_id="…", consumer_id="…") as apideck:
        res = apideck.vault.connections.list(api="crm")
        for connection in res.get_connections_response.data:
            print(connection.service_id, connection.state)

Models, enums and errors are in `apideck_vault.models`, and can be had from here too.
"""

from __future__ import annotations

from ._version import __version__
from .sdk import Apideck
from .types import UNSET

TYPE_CHECKING = False  # pyright: ignore[reportConstantRedefinition]  # importing `typing` would cost more than all this
if TYPE_CHECKING:
    from . import models as models
    from . import types as types
    from . import utils as utils
    from .models import *
else:

    def __getattr__(name):
        from importlib import import_module

        if name in ("models", "types", "utils"):
            return import_module(f".{name}", __name__)
        value = getattr(import_module(".models", __name__), name, None)
        if value is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__():
        from . import models

        return sorted({*globals(), *dir(models), "models", "utils"})


VERSION: str = __version__

__all__ = ["UNSET", "VERSION", "Apideck", "__version__"]
