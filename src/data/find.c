/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/known.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    N_ROOTS = 4, /* the folder asked for, $SPARSEGRAPH_DATA, the cache, the system's */
};

/* The places to look in, in order; NULL where this user has none. */
typedef struct roots {
    char *path[N_ROOTS];
} roots;

static void free_roots(roots *r)
{
    for (size_t i = 0; i < N_ROOTS; i++)
        sg_free(r->path[i]);
}

/* Returns the value of an environment variable, NULL when it is unset or empty. */
static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* Copies text, where there is any; false when out of memory. */
static bool copy(const char *text, char **ret)
{
    if (!text)
        return true;
    *ret = sg_strdup(text);
    return *ret != NULL;
}

/* Writes the cache's folder. The XDG standard says to ignore a relative $XDG_CACHE_HOME. */
static bool cache_folder(char **ret)
{
    const char *cache = environment("XDG_CACHE_HOME");
    const char *home = environment("HOME");
    if (cache && cache[0] == '/')
        *ret = sg_format("%s/sparsegraph", cache);
    else if (home)
        *ret = sg_format("%s/.cache/sparsegraph", home);
    else
        return true;
    return *ret != NULL;
}

static bool collect_roots(const char *folder, roots *r)
{
    return copy(folder, &r->path[0]) && copy(environment("SPARSEGRAPH_DATA"), &r->path[1]) &&
           cache_folder(&r->path[2]) && copy("/usr/share/datasets", &r->path[3]);
}

/* The usual names of the four files; the rank varies with the shape of a sample. */
static const struct {
    const char *stem;
    const char *ranks;
} data_files[SG_N_DATA_FILES] = {
    [SG_TRAIN_IMAGES] = {"train-images", "324"},
    [SG_TRAIN_LABELS] = {"train-labels", "1"},
    [SG_TEST_IMAGES] = {"t10k-images", "324"},
    [SG_TEST_LABELS] = {"t10k-labels", "1"},
};

/* Looks for one spelling of a file's name. False when out of memory. */
static bool look_for_form(const char *folder, const char *stem, const char *form, char rank,
                          char **ret)
{
    char tail[32];
    (void)snprintf(tail, sizeof tail, form, rank);
    SG_AUTOFREE char *path = sg_format("%s/%s%s", folder, stem, tail);
    if (path && sg_file_exists(path))
        *ret = SG_TAKE(path);
    return path || *ret;
}

/* Writes the path of a file that is there under one of its names, or NULL; a plain one is preferred
 * to a packed one. False when out of memory. */
static bool look_for_file(const char *folder, size_t which, char **ret)
{
    static const char *const forms[] = {"-idx%c-ubyte", ".idx%c-ubyte", "-idx%c-ubyte.gz",
                                        ".idx%c-ubyte.gz"};
    *ret = NULL;
    for (const char *rank = data_files[which].ranks; *rank && !*ret; rank++)
        for (size_t f = 0; f < SG_COUNT(forms) && !*ret; f++)
            if (!look_for_form(folder, data_files[which].stem, forms[f], *rank, ret))
                return false;
    return true;
}

sg_status sg_data_find_file(const char *folder, size_t which, char **ret, sg_error *err)
{
    SG_AUTOFREE char *path = NULL;
    if (!look_for_file(folder, which, &path))
        return sg_fail_memory(err, "looking for a data set");
    if (!path)
        return sg_fail(
            err, SG_ENOTFOUND,
            "the folder '%s' holds no %s-idx%c-ubyte, plain or with .gz; put the missing "
            "file of the data set there",
            folder, data_files[which].stem, data_files[which].ranks[0]);
    *ret = SG_TAKE(path);
    return SG_OK;
}

