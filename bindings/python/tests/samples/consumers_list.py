# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.consumers.list(
        filter_={
            "consumer_id": "sample",
            "search": "sam",
        },
        limit=1,
    )

    while res is not None:
        # Handle items
        print(res.get_consumers_response)

        res = res.next()
