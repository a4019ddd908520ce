/* What a watcher is told, on which thread, and until when. */
#include <pthread.h>

#include "check.h"

struct told {
    apideck_vault_client client;
    pthread_t thread;
    char log[4096];
};

static void watch(const char *event, void *user_data)
{
    struct told *told = user_data;
    CHECK(pthread_equal(told->thread, pthread_self()));
    CHECK(strlen(told->log) + strlen(event) + 2 < sizeof told->log);
    strcat(told->log, event);
    strcat(told->log, "\n");
    /* Not from inside a callback; a call is fine, and tells nothing. */
    CHECK(apideck_vault_client_set_event_callback(told->client, NULL, NULL) == APIDECK_VAULT_INVALID_ARGUMENT);
    CALL(get, told->client, "{", 0, APIDECK_VAULT_INVALID_ARGUMENT, "not JSON");
}

static void part(const struct told *told, const char *text)
{
    if (strstr(told->log, text) == NULL) {
        fprintf(stderr, "wanted %s in\n%s\n", text, told->log);
        abort();
    }
}

int main(int argc, char **argv)
{
    struct told told;
    CHECK(argc == 2);
    memset(&told, 0, sizeof told);
    told.client = client_for(argv[1], ",\"retries\":{\"max_attempts\":2,\"backoff\":{\"initial_interval\":1}}");
    told.thread = pthread_self();
    CHECK(apideck_vault_client_set_event_callback(told.client, watch, &told) == APIDECK_VAULT_OK);
    CALL(get, told.client, ONE, 0, APIDECK_VAULT_API_ERROR, "503");
    part(&told, "{\"event\":\"request\",\"operation\":\"connections.get\",\"method\":\"GET\",\"path\":\"/vault/connections/crm/pipedrive\",\"attempt\":1,\"elapsed_ms\":");
    part(&told, "{\"event\":\"response\",\"operation\":\"connections.get\",\"method\":\"GET\",\"path\":\"/vault/connections/crm/pipedrive\",\"attempt\":1,\"status\":503,");
    part(&told, "{\"event\":\"retry\",");
    part(&told, "\"wait_ms\":");
    part(&told, "\"attempt\":2,\"status\":503,");
    part(&told, "{\"event\":\"error\",");
    part(&told, "\"message\":\"503 Service Unavailable");
    CHECK(strstr(told.log, "sk_live_marked") == NULL);

    CHECK(apideck_vault_client_set_event_callback(told.client, NULL, NULL) == APIDECK_VAULT_OK);
    told.log[0] = '\0';
    CALL(get, told.client, ONE, 0, APIDECK_VAULT_API_ERROR, "503");
    CHECK(told.log[0] == '\0');
    apideck_vault_client_free(told.client);
    return 0;
}
