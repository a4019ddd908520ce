"""The functions that child processes run, in a module that they can import."""

from __future__ import annotations

import asyncio
from typing import Any

from apideck_vault import Apideck

ONE: Any = {"service_id": "x", "unified_api": "crm"}


class NoLogger:
    """A `debug_logger` that can be pickled."""

    def debug(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Does nothing."""


def in_child(apideck: Apideck, results: Any) -> None:
    """Makes a blocking and an awaited call in a child process."""

    async def awaited() -> Any:
        return await asyncio.gather(*[apideck.vault.connections.get_async(**ONE) for _ in range(3)])

    try:
        found = [apideck.vault.connections.get(**ONE).http_meta is not None for _ in range(3)]
        found += [res.http_meta is not None for res in asyncio.run(awaited())]
        results.put(found)
    except BaseException as error:
        results.put(repr(error))
        raise
