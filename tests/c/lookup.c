/* A name lookup that hangs: this program's own getaddrinfo, which the library finds before the C library's. */
#include <netdb.h>
#include <pthread.h>
#include <unistd.h>

#include "check.h"

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    (void)service;
    (void)hints;
    (void)result;
    if (strcmp(node, "hangs.example") == 0) pause();
    return EAI_NONAME;
}

static void *cancel_soon(void *cancellation)
{
    struct timespec pause = {0, 100000000};
    nanosleep(&pause, NULL);
    apideck_vault_cancellation_cancel(*(apideck_vault_cancellation *)cancellation);
    return NULL;
}

int main(void)
{
    apideck_vault_client client = client_for("https://hangs.example", ",\"retries\":null");
    apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
    pthread_t thread;
    double begun = now_ms();
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
    apideck_vault_client_free(client);
    apideck_vault_cancellation_free(cancellation);
    return 0;
}
