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
 *                                           https://unify.apideck.com; may have a path.
 *                                           A host beyond ASCII is sent as xn--..., a path
 *                                           percent-encoded
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
 *   proxy                 string or null    an http:// or https:// URL, or null for none. Default: from the
 *                                           environment, see PROXIES below
 *   tls_roots             string            "bundled" (Mozilla's list, the default) or "system" (the operating
 *                                           system's store), see TRUST below
 *   ca_file               string            PEM file of certificates to trust besides
 *   max_response_bytes    integer, 67108864 after decompression
 *   max_idle_connections  integer, 64       kept-alive connections
 *   max_connection_age_ms integer, 300000   a kept-alive connection that is older is not used again,
 *                                           so that a changed DNS record is seen
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
 * TRUST
 *
 * A server's certificate is always verified. It must be signed by a root of tls_roots, or of ca_file, or of
 * what the environment names: the file SSL_CERT_FILE and the directories SSL_CERT_DIR. A certificate of
 * those files is also accepted from the server itself, like a self-signed one of `openssl req -x509`. In any
 * case its name, dates and usage must be right. The files are read when the client is made; if one cannot be
 * read, that fails with APIDECK_VAULT_INVALID_ARGUMENT and names the key or variable. (On macOS and Windows,
 * "system" does not include the system's store where SSL_CERT_FILE or SSL_CERT_DIR is set.) A refused
 * certificate is APIDECK_VAULT_CONNECTION, tried once and not retryable; the message says what to do.
 *
 * PROXIES
 *
 * Without the key proxy, the environment's proxy is used: for an https server that of https_proxy,
 * HTTPS_PROXY, all_proxy or ALL_PROXY, for an http server that of http_proxy, HTTP_PROXY, all_proxy or
 * ALL_PROXY. The first variable that is set and not empty counts. If it cannot be used (SOCKS, a bad port),
 * the client or the call fails with APIDECK_VAULT_INVALID_ARGUMENT and names it. No proxy is used for
 * loopback addresses, nor for what no_proxy or NO_PROXY names, separated by commas: hosts with all below
 * them, addresses, ranges (10.0.0.0/8), each but the last with or without a port, or *. HTTP_PROXY is
 * ignored if REQUEST_METHOD is set: in a CGI program a request header can set it.
 * https passes a proxy through a tunnel (CONNECT), plain http as a request to the proxy. user:password@ in
 * the proxy's URL is sent to it as basic authentication.
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

#include <stddef.h>
#include <stdint.h>

/* The version of this header, for comparisons: 1002003 is 1.2.3. apideck_vault_version() returns the version of
 * the library that the program runs with. */
#define APIDECK_VAULT_VERSION_NUMBER 1000

/* A result that is ignored is a leak or an error that nobody sees. */
#if defined(__GNUC__)
#define APIDECK_VAULT_MUST_USE __attribute__((warn_unused_result))
#else
#define APIDECK_VAULT_MUST_USE
#endif


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

// The configuration or request cannot be sent, so nothing was sent. The message has the path to the
// wrong value.
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

// Any other status outside 2xx. Redirects are never followed, so 3xx too.
#define APIDECK_VAULT_API_ERROR 9

// The name look-up, the connect or TLS failed, or the connection broke.
#define APIDECK_VAULT_CONNECTION 10

// The call's deadline (`timeout_ms`) passed.
#define APIDECK_VAULT_TIMEOUT 11

// The call's cancellation was cancelled.
#define APIDECK_VAULT_CANCELLED 12

// A 2xx whose body is not a JSON object where one is promised, or a response that is not HTTP, not
// UTF-8, cut short, larger than `max_response_bytes` or nested deeper than 128.
#define APIDECK_VAULT_INVALID_RESPONSE 13

// A defect in the library.
#define APIDECK_VAULT_INTERNAL 14

// HTTP 409.
#define APIDECK_VAULT_CONFLICT 15

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Makes a client from `config_json` (see CONFIGURATION above; NULL means {}).
//
// Returns 0 on failure, and then sets `*error_json`, if `error_json` is not NULL, to a text like
// {"error":{"status":"INVALID_ARGUMENT","message":"app_id: is required: ...","retryable":false}}
// that is yours to free. On success `*error_json` is set to NULL. Nothing is sent yet.
APIDECK_VAULT_MUST_USE
apideck_vault_client apideck_vault_client_new(const char *config_json,
                                              char **error_json);

// Frees a client. Calls that are under way finish; the API key is wiped when the last has. A handle
// that names no client is left alone.
void apideck_vault_client_free(apideck_vault_client client);

// Makes a call to any operation by its name: "connections.list", "sessions.create".
//
// Takes and returns what the function of that operation does. A name that is no operation gives
// APIDECK_VAULT_INVALID_ARGUMENT; the message has the nearest name that is one.
APIDECK_VAULT_MUST_USE
char *apideck_vault_call(apideck_vault_client client,
                         const char *operation,
                         const char *request_json,
                         apideck_vault_cancellation cancellation,
                         apideck_vault_status *status);

// Makes a cancellation, with which another thread can end a call. One may serve many calls; once
// cancelled it stays so. 0 only if there are more of them than numbers.
APIDECK_VAULT_MUST_USE apideck_vault_cancellation apideck_vault_cancellation_new(void);

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

// Returns the value at a JSON Pointer (RFC 6901) in JSON text: the characters of a string, or the JSON text
// of any other value. "" is the whole document, "/error/message" the message of a failure.
//
// Returns NULL if there is no such value, if `json` is not JSON, or if an argument is NULL or not UTF-8. Half
// a surrogate pair becomes U+FFFD. If a name appears twice in an object, the last member counts. The caller
// owns the string and frees it with apideck_vault_string_free. A string may contain U+0000;
// apideck_vault_string_length returns its whole length.
APIDECK_VAULT_MUST_USE
char *apideck_vault_json_get(const char *json,
                             const char *pointer);

// Returns the number of elements of the array, or of members of the object, at a JSON Pointer in JSON text.
// Returns 0 if the value is of another type, or wherever apideck_vault_json_get returns NULL.
APIDECK_VAULT_MUST_USE
size_t apideck_vault_json_count(const char *json,
                                const char *pointer);

// Returns `text` as a JSON string, with its quotes: for a value or a key of a request.
//
// Returns NULL if `text` is NULL or not UTF-8. The caller owns the string and frees it with
// apideck_vault_string_free.
APIDECK_VAULT_MUST_USE char *apideck_vault_json_quote(const char *text);

// The library's version, like "0.1.0". Static.
const char *apideck_vault_version(void);

// The name of a status as it stands in JSON: "OK", "NOT_FOUND". Static, never NULL; "UNKNOWN" for a
// number that is no status.
const char *apideck_vault_status_name(apideck_vault_status status);

// Returns the length of a string in bytes, without its NUL, in constant time. NULL has length 0.
//
// `string` must be NULL or a string that this library returned as `char *` and that is not freed yet.
APIDECK_VAULT_MUST_USE
size_t apideck_vault_string_length(const char *string);

// Frees a text that the library returned as `char *`. NULL is fine.
// Freeing a text twice, or one that is not the library's, is as bad as with free().
void apideck_vault_string_free(char *string);

// Lists every integration of the application, with the data needed to render an integrations page.
// Connections that are authorized with OAuth 2 carry `authorize_url` and `revoke_url`.
//
// Get all connections: GET /vault/connections
//
// Keys of `request_json`:
//
//   "api" (string): Returns the connections of this unified API only.
//   "configured" (boolean): `true` returns configured connections only, `false` the others.
//
// Example: {"api":"crm","configured":true}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connections_list(apideck_vault_client client,
                                     const char *request_json,
                                     apideck_vault_cancellation cancellation,
                                     apideck_vault_status *status);

// Returns one connection.
//
// Get connection: GET /vault/connections/{unified_api}/{service_id}
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//
// Example: {"service_id":"salesforce","unified_api":"crm"}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connections_get(apideck_vault_client client,
                                    const char *request_json,
                                    apideck_vault_cancellation cancellation,
                                    apideck_vault_status *status);

