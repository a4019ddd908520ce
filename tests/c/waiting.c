/* Waiting calls use no processor time, with or without a cancellation. One cancellation ends all of them at once. */
#include <pthread.h>
#include <sys/resource.h>

#include "check.h"
#include "process.h"

#define THREADS 64
#define WATCHED_MS 1000

static apideck_vault_client client;
static apideck_vault_cancellation cancellation;

static void *call_with_cancellation(void *unused)
{
    (void)unused;
    CALL(get, client, ONE, cancellation, APIDECK_VAULT_CANCELLED, "cancelled");
    return NULL;
}

static void *call_without(void *unused)
{
    (void)unused;
    CALL(get, client, ONE, 0, APIDECK_VAULT_TIMEOUT, "timeout_ms");
    return NULL;
}

static void pause_ms(long milliseconds)
{
    struct timespec pause;
    pause.tv_sec = milliseconds / 1000;
    pause.tv_nsec = milliseconds % 1000 * 1000000;
    nanosleep(&pause, NULL);
}

static long switches(void)
{
    struct rusage usage;
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
    return usage.ru_nvcsw;
}

static double cpu_ms(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Returns whether THREADS waiting calls use no processor time during an interval. Calls that have just begun do. */
static int are_asleep(void)
{
    double cpu = cpu_ms();
    long before = switches();
    pause_ms(WATCHED_MS);
    return switches() - before < THREADS && cpu_ms() - cpu < 10;
}

static void wait_until_asleep(void)
{
    int tries = 10;
    while (!are_asleep()) CHECK(--tries > 0);
}

/* The argument is the URL of a server that reads requests and never responds. */
int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    double cancelled;
    int i;
    CHECK(argc == 2);
    client = client_for(argv[1], ",\"retries\":null");
    cancellation = apideck_vault_cancellation_new();
    for (i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, call_with_cancellation, NULL) == 0);
    wait_until_asleep();
    cancelled = now_ms();
    apideck_vault_cancellation_cancel(cancellation);
    for (i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(now_ms() - cancelled < 1000 * slack());
    apideck_vault_cancellation_free(cancellation);
    apideck_vault_client_free(client);

    client = client_for(argv[1], ",\"retries\":null,\"timeout_ms\":5000");
    for (i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, call_without, NULL) == 0);
    wait_until_asleep();
    for (i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
    apideck_vault_client_free(client);
    return 0;
}
