/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyze_group.h"
#include "inputs.h"
#include "interrupt.h"
#include "meter.h"
#include "owned.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

OWNED_CLEANUP(sg_group, sg_group_free)

void group_paths_clear(group_paths *p)
{
    for (size_t i = 0; i < p->n_sweeps; i++)
        sg_sweep_free(p->sweeps[i]);
    free((void *)p->sweeps);
    free((void *)p->item);
    *p = (group_paths){0};
}

static sg_status fail(sg_error *err, sg_status status, const char *format, const char *folder,
                      const char *method)
{
    err->status = status;
    (void)snprintf(err->message, sizeof err->message, format, folder, folder, method);
    return status;
}

static bool reserve(group_paths *p, size_t n_more)
{
    const char **larger = realloc((void *)p->item, (p->paths.n + n_more + 1) * sizeof *larger);

    if (larger)
        p->item = larger;
    return larger != NULL;
}

/* Adds the complete runs of the sweep that was opened last. */
static sg_status add_runs(group_paths *p, const char *folder, sg_error *err)
{
    const sg_sweep *sweep = p->sweeps[p->n_sweeps - 1];
    const size_t n = sg_sweep_n_runs(sweep);

    if (!reserve(p, n))
        return fail(err, SG_ENOMEM, "out of memory listing '%s'", folder, "");
    for (size_t i = 0; i < n; i++) {
        const sg_sweep_run *r = sg_sweep_run_at(sweep, i);
        if (strcmp(r->method, sg_sweep_run_at(sweep, 0)->method) != 0)
            return fail(err, SG_EINVAL,
                        "'%s' holds runs of several methods; a group is of one, such as "
                        "%s/%s-seed-*",
                        folder, sg_sweep_run_at(sweep, 0)->method);
        if (r->stage == SG_RUN_COMPLETE)
            p->item[p->paths.n++] = r->path;
    }
    return SG_OK;
}

sg_status group_paths_expand(const operands *from, group_paths *ret, sg_error *err)
{
    sg_status status = SG_OK;

    ret->sweeps = calloc(from->n + 1, sizeof *ret->sweeps);
    if (!ret->sweeps)
        return fail(err, SG_ENOMEM, "out of memory", "", "");
    for (size_t i = 0; i < from->n && status == SG_OK; i++) {
        const char *path = from->item[i];
        if (!sg_sweep_is(path)) {
            if (!reserve(ret, 1))
                return fail(err, SG_ENOMEM, "out of memory listing '%s'", path, "");
            ret->item[ret->paths.n++] = path;
            continue;
        }
        status = sg_sweep_open(&path, 1, &ret->sweeps[ret->n_sweeps], err);
        if (status != SG_OK)
            break;
        ret->n_sweeps++;
        status = add_runs(ret, path, err);
    }
    ret->paths.item = ret->item;
    return status;
}

static sg_status print_result(const group_request *r, const sg_group *g, sg_error *err)
{
    OWNED(char) text = NULL;
    const sg_status status = r->json  ? sg_group_json(g, &text, err)
                             : r->csv ? sg_group_csv(g, &text, err)
                                      : sg_group_table(g, &text, err);

    if (status == SG_OK)
        (void)fputs(text, stdout);
    return status;
}

int analyze_group(const group_request *r, const operands *paths)
{
    meter m;
    sg_error err = {0};
    OWNED(sg_group) g = NULL;

    meter_start(&m, r->quiet);
    const sg_progress progress = {meter_progress, &m, interrupt_listen()};
    sg_status status = inputs_check(paths->item, paths->n, &err);
    if (status == SG_OK)
        status = sg_group_analyze(paths->item, paths->n, r->params, &progress, &g, &err);
    if (status == SG_OK && r->dir)
        status = sg_group_write(g, r->dir, &err);
    meter_clear(&m);
    if (status == SG_OK)
        status = print_result(r, g, &err);
    if (status != SG_OK) {
        err.status = status;
        return command_fail(&err);
    }
    meter_finish(&m);
    for (size_t i = 0; i < sg_group_n_warnings(g); i++)
        meter_say(&m, "warning: %s", sg_group_warning(g, i));
    if (r->dir)
        meter_say(&m, "written: %s/group.json, group.csv", r->dir);
    return EXIT_OK;
}
