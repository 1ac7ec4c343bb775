/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyze_group.h"
#include "inputs.h"
#include "interrupt.h"
#include "meter.h"
#include "owned.h"
#include <stdio.h>

OWNED_CLEANUP(sg_group, sg_group_free)

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
