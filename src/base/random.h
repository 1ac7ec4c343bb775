/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_RANDOM_H
#define SG_BASE_RANDOM_H

/*
 * Counter-based random streams: a stream is a pure function of (seed, purpose, layer, epoch), so a
 * result never depends on threads, on order, or on whether a run was interrupted.
 *
 * Philox4x32-10: Salmon et al., SC'11, doi:10.1145/2063384.2063405.
 */

#include <stddef.h>
#include <stdint.h>

/* What a stream is for; never renumber: it would change every seed's results. */
typedef enum sg_purpose {
    SG_RANDOM_TOPOLOGY = 1, /* the starting links */
    SG_RANDOM_WEIGHTS = 2,  /* the starting weights */
    SG_RANDOM_SHUFFLE = 3,  /* the order of the samples in an epoch */
    SG_RANDOM_DROPOUT = 4,
    SG_RANDOM_GROW = 5,         /* where links regrow */
    SG_RANDOM_GROW_WEIGHTS = 6, /* their weights */
    SG_RANDOM_DIGITS = 7,       /* the generated data set */
    SG_RANDOM_BOOTSTRAP = 8,
    SG_RANDOM_NULL = 9,         /* null models */
    SG_RANDOM_SAMPLE = 10,      /* sampled sources, sampled drawings */
    SG_RANDOM_SRELU = 11,       /* the starting parameters of SReLU */
    SG_RANDOM_TAIL_INDEX = 12,  /* samples behind a tail index */
    SG_RANDOM_SPECTRUM = 13,    /* starting vectors of iterations */
    SG_RANDOM_MODULES = 14,     /* starting partitions */
    SG_RANDOM_COMMUNITIES = 15, /* the choices of community detection */
} sg_purpose;

typedef struct sg_random {
    uint32_t key[2];
    uint32_t counter[4];
    uint32_t block[4];
    unsigned n_left;
    double spare_normal;
    int has_spare;
} sg_random;

/* One block of the Philox4x32-10 bijection. */
void sg_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t ret[4]);

/* Opens a stream; layer is below 2^24. */
void sg_random_open(sg_random *r, uint64_t seed, sg_purpose purpose, uint32_t layer,
                    uint32_t epoch);

/* Jumps to the given block of four 32-bit words, in O(1). */
void sg_random_seek(sg_random *r, uint64_t block);

uint32_t sg_random_u32(sg_random *r);
uint64_t sg_random_u64(sg_random *r);
double sg_random_unit(sg_random *r);                             /* [0, 1), 53 bits */
double sg_random_normal(sg_random *r);                           /* N(0, 1), by the polar method */
uint64_t sg_random_below(sg_random *r, uint64_t n);              /* [0, n), unbiased; n > 0 */
uint32_t sg_random_below32(sg_random *r, uint32_t n);            /* the same, from fewer bits */
void sg_random_shuffle_u32(sg_random *r, uint32_t *v, size_t n); /* Fisher-Yates */

#endif
