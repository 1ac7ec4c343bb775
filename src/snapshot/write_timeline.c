/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run as one dynamic GEXF graph. */
#include "snapshot/write_timeline.h"

#include "base/file.h"
#include "base/text.h"
#include "snapshot/alike.h"
#include "snapshot/snapshot_read.h"
#include "snapshot/write_network.h"

#include <math.h>
#include <string.h>

typedef struct timeline {
    const sg_run *run;
    const sg_convert_timeline_params *params;
    size_t n_moments;
    size_t *snapshot;     /* (n_moments) position in the run */
    sg_snapshot *network; /* the latest that was read */
    size_t n_links;
    sg_link_past *past; /* (n_links) */
    sg_stretches stretches;
    uint32_t *recent; /* (n_moments) the stretches of one connection, the latest first */
} timeline;

static void timeline_free(timeline *t)
{
    for (size_t i = 0; t->past && i < t->n_links; i++)
        sg_link_past_free(&t->past[i]);
    sg_snapshot_free(t->network);
    sg_free(t->snapshot);
    sg_free(t->past);
    sg_free(t->stretches.item);
    sg_free(t->recent);
}

static long epoch_at(const timeline *t, size_t moment)
{
    return sg_run_snapshot_epoch(t->run, t->snapshot[moment]);
}

/* The last epoch at which what a moment shows is still so. */
static long until(const timeline *t, size_t moment)
{
    return moment + 1 < t->n_moments ? epoch_at(t, moment + 1) - 1 : epoch_at(t, moment);
}

static sg_status choose_moments(timeline *t, sg_error *err)
{
    const sg_convert_timeline_params *p = t->params;
    const size_t n = sg_run_n_snapshots(t->run);
    if (p->epoch_step < 1)
        return sg_fail(err, SG_EINVAL, "the step between epochs must be at least 1, got %ld",
                       p->epoch_step);
    t->snapshot = SG_NEW_ARRAY(size_t, n);
    t->recent = SG_NEW_ARRAY(uint32_t, n);
    if (!t->snapshot || !t->recent)
        return sg_fail_memory(err, "gathering a timeline");
    for (size_t i = 0; i < n; i++) {
        const long epoch = sg_run_snapshot_epoch(t->run, i);
        if (epoch >= p->epoch_first && (p->epoch_last < 0 || epoch <= p->epoch_last) &&
            (epoch - p->epoch_first) % p->epoch_step == 0)
            t->snapshot[t->n_moments++] = i;
    }
    if (t->n_moments == 0)
        return sg_fail(err, SG_EINVAL, "'%s' has no snapshot of the epochs that were asked for",
                       sg_run_path(t->run));
    return SG_OK;
}

static sg_status read_moment(const timeline *t, size_t moment, sg_snapshot **ret, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_snapshot_read(sg_run_snapshot_path(t->run, t->snapshot[moment]), &s, err));
    if (isnan(t->params->core_zeta)) {
        *ret = SG_TAKE(s);
        return SG_OK;
    }
    return sg_snapshot_core(s, t->params->core_zeta, ret, err);
}

/* Whether two networks have the same layers, and links between the same of them. */
static bool same_frame(const sg_snapshot *a, const sg_snapshot *b)
{
    if (!sg_snapshots_are_alike(a, b))
        return false;
    for (size_t i = 0; i < sg_snapshot_n_layers(a); i++)
        if (strcmp(sg_snapshot_layer(a, i)->name, sg_snapshot_layer(b, i)->name) != 0)
            return false;
    return true;
}

static sg_status add_moment(timeline *t, size_t moment, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(read_moment(t, moment, &s, err));
    if (t->network && !same_frame(t->network, s))
        return sg_fail(err, SG_EUNSUPPORTED,
                       "'%s' has other layers or links than the epoch before it; a timeline holds "
                       "one network",
                       sg_run_snapshot_path(t->run, t->snapshot[moment]));
    if (!t->network) {
        t->n_links = sg_snapshot_n_links(s);
        t->past = SG_NEW_ARRAY(sg_link_past, t->n_links);
        if (!t->past)
            return sg_fail_memory(err, "gathering a timeline");
    }
    for (size_t i = 0; i < t->n_links; i++)
        SG_TRY(sg_link_past_add(&t->past[i], sg_snapshot_link(s, i)->matrix, (uint32_t)moment,
                                t->params->all_weights, &t->stretches, err));
    sg_snapshot_free(t->network);
    t->network = SG_TAKE(s);
    return SG_OK;
}

static sg_status gather(timeline *t, const sg_progress *progress, sg_error *err)
{
    for (size_t i = 0; i < t->n_moments; i++) {
        if (progress && progress->stop && *progress->stop)
            return sg_fail(err, SG_EINTERRUPTED, "interrupted; nothing was written");
        SG_TRY(add_moment(t, i, err));
        if (progress && progress->update)
            progress->update(progress->user, "snapshots", i + 1, t->n_moments);
    }
    return SG_OK;
}

static void put_time(sg_out *o, const char *name, long epoch)
{
    sg_out_text(o, name);
    sg_out_u64(o, (uint64_t)epoch);
}

static void put_weight(const timeline *t, sg_out *o, float weight)
{
    sg_out_real(o, t->params->absolute ? fabsf(weight) : weight);
}

