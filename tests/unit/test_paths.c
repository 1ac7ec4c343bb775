/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layered.h"

#include "patterned.h"
#include "sparsegraph/fields.h"
#include <string.h>

/*
 * L0 {a b} -> L1 {c d e} -> L2 {f}, and a skip L0 -> L2:
 *   a-c, a-d, b-d, c-f, d-f, b-f; e is dead, on neither side connected.
 */
static sg_snapshot *with_a_skip(void)
{
    static const size_t sizes[] = {2, 3, 1};
    static const float first[] = {1, 0, 2, -3, 0, 0};
    static const float second[] = {4, -5, 0};
    static const float skip[] = {0, 6};
    sg_snapshot *s = layers_of(sizes, 3);
    join_layers(s, 0, 1, first);
    join_layers(s, 1, 2, second);
    join_layers(s, 0, 2, skip);
    return s;
}

static void agrees_with_a_network_counted_by_hand(void **state)
{
    (void)state;
    sg_snapshot *s = with_a_skip();
    sg_measured *m = measuring(s);
    /* acf adf bdf bf: through a 2, b 2, c 1, d 2, e 0, f 4 */
    assert_close(measured(m, "paths_log10", 0), log10(4));
    assert_close(measured(m, "effective_depth", 0), (2 + 2 + 2 + 1) / 4.0);
    assert_close(measured(m, "depth_max", 0), 2);
    assert_close(measured(m, "depth_max_frac", 0), 3 / 4.0);
    assert_close(measured(m, "path_centrality_max", 0), 0.5);
    assert_close(measured(m, "path_centrality_max", 1), 0.5);
    assert_close(measured(m, "path_centrality_max", 2), 1);
    assert_close(measured(m, "path_centrality_gini", 0), 0);
    assert_close(measured(m, "path_centrality_gini", 1), 4 / 9.0); /* 0 1 2 */
    assert_close(measured(m, "path_half_frac", 0), 0.5);
    assert_close(measured(m, "path_half_frac", 1), 1 / 3.0); /* d alone carries 2 of 3 */
    assert_close(measured(m, "path_half_frac", 2), 1);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

static void counts_paths_in_and_out_of_each_neuron(void **state)
{
    (void)state;
    sg_snapshot *s = with_a_skip();
    double in[6];
    double out[6];
    double share[6];
    double total = 0;
    sg_error err = {0};
    const sg_path_counts counts = {in, out, share};
    assert_ok(sg_count_paths(s, &counts, &total, &err), &err);
    static const double expected_in[] = {1, 1, 1, 2, 0, 4};
    static const double expected_out[] = {2, 2, 1, 1, 0, 1};
    for (size_t i = 0; i < 6; i++) {
        assert_close(pow(10, in[i]), expected_in[i]);
        assert_close(pow(10, out[i]), expected_out[i]);
        assert_close(share[i], expected_in[i] * expected_out[i] / 4);
    }
    assert_true(isinf(in[4]) && in[4] < 0);
    assert_close(total, log10(4));
    const sg_path_counts nothing = {0};
    assert_ok(sg_count_paths(s, &nothing, NULL, &err), &err);
    sg_snapshot_free(s);
}

/* The patterned network of patterned.h; Python 3.11 integers along NetworkX 2.8.8's order. */
static void agrees_with_integers_of_any_length(void **state)
{
    (void)state;
    static const struct {
        double max, gini, half;
    } layers[] = {
        {0.025202520252025202, 0.17889288928892888, 0.4},
        {0.0288028802880288, 0.17905701754385964, 0.4},
        {0.04770477047704771, 0.16876687668766877, 0.43333333333333335},
    };
    sg_snapshot *s = patterned_network(0, -1);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "paths_log10", 0), 3.0457140589408676);
    assert_close(measured(m, "effective_depth", 0), 1.8208820882088208);
    assert_close(measured(m, "depth_max_frac", 0), 0.8208820882088209);
    for (size_t i = 0; i < SG_COUNT(layers); i++) {
        assert_close(measured(m, "path_centrality_max", i), layers[i].max);
        assert_close(measured(m, "path_centrality_gini", i), layers[i].gini);
        assert_close(measured(m, "path_half_frac", i), layers[i].half);
    }
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* Fully connected: width^layers paths, 10^400 of them, each neuron passed by its share. */
static void counts_beyond_the_range_of_double(void **state)
{
    (void)state;
    enum { N_LAYERS = 200, WIDTH = 100 };
    size_t sizes[N_LAYERS];
    SG_AUTOFREE float *dense = SG_NEW_ARRAY(float, (size_t)WIDTH *WIDTH);
    assert_non_null(dense);
    for (size_t i = 0; i < N_LAYERS; i++)
        sizes[i] = WIDTH;
    for (size_t i = 0; i < (size_t)WIDTH * WIDTH; i++)
        dense[i] = 1;
    sg_snapshot *s = layers_of(sizes, N_LAYERS);
    for (size_t i = 0; i + 1 < N_LAYERS; i++)
        join_layers(s, i, i + 1, dense);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "paths_log10", 0), 400);
    assert_close(measured(m, "effective_depth", 0), N_LAYERS - 1);
    assert_close(measured(m, "depth_max", 0), N_LAYERS - 1);
    assert_close(measured(m, "depth_max_frac", 0), 1);
    assert_close(measured(m, "path_centrality_max", 0), 1.0 / WIDTH);
    assert_close(measured(m, "path_centrality_max", 137), 1.0 / WIDTH);
    assert_close(measured(m, "path_centrality_gini", 137), 0);
    assert_close(measured(m, "path_half_frac", 137), 0.5);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/*
 * Layers of 8, fully connected, and a chain of single neurons beside them in the same layers: 8^L
 * paths against 1. The lonely path must not be lost, however many the others are.
 */
