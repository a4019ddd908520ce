/*
 * apideck_vault.h - manage Apideck Vault connections from C.
 *
 * This header is the manual. It is generated; do not edit it.
 *
 * WHAT IT DOES
 *
 * Apideck Vault keeps the connections between your customers ("consumers") and services such as
 * Salesforce or Xero. Six operations manage them, each one function here:
 *
 *   apideck_vault_connections_list      GET    /vault/connections
 *   apideck_vault_connections_get       GET    /vault/connections/{unified_api}/{service_id}
 *   apideck_vault_connections_update    PATCH  /vault/connections/{unified_api}/{service_id}
 *   apideck_vault_connections_delete    DELETE /vault/connections/{unified_api}/{service_id}
 *   apideck_vault_connections_imports   POST   /vault/connections/{unified_api}/{service_id}/import
 *   apideck_vault_connections_token     POST   /vault/connections/{unified_api}/{service_id}/token
 *
 * All text that goes in or comes out is NUL-terminated UTF-8, most of it JSON.
 *
 * A WHOLE PROGRAM
 *
 *   char *error = NULL;
 *   apideck_vault_client client = apideck_vault_client_new(
 *       "{\"api_key\":\"...\",\"app_id\":\"...\",\"consumer_id\":\"...\"}", &error);
 *   if (client == 0) { fprintf(stderr, "%s\n", error); apideck_vault_string_free(error); return 1; }
 *
 *   apideck_vault_status status;
 *   char *reply = apideck_vault_connections_list(client, "{\"api\":\"crm\"}", 0, &status);
 *   if (status == APIDECK_VAULT_OK) puts(reply);
 *   else fprintf(stderr, "%s: %s\n", apideck_vault_status_name(status), reply);
 *   apideck_vault_string_free(reply);
 *   apideck_vault_client_free(client);
 *
 * OWNERSHIP
 *
 * A returned `char *` is yours until you give it to apideck_vault_string_free(). An operation always
 * returns one, on failure too. What is returned as `const char *` is the library's and lives for ever.
 * The library keeps no pointer that you pass in, but for an event callback and its `user_data`.
 *
 * HANDLES
 *
 * A client and a cancellation are numbers, not addresses. 0 is never a handle. A handle that was freed,
 * made up, or is of the other kind gives APIDECK_VAULT_INVALID_HANDLE; freeing it does nothing. Freeing
 * a client while other threads are inside a call is safe: those calls finish.
 *
 * THREADS, FORK, SIGNALS, EXIT
 *
 * Every function may be called from any thread at any time, one client from many threads at once.
 * After fork() a child may use its parent's clients; it opens connections of its own. A signal does
 * not end a call. The library writes nothing to stdout or stderr, installs no signal handler and keeps
 * no background thread.
 *
 * Every function may be called while the process or a thread ends: from atexit() handlers, from C++
 * destructors of static and thread_local objects, and from destructors of pthread_key_create().
 *
 * pthread_cancel() has no effect inside a function of this library, event callbacks included. A thread
 * that is cancelled there ends at its next cancellation point after the function has returned. To end
 * the call itself, use a cancellation. As for nearly all functions of POSIX, the thread's cancellation
 * type must be deferred, which is the default.
 *
 * CONFIGURATION  (apideck_vault_client_new; a JSON object)
 *
 *   api_key               string, required  or environment APIDECK_API_KEY
 *   app_id                string, required  or environment APIDECK_APP_ID
 *   consumer_id           string            or environment APIDECK_CONSUMER_ID; every operation but
 *                                           list needs one, here or in the request
 *   server_url            string            or environment APIDECK_SERVER_URL, else
 *                                           https://unify.apideck.com; may have a path
 *   allow_insecure_http   boolean, false    plain http to hosts that are not loopback
 *   timeout_ms            integer, 30000    bounds the whole call: attempts, pauses, body
 *   connect_timeout_ms    integer, 10000    name lookup, connect and TLS of one attempt
 *   retries               object or null    null or {"strategy":"none"} switch retries off. Default:
 *                                           {"strategy":"backoff",
 *                                            "backoff":{"initial_interval":500,"max_interval":60000,
 *                                                       "exponent":1.5,"max_elapsed_time":900000},
 *                                            "max_attempts":4,"retry_connection_errors":true}
 *                                           (milliseconds). Given without max_attempts, retries are
 *                                           bound by time alone. See RETRIES below.
 *   http_headers          object of strings at most 100, added to every request; may replace the
 *                                           library's own, but not connection, content-length, expect,
 *                                           keep-alive, te, trailer, transfer-encoding, upgrade
 *   user_agent            string            put before the library's own apideck-vault/VERSION
 *   proxy                 string or null    an http:// or https:// URL; default: the first usable one
 *                                           of HTTPS_PROXY, ALL_PROXY, HTTP_PROXY (or in lower case),
 *                                           but not for loopback addresses nor for what NO_PROXY
 *                                           names: hosts with all below them, addresses, ranges, *
 *   ca_file               string            PEM file of roots to trust besides the built-in ones
 *   max_response_bytes    integer, 67108864 after decompression
 *   max_idle_connections  integer, 64       kept-alive connections
 *
 * In place of these values, null is as good as nothing, but for retries and proxy. Values of headers, and
 * the path with its query, have at most 8192 bytes.
 *
 * RETRIES
 *
 * A request is sent again after the statuses 408, 429, 500, 502, 503 and 504, and after a connection that
 * breaks if the request is a GET or DELETE or no byte of it was sent: a PATCH or POST that may have arrived
 * is not repeated. An import is sent again only after 429 and 503, or if no byte of it was sent: sent twice,
 * it could overwrite a newer token. Waits grow from initial_interval by exponent to max_interval; each is
 * between half and the whole of its interval, at random. Retry-After makes a wait longer, never shorter. One
 * that reaches past the deadline ends the call with what the server said.
 *
 * If the server has closed an idle connection, a new one is opened before the request is sent. If it closes
 * during the request, only GET and DELETE are sent again. Neither is a retry or an attempt: it happens with
 * retries switched off, too, and is not counted.
 *
 * REQUESTS  (each operation; a JSON object; NULL means {})
 *
 * Besides its own keys, listed at each operation, a request may have, for this call alone: api_key,
 * consumer_id, app_id, server_url, timeout_ms, retries, http_headers. An unknown key is refused.
 *
 * ANSWERS
 *
 * Success:
 *   {"http":{"status":200,"headers":{"content-type":"application/json"},"attempts":1},"body":{...}}
 * `headers` has lower-case names; values that came one by one are joined with ", ". `body` is the server's
 * JSON byte for byte, or null where there is none. The body of list is {"status_code":200,"status":"OK","data":[connection,...]}, of the others
 * {"status_code":200,"status":"OK","data":connection}, of delete null. A connection is an object like
 *   {"id":"crm+salesforce","service_id":"salesforce","unified_api":"crm","name":"Salesforce",
 *    "state":"callable","auth_type":"oauth2","enabled":true,"authorize_url":"https://...",
 *    "settings":{...},"form_fields":[...],"configuration":[...], ...}
 *
 * Failure:
 *   {"error":{"status":"NOT_FOUND","message":"404 Not Found: ...","retryable":false},
 *    "http":{...},"body":...}
 * `message` says what went wrong and where. `retryable` says whether the same call may succeed later;
 * `retry_after_ms` stands beside it where the server named a time. `http` and `body` are there once an
 * answer was read; a body that is not JSON is given as a string, its first 4 KiB.
 *
 * SECRETS
 *
 * No message and no event holds a secret, even if the server repeats one: "[redacted]" stands in its
 * place. Secrets are the API key; headers named authorization or cookie, or with key, token, secret or
 * password in their name; and all that stands in the body below settings, credentials or such a name.
 * A value of fewer than 4 bytes is no secret, and a part of a longer word is left alone. `body` and
 * `http.headers` are what the server sent, unchanged.
 */


