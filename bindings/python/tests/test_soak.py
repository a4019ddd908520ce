"""Many calls with every outcome, blocking and awaited, do not let the process grow.

`APIDECK_VAULT_SOAK_CALLS` is the number of calls (default: 4,000). The figures are printed: `pytest -s -k soak`.
"""

from __future__ import annotations

import asyncio
import os
import threading
from typing import Any, NamedTuple, Tuple

import pytest

from apideck_vault import Apideck, models

CALLS = int(os.environ.get("APIDECK_VAULT_SOAK_CALLS", "4000"))
ROUNDS = 10
ONE: Any = {"service_id": "pipedrive", "unified_api": "crm"}


class Taken(NamedTuple):
    """The resources of the process."""

    memory_kb: int
    descriptors: int
    threads: int


def taken() -> Taken:
    with open("/proc/self/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return Taken(memory, len(os.listdir("/proc/self/fd")), threading.active_count())


def blocking(vault: Apideck, calls: int) -> None:
    connections = vault.vault.connections
    for number in range(calls):
        if number % 4:
            assert connections.get(**ONE).get_connection_response
        elif number % 8:
            with pytest.raises(models.NotFoundResponse):
                connections.get(service_id="nobody", unified_api="crm")
        else:
            with pytest.raises(ValueError, match="service_id"):
                connections.get(service_id="..", unified_api="crm")


async def awaited(vault: Apideck, calls: int) -> None:
    connections = vault.vault.connections
    late = {**ONE, "http_headers": {"x-sandbox-fault": "delay=60000"}}
    for _ in range(calls // 16):
        results = await asyncio.gather(*(connections.get_async(**ONE) for _ in range(14)))
        assert all(result.get_connection_response for result in results)
        # Two calls that end before their responses: one is cancelled, one has a deadline.
        given_up = asyncio.ensure_future(connections.get_async(**late))
        with pytest.raises(models.TimeoutExceededError):
            await connections.get_async(**late, timeout_ms=2)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads /proc")
def test_soak(vault: Apideck) -> None:
    measured: Tuple[Taken, ...] = ()
    for number in range(1, ROUNDS + 1):
        blocking(vault, CALLS // ROUNDS // 2)
        asyncio.run(awaited(vault, CALLS // ROUNDS // 2))
        measured += (taken(),)
        print(f"{CALLS // ROUNDS * number:8} calls: {measured[-1]}")
    # The first two rounds fill the caches. The others are compared with them.
    warm, last = measured[1], measured[-1]
    assert last.memory_kb - warm.memory_kb < 4 * 1024
    assert abs(last.descriptors - warm.descriptors) <= 16
    assert abs(last.threads - warm.threads) <= 16
