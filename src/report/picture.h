/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_PICTURE_H
#define SG_REPORT_PICTURE_H

/* How the neurons of a layer become a picture: by the layer's shape, where it has one. */

#include "sparsegraph/snapshot.h"

typedef struct sg_picture {
    size_t n_rows, n_cols;
    size_t n_planes;      /* channels, summed */
    bool planes_are_last; /* (row, column, channel) rather than (channel, row, column) */
    const char *how;      /* what the reader must know of it, or NULL */
} sg_picture;

sg_picture sg_picture_of(const sg_layer *layer);

/* Lays n values out as the picture; cells beyond the layer stay NaN. ret is (n_rows, n_cols). */
void sg_picture_fill(const sg_picture *p, const double *value, size_t n, double *ret);

#endif
