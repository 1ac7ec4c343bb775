/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

enum { ALIGNMENT = 64 /* bytes: one cache line, one AVX-512 register */ };

#ifdef SG_TEST_ALLOC
static long alloc_budget = -1;

void sg_test_alloc_budget(long budget)
{
    alloc_budget = budget;
}

static bool may_allocate(void)
{
    if (alloc_budget == 0)
        return false;
    if (alloc_budget > 0)
        alloc_budget--;
    return true;
}
#else
static bool may_allocate(void)
{
    return true;
}
#endif

/* Writes n * size, at least 1, to *bytes unless it overflows. */
static bool total_bytes(size_t n, size_t size, size_t *bytes)
{
    if (size != 0 && n > PTRDIFF_MAX / size)
        return false;
    const size_t product = n * size;
    *bytes = product > 0 ? product : 1;
    return true;
}

/* Asks for large pages where a block is so large that looking up small ones takes time: a sixth of
 * training with 20 million links or more. Returns the block. */
static void *with_large_pages(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    enum { LARGE = 32 << 20, PAGE = 4096 };
    if (block && bytes >= LARGE) {
        const size_t to_page = PAGE - (uintptr_t)block % PAGE;
        (void)madvise((char *)block + to_page, bytes - to_page, MADV_HUGEPAGE);
    }
#endif
    return block;
}

void *sg_alloc(size_t n, size_t size)
{
    size_t bytes = 0;
    if (!total_bytes(n, size, &bytes) || !may_allocate())
        return NULL;
    return with_large_pages(calloc(1, bytes), bytes);
}

void *sg_alloc_aligned(size_t n, size_t size)
{
    size_t bytes = 0;
    if (!total_bytes(n, size, &bytes) || bytes > PTRDIFF_MAX - ALIGNMENT || !may_allocate())
        return NULL;
    const size_t whole = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return with_large_pages(aligned_alloc(ALIGNMENT, whole), whole);
}

void *sg_resize(void *block, size_t n, size_t size)
{
    size_t bytes = 0;
    return total_bytes(n, size, &bytes) && may_allocate() ? realloc(block, bytes) : NULL;
}

void *sg_memdup(const void *bytes, size_t n)
{
    char *copy = sg_alloc(n + 1, 1);
    if (copy && n)
        memcpy(copy, bytes, n);
    return copy;
}

char *sg_strdup(const char *text)
{
    return sg_memdup(text, strlen(text));
}

void sg_free(void *block)
{
    free(block);
}
