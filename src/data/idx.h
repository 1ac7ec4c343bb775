/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_DATA_IDX_H
#define SG_DATA_IDX_H

/*
 * IDX, the format of MNIST: two zero bytes, a type, a rank, the dimensions as big-endian 32-bit
 * numbers, then the values. Only unsigned bytes are read.
 */

#include "base/memory.h"
#include "base/sha256.h"
#include "base/status.h"
#include <stdint.h>

enum {
    SG_IDX_RANK_MAX = 4,        /* sample, channel, row, column */
    SG_IDX_BYTES_MAX = 1 << 30, /* of a file, inflated: 23 times MNIST's largest */
};

typedef struct sg_idx {
    char *bytes;           /* the whole file, inflated; the values point into it */
    const uint8_t *values; /* (dims[0], dims[1], ...) row-major */
    size_t n_values;
    size_t rank;
    size_t dims[SG_IDX_RANK_MAX];
    char sha256[SG_SHA256_HEX]; /* of the inflated bytes */
} sg_idx;

/*
 * Reads a file, plain or gzipped, with rank 1 to SG_IDX_RANK_MAX and no dimension of 0. *ret is
 * written on success only; release it with sg_idx_free().
 * SG_ENOTFOUND, SG_EIO, SG_ENOMEM; SG_EFORMAT for anything but a header and exactly the values it
 * promises; SG_EUNSUPPORTED for another type of values or a higher rank.
 */
sg_status sg_idx_read(const char *path, sg_idx *ret, sg_error *err) SG_CHECKED;

/* Frees what the struct owns and zeroes it. */
void sg_idx_free(sg_idx *idx);

#define SG_AUTO_IDX SG_CLEANUP(sg_idx_free)

#endif
