/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/group_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include "measure/student.h"
#include <math.h>
#include <string.h>

/* The values of several runs side by side. */

static const double confidence = 0.95;

static sg_status differ(const sg_group *g, size_t run, const char *what, sg_error *err)
{
    return sg_fail(err, SG_EINVAL,
                   "'%s' and '%s' differ in their %s; a group is of runs that differ in their seed "
                   "alone",
                   g->paths[0], g->paths[run], what);
}

static sg_status check_structure(const sg_group *g, size_t run, const sg_analysis *a, sg_error *err)
{
    const sg_analysis *b = g->first;
    bool same = sg_analysis_n_layers(a) == sg_analysis_n_layers(b) &&
                sg_analysis_n_links(a) == sg_analysis_n_links(b);
    for (size_t i = 0; same && i < sg_analysis_n_layers(a); i++)
        same = sg_analysis_layer_size(a, i) == sg_analysis_layer_size(b, i) &&
               strcmp(sg_analysis_layer_name(a, i), sg_analysis_layer_name(b, i)) == 0;
    for (size_t i = 0; same && i < sg_analysis_n_links(a); i++)
        same = strcmp(sg_analysis_link_name(a, i), sg_analysis_link_name(b, i)) == 0;
    if (!same)
        return differ(g, run, "layers or links", err);
    same = sg_analysis_n_snapshots(a) == sg_analysis_n_snapshots(b);
    for (size_t i = 0; same && i < sg_analysis_n_snapshots(a); i++)
        same = sg_analysis_epoch(a, i) == sg_analysis_epoch(b, i);
    return same ? SG_OK : differ(g, run, "epochs, one may not be finished,", err);
}

static sg_status make_rows(sg_group *g, sg_error *err)
{
    g->n_rows = sg_analysis_n_rows(g->first);
    g->rows = SG_NEW_ARRAY(sg_group_row, g->n_rows);
    g->values = sg_alloc(g->n_rows, g->n_runs * sizeof *g->values);
    if (!g->rows || !g->values)
        return sg_fail_memory(err, "grouping runs");
    for (size_t i = 0; i < g->n_rows; i++) {
        const sg_analysis_row *row = sg_analysis_row_at(g->first, i);
        g->rows[i] = (sg_group_row){.epoch = row->epoch,
                                    .scope = row->scope,
                                    .subject = row->subject,
                                    .measure = row->measure,
                                    .value = &g->values[i * g->n_runs]};
    }
    return SG_OK;
}

sg_status sg_group_take_run(sg_group *g, size_t i, const sg_analysis *a, sg_error *err)
{
    if (!g->rows)
        SG_TRY(make_rows(g, err));
    SG_TRY(check_structure(g, i, a, err));
    if (sg_analysis_n_rows(a) != g->n_rows)
        return differ(g, i, "measures", err);
    for (size_t k = 0; k < g->n_rows; k++) {
        const sg_analysis_row *theirs = sg_analysis_row_at(a, k);
        const sg_group_row *row = &g->rows[k];
        if (theirs->epoch != row->epoch || theirs->scope != row->scope ||
            theirs->measure != row->measure || strcmp(theirs->subject, row->subject) != 0)
            return differ(g, i, "measures", err);
        g->values[k * g->n_runs + i] = theirs->value;
    }
    return SG_OK;
}

/* Mean, then squares about it: nearly equal values do not cancel. */
static void summarise(sg_group_row *row, size_t n_runs)
{
    double sum = 0;
    row->mean = row->sd = row->ci_low = row->ci_high = row->min = row->max = NAN;
    for (size_t i = 0; i < n_runs; i++) {
        if (isnan(row->value[i]))
            continue;
        row->n++;
        sum += row->value[i];
        row->min = row->n == 1 ? row->value[i] : fmin(row->min, row->value[i]);
        row->max = row->n == 1 ? row->value[i] : fmax(row->max, row->value[i]);
    }
    if (row->n == 0)
        return;
    const double n = (double)row->n;
    row->mean = row->min == row->max ? row->min : sum / n;
    if (row->n < 2)
        return;
    double squares = 0;
    for (size_t i = 0; i < n_runs; i++)
        if (!isnan(row->value[i]))
            squares += (row->value[i] - row->mean) * (row->value[i] - row->mean);
    row->sd = sqrt(squares / (n - 1));
    if (row->n < SG_GROUP_RUNS_MIN)
        return;
    const double half = sg_student_within(confidence, (unsigned)row->n - 1) * row->sd / sqrt(n);
    row->ci_low = row->mean - half;
    row->ci_high = row->mean + half;
}

void sg_group_summarise(sg_group *g)
{
    for (size_t i = 0; i < g->n_rows; i++)
        summarise(&g->rows[i], g->n_runs);
}
