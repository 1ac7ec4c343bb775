/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>
#include <string.h>

/* Which connections stayed, since the network measured before and since the untrained one. */

static const sg_csr *matrix_named(const sg_snapshot *s, const char *name)
{
    for (size_t i = 0; s && i < sg_snapshot_n_links(s); i++)
        if (strcmp(sg_snapshot_link(s, i)->name, name) == 0)
            return sg_snapshot_link(s, i)->matrix;
    return NULL;
}

/* Counts the connections in both of two matrices of one shape, in O(rows + connections). */
static uint64_t count_common(const sg_csr *a, const sg_csr *b)
{
    uint64_t common = 0;
    for (size_t row = 0; row < a->n_rows; row++) {
        uint64_t i = a->row_start[row];
        uint64_t j = b->row_start[row];
        while (i < a->row_start[row + 1] && j < b->row_start[row + 1]) {
            const uint32_t x = a->col[i];
            const uint32_t y = b->col[j];
            common += x == y;
            i += x <= y;
            j += y <= x;
        }
    }
    return common;
}

const sg_csr *sg_measured_before(const sg_measured *m, size_t link, sg_since since)
{
    return matrix_named(since == SG_SINCE_START ? m->params.start : m->params.previous,
                        sg_snapshot_link(m->snapshot, link)->name);
}

sg_change sg_change_between(const sg_csr *older, const sg_csr *newer)
{
    sg_change c = {.known = older != NULL};
    if (older) {
        c.kept = count_common(older, newer);
        c.added = newer->n_links - c.kept;
        c.removed = older->n_links - c.kept;
    }
    return c;
}

void sg_measured_changes(sg_measured *m)
{
    if (m->has_changes)
        return;
    for (size_t i = 0; i < m->n_links; i++) {
        const sg_csr *now = sg_snapshot_link(m->snapshot, i)->matrix;
        for (sg_since since = SG_SINCE_PREVIOUS; since < SG_N_SINCE; since++)
            m->change[i][since] = sg_change_between(sg_measured_before(m, i, since), now);
    }
    m->has_changes = true;
}

enum { KEPT, KEPT_FRAC, JACCARD, ADDED, REMOVED, TURNOVER, NUMBER = 7, START = 8 };

static double number_of(const sg_change *c, unsigned number)
{
    const double kept = (double)c->kept;
    const double removed = (double)c->removed;
    const double added = (double)c->added;
    if (!c->known)
        return NAN;
    switch (number) {
    case KEPT:
        return kept;
    case KEPT_FRAC:
        return kept + removed > 0 ? kept / (kept + removed) : NAN;
    case JACCARD:
        return kept + added + removed > 0 ? kept / (kept + added + removed) : NAN;
    case ADDED:
        return added;
    case TURNOVER:
        return kept + removed > 0 ? removed / (kept + removed) : NAN;
    default:
        return removed;
    }
}

static sg_status link_change(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                             sg_error *err)
{
    (void)err;
    sg_measured_changes(m);
    const sg_since since = self->which & START ? SG_SINCE_START : SG_SINCE_PREVIOUS;
    *ret = number_of(&m->change[subject][since], self->which & NUMBER);
    return SG_OK;
}

#define JACCARD_SOURCE "Jaccard, New Phytol. 11:37 (1912), doi:10.1111/j.1469-8137.1912.tb05611.x"

static const sg_measure measures[] = {
    {"previous_kept", "connections", "connections that the epoch measured before has too", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, KEPT, link_change},
    {"previous_kept_frac", "dimensionless",
     "share of the connections of the epoch measured before that are still here", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_NONE, KEPT_FRAC, link_change},
    {"previous_jaccard", "dimensionless",
     "kept / (kept + added + removed) since the epoch measured before", JACCARD_SOURCE,
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, JACCARD, link_change},
    {"previous_added", "connections", "connections that the epoch measured before lacks", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, ADDED, link_change},
    {"previous_removed", "connections", "connections lost since the epoch measured before", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, REMOVED, link_change},
    {"previous_turnover", "dimensionless",
     "share of the connections of the epoch measured before that were removed", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_NONE, TURNOVER, link_change},
    {"start_kept", "connections", "connections that epoch 0 has too", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_NONE, START | KEPT, link_change},
    {"start_kept_frac", "dimensionless", "share of the connections of epoch 0 that are still here",
     "", SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, START | KEPT_FRAC, link_change},
    {"start_jaccard", "dimensionless", "kept / (kept + added + removed) since epoch 0",
     JACCARD_SOURCE, SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, START | JACCARD, link_change},
};

const sg_measure_family sg_family_change = {measures, SG_COUNT(measures)};
