/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/curveball.h"

#include "base/memory.h"
#include <math.h>
#include <string.h>

/*
 * Curveball trades: two rows put together the columns that only one of them has, shuffle them, and
 * take back as many as each had. Strona et al. 2014, doi:10.1038/ncomms5114; here in rounds in
 * which every row trades once: doi:10.4230/LIPIcs.ESA.2018.11.
 */

enum {
    BLOCK = 5,       /* rounds between two looks at the overlap */
    BLOCKS_MIN = 4,  /* 20 rounds: 10 trades a row */
    BLOCKS_MAX = 80, /* where a matrix has not mixed by then, it says so */
};

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

typedef struct table {
    sg_csr *m;       /* columns in any order while trades go on */
    uint32_t *stamp; /* (n_cols) the last mark that touched the column */
    uint32_t mark;   /* two a trade, one a row that is compared */
    uint32_t *pool;  /* (2 * longest row) what the two rows trade */
    uint32_t *order; /* (n_rows) */
    sg_random *random;
} table;

static void clear(table *t)
{
    sg_csr_free(t->m);
    sg_free(t->stamp);
    sg_free(t->pool);
    sg_free(t->order);
}

static void new_marks(table *t, uint32_t n)
{
    if (t->mark > UINT32_MAX - 2 * n) {
        memset(t->stamp, 0, t->m->n_cols * sizeof *t->stamp);
        t->mark = 0;
    }
    t->mark += n;
}

/* Moves the columns stamped `common` to the front of a row; returns how many they are. */
static size_t split(uint32_t *row, size_t n, const uint32_t *stamp, uint32_t common)
{
    size_t n_common = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t col = row[i];
        const bool is_common = stamp[col] == common;
        row[i] = row[n_common];
        row[n_common] = col;
        n_common += is_common;
    }
    return n_common;
}

/* Brings a uniform choice of n of the pool's columns to its front. */
static void choose(table *t, size_t n, size_t n_pool)
{
    for (size_t i = 0; i < n; i++) {
        const size_t j = i + sg_random_below32(t->random, (uint32_t)(n_pool - i));
        const uint32_t held = t->pool[i];
        t->pool[i] = t->pool[j];
        t->pool[j] = held;
    }
}

static void trade(table *t, size_t row_a, size_t row_b)
{
    const uint64_t *start = t->m->row_start;
    uint32_t *a = t->m->col + start[row_a];
    uint32_t *b = t->m->col + start[row_b];
    const size_t n_a = start[row_a + 1] - start[row_a];
    const size_t n_b = start[row_b + 1] - start[row_b];

    new_marks(t, 2);
    for (size_t i = 0; i < n_a; i++)
        t->stamp[a[i]] = t->mark - 1;
    for (size_t i = 0; i < n_b; i++)
        if (t->stamp[b[i]] == t->mark - 1)
            t->stamp[b[i]] = t->mark;
    const size_t n_common = split(a, n_a, t->stamp, t->mark);
    (void)split(b, n_b, t->stamp, t->mark);
    const size_t only_a = n_a - n_common;
    const size_t only_b = n_b - n_common;

    /* The side with fewer comes first in the pool: as few draws as can be. */
    uint32_t *few = only_a <= only_b ? a + n_common : b + n_common;
    uint32_t *many = only_a <= only_b ? b + n_common : a + n_common;
    const size_t n_few = only_a <= only_b ? only_a : only_b;
    const size_t n_many = only_a + only_b - n_few;
    memcpy(t->pool, few, n_few * sizeof *few);
    memcpy(t->pool + n_few, many, n_many * sizeof *many);
    choose(t, n_few, n_few + n_many);
    memcpy(few, t->pool, n_few * sizeof *few);
    memcpy(many, t->pool + n_few, n_many * sizeof *many);
}

/* Every row trades once, with a partner at random; of an odd number one rests. */
static void trade_all(table *t)
{
    sg_random_shuffle_u32(t->random, t->order, t->m->n_rows);
    for (size_t i = 0; i + 1 < t->m->n_rows; i += 2)
        trade(t, t->order[i], t->order[i + 1]);
}

