/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/sgd.h"

#include "train/group_sum.h"

#include <math.h>

enum { BLOCK = 1024 }; /* values whose sum stays in the L1 cache */

/* One function steps for sums of one group, of several, and of ranks: they round alike. */
void sg_sgd_step(const sg_elementwise *each, const sg_sgd *sgd, const parameter *p, sg_share share)
{
    const sg_range part = sg_range_of(p->n, share.index, share.n);
    const sg_step by =
        sgd ? (sg_step){(float)sgd->lr, (float)sgd->momentum, (float)sgd->weight_decay}
            : (sg_step){0};
    float sum[BLOCK];
    if (p->n_groups == 1 && sgd)
        each->step(&by, p->gradient + part.begin, p->velocity + part.begin, p->value + part.begin,
                   part.end - part.begin);
    if (p->n_groups == 1)
        return;
    for (size_t k = part.begin; k < part.end; k += BLOCK) {
        const size_t n = part.end - k < BLOCK ? part.end - k : BLOCK;
        float *g = p->gradient + k;
        sg_add_groups(each, g, p->n_groups, p->n, n, sgd ? sum : g);
        if (sgd)
            each->step(&by, sum, p->velocity + k, p->value + k, n);
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
