/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/partition.h"

#include "base/memory.h"
#include "measure/tally.h"
#include <math.h>

/* What the sizes of the parts of one partition say. */
typedef struct part_sums {
    double entropy; /* in nats */
    double pairs;   /* of things in the same part */
} part_sums;

static part_sums sum_parts(const sg_tally *sizes, size_t n)
{
    part_sums s = {0, 0};
    for (size_t i = 0; i < sizes->n; i++) {
        const double size = (double)sizes->count[i];
        const double share = size / (double)n;
        s.entropy -= share * log(share);
        s.pairs += size * (size - 1) / 2;
    }
    return s;
}

static sg_status measure_parts(const uint64_t *part, size_t n, part_sums *ret, sg_error *err)
{
    SG_CLEANUP(sg_tally_clear) sg_tally sizes = {0};
    SG_TRY(sg_tally_make(part, n, &sizes, err));
    *ret = sum_parts(&sizes, n);
    return SG_OK;
}

static sg_agreement agreement_of(part_sums a, part_sums b, part_sums both, size_t n)
{
    const double all = (double)n * (double)(n - 1) / 2;
    const double expected = n > 1 ? a.pairs * b.pairs / all : 0;
    const double most = (a.pairs + b.pairs) / 2;
    const double shared = a.entropy + b.entropy - both.entropy;
    return (sg_agreement){
        .nmi = a.entropy + b.entropy > 0 ? fmax(0, 2 * shared / (a.entropy + b.entropy)) : 1,
        .ari = most > expected ? (both.pairs - expected) / (most - expected) : 1,
    };
}

sg_status sg_partition_agreement(const uint32_t *a, const uint32_t *b, size_t n, sg_agreement *ret,
                                 sg_error *err)
{
    if (n == 0) {
        *ret = (sg_agreement){NAN, NAN};
        return SG_OK;
    }
    SG_AUTOFREE uint64_t *part = SG_NEW_ARRAY(uint64_t, n);
    if (!part)
        return sg_fail_memory(err, "comparing partitions");
    part_sums of_a;
    part_sums of_b;
    part_sums of_both;
    for (size_t i = 0; i < n; i++)
        part[i] = a[i];
    SG_TRY(measure_parts(part, n, &of_a, err));
    for (size_t i = 0; i < n; i++)
        part[i] = b[i];
    SG_TRY(measure_parts(part, n, &of_b, err));
    for (size_t i = 0; i < n; i++)
        part[i] = (uint64_t)a[i] << 32 | b[i];
    SG_TRY(measure_parts(part, n, &of_both, err));
    *ret = agreement_of(of_a, of_b, of_both, n);
    return SG_OK;
}
