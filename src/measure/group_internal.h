/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_GROUP_INTERNAL_H
#define SG_MEASURE_GROUP_INTERNAL_H

/* How a group of runs is kept, and the steps that make one. */

#include "base/text.h"
#include "measure/measured.h"
#include "sparsegraph/group.h"
#include "sparsegraph/run.h"

struct sg_group {
    size_t n_runs;
    char **paths;       /* (n_runs) */
    char **seeds;       /* (n_runs) "" where it is not known */
    sg_analysis *first; /* of the first run: epochs, layers and links, which all share */
    size_t n_rows;
    sg_group_row *rows; /* names point into `first` and the registry */
    double *values;     /* (n_rows, n_runs) */
    size_t n_pairs;
    sg_group_pairs *pairs;
    size_t n_warnings;
    char **warnings;
};

SG_DEFINE_CLEANUP(sg_group, sg_group_free)
SG_DEFINE_CLEANUP(sg_run, sg_run_free)

/* Appends a warning, formatted. */
sg_status sg_group_warn(sg_group *g, sg_error *err, const char *format, ...)
    SG_PRINTF(3, 4) SG_CHECKED;

/* Fills in the seeds; SG_EINVAL where two are equal or the manifests differ in a setting. */
sg_status sg_group_check_settings(sg_group *g, const sg_run *const *runs, sg_error *err) SG_CHECKED;

/* Takes the values of run i from its analysis; the first is there and has the same rows, or
 * SG_EINVAL. */
sg_status sg_group_take_run(sg_group *g, size_t i, const sg_analysis *a, sg_error *err) SG_CHECKED;

/* Once all runs are there: what each row says of them. */
void sg_group_summarise(sg_group *g);

/* Compares the runs' networks of the first and the last epoch, cut to their cores as the params
 * say. */
sg_status sg_group_compare_runs(sg_group *g, const sg_run *const *runs,
                                const sg_analysis_params *params, const sg_progress *progress,
                                sg_error *err) SG_CHECKED;

#endif
