/* A consumer from its creation to its deletion, with the functions beside the six and without a JSON library. */
#include "check.h"

/* Checks how the call of a function beside the six ends and that its text has `part`. */
#define CALL_FUNCTION(function, client, request, wanted, part)                              \
    do {                                                                                    \
        apideck_vault_status call_status = -1;                                              \
        char *call_text = apideck_vault_##function((client), (request), 0, &call_status);   \
        EXPECT(call_text, call_status, (wanted), (part));                                   \
    } while (0)

#define ACME "\"consumer_id\":\"acme\""
#define QUICKBOOKS "\"service_id\":\"quickbooks\",\"unified_api\":\"accounting\"," ACME
#define LEADS ONE_OF_ACME ",\"resource\":\"leads\""
#define ONE_OF_ACME "\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"," ACME
#define CHOICE "[{\"resource\":\"leads\",\"defaults\":[{\"id\":\"ProductInterest\",\"value\":\"GC5000 series\"}]}]"

/* Checks that the value at `pointer` of a text begins with `start`. */
static void check_value(const char *text, const char *pointer, const char *start)
{
    char *value = apideck_vault_json_get(text, pointer);
    if (value == NULL || strncmp(value, start, strlen(start)) != 0) {
        fprintf(stderr, "%s: wanted %s, got %s\n", pointer, start, value == NULL ? "nothing" : value);
        abort();
    }
    apideck_vault_string_free(value);
}

static void a_session_and_connections(apideck_vault_client client)
{
    apideck_vault_status status = -1;
    char *text = apideck_vault_sessions_create(
        client, "{" ACME ",\"session\":{\"redirect_uri\":\"https://example.com/\"}}", 0, &status);
    CHECK(status == APIDECK_VAULT_OK);
    check_value(text, "/body/data/session_uri", "http://127.0.0.1:");
    check_value(text, "/http/method", "POST");
    apideck_vault_string_free(text);

    CALL_FUNCTION(connection_settings_update, client, "{" LEADS ",\"connection\":{\"configuration\":" CHOICE "}}",
                  APIDECK_VAULT_OK, "\"state\":\"added\"");
    text = apideck_vault_connection_settings_list(client, "{" LEADS "}", 0, &status);
    CHECK(status == APIDECK_VAULT_OK);
    check_value(text, "/body/data/configuration/0/defaults/0/value", "GC5000 series");
    apideck_vault_string_free(text);

    CALL(imports, client, "{" QUICKBOOKS ",\"connection_import_data\":{\"credentials\":{\"access_token\":\"a\","
         "\"refresh_token\":\"r\"},\"settings\":{\"environment\":\"sandbox\"}}}", 0, APIDECK_VAULT_OK, "");
    CALL_FUNCTION(validate_connection_state, client, "{" QUICKBOOKS "}", APIDECK_VAULT_OK, "\"state\":\"callable\"");
    CALL_FUNCTION(connections_migrate, client,
                  "{" QUICKBOOKS ",\"connection_migrate_data\":{\"target_service_id\":\"xero\"}}",
                  APIDECK_VAULT_CONFLICT, "\"status\":409");
    CALL_FUNCTION(connections_migrate, client,
                  "{" QUICKBOOKS ",\"connection_migrate_data\":{\"target_service_id\":\"intuit-enterprise-suite\"}}",
                  APIDECK_VAULT_OK, "\"id\":\"accounting+intuit-enterprise-suite\"");
}

/* Reads every page of consumers, one consumer at a time, and returns how many there are. */
static int count_consumers(apideck_vault_client client)
{
    char *cursor = NULL;
    int count = 0;
    do {
        char request[512];
        apideck_vault_status status = -1;
        char *quoted = cursor == NULL ? NULL : apideck_vault_json_quote(cursor);
        char *text;
        snprintf(request, sizeof request, "{\"limit\":1,\"cursor\":%s}", quoted == NULL ? "null" : quoted);
        text = apideck_vault_consumers_list(client, request, 0, &status);
        CHECK(status == APIDECK_VAULT_OK && count < 10);
        CHECK(apideck_vault_json_count(text, "/body/data") <= 1);
        count += (int)apideck_vault_json_count(text, "/body/data");
        apideck_vault_string_free(quoted);
        apideck_vault_string_free(cursor);
        cursor = apideck_vault_json_get(text, "/body/meta/cursors/next");
        apideck_vault_string_free(text);
    } while (cursor != NULL && strcmp(cursor, "null") != 0);
    apideck_vault_string_free(cursor);
    return count;
}

int main(int argc, char **argv)
{
    apideck_vault_client client;
    CHECK(argc == 2);
    client = client_for(argv[1], "");
    CALL_FUNCTION(consumers_create, client, "{\"consumer\":{" ACME ",\"metadata\":{\"account_name\":\"Acme\"}}}",
                  APIDECK_VAULT_OK, "\"account_name\":\"Acme\"");
    CALL_FUNCTION(consumers_create, client, "{\"consumer\":{\"consumer_id\":\"größe/2\"}}", APIDECK_VAULT_OK, "größe/2");
    CHECK(count_consumers(client) == 2);
    a_session_and_connections(client);
    CALL_FUNCTION(consumers_update, client, "{" ACME ",\"consumer\":{\"metadata\":{\"account_name\":\"Acme Ltd\"}}}",
                  APIDECK_VAULT_OK, "Acme Ltd");
    CALL_FUNCTION(consumers_get, client, "{" ACME "}", APIDECK_VAULT_OK, "accounting+intuit-enterprise-suite");
    CALL_FUNCTION(consumers_get, client, "{\"consumer_id\":\"größe/2\"}", APIDECK_VAULT_OK, "größe/2");
    CALL_FUNCTION(consumers_delete, client, "{" ACME "}", APIDECK_VAULT_OK, "\"consumer_id\":\"acme\"");
    CALL_FUNCTION(consumers_get, client, "{" ACME "}", APIDECK_VAULT_NOT_FOUND, "acme");
    apideck_vault_client_free(client);
    return 0;
}
