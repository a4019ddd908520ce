# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck, models

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = None
    try:
        res = apideck.vault.connections.get(service_id="no-such-service", unified_api="crm")

        # Handle response
        print(res.get_connection_response)

    except models.ApideckError as e:
        # The base class for HTTP error responses
        print(e.message)
        print(e.status_code)
        print(e.body)
        print(e.headers)
        print(e.raw_response)

        # Depending on the method different errors may be thrown
        if isinstance(e, models.NotFoundResponse):
            print(e.data.status_code)  # Optional[float]
            print(e.data.error)  # Optional[str]
            print(e.data.type_name)  # Optional[str]
            print(e.data.message)  # Optional[str]
            print(e.data.detail)  # Optional[apideck_vault.NotFoundResponseDetail]
