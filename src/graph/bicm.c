/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/bicm.h"

#include "base/memory.h"
#include <math.h>
#include <string.h>

enum { ITERATIONS_MAX = 20000 };
static const double tolerance = 1e-9; /* of an expected degree, relative */

static void clear_side(sg_bicm_side *s)
{
    sg_free(s->degree);
    sg_free(s->count);
    sg_free(s->member);
    sg_free(s->fitness);
    sg_free(s->forced);
}

void sg_bicm_clear(sg_bicm *b)
{
    clear_side(&b->row);
    clear_side(&b->col);
    *b = (sg_bicm){0};
}

/* Groups n neurons by degree; degrees are below `bound`. */
static sg_status group(const uint64_t *degree, size_t n, size_t bound, sg_bicm_side *s,
                       sg_error *err)
{
    SG_AUTOFREE size_t *next = SG_NEW_ARRAY(size_t, bound + 1);
    s->n = n;
    s->member = SG_NEW_ARRAY(uint32_t, n);
    if (!next || !s->member)
        return sg_fail_memory(err, "grouping neurons by degree");
    for (size_t i = 0; i < n; i++)
        next[degree[i] + 1]++;
    for (size_t k = 0; k < bound; k++)
        s->n_classes += next[k + 1] > 0;
    s->degree = SG_NEW_ARRAY(uint64_t, s->n_classes);
    s->count = SG_NEW_ARRAY(size_t, s->n_classes);
    s->fitness = SG_NEW_ARRAY(double, s->n_classes);
    s->forced = SG_NEW_ARRAY(uint32_t, s->n_classes);
    if (!s->degree || !s->count || !s->fitness || !s->forced)
        return sg_fail_memory(err, "grouping neurons by degree");
    size_t class = 0;
    for (size_t k = 0; k < bound; k++) {
        if (next[k + 1] > 0) {
            s->degree[class] = k;
            s->count[class ++] = next[k + 1];
        }
        next[k + 1] += next[k];
    }
    for (size_t i = 0; i < n; i++)
        s->member[next[degree[i]]++] = (uint32_t)i;
    return SG_OK;
}

static sg_status group_both(const sg_csr *m, sg_bicm *b, sg_error *err)
{
    SG_AUTOFREE uint64_t *in = SG_NEW_ARRAY(uint64_t, m->n_rows);
    SG_AUTOFREE uint64_t *out = SG_NEW_ARRAY(uint64_t, m->n_cols);
    if (!in || !out)
        return sg_fail_memory(err, "grouping neurons by degree");
    for (size_t row = 0; row < m->n_rows; row++)
        in[row] = m->row_start[row + 1] - m->row_start[row];
    for (size_t k = 0; k < m->n_links; k++)
        out[m->col[k]]++;
    SG_TRY(group(in, m->n_rows, m->n_cols + 1, &b->row, err));
    return group(out, m->n_cols, m->n_rows + 1, &b->col, err);
}

/*
 * Neurons linked to all or to none of those that are still open have no choice: what they are
 * linked to is taken off the others' degrees, and so on until all the rest is open.
 */
typedef struct open_side {
    double *left;  /* (n_classes) degree that remains to be explained; negative: forced */
    double n_open; /* neurons */
} open_side;

static bool force(sg_bicm_side *s, open_side *mine, const open_side *theirs,
                  const sg_bicm_side *other, uint32_t step)
{
    bool any = false;
    for (size_t i = 0; i < s->n_classes; i++) {
        if (mine->left[i] < 0 || (mine->left[i] > 0 && mine->left[i] < theirs->n_open))
            continue;
        const bool all = mine->left[i] > 0;
        s->fitness[i] = all ? INFINITY : 0;
        s->forced[i] = step;
        for (size_t j = 0; all && j < other->n_classes; j++)
            if (theirs->left[j] >= 0)
                theirs->left[j] -= (double)s->count[i];
        mine->left[i] = -1;
        mine->n_open -= (double)s->count[i];
        any = true;
    }
    return any;
}

