/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_DROPOUT_H
#define SG_TRAIN_DROPOUT_H

#include "train/pass.h"

/* A neuron of a hidden layer of `size`, counted within it. */
typedef struct sg_neuron {
    size_t layer;
    size_t size;
    size_t index;
} sg_neuron;

/*
 * Drops activations of one neuron: y[s] = 0 where dropped, y[s] / (1 - rate) elsewhere, and the
 * factor in mask[s]. n is a multiple of 8.
 */
void sg_dropout_row(const sg_dropout *dropout, sg_neuron neuron, float *y, float *mask, size_t n);

#endif
