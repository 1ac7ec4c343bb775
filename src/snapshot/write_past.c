/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/write_timeline.h"

enum { FIRST_CAPACITY = 1024 };

void sg_link_past_free(sg_link_past *past)
{
    sg_free(past->row_start);
    sg_free(past->col);
    sg_free(past->latest);
    *past = (sg_link_past){0};
}

static sg_status add_stretch(sg_stretches *s, sg_stretch stretch, uint32_t *ret, sg_error *err)
{
    if (s->n == s->capacity) {
        const size_t capacity = s->capacity ? 2 * s->capacity : FIRST_CAPACITY;
        sg_stretch *grown =
            s->n < SG_NO_STRETCH ? sg_resize(s->item, capacity, sizeof *grown) : NULL;
        if (!grown)
            return sg_fail_memory(err, "gathering a timeline; take fewer epochs");
        s->item = grown;
        s->capacity = capacity;
    }
    *ret = (uint32_t)s->n;
    s->item[s->n++] = stretch;
    return SG_OK;
}

/* What a connection that is there now continues or begins. */
static sg_status see(sg_stretches *s, uint32_t latest, uint32_t moment, float weight,
                     bool each_weight, uint32_t *ret, sg_error *err)
{
    sg_stretch *old = latest == SG_NO_STRETCH ? NULL : &s->item[latest];
    if (old && old->last + 1 == moment && (!each_weight || old->weight == weight)) {
        old->last = moment;
        old->weight = weight;
        *ret = latest;
        return SG_OK;
    }
    return add_stretch(s, (sg_stretch){moment, moment, weight, latest}, ret, err);
}

typedef struct merge {
    const sg_link_past *past;
    const sg_csr *m;
    uint32_t moment;
    bool each_weight;
    sg_stretches *stretches;
    uint32_t *col; /* where the union goes */
    uint32_t *latest;
    uint64_t n;
} merge;

/* Unites a row of the past, from a to a_end, with the same row of now. */
static sg_status merge_row(merge *u, size_t row, uint64_t a, uint64_t a_end, sg_error *err)
{
    uint64_t b = u->m->row_start[row];
    const uint64_t b_end = u->m->row_start[row + 1];
    while (a < a_end || b < b_end) {
        const uint32_t a_col = a < a_end ? u->past->col[a] : UINT32_MAX; /* no column is that */
        const uint32_t b_col = b < b_end ? u->m->col[b] : UINT32_MAX;
        uint32_t latest = a_col <= b_col ? u->past->latest[a++] : SG_NO_STRETCH;
        if (b_col <= a_col) {
            const float weight = u->m->value ? u->m->value[b] : 1.0F;
            SG_TRY(see(u->stretches, latest, u->moment, weight, u->each_weight, &latest, err));
            b++;
        }
        u->col[u->n] = a_col < b_col ? a_col : b_col;
        u->latest[u->n++] = latest;
    }
    return SG_OK;
}

sg_status sg_link_past_add(sg_link_past *past, const sg_csr *m, uint32_t moment, bool each_weight,
                           sg_stretches *stretches, sg_error *err)
{
    const size_t n_old = past->row_start ? past->row_start[past->n_rows] : 0;
    SG_CLEANUP(sg_link_past_free) sg_link_past next = {.n_rows = m->n_rows};
    next.row_start = SG_NEW_ARRAY(uint64_t, m->n_rows + 1);
    next.col = SG_NEW_ARRAY(uint32_t, n_old + m->n_links);
    next.latest = SG_NEW_ARRAY(uint32_t, n_old + m->n_links);
    if (!next.row_start || !next.col || !next.latest)
        return sg_fail_memory(err, "gathering a timeline");
    merge u = {.past = past,
               .m = m,
               .moment = moment,
               .each_weight = each_weight,
               .stretches = stretches,
               .col = next.col,
               .latest = next.latest};
    for (size_t row = 0; row < m->n_rows; row++) {
        const uint64_t a = past->row_start ? past->row_start[row] : 0;
        const uint64_t a_end = past->row_start ? past->row_start[row + 1] : 0;
        SG_TRY(merge_row(&u, row, a, a_end, err));
        next.row_start[row + 1] = u.n;
    }
    const sg_link_past old = *past;
    *past = next;
    next = old;
    return SG_OK;
}
