/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/assignment.h"

#include "base/memory.h"
#include <math.h>

enum { REDUCTIONS_PER_ROW = 4 };
static const uint32_t nobody = UINT32_MAX;

typedef struct solver {
    const float *cost;
    size_t n;
    double *price;    /* (n) of the columns: what a row pays for one is its cost less the price */
    uint32_t *column; /* (n) of the rows, or nobody */
    uint32_t *row;    /* (n) of the columns, or nobody */
    /* Of the search for a path, one a column: */
    double *way;     /* length of the shortest path found so far */
    double *closed;  /* 0, or infinite where the way is final */
    uint32_t *from;  /* the row before it on that path */
    uint32_t *final; /* the columns whose way is final */
} solver;

static const float *costs_of(const solver *s, size_t row)
{
    return s->cost + row * s->n;
}

static void clear_solver(solver *s)
{
    sg_free(s->price);
    sg_free(s->row);
    sg_free(s->way);
    sg_free(s->closed);
    sg_free(s->from);
    sg_free(s->final);
}

/* Gives each row its cheapest column where that is free, the diagonal first. */
static void reduce_rows(solver *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const float *cost = costs_of(s, i);
        float least = cost[0];
        for (size_t j = 1; j < s->n; j++)
            least = cost[j] < least ? cost[j] : least;
        if (cost[i] == least) {
            s->column[i] = (uint32_t)i;
            s->row[i] = (uint32_t)i;
        }
    }
}

/* The cheapest and the second cheapest column of a row, at their prices. */
typedef struct two_best {
    double cost[2];
    size_t column[2];
} two_best;

static two_best find_two(const solver *s, size_t row)
{
    const float *cost = costs_of(s, row);
    two_best best = {{INFINITY, INFINITY}, {0, 0}};
    for (size_t j = 0; j < s->n; j++) {
        const double c = (double)cost[j] - s->price[j];
        if (c >= best.cost[1])
            continue;
        const size_t second = c >= best.cost[0];
        if (!second) {
            best.cost[1] = best.cost[0];
            best.column[1] = best.column[0];
        }
        best.cost[second] = c;
        best.column[second] = j;
    }
    return best;
}

/* Gives a row its cheapest column and lowers that one's price to where the row is indifferent.
 * Returns the row that had it, or nobody. */
static uint32_t reduce_by(solver *s, uint32_t row)
{
    const two_best best = find_two(s, row);
    size_t j = best.column[0];
    if (best.cost[0] < best.cost[1])
        s->price[j] -= best.cost[1] - best.cost[0];
    else if (s->row[j] != nobody)
        j = best.column[1];
    const uint32_t before = s->row[j];
    s->row[j] = row;
    s->column[row] = (uint32_t)j;
    if (before != nobody)
        s->column[before] = nobody;
    return before;
}

static void reduce_by_rows(solver *s)
{
    size_t left = REDUCTIONS_PER_ROW * s->n;
    for (uint32_t i = 0; i < s->n && left > 0 && s->n > 1; i++) {
        uint32_t row = s->column[i] == nobody ? i : nobody;
        for (; row != nobody && left > 0; left--)
            row = reduce_by(s, row);
    }
}

/* Lengthens the paths through a row whose own path is `way` long, and finds the nearest column. */
static size_t extend(solver *s, uint32_t row, double way)
{
    const float *cost = costs_of(s, row);
    double nearest = INFINITY;
    size_t ret = 0;
    for (size_t j = 0; j < s->n; j++) {
        const double through = way + (double)cost[j] - s->price[j];
        if (through < s->way[j]) {
            s->way[j] = through;
            s->from[j] = row;
        }
        const double open = s->way[j] + s->closed[j];
        if (open < nearest) {
            nearest = open;
            ret = j;
        }
    }
    return ret;
}

/* Finds the shortest path from a row without a column to a column without a row, and turns it. */
static void augment(solver *s, uint32_t start)
{
    size_t n_final = 0;
    for (size_t j = 0; j < s->n; j++) {
        s->way[j] = INFINITY;
        s->closed[j] = 0;
    }
    size_t j = extend(s, start, 0);
    while (s->row[j] != nobody) {
        const uint32_t row = s->row[j];
        s->closed[j] = INFINITY;
        s->final[n_final++] = (uint32_t)j;
        /* What the row pays for its own column is its least: the path goes on from there. */
        j = extend(s, row, s->way[j] - ((double)costs_of(s, row)[j] - s->price[j]));
    }
    for (size_t k = 0; k < n_final; k++)
        s->price[s->final[k]] += s->way[s->final[k]] - s->way[j];
    for (uint32_t row = nobody; row != start;) {
        row = s->from[j];
        const uint32_t next = s->column[row];
        s->row[j] = row;
        s->column[row] = (uint32_t)j;
        j = next;
    }
}

sg_status sg_assign(const float *cost, size_t n, uint32_t *column_of_row, sg_error *err)
{
    SG_CLEANUP(clear_solver)
    solver s = {.cost = cost, .n = n};
    s.column = column_of_row;
    s.price = SG_NEW_ARRAY(double, n);
    s.row = SG_NEW_ARRAY(uint32_t, n);
    s.way = SG_NEW_ARRAY(double, n);
    s.closed = SG_NEW_ARRAY(double, n);
    s.from = SG_NEW_ARRAY(uint32_t, n);
    s.final = SG_NEW_ARRAY(uint32_t, n);
    if (!s.price || !s.row || !s.way || !s.closed || !s.from || !s.final)
        return sg_fail_memory(err, "matching neurons");
    for (size_t i = 0; i < n; i++)
        s.row[i] = s.column[i] = nobody;
    reduce_rows(&s);
    reduce_by_rows(&s);
    for (uint32_t i = 0; i < n; i++)
        if (s.column[i] == nobody)
            augment(&s, i);
    return SG_OK;
}