/* One sweep: the fitness of each open class from the other side's; returns the largest change. */
static double sweep(sg_bicm_side *s, const open_side *mine, const sg_bicm_side *other,
                    const open_side *theirs)
{
    double change = 0;
    for (size_t i = 0; i < s->n_classes; i++) {
        if (mine->left[i] < 0)
            continue;
        double sum = 0;
        for (size_t j = 0; j < other->n_classes; j++)
            if (theirs->left[j] >= 0)
                sum += (double)other->count[j] * other->fitness[j] /
                       (1 + s->fitness[i] * other->fitness[j]);
        const double next = mine->left[i] / sum;
        change = fmax(change, fabs(next - s->fitness[i]) / next);
        s->fitness[i] = next;
    }
    return change;
}

static void start_fitness(sg_bicm_side *s, const open_side *mine)
{
    double sum = 0;
    for (size_t i = 0; i < s->n_classes; i++)
        if (mine->left[i] >= 0)
            sum += (double)s->count[i] * mine->left[i];
    for (size_t i = 0; i < s->n_classes; i++)
        if (mine->left[i] >= 0)
            s->fitness[i] = mine->left[i] / sqrt(sum);
}

double sg_bicm_probability(const sg_bicm *b, size_t i, size_t j)
{
    const uint32_t row = b->row.forced[i];
    const uint32_t col = b->col.forced[j];
    if (row && (!col || row < col))
        return isinf(b->row.fitness[i]);
    if (col)
        return isinf(b->col.fitness[j]);
    const double product = b->row.fitness[i] * b->col.fitness[j];
    return product / (1 + product);
}

static double largest_error(const sg_bicm *b)
{
    double error = 0;
    for (size_t i = 0; i < b->row.n_classes; i++) {
        double expected = 0;
        for (size_t j = 0; j < b->col.n_classes; j++)
            expected += (double)b->col.count[j] * sg_bicm_probability(b, i, j);
        error = fmax(error, fabs(expected - (double)b->row.degree[i]));
    }
    for (size_t j = 0; j < b->col.n_classes; j++) {
        double expected = 0;
        for (size_t i = 0; i < b->row.n_classes; i++)
            expected += (double)b->row.count[i] * sg_bicm_probability(b, i, j);
        error = fmax(error, fabs(expected - (double)b->col.degree[j]));
    }
    return error;
}

static sg_status solve(sg_bicm *b, sg_error *err)
{
    SG_AUTOFREE double *row_left = SG_NEW_ARRAY(double, b->row.n_classes);
    SG_AUTOFREE double *col_left = SG_NEW_ARRAY(double, b->col.n_classes);
    if (!row_left || !col_left)
        return sg_fail_memory(err, "solving the configuration model");
    open_side row = {row_left, (double)b->row.n};
    open_side col = {col_left, (double)b->col.n};
    for (size_t i = 0; i < b->row.n_classes; i++)
        row_left[i] = (double)b->row.degree[i];
    for (size_t j = 0; j < b->col.n_classes; j++)
        col_left[j] = (double)b->col.degree[j];
    bool any = true;
    for (uint32_t step = 1; any; step += 2) {
        any = force(&b->row, &row, &col, &b->col, step);
        any = force(&b->col, &col, &row, &b->row, step + 1) || any;
    }
    start_fitness(&b->row, &row);
    start_fitness(&b->col, &col);
    double change = row.n_open > 0 ? 1 : 0;
    for (size_t i = 0; i < ITERATIONS_MAX && change > tolerance; i++)
        change = fmax(sweep(&b->row, &row, &b->col, &col), sweep(&b->col, &col, &b->row, &row));
    b->error = largest_error(b);
    return SG_OK;
}

sg_status sg_bicm_fit(const sg_csr *m, sg_bicm *ret, sg_error *err)
{
    SG_CLEANUP(sg_bicm_clear) sg_bicm b = {0};
    SG_TRY(group_both(m, &b, err));
    SG_TRY(solve(&b, err));
    *ret = b;
    b = (sg_bicm){0};
    return SG_OK;
}

/* Appends to cols the members of a class that are linked, each with probability p: by the gaps
 * between them, which are geometric. Returns how many. */
