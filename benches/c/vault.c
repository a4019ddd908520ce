/* This library from C: vault URL KIND COUNT
 * KIND is get, the length of a list, refused (a request that is never sent), or client (one made and freed). */
#include "measure.h"

#include <apideck_vault.h>

static apideck_vault_client client;
static char config[1024], list[64];

static void check(char *reply, apideck_vault_status status, apideck_vault_status wanted)
{
    must(status == wanted, reply);
    apideck_vault_string_free(reply);
}

static void call_get(void *context)
{
    apideck_vault_status status;
    char *reply = apideck_vault_connections_get(client, "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"}", 0, &status);
    (void)context;
    check(reply, status, APIDECK_VAULT_OK);
}

static void call_list(void *context)
{
    apideck_vault_status status;
    char *reply = apideck_vault_connections_list(client, list, 0, &status);
    (void)context;
    check(reply, status, APIDECK_VAULT_OK);
}

static void call_refused(void *context)
{
    apideck_vault_status status;
    char *reply = apideck_vault_connections_update(
        client, "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\",\"connection\":{\"enabled\":\"yes\"}}", 0, &status);
    (void)context;
    check(reply, status, APIDECK_VAULT_INVALID_ARGUMENT);
}

static void call_client(void *context)
{
    char *error = NULL;
    apideck_vault_client one = apideck_vault_client_new(config, &error);
    (void)context;
    must(one != 0, error);
    apideck_vault_client_free(one);
}

int main(int argc, char **argv)
{
    char *error = NULL;
    void (*call)(void *) = call_list;
    must(argc == 4, "usage: vault URL get|LENGTH|refused|client COUNT");
    snprintf(config, sizeof config,
             "{\"api_key\":\"key\",\"app_id\":\"app\",\"consumer_id\":\"consumer\",\"server_url\":\"%s\",\"proxy\":null}", argv[1]);
    snprintf(list, sizeof list, "{\"api\":\"%s\"}", argv[2]);
    client = apideck_vault_client_new(config, &error);
    must(client != 0, error);
    if (strcmp(argv[2], "get") == 0) call = call_get;
    if (strcmp(argv[2], "refused") == 0) call = call_refused;
    if (strcmp(argv[2], "client") == 0) call = call_client;
    measure(atoi(argv[3]), call, NULL);
    apideck_vault_client_free(client);
    return 0;
}
