/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparse/set_removal.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { RADIX_BITS = 16, RADIX_SIZE = 1 << RADIX_BITS, RADIX_MASK = RADIX_SIZE - 1 };

/* The `drop` weights of one sign that lie closest to zero: all below the limit, and so many equal
 * to it. */
typedef struct cut {
    uint32_t limit;
    size_t n_equal;
} cut;

/* The bits of |x|, which order as the magnitudes do. */
static uint32_t magnitude_bits(float x)
{
    const float magnitude = fabsf(x);
    uint32_t bits = 0;
    memcpy(&bits, &magnitude, sizeof bits);
    return bits;
}

static bool has_sign(float x, bool negative)
{
    return negative ? x < 0.0F : x > 0.0F;
}

/* Returns the digit at which the running count passes *rank, and reduces *rank to that within the
 * digit. */
static uint32_t digit_of_rank(const size_t *histogram, size_t *rank)
{
    uint32_t digit = 0;
    while (*rank >= histogram[digit])
        *rank -= histogram[digit++];
    return digit;
}

/* Finds the cut that drops exactly `drop` > 0 weights of a sign; histogram has RADIX_SIZE entries.
 */
static cut find_cut(const float *w, size_t n, bool negative, size_t drop, size_t *histogram)
{
    size_t rank = drop - 1;

    memset(histogram, 0, RADIX_SIZE * sizeof *histogram);
    for (size_t i = 0; i < n; i++)
        if (has_sign(w[i], negative))
            histogram[magnitude_bits(w[i]) >> RADIX_BITS]++;
    const uint32_t high = digit_of_rank(histogram, &rank);

    memset(histogram, 0, RADIX_SIZE * sizeof *histogram);
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = magnitude_bits(w[i]);
        if (has_sign(w[i], negative) && bits >> RADIX_BITS == high)
            histogram[bits & RADIX_MASK]++;
    }
    const uint32_t low = digit_of_rank(histogram, &rank);
    return (cut){.limit = high << RADIX_BITS | low, .n_equal = rank + 1};
}

static void apply_cut(const float *w, size_t n, bool negative, cut at, bool *keep)
{
    for (size_t i = 0; i < n; i++) {
        if (!has_sign(w[i], negative))
            continue;
        const uint32_t bits = magnitude_bits(w[i]);
        if (bits < at.limit)
            keep[i] = false;
        else if (bits == at.limit && at.n_equal > 0) {
            keep[i] = false;
            at.n_equal--;
        }
    }
}

sg_status sg_set_removal_mask(const float *w, size_t n, double zeta, bool *keep,
                              sg_set_removal *ret, sg_error *err)
{
    if (!(zeta >= 0.0 && zeta <= 1.0)) /* also catches NaN */
        return sg_fail(err, SG_EINVAL, "zeta must lie in [0, 1], got %g", zeta);
    size_t n_positive = 0;
    size_t n_negative = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(w[i]))
            return sg_fail(err, SG_EINVAL, "weight %zu is not finite", i);
        n_positive += w[i] > 0.0F;
        n_negative += w[i] < 0.0F;
    }
    SG_AUTOFREE size_t *histogram = SG_NEW_ARRAY(size_t, RADIX_SIZE);
    if (!histogram)
        return sg_fail_memory(err, "choosing the links to remove");

    const sg_set_removal removed = {
        .positive = (size_t)floor(zeta * (double)n_positive),
        .negative = (size_t)floor(zeta * (double)n_negative),
        .zero = n - n_positive - n_negative,
    };
    for (size_t i = 0; i < n; i++)
        keep[i] = w[i] != 0.0F;
    if (removed.positive > 0)
        apply_cut(w, n, false, find_cut(w, n, false, removed.positive, histogram), keep);
    if (removed.negative > 0)
        apply_cut(w, n, true, find_cut(w, n, true, removed.negative, histogram), keep);
    if (ret)
        *ret = removed;
    return SG_OK;
}
