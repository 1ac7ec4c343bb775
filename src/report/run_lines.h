/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_RUN_LINES_H
#define SG_REPORT_RUN_LINES_H

/* What changes over the epochs of a run, as lines for a timeline. */

#include "base/memory.h"
#include "sparsegraph/analysis.h"
#include "sparsegraph/run.h"

/* Values over epochs. */
typedef struct sg_run_line {
    char *label;
    size_t n;
    double *epoch; /* (n) ascending */
    double *value; /* (n) NaN where it is not known */
} sg_run_line;

void sg_run_line_clear(sg_run_line *line); /* zeroed is fine */

/* Which number of the metrics. */
typedef enum sg_run_number {
    SG_RUN_TEST_ACCURACY,
    SG_RUN_TRAIN_ACCURACY,
    SG_RUN_DENSITY
} sg_run_number;

/* Takes a number of the run's metrics; n is 0 where the run has none. SG_ENOMEM. */
sg_status sg_run_line_metrics(const sg_run *run, sg_run_number number, const char *label,
                              sg_run_line *ret, sg_error *err) SG_CHECKED;

/* The dispersion (variance / mean) of the degrees of every link, both sides, at every snapshot. */
typedef struct sg_dispersions {
    size_t n_links;
    sg_run_line *line; /* (2 * n_links) sending side then receiving side of each link, labelled by
                          the layer */
    bool *is_full;     /* (n_links) every possible connection is there, in all snapshots */
    char **link;       /* (n_links) names */
} sg_dispersions;

void sg_dispersions_clear(sg_dispersions *d);

/* Takes them from the analysis where it has them (it may be NULL), else counts the degrees. */
sg_status sg_dispersions_of(const sg_run *run, const sg_analysis *analysis, double core_zeta,
                            sg_dispersions *ret, sg_error *err) SG_CHECKED;

#endif
