/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/trainer.h"

#include "base/memory.h"
#include "snapshot/run_writer.h"
#include "train/meta.h"
#include "train/sgd.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#ifdef _OPENMP
#include <omp.h>
#endif

SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

double sg_clock_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void sg_trainer_clear(sg_trainer *t)
{
    sg_pass_free(t->pass);
    sg_network_free(t->net);
    sg_free(t->order);
    t->pass = NULL;
    t->net = NULL;
    t->order = NULL;
}

static int n_threads_of(const sg_train_params *p)
{
#ifdef _OPENMP
    const int n = p->n_threads > 0 ? (int)p->n_threads : omp_get_max_threads();
    const size_t share = p->ranks ? p->ranks->n_processors : 0;
    const bool asked = p->n_threads > 0 || getenv("OMP_NUM_THREADS");
    return share > 0 && !asked && (size_t)n > share ? (int)share : n;
#else
    (void)p;
    return 1;
#endif
}

bool sg_trainer_writes(const sg_trainer *t)
{
    return sg_ranks_index(t->params->ranks) == 0;
}

/* As soon as one rank is asked to stop, all do. */
static bool should_stop(const sg_trainer *t)
{
    return sg_ranks_any(t->params->ranks, t->watch->stop && *t->watch->stop);
}

static double mean_loss(const sg_score *score)
{
    return score->n_samples > 0 ? score->loss / (double)score->n_samples : NAN;
}

static double accuracy(const sg_score *score)
{
    return score->n_samples > 0 ? (double)score->n_correct / (double)score->n_samples : NAN;
}

/* The variance of each input over the training samples taken, in raw units squared: what tells an
 * input that sees nothing from one that training left alone. */
static sg_status add_input_variance(const sg_dataset *data, sg_snapshot *s, sg_error *err)
{
    const size_t n = sg_dataset_n_features(data);
    const float *deviation = sg_dataset_deviation(data);
    SG_AUTOFREE float *variance = SG_NEW_ARRAY(float, n);
    if (!variance)
        return sg_fail_memory(err, "describing the inputs");
    for (size_t i = 0; i < n; i++)
        variance[i] = deviation[i] * deviation[i];
    const sg_tensor tensor = {
        .name = "input.variance", .n_dims = 1, .shape = {n}, .value = variance};
    return sg_snapshot_add_tensor(s, &tensor, err);
}

/* The network as it stands, described; no time and no host, so that equal runs give equal bytes. */
static sg_status make_snapshot(const sg_trainer *t, size_t epoch, const sg_score *test,
                               sg_snapshot **ret, sg_error *err)
{
    const sg_input_shape shape = {sg_dataset_n_dims(t->data), sg_dataset_shape(t->data)};
    const sg_train_params *p = t->params;
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_network_to_snapshot(t->net, shape, false, &s, err));
    SG_TRY(add_input_variance(t->data, s, err));
    SG_TRY(sg_meta_set_count(s, "epoch", epoch, err));
    SG_TRY(sg_meta_set_count(s, "seed", p->seed, err));
    SG_TRY(sg_snapshot_set_meta(s, "method", sg_method_name(p->method), err));
    SG_TRY(sg_snapshot_set_meta(s, "dataset", sg_dataset_name(t->data), err));
    SG_TRY(sg_snapshot_set_meta(s, "activation", sg_activation_name(p->activation), err));
    SG_TRY(sg_snapshot_set_meta(s, "loss", sg_loss_name(p->loss), err));
    SG_TRY(sg_meta_set_real(s, "test_accuracy", accuracy(test), SG_META_READABLE, err));
    SG_TRY(sg_meta_set_real(s, "test_loss", mean_loss(test), SG_META_READABLE, err));
    *ret = SG_TAKE(s);
    return SG_OK;
}

static sg_status write_snapshot(const sg_trainer *t, size_t epoch, const sg_score *test,
                                sg_error *err)
{
    if (!sg_trainer_writes(t) ||
        (epoch % t->params->snapshot_every != 0 && epoch != t->params->n_epochs))
        return SG_OK;
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(make_snapshot(t, epoch, test, &s, err));
    return sg_run_write_snapshot(t->run_path, (long)epoch, s, err);
}

/* Tests the network, writes its snapshot if one is due, and fills in the epoch's metrics but for
 * training and evolution. */
