# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

import apideck_vault
from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.connections.update(
        service_id="pipedrive",
        unified_api="crm",
        enabled=True,
        metadata=apideck_vault.ConnectionMetadataInput(
            **{
                "account": {
                    "name": "Samples Ltd",
                    "id": "1a2b",
                },
                "plan": "starter",
            },
        ),
        configuration=[
            {
                "resource": "leads",
                "defaults": [
                    {
                        "id": "Interest",
                        "options": [
                            {
                                "id": "7",
                                "label": "Channels",
                                "options": [],
                                "option_type": apideck_vault.FormFieldOptionGroupOptionType.GROUP,
                            },
                            {
                                "label": "Channel",
                                "value": [
                                    "team",
                                    12.5,
                                ],
                                "option_type": apideck_vault.OptionType.SIMPLE,
                            },
                        ],
                        "value": "Series",
                    },
                ],
            },
        ],
        custom_mappings=[
            {
                "value": "$.root.certificates.first_aid",
            },
        ],
        consent_state=apideck_vault.ConsentState.GRANTED,
        latest_consent={
            "granted": True,
            "resources": {
                "crm.leads": {
                    "id": {
                        "read": True,
                        "write": False,
                    },
                },
            },
        },
        application_data_scopes={
            "enabled": True,
            "resources": {
                "crm.leads": {
                    "name": {
                        "read": True,
                        "write": True,
                    },
                },
            },
        },
    )

    # Handle response
    print(res.update_connection_response)
