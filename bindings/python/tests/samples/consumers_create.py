# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck

with Apideck(
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.consumers.create(
        consumer_id="sample_consumer",
        metadata={
            "account_name": "Samples Ltd",
            "user_name": "Sam Ple",
            "email": "sam@samples.example",
            "image": "https://samples.example/sam.png",
        },
    )

    assert res.create_consumer_response is not None

    # Handle response
    print(res.create_consumer_response)