#ifndef APIDECK_VAULT_H
#define APIDECK_VAULT_H

#include <stdint.h>



// A client: a number, see HANDLES above. 0 is never valid.
typedef uint64_t apideck_vault_client;

// A cancellation: a number, see HANDLES above. As an argument, 0 means "cannot be cancelled".
typedef uint64_t apideck_vault_cancellation;

// How a call ended: one of the constants below. Their values never change.
typedef int32_t apideck_vault_status;

// Called with each event of a client's calls. `event_json` is valid until the callback returns;
// `user_data` is what was passed when the callback was set.
//
// An event is {"event":"request"|"response"|"retry"|"error","call_id":7,"consumer_id":"...",
// "operation":"connections.list","method":"GET","path":"/vault/connections","attempt":1,
// "status":503,"elapsed_ms":12,"wait_ms":500,"message":"..."}. Keys that do not apply are absent.
// All events of one call have the same `call_id`: an integer from 1 that counts up and is unique
// within the process. `consumer_id` is absent if the call has no consumer. No event holds a secret.
typedef void (*apideck_vault_event_callback)(const char *event_json, void *user_data);

// A 2xx with the body that the operation promises.
#define APIDECK_VAULT_OK 0

// The configuration or request cannot be sent: not UTF-8, not JSON, a required field missing or of
// the wrong type, an unknown key, a value that no header or path may carry. Nothing was sent.
#define APIDECK_VAULT_INVALID_ARGUMENT 1

