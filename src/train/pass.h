/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_PASS_H
#define SG_TRAIN_PASS_H

/* One batch through the network, forward and back, in buffers that are allocated once. */

#include "sparsegraph/dataset.h"
#include "train/loss.h"
#include "train/network.h"

/* Which hidden activations are dropped: a pure function of these and the neuron. */
typedef struct sg_dropout {
    double rate; /* in [0, 1) */
    uint64_t seed;
    uint32_t epoch;
    uint64_t batch;
} sg_dropout;

typedef struct sg_pass sg_pass;

/* Buffers for batches of at most `batch` samples. SG_ENOMEM; SG_EINVAL from sg_kernels_select(). */
sg_status sg_pass_new(const sg_network *net, size_t batch, bool with_dropout, int n_threads,
                      sg_pass **ret, sg_error *err) SG_CHECKED;
void sg_pass_free(sg_pass *pass);

/* Loads n samples of a split, standardised; index (n) names them, NULL: they start at sample
 * `first`. */
void sg_pass_load(sg_pass *pass, const sg_dataset *data, sg_split split, const uint32_t *index,
                  size_t first, size_t n);

/* Runs the loaded batch forward; dropout NULL: none. */
void sg_pass_forward(sg_pass *pass, const sg_dropout *dropout);

/* Adds the batch's loss to *score and, unless backward is false, computes every gradient of the
 * mean loss. */
void sg_pass_loss(sg_pass *pass, bool backward, sg_score *score);

/* Tests the network on a whole split. */
sg_score sg_pass_test(sg_pass *pass, const sg_dataset *data, sg_split split);

#endif
