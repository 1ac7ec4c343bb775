/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/activation.h"

#include <math.h>

float sg_all_relu_slope(size_t l)
{
    const float slope = 0.6F; /* the authors' value */
    return l % 2 == 1 ? -slope : slope;
}

/* SReLU is the identity between its thresholds; the right one lies |width| beyond the left, as in
 * SET's code. */
static sg_srelu srelu_of(const train_layer *layer, size_t i)
{
    const float *v = layer->srelu.value;
    const float t_left = v[SRELU_T_LEFT * layer->size + i];
    return (sg_srelu){
        .t_left = t_left,
        .a_left = v[SRELU_A_LEFT * layer->size + i],
        .t_right = t_left + fabsf(v[SRELU_T_RIGHT * layer->size + i]),
        .a_right = v[SRELU_A_RIGHT * layer->size + i],
    };
}

void sg_activate(const sg_network *net, const sg_elementwise *each, sg_neurons neurons,
                 const float *z, float *y)
{
    const size_t at = neurons.begin * neurons.stride;
    const size_t n = (neurons.end - neurons.begin) * neurons.stride;
    switch (net->activation) {
    case SG_RELU:
        each->rectify(z + at, y + at, n);
        break;
    case SG_ALL_RELU:
        each->leaky(z + at, y + at, n, sg_all_relu_slope(neurons.l));
        break;
    case SG_SRELU:
        for (size_t i = neurons.begin; i < neurons.end; i++) {
            const sg_srelu f = srelu_of(&net->layers[neurons.l], i);
            each->srelu(&f, z + i * neurons.stride, y + i * neurons.stride, neurons.stride);
        }
        break;
    }
}

/* The right threshold t_left + |width| feeds the gradients by both: g holds those by absolute
 * thresholds. */
static void write_srelu_gradient(const train_layer *layer, size_t i, const sg_srelu *g,
                                 const sg_srelu_gradient *to)
{
    const float sign = layer->srelu.value[SRELU_T_RIGHT * layer->size + i] < 0.0F ? -1.0F : 1.0F;
    const float by[N_SRELU] = {
        [SRELU_T_LEFT] = g->t_left + g->t_right,
        [SRELU_A_LEFT] = g->a_left,
        [SRELU_T_RIGHT] = sign * g->t_right,
        [SRELU_A_RIGHT] = g->a_right,
    };
    for (size_t k = 0; k < N_SRELU; k++) {
        float *at = to->value + k * layer->size + i;
        *at = by[k] + (to->add ? *at : 0.0F);
    }
}

void sg_activate_backward(const sg_network *net, const sg_elementwise *each, sg_neurons neurons,
                          const float *z, float *d, const sg_srelu_gradient *gradient)
{
    const size_t at = neurons.begin * neurons.stride;
    const size_t n = (neurons.end - neurons.begin) * neurons.stride;
    const train_layer *layer = &net->layers[neurons.l];
    switch (net->activation) {
    case SG_RELU:
        each->leaky_backward(z + at, d + at, n, 0.0F);
        break;
    case SG_ALL_RELU:
        each->leaky_backward(z + at, d + at, n, sg_all_relu_slope(neurons.l));
        break;
    case SG_SRELU:
        for (size_t i = neurons.begin; i < neurons.end; i++) {
            const sg_srelu f = srelu_of(layer, i);
            const size_t row = i * neurons.stride;
            sg_srelu g;
            each->srelu_backward(&f, z + row, d + row, neurons.stride, &g);
            write_srelu_gradient(layer, i, &g, gradient);
        }
        break;
    }
}
