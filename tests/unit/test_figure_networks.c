/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "draw/force_layout.h"
#include "figure_rules.h"

static void the_layout_parts_two_cliques_and_repeats_itself(void **state)
{
    (void)state;
    enum { HALF = 12, N = 2 * HALF };
    uint32_t from[N * N];
    uint32_t to[N * N];
    size_t m = 0;
    sg_point at[N];
    sg_point again[N];
    sg_error err = {0};
    double inside = 0.0;
    double between = 0.0;

    for (uint32_t i = 0; i < N; i++)
        for (uint32_t k = i + 1; k < N; k++)
            if ((i < HALF) == (k < HALF) || (i == 0 && k == HALF)) {
                from[m] = i;
                to[m++] = k;
            }
    const sg_force_graph g = {N, m, from, to};
    assert_ok(sg_force_layout(&g, 1, at, &err), &err);
    assert_ok(sg_force_layout(&g, 1, again, &err), &err);
    assert_memory_equal(at, again, sizeof at);
    for (uint32_t i = 0; i < N; i++) {
        assert_true(fabs(at[i].x - 0.5) < 0.5 + 1e-9 && fabs(at[i].y - 0.5) < 0.5 + 1e-9);
        for (uint32_t k = i + 1; k < N; k++) {
            const double d = hypot(at[i].x - at[k].x, at[i].y - at[k].y);
            *((i < HALF) == (k < HALF) ? &inside : &between) += d;
        }
    }
    inside /= HALF * (HALF - 1);
    between /= HALF * HALF;
    assert_true(between > 2.0 * inside);
}

/* The far cells of the grid are an approximation: a ring must still come out as a ring. */
static void the_layout_of_a_large_grid_network_stays_open(void **state)
{
    (void)state;
    enum { SIDE = 20, N = SIDE * SIDE };
    static uint32_t from[2 * N];
    static uint32_t to[2 * N];
    static sg_point at[N];
    size_t m = 0;
    sg_error err = {0};
    double linked = 0.0;
    double any = 0.0;

    for (uint32_t i = 0; i < N; i++) {
        if (i % SIDE + 1 < SIDE) {
            from[m] = i;
            to[m++] = i + 1;
        }
        if (i + SIDE < N) {
            from[m] = i;
            to[m++] = i + SIDE;
        }
    }
    const sg_force_graph g = {N, m, from, to};
    assert_ok(sg_force_layout(&g, 1, at, &err), &err);
    for (size_t e = 0; e < m; e++)
        linked += hypot(at[from[e]].x - at[to[e]].x, at[from[e]].y - at[to[e]].y) / (double)m;
    for (size_t i = 0; i < N; i++)
        any += hypot(at[i].x - at[(i * 211 + 97) % N].x, at[i].y - at[(i * 211 + 97) % N].y) / N;
    assert_true(linked < 0.1);
    assert_true(any > 5.0 * linked);
}

static void networks_take_degenerate_graphs(void **state)
{
    (void)state;
    static const uint32_t zero[] = {0, 0, 1};
    static const uint32_t one[] = {0, 1, 0}; /* a loop, and an edge twice */
    const sg_network_panel panels[] = {
        {.title = "one node", .n_nodes = 1},
        {.title = "no edge", .n_nodes = 5},
        {.title = "loop and double", .n_nodes = 2, .n_edges = 3, .from = zero, .to = one},
    };
    for (size_t w = 0; w < SG_COUNT(widths); w++) {
        sg_networks_params p = SG_NETWORKS_PARAMS_DEFAULT;
        sg_scene *s = NULL;
        sg_error err = {0};
        p.panels = panels;
        p.n_panels = 3;
        p.width_mm = widths[w];
        assert_ok(sg_figure_networks(&p, &s, &err), &err);
        judge(s, widths[w]);
    }
}

static void networks_refuse_broken_input(void **state)
{
    (void)state;
    static const uint32_t a[] = {0};
    static const uint32_t b[] = {2};
    static const double x[] = {0.0, NAN};
    static const unsigned char category[] = {0, 8};
    sg_network_panel panel = {.n_nodes = 2, .n_edges = 1, .from = a, .to = b};
    sg_networks_params p = SG_NETWORKS_PARAMS_DEFAULT;
    sg_scene *s = NULL;
    sg_error err = {0};
    p.panels = &panel;
    p.n_panels = 1;

    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    assert_string_equal(err.message, "edge 0 of network 0 joins 0 and 2 of 2 nodes");
    panel.n_edges = 0;
    panel.x = panel.y = x;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.y = NULL;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.x = NULL;
    panel.category = category;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.category = NULL;
    panel.n_nodes = 20001;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    panel.n_nodes = 0;
    assert_int_equal(sg_figure_networks(&p, &s, &err), SG_EINVAL);
    assert_null(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_layout_parts_two_cliques_and_repeats_itself),
        cmocka_unit_test(the_layout_of_a_large_grid_network_stays_open),
        cmocka_unit_test(networks_take_degenerate_graphs),
        cmocka_unit_test(networks_refuse_broken_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
