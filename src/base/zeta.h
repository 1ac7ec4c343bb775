/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_ZETA_H
#define SG_BASE_ZETA_H

/*
 * Hurwitz' zeta function in a form that neither over- nor underflows: GSL's underflows where a
 * steep power law meets a large xmin (alpha = 150, q >= 1000). Euler-Maclaurin: DLMF 25.11.5. The
 * tests hold it against GSL.
 */

/*
 * ln sum_{i >= 0} ((q + i) / q)^-alpha, that is ln zeta(alpha, q) + alpha ln q, for alpha > 1 and
 * q >= 1, one of them below 2^53; never overflows. *slope (may be NULL) gets its derivative by
 * alpha, *curve the second.
 */
double sg_log_scaled_zeta(double alpha, double q, double *slope, double *curve);

/* The same without the logarithm: sum_{i >= 0} ((q + i) / q)^-alpha. */
double sg_scaled_zeta(double alpha, double q);

#endif
