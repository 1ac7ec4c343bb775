/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_DEGREE_FIT_H
#define SG_REPORT_DEGREE_FIT_H

/* The degrees of one side of a link with the power law fitted to them, measured here or taken from
 * an analysis. */

#include "base/memory.h"
#include "sparsegraph/analysis.h"

typedef struct sg_degree_fit {
    size_t n;
    uint64_t *degree; /* (n) one a neuron, or distinct ones where count is there */
    uint64_t *count;  /* (n) or NULL */
    sg_powerlaw fit;
    char *verdict; /* a few words */
} sg_degree_fit;

void sg_degree_fit_clear(sg_degree_fit *f); /* zeroed is fine */

/* Fits; untrained may be NULL. SG_ENOMEM. */
sg_status sg_degree_fit_make(const sg_csr *m, sg_side side, const sg_powerlaw_params *params,
                             const sg_powerlaw *untrained, sg_degree_fit *ret,
                             sg_error *err) SG_CHECKED;

/* Copies. SG_ENOMEM. */
sg_status sg_degree_fit_copy(const sg_analysis_fit *f, sg_degree_fit *ret,
                             sg_error *err) SG_CHECKED;

/* Returns the verdict in a few words ("alpha, short tail"), a new string, or NULL. */
char *sg_degree_fit_verdict(const sg_powerlaw *fit) SG_CHECKED;

#endif
