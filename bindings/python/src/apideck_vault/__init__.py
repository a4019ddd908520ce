"""Apideck Vault: connections, consumers and sessions. A small, fast drop-in for that part of `apideck-unify`.

    from apideck_vault import Apideck

    with Apideck(api_key="…", app_id="…", consumer_id="…") as apideck:
        res = apideck.vault.connections.list(api="crm")
        for connection in res.get_connections_response.data:
            print(connection.service_id, connection.state)

Models, enums and exceptions are in `apideck_vault.models`, and can be imported from here too.
"""

from __future__ import annotations

from ._unset import UNSET as UNSET
from ._version import __version__ as __version__
from .sdk import Apideck as Apideck

VERSION: str = __version__

TYPE_CHECKING = False  # pyright: ignore[reportConstantRedefinition]  # importing `typing` would cost more than all this
if TYPE_CHECKING:
    # There is no __all__ for type checkers, which would have to name every model.
    from . import models as models
    from . import types as types
    from . import utils as utils
    from . import webhooks as webhooks
    from .models import *
else:

    def __getattr__(name):
        from importlib import import_module

        if name in ("models", "types", "utils", "webhooks"):
            return import_module(f".{name}", __name__)
        models = import_module(".models", __name__)
        if name == "__all__":
            value = ["UNSET", "VERSION", "Apideck", "__version__", *models.__all__]
        else:
            value = getattr(models, name, None)
        if value is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *__getattr__("__all__"), "models", "types", "utils", "webhooks"})
