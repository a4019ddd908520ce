/* Makes one list call. The arguments are the server and more members of the configuration. All else comes from the
 * environment. */
#include "check.h"

int main(int argc, char **argv)
{
    char config[2048];
    apideck_vault_status status;
    apideck_vault_client client;
    char *reply, *error = NULL;
    CHECK(argc == 2 || argc == 3);
    snprintf(config, sizeof config, "{\"api_key\":\"k\",\"app_id\":\"a\",\"server_url\":\"%s\",\"retries\":null%s}", argv[1],
             argc == 3 ? argv[2] : "");
    client = apideck_vault_client_new(config, &error);
    if (client == 0) {
        printf("INVALID_ARGUMENT %s\n", error);
        apideck_vault_string_free(error);
        return 0;
    }
    reply = apideck_vault_connections_list(client, NULL, 0, &status);
    printf("%s %s\n", apideck_vault_status_name(status), reply);
    apideck_vault_string_free(reply);
    apideck_vault_client_free(client);
    return 0;
}