// The client or cancellation was freed, made up, or is of the other kind. Nothing was sent.
#define APIDECK_VAULT_INVALID_HANDLE 2

// HTTP 400.
#define APIDECK_VAULT_BAD_REQUEST 3

// HTTP 401.
#define APIDECK_VAULT_UNAUTHORIZED 4

// HTTP 402.
#define APIDECK_VAULT_PAYMENT_REQUIRED 5

// HTTP 404.
#define APIDECK_VAULT_NOT_FOUND 6

// HTTP 422.
#define APIDECK_VAULT_UNPROCESSABLE 7

// HTTP 429, after retries.
#define APIDECK_VAULT_RATE_LIMITED 8

// Any other status outside 2xx; 3xx too, redirects are never followed.
#define APIDECK_VAULT_API_ERROR 9

// Name lookup, connect or TLS failed, or the connection broke.
#define APIDECK_VAULT_CONNECTION 10

// The call's deadline passed.
#define APIDECK_VAULT_TIMEOUT 11

// The call's cancellation was cancelled.
#define APIDECK_VAULT_CANCELLED 12

// A 2xx whose body is not what it should be (not JSON, not UTF-8, cut short, empty where one is
// promised, larger than max_response_bytes, nested deeper than 128), or not HTTP at all.
#define APIDECK_VAULT_INVALID_RESPONSE 13

// A defect in the library.
#define APIDECK_VAULT_INTERNAL 14

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Makes a client from `config_json` (see CONFIGURATION above; NULL means {}).
//
// Returns 0 on failure, and then sets `*error_json`, if `error_json` is not NULL, to a text like
// {"error":{"status":"INVALID_ARGUMENT","message":"app_id: is required: ...","retryable":false}}
// that is yours to free. On success `*error_json` is set to NULL. Nothing is sent yet.
apideck_vault_client apideck_vault_client_new(const char *config_json, char **error_json);

// Frees a client. Calls that are under way finish; the API key is wiped when the last has. A handle
// that names no client is left alone.
void apideck_vault_client_free(apideck_vault_client client);

// Lists connections (Get all connections: GET /vault/connections).
//
// Keys of `request_json`, all optional: "api" (string; one unified API alone, "crm"), "configured"
// (boolean; those that are, or are not). Example: {"api":"crm","configured":true}
//
// Returns the answer (see ANSWERS above), yours to free, never NULL; `*status`, if `status` is not
// NULL, says how the call ended. `cancellation` 0 means that nothing can cancel the call. All of this
// holds for the five functions that follow, too.
char *apideck_vault_connections_list(apideck_vault_client client,
                                     const char *request_json,
                                     apideck_vault_cancellation cancellation,
                                     apideck_vault_status *status);

// Gets one connection (Get connection: GET /vault/connections/{unified_api}/{service_id}).
//
// Keys of `request_json`: "service_id" (string, required), "unified_api" (string, required).
// Example: {"service_id":"salesforce","unified_api":"crm"}
char *apideck_vault_connections_get(apideck_vault_client client,
                                    const char *request_json,
                                    apideck_vault_cancellation cancellation,
                                    apideck_vault_status *status);

