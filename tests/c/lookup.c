/* Name look-ups that hang or are slow. This program defines getaddrinfo, which replaces that of the C library. */
#include <netdb.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "process.h"

#define SLOW_NAMES 300

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int slow_look_ups; /* guarded by lock */

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    (void)service;
    (void)hints;
    (void)result;
    if (strcmp(node, "hangs.example") == 0) pause();
    if (strncmp(node, "slow-", 5) == 0) {
        struct timespec second = {1, 0};
        pthread_mutex_lock(&lock);
        slow_look_ups++;
        pthread_mutex_unlock(&lock);
        nanosleep(&second, NULL);
    }
    return EAI_NONAME;
}

static void *cancel_soon(void *cancellation)
{
    struct timespec pause = {0, 100000000};
    nanosleep(&pause, NULL);
    apideck_vault_cancellation_cancel(*(apideck_vault_cancellation *)cancellation);
    return NULL;
}

/* Many calls end before the look-ups of their hosts do. They leave a few threads, and no look-up without a caller. */
static void give_up_on_slow_names(void)
{
    apideck_vault_client client = client_for("https://slow-0.example", ",\"retries\":null");
    struct timespec moment = {0, 10000000};
    int i;
    for (i = 0; i < SLOW_NAMES; i++) {
        char request[128];
        snprintf(request, sizeof request, "{\"timeout_ms\":10,\"server_url\":\"https://slow-%d.example\"}", i);
        CALL(list, client, request, 0, APIDECK_VAULT_TIMEOUT, "while looking up the host name");
        CHECK(status_of("Threads") <= 1 + 4);
    }
    apideck_vault_client_free(client);
    while (status_of("Threads") > 2) nanosleep(&moment, NULL); /* this thread, and the look-up of hangs.example */
    CHECK(slow_look_ups < SLOW_NAMES / 2 * slack());
}

/* A child does not share its parent's look-ups. It makes its own. */
static void look_up_in_a_child(apideck_vault_client client)
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(status_of("Threads") == 1);
        CALL(list, client, NULL, 0, APIDECK_VAULT_CONNECTION, "the name nowhere.example could not be looked up");
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* With an argument, a child makes calls too. This is not done under valgrind, which reports the memory of the parent's
 * threads as lost in the child. */
int main(int argc, char **argv)
{
    apideck_vault_client client = client_for("https://hangs.example", ",\"retries\":null");
    apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
    pthread_t thread;
    double begun = now_ms();
    (void)argv;
    CHECK(pthread_create(&thread, NULL, cancel_soon, &cancellation) == 0);
    CALL(list, client, NULL, cancellation, APIDECK_VAULT_CANCELLED, "cancelled");
    CHECK(now_ms() - begun < 100 + 400 * slack());
    CHECK(pthread_join(thread, NULL) == 0);

    begun = now_ms();
    CALL(list, client, "{\"timeout_ms\":300}", 0, APIDECK_VAULT_TIMEOUT, "while looking up the host name");
    CHECK(now_ms() - begun >= 300 && now_ms() - begun < 1000 * slack());
    apideck_vault_client_free(client);

    client = client_for("https://hangs.example", ",\"retries\":null,\"connect_timeout_ms\":300");
    begun = now_ms();
    CALL(list, client, NULL, 0, APIDECK_VAULT_CONNECTION, "connect_timeout_ms passed while looking up the host name");
    CHECK(now_ms() - begun >= 300 && now_ms() - begun < 1000 * slack());
    apideck_vault_client_free(client);

    client = client_for("https://nowhere.example", ",\"retries\":null");
    CALL(list, client, NULL, 0, APIDECK_VAULT_CONNECTION, "the name nowhere.example could not be looked up");
    if (argc > 1) look_up_in_a_child(client);
    apideck_vault_client_free(client);
    give_up_on_slow_names();
    apideck_vault_cancellation_free(cancellation);
    return 0;
}