static sg_status test_and_record(const sg_trainer *t, size_t epoch, sg_epoch_metrics *m,
                                 sg_error *err)
{
    const double begin_s = sg_clock_s();
    const sg_score test = sg_pass_test(t->pass, t->data, SG_TEST);
    const double tested_s = sg_clock_s();
    SG_TRY(write_snapshot(t, epoch, &test, err));

    m->epoch = (long)epoch;
    m->test_s = tested_s - begin_s;
    m->snapshot_s = sg_clock_s() - tested_s;
    m->test_loss = mean_loss(&test);
    m->test_accuracy = accuracy(&test);
    m->links = (double)sg_network_n_links(t->net);
    m->density = m->links / sg_network_n_cells(t->net);
    return SG_OK;
}

static sg_status publish_metrics(const sg_trainer *t, const sg_epoch_metrics *m, sg_error *err)
{
    if (!sg_trainer_writes(t))
        return SG_OK;
    SG_TRY(sg_run_append_metrics(t->run_path, m, err));
    if (t->watch->epoch)
        t->watch->epoch(t->watch->user, m, t->params->n_epochs);
    return SG_OK;
}

static void shuffle(const sg_trainer *t)
{
    const size_t n = sg_dataset_n_samples(t->data, SG_TRAIN);
    sg_random random;
    for (size_t i = 0; i < n; i++)
        t->order[i] = (uint32_t)i;
    sg_random_open(&random, t->params->seed, SG_RANDOM_SHUFFLE, 0, (uint32_t)t->at.epoch);
    sg_random_shuffle_u32(&random, t->order, n);
}

static void report_batch(const sg_trainer *t, double density)
{
    if (!t->watch->batch || !sg_trainer_writes(t))
        return;
    const sg_train_batch where = {
        .epoch = t->at.epoch,
        .n_epochs = t->params->n_epochs,
        .batch = t->at.batch,
        .n_batches = t->n_batches,
        .loss = mean_loss(&t->at.score),
        .accuracy = accuracy(&t->at.score),
        .density = density,
        .elapsed_s = sg_clock_s() - t->start_s,
    };
    t->watch->batch(t->watch->user, &where);
}

static void train_batch(sg_trainer *t)
{
    const size_t n_samples = sg_dataset_n_samples(t->data, SG_TRAIN);
    const size_t first = t->at.batch * t->params->batch;
    const size_t left = n_samples - first;
    const sg_train_params *p = t->params;
    const size_t step = (t->at.epoch - 1) * t->n_batches + t->at.batch;
    const sg_sgd sgd = {
        .lr = sg_learning_rate(p, step, p->n_epochs * t->n_batches),
        .momentum = p->momentum,
        .weight_decay = p->weight_decay,
    };
    const size_t n = left < p->batch ? left : p->batch;
    const sg_batch batch = {
        .split = SG_TRAIN, .index = t->order + first, .n = n, .n_ahead = left - n};
    const sg_dropout dropout = {
        .rate = p->dropout,
        .seed = p->seed,
        .epoch = (uint32_t)t->at.epoch,
        .batch = t->at.batch,
    };
    sg_pass_train(t->pass, t->data, &batch, &dropout, &sgd, &t->at.score);
    t->at.batch++;
}

/* The rest of the epoch in progress. SG_EINTERRUPTED once the checkpoint is written. */
static sg_status train_epoch(sg_trainer *t, sg_error *err)
{
    const double density = (double)sg_network_n_links(t->net) / sg_network_n_cells(t->net);
    shuffle(t);
    while (t->at.batch < t->n_batches) {
        if (should_stop(t)) {
            SG_TRY(sg_ranks_agree(t->params->ranks, sg_checkpoint_write(t, err), err));
            return sg_fail(err, SG_EINTERRUPTED,
                           "stopped in epoch %zu of %zu, after batch %zu of %zu", t->at.epoch,
                           t->params->n_epochs, t->at.batch, t->n_batches);
        }
        const double begin_s = sg_clock_s();
        train_batch(t);
        t->at.train_s += sg_clock_s() - begin_s;
        if (!isfinite(t->at.score.loss))
            return sg_fail(err, SG_EINVAL,
                           "training diverged in epoch %zu: the loss is not finite; lower --lr",
                           t->at.epoch);
        report_batch(t, density);
    }
    return SG_OK;
}

