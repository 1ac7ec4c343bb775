/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_SIDE_SEED_H
#define SG_MEASURE_SIDE_SEED_H

#include "sparsegraph/measure.h"
#include <stddef.h>
#include <stdint.h>

/*
 * Returns the seed of the bootstrap on one side of a link. It does not depend on the epoch, nor on
 * who asks: equal degrees get an equal p wherever they are fitted.
 */
uint64_t sg_side_seed(uint64_t seed, size_t link, sg_side side);

#endif
