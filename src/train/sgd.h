/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_SGD_H
#define SG_TRAIN_SGD_H

#include "train/network.h"

/* One step of stochastic gradient descent with momentum and decoupled weight decay. */
typedef struct sg_sgd {
    double lr;
    double momentum;
    double weight_decay;
} sg_sgd;

/* Which part of each array a caller does: every element exactly once over all of them. */
typedef struct sg_share {
    size_t index;
    size_t n;
} sg_share;

/*
 * g = the sum of the groups' gradients, in their order;
 * v = momentum v - lr g; w = w + v - weight_decay w, element by element, as SET's code does.
 * SReLU's parameters take no decay: pass weight_decay 0. With sgd NULL only g is written, in place
 * of the first group's gradient.
 */
void sg_sgd_step(const sg_elementwise *each, const sg_sgd *sgd, const parameter *p, sg_share share);

/* Returns the learning rate of batch `step` of n_steps (counted over the whole run) under the
 * settings' schedule. */
double sg_learning_rate(const sg_train_params *p, size_t step, size_t n_steps);

#endif
