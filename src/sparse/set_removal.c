/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparse/set_removal.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* The 31 bits of a magnitude are told apart in three steps of so many. */
enum { N_SIGNS = 2, N_STEPS = 3, RADIX_SIZE = 1 << 11 };
static const unsigned step_shift[N_STEPS] = {20, 10, 0};
static const uint32_t step_mask[N_STEPS] = {0x7ff, 0x3ff, 0x3ff};

/* The weights of one sign that are dropped are those closest to zero: all of a magnitude below the
 * limit, and so many of that magnitude. While it is sought, the limit's higher bits are known. */
typedef struct cut {
    uint32_t limit;
    size_t rank; /* among the weights that agree with the limit's known bits */
    bool drops;  /* any at all */
} cut;

typedef size_t histogram[N_SIGNS][RADIX_SIZE];

static uint32_t bits_of(float x)
{
    uint32_t bits = 0;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The bits of |x|, which order as the magnitudes do; 0 for zeros of either sign. */
static uint32_t magnitude(uint32_t bits)
{
    return bits & UINT32_C(0x7fffffff);
}

/* Counts the next digit of the weights that agree with the limits so far. Zeros do no harm: they
 * are subtracted from digit 0. */
static void count_digits(const float *w, size_t n, unsigned step, const cut *at, histogram count)
{
    const unsigned known = step == 0 ? 31 : step_shift[step - 1];
    memset(count, 0, sizeof(histogram));
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = bits_of(w[i]);
        const uint32_t sign = bits >> 31;
        if (magnitude(bits) >> known == at[sign].limit >> known)
            count[sign][magnitude(bits) >> step_shift[step] & step_mask[step]]++;
    }
}

/* Adds the digit at which the running count passes the rank, and reduces the rank to that within
 * the digit. */
static void take_digit(cut *at, const size_t *count, unsigned step)
{
    uint32_t digit = 0;
    while (at->rank >= count[digit])
        at->rank -= count[digit++];
    at->limit |= digit << step_shift[step];
}

/* Finds the limits of both signs; n_zeros are the zeros of each sign, which go before all. */
static void find_cuts(const float *w, size_t n, const size_t *n_zeros, cut *at, histogram count)
{
    for (unsigned step = 0; step < N_STEPS; step++) {
        count_digits(w, n, step, at, count);
        for (size_t sign = 0; sign < N_SIGNS; sign++) {
            if (!at[sign].drops)
                continue;
            if (at[sign].limit == 0)
                count[sign][0] -= n_zeros[sign];
            take_digit(&at[sign], count[sign], step);
        }
    }
}

/* Clears keep where a weight is dropped; ties go to the lower index. */
static void apply_cuts(const float *w, size_t n, cut *at, bool *keep)
{
    size_t n_equal[N_SIGNS] = {at[0].rank + 1, at[1].rank + 1};
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = bits_of(w[i]);
        const uint32_t sign = bits >> 31;
        const uint32_t limit = at[sign].limit;
        keep[i] = magnitude(bits) > limit;
        if (magnitude(bits) == limit && limit > 0) {
            keep[i] = n_equal[sign] == 0;
            n_equal[sign] -= n_equal[sign] > 0;
        }
    }
}

sg_status sg_set_removal_mask(const float *w, size_t n, double zeta, bool *keep,
                              sg_set_removal *ret, sg_error *err)
{
    if (!(zeta >= 0.0 && zeta <= 1.0)) /* also catches NaN */
        return sg_fail(err, SG_EINVAL, "zeta must lie in [0, 1], got %g", zeta);
    size_t n_of[N_SIGNS] = {0, 0};
    size_t n_zeros[N_SIGNS] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(w[i]))
            return sg_fail(err, SG_EINVAL, "weight %zu is not finite", i);
        const uint32_t sign = bits_of(w[i]) >> 31;
        n_of[sign]++;
        n_zeros[sign] += w[i] == 0.0F;
    }
    SG_AUTOFREE size_t *count = SG_NEW_ARRAY(size_t, (size_t)N_SIGNS * RADIX_SIZE);
    if (!count)
        return sg_fail_memory(err, "choosing the links to remove");

    const sg_set_removal removed = {
        .positive = (size_t)floor(zeta * (double)(n_of[0] - n_zeros[0])),
        .negative = (size_t)floor(zeta * (double)(n_of[1] - n_zeros[1])),
        .zero = n_zeros[0] + n_zeros[1],
    };
    cut at[N_SIGNS] = {
        {.rank = removed.positive - 1, .drops = removed.positive > 0},
        {.rank = removed.negative - 1, .drops = removed.negative > 0},
    };
    find_cuts(w, n, n_zeros, at, (size_t(*)[RADIX_SIZE])count);
    apply_cuts(w, n, at, keep);
    if (ret)
        *ret = removed;
    return SG_OK;
}
