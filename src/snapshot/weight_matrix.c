/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/weights.h"

#include "snapshot/snapshot_read.h"

#include <math.h>

enum { CHUNK_VALUES = 1 << 12 };

/* Walks over the values of a weight row by row, a chunk at a time. */
typedef struct walk {
    const sg_weight *weight;
    size_t first; /* number of the chunk's first value */
    size_t n;     /* values in the chunk */
    float value[CHUNK_VALUES];
    float mask[CHUNK_VALUES];
} walk;

/* Reads the next chunk; n is 0 at the end. */
static sg_status next_chunk(walk *at, sg_error *err)
{
    const sg_array *t = at->weight->value;
    at->first += at->n;
    const size_t left = t->n_values - at->first;
    at->n = left < CHUNK_VALUES ? left : CHUNK_VALUES;
    SG_TRY(sg_array_read_f32(t, at->first, at->n, at->value, err));
    if (at->weight->mask)
        return sg_array_read_f32(at->weight->mask, at->first, at->n, at->mask, err);
    return SG_OK;
}

/* Whether value i of the chunk is a link: unmasked, or where there is no mask, not zero. */
static bool is_link(const walk *at, size_t i)
{
    if (at->weight->mask)
        return (at->mask[i] != 0.0F) != at->weight->marks_pruned;
    return at->value[i] != 0.0F;
}

static sg_status check_chunk(const walk *at, sg_error *err)
{
    const size_t n_cols = at->weight->value->shape[1];
    for (size_t i = 0; i < at->n; i++) {
        const size_t place = at->first + i;
        if (!isfinite(at->value[i]))
            return sg_fail(err, SG_EFORMAT, "tensor '%.100s': the weight at [%zu, %zu] is %s",
                           at->weight->value->name, place / n_cols, place % n_cols,
                           isnan(at->value[i]) ? "NaN" : "infinite in 32 bits");
    }
    return SG_OK;
}

static sg_status count_links(walk *at, size_t *ret, sg_error *err)
{
    size_t n_links = 0;
    do {
        SG_TRY(next_chunk(at, err));
        SG_TRY(check_chunk(at, err));
        for (size_t i = 0; i < at->n; i++)
            n_links += is_link(at, i);
    } while (at->n > 0);
    *ret = n_links;
    return SG_OK;
}

/* Appends link number k to a matrix whose row_start[row + 1] counts, for now, the links of row. */
static void put_link(sg_csr *m, uint64_t k, size_t place, float value)
{
    m->col[k] = (uint32_t)(place % m->n_cols);
    if (m->value)
        m->value[k] = value;
    m->row_start[place / m->n_cols + 1]++;
}

/* Fills a matrix that has room for the links; a file that changed meanwhile cannot overrun it. */
static sg_status fill(walk *at, sg_csr *m, sg_error *err)
{
    uint64_t k = 0;
    do {
        SG_TRY(next_chunk(at, err));
        for (size_t i = 0; i < at->n; i++) {
            if (!is_link(at, i))
                continue;
            if (k < m->n_links)
                put_link(m, k, at->first + i, at->value[i]);
            k++;
        }
    } while (at->n > 0);
    if (k != m->n_links)
        return sg_fail(err, SG_EIO, "the file changed while it was read");
    for (size_t row = 0; row < m->n_rows; row++)
        m->row_start[row + 1] += m->row_start[row];
    return SG_OK;
}

sg_status sg_weight_matrix(const sg_weight *w, sg_csr **ret, sg_error *err)
{
    const sg_array *t = w->value;
    if (t->sparse)
        return sg_csr_copy(t->sparse, ret, err);
    SG_AUTOFREE walk *at = SG_NEW(walk);
    if (!at)
        return sg_fail_memory(err, "reading dense weights");
    *at = (walk){.weight = w};
    size_t n_links = 0;
    SG_TRY(count_links(at, &n_links, err));
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    const bool is_weighted = sg_dtype_is_float(t->dtype);
    SG_TRY(
        sg_blame_content(sg_csr_new(t->shape[0], t->shape[1], n_links, is_weighted, &m, err), err));
    *at = (walk){.weight = w};
    SG_TRY(fill(at, m, err));
    *ret = SG_TAKE(m);
    return SG_OK;
}
