/* This library: vault URL list|get COUNT */
#include "measure.h"

#include <apideck_vault.h>

static apideck_vault_client client;
static int is_list;

static void call(void *context)
{
    apideck_vault_status status;
    char *reply;
    (void)context;
    reply = is_list ? apideck_vault_connections_list(client, NULL, 0, &status)
                    : apideck_vault_connections_get(client, "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\"}", 0, &status);
    must(status == APIDECK_VAULT_OK, reply);
    apideck_vault_string_free(reply);
}

int main(int argc, char **argv)
{
    char config[1024], *error = NULL;
    must(argc == 4, "usage: vault URL list|get COUNT");
    snprintf(config, sizeof config,
             "{\"api_key\":\"key\",\"app_id\":\"app\",\"consumer_id\":\"consumer\",\"server_url\":\"%s\",\"proxy\":null}", argv[1]);
    client = apideck_vault_client_new(config, &error);
    must(client != 0, error);
    is_list = strcmp(argv[2], "list") == 0;
    measure(atoi(argv[3]), call, NULL);
    apideck_vault_client_free(client);
    return 0;
}
