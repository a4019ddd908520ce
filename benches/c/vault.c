/* This library from C. Usage: vault URL KIND COUNT
 * KIND is a kind of measure.h, or refused (a request that is not sent), or client (a client is made and freed). */
#include "measure.h"

#include <apideck_vault.h>

static apideck_vault_client client;
static char config[1024], request[64];

static void check(char *response, apideck_vault_status status, apideck_vault_status wanted)
{
    must(status == wanted, response);
    apideck_vault_string_free(response);
}

static void call_get(void *context)
{
    apideck_vault_status status;
    char *response = apideck_vault_connections_get(client, request, 0, &status);
    (void)context;
    check(response, status, APIDECK_VAULT_OK);
}

static void call_error(void *context)
{
    apideck_vault_status status;
    char *response = apideck_vault_connections_get(client, request, 0, &status);
    (void)context;
    must(status != APIDECK_VAULT_OK && strstr(response, "On purpose.") != NULL, response);
    apideck_vault_string_free(response);
}

static void call_list(void *context)
{
    apideck_vault_status status;
    char *response = apideck_vault_connections_list(client, request, 0, &status);
    (void)context;
    check(response, status, APIDECK_VAULT_OK);
}

static void call_refused(void *context)
{
    apideck_vault_status status;
    char *response = apideck_vault_connections_update(
        client, "{\"service_id\":\"pipedrive\",\"unified_api\":\"crm\",\"connection\":{\"enabled\":\"yes\"}}", 0, &status);
    (void)context;
    check(response, status, APIDECK_VAULT_INVALID_ARGUMENT);
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
    must(argc == 4, "usage: vault URL get|LENGTH|STATUS|refused|client COUNT");
    snprintf(config, sizeof config,
             "{\"api_key\":\"key\",\"app_id\":\"app\",\"consumer_id\":\"consumer\",\"server_url\":\"%s\",\"proxy\":null,"
             "\"retries\":null}",
             argv[1]);
    if (strcmp(argv[2], "get") == 0 || is_error(argv[2]))
        snprintf(request, sizeof request, "{\"service_id\":\"%s\",\"unified_api\":\"crm\"}", service_of(argv[2]));
    else
        snprintf(request, sizeof request, "{\"api\":\"%s\"}", argv[2]);
    client = apideck_vault_client_new(config, &error);
    must(client != 0, error);
    if (strcmp(argv[2], "get") == 0) call = call_get;
    if (is_error(argv[2])) call = call_error;
    if (strcmp(argv[2], "refused") == 0) call = call_refused;
    if (strcmp(argv[2], "client") == 0) call = call_client;
    measure(atoi(argv[3]), call, NULL);
    apideck_vault_client_free(client);
    return 0;
}
