/* A cancellation ends a call within 100 ms, in every phase of the call. */
#include <pthread.h>
#include <semaphore.h>

#include "check.h"

struct running {
    apideck_vault_client client;
    apideck_vault_cancellation cancellation;
    const char *request;
    double ended;
};

static void *call(void *argument)
{
    struct running *running = argument;
    CALL(update, running->client, running->request, running->cancellation, APIDECK_VAULT_CANCELLED,
         "the call was cancelled");
    running->ended = now_ms();
    return NULL;
}

/* Records the first event of a call, after which the call uses the network. */
static void post_begun(const char *event, void *begun)
{
    if (strstr(event, "\"attempt\":1") != NULL && strstr(event, "\"event\":\"request\"") != NULL) sem_post(begun);
}

/* Each argument is the URL of a server at which a call blocks. "big:" means that the request has a large body. */
int main(int argc, char **argv)
{
    size_t size = 16 * 1024 * 1024;
    char *big = malloc(size + 256);
    int i, round;
    sem_t begun;
    CHECK(argc > 1 && big != NULL);
    strcpy(big, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{\"metadata\":{\"filling\":\"");
    memset(big + strlen(big), 'x', size);
    strcpy(big + size, "\"}}}");
    CHECK(sem_init(&begun, 0, 0) == 0);
    for (i = 1; i < argc; i++) {
        double soonest = 1e9;
        int is_big = strncmp(argv[i], "big:", 4) == 0;
        struct running running;
        running.client = client_for(argv[i] + (is_big ? 4 : 0), ",\"allow_insecure_http\":true");
        running.request = is_big ? big : "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{}}";
        CHECK(apideck_vault_client_set_event_callback(running.client, post_begun, &begun) == APIDECK_VAULT_OK);
        for (round = 0; round < 3; round++) {
            pthread_t thread;
            struct timespec pause = {0, 50000000};
            double cancelled;
            running.cancellation = apideck_vault_cancellation_new();
            CHECK(pthread_create(&thread, NULL, call, &running) == 0);
            while (sem_wait(&begun) != 0) continue;
            nanosleep(&pause, NULL); /* long enough for the call to reach its wait */
            cancelled = now_ms();
            apideck_vault_cancellation_cancel(running.cancellation);
            CHECK(pthread_join(thread, NULL) == 0);
            apideck_vault_cancellation_free(running.cancellation);
            if (running.ended - cancelled < soonest) soonest = running.ended - cancelled;
        }
        /* The shortest of three times, so that other processes do not affect the result. */
        if (soonest > 100 * slack()) {
            fprintf(stderr, "%s: ended %.0f ms after it was cancelled\n", argv[i], soonest);
            abort();
        }
        apideck_vault_client_free(running.client);
    }
    free(big);
    return 0;
}
