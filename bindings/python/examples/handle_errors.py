"""Handles the errors of a call, from the most specific to the most general."""

from apideck_vault import Apideck, models

with Apideck(timeout_ms=5_000) as apideck:
    try:
        apideck.vault.connections.get(service_id="no-such-service", unified_api="crm")
    except models.NotFoundResponse as error:
        print("there is no such service:", error.data.message)
    except models.RateLimitedError as error:
        print("try again in", error.retry_after_ms, "ms")
    except models.NoResponseError as error:
        print("no response:", error, "(the call can be made again)" if error.retryable else "")
    except models.ApideckError as error:
        print("HTTP", error.status_code, error.message)
