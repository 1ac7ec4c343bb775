/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/outputs.h"

#include "base/file.h"
#include "base/text.h"
#include <string.h>
#include <unistd.h>

void sg_outputs_clear(sg_outputs *o)
{
    for (size_t i = 0; i < o->n; i++) {
        sg_free(o->item[i].name);
        sg_free(o->item[i].bytes);
    }
    sg_free(o->item);
    *o = (sg_outputs){0};
}

sg_status sg_outputs_add(sg_outputs *o, const char *name, char *bytes, size_t n, sg_error *err)
{
    SG_AUTOFREE char *owned = bytes;
    SG_AUTOFREE char *copy = sg_strdup(name);

    if (o->n == o->capacity) {
        const size_t capacity = o->capacity ? 2 * o->capacity : 16;
        sg_output *item = sg_resize(o->item, capacity, sizeof *item);
        if (!item)
            return sg_fail_memory(err, "keeping files to write");
        o->item = item;
        o->capacity = capacity;
    }
    if (!copy || !owned)
        return sg_fail_memory(err, "keeping files to write");
    o->item[o->n++] = (sg_output){SG_TAKE(copy), SG_TAKE(owned), n};
    return SG_OK;
}

/* The folder of a path, a new string; NULL when out of memory. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash > path ? sg_memdup(path, (size_t)(slash - path)) : sg_strdup(".");
}

static sg_status write_one(const sg_output *item, const char *path, bool *is_new, sg_error *err)
{
    SG_AUTOFREE char *folder = folder_of(path);

    if (!folder)
        return sg_fail_memory(err, "writing files");
    SG_TRY(sg_dir_make(folder, err));
    *is_new = !sg_file_exists(path);
    return sg_file_write(path, item->bytes, item->n, err);
}

/* Removes a new file, and below dir the folders that are empty without it. What cannot be removed
 * stays: the caller hears of the failure that brought us here. */
static void take_back(const char *dir, const char *path)
{
    SG_AUTOFREE char *folder = sg_strdup(path);
    const size_t n_dir = strlen(dir);

    (void)unlink(path);
    for (char *slash = folder ? strrchr(folder, '/') : NULL; slash && slash > folder + n_dir;
         slash = strrchr(folder, '/')) {
        *slash = '\0';
        if (rmdir(folder) != 0)
            return;
    }
}

static sg_status write_from(const sg_outputs *o, const char *dir, size_t i, sg_error *err)
{
    if (i == o->n)
        return SG_OK;
    SG_AUTOFREE char *path = sg_format("%s/%s", dir, o->item[i].name);
    bool is_new = false;
    if (!path)
        return sg_fail_memory(err, "writing files");

    sg_status status = write_one(&o->item[i], path, &is_new, err);
    if (status == SG_OK)
        status = write_from(o, dir, i + 1, err);
    if (status != SG_OK && is_new)
        take_back(dir, path);
    return status;
}

sg_status sg_outputs_write(const sg_outputs *o, const char *dir, sg_error *err)
{
    const bool was_there = sg_dir_exists(dir);
    const sg_status status = write_from(o, dir, 0, err);

    if (status != SG_OK && !was_there)
        (void)rmdir(dir);
    return status;
}
