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
    if (!s->item || s->n == s->capacity) {
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

/* What a connection that is there now continues, given its latest stretch, or begins. */
static sg_status see(merge *u, uint32_t latest, float weight, uint32_t *ret, sg_error *err)
{
    sg_stretch *old = latest == SG_NO_STRETCH ? NULL : &u->stretches->item[latest];
    if (old && old->last + 1 == u->moment && (!u->each_weight || old->weight == weight)) {
        old->last = u->moment;
        old->weight = weight;
        *ret = latest;
        return SG_OK;
    }
    return add_stretch(u->stretches, (sg_stretch){u->moment, u->moment, weight, latest}, ret, err);
}

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
            SG_TRY(see(u, latest, weight, &latest, err));
            b++;
        }
        u->col[u->n] = a_col < b_col ? a_col : b_col;
        u->latest[u->n++] = latest;
    }
    return SG_OK;
}

/* Makes the union of the past and of now, in a past of its own. */
static sg_status unite(merge *u, sg_link_past *ret, sg_error *err)
{
    const sg_link_past *past = u->past;
    const size_t n_old = past->row_start ? past->row_start[past->n_rows] : 0;
    ret->n_rows = u->m->n_rows;
    ret->row_start = SG_NEW_ARRAY(uint64_t, u->m->n_rows + 1);
    ret->col = u->col = SG_NEW_ARRAY(uint32_t, n_old + u->m->n_links);
    ret->latest = u->latest = SG_NEW_ARRAY(uint32_t, n_old + u->m->n_links);
    if (!ret->row_start || !ret->col || !ret->latest)
        return sg_fail_memory(err, "gathering a timeline");
    for (size_t row = 0; row < u->m->n_rows; row++) {
        const uint64_t a = past->row_start ? past->row_start[row] : 0;
        const uint64_t a_end = past->row_start ? past->row_start[row + 1] : 0;
        SG_TRY(merge_row(u, row, a, a_end, err));
        ret->row_start[row + 1] = u->n;
    }
    return SG_OK;
}

sg_status sg_link_past_add(sg_link_past *past, const sg_csr *m, uint32_t moment, bool each_weight,
                           sg_stretches *stretches, sg_error *err)
{
    merge u = {
        .past = past, .m = m, .moment = moment, .each_weight = each_weight, .stretches = stretches};
    sg_link_past next = {0};
    const sg_status status = unite(&u, &next, err);
    if (status != SG_OK) {
        sg_link_past_free(&next);
        return status;
    }
    sg_link_past_free(past);
    *past = next;
    return SG_OK;
}
