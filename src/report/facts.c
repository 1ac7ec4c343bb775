/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/facts.h"

#include "base/status.h"
#include "base/text.h"
#include "report/source.h"
#include <math.h>

double sg_facts_dispersion(const uint32_t *degree, size_t n)
{
    double sum = 0.0;
    double squares = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += degree[i];
    const double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (degree[i] - mean) * (degree[i] - mean);
    return sum > 0.0 ? squares / (double)n / mean : (double)NAN;
}

/* Counts the links of two ascending rows that are in both. */
static size_t count_common(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    size_t i = 0;
    size_t j = 0;
    size_t n = 0;

    while (i < n_a && j < n_b) {
        n += a[i] == b[j];
        const bool a_is_behind = a[i] <= b[j];
        j += a[i] >= b[j];
        i += a_is_behind;
    }
    return n;
}

static size_t count_kept(const sg_csr *first, const sg_csr *last)
{
    size_t n = 0;

    for (size_t row = 0; row < first->n_rows; row++)
        n += count_common(first->col + first->row_start[row],
                          (size_t)(first->row_start[row + 1] - first->row_start[row]),
                          last->col + last->row_start[row],
                          (size_t)(last->row_start[row + 1] - last->row_start[row]));
    return n;
}

/* Whether the link of that index can be compared between two networks. */
static bool is_comparable(const sg_snapshot *a, const sg_snapshot *b, size_t i)
{
    if (!a || i >= sg_snapshot_n_links(a))
        return false;
    const sg_csr *m = sg_snapshot_link(a, i)->matrix;
    const sg_csr *other = sg_snapshot_link(b, i)->matrix;
    return m->n_rows == other->n_rows && m->n_cols == other->n_cols;
}

static double kept_fraction(const sg_snapshot *first, const sg_snapshot *last)
{
    size_t n = 0;
    size_t n_kept = 0;

    for (size_t i = 0; i < sg_snapshot_n_links(last); i++) {
        if (!is_comparable(first, last, i))
            continue;
        const sg_csr *m = sg_snapshot_link(first, i)->matrix;
        if (sg_csr_density(m) >= 1.0)
            continue;
        n += m->n_links;
        n_kept += count_kept(m, sg_snapshot_link(last, i)->matrix);
    }
    return n ? (double)n_kept / (double)n : (double)NAN;
}

static sg_status measure_side(const sg_csr *m, bool is_out, double *dispersion, size_t *n_unlinked,
                              sg_error *err)
{
    const size_t n = is_out ? m->n_cols : m->n_rows;
    SG_AUTOFREE uint32_t *degree = SG_NEW_ARRAY(uint32_t, n);
    if (!degree)
        return sg_fail_memory(err, "counting degrees");

    sg_source_degrees(m, is_out, degree);
    *dispersion = sg_facts_dispersion(degree, n);
    *n_unlinked = 0;
    for (size_t i = 0; i < n; i++)
        *n_unlinked += degree[i] == 0;
    return SG_OK;
}

static sg_status unevenness_of(const sg_subject *s, size_t link_index, bool is_out,
                               sg_unevenness *ret, sg_error *err)
{
    const sg_link *link = sg_snapshot_link(s->last, link_index);
    const sg_layer *layer = sg_snapshot_layer(s->last, is_out ? link->from : link->to);
    sg_unevenness u = {
        .layer = layer->name, .is_out = is_out, .n_neurons = layer->size, .first = (double)NAN};

    SG_TRY(measure_side(link->matrix, is_out, &u.last, &u.unlinked_last, err));
    if (is_comparable(s->first, s->last, link_index))
        SG_TRY(measure_side(sg_snapshot_link(s->first, link_index)->matrix, is_out, &u.first,
                            &u.unlinked_first, err));
    *ret = u;
    return SG_OK;
}

static sg_status find_largest(const sg_subject *s, sg_unevenness *ret, sg_error *err)
{
    double largest = 0.0;

    for (size_t i = 0; i < 2 * sg_snapshot_n_links(s->last); i++) {
        sg_unevenness u = {0};
        SG_TRY(unevenness_of(s, i / 2, i % 2 == 0, &u, err));
        const double change = fabs(log(u.last / u.first));
        if (isfinite(change) && change > largest) {
            largest = change;
            *ret = u;
        }
    }
    return SG_OK;
}

static void snapshot_cleanup(sg_snapshot **s)
{
    sg_snapshot_free(*s);
}

static sg_status add_final(const sg_subject *s, sg_facts *facts, sg_error *err)
{
    const char *path = s->run ? sg_run_final_path(s->run) : NULL;
    SG_CLEANUP(snapshot_cleanup) sg_snapshot *final = NULL;

    facts->final_links = facts->final_accuracy = (double)NAN;
    if (!path)
        return SG_OK;
    SG_TRY(sg_snapshot_read(path, &final, err));
    facts->has_final = true;
    facts->final_links = (double)sg_snapshot_n_connections(final);
    const char *accuracy = sg_snapshot_meta(final, "test_accuracy");
    if (!accuracy || !sg_parse_double(accuracy, &facts->final_accuracy))
        facts->final_accuracy = (double)NAN;
    return SG_OK;
}

sg_status sg_facts_of(const sg_subject *s, sg_facts *ret, sg_error *err)
{
    sg_facts facts = {.links_first =
                          s->first ? (double)sg_snapshot_n_connections(s->first) : (double)NAN,
                      .links_last = (double)sg_snapshot_n_connections(s->last),
                      .kept_frac = s->first ? kept_fraction(s->first, s->last) : (double)NAN};

    for (size_t i = 0; i < sg_snapshot_n_links(s->last); i++) {
        const sg_csr *m = sg_snapshot_link(s->last, i)->matrix;
        facts.possible += (double)m->n_rows * (double)m->n_cols;
    }
    if (sg_snapshot_n_links(s->last) > 0)
        SG_TRY(unevenness_of(s, 0, true, &facts.input, err));
    SG_TRY(find_largest(s, &facts.largest, err));
    SG_TRY(add_final(s, &facts, err));
    *ret = facts;
    return SG_OK;
}
