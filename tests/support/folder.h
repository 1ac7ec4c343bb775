/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_FOLDER_H
#define SG_TEST_FOLDER_H

/*
 * A folder for the files of one test program, removed at the end with all it holds. Use:
 *
 *     cmocka_run_group_tests(tests, make_folder, remove_folder)
 *     char path[TEST_PATH_MAX];
 *     in_folder(path, folder, "a.json");
 */

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEST_PATH_MAX = 4096 };

static char folder[TEST_PATH_MAX];

static inline int make_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    const int n =
        snprintf(folder, TEST_PATH_MAX, "%s/sparsegraph-test-XXXXXX", base ? base : "/tmp");
    return n > 0 && n < TEST_PATH_MAX && mkdtemp(folder) ? 0 : -1;
}

static inline int remove_entry_(const char *path, const struct stat *about, int kind,
                                struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline int remove_folder(void **state)
{
    enum { OPEN_FOLDERS = 16 };
    (void)state;
    return nftw(folder, remove_entry_, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

/* Returns ret, filled with WHERE/NAME. */
static inline char *in_folder(char ret[TEST_PATH_MAX], const char *where, const char *name)
{
    const int n = snprintf(ret, TEST_PATH_MAX, "%s/%s", where, name);
    if (n < 0 || n >= TEST_PATH_MAX)
        abort();
    return ret;
}

/* Returns the number of entries of a folder, hidden ones included, or -1. */
static inline int count_entries(const char *where)
{
    DIR *listing = opendir(where);
    if (!listing)
        return -1;
    int n = 0;
    for (const struct dirent *entry = readdir(listing); entry; entry = readdir(listing))
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    (void)closedir(listing);
    return n;
}

#endif
