/* Each status, with a server that sends it, a closed port, a server that hangs, and a cancelled call. */
#include "check.h"

int main(int argc, char **argv)
{
    static const struct { const char *code; apideck_vault_status status; const char *part; } responses[] = {
        {"200", APIDECK_VAULT_OK, "\"body\":{"},
        {"400", APIDECK_VAULT_BAD_REQUEST, "400 Bad Request: No (TestError): because"},
        {"401", APIDECK_VAULT_UNAUTHORIZED, "401 Unauthorized"},
        {"402", APIDECK_VAULT_PAYMENT_REQUIRED, "402 Payment Required"},
        {"404", APIDECK_VAULT_NOT_FOUND, "\"http\":{\"status\":404,\"headers\":{\"content-type\":\"application/json\","},
        {"409", APIDECK_VAULT_CONFLICT, "409 Conflict: No (TestError): because"},
        {"422", APIDECK_VAULT_UNPROCESSABLE, "422 Unprocessable Entity"},
        {"429", APIDECK_VAULT_RATE_LIMITED, "\"attempts\":2"},
        {"418", APIDECK_VAULT_API_ERROR, "418 I'm a teapot"},
        {"302", APIDECK_VAULT_API_ERROR, "redirects are not followed"},
        {"500", APIDECK_VAULT_API_ERROR, "\"retryable\":true"},
        {"204", APIDECK_VAULT_INVALID_RESPONSE, "the body is empty"},
    };
    apideck_vault_client client, closed, hung;
    apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
    char request[256];
    size_t i;
    CHECK(argc == 4);
    client = client_for(argv[1], ",\"retries\":{\"max_attempts\":2,\"backoff\":{\"initial_interval\":1}}");
    closed = client_for(argv[2], ",\"retries\":null");
    hung = client_for(argv[3], ",\"timeout_ms\":200");
    for (i = 0; i < sizeof responses / sizeof *responses; i++) {
        snprintf(request, sizeof request,
                 "{\"service_id\":\"a\",\"unified_api\":\"b\",\"http_headers\":{\"x-respond-with\":\"%s\"}}", responses[i].code);
        CALL(get, client, request, 0, responses[i].status, responses[i].part);
        CALL(token, client, request, 0, responses[i].status, responses[i].part);
    }
    CALL(get, client, "{\"unified_api\":1}", 0, APIDECK_VAULT_INVALID_ARGUMENT, "unified_api");
    CALL(get, closed, ONE, 0, APIDECK_VAULT_CONNECTION, "Connection refused");
    CALL(get, hung, ONE, 0, APIDECK_VAULT_TIMEOUT, "200 ms");
    apideck_vault_cancellation_cancel(cancellation);
    CALL(get, hung, ONE, cancellation, APIDECK_VAULT_CANCELLED, "cancelled");
    CALL(get, cancellation, ONE, 0, APIDECK_VAULT_INVALID_HANDLE, "handle");
    apideck_vault_cancellation_free(cancellation);
    apideck_vault_client_free(client);
    apideck_vault_client_free(closed);
    apideck_vault_client_free(hung);
    return 0;
}
