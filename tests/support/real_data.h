/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_REAL_DATA_H
#define SG_TEST_REAL_DATA_H

/*
 * The folder of real data sets that the meson option real_data names. Programs under unit/real/ ask
 * for the part of it that they need before any test runs: without it, meson counts them as skipped
 * (cmocka's own skip() it would take for a failure).
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "folder.h"

static inline const char *real_data(void)
{
    const char *where = getenv("SPARSEGRAPH_REAL_DATA");
    return where ? where : "";
}

/* Returns ret, filled with the path of a part of the real data. */
static inline char *in_real_data(char ret[TEST_PATH_MAX], const char *name)
{
    return in_folder(ret, real_data(), name);
}

/* Whether there is no such folder; says so in place of all tests. */
static inline bool skips_without_folder(const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return false;
    (void)printf("1..0 # SKIP there is no folder %s\n", path);
    return true;
}

static inline bool skips_without(const char *part)
{
    char path[TEST_PATH_MAX];
    if (*real_data())
        return skips_without_folder(in_real_data(path, part));
    (void)printf("1..0 # SKIP no folder of real data was given\n");
    return true;
}

#endif
