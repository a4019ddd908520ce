/* Webhooks: every row of the table that all languages share, and arguments that are refused. */
#include "check.h"

static char *verify(const char *body, const char *signature, const char *api_key, apideck_vault_status *status)
{
    return apideck_vault_webhook_verify(body, body != NULL ? strlen(body) : 0, signature, api_key, status);
}

static void run(const char *row)
{
    char *name = apideck_vault_json_get(row, "/name");
    char *body = apideck_vault_json_get(row, "/body");
    char *signature = apideck_vault_json_get(row, "/signature");
    char *api_key = apideck_vault_json_get(row, "/api_key");
    char *wanted_status = apideck_vault_json_get(row, "/expected/status");
    char *wanted_message = apideck_vault_json_get(row, "/expected/message");
    char *wanted_type = apideck_vault_json_get(row, "/expected/event_type");
    apideck_vault_status status = -1;
    char *result = verify(body, signature, api_key, &status);
    char *type = apideck_vault_json_get(result, "/event/event_type");
    char *message = apideck_vault_json_get(result, "/error/message");
    int same = strcmp(apideck_vault_status_name(status), wanted_status) == 0;

    if (wanted_message != NULL)
        same = same && message != NULL && strstr(message, wanted_message) != NULL;
    else if (wanted_type != NULL && strcmp(wanted_type, "null") != 0)
        same = same && type != NULL && strcmp(type, wanted_type) == 0;
    if (!same) {
        fprintf(stderr, "%s: %s\n", name, result);
        exit(1);
    }
    apideck_vault_string_free(name);
    apideck_vault_string_free(body);
    apideck_vault_string_free(signature);
    apideck_vault_string_free(api_key);
    apideck_vault_string_free(wanted_status);
    apideck_vault_string_free(wanted_message);
    apideck_vault_string_free(wanted_type);
    apideck_vault_string_free(result);
    apideck_vault_string_free(type);
    apideck_vault_string_free(message);
}

static void is_refused(char *failure, apideck_vault_status status, apideck_vault_status wanted, const char *text)
{
    char *message = apideck_vault_json_get(failure, "/error/message");

    CHECK(status == wanted);
    if (message == NULL || strcmp(message, text) != 0) {
        fprintf(stderr, "%s\n", failure);
        exit(1);
    }
    apideck_vault_string_free(message);
    apideck_vault_string_free(failure);
}

int main(int argc, char **argv)
{
    const char body[] = "{\"payload\":{\"event_type\":\"t\"}}";
    apideck_vault_status status;
    char *signature, *result, *exact;

    CHECK(argc == 2);
    for_each_row(argv[1], run);

    /* The body need not end with NUL, and bytes after it do not count. */
    exact = malloc(sizeof body - 1);
    CHECK(exact != NULL);
    memcpy(exact, body, sizeof body - 1);
    signature = apideck_vault_webhook_sign(exact, sizeof body - 1, "k", &status);
    CHECK(status == APIDECK_VAULT_OK && strlen(signature) == 64);
    result = apideck_vault_webhook_verify(exact, sizeof body - 1, signature, "k", &status);
    CHECK(status == APIDECK_VAULT_OK && strcmp(result, "{\"event\":{\"event_type\":\"t\"}}") == 0);
    apideck_vault_string_free(result);
    free(exact);

    result = verify(NULL, signature, "k", &status);
    is_refused(result, status, APIDECK_VAULT_INVALID_ARGUMENT, "body: is NULL");
    result = verify(body, NULL, "k", &status);
    is_refused(result, status, APIDECK_VAULT_INVALID_SIGNATURE,
               "signature: is missing; expected the value of the header x-apideck-signature");
    result = verify(body, signature, NULL, &status);
    is_refused(result, status, APIDECK_VAULT_INVALID_ARGUMENT, "api_key: is NULL");
    result = verify(body, signature, "\xff", &status);
    is_refused(result, status, APIDECK_VAULT_INVALID_ARGUMENT, "api_key: is not UTF-8 at byte 0");
    result = apideck_vault_webhook_verify(body, (size_t)-1, signature, "k", &status);
    is_refused(result, status, APIDECK_VAULT_INVALID_ARGUMENT, "body: has a length that no object has");
    result = verify(body, "\xff\xfe", "k", &status);
    CHECK(status == APIDECK_VAULT_INVALID_SIGNATURE);
    apideck_vault_string_free(result);
    result = apideck_vault_webhook_sign("[]", 2, "k", &status);
    is_refused(result, status, APIDECK_VAULT_INVALID_ARGUMENT,
               "body: should be a JSON object, but is an array");
    apideck_vault_string_free(verify(body, signature, "k", NULL));
    apideck_vault_string_free(apideck_vault_webhook_sign(NULL, 0, NULL, NULL));
    apideck_vault_string_free(signature);
    return 0;
}