// Changes settings, metadata, configuration, mappings or consent of a connection.
// Fields that are not in the request keep their value.
//
// Update connection: PATCH /vault/connections/{unified_api}/{service_id}
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//   "connection" (object, required): The fields to change.
//       Fields: enabled, settings, metadata, configuration, custom_mappings, consent_state,
//       latest_consent, application_data_scopes. Their types are checked; other fields pass through;
//       the text is sent as it is.
//
// Example:
// {"service_id":"salesforce","unified_api":"crm","connection":{"enabled":true,"settings":{"instance_url":"https://eu28.salesforce.com"}}}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connections_update(apideck_vault_client client,
                                       const char *request_json,
                                       apideck_vault_cancellation cancellation,
                                       apideck_vault_status *status);

// Deletes a connection with its credentials, settings and metadata.
//
// Deletes a connection: DELETE /vault/connections/{unified_api}/{service_id}
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//
// Example: {"service_id":"salesforce","unified_api":"crm"}
//
// Returns the response, whose body is null (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connections_delete(apideck_vault_client client,
                                       const char *request_json,
                                       apideck_vault_cancellation cancellation,
                                       apideck_vault_status *status);

// Stores the credentials of a connection that was authorized elsewhere.
// Vault refreshes the credentials and never returns them.
//
// Import connection: POST /vault/connections/{unified_api}/{service_id}/import
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//   "connection_import_data" (object, required): The credentials, settings and metadata to store.
//       Fields: credentials, settings, metadata. Their types are checked; other fields pass through;
//       the text is sent as it is.
//
// Example:
// {"service_id":"pipedrive","unified_api":"crm","connection_import_data":{"credentials":{"access_token":"...","refresh_token":"..."}}}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connections_imports(apideck_vault_client client,
                                        const char *request_json,
                                        apideck_vault_cancellation cancellation,
                                        apideck_vault_status *status);

