/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_CELLS_H
#define SG_TRAIN_CELLS_H

/*
 * How a link multiplies: by its links, or by all its cells where nearly each of them holds a link
 * (sg_dense_pays()). A full link's values are its cells already; of another one the cells are a
 * copy that follows every update, and gradients are read back from the cells to the links.
 */

#include "train/network.h"
#include "train/sgd.h"

/* Makes the cells of link l where it is to multiply by them. As long as there are any, BLAS works
 * on the calling threads alone. SG_ENOMEM. */
sg_status sg_cells_open(sg_network *net, size_t l, sg_error *err) SG_CHECKED;
void sg_cells_clear(train_link *link);

/* Copies the values of a share of the links to their cells; the shares are those of sg_sgd_step(),
 * and whoever changed a value copies it. */
void sg_cells_refresh(const train_link *link, sg_share share);

/* A product's place in training: the columns and what it reads and writes, as in sg_multiply. */
typedef struct sg_cells_work {
    const train_link *link;
    const sg_dense *dense;
    const float *x; /* activations of the sending layer */
    float *y;       /* what is written by the two multiplications */
    const float *d; /* gradients of the receiving layer */
    size_t n;       /* samples */
    size_t stride;
    size_t group; /* whose gradient is written */
    bool add;     /* to the gradient that is there */
} sg_cells_work;

/* Rows [begin, end) of y = W x + bias, of y = W^T d, and of the weights' gradient. They start at
 * multiples of sg_dense_block(). */
void sg_cells_forward(const sg_cells_work *w, const float *bias, size_t begin, size_t end);
void sg_cells_backward(const sg_cells_work *w, size_t begin, size_t end);
void sg_cells_gradient(const sg_cells_work *w, size_t begin, size_t end);

#endif
