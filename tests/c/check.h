/* Code that the C tests share: checks that print their place, and a client for a server. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apideck_vault.h"

#define CHECK(condition)                                                                    \
    do {                                                                                    \
        if (!(condition)) {                                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                 \
            abort();                                                                        \
        }                                                                                   \
    } while (0)

/* Makes a client for the server at `url`; `more` is additional configuration, ",..." or "". */
static inline apideck_vault_client client_for(const char *url, const char *more)
{
    char config[2048];
    char *error = NULL;
    apideck_vault_client client;
    snprintf(config, sizeof config,
             "{\"api_key\":\"sk_live_marked\",\"app_id\":\"app\",\"consumer_id\":\"consumer\",\"proxy\":null,"
             "\"server_url\":\"%s\"%s}", url, more);
    client = apideck_vault_client_new(config, &error);
    if (client == 0) {
        fprintf(stderr, "client_new: %s\n", error);
        abort();
    }
    CHECK(error == NULL);
    return client;
}

/* Aborts with a message unless a call has the wanted status and its text contains `part`. Frees the text. */
static inline void expect_at(const char *file, int line, char *reply, apideck_vault_status got,
                             apideck_vault_status wanted, const char *part)
{
    CHECK(reply != NULL);
    if (got != wanted || strstr(reply, part) == NULL) {
        fprintf(stderr, "%s:%d: wanted %s and \"%s\", got %s: %.2000s\n", file, line,
                apideck_vault_status_name(wanted), part, apideck_vault_status_name(got), reply);
        abort();
    }
    if (wanted != APIDECK_VAULT_OK) {
        char status[64];
        snprintf(status, sizeof status, "{\"error\":{\"status\":\"%s\",\"message\":\"",
                 apideck_vault_status_name(wanted));
        CHECK(strncmp(reply, status, strlen(status)) == 0);
    }
    CHECK(strstr(reply, "sk_live_marked") == NULL);
    apideck_vault_string_free(reply);
}
#define EXPECT(reply, status, wanted, part) expect_at(__FILE__, __LINE__, (reply), (status), (wanted), (part))

/* Calls one operation and checks its status and text. */
#define CALL(operation, client, request, cancellation, wanted, part)                        \
    do {                                                                                    \
        apideck_vault_status call_status = -1;                                              \
        char *call_reply =                                                                  \
            apideck_vault_connections_##operation((client), (request), (cancellation), &call_status); \
        EXPECT(call_reply, call_status, (wanted), (part));                                  \
    } while (0)

#define ONE "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"}"

/* Returns a file with a NUL at its end. */
static inline char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text;
    long length;

    CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
    length = ftell(file);
    CHECK(length > 0 && fseek(file, 0, SEEK_SET) == 0);
    text = (char *)malloc((size_t)length + 1); /* C++ includes this file too */
    CHECK(text != NULL && fread(text, 1, (size_t)length, file) == (size_t)length);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* Calls `run` with each row of a table, a JSON array of at least 40 rows in a file. */
static inline void for_each_row(const char *path, void (*run)(const char *row))
{
    char *table = text_of(path), at[32];
    size_t i, rows = apideck_vault_json_count(table, "");

    CHECK(rows >= 40);
    for (i = 0; i < rows; i++) {
        char *row;
        snprintf(at, sizeof at, "/%lu", (unsigned long)i);
        row = apideck_vault_json_get(table, at);
        run(row);
        apideck_vault_string_free(row);
    }
    free(table);
}

/* Returns the factor by which this run may be slower than usual (under valgrind). */
static inline double slack(void)
{
    const char *slow = getenv("SLOW");
    return slow == NULL ? 1 : atof(slow);
}

static inline double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

#endif