static size_t draw_class(const uint32_t *member, size_t n, double p, sg_random *random,
                         uint32_t *cols)
{
    size_t n_drawn = 0;
    if (p >= 1) {
        memcpy(cols, member, n * sizeof *cols);
        return n;
    }
    if (p <= 0)
        return 0;
    const double scale = 1 / log1p(-p);
    for (size_t i = 0;; i++) {
        const double gap = floor(log(1 - sg_random_unit(random)) * scale);
        if (!(gap < (double)(n - i)))
            return n_drawn;
        i += (size_t)gap;
        cols[n_drawn++] = member[i];
    }
}

static size_t draw_row(const sg_bicm *b, size_t class, sg_random *random, uint32_t *cols)
{
    size_t n = 0;
    const uint32_t *member = b->col.member;
    for (size_t j = 0; j < b->col.n_classes; j++) {
        n +=
            draw_class(member, b->col.count[j], sg_bicm_probability(b, class, j), random, cols + n);
        member += b->col.count[j];
    }
    return n;
}

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

/* The columns of every row, class after class of rows, in the order of row.member. */
typedef struct drawn_rows {
    uint32_t *col;
    size_t room;
    uint64_t *start; /* (rows + 1) */
} drawn_rows;

static void drawn_clear(drawn_rows *d)
{
    sg_free(d->col);
    sg_free(d->start);
}

static sg_status draw_rows(const sg_bicm *b, sg_random *random, drawn_rows *d, sg_error *err)
{
    size_t at = 0;
    d->start = SG_NEW_ARRAY(uint64_t, b->row.n + 1);
    d->col = SG_NEW_ARRAY(uint32_t, b->col.n);
    if (!d->start || !d->col)
        return sg_fail_memory(err, "drawing a random network");
    d->room = b->col.n;
    for (size_t i = 0; i < b->row.n_classes; i++)
        for (size_t k = 0; k < b->row.count[i]; k++) {
            const size_t n = (size_t)d->start[at];
            if (d->room - n < b->col.n) {
                uint32_t *more = sg_resize(d->col, d->room * 2 + b->col.n, sizeof *more);
                if (!more)
                    return sg_fail_memory(err, "drawing a random network");
                d->col = more;
                d->room = d->room * 2 + b->col.n;
            }
            d->start[at + 1] = n + draw_row(b, i, random, d->col + n);
            at++;
        }
    return SG_OK;
}

sg_status sg_bicm_draw(const sg_bicm *b, sg_random *random, sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(drawn_clear) drawn_rows d = {0};
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *turned = NULL;
    SG_TRY(draw_rows(b, random, &d, err));
    SG_TRY(sg_csr_new(b->row.n, b->col.n, (size_t)d.start[b->row.n], false, &m, err));
    for (size_t i = 0; i < b->row.n; i++)
        m->row_start[b->row.member[i] + 1] = d.start[i + 1] - d.start[i];
    for (size_t row = 0; row < m->n_rows; row++)
        m->row_start[row + 1] += m->row_start[row];
    for (size_t i = 0; i < b->row.n; i++)
        if (d.start[i + 1] > d.start[i])
            memcpy(m->col + m->row_start[b->row.member[i]], d.col + d.start[i],
                   (d.start[i + 1] - d.start[i]) * sizeof *m->col);
    SG_TRY(sg_csr_transpose(m, NULL, &turned, err)); /* twice, which sorts */
    return sg_csr_transpose(turned, NULL, ret, err);
}

/* The expected number of column pairs that two rows of classes i and k both link to. */
static double shared_pairs(const sg_bicm *b, size_t i, size_t k)
{
    double sum = 0;
    double squares = 0;
    for (size_t j = 0; j < b->col.n_classes; j++) {
        const double both = sg_bicm_probability(b, i, j) * sg_bicm_probability(b, k, j);
        sum += (double)b->col.count[j] * both;
        squares += (double)b->col.count[j] * both * both;
    }
    return (sum * sum - squares) / 2;
}

double sg_bicm_butterflies(const sg_bicm *b)
{
    double expected = 0;
    for (size_t i = 0; i < b->row.n_classes; i++) {
        const double n_i = (double)b->row.count[i];
        expected += n_i * (n_i - 1) / 2 * shared_pairs(b, i, i);
        for (size_t k = i + 1; k < b->row.n_classes; k++)
            expected += n_i * (double)b->row.count[k] * shared_pairs(b, i, k);
    }
    return expected;
}
