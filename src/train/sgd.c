/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/sgd.h"

#include "train/group_sum.h"

#include <math.h>

enum { BLOCK = 1024 }; /* values whose sum stays in the L1 cache */

/* Not inlined: sums of one group, of several, and of ranks take the same machine code, and so round
 * alike wherever the compiler fuses a product with a sum. */
__attribute__((noinline)) static void step(const sg_sgd *sgd, const float *restrict g,
                                           float *restrict v, float *restrict w, size_t n)
{
    const float lr = (float)sgd->lr;
    const float momentum = (float)sgd->momentum;
    const float decay = (float)sgd->weight_decay;
    for (size_t k = 0; k < n; k++) {
        v[k] = momentum * v[k] - lr * g[k];
        w[k] += v[k] - decay * w[k];
    }
}

void sg_sgd_step(const sg_sgd *sgd, const parameter *p, sg_share share)
{
    const sg_range part = sg_range_of(p->n, share.index, share.n);
    float sum[BLOCK];
    if (p->n_groups == 1 && sgd)
        step(sgd, p->gradient + part.begin, p->velocity + part.begin, p->value + part.begin,
             part.end - part.begin);
    if (p->n_groups == 1)
        return;
    for (size_t k = part.begin; k < part.end; k += BLOCK) {
        const size_t n = part.end - k < BLOCK ? part.end - k : BLOCK;
        float *g = p->gradient + k;
        sg_add_groups(g, p->n_groups, p->n, n, sgd ? sum : g);
        if (sgd)
            step(sgd, sum, p->velocity + k, p->value + k, n);
    }
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
