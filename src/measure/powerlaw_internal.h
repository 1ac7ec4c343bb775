/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_POWERLAW_INTERNAL_H
#define SG_MEASURE_POWERLAW_INTERNAL_H

/* What the discrete and the continuous power law share. */

#include "base/status.h"
#include "sparsegraph/powerlaw.h"

/* Below this many positive values alpha is corrected for the small sample, as plfit and igraph do:
 * the maximum of the likelihood lies too high by (alpha - 1) / n_tail. */
enum { SG_SMALL_SAMPLE = 50 };

double sg_small_sample_alpha(double alpha, size_t n_tail);

/* The replicates that the params ask for. SG_EINVAL. */
sg_status sg_powerlaw_n_replicates(const sg_powerlaw_params *params, size_t *ret,
                                   sg_error *err) SG_CHECKED;

/* The pointwise log-likelihood ratios of a power law over another model: their sums. */
typedef struct sg_vuong_sums {
    double n;
    double mean;
    double squares; /* of the differences from the mean */
} sg_vuong_sums;

/* Takes `count` values of one ratio (Welford, Technometrics 4:419 (1962)). */
void sg_vuong_add(sg_vuong_sums *s, double ratio, double count);

/*
 * One-sided p of Vuong's test: that the ratios favour the first model as much as this when neither
 * model is nearer to the truth; NaN where they do not vary.
 *
 * Source: Vuong, Econometrica 57:307 (1989), doi:10.2307/1912557; Clauset et al. 2009, appendix C.
 */
double sg_vuong_p_better(const sg_vuong_sums *s);

#endif
