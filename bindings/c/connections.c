/*
 * The six operations, one after another, with every error handled.
 *
 *   cc connections.c $(pkg-config --cflags --libs apideck_vault) -o connections
 *   APIDECK_API_KEY=... APIDECK_APP_ID=... APIDECK_CONSUMER_ID=... ./connections
 *
 * For the local Vault, start `apideck-vault-sandbox` and set APIDECK_SERVER_URL to the address that it
 * prints; any key and ids will do. Against the real server this program changes the connection
 * crm/pipedrive of the consumer, and deletes it at the end.
 */
#include <apideck_vault.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The type that the six functions have in common. */
typedef char *operation(apideck_vault_client, const char *, apideck_vault_cancellation, apideck_vault_status *);

/* Makes one call and prints how it ended. Returns 1 when it succeeded.
 *
 * A real program gives `reply` to its JSON library: the answer is under "body", a failure under
 * "error". Here the text is shown as it is. */
static int call(apideck_vault_client client, const char *name, operation *function, const char *request)
{
    apideck_vault_status status;
    char *reply = function(client, request, 0, &status);
    int succeeded = status == APIDECK_VAULT_OK;

    printf("%-8s %-17s %.100s%s\n", name, apideck_vault_status_name(status), reply,
           strlen(reply) > 100 ? "..." : "");

    switch (status) {
    case APIDECK_VAULT_OK:
        break;
    case APIDECK_VAULT_INVALID_ARGUMENT:
        fprintf(stderr, "Nothing was sent; the message says what to mend:\n%s\n", reply);
        break;
    case APIDECK_VAULT_UNAUTHORIZED:
        fprintf(stderr, "The API key or the app id is not right:\n%s\n", reply);
        break;
    case APIDECK_VAULT_RATE_LIMITED:
    case APIDECK_VAULT_CONNECTION:
    case APIDECK_VAULT_TIMEOUT:
        fprintf(stderr, "It may work later (see \"retryable\"):\n%s\n", reply);
        break;
    default:
        fprintf(stderr, "%s\n", reply);
        break;
    }

    apideck_vault_string_free(reply); /* every reply, whatever the status */
    return succeeded;
}

int main(void)
{
    char *error = NULL;
    int failed = 0;

    /* Key and ids come from the environment; {} would do. */
    apideck_vault_client client = apideck_vault_client_new(
        "{\"timeout_ms\":10000,\"retries\":{\"max_attempts\":3,\"backoff\":{\"initial_interval\":200}}}", &error);
    if (client == 0) {
        fprintf(stderr, "The configuration is not complete:\n%s\n", error);
        apideck_vault_string_free(error);
        return EXIT_FAILURE;
    }

    failed |= !call(client, "list", apideck_vault_connections_list, "{\"api\":\"crm\"}");

    failed |= !call(client, "get", apideck_vault_connections_get,
                    "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"}");

    failed |= !call(client, "update", apideck_vault_connections_update,
                    "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\",\"connection\":{"
                    "\"enabled\":true,"
                    "\"settings\":{\"instance_url\":\"https://acme.pipedrive.com\",\"api_key\":\"12345\"},"
                    "\"metadata\":{\"plan\":\"enterprise\"}}}");

    failed |= !call(client, "imports", apideck_vault_connections_imports,
                    "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\",\"connection_import_data\":{"
                    "\"credentials\":{\"access_token\":\"access\",\"refresh_token\":\"refresh\"}}}");

    failed |= !call(client, "token", apideck_vault_connections_token,
                    "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"}");

    failed |= !call(client, "delete", apideck_vault_connections_delete,
                    "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"}");

    apideck_vault_client_free(client);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
