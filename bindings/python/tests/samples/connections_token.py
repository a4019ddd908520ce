# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck, models

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    try:
        res = apideck.vault.connections.token(service_id="pipedrive", unified_api="crm")

        # Handle response
        print(res.get_connection_response)
    except models.UnprocessableResponse as e:
        # The local Vault's pipedrive is authorized by its users, so there is nothing to exchange.
        print(e.data.message)
