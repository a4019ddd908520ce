/* What the C programs of the benchmark share: the clocks, and one line of JSON at the end. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Runs `call` a few times to warm up, then `count` times, and prints what one call costs. */
static void measure(int count, void (*call)(void *), void *context)
{
    struct rusage usage;
    double wall, cpu;
    int i;
    for (i = 0; i < count / 10 + 3; i++) call(context);
    wall = wall_us();
    cpu = cpu_us();
    for (i = 0; i < count; i++) call(context);
    wall = (wall_us() - wall) / count;
    cpu = (cpu_us() - cpu) / count;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"wall_us\":%.3f,\"cpu_us\":%.3f,\"peak_kb\":%ld}\n", wall, cpu, usage.ru_maxrss);
}

static void must(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

#endif
