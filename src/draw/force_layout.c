/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw/force_layout.h"

#include "base/random.h"

#include <math.h>

/* A cell of the grid that stands for its nodes when seen from afar. */
typedef struct cell {
    size_t begin, end; /* in `member` */
    double x, y;       /* centre of mass */
} cell;

typedef struct sim {
    const sg_force_graph *g;
    sg_point *at;
    sg_point *push;   /* (n_nodes) displacement of this step */
    uint32_t *member; /* (n_nodes) nodes sorted by cell */
    uint32_t *home;   /* (n_nodes) each node's cell */
    cell *cell;       /* (side * side) */
    size_t side;
    double k; /* the distance at which two linked nodes rest */
} sim;

static void sim_free(sim *s)
{
    sg_free(s->push);
    sg_free(s->member);
    sg_free(s->home);
    sg_free(s->cell);
}

static void bounds(const sg_point *at, size_t n, sg_point *low, sg_point *high)
{
    *low = *high = at[0];
    for (size_t i = 1; i < n; i++) {
        low->x = fmin(low->x, at[i].x);
        low->y = fmin(low->y, at[i].y);
        high->x = fmax(high->x, at[i].x);
        high->y = fmax(high->y, at[i].y);
    }
}

static size_t slot(double v, double low, double high, size_t side)
{
    const double share = high > low ? (v - low) / (high - low) : 0.0;
    const size_t i = (size_t)(share * (double)side);
    return i < side ? i : side - 1;
}

/* Sorts the nodes into the cells of a grid over their bounding box. */
static void fill_grid(sim *s)
{
    sg_point low;
    sg_point high;
    const size_t n = s->g->n_nodes;
    const size_t n_cells = s->side * s->side;

    bounds(s->at, n, &low, &high);
    for (size_t c = 0; c < n_cells; c++)
        s->cell[c] = (cell){0, 0, 0.0, 0.0};
    for (size_t i = 0; i < n; i++) {
        s->home[i] = (uint32_t)(slot(s->at[i].y, low.y, high.y, s->side) * s->side +
                                slot(s->at[i].x, low.x, high.x, s->side));
        cell *c = &s->cell[s->home[i]];
        c->end++;
        c->x += s->at[i].x;
        c->y += s->at[i].y;
    }
    size_t begin = 0;
    for (size_t c = 0; c < n_cells; c++) {
        const size_t count = s->cell[c].end;
        if (count > 0) {
            s->cell[c].x /= (double)count;
            s->cell[c].y /= (double)count;
        }
        s->cell[c].begin = s->cell[c].end = begin;
        begin += count;
    }
    for (size_t i = 0; i < n; i++)
        s->member[s->cell[s->home[i]].end++] = (uint32_t)i;
}

/* Adds to *push how `mass` nodes at (x, y) drive a node at p away: mass * k^2 / distance. */
static void repel(sg_point *push, sg_point p, double x, double y, double strength)
{
    const double dx = p.x - x;
    const double dy = p.y - y;
    const double d2 = fmax(dx * dx + dy * dy, 1e-9);
    push->x += dx / d2 * strength;
    push->y += dy / d2 * strength;
}

static void repel_all(sim *s)
{
    const double k2 = s->k * s->k;
    const size_t side = s->side;

    for (size_t i = 0; i < s->g->n_nodes; i++) {
        const size_t row = s->home[i] / side;
        const size_t col = s->home[i] % side;
        for (size_t c = 0; c < side * side; c++) {
            const cell *other = &s->cell[c];
            const bool near = c / side + 1 >= row && c / side <= row + 1 && c % side + 1 >= col &&
                              c % side <= col + 1;
            if (!near && other->end > other->begin)
                repel(&s->push[i], s->at[i], other->x, other->y,
                      k2 * (double)(other->end - other->begin));
            for (size_t m = other->begin; near && m < other->end; m++)
                if (s->member[m] != i)
                    repel(&s->push[i], s->at[i], s->at[s->member[m]].x, s->at[s->member[m]].y, k2);
        }
    }
}

static void attract_linked(sim *s)
{
    for (size_t e = 0; e < s->g->n_edges; e++) {
        const uint32_t a = s->g->from[e];
        const uint32_t b = s->g->to[e];
        const double dx = s->at[a].x - s->at[b].x;
        const double dy = s->at[a].y - s->at[b].y;
        const double pull = sqrt(dx * dx + dy * dy) / s->k;
        s->push[a].x -= dx * pull;
        s->push[a].y -= dy * pull;
        s->push[b].x += dx * pull;
        s->push[b].y += dy * pull;
    }
}

/* Moves every node along its push, at most `heat` far, and a little to the centre. */
static void move(sim *s, double heat)
{
    const double gravity = 1.0; /* holds n unlinked nodes in a disc of radius 0.7 */
    for (size_t i = 0; i < s->g->n_nodes; i++) {
        sg_point p = {s->push[i].x - gravity * (s->at[i].x - 0.5),
                      s->push[i].y - gravity * (s->at[i].y - 0.5)};
        const double length = sqrt(p.x * p.x + p.y * p.y);
        const double share = length > heat ? heat / length : 1.0;
        s->at[i].x += share * p.x;
        s->at[i].y += share * p.y;
        s->push[i] = (sg_point){0.0, 0.0};
    }
}

void sg_fit_square(sg_point *at, size_t n)
{
    sg_point low;
    sg_point high;
    if (n == 0)
        return;
    bounds(at, n, &low, &high);
    const double span = fmax(high.x - low.x, high.y - low.y);
    for (size_t i = 0; i < n; i++) {
        at[i].x = span > 0.0 ? 0.5 + (at[i].x - (low.x + high.x) / 2.0) / span : 0.5;
        at[i].y = span > 0.0 ? 0.5 + (at[i].y - (low.y + high.y) / 2.0) / span : 0.5;
    }
}

sg_status sg_force_layout(const sg_force_graph *g, uint64_t seed, sg_point *at, sg_error *err)
{
    const double n = (double)g->n_nodes;
    /* Cells so many that near nodes and far cells cost about the same. */
    const size_t side = n <= 300.0 ? 1 : (size_t)ceil(sqrt(3.0 * sqrt(n)));
    SG_CLEANUP(sim_free) sim s = {.g = g, .at = at, .side = side, .k = 0.7 / sqrt(n)};
    s.push = SG_NEW_ARRAY(sg_point, g->n_nodes);
    s.member = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    s.home = SG_NEW_ARRAY(uint32_t, g->n_nodes);
    s.cell = SG_NEW_ARRAY(cell, side * side);
    if (!s.push || !s.member || !s.home || !s.cell)
        return sg_fail_memory(err, "laying out a network");

    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_SAMPLE, 0, 1);
    for (size_t i = 0; i < g->n_nodes; i++) {
        at[i].x = sg_random_unit(&r);
        at[i].y = sg_random_unit(&r);
    }
    const double work = 6.0 * n * sqrt(n) + (double)g->n_edges;
    const int n_steps = (int)fmin(fmax(2e8 / work, 50.0), 400.0);
    for (int step = 0; step < n_steps; step++) {
        const double left = 1.0 - (double)step / n_steps;
        fill_grid(&s);
        repel_all(&s);
        attract_linked(&s);
        move(&s, 0.1 * left * left + 1e-4);
    }
    sg_fit_square(at, g->n_nodes);
    return SG_OK;
}
