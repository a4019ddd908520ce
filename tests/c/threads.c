/* Many threads use one client, while others create, cancel and free handles. */
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"

static apideck_vault_client client;
static const char *url;
static int calls;
static atomic_int done;
static atomic_uint_fast64_t shared_cancellation;

static void *caller(void *unused)
{
    int i;
    (void)unused;
    for (i = 0; i < calls; i++) {
        apideck_vault_status status = -1;
        apideck_vault_cancellation cancellation = i % 3 == 0 ? atomic_load(&shared_cancellation) : 0;
        char *reply = apideck_vault_connections_get(client, ONE, cancellation, &status);
        CHECK(reply != NULL);
        /* Only a call with the cancellation that others cancel and free may end in another way. */
        if (status != APIDECK_VAULT_OK
            && !(cancellation != 0 && (status == APIDECK_VAULT_CANCELLED || status == APIDECK_VAULT_INVALID_HANDLE))) {
            fprintf(stderr, "%s\n", reply);
            abort();
        }
        apideck_vault_string_free(reply);
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

static void *churner(void *threads)
{
    while (atomic_load(&done) < *(int *)threads) {
        apideck_vault_cancellation fresh = apideck_vault_cancellation_new();
        apideck_vault_cancellation old = atomic_exchange(&shared_cancellation, fresh);
        apideck_vault_client short_lived = client_for(url, "");
        struct timespec pause = {0, 2000000};
        apideck_vault_cancellation_cancel(old);
        apideck_vault_cancellation_free(old);
        apideck_vault_client_free(old);
        apideck_vault_client_free(short_lived);
        apideck_vault_client_free(short_lived);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

int main(int argc, char **argv)
{
    int threads, i;
    pthread_t thread[256], churn[2];
    CHECK(argc == 4);
    url = argv[1];
    threads = atoi(argv[2]);
    calls = atoi(argv[3]);
    CHECK(threads <= 256);
    client = client_for(url, "");
    for (i = 0; i < threads; i++) CHECK(pthread_create(&thread[i], NULL, caller, NULL) == 0);
    for (i = 0; i < 2; i++) CHECK(pthread_create(&churn[i], NULL, churner, &threads) == 0);
    for (i = 0; i < threads; i++) CHECK(pthread_join(thread[i], NULL) == 0);
    for (i = 0; i < 2; i++) CHECK(pthread_join(churn[i], NULL) == 0);
    apideck_vault_cancellation_free(atomic_load(&shared_cancellation));
    apideck_vault_client_free(client);
    return 0;
}
