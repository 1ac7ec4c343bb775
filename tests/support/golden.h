/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_GOLDEN_H
#define SG_TEST_GOLDEN_H

/*
 * Texts compared exactly with a file under tests/golden. To accept a change, run the test with
 * SPARSEGRAPH_UPDATE_GOLDEN=1 in the environment and read the difference that git shows.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

static inline void golden_path(char path[4096], const char *name)
{
    const char *where = getenv("SPARSEGRAPH_GOLDEN");
    snprintf(path, 4096, "%s/%s", where ? where : "tests/golden", name);
}

static inline size_t line_of_difference_(const char *a, const char *b)
{
    size_t line = 1;
    for (; *a && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

static inline void assert_golden(const char *name, const char *text)
{
    char path[4096];

    golden_path(path, name);
    if (getenv("SPARSEGRAPH_UPDATE_GOLDEN")) {
        write_text(path, text);
        return;
    }
    SG_AUTOFREE char *expected = read_text(path);
    if (strcmp(expected, text) != 0)
        fail_msg("%s: line %zu differs; the text was:\n%s", path,
                 line_of_difference_(expected, text), text);
}

#endif
