/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_TRAIN_H
#define SPARSEGRAPH_TRAIN_H

/** @file train.h  Training of truly sparse multilayer perceptrons, with snapshots along the way. */

#include "dataset.h"
#include "ranks.h"
#include "run.h"
#include <signal.h>
#include <stdbool.h>

SG_BEGIN_DECLS

/** How the topology lives. */
typedef enum sg_method {
    SG_METHOD_SET = 0, /**< sparse evolutionary training: remove and regrow after each epoch */
    SG_METHOD_FIXED,   /**< static sparse: the starting topology is kept */
    SG_METHOD_DENSE,   /**< every layer fully connected */
} sg_method;

/** The activation of the hidden layers. */
typedef enum sg_activation {
    SG_RELU = 0, /**< max(0, x) */
    SG_SRELU,    /**< S-shaped, four trained parameters a neuron; Jin et al., arXiv:1512.07030 */
    SG_ALL_RELU, /**< slope -0.6 and +0.6 in turn where x < 0; Curci et al., arXiv:2102.01732 */
} sg_activation;

/** The output activation with its loss, both a mean over the samples of a batch. */
typedef enum sg_loss {
    SG_SOFTMAX = 0, /**< softmax and cross-entropy, -ln p of the true class */
    SG_SIGMOID_MSE, /**< sigmoid and half the squared distance to the one-hot label */
} sg_loss;

/** What becomes of the links into the output layer. */
typedef enum sg_output {
    SG_OUTPUT_DENSE = 0, /**< fully connected and never evolved, as in SET's reference code */
    SG_OUTPUT_SPARSE,    /**< sparse and evolved like every other layer */
    SG_OUTPUT_FROZEN,    /**< sparse, weights trained, topology kept */
} sg_output;

/** How the Erdős–Rényi start is drawn. */
typedef enum sg_start {
    SG_START_BERNOULLI =
        0,          /**< each cell on its own with probability p, as in SET's reference code */
    SG_START_EXACT, /**< exactly round(p * cells) links, uniformly */
} sg_start;

/** How the starting weights are drawn; regrown weights of SET are N(0, 0.1^2) in any case. */
typedef enum sg_init {
    /** N(0, 0.1^2) in sparse layers, as SET's code has it, so that old and new links compete on
       equal terms; He's bound in fully connected ones, where 0.1 would be far too wide. */
    SG_INIT_NORMAL = 0,
    SG_INIT_HE, /**< uniform within +-sqrt(6 / mean fan-in of the layer), counted in links */
} sg_init;

/** How the learning rate moves from lr to lr_final over all batches. */
typedef enum sg_schedule {
    SG_SCHEDULE_CONSTANT = 0, /**< lr throughout */
    SG_SCHEDULE_LINEAR,       /**< a straight line */
    SG_SCHEDULE_COSINE,       /**< half a cosine */
} sg_schedule;

/** Every setting of a training run. Start from SG_TRAIN_PARAMS_DEFAULT. */
typedef struct sg_train_params {
    sg_dataset_params data; /**< what to train on; also recorded, so that a resumed run finds it */
    sg_method method;
    const size_t *hidden; /**< (n_hidden) sizes of the hidden layers, from the input on; caller's */
    size_t n_hidden;      /**< 0 is allowed: a linear classifier */
    double epsilon;       /**< ER: p = epsilon (n_in + n_out) / (n_in n_out), at most 1; > 0 */
    double density;       /**< p itself, in (0, 1]; 0 = use epsilon */
    double zeta;          /**< SET: fraction removed per sign, in [0, 1] */
    size_t n_epochs;
    /** Epochs from one snapshot to the next, 1 or more; the untrained network, the last epoch and
       what SET leaves after it are always kept. */
    size_t snapshot_every;
    size_t batch; /**< samples a batch; the last of an epoch may be smaller and is trained on */
    double lr;
    double lr_final; /**< of the schedules that move */
    sg_schedule schedule;
    double momentum; /**< in [0, 1) */
    /** w -= weight_decay * w a batch, decoupled, biases too; in [0, 1). SET's paper has 2e-4 for
       1000 epochs; in ten epochs of 600 batches that costs a percent of accuracy. */
    double weight_decay;
    double dropout; /**< share of hidden activations dropped, in [0, 1); inverted scaling */
    sg_activation activation;
    sg_loss loss;
    sg_output output;
    sg_start start;
    sg_init init;
    uint64_t seed;
    /** Parts into which a batch is cut, at most 64, their gradients added up in order: part of the
       result, as the last bits of sums depend on their order. 0 = by the size of the network, and
       at least one a rank. */
    size_t n_groups;
    size_t n_threads; /**< a rank; 0 = one a processor, shared by a node's ranks; never changes a
                         result */
    sg_ranks *ranks;  /**< the processes that train together; NULL = this one alone; caller's */
    const char *command_line; /**< recorded in the manifest; may be NULL */
    bool overwrite;           /**< replace a run that stands at the path */
} sg_train_params;

