/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/loss.h"

#include <math.h>

void sg_score_add(sg_score *score, const sg_score *part)
{
    score->loss += part->loss;
    score->n_correct += part->n_correct;
    score->n_samples += part->n_samples;
}

static size_t highest(const sg_output_batch *b, size_t s)
{
    size_t best = 0;
    for (size_t c = 1; c < b->n_classes; c++)
        if (b->z[c * b->stride + s] > b->z[best * b->stride + s])
            best = c;
    return best;
}

/* Cross-entropy of softmax, shifted by the highest output so that nothing overflows. */
static double softmax_sample(const sg_output_batch *b, size_t s, double top, float *d)
{
    double sum = 0.0;
    for (size_t c = 0; c < b->n_classes; c++)
        sum += exp((double)b->z[c * b->stride + s] - top);
    if (d) {
        for (size_t c = 0; c < b->n_classes; c++) {
            const double p = exp((double)b->z[c * b->stride + s] - top) / sum;
            const double target = c == b->label[s] ? 1.0 : 0.0;
            d[c * b->stride + s] = (float)((p - target) / (double)b->n_batch);
        }
    }
    return log(sum) + top - (double)b->z[b->label[s] * b->stride + s];
}

static double sigmoid_mse_sample(const sg_output_batch *b, size_t s, float *d)
{
    double loss = 0.0;
    for (size_t c = 0; c < b->n_classes; c++) {
        const double y = 1.0 / (1.0 + exp(-(double)b->z[c * b->stride + s]));
        const double error = y - (c == b->label[s] ? 1.0 : 0.0);
        loss += 0.5 * error * error;
        if (d)
            d[c * b->stride + s] = (float)(error * y * (1.0 - y) / (double)b->n_batch);
    }
    return loss;
}

void sg_loss_of_batch(sg_loss loss, const sg_output_batch *b, float *d, sg_score *score)
{
    for (size_t s = 0; s < b->n; s++) {
        const size_t best = highest(b, s);
        score->n_correct += best == b->label[s];
        score->loss += loss == SG_SOFTMAX
                           ? softmax_sample(b, s, (double)b->z[best * b->stride + s], d)
                           : sigmoid_mse_sample(b, s, d);
    }
    score->n_samples += b->n;
    for (size_t c = 0; d && c < b->n_classes; c++)
        for (size_t s = b->n; s < b->stride; s++)
            d[c * b->stride + s] = 0.0F;
}
