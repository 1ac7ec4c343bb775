/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_CURVEBALL_H
#define SG_GRAPH_CURVEBALL_H

#include "base/random.h"
#include "base/status.h"
#include "sparsegraph/csr.h"

/* How far a matrix was randomised. */
typedef struct sg_curveball_mixing {
    size_t n_trades;
    double in_common; /* share of the links that the start has too; NaN of an empty matrix */
    bool levelled;
} sg_curveball_mixing;

/*
 * Randomises where the links of m stand, keeping the sum of every row and column; without values.
 * n_rounds = 0: until the overlap with m has levelled off. SG_ENOMEM.
 */
sg_status sg_curveball(const sg_csr *m, size_t n_rounds, sg_random *random,
                       sg_curveball_mixing *mixing, sg_csr **ret, sg_error *err) SG_CHECKED;

#endif
