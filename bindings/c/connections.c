/*
 * Lists a consumer's connections with their state, then fills in the settings of one from its form fields.
 *
 *   cc connections.c $(pkg-config --cflags --libs apideck_vault) -o connections
 *   APIDECK_API_KEY=... APIDECK_APP_ID=... APIDECK_CONSUMER_ID=... ./connections
 *
 * For the local Vault, start apideck-vault-sandbox and set APIDECK_SERVER_URL to the address that it prints.
 */
#include <apideck_vault.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONE "\"unified_api\":\"crm\",\"service_id\":\"pipedrive\""

/* Formats a JSON Pointer to a member of an array's element. */
static const char *at(const char *array, size_t index, const char *member)
{
    static char pointer[128];
    snprintf(pointer, sizeof pointer, "%s/%lu/%s", array, (unsigned long)index, member);
    return pointer;
}

static void print_value(const char *json, const char *pointer, const char *end)
{
    char *value = apideck_vault_json_get(json, pointer);
    printf("%s%s", value != NULL ? value : "(none)", end);
    apideck_vault_string_free(value);
}

/* Makes a call. Ends the program with the error's message if it fails. */
static char *call(apideck_vault_client client, const char *operation, const char *request)
{
    apideck_vault_status status;
    char *response = apideck_vault_call(client, operation, request, 0, &status);
    if (status != APIDECK_VAULT_OK) {
        printf("%s: %s: ", operation, apideck_vault_status_name(status));
        print_value(response, "/error/message", "\n");
        exit(EXIT_FAILURE);
    }
    return response;
}

int main(void)
{
    static const char LIST[] = "/body/data", FIELDS[] = "/body/data/form_fields";
    char request[8192] = "{" ONE ",\"connection\":{\"settings\":{", line[256], *error, *list, *one;
    size_t i, used = strlen(request);
    apideck_vault_client client = apideck_vault_client_new("{\"timeout_ms\":10000}", &error);
    if (client == 0) {
        print_value(error, "/error/message", "\n");
        return EXIT_FAILURE;
    }

    list = call(client, "connections.list", "{\"api\":\"crm\"}");
    for (i = 0; i < apideck_vault_json_count(list, LIST); i++) {
        print_value(list, at(LIST, i, "name"), ": ");
        print_value(list, at(LIST, i, "state"), "\n");
    }

    one = call(client, "connections.get", "{" ONE "}");
    for (i = 0; i < apideck_vault_json_count(one, FIELDS); i++) {
        print_value(one, at(FIELDS, i, "label"), "? ");
        if (fgets(line, sizeof line, stdin) != NULL && line[strcspn(line, "\n")] == '\n' && line[0] != '\n') {
            char *id = apideck_vault_json_get(one, at(FIELDS, i, "id"));
            char *key = apideck_vault_json_quote(id), *value;
            line[strcspn(line, "\n")] = '\0';
            value = apideck_vault_json_quote(line);
            if (key != NULL && value != NULL && used + strlen(key) + strlen(value) + 8 < sizeof request)
                used += (size_t)sprintf(request + used, "%s%s:%s", strchr(",{", request[used - 1]) ? "" : ",", key, value);
            apideck_vault_string_free(id);
            apideck_vault_string_free(key);
            apideck_vault_string_free(value);
        }
    }
    apideck_vault_string_free(one);

    strcat(request, "}}}");
    one = call(client, "connections.update", request);
    print_value(one, "/body/data/state", "\n");

    apideck_vault_string_free(list);
    apideck_vault_string_free(one);
    apideck_vault_client_free(client);
    return EXIT_SUCCESS;
}
