/* A small response that decompresses to a large one needs no more memory than max_response_bytes allows. */
#include "process.h"

/* bomb URL: the response decompresses to 64 MB, and the limit is 1 MB. */
int main(int argc, char **argv)
{
    apideck_vault_client client;
    long before, peak;
    int i;
    CHECK(argc == 2);
    client = client_for(argv[1], ",\"max_response_bytes\":1000000,\"retries\":null");
    before = status_of("VmRSS");
    for (i = 0; i < 3; i++) CALL(list, client, NULL, 0, APIDECK_VAULT_INVALID_RESPONSE, "max_response_bytes");
    peak = status_of("VmHWM");
    printf("%ld kB before, %ld kB at the peak\n", before, peak);
    /* The text, whose buffer doubles once, and the memory of the decompressor. */
    CHECK(peak - before < 6 * 1024);
    apideck_vault_client_free(client);
    return 0;
}
