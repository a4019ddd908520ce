/* What the C programs of the benchmark share: the kinds of calls, the clocks, and the line of JSON that they print.
 *
 * A KIND of call is get for one connection, the length of a list, or the status of an error response, 400 or greater. */
#ifndef MEASURE_H
#define MEASURE_H

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void must(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

static int is_error(const char *kind)
{
    return strlen(kind) == 3 && atoi(kind) >= 400;
}

/* Returns the service to request. The server returns an error for a service that is named like a status. */
static const char *service_of(const char *kind)
{
    return is_error(kind) ? kind : "pipedrive";
}

static inline const char *path_of(const char *kind, char *path, size_t size)
{
    if (strcmp(kind, "get") == 0 || is_error(kind))
        snprintf(path, size, "/vault/connections/crm/%s", service_of(kind));
    else
        snprintf(path, size, "/vault/connections?api=%s", kind);
    return path;
}

static double clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Returns the peak memory of this process. */
static long peak_kb(void)
{
    char line[256];
    long peak = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) sscanf(line, "VmHWM: %ld", &peak);
    if (status != NULL) fclose(status);
    return peak;
}

/* Finds the counters of allocations. They are NULL unless count.c is preloaded. */
static void counters(uint64_t **calls, uint64_t **bytes)
{
    *(void **)calls = dlsym(RTLD_DEFAULT, "counted_calls");
    *(void **)bytes = dlsym(RTLD_DEFAULT, "counted_bytes");
}

/* Runs `call` a few times to warm up, then `count` times, and prints the cost of one call. A count of 0 makes one call
 * and prints nothing, which measures the start. */
static void measure(int count, void (*call)(void *), void *context)
{
    uint64_t *calls, *bytes, calls_before = 0, bytes_before = 0;
    double wall, cpu;
    int i;
    for (i = 0; i < count / 10 + 1; i++) call(context);
    if (count == 0) return;
    counters(&calls, &bytes);
    if (calls != NULL) {
        calls_before = *calls;
        bytes_before = *bytes;
    }
    wall = clock_us(CLOCK_MONOTONIC);
    cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID);
    for (i = 0; i < count; i++) call(context);
    wall = (clock_us(CLOCK_MONOTONIC) - wall) / count;
    cpu = (clock_us(CLOCK_PROCESS_CPUTIME_ID) - cpu) / count;
    printf("{\"wall_us\":%.3f,\"cpu_us\":%.3f,\"peak_kb\":%ld", wall, cpu, peak_kb());
    if (calls != NULL)
        printf(",\"allocations\":%.3f,\"bytes\":%.1f", (double)(*calls - calls_before) / count,
               (double)(*bytes - bytes_before) / count);
    printf("}\n");
}

#endif
