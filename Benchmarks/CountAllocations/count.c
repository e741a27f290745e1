#include "CountAllocations.h"

#include <stdatomic.h>
#include <stdlib.h>

#if defined(__GLIBC__)
// The executable's definitions come before those of the C library, for the Swift runtime too.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_llong calls;

static void count(void) { atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed); }

void *malloc(size_t size) { count(); return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { count(); return __libc_calloc(n, size); }
void *realloc(void *p, size_t size) { count(); return __libc_realloc(p, size); }
void *memalign(size_t align, size_t size) { count(); return __libc_memalign(align, size); }
void *aligned_alloc(size_t align, size_t size) { count(); return __libc_memalign(align, size); }
int posix_memalign(void **p, size_t align, size_t size) {
    count();
    *p = __libc_memalign(align, size);
    return *p ? 0 : 12;
}

int64_t count_allocations(void) { return atomic_load(&calls); }
#else
int64_t count_allocations(void) { return -1; }
#endif