/* Changes the topology after the epoch in progress and adds the time to its metrics. */
static sg_status evolve(const sg_trainer *t, sg_epoch_metrics *m, sg_error *err)
{
    if (!t->rule->evolve)
        return SG_OK;
    const double begin_s = sg_clock_s();
    const sg_rule_when when = {
        .seed = t->params->seed,
        .epoch = (uint32_t)t->at.epoch,
        .last = t->at.epoch == t->params->n_epochs,
        .zeta = t->params->zeta,
        .n_threads = (size_t)n_threads_of(t->params),
    };
    SG_TRY(t->rule->evolve(t->net, &when, err));
    m->evolve_s = sg_clock_s() - begin_s;
    return SG_OK;
}

/* A checkpoint between epochs, unless that would take more than a twentieth of the time: what a
 * crash then costs is at most twenty times what the checkpoint would have. */
static sg_status save(sg_trainer *t, sg_error *err)
{
    const double begin_s = sg_clock_s();
    const double least_pause = 19.0; /* times what saving took */
    if (begin_s - t->saved_s < least_pause * t->saving_s)
        return SG_OK;
    SG_TRY(sg_checkpoint_write(t, err));
    t->saved_s = sg_clock_s();
    t->saving_s = t->saved_s - begin_s;
    return SG_OK;
}

static sg_status finish_epoch(sg_trainer *t, sg_error *err)
{
    sg_epoch_metrics m = {
        .train_s = t->at.train_s,
        .train_loss = mean_loss(&t->at.score),
        .train_accuracy = accuracy(&t->at.score),
    };
    SG_TRY(test_and_record(t, t->at.epoch, &m, err));
    SG_TRY(evolve(t, &m, err));
    SG_TRY(publish_metrics(t, &m, err));
    t->at = (sg_position){.epoch = t->at.epoch + 1};
    return t->at.epoch <= t->params->n_epochs ? save(t, err) : SG_OK;
}

/* The same work on every rank gives the same network on every rank; were it otherwise, on machines
 * that round differently, each would go its own way unseen. */
static sg_status check_ranks(const sg_trainer *t, sg_error *err)
{
    sg_ranks *ranks = t->params->ranks;
    if (sg_ranks_count(ranks) < 2)
        return SG_OK;
    return sg_ranks_same(ranks, sg_network_digest(t->net), "has come to another network than", err);
}

/* The network after the last removal, with its own test, where the method has one. */
static sg_status write_final(const sg_trainer *t, sg_error *err)
{
    if (t->rule->leaves_final && t->params->n_epochs > 0) {
        const sg_score test = sg_pass_test(t->pass, t->data, SG_TEST);
        if (!sg_trainer_writes(t))
            return SG_OK;
        SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
        SG_TRY(make_snapshot(t, t->params->n_epochs, &test, &s, err));
        SG_TRY(sg_snapshot_set_meta(s, "stage", "final", err));
        SG_TRY(sg_run_write_final(t->run_path, s, err));
    }
    return sg_trainer_writes(t) ? sg_run_remove_checkpoint(t->run_path, err) : SG_OK;
}

static sg_status record_untrained(sg_trainer *t, sg_error *err)
{
    sg_epoch_metrics m = {.train_loss = NAN, .train_accuracy = NAN};
    SG_TRY(test_and_record(t, 0, &m, err));
    SG_TRY(publish_metrics(t, &m, err));
    t->at.epoch = 1;
    return t->params->n_epochs > 0 ? save(t, err) : SG_OK;
}

static sg_status prepare(sg_trainer *t, sg_error *err)
{
    const size_t n_samples = sg_dataset_n_samples(t->data, SG_TRAIN);
    t->order = SG_NEW_ARRAY(uint32_t, n_samples);
    if (!t->order)
        return sg_fail_memory(err, "ordering the samples");
    return sg_pass_new(t->net, t->params->batch < n_samples ? t->params->batch : n_samples,
                       t->params->dropout > 0.0, n_threads_of(t->params), &t->pass, err);
}

/* Each step begins with what ranks do together, goes on with what may fail on one of them, and ends
 * with their agreement. */
sg_status sg_trainer_run(sg_trainer *t, sg_error *err)
{
    sg_ranks *ranks = t->params->ranks;
    SG_TRY(sg_ranks_agree(ranks, prepare(t, err), err));
    if (t->at.epoch == 0)
        SG_TRY(sg_ranks_agree(ranks, record_untrained(t, err), err));
    while (t->at.epoch <= t->params->n_epochs) {
        SG_TRY(train_epoch(t, err));
        SG_TRY(sg_ranks_agree(ranks, finish_epoch(t, err), err));
        SG_TRY(check_ranks(t, err));
    }
    return sg_ranks_agree(ranks, write_final(t, err), err);
}
