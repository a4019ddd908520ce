"""One peer in Python, measured: client.py official|vault|httpx URL KIND COUNT

KIND is get or the length of a list. Prints what one call costs; a COUNT of 0 makes one call and prints
nothing. `tasks URL TASKS SECONDS` prints how many calls a second so many asyncio tasks make on one client.
"""

import asyncio
import json
import sys
import time

CREDENTIALS = {"api_key": "key", "app_id": "app", "consumer_id": "consumer"}


def sdk(apideck, kind):
    """A call of the official SDK, or of this library in its place. Reads what a program would."""
    connections = apideck.vault.connections
    if kind == "get":

        def call():
            assert connections.get(service_id="pipedrive", unified_api="crm").get_connection_response.data.id

    else:

        def call():
            data = connections.list(api=kind).get_connections_response.data
            assert len(data) == int(kind) and data[-1].service_id

    return call


def official(url, kind):
    from apideck_unify import Apideck

    return sdk(Apideck(server_url=url, **CREDENTIALS), kind)


def vault(url, kind):
    from apideck_vault import Apideck

    return sdk(Apideck(server_url=url, **CREDENTIALS), kind)


def httpx(url, kind):
    import httpx

    headers = {"authorization": "Bearer key", "x-apideck-app-id": "app", "x-apideck-consumer-id": "consumer"}
    client = httpx.Client(base_url=url, headers=headers, trust_env=False)
    path = "/vault/connections/crm/pipedrive" if kind == "get" else f"/vault/connections?api={kind}"

    def call():
        assert client.get(path).raise_for_status().json()["data"]

    return call


def measure(call, count):
    for _ in range(count // 10 + 1):
        call()
    if count == 0:
        return
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        call()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    print(json.dumps({"wall_us": wall / count * 1e6, "cpu_us": cpu / count * 1e6, "peak_kb": peak}))


async def tasks(url, count, seconds):
    from apideck_vault import Apideck

    async with Apideck(server_url=url, **CREDENTIALS) as apideck:
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
