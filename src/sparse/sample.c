/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparse/topology.h"

#include "base/memory.h"
#include "base/status.h"

#include <string.h>

enum { DIGIT_BITS = 8, DIGIT_SIZE = 1 << DIGIT_BITS, N_DIGITS = 64 / DIGIT_BITS };

void sg_sort_u64(uint64_t *v, size_t n, uint64_t *scratch)
{
    size_t histogram[N_DIGITS][DIGIT_SIZE] = {0};
    uint64_t *from = v;
    uint64_t *to = scratch;

    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < N_DIGITS; d++)
            histogram[d][(v[i] >> (d * DIGIT_BITS)) % DIGIT_SIZE]++;
    for (size_t d = 0; d < N_DIGITS; d++) {
        if (n == 0 || histogram[d][(v[0] >> (d * DIGIT_BITS)) % DIGIT_SIZE] == n)
            continue; /* one digit for all: nothing to move */
        size_t at = 0;
        for (size_t value = 0; value < DIGIT_SIZE; value++) {
            const size_t count = histogram[d][value];
            histogram[d][value] = at;
            at += count;
        }
        for (size_t i = 0; i < n; i++)
            to[histogram[d][(from[i] >> (d * DIGIT_BITS)) % DIGIT_SIZE]++] = from[i];
        uint64_t *const swapped = from;
        from = to;
        to = swapped;
    }
    if (from != v)
        memcpy(v, from, n * sizeof *v);
}

/* Drops repeats from an ascending array; returns how many are left. */
static size_t drop_repeats(uint64_t *v, size_t n)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        if (n_kept == 0 || v[n_kept - 1] != v[i])
            v[n_kept++] = v[i];
    return n_kept;
}

/* For n at most half of `below`: draws until n are distinct, so each round repeats the rest of a
 * sequence. */
static void sample_few(sg_random *random, uint64_t below, size_t n, uint64_t *ret,
                       uint64_t *scratch)
{
    for (size_t n_distinct = 0; n_distinct < n;) {
        for (size_t i = n_distinct; i < n; i++)
            ret[i] = sg_random_below(random, below);
        sg_sort_u64(ret, n, scratch);
        n_distinct = drop_repeats(ret, n);
    }
}

/* Writes the numbers below `below` that are not among the n ascending ones of `without`. */
static void complement(const uint64_t *without, size_t n, uint64_t below, uint64_t *ret)
{
    size_t at = 0;
    for (uint64_t x = 0; x < below; x++) {
        if (at < n && without[at] == x)
            at++;
        else
            *ret++ = x;
    }
}

sg_status sg_sample_distinct(sg_random *random, uint64_t below, size_t n, uint64_t *ret,
                             sg_error *err)
{
    if (n > below)
        return sg_fail(err, SG_EINVAL, "cannot draw %zu distinct numbers below %llu", n,
                       (unsigned long long)below);
    const bool few = n <= below / 2;
    const size_t n_drawn = few ? n : (size_t)(below - n);
    SG_AUTOFREE uint64_t *scratch = SG_NEW_ARRAY(uint64_t, n_drawn);
    SG_AUTOFREE uint64_t *absent = few ? NULL : SG_NEW_ARRAY(uint64_t, n_drawn);
    if (!scratch || (!few && !absent))
        return sg_fail_memory(err, "drawing links");

    if (few) {
        sample_few(random, below, n, ret, scratch);
    } else {
        sample_few(random, below, n_drawn, absent, scratch);
        complement(absent, n_drawn, below, ret);
    }
    return SG_OK;
}
