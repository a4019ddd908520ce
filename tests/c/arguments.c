/* Wrong arguments give a status and a helpful message. Nothing is sent and nothing leaks. */
#include "check.h"

static void refused(const char *config, const char *part)
{
    char *error = NULL;
    CHECK(apideck_vault_client_new(config, &error) == 0);
    CHECK(error != NULL);
    if (strstr(error, part) == NULL || strstr(error, "\"INVALID_ARGUMENT\"") == NULL) {
        fprintf(stderr, "wanted \"%s\", got %s\n", part, error);
        abort();
    }
    CHECK(strstr(error, "marked") == NULL);
    apideck_vault_string_free(error);
    CHECK(apideck_vault_client_new(config, NULL) == 0);
}

static void configurations(void)
{
    apideck_vault_client client;
    refused(NULL, "api_key: is required");
    refused("{\"api_key\":\"marked\"}", "app_id: is required");
    refused("{\"api_key\":\"marked\",\"app_id\":\"\"}", "app_id: must not be empty");
    refused("{", "configuration: is not JSON");
    refused("[]", "configuration: expected an object, found an array");
    refused("\"\xff\"", "configuration: is not UTF-8 at byte 1");
    refused("{\"api_key\":\"marked\\n\",\"app_id\":\"a\"}", "api_key: has a control character at byte 6");
    refused("{\"api_key\":\" marked\",\"app_id\":\"a\"}", "api_key: has white space");
    refused("{\"api_key\":\"marked ключ\",\"app_id\":\"a\"}", "api_key: has a character that is not ASCII");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"http_headers\":{\"Host\":\"bücher\"}}", "http_headers[\\\"Host\\\"]: has a character that is not ASCII");
    refused("{\"api_key\":7,\"app_id\":\"a\"}", "api_key: expected a string, found a number");
    refused("{\"api_kee\":\"marked\",\"app_id\":\"a\"}", "unknown key \\\"api_kee\\\", did you mean \\\"api_key\\\"?");
    refused("{\"api_key\":\"marked\",\"api_key\":\"marked\"}", "key \\\"api_key\\\" is given twice");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"timeout_ms\":0}", "timeout_ms: expected a whole number of milliseconds from 1");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"timeout_ms\":\"5\"}", "found a string");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"http://unify.example\"}", "server_url: plain http");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"https://u:marked@h\"}", "server_url: must not contain a user");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"https://h:99999\"}", "server_url: its port is not a number from 1 to 65535");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"https://h:+443/v1\"}", "server_url: its port");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"https://[::1]:\"}", "server_url: its port");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"proxy\":\"http://u:marked@h:0\"}", "proxy: its port");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"https://h/?q=1\"}", "server_url: must not contain a query");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"ftp://h\"}", "server_url: must begin with https://");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"server_url\":\"unify.apideck.com\"}", "server_url: must be absolute");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"retries\":{\"strategy\":\"often\"}}", "retries.strategy: expected \\\"backoff\\\" or \\\"none\\\"");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"retries\":{\"backoff\":{\"exponent\":0}}}", "retries.backoff.exponent: expected a number");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"retries\":{\"backof\":{}}}", "did you mean \\\"backoff\\\"?");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"http_headers\":{\"x\":\"y\",\"Bearer marked\":\"authorization\"}}", "http_headers: the name at index 1 is not a header name");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"http_headers\":{\"Content-Length\":\"1\"}}", "because the transport sets it");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"http_headers\":{\"x\":\"a\\r\\nb: c\"}}", "has a control character at byte 1");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"proxy\":\"socks5://marked@h:1\"}", "proxy: SOCKS proxies");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"proxy\":\"http://[\"}", "proxy: is not a URL");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"ca_file\":\"/nowhere/ca.pem\"}", "ca_file: cannot be read");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"ca_file\":\"/dev/null\"}", "ca_file: contains no certificate");
    refused("{\"api_key\":\"marked\",\"app_id\":\"a\",\"max_response_bytes\":-1}", "max_response_bytes: expected a whole number");

    client = apideck_vault_client_new("{\"api_key\":\"marked\",\"app_id\":\"a\"}", NULL);
    CHECK(client != 0);
    CALL(get, client, ONE, 0, APIDECK_VAULT_INVALID_ARGUMENT, "consumer_id: is required");
    apideck_vault_client_free(client);
}

