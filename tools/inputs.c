/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inputs.h"
#include "owned.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *const input_orientations[] = {"auto", "out-in", "in-out", NULL};

static sg_status fail(sg_error *err, sg_status status, const char *format, const char *path,
                      const char *reason)
{
    err->status = status;
    (void)snprintf(err->message, sizeof err->message, format, path, reason);
    return status;
}

static sg_status check(const char *path, sg_error *err)
{
    OWNED(sg_run) run = NULL;
    struct stat info;

    if (stat(path, &info) == 0)
        return S_ISDIR(info.st_mode) ? sg_run_open(path, &run, err) : SG_OK;
    if (sg_snapshot_is(path)) /* several files as one network: the library says which is missing */
        return SG_OK;
    return fail(err, errno == ENOENT || errno == ENOTDIR ? SG_ENOTFOUND : SG_EIO,
                "cannot read '%s': %s", path, strerror(errno));
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

void inputs_clear(inputs *in)
{
    for (size_t i = 0; i < in->n_owned; i++)
        sg_free(in->owned[i]);
    free(in->owned);
    free(in->item);
    *in = (inputs){0};
}

/* Appends a path, or files as one network. */
static sg_status add(const char *const *paths, size_t n, int orientation, inputs *ret,
                     sg_error *err)
{
    char *spec = NULL;
    const sg_status status = sg_snapshot_spec(paths, n, (sg_orientation)orientation, &spec, err);

    if (status == SG_OK) {
        ret->owned[ret->n_owned++] = spec;
        ret->item[ret->paths.n++] = spec;
    }
    return status;
}

static sg_status add_layers(const char *const *paths, size_t n, int orientation, inputs *ret,
                            sg_error *err)
{
    for (size_t i = 0; i < n; i++)
        if (sg_run_is(paths[i]))
            return fail(err, SG_EINVAL, "'%s' is a run: --layers joins files%s", paths[i],
                        ", each of one or more matrices");
    return add(paths, n, orientation, ret, err);
}

sg_status inputs_gather(const char *const *paths, size_t n, const input_style *style, inputs *ret,
                        sg_error *err)
{
    inputs in = {0};
    sg_status status = inputs_check(paths, n, err);

    in.item = calloc(n + 1, sizeof *in.item);
    in.owned = calloc(n + 1, sizeof *in.owned);
    if (!in.item || !in.owned)
        status = fail(err, SG_ENOMEM, "out of memory%s%s", "", "");
    if (status == SG_OK && style->layers && n > 0)
        status = add_layers(paths, n, style->orientation, &in, err);
    for (size_t i = 0; status == SG_OK && !style->layers && i < n; i++) {
        if (style->orientation == SG_ORIENTATION_AUTO || sg_run_is(paths[i]))
            in.item[in.paths.n++] = paths[i];
        else
            status = add(&paths[i], 1, style->orientation, &in, err);
    }
    if (status != SG_OK) {
        inputs_clear(&in);
        return status;
    }
    in.paths.item = in.item;
    *ret = in;
    return SG_OK;
}

sg_status inputs_restyle(const char *const *paths, size_t n, const input_style *style, inputs *ret,
                         sg_error *err)
{
    if (style->layers || style->orientation != SG_ORIENTATION_AUTO)
        return inputs_gather(paths, n, style, ret, err);
    *ret = (inputs){.paths = {.n = n, .item = paths}};
    return SG_OK;
}
