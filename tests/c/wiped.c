/* After a client is freed, its key is not in the memory of the process. */
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "check.h"

/* The key with inverted bits, so that this program does not contain the key itself. */
#define TURNED 0x5a
static const unsigned char turned[] = {'s' ^ TURNED, 'k' ^ TURNED, '_' ^ TURNED, 'w' ^ TURNED, 'i' ^ TURNED, 'p' ^ TURNED,
    'e' ^ TURNED, 'd' ^ TURNED, '_' ^ TURNED, '7' ^ TURNED, 'Q' ^ TURNED, 'z' ^ TURNED, '9' ^ TURNED, 'X' ^ TURNED,
    'v' ^ TURNED, '2' ^ TURNED, 'L' ^ TURNED, 'm' ^ TURNED};
#define LENGTH (sizeof turned)

/* Wipes memory. The compiler must not optimize it away. */
static void wipe(volatile char *at, size_t length)
{
    while (length-- > 0) *at++ = 0;
}

/* Writes the plain key to `at`, which has LENGTH + 1 bytes. */
static void reveal(char *at)
{
    size_t i;
    for (i = 0; i < LENGTH; i++) at[i] = (char)(turned[i] ^ TURNED);
    at[LENGTH] = 0;
}

/* Returns `head`, the key and `tail` as one text on the heap. */
static char *with_key(const char *head, const char *tail)
{
    size_t length = strlen(head);
    char *text = malloc(length + LENGTH + strlen(tail) + 1);
    CHECK(text != NULL);
    memcpy(text, head, length);
    reveal(text + length);
    strcpy(text + length + LENGTH, tail);
    return text;
}

static void discard(char *text)
{
    wipe(text, strlen(text));
    free(text);
}

static unsigned found_in(const unsigned char *at, size_t length)
{
    unsigned found = 0;
    size_t i, j;
    for (i = 0; i + LENGTH <= length; i++) {
        for (j = 0; j < LENGTH && (at[i + j] ^ TURNED) == turned[j]; j++) {}
        found += j == LENGTH;
    }
    return found;
}

/* Returns how often the key is in memory: the heap, stacks, the data of every library, and all other mappings. Memory
 * is read into one buffer, which is wiped before the next read. */
static unsigned found_anywhere(void)
{
    static unsigned char buffer[1 << 16];
    char line[512];
    unsigned found = 0;
    int memory = open("/proc/self/mem", O_RDONLY);
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(memory >= 0 && maps != NULL);
    while (fgets(line, sizeof line, maps) != NULL) {
        unsigned long long from, to;
        char access[5];
        CHECK(sscanf(line, "%llx-%llx %4s", &from, &to, access) == 3);
        if (access[0] != 'r' || access[1] != 'w') continue;
        while (from < to) {
            size_t wanted = to - from < sizeof buffer ? (size_t)(to - from) : sizeof buffer;
            ssize_t got;
            if ((uintptr_t)buffer < from + wanted && from < (uintptr_t)buffer + sizeof buffer) {
                from += wanted; /* skip this buffer */
                continue;
            }
            got = pread(memory, buffer, wanted, (off_t)from);
            if (got <= 0) break;
            found += found_in(buffer, (size_t)got);
            wipe((char *)buffer, sizeof buffer);
            /* The reads overlap, so that a key at the end of one is found in the next. */
            from += (size_t)got == wanted && wanted == sizeof buffer && from + wanted < to ? wanted - LENGTH : (size_t)got;
        }
    }
    fclose(maps);
    close(memory);
    return found;
}

static void on_event(const char *event, void *user_data)
{
    (void)user_data;
    CHECK(found_in((const unsigned char *)event, strlen(event)) == 0);
}

static void expect_found(const char *when, int anything)
{
    unsigned found = found_anywhere();
    printf("%s: %u\n", when, found);
    CHECK(anything ? found > 0 : found == 0);
}

/* Makes a client with the key that the scan searches for. */
static apideck_vault_client keyed_client(const char *url)
{
    char tail[512];
    char *config, *error = NULL;
    apideck_vault_client client;
    snprintf(tail, sizeof tail, "\",\"app_id\":\"a\",\"consumer_id\":\"c\",\"proxy\":null,\"server_url\":\"%s\","
             "\"retries\":{\"max_attempts\":2,\"backoff\":{\"initial_interval\":1,\"max_interval\":1}}}", url);
    config = with_key("{\"api_key\":\"", tail);
    client = apideck_vault_client_new(config, &error);
    discard(config);
    CHECK(client != 0 && error == NULL);
    return client;
}

static void call(apideck_vault_client client, apideck_vault_status wanted)
{
    CALL(get, client, ONE, 0, wanted, "{");
    CALL(update, client, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"connection\":{\"enabled\":true}}", 0, wanted, "{");
}

/* wiped OK_URL ERROR_URL RESET_URL HUNG_URL: the scan finds the key while a client has it, and not afterwards. */
int main(int argc, char **argv)
{
    static const apideck_vault_status ends[] = {
        APIDECK_VAULT_OK, APIDECK_VAULT_UNPROCESSABLE, APIDECK_VAULT_CONNECTION, APIDECK_VAULT_TIMEOUT};
    int i;
    CHECK(argc == 5);
    expect_found("before", 0);
    for (i = 0; i < 4; i++) {
        apideck_vault_client client = keyed_client(argv[i + 1]);
        CHECK(apideck_vault_client_set_event_callback(client, on_event, NULL) == APIDECK_VAULT_OK);
        expect_found("with a client", 1);
        if (ends[i] == APIDECK_VAULT_TIMEOUT) {
            CALL(get, client, "{\"service_id\":\"a\",\"unified_api\":\"b\",\"timeout_ms\":50}", 0, ends[i], "{");
        } else {
            call(client, ends[i]);
        }
        apideck_vault_client_free(client);
        expect_found("with it freed", 0);
    }
    {
        /* The key of a single call and the keys in refused texts are wiped too. */
        apideck_vault_client client = client_for(argv[1], "");
        char *request = with_key("{\"service_id\":\"a\",\"unified_api\":\"b\",\"api_key\":\"", "\"}");
        CALL(get, client, request, 0, APIDECK_VAULT_OK, "{");
        discard(request);
        expect_found("after the key of one call", 0);
        request = with_key("{\"service_id\":\"a\",\"unified_api\":\"b\",\"api_key\":\"", "\\n\"}");
        CALL(get, client, request, 0, APIDECK_VAULT_INVALID_ARGUMENT, "{");
        discard(request);
        expect_found("after a call that was refused", 0);
        request = with_key("{\"app_id\":7,\"api_key\":\"", "\"}");
        CHECK(apideck_vault_client_new(request, NULL) == 0);
        discard(request);
        expect_found("after a client that was refused", 0);
        apideck_vault_client_free(client);
    }
    return 0;
}
