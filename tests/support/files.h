/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_FILES_H
#define SG_TEST_FILES_H

/* Whole files, read and written by one call that fails the test where it cannot. */

#include "unit.h"

#include <string.h>

#include "base/file.h"

/* Returns all bytes of a file and a NUL behind them; the caller frees them. */
static inline char *read_whole(const char *path, size_t *n)
{
    char *bytes = NULL;
    sg_error err = {0};
    assert_ok(sg_file_read(path, (size_t)1 << 26, &bytes, n, &err), &err);
    return bytes;
}

static inline char *read_text(const char *path)
{
    size_t n = 0;
    char *text = read_whole(path, &n);
    assert_int_equal(n, strlen(text));
    return text;
}

static inline void write_text(const char *path, const char *text)
{
    sg_error err = {0};
    assert_ok(sg_file_write(path, text, strlen(text), &err), &err);
}

static inline void assert_holds(const char *path, const char *text)
{
    SG_AUTOFREE char *held = read_text(path);
    assert_string_equal(held, text);
}

static inline void assert_same_file(const char *path, const char *other)
{
    size_t n[2] = {0, 0};
    SG_AUTOFREE char *a = read_whole(path, &n[0]);
    SG_AUTOFREE char *b = read_whole(other, &n[1]);
    if (n[0] != n[1] || memcmp(a, b, n[0]) != 0)
        fail_msg("'%s' and '%s' differ", path, other);
}

#endif
