/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/dropout.h"

#include "base/random.h"

enum { DRAWS_A_BLOCK = 8, DRAW_RANGE = 1 << 16 }; /* 16 random bits a decision */

void sg_dropout_row(const sg_dropout *dropout, sg_neuron neuron, float *y, float *mask, size_t n)
{
    const uint32_t dropped_below = (uint32_t)(dropout->rate * DRAW_RANGE + 0.5);
    const float scale = (float)(1.0 / (1.0 - dropout->rate));
    sg_random random;
    sg_random_open(&random, dropout->seed, SG_RANDOM_DROPOUT, (uint32_t)neuron.layer,
                   dropout->epoch);
    sg_random_seek(&random, (dropout->batch * neuron.size + neuron.index) * (n / DRAWS_A_BLOCK));

    for (size_t s = 0; s < n; s += 2) {
        const uint32_t bits = sg_random_u32(&random);
        mask[s] = bits % DRAW_RANGE < dropped_below ? 0.0F : scale;
        mask[s + 1] = bits / DRAW_RANGE < dropped_below ? 0.0F : scale;
    }
    for (size_t s = 0; s < n; s++)
        y[s] *= mask[s];
}
