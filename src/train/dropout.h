/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_DROPOUT_H
#define SG_TRAIN_DROPOUT_H

#include "train/pass.h"

/* One hidden neuron's activations for some columns of a batch. */
typedef struct sg_dropout_row {
    size_t layer;
    size_t neuron;    /* within its layer */
    size_t n_neurons; /* of that layer */
    size_t first;     /* column; a multiple of 8, as are the next two */
    size_t n;         /* columns */
    size_t n_columns; /* of the whole batch */
} sg_dropout_row;

/* Drops activations: y[s] = 0 where dropped, y[s] / (1 - rate) elsewhere, and the factor in
 * mask[s]. */
void sg_drop(const sg_dropout *dropout, const sg_dropout_row *row, float *y, float *mask);

#endif
