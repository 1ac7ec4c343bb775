/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_TEXT_H
#define SG_BASE_TEXT_H

/* Strings that grow, and numbers read from text without surprises. Numbers are written and read
 * with a decimal point, whatever the program's locale says. */

#include "base/memory.h"
#include "base/status.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing byte string, always NUL-terminated once anything was appended. Zero-initialise. */
typedef struct sg_text {
    char *bytes;
    size_t n;
    size_t capacity;
    bool failed; /* an append ran out of memory; later appends do nothing. Ask once, at the end. */
} sg_text;

void sg_text_free(sg_text *t);
void sg_text_append(sg_text *t, const char *text);
void sg_text_append_bytes(sg_text *t, const void *bytes, size_t n);
void sg_text_printf(sg_text *t, const char *format, ...) SG_PRINTF(2, 3);
void sg_text_vprintf(sg_text *t, const char *format, va_list args) SG_PRINTF(2, 0);
/* Makes room for n more bytes; false, and t marked, when out of memory. */
bool sg_text_reserve(sg_text *t, size_t n);

/* Hands the string to the caller (sg_free) and empties t; SG_ENOMEM if any append failed. */
sg_status sg_text_take(sg_text *t, char **ret, sg_error *err) SG_CHECKED;

#define SG_AUTO_TEXT SG_CLEANUP(sg_text_free)

/* Returns a formatted new string (sg_free), or NULL when out of memory. */
char *sg_format(const char *format, ...) SG_PRINTF(1, 2) SG_CHECKED;

/* Parse the whole string as one decimal number; false on anything else (blanks and hexadecimal
 * included), on overflow, and on NaN. Infinity is no number here either. */
bool sg_parse_u64(const char *text, uint64_t *ret);
bool sg_parse_i64(const char *text, int64_t *ret);
bool sg_parse_double(const char *text, double *ret);

/* Returns the Damerau-Levenshtein distance (optimal string alignment) of two short strings, for
 * did-you-mean. */
size_t sg_edit_distance(const char *a, const char *b);

#endif
