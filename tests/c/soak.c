/* Many calls that end in every way: the memory, descriptors and threads of the process do not grow. */
#include <pthread.h>

#include "process.h"

#define THREADS 4
#define ROUNDS 10

static const char *responding_url, *closed_url, *hung_url;
static apideck_vault_client responding, closed, hung;
static unsigned long calls, ended[16];

static void *cancel(void *cancellation)
{
    struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
    apideck_vault_cancellation_cancel(*(apideck_vault_cancellation *)cancellation);
    return NULL;
}

/* Returns the reply of a call that waits until it is cancelled. */
static char *cancelled(apideck_vault_status *status)
{
    apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
    pthread_t thread;
    char *reply;
    CHECK(pthread_create(&thread, NULL, cancel, &cancellation) == 0);
    reply = apideck_vault_connections_delete(hung, ONE, cancellation, status);
    CHECK(pthread_join(thread, NULL) == 0);
    apideck_vault_cancellation_free(cancellation);
    return reply;
}

static char *with_a_client_of_its_own(apideck_vault_status *status)
{
    apideck_vault_client own = client_for(responding_url, "");
    char *reply = apideck_vault_connections_token(own, ONE, 0, status);
    apideck_vault_client_free(own);
    return reply;
}

static char *with_status(const char *code, apideck_vault_status *status)
{
    char request[128];
    snprintf(request, sizeof request,
             "{\"service_id\":\"a\",\"unified_api\":\"b\",\"retries\":null,\"http_headers\":{\"x-respond-with\":\"%s\"}}", code);
    return apideck_vault_connections_get(responding, request, 0, status);
}

static void *run(void *unused)
{
    static const char *const codes[] = {"400", "401", "402", "404", "422", "429", "500", "302"};
    unsigned long i;
    (void)unused;
    for (i = 0; i < calls / THREADS / ROUNDS; i++) {
        apideck_vault_status status = -1;
        char *reply;
        switch (i % 50) {
        case 7: reply = cancelled(&status); break;
        case 17: reply = with_a_client_of_its_own(&status); break;
        case 27: reply = apideck_vault_connections_get(closed, ONE, 0, &status); break;
        case 37: reply = apideck_vault_connections_get(hung, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"timeout_ms\":2}", 0, &status); break;
        case 47: reply = apideck_vault_connections_update(responding, "{\"connection\":7}", 0, &status); break;
        default:
            if (i % 5 == 0) reply = with_status(codes[i / 5 % 8], &status);
            else if (i % 5 == 1) reply = apideck_vault_connections_update(responding, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{\"enabled\":true}}", 0, &status);
            else reply = apideck_vault_connections_list(responding, NULL, 0, &status);
        }
        CHECK(reply != NULL && status >= 0 && status < APIDECK_VAULT_INTERNAL);
        __atomic_fetch_add(&ended[status], 1, __ATOMIC_RELAXED);
        apideck_vault_string_free(reply);
    }
    return NULL;
}

/* soak RESPONDING_URL CLOSED_URL HUNG_URL CALLS */
int main(int argc, char **argv)
{
    long memory = 0, descriptors = 0, threads = 0;
    int round, i;
    CHECK(argc == 5);
    responding_url = argv[1];
    closed_url = argv[2];
    hung_url = argv[3];
    calls = strtoul(argv[4], NULL, 10);
    responding = client_for(responding_url, "");
    closed = client_for(closed_url, ",\"retries\":null");
    hung = client_for(hung_url, ",\"retries\":null");
    for (round = 1; round <= ROUNDS; round++) {
        pthread_t thread[THREADS];
        double begun = now_ms();
        for (i = 0; i < THREADS; i++) CHECK(pthread_create(&thread[i], NULL, run, NULL) == 0);
        for (i = 0; i < THREADS; i++) CHECK(pthread_join(thread[i], NULL) == 0);
        printf("%8lu calls: %6ld kB, %ld descriptors, %ld threads, %.0f us a call\n", calls / ROUNDS * (unsigned long)round,
               status_of("VmRSS"), open_descriptors(), status_of("Threads"),
               (now_ms() - begun) * 1000 / ((double)calls / ROUNDS));
        /* The first two rounds fill pools and arenas of the allocator. The other rounds are compared with them. */
        if (round <= 2) {
            memory = status_of("VmRSS");
            descriptors = open_descriptors();
            threads = status_of("Threads");
            continue;
        }
        CHECK(status_of("VmRSS") - memory < 2 * 1024);
        CHECK(open_descriptors() - descriptors <= 2 * THREADS);
        CHECK(status_of("Threads") == threads);
    }
    for (i = 0; i < 16; i++) {
        if (ended[i] != 0) printf("%-17s %lu\n", apideck_vault_status_name(i), ended[i]);
    }
    apideck_vault_client_free(responding);
    apideck_vault_client_free(closed);
    apideck_vault_client_free(hung);
    CHECK(open_descriptors() <= descriptors);
    return 0;
}
