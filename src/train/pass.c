/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/pass.h"

#include "base/memory.h"
#include "base/status.h"
#include "train/group_sum.h"
#include "train/link.h"
#include "train/pass_group.h"

#ifdef _OPENMP
#include <omp.h>
#endif

struct sg_pass {
    sg_network *net;
    int n_threads;
    size_t a_group;   /* samples of a full group */
    size_t n_columns; /* of a group's parts */
    size_t n_groups;  /* of this rank */
    sg_group *groups; /* (n_groups) */
    const sg_kernels *kernels;
    sg_ranks *ranks;
    sg_score *score;    /* (all the network's groups) */
    size_t *n_score;    /* (ranks) bytes of them */
    sg_group_sum *sum;  /* of the gradients of several ranks; NULL: one */
    sg_grouped *summed; /* (3 a layer) what it sums */
};

SG_DEFINE_CLEANUP(sg_pass, sg_pass_free)

void sg_pass_free(sg_pass *pass)
{
    if (!pass)
        return;
    for (size_t g = 0; pass->groups && g < pass->n_groups; g++)
        sg_group_clear(&pass->groups[g]);
    sg_free(pass->groups);
    sg_free(pass->score);
    sg_free(pass->n_score);
    sg_free(pass->summed);
    sg_group_sum_free(pass->sum);
    sg_free(pass);
}

/* What several ranks need to sum up. */
static sg_status open_sums(sg_pass *pass, sg_error *err)
{
    const size_t n_ranks = sg_ranks_count(pass->ranks);
    const size_t n_groups = pass->net->n_groups;
    pass->score = SG_NEW_ARRAY(sg_score, n_groups);
    pass->n_score = SG_NEW_ARRAY(size_t, n_ranks);
    pass->summed = SG_NEW_ARRAY(sg_grouped, 3 * pass->net->n_layers);
    if (!pass->score || !pass->n_score || !pass->summed)
        return sg_fail_memory(err, "making room for sums");
    for (size_t r = 0; r < n_ranks; r++) {
        const sg_range groups = sg_range_of(n_groups, r, n_ranks);
        pass->n_score[r] = (groups.end - groups.begin) * sizeof(sg_score);
    }
    return n_ranks > 1 ? sg_group_sum_new(pass->ranks, pass->kernels->elementwise, n_groups, 0,
                                          &pass->sum, err)
                       : SG_OK;
}

