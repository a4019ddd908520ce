/* One list with the server of the argument and, but for that, the environment's configuration. */
#include "check.h"

int main(int argc, char **argv)
{
    char config[512];
    apideck_vault_status status;
    apideck_vault_client client;
    char *reply;
    CHECK(argc == 2);
    snprintf(config, sizeof config, "{\"api_key\":\"k\",\"app_id\":\"a\",\"server_url\":\"%s\",\"retries\":null}", argv[1]);
    client = apideck_vault_client_new(config, NULL);
    CHECK(client != 0);
    reply = apideck_vault_connections_list(client, NULL, 0, &status);
    printf("%s %s\n", apideck_vault_status_name(status), reply);
    apideck_vault_string_free(reply);
    apideck_vault_client_free(client);
    return 0;
}
