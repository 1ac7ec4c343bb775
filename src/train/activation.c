/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/activation.h"

#include <math.h>

float sg_all_relu_slope(size_t l)
{
    const float slope = 0.6F; /* the authors' value */
    return l % 2 == 1 ? -slope : slope;
}

/* SReLU is the identity between its thresholds; the right one lies |t_right| beyond the left, as in
 * SET's code. */
typedef struct srelu {
    float t_left;
    float a_left;
    float t_right;
    float a_right;
    float t_right_sign; /* derivative of the right threshold by the stored parameter */
} srelu;

static srelu srelu_of(const train_layer *layer, size_t i)
{
    const float *v = layer->srelu.value;
    const float width = v[SRELU_T_RIGHT * layer->size + i];
    const float t_left = v[SRELU_T_LEFT * layer->size + i];
    return (srelu){
        .t_left = t_left,
        .a_left = v[SRELU_A_LEFT * layer->size + i],
        .t_right = t_left + fabsf(width),
        .a_right = v[SRELU_A_RIGHT * layer->size + i],
        .t_right_sign = width < 0.0F ? -1.0F : 1.0F,
    };
}

static float srelu_value(const srelu *f, float z)
{
    if (z >= f->t_right)
        return f->t_right + f->a_right * (z - f->t_right);
    if (z <= f->t_left)
        return f->t_left + f->a_left * (z - f->t_left);
    return z;
}

/* The gradients by the four parameters; the right threshold t_right = t_left + |width| feeds two of
 * them. */
static void srelu_backward(srelu f, const float *z, float *d, size_t n, float g[N_SRELU])
{
    for (size_t s = 0; s < n; s++) {
        if (z[s] >= f.t_right) {
            const float by_threshold = d[s] * (1.0F - f.a_right);
            g[SRELU_T_LEFT] += by_threshold;
            g[SRELU_T_RIGHT] += by_threshold * f.t_right_sign;
            g[SRELU_A_RIGHT] += d[s] * (z[s] - f.t_right);
            d[s] *= f.a_right;
        } else if (z[s] <= f.t_left) {
            g[SRELU_T_LEFT] += d[s] * (1.0F - f.a_left);
            g[SRELU_A_LEFT] += d[s] * (z[s] - f.t_left);
            d[s] *= f.a_left;
        }
    }
}

void sg_activate(const sg_network *net, size_t l, size_t i, const float *z, float *y, size_t n)
{
    switch (net->activation) {
    case SG_RELU:
        for (size_t s = 0; s < n; s++)
            y[s] = z[s] > 0.0F ? z[s] : 0.0F;
        break;
    case SG_ALL_RELU: {
        const float slope = sg_all_relu_slope(l);
        for (size_t s = 0; s < n; s++)
            y[s] = z[s] > 0.0F ? z[s] : slope * z[s];
        break;
    }
    case SG_SRELU: {
        const srelu f = srelu_of(&net->layers[l], i);
        for (size_t s = 0; s < n; s++)
            y[s] = srelu_value(&f, z[s]);
        break;
    }
    }
}

void sg_activate_backward(const sg_network *net, sg_neuron neuron, const float *z, float *d,
                          size_t n, float *srelu_gradient)
{
    switch (net->activation) {
    case SG_RELU:
        for (size_t s = 0; s < n; s++)
            d[s] = z[s] > 0.0F ? d[s] : 0.0F;
        break;
    case SG_ALL_RELU: {
        const float slope = sg_all_relu_slope(neuron.l);
        for (size_t s = 0; s < n; s++)
            d[s] *= z[s] > 0.0F ? 1.0F : slope;
        break;
    }
    case SG_SRELU: {
        const train_layer *layer = &net->layers[neuron.l];
        float g[N_SRELU] = {0};
        srelu_backward(srelu_of(layer, neuron.i), z, d, n, g);
        for (size_t k = 0; k < N_SRELU; k++)
            srelu_gradient[k * layer->size + neuron.i] = g[k];
        break;
    }
    }
}
