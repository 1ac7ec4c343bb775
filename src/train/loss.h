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

/* Outputs for some samples of a batch: (n_classes, stride), n of the columns in use. */
typedef struct sg_output_batch {
    const float *z; /* pre-activations */
    size_t n_classes;
    size_t stride;
    size_t n;
    size_t n_batch;       /* what the loss is averaged over */
    const uint8_t *label; /* (n) */
} sg_output_batch;

/* Adds what a further part adds up to. */
void sg_score_add(sg_score *score, const sg_score *part);

/*
 * Adds the samples' loss and correct ones (highest output; ties go to the lower class) to *score,
 * and unless d is NULL writes the gradient by z of the mean loss over the batch, with zeros in the
 * padding.
 */
void sg_loss_of_batch(sg_loss loss, const sg_output_batch *batch, float *d, sg_score *score);

#endif
