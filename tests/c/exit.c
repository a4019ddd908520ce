/* Calls work in a thread-key destructor and in an atexit handler. */
#include <pthread.h>

#include "exit.h"

static pthread_key_t key;

static void at_thread_end(void *value)
{
    calls_at(value);
}

static void at_exit(void)
{
    calls_at("atexit handler\n");
    apideck_vault_client_free(ends.plain);
    apideck_vault_client_free(ends.tls);
}

/* Sets the key before its first call, so that the library's own thread-local data, if any, is younger. */
static void *key_first(void *unused)
{
    CHECK(pthread_setspecific(key, "thread-key destructor\n") == 0);
    CALL(get, ends.tls, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    return unused;
}

static void *key_last(void *unused)
{
    CALL(get, ends.tls, ONE, 0, APIDECK_VAULT_OK, "\"http\"");
    CHECK(pthread_setspecific(key, "thread-key destructor after a call\n") == 0);
    return unused;
}

/* A thread that makes its first call in the destructor. */
static void *key_only(void *unused)
{
    CHECK(pthread_setspecific(key, "thread-key destructor without a call\n") == 0);
    return unused;
}

int main(int argc, char **argv)
{
    void *(*bodies[])(void *) = {key_first, key_last, key_only};
    size_t i;
    begin(argc, argv);
    CHECK(atexit(at_exit) == 0);
    CHECK(pthread_key_create(&key, at_thread_end) == 0);
    for (i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, bodies[i], NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    return 0;
}