#define SG_TRAIN_PARAMS_DEFAULT                                                                    \
    {                                                                                              \
        .data = SG_DATASET_PARAMS_DEFAULT, .method = SG_METHOD_SET, .hidden = 0, .n_hidden = 0,    \
        .epsilon = 20.0, .density = 0.0, .zeta = 0.3, .n_epochs = 10, .snapshot_every = 1,         \
        .batch = 100, .lr = 0.01, .lr_final = 0.0, .schedule = SG_SCHEDULE_CONSTANT,               \
        .momentum = 0.9, .weight_decay = 2e-5, .dropout = 0.0, .activation = SG_RELU,              \
        .loss = SG_SOFTMAX, .output = SG_OUTPUT_DENSE, .start = SG_START_BERNOULLI,                \
        .init = SG_INIT_NORMAL, .seed = 1, .n_groups = 0, .n_threads = 0, .ranks = 0,              \
        .command_line = 0, .overwrite = false                                                      \
    }

/** Return the name of a setting's value as the command line spells it ("set", "all-relu", …), never
 * NULL. */
SG_API const char *sg_method_name(sg_method method);
SG_API const char *sg_activation_name(sg_activation activation);
SG_API const char *sg_loss_name(sg_loss loss);
SG_API const char *sg_output_name(sg_output output);
SG_API const char *sg_start_name(sg_start start);
SG_API const char *sg_init_name(sg_init init);
SG_API const char *sg_schedule_name(sg_schedule schedule);

/** Where training stands within an epoch. */
typedef struct sg_train_batch {
    size_t epoch;    /**< 1 to n_epochs */
    size_t n_epochs; /**< of the run */
    size_t batch;    /**< batches done in this epoch */
    size_t n_batches;
    double loss;      /**< mean over the epoch's samples so far */
    double accuracy;  /**< fraction over the epoch's samples so far */
    double density;   /**< of the network now */
    double elapsed_s; /**< since sg_train() or sg_train_resume() was called */
} sg_train_batch;

/** A caller's ear and brake. All members may be zero. */
typedef struct sg_train_watch {
    void (*batch)(void *user, const sg_train_batch *where);
    /** Called once the epoch's metrics are on disk; epoch 0 is the untrained network. */
    void (*epoch)(void *user, const sg_epoch_metrics *metrics, size_t n_epochs);
    void *user;
    /** Once *stop is nonzero the batch is finished, a checkpoint written, and SG_EINTERRUPTED
     * returned. */
    const volatile sig_atomic_t *stop;
} sg_train_watch;

/**
 * Trains a network and writes a run directory, one snapshot an epoch or as many as asked for.
 *
 * Snapshot e is the network that was tested at epoch e, before that epoch's change of topology. A
 * checkpoint is written on interruption, and between epochs as long as that takes no more than a
 * twentieth of the time. After the last epoch SET removes without regrowing (Algorithm 1) and the
 * result is tested and written as final.safetensors. The bytes of all snapshots depend on the
 * settings and the data alone: not on the number of threads, nor on interruption, nor on the number
 * of ranks once params->n_groups is set. (On one machine with one BLAS, that is: others round sums
 * in another order.) While a network with dense layers trains, OpenBLAS starts no threads of its
 * own in the whole process.
 *
 * With params->ranks every rank calls it with the same arguments, and returns with the same status.
 * Each has the whole network and data, and works on its share of every batch's groups; what moves
 * between them are the sums of the links' gradients, in the order of the groups. Rank 0 alone
 * writes the run, and alone is heard by the watch; any rank's watch may stop all.
 *
 * @param data   the data set of params->data, already loaded; NULL: it is loaded here.
 * @param watch  may be NULL.
 *
 * While it trains, the run is locked (RUN/.lock): another process that would write it is refused.
 *
 * @retval SG_EINVAL        a setting outside its domain, fewer groups than ranks, ranks with
 *                          different settings or data, or another process is writing the run.
 * @retval SG_EIO           the run directory cannot be written; what is there stays readable.
 * @retval SG_EINTERRUPTED  stopped by the caller; sg_train_resume() goes on from here.
 *
 * Sources: Mocanu et al., Nat. Commun. 9:2383 (2018), doi:10.1038/s41467-018-04316-3.
 */
SG_API SG_CHECKED sg_status sg_train(const sg_train_params *params, const sg_dataset *data,
                                     const char *run_path, const sg_train_watch *watch,
                                     sg_error *err);

/**
 * Goes on with an interrupted run from its checkpoint; the result is the same to the bit as without
 * interruption.
 *
 * @param n_threads  as in sg_train_params.
 * @param ranks      as in sg_train_params; as many as before or not. The run keeps its groups:
 *                   ranks that are more than these have little to do.
 * @retval SG_EINVAL     another process is writing the run.
 * @retval SG_ENOTFOUND  no run there, or it has no checkpoint (a finished run: the message says
 * so).
 * @retval SG_EFORMAT    the manifest or checkpoint is broken, or the data are not those of the
 * manifest.
 */
SG_API SG_CHECKED sg_status sg_train_resume(const char *run_path, size_t n_threads, sg_ranks *ranks,
                                            const sg_train_watch *watch, sg_error *err);

SG_END_DECLS

#endif
