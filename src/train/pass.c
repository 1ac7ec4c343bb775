/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/pass.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/pass_group.h"

#ifdef _OPENMP
#include <omp.h>
#endif

struct sg_pass {
    sg_network *net;
    int n_threads;
    size_t a_group; /* samples of a full group */
    size_t n_groups;
    sg_group *groups; /* (n_groups) */
};

SG_DEFINE_CLEANUP(sg_pass, sg_pass_free)

void sg_pass_free(sg_pass *pass)
{
    if (!pass)
        return;
    for (size_t g = 0; pass->groups && g < pass->n_groups; g++)
        sg_group_clear(&pass->groups[g]);
    sg_free(pass->groups);
    sg_free(pass);
}

sg_status sg_pass_new(sg_network *net, size_t batch, bool with_dropout, int n_threads,
                      sg_pass **ret, sg_error *err)
{
    SG_CLEANUP(sg_pass_free_cleanup_) sg_pass *pass = SG_NEW(sg_pass);
    if (!pass)
        return sg_fail_memory(err, "making room for a batch");
    pass->net = net;
    pass->n_threads = n_threads;
    pass->n_groups = net->n_groups;
    pass->a_group = (batch + net->n_groups - 1) / net->n_groups;
    pass->groups = SG_NEW_ARRAY(sg_group, net->n_groups);
    if (!pass->groups)
        return sg_fail_memory(err, "making room for a batch");
    for (size_t g = 0; g < net->n_groups; g++) {
        sg_group *group = &pass->groups[g];
        group->net = net;
        SG_TRY(sg_group_open(group, net, pass->a_group, with_dropout, err));
        group->index = g;
        group->first = g * group->stride;
        group->n_columns = net->n_groups * group->stride;
    }
    *ret = SG_TAKE(pass);
    return SG_OK;
}

/* Deals the batch's samples to the groups, in order. */
static void deal(sg_pass *pass, const sg_dataset *data, const sg_batch *batch,
                 const sg_dropout *dropout)
{
    const uint8_t *label = sg_dataset_labels(data, batch->split);
    size_t at = 0;
    for (size_t g = 0; g < pass->n_groups; g++) {
        sg_group *group = &pass->groups[g];
        const size_t left = batch->n - at;
        group->n = left < pass->a_group ? left : pass->a_group;
        group->n_batch = batch->n;
        group->dropout = dropout && dropout->rate > 0.0 ? dropout : NULL;
        for (size_t s = 0; s < group->n; s++, at++) {
            group->sample[s] = batch->index ? batch->index[at] : (uint32_t)(batch->first + at);
            group->label[s] = label[group->sample[s]];
        }
    }
}

/* What all threads do with a batch. */
typedef struct pass_job {
    sg_pass *pass;
    const sg_dataset *data;
    sg_split split;
    bool backward;
    const sg_sgd *sgd;
} pass_job;

static void run_group(const pass_job *job, sg_group *group, sg_member member)
{
    sg_group_load(group, member, job->data, job->split);
    sg_group_forward(group, member);
    sg_group_loss(group, member, job->backward);
    if (job->backward)
        sg_group_backward(group, member);
}

/* Threads are dealt to the groups in turn; with fewer threads than groups each does several. */
static void run_groups(const pass_job *job, size_t thread, size_t n_threads)
{
    sg_pass *pass = job->pass;
    for (size_t g = thread % pass->n_groups; g < pass->n_groups; g += n_threads) {
        sg_group *group = &pass->groups[g];
        run_group(job, group, (sg_member){&group->team, thread / pass->n_groups});
    }
}

/* The learning rate, momentum and decay are the same for all but SReLU's, which take no decay. */
static void update(const pass_job *job, size_t thread, size_t n_threads)
{
    const sg_network *net = job->pass->net;
    const sg_share share = {thread, n_threads};
    sg_sgd without_decay = job->sgd ? *job->sgd : (sg_sgd){0};
    without_decay.weight_decay = 0.0;
    for (size_t l = 0; l + 1 < net->n_layers; l++) {
        const train_layer *layer = &net->layers[l + 1];
        sg_sgd_step(job->sgd, &net->links[l].weight, share);
        sg_sgd_step(job->sgd, &layer->bias, share);
        sg_sgd_step(job->sgd ? &without_decay : NULL, &layer->srelu, share);
    }
}

static void run_thread(const pass_job *job, size_t thread, size_t n_threads)
{
    run_groups(job, thread, n_threads);
    if (!job->backward)
        return;
#pragma omp barrier
    update(job, thread, n_threads);
}

static void run(const pass_job *job, sg_score *score)
{
    const sg_pass *pass = job->pass;
#pragma omp parallel num_threads(pass->n_threads)
    {
#ifdef _OPENMP
        const size_t thread = (size_t)omp_get_thread_num();
        const size_t n_threads = (size_t)omp_get_num_threads();
#else
        const size_t thread = 0;
        const size_t n_threads = 1;
#endif
#pragma omp single
        for (size_t g = 0; g < pass->n_groups; g++)
            pass->groups[g].team.n_members =
                n_threads > g ? (n_threads - g - 1) / pass->n_groups + 1 : 1;
        run_thread(job, thread, n_threads);
    }
    for (size_t g = 0; g < pass->n_groups; g++)
        sg_score_add(score, &pass->groups[g].score);
}

void sg_pass_score(sg_pass *pass, const sg_dataset *data, const sg_batch *batch,
                   const sg_dropout *dropout, sg_score *score)
{
    deal(pass, data, batch, dropout);
    const pass_job job = {.pass = pass, .data = data, .split = batch->split};
    run(&job, score);
}

void sg_pass_train(sg_pass *pass, const sg_dataset *data, const sg_batch *batch,
                   const sg_dropout *dropout, const sg_sgd *sgd, sg_score *score)
{
    deal(pass, data, batch, dropout);
    const pass_job job = {
        .pass = pass, .data = data, .split = batch->split, .backward = true, .sgd = sgd};
    run(&job, score);
}

sg_score sg_pass_test(sg_pass *pass, const sg_dataset *data, sg_split split)
{
    const size_t n_samples = sg_dataset_n_samples(data, split);
    const size_t at_once = pass->n_groups * pass->groups[0].stride;
    const size_t a_group = pass->a_group;
    sg_score score = {0};
    pass->a_group = pass->groups[0].stride; /* the padding, too */
    for (size_t first = 0; first < n_samples; first += at_once) {
        const size_t left = n_samples - first;
        const sg_batch batch = {
            .split = split, .first = first, .n = left < at_once ? left : at_once};
        sg_pass_score(pass, data, &batch, NULL, &score);
    }
    pass->a_group = a_group;
    return score;
}
