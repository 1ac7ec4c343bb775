/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train_options.h"
#include <assert.h>
#include <string.h>

#define UP_TO(low, high) .min = (low), .max = (high)

enum { THREADS_MAX = 4096 };

/* In the spelling of sg_method_name() and its kin. */
static const char *const methods[] = {
    [SG_METHOD_SET] = "set", [SG_METHOD_FIXED] = "fixed", [SG_METHOD_DENSE] = "dense", NULL};
static const char *const activations[] = {
    [SG_RELU] = "relu", [SG_SRELU] = "srelu", [SG_ALL_RELU] = "all-relu", NULL};
static const char *const losses[] = {
    [SG_SOFTMAX] = "softmax", [SG_SIGMOID_MSE] = "sigmoid-mse", NULL};
static const char *const output_layers[] = {[SG_OUTPUT_DENSE] = "dense",
                                            [SG_OUTPUT_SPARSE] = "sparse",
                                            [SG_OUTPUT_FROZEN] = "frozen",
                                            NULL};
static const char *const starts[] = {
    [SG_START_BERNOULLI] = "bernoulli", [SG_START_EXACT] = "exact", NULL};
static const char *const inits[] = {[SG_INIT_NORMAL] = "normal", [SG_INIT_HE] = "he", NULL};
static const char *const schedules[] = {[SG_SCHEDULE_CONSTANT] = "constant",
                                        [SG_SCHEDULE_LINEAR] = "linear",
                                        [SG_SCHEDULE_COSINE] = "cosine",
                                        NULL};
static const char *const standardizations[] = {[SG_STANDARDIZE_FEATURE] = "feature",
                                               [SG_STANDARDIZE_GLOBAL] = "global",
                                               [SG_STANDARDIZE_NONE] = "none",
                                               NULL};

static size_t add_run_options(train_settings *s, opt *to)
{
    sg_train_params *p = &s->params;
    const opt table[] = {
        {'o', "output", "RUN", OPT_TEXT, &s->run, "directory that receives the run",
         .group = "Run"},
        {0, "overwrite", NULL, OPT_FLAG, &p->overwrite, "replace a run that stands there"},
        {0, "resume", "RUN", OPT_TEXT, &s->resume,
         "go on with an interrupted run; ends with the same bytes as if it had never stopped"},
        {0, "snapshot-every", "N", OPT_SIZE, &p->snapshot_every,
         "epochs from one snapshot to the next; the first and the last are always kept",
         UP_TO(1, 1e6)},
        {0, "seed", "N", OPT_U64, &p->seed, "of everything random; equal seeds, equal bytes"},
        {0, "threads", "N", OPT_SIZE, &p->n_threads,
         "threads of a rank; no influence on the result", UP_TO(0, THREADS_MAX),
         .fallback = "OMP_NUM_THREADS, else one a processor"},
        {0, "groups", "N", OPT_SIZE, &p->n_groups,
         "parts into which a batch is cut, for ranks to share; part of the result", UP_TO(1, 64),
         .fallback = "by the network's size; at least one a rank"},
        {'q', "quiet", NULL, OPT_FLAG, &s->quiet, "say nothing but errors"},
        {0, "verbose", NULL, OPT_FLAG, &s->verbose, "also print the data files and their SHA-256"},
    };

    memcpy(to, table, sizeof table);
    return COUNT(table);
}

static size_t add_sweep_options(train_settings *s, opt *to)
{
    const opt table[] = {
        {0, "seeds", "A:B|LIST", OPT_TEXT, &s->seeds,
         "a run for each seed, such as 1:10 or 1,2,7:9, one after another; -o is then a folder "
         "that "
         "receives METHOD-seed-N for each; complete runs are left alone, interrupted ones go on",
         .group = "Several runs"},
        {0, "methods", "NAME,...", OPT_TEXT, &s->methods,
         "each of these methods with each seed, in place of --method"},
        {0, "shard", "K/N", OPT_TEXT, &s->shard,
         "only the K-th of N parts of the runs: every N-th of the list, methods before seeds"},
    };

    memcpy(to, table, sizeof table);
    return COUNT(table);
}

