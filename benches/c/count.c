/* Counts the allocations of a program into which it is preloaded, from the C heap and by any language. Counting costs
 * time, so counted runs are not timed. */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

_Atomic uint64_t counted_calls, counted_bytes;

/* glibc's own names for its heap: they need no dlsym, which allocates. */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void count(size_t size)
{
    atomic_fetch_add_explicit(&counted_calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&counted_bytes, size, memory_order_relaxed);
}

void *malloc(size_t size)
{
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size)
{
    count(items * size);
    return __libc_calloc(items, size);
}

void *realloc(void *block, size_t size)
{
    count(size);
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = aligned_alloc(alignment, size);
    return *block == NULL ? 12 /* ENOMEM */ : 0;
}
