/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_PARTITION_H
#define SG_MEASURE_PARTITION_H

/* How alike two partitions of the same things are. */

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

typedef struct sg_agreement {
    double nmi; /* normalised mutual information, in [0, 1] */
    double ari; /* adjusted Rand index, 1 = equal, 0 = as by chance */
} sg_agreement;

/*
 * Compares two partitions of n things, a[i] and b[i] being the parts of thing i; NaN of nothing. Of
 * two partitions with everything in one part, or nothing joined in either, both numbers are 1.
 *
 * NMI is 2 I(A;B) / (H(A) + H(B)): Danon et al., J. Stat. Mech. P09008 (2005),
 * doi:10.1088/1742-5468/2005/09/P09008. ARI: Hubert & Arabie, J. Classif. 2:193 (1985),
 * doi:10.1007/BF01908075. O(n log n).
 */
sg_status sg_partition_agreement(const uint32_t *a, const uint32_t *b, size_t n, sg_agreement *ret,
                                 sg_error *err) SG_CHECKED;

#endif