// Changes a connection (Update connection: PATCH /vault/connections/{unified_api}/{service_id}).
//
// Keys of `request_json`: those of get, and "connection" (object, required): what is to change, with
// "enabled" (boolean), "settings" and "metadata" (objects or null), "configuration" (array of
// {"resource":string,"defaults":[{"id":string,"options":[...],"value":...}]}), "custom_mappings"
// (array of {"value":string}). Their types are checked; other fields pass through unchecked; the text
// is sent as it is.
// Example: {"service_id":"salesforce","unified_api":"crm","connection":{"enabled":true,
// "settings":{"instance_url":"https://eu28.salesforce.com"}}}
char *apideck_vault_connections_update(apideck_vault_client client,
                                       const char *request_json,
                                       apideck_vault_cancellation cancellation,
                                       apideck_vault_status *status);

// Deletes a connection (Deletes a connection: DELETE /vault/connections/{unified_api}/{service_id}).
//
// Keys of `request_json`: those of get. The answer's body is null.
char *apideck_vault_connections_delete(apideck_vault_client client,
                                       const char *request_json,
                                       apideck_vault_cancellation cancellation,
                                       apideck_vault_status *status);

// Imports a connection that was authorized elsewhere (Import connection:
// POST /vault/connections/{unified_api}/{service_id}/import).
//
// Keys of `request_json`: those of get, and "connection_import_data" (object, required) with
// "credentials" ({"access_token":string,"refresh_token":string or null,"issued_at":string or null,
// "expires_in":integer or null}), "settings" and "metadata" (objects or null). Checked and sent as
// the connection of an update.
// Example: {"service_id":"pipedrive","unified_api":"crm","connection_import_data":{"credentials":
// {"access_token":"...","refresh_token":"..."}}}
char *apideck_vault_connections_imports(apideck_vault_client client,
                                        const char *request_json,
                                        apideck_vault_cancellation cancellation,
                                        apideck_vault_status *status);

// Exchanges stored credentials for an access token (Authorize Access Token:
// POST /vault/connections/{unified_api}/{service_id}/token), for connections whose OAuth grant type is
// client_credentials or password.
//
// Keys of `request_json`: those of get. The token is stored in Vault; it is not in the answer.
char *apideck_vault_connections_token(apideck_vault_client client,
                                      const char *request_json,
                                      apideck_vault_cancellation cancellation,
                                      apideck_vault_status *status);

// Makes a cancellation, with which another thread can end a call. One may serve many calls; once
// cancelled it stays so. 0 only if there are more of them than numbers.
apideck_vault_cancellation apideck_vault_cancellation_new(void);

// Ends every call that was given this cancellation, within 100 ms, with APIDECK_VAULT_CANCELLED, and
// every later one at once. A handle that names no cancellation is left alone.
void apideck_vault_cancellation_cancel(apideck_vault_cancellation cancellation);

// Frees a cancellation; calls that have it go on. A handle that names no cancellation is left alone.
void apideck_vault_cancellation_free(apideck_vault_cancellation cancellation);

// Sets, replaces or (with NULL) removes the callback that gets the events of the client's calls.
//
// The callback is called on the thread that makes the call, so several threads may call it at the
// same time. After this function returns, the previous callback is never called again, so its
// `user_data` can be freed. Inside a callback this function returns APIDECK_VAULT_INVALID_ARGUMENT.
// Calls made inside a callback cause no events.
//
// `callback` and `user_data` must be usable on any thread until the callback is replaced or removed,
// or the client is freed and its last call has ended. The callback must return: no exception and no
// longjmp may leave it.
apideck_vault_status apideck_vault_client_set_event_callback(apideck_vault_client client,
                                                             apideck_vault_event_callback callback,
                                                             void *user_data);

// The library's version, like "0.1.0". Static.
const char *apideck_vault_version(void);

// The name of a status as it stands in JSON: "OK", "NOT_FOUND". Static, never NULL; "UNKNOWN" for a
// number that is no status.
const char *apideck_vault_status_name(apideck_vault_status status);

// Frees a text that the library returned as `char *`. NULL is fine.
// Freeing a text twice, or one that is not the library's, is as bad as with free().
void apideck_vault_string_free(char *string);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* APIDECK_VAULT_H */