// Exchanges the stored credentials of a connection for an access token.
// Use it for connections whose OAuth grant type is `client_credentials` or `password`. Vault stores
// the token and does not return it.
//
// Authorize Access Token: POST /vault/connections/{unified_api}/{service_id}/token
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//
// Example: {"service_id":"salesforce","unified_api":"crm"}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connections_token(apideck_vault_client client,
                                      const char *request_json,
                                      apideck_vault_cancellation cancellation,
                                      apideck_vault_status *status);

// Moves a connection, with its credentials and state, to another service of the same unified API.
// The connector declares the services that it can migrate to. A migration that was interrupted
// continues when it is requested again. The old connection is removed; its tokens are not revoked.
//
// Migrate connection: POST /vault/connections/{unified_api}/{service_id}/migrate
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//   "connection_migrate_data" (object, required): The target of the migration.
//       Fields: target_service_id. Their types are checked; other fields pass through; the text is
//       sent as it is.
//
// Example:
// {"service_id":"quickbooks","unified_api":"accounting","connection_migrate_data":{"target_service_id":"intuit-enterprise-suite"}}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connections_migrate(apideck_vault_client client,
                                        const char *request_json,
                                        apideck_vault_cancellation cancellation,
                                        apideck_vault_status *status);

// Checks a connection, refreshes its tokens if needed, and returns its state.
//
// Validate Connection State: POST /vault/connections/{unified_api}/{service_id}/validate
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//
// Example: {"service_id":"salesforce","unified_api":"crm"}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_validate_connection_state(apideck_vault_client client,
                                              const char *request_json,
                                              apideck_vault_cancellation cancellation,
                                              apideck_vault_status *status);

// Returns a connection with the settings of one resource.
//
// Get resource settings: GET /vault/connections/{unified_api}/{service_id}/{resource}/config
//
// Keys of `request_json`:
//
//   "unified_api" (string, required): The unified API.
//   "service_id" (string, required): The service.
//   "resource" (string, required): The resource, in the plural.
//
// Example: {"service_id":"pipedrive","unified_api":"crm","resource":"leads"}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connection_settings_list(apideck_vault_client client,
                                             const char *request_json,
                                             apideck_vault_cancellation cancellation,
                                             apideck_vault_status *status);

