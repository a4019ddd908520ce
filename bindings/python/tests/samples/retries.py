# The shape of the official SDK's programs, import changed. Run by test_samples.py.
import os

from apideck_vault import Apideck
from apideck_vault.utils import BackoffStrategy, RetryConfig

with Apideck(
    retry_config=RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), False),
    consumer_id="samples",
    app_id="samples-app",
    api_key=os.getenv("APIDECK_API_KEY", ""),
) as apideck:
    res = apideck.vault.connections.list(
        api="crm", retries=RetryConfig("backoff", BackoffStrategy(1, 50, 1.1, 100), False)
    )

    # Handle response
    print(res.get_connections_response)