static size_t add_network_options(train_settings *s, opt *to)
{
    sg_train_params *p = &s->params;
    const opt table[] = {
        {0, "method", "NAME", OPT_CHOICE, &s->method,
         "the links evolve after each epoch (set), stay (fixed), or join all neurons (dense)",
         .group = "Network", .choices = methods},
        {0, "hidden", "N,N,...", OPT_SIZES, &s->hidden, "neurons of each hidden layer", .min = 1},
        {0, "epsilon", "X", OPT_REAL, &p->epsilon,
         "sparsity of the start: a link exists with probability X (n_in + n_out) / (n_in n_out)",
         UP_TO(0, 1e9), .above_min = true},
        {0, "density", "X", OPT_REAL, &p->density, "that probability itself, in place of --epsilon",
         UP_TO(0, 1), .above_min = true, .fallback = "from --epsilon"},
        {0, "zeta", "X", OPT_REAL, &p->zeta,
         "share of the links that SET replaces after each epoch", UP_TO(0, 1)},
        {0, "start", "NAME", OPT_CHOICE, &s->start,
         "links of the start: drawn one by one (bernoulli) or an exact number of them (exact)",
         .choices = starts},
        {0, "init", "NAME", OPT_CHOICE, &s->init,
         "starting weights: N(0, 0.1^2), and uniform by fan-in in full layers (normal), or uniform "
         "by "
         "fan-in in every layer (he)",
         .choices = inits},
        {0, "activation", "NAME", OPT_CHOICE, &s->activation, "of the hidden layers",
         .choices = activations},
        {0, "output-layer", "NAME", OPT_CHOICE, &s->output,
         "its links: all of them (dense), sparse and evolving (sparse), or sparse and staying "
         "(frozen)",
         .choices = output_layers},
    };

    memcpy(to, table, sizeof table);
    return COUNT(table);
}

static size_t add_optimiser_options(train_settings *s, opt *to)
{
    sg_train_params *p = &s->params;
    const opt table[] = {
        {0, "epochs", "N", OPT_SIZE, &p->n_epochs, "passes over the training samples",
         UP_TO(0, 1e6), .group = "Optimiser"},
        {0, "batch", "N", OPT_SIZE, &p->batch, "samples a step", UP_TO(1, 1e6)},
        {0, "lr", "X", OPT_REAL, &p->lr, "learning rate", UP_TO(0, 1e3), .above_min = true},
        {0, "lr-schedule", "NAME", OPT_CHOICE, &s->schedule, "how the learning rate moves",
         .choices = schedules},
        {0, "lr-final", "X", OPT_REAL, &p->lr_final, "learning rate at the end of the schedule",
         UP_TO(0, 1e3)},
        {0, "momentum", "X", OPT_REAL, &p->momentum, "share of the last step kept",
         UP_TO(0, 0.999999)},
        {0, "weight-decay", "X", OPT_REAL, &p->weight_decay, "share of each weight lost a step",
         UP_TO(0, 0.999999)},
        {0, "dropout", "X", OPT_REAL, &p->dropout, "share of hidden neurons left out of a step",
         UP_TO(0, 0.999999)},
        {0, "loss", "NAME", OPT_CHOICE, &s->loss, "output and loss", .choices = losses},
    };

    memcpy(to, table, sizeof table);
    return COUNT(table);
}

static size_t add_data_options(train_settings *s, opt *to)
{
    sg_train_params *p = &s->params;
    const opt table[] = {
        {0, "data-dir", "DIR", OPT_TEXT, &p->data.folder, "a folder of data sets to search first",
         .group = "Data"},
        {0, "n-train", "N", OPT_SIZE, &p->data.n_train, "take the first N training samples",
         UP_TO(0, 1e9), .fallback = "all; 10000 digits"},
        {0, "n-test", "N", OPT_SIZE, &p->data.n_test, "take the first N test samples",
         UP_TO(0, 1e9), .fallback = "all; 2000 digits"},
        {0, "standardize", "HOW", OPT_CHOICE, &s->standardize,
         "scale by mean and deviation of each feature, of all (global), or divide by 255 (none)",
         .choices = standardizations},
        {0, "data-seed", "N", OPT_U64, &p->data.seed, "of the generated digits"},
    };

    memcpy(to, table, sizeof table);
    return COUNT(table);
}

void train_settings_default(train_settings *s)
{
    *s = (train_settings){.params = SG_TRAIN_PARAMS_DEFAULT, .hidden = {3, {1000, 1000, 1000}}};
    s->method = (int)s->params.method;
    s->activation = (int)s->params.activation;
    s->loss = (int)s->params.loss;
    s->output = (int)s->params.output;
    s->start = (int)s->params.start;
    s->init = (int)s->params.init;
    s->schedule = (int)s->params.schedule;
    s->standardize = (int)s->params.data.standardize;
}

size_t train_options(train_settings *s, opt *opts)
{
    size_t n = add_run_options(s, opts);

    n += add_sweep_options(s, opts + n);
    n += add_network_options(s, opts + n);
    n += add_optimiser_options(s, opts + n);
    n += add_data_options(s, opts + n);
    assert(n <= TRAIN_OPTIONS_MAX);
    return n;
}

sg_train_params train_resolve(const train_settings *s)
{
    sg_train_params p = s->params;

    p.hidden = s->hidden.item;
    p.n_hidden = s->hidden.n;
    p.method = (sg_method)s->method;
    p.activation = (sg_activation)s->activation;
    p.loss = (sg_loss)s->loss;
    p.output = (sg_output)s->output;
    p.start = (sg_start)s->start;
    p.init = (sg_init)s->init;
    p.schedule = (sg_schedule)s->schedule;
    p.data.standardize = (sg_standardize)s->standardize;
    return p;
}
