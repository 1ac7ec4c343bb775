/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_PASS_H
#define SG_TRAIN_PASS_H

/*
 * One batch through the network, forward and back, in buffers that are allocated once.
 *
 * A batch is cut into as many groups of samples as the network says (sg_network.n_groups). Each has
 * its own activations and gradients, which are added up in the order of the groups: threads that
 * work on different groups share nothing until the end of the batch. The groups follow from the
 * settings alone, so the result does not depend on the number of threads. Where several ranks train
 * together, each has some of the groups, and they call the functions below at the same time: each
 * then has the score and the gradients of the whole batch.
 */

#include "sparsegraph/dataset.h"
#include "train/loss.h"
#include "train/network.h"
#include "train/sgd.h"

/* Which hidden activations are dropped: a pure function of these, the neuron and the sample. */
typedef struct sg_dropout {
    double rate; /* in [0, 1) */
    uint64_t seed;
    uint32_t epoch;
    uint64_t batch;
} sg_dropout;

/* Samples of a split: index names them, NULL: they start at sample `first`. */
typedef struct sg_batch {
    sg_split split;
    const uint32_t *index;
    size_t first;
    size_t n;
    size_t n_ahead; /* that the index goes on with: the next batch's, which are fetched meanwhile */
} sg_batch;

typedef struct sg_pass sg_pass;

/* Buffers for batches of at most `batch` samples. SG_ENOMEM; SG_EINVAL from sg_kernels_select(). */
sg_status sg_pass_new(sg_network *net, size_t batch, bool with_dropout, int n_threads,
                      sg_pass **ret, sg_error *err) SG_CHECKED;
void sg_pass_free(sg_pass *pass);

/* Adds a batch's loss and hits to *score; dropout NULL: none. */
void sg_pass_score(sg_pass *pass, const sg_dataset *data, const sg_batch *batch,
                   const sg_dropout *dropout, sg_score *score);

/*
 * The same, and the gradient of the batch's mean loss by every parameter; then one step of each
 * parameter. With sgd NULL the gradients are left in parameter.gradient, and nothing moves.
 */
void sg_pass_train(sg_pass *pass, const sg_dataset *data, const sg_batch *batch,
                   const sg_dropout *dropout, const sg_sgd *sgd, sg_score *score);

/* Tests the network on a whole split. */
sg_score sg_pass_test(sg_pass *pass, const sg_dataset *data, sg_split split);

#endif
