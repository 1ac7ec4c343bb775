/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_DROPOUT_H
#define SG_TRAIN_DROPOUT_H

#include "train/pass.h"

/*
 * Drops activations of one neuron: y[s] = 0 where dropped, y[s] / (1 - rate) elsewhere, and the
 * factor in mask[s]. neuron counts within hidden layer l of `size` neurons; n is a multiple of 8.
 */
void sg_dropout_row(const sg_dropout *dropout, size_t l, size_t size, size_t neuron, float *y,
                    float *mask, size_t n);

#endif
