/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_ACTIVATION_H
#define SG_TRAIN_ACTIVATION_H

/* The activations of hidden layers over one row: a neuron's values for the samples of a batch. */

#include "train/network.h"

/*
 * Returns the slope of All-ReLU left of 0 in hidden layer l (1 = the first): -0.6, +0.6, in turn.
 * Curci et al., arXiv:2102.01732.
 */
float sg_all_relu_slope(size_t l);

/*
 * y[s] = f(z[s]) for n samples of neuron i in hidden layer l. z and y may be the same array, and
 * are so under ReLU.
 */
void sg_activate(const sg_network *net, size_t l, size_t i, const float *z, float *y, size_t n);

/* A neuron of hidden layer l. */
typedef struct sg_neuron {
    size_t l;
    size_t i;
} sg_neuron;

/*
 * d[s] *= f'(z[s]), and under SReLU the gradients of the neuron's four parameters into
 * `srelu_gradient` (N_SRELU * size). Under ReLU z may hold f(z).
 */
void sg_activate_backward(const sg_network *net, sg_neuron neuron, const float *z, float *d,
                          size_t n, float *srelu_gradient);

#endif
