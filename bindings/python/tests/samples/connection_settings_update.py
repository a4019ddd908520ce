# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

import apideck_vault
from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.connection_settings.update(
        service_id="pipedrive",
        unified_api="crm",
        resource="leads",
        enabled=True,
        settings={
            "instance_url": "https://samples.example",
        },
        metadata=apideck_vault.ConnectionMetadataInput(
            **{
                "plan": "starter",
            },
        ),
        configuration=[
            {
                "resource": "leads",
                "defaults": [
                    {
                        "id": "ProductInterest",
                        "options": [
                            {
                                "label": "Channel",
                                "value": 12.5,
                                "option_type": apideck_vault.OptionType.SIMPLE,
                            },
                        ],
                        "value": "GC5000 series",
                    },
                ],
            },
        ],
        consent_state=apideck_vault.ConsentState.GRANTED,
    )

    assert res.update_connection_response is not None

    # Handle response
    print(res.update_connection_response)
