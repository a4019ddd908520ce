/* A small answer that would unpack to a large one takes no more memory than max_response_bytes lets it. */
#include "process.h"

/* bomb URL: the answer unpacks to 64 MB, the limit is 1 MB. */
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
    /* The text, doubled once as it grows, and what unpacking needs. */
    CHECK(peak - before < 6 * 1024);
    apideck_vault_client_free(client);
    return 0;
}