static void requests(apideck_vault_client client)
{
    CALL(get, client, NULL, 0, APIDECK_VAULT_INVALID_ARGUMENT, "\\\"service_id\\\" is required");
    CALL(get, client, "", 0, APIDECK_VAULT_INVALID_ARGUMENT, "request: is not JSON");
    CALL(get, client, "\xc3(", 0, APIDECK_VAULT_INVALID_ARGUMENT, "request: is not UTF-8 at byte 0");
    CALL(get, client, "{\"service_id\":\"a\",\"unified_api\":\"..\"}", 0, APIDECK_VAULT_INVALID_ARGUMENT, "unified_api: must not be");
    CALL(delete, client, "{\"service_id\":\"\",\"unified_api\":\"crm\"}", 0, APIDECK_VAULT_INVALID_ARGUMENT, "service_id: must not be empty");
    CALL(list, client, "{\"configured\":\"yes\"}", 0, APIDECK_VAULT_INVALID_ARGUMENT, "configured: expected a boolean, found a string");
    CALL(list, client, "{\"aip\":\"crm\"}", 0, APIDECK_VAULT_INVALID_ARGUMENT, "did you mean \\\"api\\\"?");
    CALL(token, client, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{}}", 0, APIDECK_VAULT_INVALID_ARGUMENT, "unknown key \\\"connection\\\"");
    CALL(update, client, ONE, 0, APIDECK_VAULT_INVALID_ARGUMENT, "\\\"connection\\\" is required");
    CALL(imports, client, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection_import_data\":{\"credentials\":{\"expires_in\":1.5}}}",
         0, APIDECK_VAULT_INVALID_ARGUMENT, "connection_import_data.credentials.expires_in: expected a whole number");
    CALL(list, client, "{\"consumer_id\":\"a\\u0000b\"}", 0, APIDECK_VAULT_INVALID_ARGUMENT, "consumer_id: has a control character");
    /* The text is the same if the status pointer is NULL. */
    apideck_vault_string_free(apideck_vault_connections_get(client, "{", 0, NULL));
}

static void handles(apideck_vault_client client)
{
    apideck_vault_cancellation cancellation = apideck_vault_cancellation_new();
    apideck_vault_cancellation freed = apideck_vault_cancellation_new();
    apideck_vault_client other = client_for("http://127.0.0.1:1", "");
    CHECK(cancellation != 0 && freed != 0 && cancellation != freed);
    apideck_vault_cancellation_free(freed);
    apideck_vault_cancellation_free(freed);
    apideck_vault_cancellation_cancel(freed);

    CALL(list, 0, "{}", 0, APIDECK_VAULT_INVALID_HANDLE, "the client handle");
    CALL(list, cancellation, "{}", 0, APIDECK_VAULT_INVALID_HANDLE, "the client handle");
    CALL(list, 123456789, "{}", 0, APIDECK_VAULT_INVALID_HANDLE, "the client handle");
    CALL(list, UINT64_MAX, "{}", 0, APIDECK_VAULT_INVALID_HANDLE, "the client handle");
    CALL(list, client, "{}", client, APIDECK_VAULT_INVALID_HANDLE, "the cancellation handle");
    CALL(list, client, "{}", freed, APIDECK_VAULT_INVALID_HANDLE, "the cancellation handle");

    apideck_vault_client_free(cancellation);
    apideck_vault_cancellation_cancel(cancellation);
    CALL(list, client, "{}", cancellation, APIDECK_VAULT_CANCELLED, "cancelled");
    apideck_vault_cancellation_free(cancellation);

    apideck_vault_client_free(other);
    apideck_vault_client_free(other);
    CALL(list, other, "{}", 0, APIDECK_VAULT_INVALID_HANDLE, "was freed");
    CHECK(apideck_vault_client_set_event_callback(other, NULL, NULL) == APIDECK_VAULT_INVALID_HANDLE);
}

int main(int argc, char **argv)
{
    apideck_vault_client client;
    int status;
    CHECK(argc == 2);
    client = client_for(argv[1], "");
    configurations();
    requests(client);
    handles(client);
    for (status = 0; status <= APIDECK_VAULT_INVALID_SIGNATURE; status++)
        CHECK(strcmp(apideck_vault_status_name(status), "UNKNOWN") != 0);
    CHECK(strcmp(apideck_vault_status_name(-1), "UNKNOWN") == 0);
    CHECK(strcmp(apideck_vault_status_name(99), "UNKNOWN") == 0);
    CHECK(strcmp(apideck_vault_status_name(APIDECK_VAULT_NOT_FOUND), "NOT_FOUND") == 0);
    CHECK(strlen(apideck_vault_version()) >= 5);
    apideck_vault_string_free(NULL);
    apideck_vault_client_free(client);
    apideck_vault_client_free(0);
    return 0;
}
