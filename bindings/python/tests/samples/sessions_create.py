# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

import apideck_vault
from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.sessions.create(
        session={
            "consumer_metadata": {
                "account_name": "Samples Ltd",
                "user_name": "Sam Ple",
                "email": "sam@samples.example",
                "image": "https://samples.example/sam.png",
            },
            "redirect_uri": "https://samples.example/integrations",
            "settings": {
                "unified_apis": [
                    apideck_vault.UnifiedAPIID.CRM,
                ],
                "session_length": "30m",
            },
            "theme": {
                "logo": "https://samples.example/logo.png",
                "primary_color": "#112233",
                "vault_name": "Samples",
            },
            "custom_consumer_settings": {
                "beta": True,
                "rates": [
                    {
                        "id": "6",
                    },
                ],
            },
        }
    )

    assert res.create_session_response is not None

    # Handle response
    print(res.create_session_response)
