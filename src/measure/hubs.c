/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/hubs.h"

#include "base/memory.h"
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { HUBS_OF = 10 };            /* one neuron in so many */
enum { COUNTED_PER_NEURON = 16 }; /* counting so many values is no dearer than sorting */

/* How many neurons have each degree. */
typedef struct histogram {
    uint64_t max;
    size_t *n_of; /* (max + 1) */
} histogram;

static void clear_histogram(histogram *h)
{
    sg_free(h->n_of);
}

static sg_status make_histogram(const uint64_t *degree, size_t n, histogram *h, sg_error *err)
{
    for (size_t i = 0; i < n; i++)
        h->max = degree[i] > h->max ? degree[i] : h->max;
    h->n_of = SG_NEW_ARRAY(size_t, h->max + 1);
    if (!h->n_of)
        return sg_fail_memory(err, "ranking neurons");
    for (size_t i = 0; i < n; i++)
        h->n_of[degree[i]]++;
    return SG_OK;
}

/* The smallest degree of a hub, and how many hubs there are; none where nobody stands out. */
typedef struct threshold {
    uint64_t degree;
    size_t n;
} threshold;

static sg_status find_hubs(const uint64_t *degree, size_t n, threshold *ret, sg_error *err)
{
    SG_CLEANUP(clear_histogram) histogram h = {0};
    SG_TRY(make_histogram(degree, n, &h, err));
    const size_t wanted = (n + HUBS_OF - 1) / HUBS_OF;
    threshold t = {.degree = h.max + 1};
    while (t.degree > 1 && t.n < wanted)
        t.n += h.n_of[--t.degree];
    if (2 * t.n > n)
        t.n = 0;
    *ret = t;
    return SG_OK;
}

sg_status sg_hubs_kept(const uint64_t *now, const uint64_t *before, size_t n, double *ret,
                       sg_error *err)
{
    threshold here = {0};
    threshold there = {0};
    SG_TRY(find_hubs(now, n, &here, err));
    SG_TRY(find_hubs(before, n, &there, err));
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        n_kept += now[i] >= here.degree && before[i] >= there.degree;
    *ret = here.n > 0 && there.n > 0 ? (double)n_kept / (double)here.n : (double)NAN;
    return SG_OK;
}

/* The two ways to rank write the ranks less their mean, (n - 1) / 2. The first is for degrees: its
 * time goes with the largest value. */
static sg_status rank_by_counting(const uint64_t *values, size_t n, double *ret, sg_error *err)
{
    SG_CLEANUP(clear_histogram) histogram h = {0};
    SG_TRY(make_histogram(values, n, &h, err));
    SG_AUTOFREE double *rank_of = SG_NEW_ARRAY(double, h.max + 1);
    if (!rank_of)
        return sg_fail_memory(err, "ranking neurons");
    size_t n_below = 0;
    for (uint64_t v = 0; v <= h.max; v++) {
        rank_of[v] = (double)n_below + ((double)h.n_of[v] - (double)n) / 2;
        n_below += h.n_of[v];
    }
    for (size_t i = 0; i < n; i++)
        ret[i] = rank_of[values[i]];
    return SG_OK;
}

typedef struct entry {
    uint64_t value;
    size_t index;
} entry;

static int ascending(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static sg_status rank_by_sorting(const uint64_t *values, size_t n, double *ret, sg_error *err)
{
    SG_AUTOFREE entry *ranking = SG_NEW_ARRAY(entry, n);
    if (!ranking)
        return sg_fail_memory(err, "ranking neurons");
    for (size_t i = 0; i < n; i++)
        ranking[i] = (entry){values[i], i};
    qsort(ranking, n, sizeof *ranking, ascending);
    for (size_t first = 0, next = 0; first < n; first = next) {
        while (next < n && ranking[next].value == ranking[first].value)
            next++;
        for (size_t i = first; i < next; i++)
            ret[ranking[i].index] = ((double)first + (double)next - (double)n) / 2;
    }
    return SG_OK;
}

static sg_status rank(const uint64_t *values, size_t n, double *ret, sg_error *err)
{
    bool small = true;
    for (size_t i = 0; i < n; i++)
        small = small && values[i] / COUNTED_PER_NEURON <= n;
    return small ? rank_by_counting(values, n, ret, err) : rank_by_sorting(values, n, ret, err);
}

sg_status sg_rank_correlation(const uint64_t *x, const uint64_t *y, size_t n, double *ret,
                              sg_error *err)
{
    SG_AUTOFREE double *by_x = SG_NEW_ARRAY(double, n);
    SG_AUTOFREE double *by_y = SG_NEW_ARRAY(double, n);
    if (!by_x || !by_y)
        return sg_fail_memory(err, "ranking neurons");
    SG_TRY(rank(x, n, by_x, err));
    SG_TRY(rank(y, n, by_y, err));
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (size_t i = 0; i < n; i++) {
        xx += by_x[i] * by_x[i];
        yy += by_y[i] * by_y[i];
        xy += by_x[i] * by_y[i];
    }
    *ret = xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
    return SG_OK;
}
