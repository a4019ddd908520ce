# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.connections.imports(
        service_id="pipedrive",
        unified_api="crm",
        credentials={
            "refresh_token": "sample-refresh-token",
            "access_token": "sample-access-token",
        },
        metadata={
            "account": {
                "name": "Samples Ltd",
                "id": "1a2b",
            },
            "plan": "starter",
        },
    )

    # Handle response
    print(res.create_connection_response)
