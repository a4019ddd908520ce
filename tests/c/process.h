/* The memory, descriptors and threads of the process, from /proc. */
#ifndef PROCESS_H
#define PROCESS_H

#include <dirent.h>

#include "check.h"

/* Returns the number in a line of /proc/self/status: "VmRSS", "VmHWM" (its peak) or "Threads"; memory in kB. */
static inline long status_of(const char *name)
{
    char line[256];
    long value = -1;
    FILE *status = fopen("/proc/self/status", "r");
    CHECK(status != NULL);
    while (fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') value = atol(line + strlen(name) + 1);
    }
    fclose(status);
    CHECK(value >= 0);
    return value;
}

static inline long open_descriptors(void)
{
    long count = 0;
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    while (readdir(folder) != NULL) count++;
    closedir(folder);
    return count;
}

#endif
