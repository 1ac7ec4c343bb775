/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_BIPARTITE_MIXING_H
#define SG_MEASURE_BIPARTITE_MIXING_H

/* Which degrees the connections of a link join: k of the receiving, d of the sending neuron. */

#include "base/status.h"
#include "sparsegraph/csr.h"

typedef struct sg_mixing {
    double three_paths; /* sum over connections of (k - 1)(d - 1); exact up to 2^53 */
    double pearson;     /* of k and d over connections; NaN where either never varies */
    double spearman;    /* the same of their ranks, equal degrees sharing the mean rank */
    double rich_club;   /* see SG_RICH_SHARE; NaN in an empty link */
} sg_mixing;

/*
 * The rich of a side are those with at least the degree of the ceil(n / SG_RICH_SHARE)-th neuron
 * in descending order, all that tie with it included, the unconnected never; the rich club is the
 * density of connections between the rich of both sides.
 */
enum { SG_RICH_SHARE = 10 };

/* Measures m, whose degrees are in, (n_rows), and out, (n_cols). O(n_rows + n_cols + n_links).
 * SG_ENOMEM. */
sg_status sg_mixing_of(const sg_csr *m, const uint64_t *in, const uint64_t *out, sg_mixing *ret,
                       sg_error *err) SG_CHECKED;

#endif
