/* The events of a call: their content, their order, their thread, and the end of the callback's use. */
#include <pthread.h>

#include "check.h"

#define THREADS 8
#define CALLS 20

struct record {
    apideck_vault_client client;
    pthread_t thread;
    char log[4096];
};

static void on_event(const char *event, void *user_data)
{
    struct record *record = user_data;
    CHECK(pthread_equal(record->thread, pthread_self()));
    CHECK(strlen(record->log) + strlen(event) + 2 < sizeof record->log);
    strcat(record->log, event);
    strcat(record->log, "\n");
    /* A callback cannot be set inside a callback. A call can be made, and emits no event. */
    CHECK(apideck_vault_client_set_event_callback(record->client, NULL, NULL) == APIDECK_VAULT_INVALID_ARGUMENT);
    CALL(get, record->client, "{", 0, APIDECK_VAULT_INVALID_ARGUMENT, "not JSON");
}

static void part(const struct record *record, const char *text)
{
    if (strstr(record->log, text) == NULL) {
        fprintf(stderr, "wanted %s in\n%s\n", text, record->log);
        abort();
    }
}

static unsigned long call_id_of(const char *event)
{
    const char *key = strstr(event, "\"call_id\":");
    CHECK(key != NULL);
    return strtoul(key + strlen("\"call_id\":"), NULL, 10);
}

/* Returns the call id of all recorded events, and removes the events. */
static unsigned long same_call_id(struct record *record)
{
    unsigned long id = call_id_of(record->log);
    char *line = strtok(record->log, "\n");
    CHECK(id > 0);
    for (; line != NULL; line = strtok(NULL, "\n")) CHECK(call_id_of(line) == id);
    record->log[0] = '\0';
    return id;
}

/* The ids of the calls that several threads made at the same time. */
static apideck_vault_client shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long seen[THREADS * CALLS];
static size_t seen_count;

static void collect_id(const char *event, void *unused)
{
    (void)unused;
    if (strstr(event, "\"event\":\"error\"") == NULL) return; /* one for each call */
    pthread_mutex_lock(&lock);
    CHECK(seen_count < sizeof seen / sizeof *seen);
    seen[seen_count++] = call_id_of(event);
    pthread_mutex_unlock(&lock);
}

static void *make_calls(void *unused)
{
    int i;
    (void)unused;
    for (i = 0; i < CALLS; i++) CALL(get, shared, ONE, 0, APIDECK_VAULT_API_ERROR, "503");
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    unsigned long one = *(const unsigned long *)a, other = *(const unsigned long *)b;
    return one < other ? -1 : one > other;
}

int main(int argc, char **argv)
{
    struct record record;
    pthread_t threads[THREADS];
    unsigned long id, next;
    size_t i;
    char config[512];
    CHECK(argc == 2);
    unsetenv("APIDECK_CONSUMER_ID");
    memset(&record, 0, sizeof record);
    record.client = client_for(argv[1], ",\"retries\":{\"max_attempts\":2,\"backoff\":{\"initial_interval\":1}}");
    record.thread = pthread_self();
    CHECK(apideck_vault_client_set_event_callback(record.client, on_event, &record) == APIDECK_VAULT_OK);
    CALL(get, record.client, ONE, 0, APIDECK_VAULT_API_ERROR, "503");
    part(&record, "\"consumer_id\":\"consumer\",\"operation\":\"connections.get\",\"method\":\"GET\",\"path\":\"/vault/connections/crm/pipedrive\",\"attempt\":1,\"elapsed_ms\":");
    part(&record, "\"operation\":\"connections.get\",\"method\":\"GET\",\"path\":\"/vault/connections/crm/pipedrive\",\"attempt\":1,\"status\":503,");
    part(&record, "{\"event\":\"request\",\"call_id\":");
    part(&record, "{\"event\":\"response\",\"call_id\":");
    part(&record, "{\"event\":\"retry\",\"call_id\":");
    part(&record, "\"wait_ms\":");
    part(&record, "\"attempt\":2,\"status\":503,");
    part(&record, "{\"event\":\"error\",\"call_id\":");
    part(&record, "\"message\":\"503 Service Unavailable");
    CHECK(strstr(record.log, "sk_live_marked") == NULL);
    id = same_call_id(&record);

    /* The next call has a higher number, and the consumer that its request names. */
    CALL(get, record.client, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"consumer_id\":\"other \\\"one\\\"\"}", 0,
         APIDECK_VAULT_API_ERROR, "503");
    part(&record, "\"consumer_id\":\"other \\\"one\\\"\",");
    next = same_call_id(&record);
    CHECK(next > id);
    CALL(get, record.client,
         "{\"service_id\":\"a\",\"unified_api\":\"b\",\"http_headers\":{\"X-Apideck-Consumer-Id\":\"by-header\"}}", 0,
         APIDECK_VAULT_API_ERROR, "503");
    part(&record, "\"consumer_id\":\"by-header\",");
    CHECK(same_call_id(&record) > next);

    /* Operations on consumers have no consumer header. */
    {
        apideck_vault_status status;
        apideck_vault_string_free(apideck_vault_call(record.client, "consumers.list", NULL, 0, &status));
        CHECK(status == APIDECK_VAULT_API_ERROR);
        part(&record, "\"operation\":\"consumers.list\"");
        CHECK(strstr(record.log, "consumer_id") == NULL);
        CHECK(same_call_id(&record) > next);
    }

    CHECK(apideck_vault_client_set_event_callback(record.client, NULL, NULL) == APIDECK_VAULT_OK);
    CALL(get, record.client, ONE, 0, APIDECK_VAULT_API_ERROR, "503");
    CHECK(record.log[0] == '\0');
    apideck_vault_client_free(record.client);

    /* Without a consumer, the key is absent. */
    snprintf(config, sizeof config,
             "{\"api_key\":\"k\",\"app_id\":\"a\",\"proxy\":null,\"retries\":null,\"server_url\":\"%s\"}", argv[1]);
    record.client = apideck_vault_client_new(config, NULL);
    CHECK(apideck_vault_client_set_event_callback(record.client, on_event, &record) == APIDECK_VAULT_OK);
    CALL(list, record.client, NULL, 0, APIDECK_VAULT_API_ERROR, "503");
    part(&record, "\"call_id\":");
    CHECK(strstr(record.log, "consumer_id") == NULL);
    apideck_vault_client_free(record.client);

    /* Calls at the same time have different ids. */
    shared = client_for(argv[1], ",\"retries\":null");
    CHECK(apideck_vault_client_set_event_callback(shared, collect_id, NULL) == APIDECK_VAULT_OK);
    for (i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, make_calls, NULL) == 0);
    for (i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(seen_count == THREADS * CALLS);
    qsort(seen, seen_count, sizeof *seen, ascending);
    for (i = 1; i < seen_count; i++) CHECK(seen[i] != seen[i - 1]);
    apideck_vault_client_free(shared);
    return 0;
}
