"""Measures one peer in Python: client.py official|vault|httpx URL KIND COUNT

KIND is get, the length of a list, or the status of an error response. Prints the cost of one call.
`tasks URL TASKS SECONDS` prints how many calls per second asyncio tasks make with one client.
"""

import asyncio
import json
import os
import sys
import time

SETTINGS = {"api_key": "key", "app_id": "app", "consumer_id": "consumer"}


def is_error(kind):
    return kind.isdigit() and 400 <= int(kind) < 600


def sdk(apideck, kind):
    """Returns a call of the official SDK, or of this library in its place. It reads what a program would."""
    connections = apideck.vault.connections
    if is_error(kind):

        def call():
            try:
                connections.get(service_id=kind, unified_api="crm")
            except Exception as error:
                assert error.status_code == int(kind) and "On purpose." in error.body
            else:
                raise AssertionError("no error")

    elif kind == "get":

        def call():
            assert connections.get(service_id="pipedrive", unified_api="crm").get_connection_response.data.id

    else:

        def call():
            data = connections.list(api=kind).get_connections_response.data
            assert len(data) == int(kind) and data[-1].service_id

    return call


def official(url, kind):
    from apideck_unify import Apideck
    from apideck_unify.utils import RetryConfig

    return sdk(Apideck(server_url=url, retry_config=RetryConfig("none", None, False), **SETTINGS), kind)


def vault(url, kind):
    from apideck_vault import Apideck
    from apideck_vault.utils import RetryConfig

    return sdk(Apideck(server_url=url, retry_config=RetryConfig("none", None, False), **SETTINGS), kind)


def httpx(url, kind):
    import httpx

    headers = {"authorization": "Bearer key", "x-apideck-app-id": "app", "x-apideck-consumer-id": "consumer"}
    client = httpx.Client(base_url=url, headers=headers, trust_env=False)
    if is_error(kind):

        def call():
            response = client.get(f"/vault/connections/crm/{kind}")
            assert response.status_code == int(kind) and response.json()["detail"] == "On purpose."

    else:
        path = "/vault/connections/crm/pipedrive" if kind == "get" else f"/vault/connections?api={kind}"

        def call():
            assert client.get(path).raise_for_status().json()["data"]

    return call


def counted():
    """Returns what has been allocated, if benches/c/count.c is preloaded."""
    if "LD_PRELOAD" not in os.environ:
        return {}
    import ctypes

    counters = {"allocations": "counted_calls", "bytes": "counted_bytes"}
    return {name: ctypes.c_uint64.in_dll(ctypes.CDLL(None), counter).value for name, counter in counters.items()}


def measure(call, count):
    for _ in range(count // 10 + 1):
        call()
    before = counted()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        call()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    figures = {"wall_us": wall / count * 1e6, "cpu_us": cpu / count * 1e6, "peak_kb": peak}
    print(json.dumps({**figures, **{name: (counted()[name] - value) / count for name, value in before.items()}}))


async def tasks(url, count, seconds):
    from apideck_vault import Apideck

    async with Apideck(server_url=url, **SETTINGS) as apideck:
        end, calls = time.perf_counter() + seconds, 0

        async def task():
            nonlocal calls
            while time.perf_counter() < end:
                await apideck.vault.connections.get_async(service_id="pipedrive", unified_api="crm")
                calls += 1

        begun = time.perf_counter()
        await asyncio.gather(*(task() for _ in range(count)))
        print(calls / (time.perf_counter() - begun))


if sys.argv[1] == "tasks":
    asyncio.run(tasks(sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
else:
    library, url, kind, count = sys.argv[1:]
    measure({"official": official, "vault": vault, "httpx": httpx}[library](url, kind), int(count))
