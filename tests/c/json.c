/* JSON without a JSON library: values by pointer, counts, quoted text. Any input is safe. */
#include "check.h"

/* Compares and frees a string of the library. */
static int is(char *found, const char *wanted)
{
    int same = wanted == NULL ? found == NULL : found != NULL && strcmp(found, wanted) == 0;
    if (found != NULL)
        CHECK(apideck_vault_string_length(found) >= strlen(found));
    apideck_vault_string_free(found);
    return same;
}

static const char *const ODD[] = {"", "/", "//", "~", "/~", "/~2", "\"", "[", "{", "{\"a\":", "nul", "\xff", "/\xff",
                                  "[[[[[[[[", "\"\\ud800\"", "\"\\u\"", "1e999", "/0", "/-1", "/99999999999999999999"};

int main(void)
{
    const char *failure = "{\"error\":{\"status\":\"NOT_FOUND\",\"message\":\"no \\\"x\\\"\\n\\u00e9\",\"retryable\":false}}";
    char *string;
    size_t i, j;

    CHECK(is(apideck_vault_json_get(failure, "/error/message"), "no \"x\"\n\xc3\xa9"));
    CHECK(is(apideck_vault_json_get(failure, "/error/retryable"), "false"));
    CHECK(is(apideck_vault_json_get(failure, "/error/detail"), NULL));
    CHECK(is(apideck_vault_json_get("[1, {\"a/b\" : [ ]} ]", "/1/a~1b"), "[ ]"));
    CHECK(is(apideck_vault_json_get(" {} ", ""), "{}"));
    CHECK(is(apideck_vault_json_get(NULL, ""), NULL));
    CHECK(is(apideck_vault_json_get("{}", NULL), NULL));

    CHECK(apideck_vault_json_count(failure, "/error") == 3);
    CHECK(apideck_vault_json_count("[1,2]", "") == 2);
    CHECK(apideck_vault_json_count("[1,2]", "/0") == 0);
    CHECK(apideck_vault_json_count(NULL, NULL) == 0);

    CHECK(is(apideck_vault_json_quote("a\"\\\n\x01\xc3\xa9"), "\"a\\\"\\\\\\n\\u0001\xc3\xa9\""));
    CHECK(is(apideck_vault_json_quote("\xff"), NULL));
    CHECK(is(apideck_vault_json_quote(NULL), NULL));

    string = apideck_vault_json_get("\"a\\u0000b\"", "");
    CHECK(apideck_vault_string_length(string) == 3 && memcmp(string, "a\0b", 4) == 0);
    apideck_vault_string_free(string);
    CHECK(apideck_vault_string_length(NULL) == 0);

    for (i = 0; i < sizeof ODD / sizeof *ODD; i++) {
        apideck_vault_string_free(apideck_vault_json_quote(ODD[i]));
        for (j = 0; j < sizeof ODD / sizeof *ODD; j++) {
            apideck_vault_string_free(apideck_vault_json_get(ODD[i], ODD[j]));
            CHECK(apideck_vault_json_count(ODD[i], ODD[j]) < 10);
        }
    }
    return 0;
}
