/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/dropout.h"

#include "base/random.h"

enum { DRAWS_A_BLOCK = 8, DRAW_RANGE = 1 << 16 }; /* 16 random bits a decision */

void sg_drop(const sg_dropout *dropout, const sg_dropout_row *row, float *y, float *mask)
{
    const uint32_t dropped_below = (uint32_t)(dropout->rate * DRAW_RANGE + 0.5);
    const float scale = (float)(1.0 / (1.0 - dropout->rate));
    sg_random random;
    sg_random_open(&random, dropout->seed, SG_RANDOM_DROPOUT, (uint32_t)row->layer, dropout->epoch);
    sg_random_seek(&random, (dropout->batch * row->n_neurons + row->neuron) *
                                    (row->n_columns / DRAWS_A_BLOCK) +
                                row->first / DRAWS_A_BLOCK);

    for (size_t s = 0; s < row->n; s += 2) {
        const uint32_t bits = sg_random_u32(&random);
        mask[s] = bits % DRAW_RANGE < dropped_below ? 0.0F : scale;
        mask[s + 1] = bits / DRAW_RANGE < dropped_below ? 0.0F : scale;
    }
    for (size_t s = 0; s < row->n; s++)
        y[s] *= mask[s];
}
