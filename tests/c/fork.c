/* A child makes calls with its parent's client while the parent's threads are inside calls. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static apideck_vault_client client;
static const char *url;
static atomic_int stop;

static void ignore(const char *event, void *user_data)
{
    (void)event;
    (void)user_data;
}

static void *busy(void *unused)
{
    (void)unused;
    while (!atomic_load(&stop)) {
        apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
        apideck_vault_client other = client_for(url, "");
        CALL(get, client, ONE, cancellation, APIDECK_VAULT_OK, "\"http\"");
        CALL(list, other, NULL, 0, APIDECK_VAULT_OK, "\"http\"");
        CHECK(apideck_vault_client_set_event_callback(client, ignore, NULL) == APIDECK_VAULT_OK);
        apideck_vault_client_free(other);
        apideck_vault_cancellation_free(cancellation);
    }
    return NULL;
}

static void calls(void)
{
    int i;
    alarm(20); /* ends a child that hangs, and the parent fails */
    for (i = 0; i < 3; i++) {
        apideck_vault_client own = client_for(url, "");
        apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
        CALL(get, client, ONE, cancellation, APIDECK_VAULT_OK, "\"http\"");
        CALL(get, own, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
        CHECK(apideck_vault_client_set_event_callback(client, ignore, NULL) == APIDECK_VAULT_OK);
        apideck_vault_cancellation_free(cancellation);
        apideck_vault_client_free(own);
    }
}

static void child(int has_child)
{
    calls();
    if (has_child) {
        int status = -1;
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            calls();
            _exit(0);
        }
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    apideck_vault_client_free(client);
    _exit(0);
}

int main(int argc, char **argv)
{
    pthread_t thread[8];
    int i, forks;
    CHECK(argc == 3);
    url = argv[1];
    forks = atoi(argv[2]);
    client = client_for(url, "");
    for (i = 0; i < 8; i++) CHECK(pthread_create(&thread[i], NULL, busy, NULL) == 0);
    for (i = 0; i < forks; i++) {
        int status = -1;
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) child(i % 10 == 0);
        CHECK(waitpid(pid, &status, 0) == pid);
        if (status != 0) {
            fprintf(stderr, "child %d ended with %x\n", i, (unsigned)status);
            abort();
        }
    }
    atomic_store(&stop, 1);
    for (i = 0; i < 8; i++) CHECK(pthread_join(thread[i], NULL) == 0);
    CALL(get, client, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    apideck_vault_client_free(client);
    return 0;
}
