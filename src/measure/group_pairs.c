/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/group_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include "measure/nnstd.h"
#include <math.h>

/* How alike the networks of different runs are: at the start they were drawn, at the end learned.
 */

enum { JACCARD = 0, NNSTD, N_MEASURES };
static const char *const names[N_MEASURES] = {"jaccard", "nnstd"};

/* The runs' networks of one epoch. */
typedef struct networks {
    size_t n;
    sg_snapshot **at;
} networks;

SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)

static void free_networks(networks *s)
{
    for (size_t i = 0; s->at && i < s->n; i++)
        sg_snapshot_free(s->at[i]);
    sg_free(s->at);
}

static sg_status read_network(const sg_run *run, long epoch, double core_zeta, sg_snapshot **ret,
                              sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *whole = NULL;
    for (size_t i = 0; !whole && i < sg_run_n_snapshots(run); i++)
        if (sg_run_snapshot_epoch(run, i) == epoch)
            SG_TRY(sg_snapshot_read(sg_run_snapshot_path(run, i), &whole, err));
    if (!whole)
        return sg_fail(err, SG_ENOTFOUND, "run '%s' lost its snapshot of epoch %ld",
                       sg_run_path(run), epoch);
    if (!isnan(core_zeta))
        return sg_snapshot_core(whole, core_zeta, ret, err);
    *ret = SG_TAKE(whole);
    return SG_OK;
}

static void note(sg_group_pairs *p, double value)
{
    if (isnan(value))
        return;
    p->min = p->n == 0 ? value : fmin(p->min, value);
    p->max = p->n == 0 ? value : fmax(p->max, value);
    p->mean = p->n == 0 ? value : p->mean + (value - p->mean) / (double)(p->n + 1);
    p->n++;
}

/* Fills (n_links, N_MEASURES) entries with what two networks of equal layers share. */
static sg_status compare(const sg_snapshot *a, const sg_snapshot *b, sg_group_pairs *of_link,
                         sg_error *err)
{
    SG_CLEANUP(sg_nnstd_clear) sg_nnstd d = {0};
    SG_TRY(sg_nnstd_make(a, b, &d, err));
    for (size_t k = 0; k < d.n_links; k++) {
        const sg_change c =
            sg_change_between(sg_snapshot_link(a, k)->matrix, sg_snapshot_link(b, k)->matrix);
        const double all = (double)(c.kept + c.added + c.removed);
        note(&of_link[k * N_MEASURES + JACCARD], all > 0 ? (double)c.kept / all : (double)NAN);
        note(&of_link[k * N_MEASURES + NNSTD], d.of_link[k]);
    }
    return SG_OK;
}

/* How far the comparisons have come. */
typedef struct counter {
    const sg_progress *progress;
    size_t n_done;
    size_t n_all;
} counter;

static sg_status tell(counter *c, sg_error *err)
{
    if (c->progress && c->progress->stop && *c->progress->stop)
        return sg_fail(err, SG_EINTERRUPTED, "interrupted after %zu of %zu pairs of runs",
                       c->n_done, c->n_all);
    if (c->progress && c->progress->update)
        c->progress->update(c->progress->user, "pairs", c->n_done, c->n_all);
    return SG_OK;
}

static sg_status compare_epoch(const networks *s, sg_group_pairs *of_link, counter *c,
                               sg_error *err)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = i + 1; k < s->n; k++) {
            SG_TRY(tell(c, err));
            SG_TRY(compare(s->at[i], s->at[k], of_link, err));
            c->n_done++;
        }
    return SG_OK;
}

sg_status sg_group_compare_runs(sg_group *g, const sg_run *const *runs,
                                const sg_analysis_params *params, const sg_progress *progress,
                                sg_error *err)
{
    const size_t n_links = sg_analysis_n_links(g->first);
    const size_t last = sg_group_n_epochs(g) - 1;
    const size_t n_epochs = last > 0 ? 2 : 1;
    counter c = {.progress = progress, .n_all = n_epochs * g->n_runs * (g->n_runs - 1) / 2};
    g->pairs = SG_NEW_ARRAY(sg_group_pairs, n_epochs * n_links * N_MEASURES);
    if (!g->pairs)
        return sg_fail_memory(err, "comparing runs");
    for (size_t e = 0; e < n_epochs; e++) {
        const long epoch = sg_group_epoch(g, e == 0 ? 0 : last);
        sg_group_pairs *of_link = &g->pairs[g->n_pairs];
        for (size_t k = 0; k < n_links * N_MEASURES; k++)
            of_link[k] = (sg_group_pairs){.epoch = epoch,
                                          .link = sg_analysis_link_name(g->first, k / N_MEASURES),
                                          .measure = names[k % N_MEASURES],
                                          .mean = NAN,
                                          .min = NAN,
                                          .max = NAN};
        SG_CLEANUP(free_networks) networks s = {.n = g->n_runs};
        s.at = SG_NEW_ARRAY(sg_snapshot *, s.n);
        if (!s.at)
            return sg_fail_memory(err, "comparing runs");
        for (size_t i = 0; i < s.n; i++)
            SG_TRY(read_network(runs[i], epoch, params->core_zeta, &s.at[i], err));
        SG_TRY(compare_epoch(&s, of_link, &c, err));
        g->n_pairs += n_links * N_MEASURES;
    }
    return tell(&c, err);
}
