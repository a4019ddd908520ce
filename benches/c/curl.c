/* libcurl with one easy handle that keeps its connection. With -DCHECK_JSON, yyjson checks the body.
 * Usage: curl URL KIND COUNT; see measure.h. */
#include "measure.h"

#include <curl/curl.h>
#ifdef CHECK_JSON
#include "yyjson.h"
#endif

struct body {
    char *text;
    size_t length, capacity;
};

static size_t receive(char *data, size_t size, size_t count, void *context)
{
    struct body *body = context;
    size_t length = size * count;
    if (body->length + length + 1 > body->capacity) {
        body->capacity = (body->length + length + 1) * 2;
        body->text = realloc(body->text, body->capacity);
        must(body->text != NULL, "out of memory");
    }
    memcpy(body->text + body->length, data, length);
    body->length += length;
    body->text[body->length] = '\0';
    return length;
}

static long wanted_status;

static void call(void *context)
{
    struct body body = {NULL, 0, 0};
    long status = 0;
    CURL *curl = context;
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    must(curl_easy_perform(curl) == CURLE_OK, "curl failed");
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    must(status == wanted_status, "another status");
#ifdef CHECK_JSON
    {
        yyjson_doc *document = yyjson_read(body.text, body.length, 0);
        must(document != NULL, "not JSON");
        yyjson_doc_free(document);
    }
#endif
    free(body.text);
}

int main(int argc, char **argv)
{
    char url[1024], path[64];
    struct curl_slist *headers = NULL;
    CURL *curl;
    must(argc == 4, "usage: curl URL get|LENGTH COUNT");
    snprintf(url, sizeof url, "%s%s", argv[1], path_of(argv[2], path, sizeof path));
    wanted_status = is_error(argv[2]) ? atoi(argv[2]) : 200;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
    headers = curl_slist_append(headers, "authorization: Bearer key");
    headers = curl_slist_append(headers, "x-apideck-app-id: app");
    headers = curl_slist_append(headers, "x-apideck-consumer-id: consumer");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    measure(atoi(argv[3]), call, curl);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return 0;
}
