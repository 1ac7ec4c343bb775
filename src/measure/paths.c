/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/paths.h"

#include "base/memory.h"
#include "measure/neurons.h"
#include "sparsegraph/fields.h"
#include <math.h>

/*
 * 50 layers of 1000 neurons with 100 connections each have 10^102 paths, and nothing bounds the
 * depth. A count therefore has an exponent of its own, in steps of 2^400: a product of two
 * mantissas, and a sum of 2^32 of them, still fit a double, and while all counts are below the
 * first step, which is nearly always, adding costs one addition.
 */
enum { STEP_BITS = 400 };

double sg_big_log10(sg_big x)
{
    return log10(x.m) + (double)x.e * STEP_BITS * log10(2.0); /* log10(0) is -infinity */
}

/* Adds without normalising: the mantissa may pass the step. */
static inline void accumulate(sg_big *sum, sg_big x)
{
    if (sum->e == x.e) {
        sum->m += x.m;
    } else if (x.m > 0 && (sum->m == 0 || x.e > sum->e)) {
        const double below = sum->e + 1 == x.e ? ldexp(sum->m, -STEP_BITS) : 0;
        *sum = (sg_big){x.m + below, x.e};
    } else if (x.e + 1 == sum->e) {
        sum->m += ldexp(x.m, -STEP_BITS);
    } /* else x is 0, or too small to be seen beside the sum */
}

static inline sg_big normalised(sg_big x)
{
    if (x.m >= 0x1p400) {
        x.m = ldexp(x.m, -STEP_BITS);
        x.e++;
    }
    return x;
}

void sg_big_add(sg_big *sum, sg_big x)
{
    accumulate(sum, x);
    *sum = normalised(*sum);
}

double sg_big_ratio(sg_big part, sg_big all)
{
    return all.m == 0 ? NAN : ldexp(part.m / all.m, STEP_BITS * (part.e - all.e));
}

static void count_in(const sg_csr *m, const sg_big *sends, sg_big *receives)
{
    for (size_t row = 0; row < m->n_rows; row++) {
        sg_big sum = receives[row];
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            accumulate(&sum, sends[m->col[k]]);
        receives[row] = normalised(sum);
    }
}

static void count_out(const sg_csr *m, const sg_big *receives, sg_big *sends)
{
    for (size_t row = 0; row < m->n_rows; row++) {
        if (receives[row].m == 0)
            continue;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            accumulate(&sends[m->col[k]], receives[row]);
    }
    for (size_t col = 0; col < m->n_cols; col++)
        sends[col] = normalised(sends[col]);
}

static void begin(const sg_paths *p, sg_big *count, size_t layer)
{
    for (size_t v = p->first[layer]; v < p->first[layer + 1]; v++)
        count[v] = (sg_big){1, 0};
}

static void walk_forward(const sg_snapshot *s, sg_paths *p)
{
    for (size_t layer = 0; layer < sg_snapshot_n_layers(s); layer++) {
        if (sg_layer_is_input(s, layer))
            begin(p, p->in, layer);
        for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
            const sg_link *link = sg_snapshot_link(s, i);
            if (link->to == layer)
                count_in(link->matrix, p->in + p->first[link->from], p->in + p->first[layer]);
        }
    }
}

static void walk_backward(const sg_snapshot *s, sg_paths *p)
{
    for (size_t layer = sg_snapshot_n_layers(s); layer-- > 0;) {
        if (sg_layer_is_output(s, layer))
            begin(p, p->out, layer);
        for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
            const sg_link *link = sg_snapshot_link(s, i);
            if (link->from == layer)
                count_out(link->matrix, p->out + p->first[link->to], p->out + p->first[layer]);
        }
    }
}

static sg_big total_of(const sg_snapshot *s, const sg_paths *p)
{
    sg_big total = {0, 0};
    for (size_t layer = 0; layer < sg_snapshot_n_layers(s); layer++)
        if (sg_layer_is_output(s, layer))
            for (size_t v = p->first[layer]; v < p->first[layer + 1]; v++)
                sg_big_add(&total, p->in[v]);
    return total;
}

void sg_paths_clear(sg_paths *p)
{
    sg_free(p->first);
    sg_free(p->in);
    sg_free(p->out);
}

sg_status sg_paths_make(const sg_snapshot *s, sg_paths *ret, sg_error *err)
{
    SG_CLEANUP(sg_paths_clear) sg_paths p = {0};
    SG_TRY(sg_neurons_first(s, &p.first, err));
    const size_t n = p.first[sg_snapshot_n_layers(s)];
    p.in = SG_NEW_ARRAY(sg_big, n);
    p.out = SG_NEW_ARRAY(sg_big, n);
    if (!p.in || !p.out)
        return sg_fail_memory(err, "counting paths");
    walk_forward(s, &p);
    walk_backward(s, &p);
    p.total = total_of(s, &p);
    *ret = p;
    p = (sg_paths){0};
    return SG_OK;
}

double sg_paths_share(const sg_paths *p, size_t neuron)
{
    const sg_big in = p->in[neuron];
    const sg_big out = p->out[neuron];
    if (p->total.m == 0)
        return NAN;
    if (in.m == 0 || out.m == 0)
        return 0;
    return fmin(1, ldexp(in.m / p->total.m * out.m, STEP_BITS * (in.e + out.e - p->total.e)));
}

sg_status sg_count_paths(const sg_snapshot *s, const sg_path_counts *ret, double *log10_total,
                         sg_error *err)
{
    SG_CLEANUP(sg_paths_clear) sg_paths p = {0};
    SG_TRY(sg_paths_make(s, &p, err));
    const size_t n = p.first[sg_snapshot_n_layers(s)];
    for (size_t v = 0; v < n; v++) {
        if (ret->log10_in)
            ret->log10_in[v] = sg_big_log10(p.in[v]);
        if (ret->log10_out)
            ret->log10_out[v] = sg_big_log10(p.out[v]);
        if (ret->centrality)
            ret->centrality[v] = sg_paths_share(&p, v);
    }
    if (log10_total)
        *log10_total = sg_big_log10(p.total);
    return SG_OK;
}
