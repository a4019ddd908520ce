/* The types and values of the ABI. If a release changes one by accident, this program does not compile. */
#include "check.h"

#define SAME(name, condition) typedef char name[(condition) ? 1 : -1]

SAME(client_is_64_bits, sizeof(apideck_vault_client) == 8 && (apideck_vault_client)-1 > 0);
SAME(cancellation_is_64_bits, sizeof(apideck_vault_cancellation) == 8 && (apideck_vault_cancellation)-1 > 0);
SAME(status_is_32_bits, sizeof(apideck_vault_status) == 4 && (apideck_vault_status)-1 < 0);
SAME(callback_is_a_pointer, sizeof(apideck_vault_event_callback) == sizeof(void (*)(void)));

SAME(ok, APIDECK_VAULT_OK == 0);
SAME(invalid_argument, APIDECK_VAULT_INVALID_ARGUMENT == 1);
SAME(invalid_handle, APIDECK_VAULT_INVALID_HANDLE == 2);
SAME(bad_request, APIDECK_VAULT_BAD_REQUEST == 3);
SAME(unauthorized, APIDECK_VAULT_UNAUTHORIZED == 4);
SAME(payment_required, APIDECK_VAULT_PAYMENT_REQUIRED == 5);
SAME(not_found, APIDECK_VAULT_NOT_FOUND == 6);
SAME(unprocessable, APIDECK_VAULT_UNPROCESSABLE == 7);
SAME(rate_limited, APIDECK_VAULT_RATE_LIMITED == 8);
SAME(api_error, APIDECK_VAULT_API_ERROR == 9);
SAME(connection, APIDECK_VAULT_CONNECTION == 10);
SAME(timeout, APIDECK_VAULT_TIMEOUT == 11);
SAME(cancelled, APIDECK_VAULT_CANCELLED == 12);
SAME(invalid_response, APIDECK_VAULT_INVALID_RESPONSE == 13);
SAME(internal, APIDECK_VAULT_INTERNAL == 14);
SAME(conflict, APIDECK_VAULT_CONFLICT == 15);
SAME(invalid_signature, APIDECK_VAULT_INVALID_SIGNATURE == 16);

typedef char *operation(apideck_vault_client, const char *, apideck_vault_cancellation, apideck_vault_status *);

int main(void)
{
    static const char *const names[] = {
        "OK", "INVALID_ARGUMENT", "INVALID_HANDLE", "BAD_REQUEST", "UNAUTHORIZED", "PAYMENT_REQUIRED",
        "NOT_FOUND", "UNPROCESSABLE", "RATE_LIMITED", "API_ERROR", "CONNECTION", "TIMEOUT", "CANCELLED",
        "INVALID_RESPONSE", "INTERNAL", "CONFLICT", "INVALID_SIGNATURE",
    };
    /* Each function with its type. */
    apideck_vault_client (*client_new)(const char *, char **) = apideck_vault_client_new;
    void (*client_free)(apideck_vault_client) = apideck_vault_client_free;
    operation *operations[] = {
        apideck_vault_connections_list,   apideck_vault_connections_get,     apideck_vault_connections_update,
        apideck_vault_connections_delete, apideck_vault_connections_imports, apideck_vault_connections_token,
    };
    apideck_vault_cancellation (*cancellation_new)(void) = apideck_vault_cancellation_new;
    void (*cancellation_cancel)(apideck_vault_cancellation) = apideck_vault_cancellation_cancel;
    void (*cancellation_free)(apideck_vault_cancellation) = apideck_vault_cancellation_free;
    apideck_vault_status (*set_event_callback)(apideck_vault_client, void (*)(const char *, void *), void *) =
        apideck_vault_client_set_event_callback;
    const char *(*version)(void) = apideck_vault_version;
    const char *(*status_name)(apideck_vault_status) = apideck_vault_status_name;
    void (*string_free)(char *) = apideck_vault_string_free;
    size_t (*string_length)(const char *) = apideck_vault_string_length;
    char *(*call)(apideck_vault_client, const char *, const char *, apideck_vault_cancellation, apideck_vault_status *) =
        apideck_vault_call;
    char *(*json_get)(const char *, const char *) = apideck_vault_json_get;
    size_t (*json_count)(const char *, const char *) = apideck_vault_json_count;
    char *(*json_quote)(const char *) = apideck_vault_json_quote;
    char *(*health)(const char *, apideck_vault_status *) = apideck_vault_connection_health;
    char *(*webhook_verify)(const char *, size_t, const char *, const char *, apideck_vault_status *) =
        apideck_vault_webhook_verify;
    char *(*webhook_sign)(const char *, size_t, const char *, apideck_vault_status *) = apideck_vault_webhook_sign;
    char *text;
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(strcmp(status_name((apideck_vault_status)i), names[i]) == 0);
    for (i = 0; i < sizeof operations / sizeof *operations; i++)
        string_free(operations[i](0, NULL, 0, NULL));
    string_free(call(0, "connections.list", NULL, 0, NULL));
    CHECK(json_get("{}", "/a") == NULL && json_count("[1,2]", "") == 2);
    text = json_quote("a");
    CHECK(strcmp(text, "\"a\"") == 0 && string_length(text) == 3);
    string_free(text);
    string_free(health("{}", NULL));
    string_free(webhook_verify("{}", 2, "", "k", NULL));
    string_free(webhook_sign("{}", 2, "k", NULL));
    CHECK(client_new("", NULL) == 0);
    CHECK(set_event_callback(0, NULL, NULL) == APIDECK_VAULT_INVALID_HANDLE);
    cancellation_cancel(0);
    cancellation_free(cancellation_new());
    client_free(0);
    printf("%s\n", version());
    return 0;
}
