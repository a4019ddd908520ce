/* Sixteen threads use handles in random ways. A seed determines the order. */
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

#include "check.h"

#define THREADS 16
#define POOL 24

/* Handles that every thread may use, replace and free, valid or not. */
static uint64_t pool[POOL];
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static const char *url;
static const char *hung_url;
static unsigned long steps;
static uint64_t seed;
static unsigned long ended[APIDECK_VAULT_INVALID_SIGNATURE + 2]; /* by status, from -1 */
static int place[8];

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void on_event(const char *event, void *user_data)
{
    CHECK(event[0] == '{' && event[strlen(event) - 1] == '}');
    CHECK(*(int *)user_data == 7);
}

static uint64_t take(uint64_t *state)
{
    uint64_t handle;
    pthread_mutex_lock(&pool_lock);
    handle = pool[next(state) % POOL];
    pthread_mutex_unlock(&pool_lock);
    switch (next(state) % 12) {
    case 0: return 0;
    case 1: return next(state);
    case 2: return handle ^ (UINT64_C(1) << (next(state) % 64));
    case 3: return next(state) % 64 | (next(state) % 4) << 62;
    default: return handle;
    }
}

static void put(uint64_t *state, uint64_t handle)
{
    uint64_t old;
    size_t at = next(state) % POOL;
    pthread_mutex_lock(&pool_lock);
    old = pool[at];
    pool[at] = handle;
    pthread_mutex_unlock(&pool_lock);
    /* Free the replaced handle, valid or not. */
    apideck_vault_client_free(old);
    apideck_vault_cancellation_free(old);
}

static void call(uint64_t *state)
{
    static const char *const requests[] = {
        NULL, "{}", ONE, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{\"enabled\":true}}",
        "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection_import_data\":{}}", "[", "\xff", "{\"api\":7}",
        "{\"service_id\":\"a\",\"unified_api\":\"b\",\"timeout_ms\":1}",
    };
    static char *(*const operations[])(apideck_vault_client, const char *, apideck_vault_cancellation,
                                       apideck_vault_status *) = {
        apideck_vault_connections_list,   apideck_vault_connections_get,     apideck_vault_connections_update,
        apideck_vault_connections_delete, apideck_vault_connections_imports, apideck_vault_connections_token,
    };
    apideck_vault_status status = -1;
    apideck_vault_client client = take(state);
    apideck_vault_cancellation cancellation = next(state) % 2 ? 0 : take(state);
    const char *request = requests[next(state) % (sizeof requests / sizeof *requests)];
    char *reply = operations[next(state) % 6](client, request, cancellation, next(state) % 8 ? &status : NULL);
    CHECK(reply != NULL && reply[0] == '{' && reply[strlen(reply) - 1] == '}');
    CHECK(status >= -1 && status <= APIDECK_VAULT_INVALID_SIGNATURE && status != APIDECK_VAULT_INTERNAL);
    __atomic_fetch_add(&ended[status + 1], 1, __ATOMIC_RELAXED);
    apideck_vault_string_free(reply);
}

static void *drive(void *number)
{
    uint64_t state = (seed ^ (*(uint64_t *)number + 1) * UINT64_C(0x9e3779b97f4a7c15)) | 1;
    unsigned long step;
    for (step = 0; step < steps; step++) {
        switch (next(&state) % 32) {
        case 0:
        case 10:
        case 11:
        case 12:
        case 13:
        case 14: put(&state, client_for(url, ",\"timeout_ms\":200")); break;
        /* Its calls end at their deadline or by a cancellation, never with a response. */
        case 1: put(&state, client_for(hung_url, ",\"timeout_ms\":20,\"retries\":null")); break;
        case 2:
        case 3: put(&state, apideck_vault_cancellation_new()); break;
        case 4: apideck_vault_cancellation_cancel(take(&state)); break;
        case 5: apideck_vault_client_free(take(&state)); break;
        case 6: apideck_vault_cancellation_free(take(&state)); break;
        case 7: {
            uint64_t twice = take(&state);
            apideck_vault_client_free(twice);
            apideck_vault_client_free(twice);
            apideck_vault_cancellation_free(twice);
            apideck_vault_cancellation_free(twice);
            break;
        }
        case 8: {
            int removed = next(&state) % 3 == 0;
            apideck_vault_status status =
                apideck_vault_client_set_event_callback(take(&state), removed ? NULL : on_event, &place[next(&state) % 8]);
            CHECK(status == APIDECK_VAULT_OK || status == APIDECK_VAULT_INVALID_HANDLE);
            break;
        }
        case 9: {
            char *error = NULL;
            CHECK(apideck_vault_client_new(next(&state) % 2 ? "{" : "\xfe", next(&state) % 2 ? &error : NULL) == 0);
            apideck_vault_string_free(error);
            break;
        }
        default: call(&state);
        }
    }
    return NULL;
}

/* driver URL HUNG_URL STEPS SEED */
int main(int argc, char **argv)
{
    pthread_t thread[THREADS];
    uint64_t number[THREADS];
    int i;
    CHECK(argc == 5);
    url = argv[1];
    hung_url = argv[2];
    steps = strtoul(argv[3], NULL, 10);
    seed = strtoull(argv[4], NULL, 10);
    printf("seed %llu\n", (unsigned long long)seed);
    fflush(stdout);
    alarm(300); /* ends a driver that hangs, and the test fails */
    for (i = 0; i < 8; i++) place[i] = 7;
    for (i = 0; i < THREADS; i++) {
        number[i] = (uint64_t)i;
        CHECK(pthread_create(&thread[i], NULL, drive, &number[i]) == 0);
    }
    for (i = 0; i < THREADS; i++) CHECK(pthread_join(thread[i], NULL) == 0);
    for (i = 0; i < POOL; i++) {
        apideck_vault_client_free(pool[i]);
        apideck_vault_cancellation_free(pool[i]);
    }
    for (i = 0; i < APIDECK_VAULT_INVALID_SIGNATURE + 2; i++) {
        if (ended[i] != 0) printf("%s %lu\n", i == 0 ? "unasked" : apideck_vault_status_name(i - 1), ended[i]);
    }
    CHECK(ended[APIDECK_VAULT_OK + 1] > 0);
    return 0;
}
