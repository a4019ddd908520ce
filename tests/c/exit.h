/* Calls that are made while a thread or the process ends: http, https, a failed look-up, and the other functions. */
#ifndef EXIT_H
#define EXIT_H

#include <netdb.h>
#include <unistd.h>

#include "check.h"

static struct {
    const char *http;
    const char *https;
    char with_ca[1024];
    apideck_vault_client plain;
    apideck_vault_client tls;
} ends;

static void count_event(const char *event, void *count)
{
    CHECK(event[0] == '{');
    ++*(int *)count;
}

#ifdef __cplusplus
extern "C"
#endif
/* Fails every look-up. The library uses this function instead of the C library's. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    (void)service;
    (void)hints;
    (void)result;
    CHECK(strcmp(node, "nobody.invalid") == 0);
    return EAI_NONAME;
}

/* A name that cannot be looked up. */
static inline void failed_look_up(void)
{
    apideck_vault_client lost = client_for("https://nobody.invalid", ",\"retries\":null");
    CALL(list, lost, NULL, 0, APIDECK_VAULT_CONNECTION, "could not be looked up");
    apideck_vault_client_free(lost);
}

/* Makes calls with the clients that were made at the start, and with new ones. Then writes `where`. */
static void calls_at(const char *where)
{
    int events = 0, round;
    apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
    CHECK(cancellation != 0);
    for (round = 0; round < 2; round++) {
        apideck_vault_client plain = round == 0 ? ends.plain : client_for(ends.http, "");
        apideck_vault_client tls = round == 0 ? ends.tls : client_for(ends.https, ends.with_ca);
        CHECK(apideck_vault_client_set_event_callback(plain, count_event, &events) == APIDECK_VAULT_OK);
        CHECK(apideck_vault_client_set_event_callback(tls, count_event, &events) == APIDECK_VAULT_OK);
        CALL(get, plain, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
        CALL(get, plain, ONE, cancellation, APIDECK_VAULT_OK, "\"http\"");
        CALL(get, tls, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
        CALL(get, tls, ONE, cancellation, APIDECK_VAULT_OK, "\"http\"");
        CALL(get, plain, "{", 0, APIDECK_VAULT_INVALID_ARGUMENT, "not JSON");
        CHECK(events == 8);
        events = 0;
        CHECK(apideck_vault_client_set_event_callback(plain, NULL, NULL) == APIDECK_VAULT_OK);
        CHECK(apideck_vault_client_set_event_callback(tls, NULL, NULL) == APIDECK_VAULT_OK);
        if (round == 1) {
            apideck_vault_client_free(plain);
            apideck_vault_client_free(tls);
        }
    }
    failed_look_up();
    apideck_vault_cancellation_cancel(cancellation);
    CALL(get, ends.plain, ONE, cancellation, APIDECK_VAULT_CANCELLED, "cancelled");
    apideck_vault_cancellation_free(cancellation);
    CHECK(write(STDOUT_FILENO, where, strlen(where)) == (ssize_t)strlen(where));
}

/* Stores the arguments (two URLs and a ca_file), and makes the first calls. */
static void begin(int argc, char **argv)
{
    CHECK(argc == 4);
    ends.http = argv[1];
    ends.https = argv[2];
    snprintf(ends.with_ca, sizeof ends.with_ca, ",\"ca_file\":\"%s\"", argv[3]);
    ends.plain = client_for(ends.http, "");
    ends.tls = client_for(ends.https, ends.with_ca);
    CALL(get, ends.plain, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    CALL(get, ends.tls, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
}

#endif
