/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inputs.h"
#include "owned.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static sg_status check(const char *path, sg_error *err)
{
    OWNED(sg_run) run = NULL;
    struct stat info;

    if (stat(path, &info) == 0)
        return S_ISDIR(info.st_mode) ? sg_run_open(path, &run, err) : SG_OK;
    err->status = errno == ENOENT || errno == ENOTDIR ? SG_ENOTFOUND : SG_EIO;
    (void)snprintf(err->message, sizeof err->message, "cannot read '%s': %s", path,
                   strerror(errno));
    return err->status;
}

sg_status inputs_check(const char *const *paths, size_t n, sg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const sg_status status = check(paths[i], err);
        if (status != SG_OK)
            return status;
    }
    return SG_OK;
}
