# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.connections.migrate(
        service_id="quickbooks", unified_api="accounting", target_service_id="intuit-enterprise-suite"
    )

    assert res.create_connection_response is not None

    # Handle response
    print(res.create_connection_response)
