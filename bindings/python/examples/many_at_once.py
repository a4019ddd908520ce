"""Asks for many connections at once, and gives up on whatever takes longer than five seconds."""

import asyncio

from apideck_vault import Apideck, models


async def main() -> None:
    async with Apideck() as apideck:
        res = await apideck.vault.connections.list_async()

        async def state(connection: models.Connection) -> str:
            one = await apideck.vault.connections.get_async(
                service_id=connection.service_id or "", unified_api=connection.unified_api or ""
            )
            return f"{connection.id}: {one.get_connection_response.data.state}"

        states = [state(connection) for connection in res.get_connections_response.data]
        # A wait that times out cancels its requests.
        for line in await asyncio.wait_for(asyncio.gather(*states), timeout=5):
            print(line)


asyncio.run(main())
