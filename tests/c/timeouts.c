/* timeout_ms limits the whole call, whatever the server does. */
#include "check.h"

int main(int argc, char **argv)
{
    /* A server that hangs, one that drips, one that always sends 503, one that sends Retry-After: 3600. */
    static const struct { apideck_vault_status status; const char *part; double least, most; } wanted[] = {
        {APIDECK_VAULT_TIMEOUT, "2000 ms (timeout_ms): attempt 1, while waiting for the response", 2000, 2400},
        {APIDECK_VAULT_TIMEOUT, "2000 ms (timeout_ms): attempt 1, while reading the response", 2000, 2400},
        {APIDECK_VAULT_API_ERROR, "503 Service Unavailable", 0, 2400},
        {APIDECK_VAULT_API_ERROR, "\"retry_after_ms\":3600000", 0, 500},
    };
    int i;
    CHECK(argc == 5);
    for (i = 0; i < 4; i++) {
        apideck_vault_client client = client_for(argv[i + 1],
            ",\"timeout_ms\":2000,\"retries\":{\"backoff\":{\"initial_interval\":100}}");
        double begun = now_ms(), took;
        CALL(list, client, NULL, 0, wanted[i].status, wanted[i].part);
        took = now_ms() - begun;
        if (took < wanted[i].least || took > wanted[i].most * slack()) {
            fprintf(stderr, "server %d: took %.0f ms\n", i, took);
            abort();
        }
        apideck_vault_client_free(client);
    }
    return 0;
}
