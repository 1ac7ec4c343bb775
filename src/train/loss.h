/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_LOSS_H
#define SG_TRAIN_LOSS_H

#include "sparsegraph/train.h"

/* What a batch, or an epoch of batches, adds up to. */
typedef struct sg_score {
    double loss; /* sum over the samples */
    size_t n_correct;
    size_t n_samples;
} sg_score;

/* A batch's outputs: (n_classes, stride), n of its columns in use, with a label each. */
typedef struct sg_output_batch {
    const float *z; /* pre-activations */
    size_t n_classes;
    size_t stride;
    size_t n;
    const uint8_t *label; /* (n) */
} sg_output_batch;

/*
 * Adds the batch's loss and correct samples (highest output; ties go to the lower class) to *score,
 * and unless d is NULL writes the gradient by z of the mean loss over the batch, with zeros in the
 * padding.
 */
void sg_loss_of_batch(sg_loss loss, const sg_output_batch *batch, float *d, sg_score *score);

#endif
