/* A library with the version VERSION. A program that calls anything but its version aborts. */
#include <stdlib.h>

#include "apideck_vault.h"

#define NEVER { abort(); }

const char *apideck_vault_version(void) { return VERSION; }
const char *apideck_vault_status_name(apideck_vault_status status) { return "UNKNOWN"; }
char *apideck_vault_call(apideck_vault_client client, const char *operation, const char *request_json,
        apideck_vault_cancellation cancellation, apideck_vault_status *status) NEVER
size_t apideck_vault_string_length(const char *string) NEVER
apideck_vault_client apideck_vault_client_new(const char *config_json, char **error_json) NEVER
void apideck_vault_client_free(apideck_vault_client client) NEVER
apideck_vault_cancellation apideck_vault_cancellation_new(void) NEVER
void apideck_vault_cancellation_cancel(apideck_vault_cancellation cancellation) NEVER
void apideck_vault_cancellation_free(apideck_vault_cancellation cancellation) NEVER
apideck_vault_status apideck_vault_client_set_event_callback(apideck_vault_client client,
        apideck_vault_event_callback callback, void *user_data) NEVER
void apideck_vault_string_free(char *string) NEVER
char *apideck_vault_connection_health(const char *connection_json, apideck_vault_status *status) NEVER
char *apideck_vault_webhook_verify(const char *body, size_t body_length, const char *signature, const char *api_key,
        apideck_vault_status *status) NEVER
char *apideck_vault_webhook_sign(const char *body, size_t body_length, const char *api_key,
        apideck_vault_status *status) NEVER
