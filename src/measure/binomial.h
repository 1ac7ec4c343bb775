/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_BINOMIAL_H
#define SG_MEASURE_BINOMIAL_H

#include "base/random.h"

/*
 * Draws how many of n independent trials succeed, each with probability p in [0, 1]; n is below
 * 2^53. The time does not grow with n.
 *
 * Source: where n min(p, 1 - p) is 10 or more, the transformed rejection BTRS of Hörmann, J. Stat.
 * Comput. Simul. 46:101 (1993), doi:10.1080/00949659308811496; below, inversion.
 */
uint64_t sg_binomial(sg_random *random, uint64_t n, double p);

#endif
