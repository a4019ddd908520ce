# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import asyncio
import os

from apideck_vault import Apideck


async def main() -> None:
    async with Apideck(
        consumer_id="samples",
        app_id="samples-app",
        api_key=os.getenv("APIDECK_API_KEY", ""),
    ) as apideck:
        res = await apideck.vault.connections.list_async(api="crm")

        # Handle response
        print(res.get_connections_response)


asyncio.run(main())
