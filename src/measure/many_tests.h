/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_MANY_TESTS_H
#define SG_MEASURE_MANY_TESTS_H

#include "base/status.h"
#include <stddef.h>

/*
 * Corrects n p-values for their number: q_i is the smallest false discovery rate at which test i
 * still counts as a finding, min over p_j >= p_i of p_j m / rank(p_j), m the tests there are. NaN
 * is no test: it gives NaN and counts for nothing. SG_ENOMEM.
 *
 * Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57:289 (1995),
 * doi:10.1111/j.2517-6161.1995.tb02031.x. It holds for independent tests and for positively
 * dependent ones (Benjamini & Yekutieli, Ann. Stat. 29:1165 (2001), doi:10.1214/aos/1013699998), as
 * those of one network at following epochs are.
 */
sg_status sg_many_tests_q(const double *p, size_t n, double *q, sg_error *err) SG_CHECKED;

#endif