/* Returns the share of links that stand where one stood at the start. */
static double in_common(table *t, const sg_csr *start)
{
    uint64_t common = 0;
    for (size_t row = 0; row < start->n_rows; row++) {
        new_marks(t, 1);
        for (uint64_t k = start->row_start[row]; k < start->row_start[row + 1]; k++)
            t->stamp[start->col[k]] = t->mark;
        for (uint64_t k = start->row_start[row]; k < start->row_start[row + 1]; k++)
            common += t->stamp[t->m->col[k]] == t->mark;
    }
    return (double)common / (double)start->n_links;
}

/* Trades until the overlap falls by no more than its own standard error between two looks. */
static sg_curveball_mixing mix(table *t, const sg_csr *start, size_t n_rounds)
{
    sg_curveball_mixing mixing = {.in_common = NAN, .levelled = true};
    if (start->n_links == 0 || start->n_rows < 2)
        return mixing;
    const size_t a_round = start->n_rows / 2;
    for (size_t i = 0; i < n_rounds; i++)
        trade_all(t);
    double before = 1;
    mixing.levelled = n_rounds > 0;
    size_t n_blocks = 0;
    for (; !mixing.levelled && n_blocks < BLOCKS_MAX; n_blocks++) {
        for (size_t i = 0; i < BLOCK; i++)
            trade_all(t);
        if (n_blocks + 2 < BLOCKS_MIN)
            continue;
        const double now = in_common(t, start);
        const double error = sqrt(fmax(now * (1 - now), 0) / (double)start->n_links);
        mixing.levelled = n_blocks + 1 >= BLOCKS_MIN && now >= before - error;
        before = now;
    }
    mixing.in_common = n_rounds > 0 ? in_common(t, start) : before;
    mixing.n_trades = (n_rounds > 0 ? n_rounds : n_blocks * BLOCK) * a_round;
    return mixing;
}

static sg_status prepare(table *t, const sg_csr *start, sg_random *random, sg_error *err)
{
    size_t longest = 0;
    for (size_t row = 0; row < start->n_rows; row++) {
        const size_t n = start->row_start[row + 1] - start->row_start[row];
        longest = n > longest ? n : longest;
    }
    t->random = random;
    t->stamp = SG_NEW_ARRAY(uint32_t, start->n_cols);
    t->pool = SG_NEW_ARRAY(uint32_t, 2 * longest);
    t->order = SG_NEW_ARRAY(uint32_t, start->n_rows);
    if (!t->stamp || !t->pool || !t->order)
        return sg_fail_memory(err, "randomising connections");
    for (size_t row = 0; row < start->n_rows; row++)
        t->order[row] = (uint32_t)row;
    SG_TRY(sg_csr_new(start->n_rows, start->n_cols, start->n_links, false, &t->m, err));
    memcpy(t->m->row_start, start->row_start, (start->n_rows + 1) * sizeof *start->row_start);
    memcpy(t->m->col, start->col, start->n_links * sizeof *start->col);
    return SG_OK;
}

static sg_status randomise(const sg_csr *start, size_t n_rounds, sg_random *random,
                           sg_curveball_mixing *mixing, sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(clear) table t = {0};
    SG_TRY(prepare(&t, start, random, err));
    *mixing = mix(&t, start, n_rounds);
    return sg_csr_transpose(t.m, NULL, ret, err); /* which sorts, in linear time */
}

sg_status sg_curveball(const sg_csr *m, size_t n_rounds, sg_random *random,
                       sg_curveball_mixing *mixing, sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *turned = NULL;
    if (m->n_rows <= m->n_cols) {
        SG_TRY(randomise(m, n_rounds, random, mixing, &turned, err));
        return sg_csr_transpose(turned, NULL, ret, err);
    }
    SG_TRY(sg_csr_transpose(m, NULL, &turned, err));
    return randomise(turned, n_rounds, random, mixing, ret, err);
}
