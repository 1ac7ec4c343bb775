/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_POWERLAW_INTERNAL_H
#define SG_MEASURE_POWERLAW_INTERNAL_H

/* What the discrete and the continuous power law share. */

#include "base/status.h"
#include "measure/alternatives.h"
#include "sparsegraph/tail.h"

/* Below this many positive values alpha is corrected for the small sample, as plfit and igraph do:
 * the maximum of the likelihood lies too high by (alpha - 1) / n_tail. */
enum { SG_SMALL_SAMPLE = 50 };

double sg_small_sample_alpha(double alpha, size_t n_tail);

/* The replicates that the params ask for. SG_EINVAL. */
sg_status sg_powerlaw_n_replicates(const sg_powerlaw_params *params, size_t *ret,
                                   sg_error *err) SG_CHECKED;

/* What the alternatives say: the favoured one with its p, and the one-sided p of Vuong's test that
 * the power law looks so much better than the exponential when it is not. */
void sg_powerlaw_compare(const sg_alternatives *a, sg_powerlaw_alternative *favoured,
                         double *favoured_p, double *p_thin_tail);

#endif
