/* The health of connections: every row of the table that all languages share, and arguments that are refused. */
#include "check.h"

/* Returns whether a value of a report is the expected one. Where a row has none, it is null or the empty list. */
static int is(const char *report, const char *row, const char *member, const char *absent)
{
    char at_report[64], at_row[64], *found, *wanted;
    int same;

    snprintf(at_report, sizeof at_report, "/%s", member);
    snprintf(at_row, sizeof at_row, "/expected/%s", member);
    found = apideck_vault_json_get(report, at_report);
    wanted = apideck_vault_json_get(row, at_row);
    same = found != NULL && strcmp(found, wanted != NULL ? wanted : absent) == 0;
    if (!same)
        fprintf(stderr, "%s: %s\n", member, found != NULL ? found : "absent");
    apideck_vault_string_free(found);
    apideck_vault_string_free(wanted);
    return same;
}

/* Returns whether the missing settings are the expected ones, in their order. */
static int has_settings(const char *report, const char *row)
{
    size_t i, count = apideck_vault_json_count(report, "/missing_settings");
    int same = count == apideck_vault_json_count(row, "/expected/missing_settings");

    for (i = 0; i < count; i++) {
        char member[64];
        snprintf(member, sizeof member, "missing_settings/%lu", (unsigned long)i);
        same = same && is(report, row, member, "");
    }
    return same;
}

static void run(const char *row)
{
    char *name = apideck_vault_json_get(row, "/name");
    char *connection = apideck_vault_json_get(row, "/connection");
    char *wanted = apideck_vault_json_get(row, "/expected/reason");
    apideck_vault_status status = -1;
    char *report = apideck_vault_connection_health(connection, &status);
    char *reason = apideck_vault_json_get(report, "/reason");

    if (status != APIDECK_VAULT_OK || !is(report, row, "action", "") || !is(report, row, "until", "null")
        || !is(report, row, "authorize_url", "null") || !has_settings(report, row)
        || apideck_vault_json_count(report, "") != 5 || reason == NULL || strstr(reason, wanted) == NULL) {
        fprintf(stderr, "%s: %s\n", name, report);
        exit(1);
    }
    apideck_vault_string_free(name);
    apideck_vault_string_free(connection);
    apideck_vault_string_free(wanted);
    apideck_vault_string_free(report);
    apideck_vault_string_free(reason);
}

static void is_refused(const char *connection, const char *wanted)
{
    apideck_vault_status status = -1;
    char *failure = apideck_vault_connection_health(connection, &status);
    char *name = apideck_vault_json_get(failure, "/error/status");
    char *message = apideck_vault_json_get(failure, "/error/message");

    CHECK(status == APIDECK_VAULT_INVALID_ARGUMENT);
    CHECK(name != NULL && strcmp(name, "INVALID_ARGUMENT") == 0);
    if (message == NULL || strcmp(message, wanted) != 0) {
        fprintf(stderr, "%s\n", failure);
        exit(1);
    }
    apideck_vault_string_free(failure);
    apideck_vault_string_free(name);
    apideck_vault_string_free(message);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    for_each_row(argv[1], run);

    is_refused(NULL, "connection: is NULL; expected a connection as JSON text");
    is_refused("\xff", "connection: is not UTF-8 at byte 0");
    is_refused("{", "connection: is not JSON: EOF while parsing an object at line 1 column 1");
    is_refused("[]", "connection: expected an object, found an array");
    apideck_vault_string_free(apideck_vault_connection_health("{}", NULL));
    apideck_vault_string_free(apideck_vault_connection_health(NULL, NULL));
    return 0;
}
