/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_HUBS_H
#define SG_MEASURE_HUBS_H

/* Whether the neurons that stood out once still do. */

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

/*
 * The hubs of n neurons are those with at least the k-th largest degree, k = n / 10 rounded up, and
 * with a connection: neurons of equal degree are in together or out together, so there may be more
 * than k. Where they are more than half of all neurons nobody stands out.
 *
 * Writes to *ret the share of the hubs by degree `now` that are hubs by degree `before`, both (n);
 * NaN where one of them has no hubs or nobody stands out. By chance it is (hubs before) / n.
 * SG_ENOMEM. O(n + largest degree).
 */
sg_status sg_hubs_kept(const uint64_t *now, const uint64_t *before, size_t n, double *ret,
                       sg_error *err) SG_CHECKED;

/*
 * Writes Spearman's rank correlation of two lists of n, equal values sharing the mean of their
 * ranks; NaN where all values of one are equal. SG_ENOMEM. O(n log n), and O(n) for degrees.
 *
 * Source: Spearman, Am. J. Psychol. 15:72 (1904), doi:10.2307/1412159.
 */
sg_status sg_rank_correlation(const uint64_t *x, const uint64_t *y, size_t n, double *ret,
                              sg_error *err) SG_CHECKED;

#endif