/* Takes the folder if it holds any of the four files; frees it otherwise. */
static sg_status take_if_data(char *folder, char **ret, sg_error *err)
{
    SG_AUTOFREE char *held = folder;
    if (!held)
        return sg_fail_memory(err, "looking for a data set");
    for (size_t which = 0; which < SG_N_DATA_FILES && !*ret && held; which++) {
        SG_AUTOFREE char *path = NULL;
        if (!look_for_file(held, which, &path))
            return sg_fail_memory(err, "looking for a data set");
        if (path)
            *ret = SG_TAKE(held);
    }
    return SG_OK;
}

static sg_status find_path(const char *path, char **ret, sg_error *err)
{
    SG_AUTOFREE char *found = NULL;
    if (!sg_dir_exists(path))
        return sg_fail(err, SG_ENOTFOUND,
                       "cannot find the folder '%s'; name a data set, or a folder of IDX files",
                       path);
    SG_TRY(take_if_data(sg_strdup(path), &found, err));
    if (!found)
        return sg_fail(err, SG_ENOTFOUND,
                       "the folder '%s' holds no IDX files; put train-images-idx3-ubyte, "
                       "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
                       "t10k-labels-idx1-ubyte there, plain or with .gz",
                       path);
    *ret = SG_TAKE(found);
    return SG_OK;
}

/* What to do about a data set that is nowhere; where it was looked for comes last, since the
 * message may be cut there. */
static sg_status fail_missing(const char *name, const roots *r, sg_error *err)
{
    SG_AUTO_TEXT sg_text places = {0};
    const char *separator = "";
    for (size_t i = 0; i < N_ROOTS; i++) {
        if (!r->path[i])
            continue;
        sg_text_printf(&places, "%s'%s'", separator, r->path[i]);
        separator = ", ";
    }
    SG_AUTOFREE char *looked_in = NULL;
    SG_TRY(sg_text_take(&places, &looked_in, err));

    const sg_known_dataset *known = sg_known_by_name(name);
    if (known)
        return sg_fail(err, SG_ENOTFOUND,
                       "cannot find the data set '%s': %s; or use 'digits', which needs no file; "
                       "looked in %s",
                       name, known->info.how_to_get, looked_in);
    const char *like = sg_known_like(name);
    if (like)
        return sg_fail(err, SG_ENOTFOUND,
                       "there is no data set '%s', did you mean '%s'? Looked in %s", name, like,
                       looked_in);
    return sg_fail(err, SG_ENOTFOUND,
                   "there is no data set '%s'; name digits, fashion-mnist, mnist or a folder of "
                   "IDX files; looked in %s",
                   name, looked_in);
}

/* Looks for NAME/ and images/NAME/ under one root. */
static sg_status look_under(const char *root, const char *name, char **ret, sg_error *err)
{
    SG_TRY(take_if_data(sg_format("%s/%s", root, name), ret, err));
    return *ret ? SG_OK : take_if_data(sg_format("%s/images/%s", root, name), ret, err);
}

static sg_status find_name(const char *name, const roots *r, char **ret, sg_error *err)
{
    SG_AUTOFREE char *found = NULL;
    for (size_t i = 0; i < N_ROOTS && !found; i++)
        if (r->path[i])
            SG_TRY(look_under(r->path[i], name, &found, err));
    if (!found)
        SG_TRY(take_if_data(sg_strdup(name), &found, err));
    if (!found)
        return fail_missing(name, r, err);
    *ret = SG_TAKE(found);
    return SG_OK;
}

sg_status sg_data_find(const char *name, const char *folder, char **ret, sg_error *err)
{
    if (strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return find_path(name, ret, err);
    if (folder && !sg_dir_exists(folder))
        return sg_fail(err, SG_ENOTFOUND,
                       "cannot find the folder of data sets '%s'; make it, or leave it out to "
                       "search the usual places",
                       folder);

    SG_CLEANUP(free_roots) roots r = {0};
    if (!collect_roots(folder, &r))
        return sg_fail_memory(err, "looking for a data set");
    return find_name(name, &r, ret, err);
}
