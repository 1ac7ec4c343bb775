/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/sgd.h"

#include <math.h>

static void step(const sg_sgd *sgd, const parameter *p, size_t begin, size_t end)
{
    const float lr = (float)sgd->lr;
    const float momentum = (float)sgd->momentum;
    const float decay = (float)sgd->weight_decay;
    float *restrict w = p->value;
    float *restrict v = p->velocity;
    const float *restrict g = p->gradient;
    const float *restrict more = sg_parameter_gradient(p, p->n_groups - 1);

    if (p->n_groups == 2) {
        for (size_t k = begin; k < end; k++) {
            v[k] = momentum * v[k] - lr * (g[k] + more[k]);
            w[k] += v[k] - decay * w[k];
        }
        return;
    }
    for (size_t k = begin; k < end; k++) {
        v[k] = momentum * v[k] - lr * g[k];
        w[k] += v[k] - decay * w[k];
    }
}

void sg_sgd_step(const sg_sgd *sgd, const parameter *p, sg_share share)
{
    const size_t begin = p->n * share.index / share.n;
    const size_t end = p->n * (share.index + 1) / share.n;
    if (sgd)
        step(sgd, p, begin, end);
    else if (p->n_groups == 2)
        for (size_t k = begin; k < end; k++)
            p->gradient[k] += p->gradient[p->n + k];
}

double sg_learning_rate(const sg_train_params *p, size_t step, size_t n_steps)
{
    const double progress = n_steps > 1 ? (double)step / (double)(n_steps - 1) : 0.0;
    switch (p->schedule) {
    case SG_SCHEDULE_LINEAR:
        return p->lr + (p->lr_final - p->lr) * progress;
    case SG_SCHEDULE_COSINE:
        return p->lr_final + 0.5 * (p->lr - p->lr_final) * (1.0 + cos(M_PI * progress));
    case SG_SCHEDULE_CONSTANT:
        break;
    }
    return p->lr;
}
