/* The minimum: a blocking socket, one write, and reads up to the length in the head.
 * Usage: socket URL KIND COUNT; see measure.h. */
#include "measure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static int connection;
static char request[1024];
static char *buffer;
static const size_t capacity = 16 * 1024 * 1024;

static void call(void *context)
{
    size_t have = 0, whole = 0;
    (void)context;
    must(write(connection, request, strlen(request)) == (ssize_t)strlen(request), "write");
    while (whole == 0 || have < whole) {
        ssize_t got = read(connection, buffer + have, capacity - have);
        must(got > 0, "read");
        have += (size_t)got;
        if (whole == 0) {
            char *end;
            buffer[have] = '\0';
            end = strstr(buffer, "\r\n\r\n");
            if (end != NULL)
                whole = (size_t)(end - buffer) + 4 + strtoul(strstr(buffer, "content-length: ") + 16, NULL, 10);
        }
    }
    {
        char *text = malloc(have);
        must(text != NULL, "out of memory");
        memcpy(text, buffer, have);
        free(text);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in address;
    char path[64];
    int one = 1, port;
    must(argc == 4, "usage: socket URL get|LENGTH COUNT");
    must(sscanf(argv[1], "http://127.0.0.1:%d", &port) == 1, "http://127.0.0.1:PORT");
    buffer = malloc(capacity + 1);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nauthorization: Bearer key\r\n"
             "x-apideck-app-id: app\r\nx-apideck-consumer-id: consumer\r\naccept: application/json\r\n"
             "accept-encoding: gzip\r\nuser-agent: socket\r\n\r\n",
             path_of(argv[2], path, sizeof path), port);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection = socket(AF_INET, SOCK_STREAM, 0);
    must(connect(connection, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    measure(atoi(argv[3]), call, NULL);
    return 0;
}