// Changes the settings of one resource of a connection.
//
// Update settings: PATCH /vault/connections/{unified_api}/{service_id}/{resource}/config
//
// Keys of `request_json`:
//
//   "service_id" (string, required): The service.
//   "unified_api" (string, required): The unified API.
//   "resource" (string, required): The resource, in the plural.
//   "connection" (object, required): The fields to change.
//       Fields: enabled, settings, metadata, configuration, custom_mappings, consent_state,
//       latest_consent, application_data_scopes. Their types are checked; other fields pass through;
//       the text is sent as it is.
//
// Example:
// {"service_id":"pipedrive","unified_api":"crm","resource":"leads","connection":{"configuration":[{"resource":"leads","defaults":[{"id":"ProductInterest","value":"GC5000"}]}]}}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_connection_settings_update(apideck_vault_client client,
                                               const char *request_json,
                                               apideck_vault_cancellation cancellation,
                                               apideck_vault_status *status);

// Creates a session of the hosted Vault, where a consumer manages its connections.
//
// Create Session: POST /vault/sessions
//
// Keys of `request_json`:
//
//   "session" (object): How Vault greets and serves the consumer.
//       Fields: consumer_metadata, redirect_uri, settings, theme, custom_consumer_settings. Their
//       types are checked; other fields pass through; the text is sent as it is.
//
// Example:
// {"session":{"redirect_uri":"https://example.com/integrations","settings":{"unified_apis":["crm"]}}}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_sessions_create(apideck_vault_client client,
                                    const char *request_json,
                                    apideck_vault_cancellation cancellation,
                                    apideck_vault_status *status);

// Creates a consumer.
//
// Create consumer: POST /vault/consumers
//
// Keys of `request_json`:
//
//   "consumer" (object, required): The consumer to create.
//       Fields: consumer_id, metadata. Their types are checked; other fields pass through; the text is
//       sent as it is.
//
// Example: {"consumer":{"consumer_id":"acme","metadata":{"account_name":"Acme"}}}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_consumers_create(apideck_vault_client client,
                                     const char *request_json,
                                     apideck_vault_cancellation cancellation,
                                     apideck_vault_status *status);

// Lists the consumers of the application, one page at a time, with the number of requests made for
// each.
// `meta.cursors.next` of a response is the `cursor` of the next page.
//
// Get all consumers: GET /vault/consumers
//
// Keys of `request_json`:
//
//   "filter" (object): Which consumers to list.
//   "cursor" (string or null): The page to return. Absent returns the first page.
//   "limit" (integer): The number of consumers on a page, from 1 to 200.
//
// Example: {"filter":{"search":"acme"},"limit":20}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_consumers_list(apideck_vault_client client,
                                   const char *request_json,
                                   apideck_vault_cancellation cancellation,
                                   apideck_vault_status *status);

// Returns one consumer with its connections.
//
// Get consumer: GET /vault/consumers/{consumer_id}
//
// Keys of `request_json`:
//
//   "consumer_id" (string, required): The consumer.
//
// Example: {"consumer_id":"acme"}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_consumers_get(apideck_vault_client client,
                                  const char *request_json,
                                  apideck_vault_cancellation cancellation,
                                  apideck_vault_status *status);

// Changes the metadata of a consumer.
//
// Update consumer: PATCH /vault/consumers/{consumer_id}
//
// Keys of `request_json`:
//
//   "consumer_id" (string, required): The consumer.
//   "consumer" (object, required): The fields to change.
//       Fields: metadata. Their types are checked; other fields pass through; the text is sent as it
//       is.
//
// Example: {"consumer_id":"acme","consumer":{"metadata":{"account_name":"Acme Ltd"}}}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_consumers_update(apideck_vault_client client,
                                     const char *request_json,
                                     apideck_vault_cancellation cancellation,
                                     apideck_vault_status *status);

// Deletes a consumer and all of its connections with their credentials.
//
// Delete consumer: DELETE /vault/consumers/{consumer_id}
//
// Keys of `request_json`:
//
//   "consumer_id" (string, required): The consumer.
//
// Example: {"consumer_id":"acme"}
//
// Returns the response (see RESPONSES above). The caller owns it and frees it with apideck_vault_string_free.
APIDECK_VAULT_MUST_USE
char *apideck_vault_consumers_delete(apideck_vault_client client,
                                     const char *request_json,
                                     apideck_vault_cancellation cancellation,
                                     apideck_vault_status *status);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* APIDECK_VAULT_H */
