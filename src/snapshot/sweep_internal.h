/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_SWEEP_INTERNAL_H
#define SG_SNAPSHOT_SWEEP_INTERNAL_H

#include "snapshot/sweep_plan.h"
#include "sparsegraph/run.h"
#include "sparsegraph/sweep.h"

struct sg_sweep {
    sg_sweep_plan plan;
    sg_sweep_run *runs; /* (plan.n_runs) */
    char **paths;       /* (plan.n_runs) of the farthest copy, or NULL */
};

/* Checks that a complete run has the files that it must have, and that each snapshot's header fits
 * its file. SG_EFORMAT, SG_ENOTFOUND. */
sg_status sg_run_check_files(const sg_run *run, sg_error *err) SG_CHECKED;

/* Checks that two complete runs of one method and seed are the same but for their times. SG_EINVAL
 * names the file that differs. */
sg_status sg_run_check_same(const sg_run *a, const sg_run *b, sg_error *err) SG_CHECKED;

#endif
