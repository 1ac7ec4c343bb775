/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <math.h>
#include <string.h>

/* Multipliers and Weyl increments of Philox4x32, from the paper. */
static const uint32_t multiplier_0 = 0xD2511F53U;
static const uint32_t multiplier_1 = 0xCD9E8D57U;
static const uint32_t weyl_0 = 0x9E3779B9U;
static const uint32_t weyl_1 = 0xBB67AE85U;
enum { ROUNDS = 10 };

void sg_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t ret[4])
{
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint32_t k0 = key[0];
    uint32_t k1 = key[1];

    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t product_0 = (uint64_t)multiplier_0 * c[0];
        const uint64_t product_1 = (uint64_t)multiplier_1 * c[2];
        const uint32_t next_0 = (uint32_t)(product_1 >> 32) ^ c[1] ^ k0;
        const uint32_t next_2 = (uint32_t)(product_0 >> 32) ^ c[3] ^ k1;
        c[1] = (uint32_t)product_1;
        c[3] = (uint32_t)product_0;
        c[0] = next_0;
        c[2] = next_2;
        k0 += weyl_0;
        k1 += weyl_1;
    }
    memcpy(ret, c, sizeof c);
}

void sg_random_open(sg_random *r, uint64_t seed, sg_purpose purpose, uint32_t layer, uint32_t epoch)
{
    *r = (sg_random){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .counter = {0, 0, epoch, ((uint32_t)purpose << 24) | (layer & 0xFFFFFFU)},
    };
}

void sg_random_seek(sg_random *r, uint64_t block)
{
    r->counter[0] = (uint32_t)block;
    r->counter[1] = (uint32_t)(block >> 32);
    r->n_left = 0;
    r->has_spare = 0;
}

uint32_t sg_random_u32(sg_random *r)
{
    if (r->n_left == 0) {
        sg_philox(r->counter, r->key, r->block);
        r->n_left = 4;
        if (++r->counter[0] == 0)
            r->counter[1]++;
    }
    return r->block[4 - r->n_left--];
}

uint64_t sg_random_u64(sg_random *r)
{
    const uint64_t high = sg_random_u32(r);
    return high << 32 | sg_random_u32(r);
}

double sg_random_unit(sg_random *r)
{
    return (double)(sg_random_u64(r) >> 11) * 0x1p-53;
}

double sg_random_normal(sg_random *r)
{
    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare_normal;
    }
    double x = 0.0;
    double y = 0.0;
    double square = 0.0;
    do {
        x = 2.0 * sg_random_unit(r) - 1.0;
        y = 2.0 * sg_random_unit(r) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    const double scale = sqrt(-2.0 * log(square) / square);
    r->spare_normal = y * scale;
    r->has_spare = 1;
    return x * scale;
}

/* Lemire's method: doi:10.1145/3230636. */
uint64_t sg_random_below(sg_random *r, uint64_t n)
{
    __extension__ typedef unsigned __int128 u128;
    u128 product = (u128)sg_random_u64(r) * n;
    if ((uint64_t)product < n) {
        const uint64_t threshold = (0 - n) % n;
        while ((uint64_t)product < threshold)
            product = (u128)sg_random_u64(r) * n;
    }
    return (uint64_t)(product >> 64);
}

uint32_t sg_random_below32(sg_random *r, uint32_t n)
{
    uint64_t product = (uint64_t)sg_random_u32(r) * n;
    if ((uint32_t)product < n) {
        const uint32_t threshold = (0 - n) % n;
        while ((uint32_t)product < threshold)
            product = (uint64_t)sg_random_u32(r) * n;
    }
    return (uint32_t)(product >> 32);
}

void sg_random_shuffle_u32(sg_random *r, uint32_t *v, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)sg_random_below(r, i);
        const uint32_t held = v[i - 1];
        v[i - 1] = v[j];
        v[j] = held;
    }
}
