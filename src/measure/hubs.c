/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/hubs.h"

#include "base/memory.h"
#include <math.h>
#include <stdlib.h>

enum { HUBS_OF = 10 }; /* one neuron in so many */

typedef struct entry {
    uint64_t value;
    size_t index;
} entry;

static int descending(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;
    return (x->value < y->value) - (x->value > y->value);
}

static entry *sorted(const uint64_t *values, size_t n)
{
    entry *ret = SG_NEW_ARRAY(entry, n);
    for (size_t i = 0; ret && i < n; i++)
        ret[i] = (entry){values[i], i};
    if (ret)
        qsort(ret, n, sizeof *ret, descending);
    return ret;
}

/* The smallest degree of a hub, and how many hubs there are; 0 where nobody stands out. */
typedef struct threshold {
    uint64_t degree;
    size_t n;
} threshold;

static sg_status find_hubs(const uint64_t *degree, size_t n, threshold *ret, sg_error *err)
{
    SG_AUTOFREE entry *ranking = sorted(degree, n);
    if (!ranking)
        return sg_fail_memory(err, "finding hubs");
    threshold t = {0};
    if (n > 0)
        t.degree = ranking[(n + HUBS_OF - 1) / HUBS_OF - 1].value;
    while (t.degree > 0 && t.n < n && ranking[t.n].value >= t.degree)
        t.n++;
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

/* Writes the ranks less their mean, (n - 1) / 2; the direction does not matter. */
static sg_status rank(const uint64_t *values, size_t n, double *ret, sg_error *err)
{
    SG_AUTOFREE entry *ranking = sorted(values, n);
    if (!ranking)
        return sg_fail_memory(err, "ranking neurons");
    for (size_t first = 0, next = 0; first < n; first = next) {
        while (next < n && ranking[next].value == ranking[first].value)
            next++;
        const double shared = ((double)first + (double)next - 1) / 2 - ((double)n - 1) / 2;
        for (size_t i = first; i < next; i++)
            ret[ranking[i].index] = shared;
    }
    return SG_OK;
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