static void keeps_a_single_path_beside_very_many(void **state)
{
    (void)state;
    enum { N_LAYERS = 400, WIDTH = 9 };
    size_t sizes[N_LAYERS];
    float dense[WIDTH * WIDTH] = {0};
    for (size_t i = 0; i < N_LAYERS; i++)
        sizes[i] = WIDTH;
    for (size_t row = 0; row < WIDTH - 1; row++)
        for (size_t col = 0; col < WIDTH - 1; col++)
            dense[row * WIDTH + col] = 1;
    dense[WIDTH * WIDTH - 1] = 1;
    sg_snapshot *s = layers_of(sizes, N_LAYERS);
    for (size_t i = 0; i + 1 < N_LAYERS; i++)
        join_layers(s, i, i + 1, dense);
    SG_AUTOFREE double *in = SG_NEW_ARRAY(double, (size_t)N_LAYERS *WIDTH);
    SG_AUTOFREE double *out = SG_NEW_ARRAY(double, (size_t)N_LAYERS *WIDTH);
    assert_true(in && out);
    double total = 0;
    sg_error err = {0};
    const sg_path_counts counts = {in, out, NULL};
    assert_ok(sg_count_paths(s, &counts, &total, &err), &err);
    assert_close(in[(size_t)N_LAYERS * WIDTH - 1], 0);
    assert_close(out[WIDTH - 1], 0);
    assert_close(in[(size_t)(N_LAYERS - 1) * WIDTH], (N_LAYERS - 1) * log10(8));
    assert_close(out[0], (N_LAYERS - 1) * log10(8));
    assert_close(total, N_LAYERS * log10(8)); /* and 1 more, not to be seen */
    sg_snapshot_free(s);
}

/* Counts and sums the lengths of all paths from a neuron to an output, one by one. */
static void walk(const sg_snapshot *s, size_t layer, size_t neuron, double length, double *found)
{
    bool sends = false;
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
        sends = sends || sg_snapshot_link(s, i)->from == layer;
    if (!sends) {
        found[0] += 1;
        found[1] += length;
        found[2] = fmax(found[2], length);
        return;
    }
    for (size_t to = layer + 1; to < sg_snapshot_n_layers(s); to++)
        for (size_t v = 0; v < sg_snapshot_layer(s, to)->size; v++)
            if (!isnan(weight_between(s, layer, neuron, to, v)))
                walk(s, to, v, length + 1, found);
}

static void agrees_with_walking_every_path(void **state)
{
    (void)state;
    enum { N_SEEDS = 40 };
    static const double paths_max = 5e4; /* by the walk, which takes them one at a time */
    size_t n_tried = 0;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        sg_snapshot *s = random_layers(seed);
        sg_measured *m = measuring(s);
        const double log10_paths = measured(m, "paths_log10", 0);
        if (!(log10_paths > log10(paths_max))) {
            double found[3] = {0};
            for (size_t v = 0; v < sg_snapshot_layer(s, 0)->size; v++)
                walk(s, 0, v, 0, found);
            if (found[0] > 0) {
                assert_close(log10_paths, log10(found[0]));
                assert_close(measured(m, "effective_depth", 0), found[1] / found[0]);
                assert_close(measured(m, "depth_max", 0), found[2]);
            } else {
                assert_true(isnan(log10_paths));
                assert_true(isnan(measured(m, "effective_depth", 0)));
                assert_true(isnan(measured(m, "depth_max", 0)));
                assert_true(isnan(measured(m, "depth_max_frac", 0)));
                assert_true(isnan(measured(m, "path_centrality_max", 0)));
            }
            n_tried++;
        }
        sg_measured_free(m);
        sg_snapshot_free(s);
    }
    assert_true(n_tried > N_SEEDS / 2);
}

static void says_that_a_cut_network_has_no_paths(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 2, 2};
    static const float nothing[4] = {0};
    static const float full[] = {1, 1, 1, 1};
    sg_snapshot *s = layers_of(sizes, 3);
    join_layers(s, 0, 1, full);
    join_layers(s, 1, 2, nothing);
    sg_measured *m = measuring(s);
    assert_true(isnan(measured(m, "paths_log10", 0)));
    assert_true(isnan(measured(m, "effective_depth", 0)));
    assert_true(isnan(measured(m, "path_half_frac", 1)));
    sg_measured_free(m);
    sg_snapshot_free(s);
    s = layers_of(sizes, 3); /* no links at all */
    m = measuring(s);
    assert_true(isnan(measured(m, "paths_log10", 0)));
    assert_true(isnan(measured(m, "depth_max", 0)));
    sg_measured_free(m);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = with_a_skip();
    measure_survives_failed_allocations(s, "effective_depth");
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        double total = 5;
        const sg_path_counts nothing = {0};
        assert_true(budget < 10);
        sg_test_alloc_budget(budget);
        status = sg_count_paths(s, &nothing, &total, NULL);
        sg_test_alloc_budget(-1);
        assert_true(status == SG_OK || total == 5);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_network_counted_by_hand),
        cmocka_unit_test(counts_paths_in_and_out_of_each_neuron),
        cmocka_unit_test(agrees_with_integers_of_any_length),
        cmocka_unit_test(counts_beyond_the_range_of_double),
        cmocka_unit_test(keeps_a_single_path_beside_very_many),
        cmocka_unit_test(agrees_with_walking_every_path),
        cmocka_unit_test(says_that_a_cut_network_has_no_paths),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
