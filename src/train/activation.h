/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_ACTIVATION_H
#define SG_TRAIN_ACTIVATION_H

/* The activations of hidden layers, over some neurons' values for the samples of a batch. */

#include "train/network.h"

/*
 * Returns the slope of All-ReLU left of 0 in hidden layer l (1 = the first): -0.6, +0.6, in turn.
 * Curci et al., arXiv:2102.01732.
 */
float sg_all_relu_slope(size_t l);

/* Neurons [begin, end) of hidden layer l, whose values lie in rows of `stride` columns. */
typedef struct sg_neurons {
    size_t l;
    size_t begin;
    size_t end;
    size_t stride;
} sg_neurons;

/* y = f(z), both (layer size, stride); they may be the same array, and are so under ReLU. */
void sg_activate(const sg_network *net, const sg_elementwise *each, sg_neurons neurons,
                 const float *z, float *y);

/* Where the gradients by SReLU's parameters go, (N_SRELU * size), and whether they are added to
 * what is there. */
typedef struct sg_srelu_gradient {
    float *value;
    bool add;
} sg_srelu_gradient;

/*
 * d *= f'(z), and under SReLU the gradients of the neurons' four parameters. Under ReLU z may hold
 * f(z).
 */
void sg_activate_backward(const sg_network *net, const sg_elementwise *each, sg_neurons neurons,
                          const float *z, float *d, const sg_srelu_gradient *gradient);

#endif
