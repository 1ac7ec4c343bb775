/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_RUN_STAGE_H
#define SG_SNAPSHOT_RUN_STAGE_H

#include "base/status.h"
#include "sparsegraph/run.h"
#include "sparsegraph/sweep.h"

/*
 * Tells how far a run has come, from its files. The checkpoint goes last, so a run without one
 * whose metrics reach the last epoch is complete. SG_ENOMEM.
 */
sg_status sg_run_stage_of(const sg_run *run, sg_run_stage *ret, sg_error *err) SG_CHECKED;

#endif
