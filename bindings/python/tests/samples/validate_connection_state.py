# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.validate_connection.state(service_id="pipedrive", unified_api="crm")

    assert res.validate_connection_state_response is not None

    # Handle response
    print(res.validate_connection_state_response)
