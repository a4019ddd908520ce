/* pthread_cancel has no effect inside a call: it ends the thread after the call returns. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "check.h"

static atomic_int ended;

static int state(void)
{
    int now = -1;
    CHECK(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &now) == 0);
    CHECK(pthread_setcancelstate(now, NULL) == 0);
    return now;
}

static void on_event(const char *event, void *begun)
{
    CHECK(state() == PTHREAD_CANCEL_DISABLE); /* a callback is inside a call */
    if (begun != NULL && strstr(event, "\"attempt\":1") != NULL && strstr(event, "\"event\":\"request\"") != NULL)
        sem_post(begun);
}

struct running {
    apideck_vault_client client;
    apideck_vault_cancellation cancellation;
    const char *request;
};

static void *one_call(void *argument)
{
    struct running *running = argument;
    CALL(update, running->client, running->request, running->cancellation, APIDECK_VAULT_CANCELLED,
         "the call was cancelled");
    atomic_fetch_add(&ended, 1);
    CHECK(state() == PTHREAD_CANCEL_ENABLE);
    pthread_testcancel();
    abort();
}

/* Calls every function on a thread whose cancellation is pending from the beginning. */
struct urls {
    const char *works;
    const char *ca_file;
    int disabled;
};

static void *every_function(void *argument)
{
    const struct urls *urls = argument;
    char more[1024];
    apideck_vault_client client;
    apideck_vault_cancellation cancellation;
    int before = urls->disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE, i;
    CHECK(pthread_setcancelstate(before, NULL) == 0);
    CHECK(pthread_cancel(pthread_self()) == 0);
    snprintf(more, sizeof more, ",\"ca_file\":\"%s\"", urls->ca_file);
    client = client_for(urls->works, more);
    CHECK(state() == before);
    cancellation = apideck_vault_cancellation_new();
    CHECK(apideck_vault_client_set_event_callback(client, on_event, NULL) == APIDECK_VAULT_OK);
    for (i = 0; i < 3; i++) {
        CALL(list, client, NULL, cancellation, APIDECK_VAULT_OK, "\"http\"");
        CALL(get, client, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
        CALL(token, client, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    }
    CALL(delete, client, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    CALL(update, client, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{}}", 0, APIDECK_VAULT_OK, "");
    CALL(imports, client, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection_import_data\":{}}", 0, APIDECK_VAULT_OK, "");
    apideck_vault_cancellation_cancel(cancellation);
    CALL(list, client, NULL, cancellation, APIDECK_VAULT_CANCELLED, "cancelled");
    apideck_vault_cancellation_free(cancellation);
    apideck_vault_client_free(client);
    CHECK(apideck_vault_client_new("{", NULL) == 0);
    CHECK(apideck_vault_client_set_event_callback(client, NULL, NULL) == APIDECK_VAULT_INVALID_HANDLE);
    CHECK(state() == before);
    atomic_fetch_add(&ended, 1);
    pthread_testcancel();
    CHECK(urls->disabled);
    return NULL;
}

/* Arguments: a server that responds, a ca_file, and servers at which a call blocks ("big:" means a large body). */
int main(int argc, char **argv)
{
    size_t size = 16 * 1024 * 1024;
    char *big = malloc(size + 256);
    struct urls urls;
    pthread_t thread;
    void *result;
    sem_t begun;
    int i;
    CHECK(argc > 3 && big != NULL);
    urls.works = argv[1];
    urls.ca_file = argv[2];
    for (i = 0; i < 2; i++) {
        urls.disabled = i;
        CHECK(pthread_create(&thread, NULL, every_function, &urls) == 0);
        CHECK(pthread_join(thread, &result) == 0);
        CHECK(result == (i == 0 ? PTHREAD_CANCELED : NULL));
        CHECK(atomic_load(&ended) == i + 1);
    }

    strcpy(big, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{\"metadata\":{\"filling\":\"");
    memset(big + strlen(big), 'x', size);
    strcpy(big + size, "\"}}}");
    CHECK(sem_init(&begun, 0, 0) == 0);
    for (i = 3; i < argc; i++) {
        int is_big = strncmp(argv[i], "big:", 4) == 0, was_ended = atomic_load(&ended);
        struct timespec pause = {0, 100000000};
        struct running running;
        running.client = client_for(argv[i] + (is_big ? 4 : 0), ",\"allow_insecure_http\":true");
        running.request = is_big ? big : "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{}}";
        running.cancellation = apideck_vault_cancellation_new();
        CHECK(apideck_vault_client_set_event_callback(running.client, on_event, &begun) == APIDECK_VAULT_OK);
        CHECK(pthread_create(&thread, NULL, one_call, &running) == 0);
        while (sem_wait(&begun) != 0) continue;
        nanosleep(&pause, NULL); /* long enough for the call to reach its wait */
        CHECK(pthread_cancel(thread) == 0);
        nanosleep(&pause, NULL);
        CHECK(atomic_load(&ended) == was_ended); /* its server never responds, so it is still inside the call */
        apideck_vault_cancellation_cancel(running.cancellation);
        CHECK(pthread_join(thread, &result) == 0);
        CHECK(result == PTHREAD_CANCELED && atomic_load(&ended) == was_ended + 1);
        apideck_vault_cancellation_free(running.cancellation);
        apideck_vault_client_free(running.client);
    }
    free(big);
    return 0;
}
