/* The six operations with the local Vault, with text in many scripts, and a list of 1,000 connections. */
#include "check.h"

#define PLACE "\"service_id\":\"salesforce\",\"unified_api\":\"crm\""
#define METADATA "{\"Straße\":\"日本語 🦀 שלום\",\"n\":1.10,\"большое\":12345678901234567890123}"
#define CONFIGURATION                                                                       \
    "[{\"resource\":\"контакты\",\"defaults\":[{\"id\":\"größe\",\"value\":\"ærlig 🙂\","   \
    "\"target\":\"custom_fields\",\"options\":[{\"label\":\"καλά\",\"id\":\"ő\","           \
    "\"option_type\":\"group\",\"options\":[{\"label\":\"好\",\"value\":\"좋다\","          \
    "\"option_type\":\"simple\"}]}]}]}]"
#define SETTING "\"instance_url\":\"https://bücher.example/ñ?q=日\""

/* Text in every field: ids, header values, path segments and the body. */
static void six_operations(const char *url)
{
    char config[512];
    apideck_vault_client client;
    snprintf(config, sizeof config,
             "{\"api_key\":\"sk_live_marked\",\"app_id\":\"приложение\",\"consumer_id\":\"søren@日本\","
             "\"user_agent\":\"τεστ/1\",\"http_headers\":{\"x-note\":\"naïve 🦀\"},\"server_url\":\"%s\"}", url);
    client = apideck_vault_client_new(config, NULL);
    CHECK(client != 0);
    CALL(list, client, NULL, 0, APIDECK_VAULT_OK, "\"service_id\":\"salesforce\"");
    CALL(list, client, "{\"api\":\"größe\"}", 0, APIDECK_VAULT_OK, "\"data\":[]");
    CALL(list, client, "{\"api\":\"crm\",\"configured\":true}", 0, APIDECK_VAULT_OK, "\"data\":[]");
    CALL(get, client, "{" PLACE "}", 0, APIDECK_VAULT_OK, "\"state\":\"available\"");
    CALL(get, client, "{\"service_id\":\"日本/..?é\",\"unified_api\":\"crm\"}", 0, APIDECK_VAULT_NOT_FOUND, "日本/..?é");

    CALL(update, client,
         "{" PLACE ",\"connection\":{\"enabled\":true,\"settings\":{" SETTING "},\"metadata\":" METADATA
         ",\"configuration\":" CONFIGURATION ",\"custom_mappings\":[{\"id\":\"ид\",\"key\":\"钥\",\"label\":\"étiquette\","
         "\"value\":\"$['ключ']\",\"description\":\"कुछ\",\"required\":false}]}}",
         0, APIDECK_VAULT_OK, METADATA);
    CALL(get, client, "{" PLACE "}", 0, APIDECK_VAULT_OK, "\"контакты\"");
    CALL(get, client, "{" PLACE "}", 0, APIDECK_VAULT_OK, "ærlig 🙂");
    CALL(get, client, "{" PLACE "}", 0, APIDECK_VAULT_OK, "étiquette");
    CALL(get, client, "{" PLACE "}", 0, APIDECK_VAULT_OK, SETTING);
    CALL(list, client, "{\"api\":\"crm\",\"configured\":true}", 0, APIDECK_VAULT_OK, "\"service_id\":\"salesforce\"");
    /* Another consumer, whose id differs in one letter. */
    CALL(get, client, "{" PLACE ",\"consumer_id\":\"soren@日本\"}", 0, APIDECK_VAULT_OK, "\"state\":\"available\"");

    CALL(imports, client,
         "{" PLACE ",\"connection_import_data\":{\"credentials\":{\"access_token\":\"тайна\",\"refresh_token\":\"秘密\","
         "\"issued_at\":\"2999-01-01T00:00:00Z\",\"expires_in\":3600},\"metadata\":" METADATA "}}",
         0, APIDECK_VAULT_OK, "\"state\":\"callable\"");
    CALL(token, client, "{" PLACE "}", 0, APIDECK_VAULT_UNPROCESSABLE, "authorization_code");
    CALL(delete, client, "{" PLACE "}", 0, APIDECK_VAULT_OK, "\"body\":null}");
    CALL(get, client, "{" PLACE "}", 0, APIDECK_VAULT_OK, "\"state\":\"available\"");
    apideck_vault_client_free(client);
}

/* The one operation that works on a grant without a user. */
static void a_token(const char *url)
{
    apideck_vault_client client = client_for(url, "");
    CALL(update, client,
         "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\",\"connection\":{\"settings\":{"
         "\"instance_url\":\"https://acme.pipedrive.com\",\"api_key\":\"12345\"}}}",
         0, APIDECK_VAULT_OK, "\"state\":");
    CALL(token, client, ONE, 0, APIDECK_VAULT_OK, "\"state\":\"callable\"");
    CALL(delete, client, ONE, 0, APIDECK_VAULT_OK, "\"status\":204");
    apideck_vault_client_free(client);
}

/* All of a thousand connections are in the list, in order. */
static void a_long_list(const char *url)
{
    apideck_vault_client client = client_for(url, "");
    apideck_vault_status status = -1;
    char *reply = apideck_vault_connections_list(client, NULL, 0, &status);
    const char *at = reply;
    CHECK(status == APIDECK_VAULT_OK);
    for (int number = 0; number < 1000; number++) {
        char id[64];
        snprintf(id, sizeof id, "{\"id\":\"crm+größe-%d\",", number);
        at = strstr(at, id);
        CHECK(at != NULL);
        at += strlen(id);
    }
    CHECK(strstr(at, "\"id\":") == NULL);
    CHECK(strcmp(at + strlen(at) - 3, "]}}") == 0);
    apideck_vault_string_free(reply);
    apideck_vault_client_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 3);
    six_operations(argv[1]);
    a_token(argv[1]);
    a_long_list(argv[2]);
    return 0;
}
