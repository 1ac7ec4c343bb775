/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_HZETA_H
#define SG_MEASURE_HZETA_H

/* The Hurwitz zeta function zeta(s, q) = sum over k >= 0 of (q + k)^-s, in log space. */

/* q^s zeta(s, q) and its first two derivatives over s: at least 1, so it never underflows. */
typedef struct sg_hzeta {
    double value;
    double d1;
    double d2;
} sg_hzeta;

/* For s > 1, q >= 1; relative error near 1e-15. */
sg_hzeta sg_hzeta_scaled(double s, double q);

/* ln zeta(s, q), for s > 1, q >= 1. */
double sg_log_hzeta(double s, double q);

#endif
