/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/standardize.h"

#include "base/memory.h"
#include "base/status.h"

#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 u128;

/* 255^2 * 2^16 < 2^32: as many squares of bytes as a 32-bit sum holds. */
enum { CHUNK = 1 << 16 };

/* The sum and the sum of squares of n numbers. */
typedef struct moments {
    uint64_t n;
    uint64_t sum;
    uint64_t squares;
} moments;

/* n^2 times the variance, exact until it is rounded once to a double; 0 only where all agree. */
static double spread_of(const moments *m)
{
    return (double)((u128)m->n * m->squares - (u128)m->sum * m->sum);
}

static void map_by(const moments *m, float *scale, float *shift)
{
    const double spread = spread_of(m);
    *scale = spread > 0.0 ? (float)((double)m->n / sqrt(spread)) : 0.0F;
    *shift = spread > 0.0 ? (float)(-(double)m->sum / sqrt(spread)) : 0.0F;
}

/* Adds the samples of one chunk, in 32-bit sums that the compiler vectorises. */
static void add_chunk(const uint8_t *raw, size_t n_samples, size_t n_features, uint32_t *sums,
                      moments *m)
{
    uint32_t *squares = sums + n_features;
    memset(sums, 0, 2 * n_features * sizeof *sums);
    for (size_t i = 0; i < n_samples; i++, raw += n_features) {
        for (size_t j = 0; j < n_features; j++) {
            sums[j] += raw[j];
            squares[j] += (uint32_t)raw[j] * raw[j];
        }
    }
    for (size_t j = 0; j < n_features; j++) {
        m[j].n += n_samples;
        m[j].sum += sums[j];
        m[j].squares += squares[j];
    }
}

static moments total(const moments *m, size_t n_features)
{
    moments all = {0};
    for (size_t j = 0; j < n_features; j++) {
        all.n += m[j].n;
        all.sum += m[j].sum;
        all.squares += m[j].squares;
    }
    return all;
}

sg_status sg_standardize_fit(const uint8_t *raw, size_t n_samples, size_t n_features,
                             sg_standardize mode, float *const ret[3], sg_error *err)
{
    SG_AUTOFREE moments *m = SG_NEW_ARRAY(moments, n_features);
    SG_AUTOFREE uint32_t *sums = sg_alloc(n_features, 2 * sizeof *sums);
    if (!m || !sums)
        return sg_fail_memory(err, "standardising a data set");

    for (size_t i = 0; i < n_samples; i += CHUNK) {
        const size_t n = n_samples - i < CHUNK ? n_samples - i : CHUNK;
        add_chunk(raw + i * n_features, n, n_features, sums, m);
    }
    const moments all = total(m, n_features);
    for (size_t j = 0; j < n_features; j++) {
        ret[SG_FIT_DEVIATION][j] = (float)(sqrt(spread_of(&m[j])) / (double)n_samples);
        ret[SG_FIT_SCALE][j] = 1.0F / 255.0F;
        ret[SG_FIT_SHIFT][j] = 0.0F;
        if (mode != SG_STANDARDIZE_NONE)
            map_by(mode == SG_STANDARDIZE_GLOBAL ? &all : &m[j], &ret[SG_FIT_SCALE][j],
                   &ret[SG_FIT_SHIFT][j]);
    }
    return SG_OK;
}
