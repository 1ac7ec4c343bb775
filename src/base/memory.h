/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_MEMORY_H
#define SG_BASE_MEMORY_H

/* The one allocator: overflow-checked, and failable at any call in the tests. */

#include "sparsegraph/error.h"
#include <stddef.h>

/* Returns n * size bytes, zeroed; a valid pointer also for 0 bytes; NULL when out of memory. */
void *sg_alloc(size_t n, size_t size) SG_CHECKED;

/* Returns n * size bytes aligned to 64, not zeroed, for arrays that kernels stream; release with
 * sg_free(). */
void *sg_alloc_aligned(size_t n, size_t size) SG_CHECKED;

/* Grows or shrinks a block of sg_alloc(); on NULL the old block stays valid. New bytes are not
 * zeroed. */
void *sg_resize(void *block, size_t n, size_t size) SG_CHECKED;

/* Copies a string or n bytes (with a final NUL); NULL when out of memory. */
char *sg_strdup(const char *text) SG_CHECKED;
void *sg_memdup(const void *bytes, size_t n) SG_CHECKED;

#define SG_NEW(type)          ((type *)sg_alloc(1, sizeof(type)))
#define SG_NEW_ARRAY(type, n) ((type *)sg_alloc((n), sizeof(type)))
#define SG_COUNT(array)       (sizeof(array) / sizeof(array)[0])

/* Frees what the variable points to when it leaves its scope. */
static inline void sg_autofree_(void *variable)
{
    sg_free(*(void **)variable);
}
#define SG_AUTOFREE      __attribute__((cleanup(sg_autofree_)))
#define SG_CLEANUP(call) __attribute__((cleanup(call)))

/* Defines name_cleanup_(type **) for SG_CLEANUP(free_function_cleanup_). */
/* NOLINTBEGIN(bugprone-macro-parentheses): a type cannot stand in parentheses here */
#define SG_DEFINE_CLEANUP(type, free_function)                                                     \
    __attribute__((unused)) static inline void free_function##_cleanup_(type **variable)           \
    {                                                                                              \
        free_function(*variable);                                                                  \
    }
/* NOLINTEND(bugprone-macro-parentheses) */

/* Hands a pointer on and clears the variable, so that its cleanup does nothing. */
#define SG_TAKE(variable)                                                                          \
    __extension__({                                                                                \
        __auto_type taken_ = (variable);                                                           \
        (variable) = NULL;                                                                         \
        taken_;                                                                                    \
    })

#ifdef SG_TEST_ALLOC
/* Lets the next `budget` allocations succeed and every later one fail; -1 lifts the limit. */
void sg_test_alloc_budget(long budget);
#endif

#endif
