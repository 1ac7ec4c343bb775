/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_METRICS_H
#define SG_SNAPSHOT_METRICS_H

/* metrics.jsonl: one JSON object a line, one line an epoch. */

#include "base/status.h"
#include "sparsegraph/run.h"
#include <stddef.h>

/* Returns the line of an epoch with its newline; numbers read back equal, NaN becomes null. */
sg_status sg_metrics_print(const sg_epoch_metrics *m, char **ret, sg_error *err) SG_CHECKED;

/*
 * Parses the text of a file, in ascending order of epochs; where an epoch has several lines the
 * last one counts. A last line that is half-written is dropped; any other broken one is SG_EFORMAT.
 */
sg_status sg_metrics_parse(const char *text, size_t n, sg_epoch_metrics **ret, size_t *n_ret,
                           sg_error *err) SG_CHECKED;

#endif
