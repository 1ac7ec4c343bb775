/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_TAIL_LAWS_H
#define SG_REPORT_TAIL_LAWS_H

/* The laws that stand against a fitted power law, as curves beside it. */

#include "report/degree_fit.h"
#include "sparsegraph/figure.h"
#include "sparsegraph/tail.h"

enum { SG_TAIL_LAWS = 3, SG_TAIL_LAW_POINTS = 48 };

typedef struct sg_tail_laws {
    sg_alternatives alternatives;
    sg_ccdf_curve curve[SG_TAIL_LAWS]; /* (n_curves) from xmin to the largest degree */
    size_t n_curves;
    double k[SG_TAIL_LAW_POINTS];
    double p[SG_TAIL_LAWS][SG_TAIL_LAW_POINTS];
} sg_tail_laws;

/*
 * Fits the alternatives to the tail of the fit, and lays out P(K >= k) over all neurons, scaled by
 * n_tail / n, of the exponential, the lognormal and the stretched exponential, at most `n_most` of
 * them; a law that could not be fitted, or only at the bound where it turns into the power law, is
 * left out. n_curves is 0 where nothing was fitted. The curves point into *ret. SG_ENOMEM.
 */
sg_status sg_tail_laws_of(const sg_degree_fit *d, size_t n_most, sg_tail_laws *ret,
                          sg_error *err) SG_CHECKED;

#endif
