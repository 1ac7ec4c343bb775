/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sha256.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64, LENGTH_AT = 56 /* where the bit count stands in the last block */ };

/* FIPS 180-4, 4.2.2: the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constant[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate_right(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void expand(const unsigned char *block, uint32_t w[ROUNDS])
{
    for (int t = 0; t < 16; t++, block += 4)
        w[t] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 |
               (uint32_t)block[3];
    for (int t = 16; t < ROUNDS; t++) {
        const uint32_t s0 =
            rotate_right(w[t - 15], 7) ^ rotate_right(w[t - 15], 18) ^ w[t - 15] >> 3;
        const uint32_t s1 =
            rotate_right(w[t - 2], 17) ^ rotate_right(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
}

/* The standard's a, b, ..., h are v[-t], v[1 - t], ..., v[7 - t], modulo 8: instead of moving them
 * along, each round starts one place earlier. */
static void absorb(uint32_t hash[8], const unsigned char *block)
{
    uint32_t w[ROUNDS];
    uint32_t v[8];

    expand(block, w);
    memcpy(v, hash, sizeof v);
#pragma GCC unroll 8
    for (unsigned t = 0; t < ROUNDS; t++) {
        const uint32_t a = v[(0 - t) & 7];
        const uint32_t b = v[(1 - t) & 7];
        const uint32_t c = v[(2 - t) & 7];
        const uint32_t e = v[(4 - t) & 7];
        const uint32_t f = v[(5 - t) & 7];
        const uint32_t g = v[(6 - t) & 7];
        const uint32_t sum_1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
        const uint32_t choice = (e & f) ^ (~e & g);
        const uint32_t t1 = v[(7 - t) & 7] + sum_1 + choice + round_constant[t] + w[t];
        const uint32_t sum_0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
        const uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        v[(3 - t) & 7] += t1;
        v[(7 - t) & 7] = t1 + sum_0 + majority;
    }
    for (int i = 0; i < 8; i++)
        hash[i] += v[i];
}

void sg_sha256_hex(const void *bytes, size_t n, char ret[SG_SHA256_HEX])
{
    uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const unsigned char *at = bytes;
    const uint64_t n_bits = (uint64_t)n * 8;

    for (; n >= BLOCK; n -= BLOCK, at += BLOCK)
        absorb(hash, at);
    unsigned char last[2 * BLOCK] = {0};
    if (n)
        memcpy(last, at, n);
    last[n] = 0x80;
    unsigned char *const final = n < LENGTH_AT ? last : last + BLOCK;
    for (int i = 0; i < 8; i++)
        final[LENGTH_AT + i] = (unsigned char)(n_bits >> (56 - 8 * i));
    if (final != last)
        absorb(hash, last);
    absorb(hash, final);

    for (int i = 0; i < 64; i++)
        ret[i] = "0123456789abcdef"[hash[i / 8] >> (28 - 4 * (i % 8)) & 15];
    ret[64] = '\0';
}