sg_status sg_pass_new(sg_network *net, size_t batch, bool with_dropout, int n_threads,
                      sg_pass **ret, sg_error *err)
{
    SG_CLEANUP(sg_pass_free_cleanup_) sg_pass *pass = SG_NEW(sg_pass);
    if (!pass)
        return sg_fail_memory(err, "making room for a batch");
    pass->net = net;
    pass->ranks = net->ranks;
    pass->n_threads = n_threads;
    pass->n_groups = net->own.end - net->own.begin;
    pass->a_group = (batch + net->n_groups - 1) / net->n_groups;
    const sg_columns columns = sg_group_columns(net, pass->a_group);
    pass->n_columns = columns.n_parts * columns.stride;
    SG_TRY(sg_kernels_select(&pass->kernels, err));
    SG_TRY(open_sums(pass, err));
    pass->groups = SG_NEW_ARRAY(sg_group, pass->n_groups);
    if (!pass->groups)
        return sg_fail_memory(err, "making room for a batch");
    for (size_t g = 0; g < pass->n_groups; g++) {
        sg_group *group = &pass->groups[g];
        group->net = net;
        group->kernels = pass->kernels;
        SG_TRY(sg_group_open(group, pass->a_group, with_dropout, err));
        group->index = g;
        group->first = (net->own.begin + g) * pass->n_columns;
        group->n_columns = net->n_groups * pass->n_columns;
    }
    *ret = SG_TAKE(pass);
    return SG_OK;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Deals the batch's samples to the groups of all ranks, in order. */
static void deal(sg_pass *pass, const sg_batch *batch, const sg_dropout *dropout)
{
    for (size_t g = 0; g < pass->n_groups; g++) {
        sg_group *group = &pass->groups[g];
        const size_t before = (pass->net->own.begin + g) * pass->a_group;
        const size_t at = least(before, batch->n);
        const size_t next_at = least(before, batch->n_ahead);
        group->n = least(batch->n - at, pass->a_group);
        group->n_batch = batch->n;
        group->score = (sg_score){0};
        group->chosen = batch->index ? batch->index + at : NULL;
        group->first_sample = batch->first + at;
        group->next = batch->index ? batch->index + batch->n + next_at : NULL;
        group->n_next = least(batch->n_ahead - next_at, pass->a_group);
        group->dropout = dropout && dropout->rate > 0.0 ? dropout : NULL;
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
    for (size_t i = 0; i == 0 || i * group->stride < group->n; i++) {
        const sg_part part = sg_group_part(group, i);
        sg_part_load(&part, member, job->data, job->split);
        sg_part_forward(&part, member);
        sg_part_loss(&part, member, job->backward);
        if (!job->backward)
            continue;
        if (i == 0)
            sg_group_fetch_next(group, member, job->data, job->split);
        sg_part_backward(&part, member);
    }
}

/* Threads are dealt to the groups in turn; with fewer threads than groups each does several. */
static void run_groups(const pass_job *job, size_t thread, size_t n_threads)
{
    sg_pass *pass = job->pass;
    if (pass->n_groups == 0) /* a rank too many */
        return;
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
        parameter part[] = {net->links[l].weight, net->layers[l + 1].bias,
                            net->layers[l + 1].srelu};
        for (size_t i = 0; i < SG_COUNT(part); i++) {
            const bool decays = i < 2;
            if (part[i].n == 0)
                continue;
            if (job->pass->sum) /* the first gradient is the sum over all ranks' groups */
                part[i].n_groups = 1;
            sg_sgd_step(job->pass->kernels->elementwise,
                        decays || !job->sgd ? job->sgd : &without_decay, &part[i], share);
        }
        sg_link_refresh(&net->links[l], share);
    }
}

/* Leaves every gradient's sum over all groups in its first copy. The arrays are looked up anew: the
 * topology changes. */
static void sum_over_ranks(sg_pass *pass)
{
    const sg_network *net = pass->net;
    size_t n = 0;
    for (size_t l = 0; l + 1 < net->n_layers; l++) {
        const parameter *part[] = {&net->links[l].weight, &net->layers[l + 1].bias,
                                   &net->layers[l + 1].srelu};
        for (size_t i = 0; i < SG_COUNT(part); i++)
            pass->summed[n++] = (sg_grouped){part[i]->gradient, part[i]->n};
    }
    sg_group_sum_run(pass->sum, pass->summed, n);
}

static void run_thread(const pass_job *job, size_t thread, size_t n_threads)
{
    run_groups(job, thread, n_threads);
    if (!job->backward)
        return;
#pragma omp barrier
    if (job->pass->sum) {
#pragma omp master
        sum_over_ranks(job->pass);
#pragma omp barrier
    }
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
    const sg_network *net = pass->net;
    for (size_t g = 0; g < pass->n_groups; g++)
        pass->score[net->own.begin + g] = pass->groups[g].score;
    if (sg_ranks_count(pass->ranks) > 1)
        pass->ranks->transport->collect(pass->ranks, pass->score, pass->n_score);
    for (size_t g = 0; g < net->n_groups; g++)
        sg_score_add(score, &pass->score[g]);
}

void sg_pass_score(sg_pass *pass, const sg_dataset *data, const sg_batch *batch,
                   const sg_dropout *dropout, sg_score *score)
{
    deal(pass, batch, dropout);
    const pass_job job = {.pass = pass, .data = data, .split = batch->split};
    run(&job, score);
}

void sg_pass_train(sg_pass *pass, const sg_dataset *data, const sg_batch *batch,
                   const sg_dropout *dropout, const sg_sgd *sgd, sg_score *score)
{
    deal(pass, batch, dropout);
    const pass_job job = {
        .pass = pass, .data = data, .split = batch->split, .backward = true, .sgd = sgd};
    run(&job, score);
}

sg_score sg_pass_test(sg_pass *pass, const sg_dataset *data, sg_split split)
{
    const size_t n_samples = sg_dataset_n_samples(data, split);
    const size_t at_once = pass->net->n_groups * pass->n_columns;
    const size_t a_group = pass->a_group;
    sg_score score = {0};
    pass->a_group = pass->n_columns; /* the padding, too */
    for (size_t first = 0; first < n_samples; first += at_once) {
        const size_t left = n_samples - first;
        const sg_batch batch = {
            .split = split, .first = first, .n = left < at_once ? left : at_once};
        sg_pass_score(pass, data, &batch, NULL, &score);
    }
    pass->a_group = a_group;
    return score;
}