/* Writes the weight of each stretch as a value of an attribute with a time. */
static void put_weights(const timeline *t, size_t n, sg_out *o)
{
    sg_out_text(o, "<attvalues>");
    while (n-- > 0) {
        const sg_stretch *s = &t->stretches.item[t->recent[n]];
        sg_out_text(o, "<attvalue for=\"weight\" value=\"");
        put_weight(t, o, s->weight);
        put_time(o, "\" start=\"", epoch_at(t, s->first));
        put_time(o, "\" end=\"", until(t, s->last));
        sg_out_text(o, "\"/>");
    }
    sg_out_text(o, "</attvalues>");
}

/* Writes when an edge is there: stretches that touch, between which its weight changed, as one. */
static void put_spells(const timeline *t, size_t n, sg_out *o)
{
    sg_out_text(o, "<spells>");
    while (n > 0) {
        const uint32_t first = t->stretches.item[t->recent[n - 1]].first;
        uint32_t last = t->stretches.item[t->recent[--n]].last;
        while (n > 0 && t->stretches.item[t->recent[n - 1]].first == last + 1)
            last = t->stretches.item[t->recent[--n]].last;
        put_time(o, "<spell start=\"", epoch_at(t, first));
        put_time(o, "\" end=\"", until(t, last));
        sg_out_text(o, "\"/>");
    }
    sg_out_text(o, "</spells></edge>\n");
}

static void put_edge(const timeline *t, const sg_net *net, uint32_t latest, sg_out *o)
{
    size_t n = 0;
    for (uint32_t s = latest; s != SG_NO_STRETCH; s = t->stretches.item[s].before)
        t->recent[n++] = s;
    if (net->weighted && !t->params->all_weights) { /* a weight with times stands alone in GEXF */
        sg_out_text(o, "\" weight=\"");
        put_weight(t, o, t->stretches.item[latest].weight);
    }
    sg_out_text(o, "\">");
    if (net->weighted && t->params->all_weights)
        put_weights(t, n, o);
    put_spells(t, n, o);
}

static void put_edges(const timeline *t, const sg_net *net, sg_out *o)
{
    uint64_t number = 0;
    for (size_t i = 0; i < t->n_links; i++) {
        const sg_link *link = sg_snapshot_link(net->s, i);
        const sg_link_past *past = &t->past[i];
        for (size_t row = 0; row < past->n_rows; row++)
            for (uint64_t k = past->row_start[row]; k < past->row_start[row + 1]; k++) {
                sg_out_text(o, "      <edge id=\"");
                sg_out_u64(o, number++);
                sg_out_text(o, "\" source=\"");
                sg_out_u64(o, net->first[link->from] + past->col[k]);
                sg_out_text(o, "\" target=\"");
                sg_out_u64(o, net->first[link->to] + row);
                sg_gexf_kind(net, link, o);
                put_edge(t, net, past->latest[k], o);
            }
    }
}

static sg_status write_gexf(const timeline *t, sg_out *o, sg_error *err)
{
    SG_CLEANUP(sg_net_free) sg_net net = {0};
    SG_TRY(sg_net_of(t->network, &net, err));
    SG_AUTOFREE char *time = sg_format("mode=\"dynamic\" timeformat=\"double\" "
                                       "timerepresentation=\"interval\" start=\"%ld\" end=\"%ld\"",
                                       epoch_at(t, 0), epoch_at(t, t->n_moments - 1));
    if (!time)
        return sg_fail_memory(err, "writing a timeline");
    sg_gexf_begin(&net, time, o);
    if (net.weighted && t->params->all_weights)
        sg_out_text(o, "    <attributes class=\"edge\" mode=\"dynamic\">\n"
                       "      <attribute id=\"weight\" title=\"weight\" type=\"double\"/>\n"
                       "    </attributes>\n");
    sg_gexf_nodes(&net, o);
    uint64_t n_edges = 0;
    for (size_t i = 0; i < t->n_links; i++)
        n_edges += t->past[i].row_start[t->past[i].n_rows];
    sg_out_text(o, "    <edges count=\"");
    sg_out_u64(o, n_edges);
    sg_out_text(o, "\">\n");
    put_edges(t, &net, o);
    sg_gexf_end(o);
    return sg_out_end(o);
}

sg_status sg_convert_timeline(const sg_run *run, const sg_convert_target *target,
                              const sg_convert_timeline_params *params, const sg_progress *progress,
                              sg_error *err)
{
    const sg_convert_timeline_params standard = SG_CONVERT_TIMELINE_DEFAULT;
    SG_CLEANUP(timeline_free) timeline t = {.run = run, .params = params ? params : &standard};
    SG_CLEANUP(sg_writer_free_cleanup_) sg_writer *w = NULL;
    SG_CLEANUP(sg_out_free_cleanup_) sg_out *o = NULL;
    SG_TRY(choose_moments(&t, err));
    SG_TRY(gather(&t, progress, err));
    if (!target->path) {
        SG_TRY(sg_out_new(target->write, target->user, &o, err));
        return write_gexf(&t, o, err);
    }
    SG_TRY(sg_writer_open(target->path, &w, err));
    SG_TRY(sg_out_to_file(w, &o, err));
    SG_TRY(write_gexf(&t, o, err));
    return sg_writer_commit(w, err);
}
