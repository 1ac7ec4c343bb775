/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layered.h"

#include "measure/kcore.h"
#include "sparsegraph/graph.h"

/* Components and cores of layered networks against igraph's on the same networks. */

static uint32_t igraph_core_max(const sg_graph *g)
{
    SG_AUTOFREE uint32_t *core = SG_NEW_ARRAY(uint32_t, sg_graph_n_nodes(g) + 1);
    assert_non_null(core);
    sg_error err = {0};
    assert_ok(sg_graph_coreness(g, core, &err), &err);
    uint32_t largest = 0;
    for (size_t i = 0; i < sg_graph_n_nodes(g); i++)
        largest = core[i] > largest ? core[i] : largest;
    return largest;
}

static void check_against_igraph(const sg_snapshot *s, uint64_t seed)
{
    sg_graph *g = NULL;
    sg_components parts = {0};
    sg_error err = {0};
    assert_ok(sg_graph_from_snapshot(s, &g, &err), &err);
    assert_ok(sg_graph_components(g, NULL, &parts, &err), &err);
    SG_AUTOFREE uint32_t *degree = SG_NEW_ARRAY(uint32_t, sg_graph_n_nodes(g));
    assert_non_null(degree);
    sg_graph_degrees(g, SG_DEGREE_TOTAL, degree);
    double sum = 0;
    double largest = 0;
    double isolated = 0;
    for (size_t i = 0; i < sg_graph_n_nodes(g); i++) {
        sum += degree[i];
        isolated += degree[i] == 0;
        largest = degree[i] > largest ? degree[i] : largest;
    }
    const double n = (double)sg_graph_n_nodes(g);
    const struct {
        const char *measure;
        double expected;
    } cases[] = {
        {"components", (double)parts.n}, {"giant_frac", (double)parts.giant / n},
        {"isolated", isolated},          {"core_max", (double)igraph_core_max(g)},
        {"degree_mean", sum / n},        {"degree_max", largest},
    };
    sg_measured *m = NULL;
    assert_ok(sg_measured_new(s, NULL, &m, &err), &err);
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        double value = NAN;
        assert_ok(sg_measure_value(sg_measure_find(cases[i].measure), m, 0, &value, &err), &err);
        /* a rounding each of the sum and the quotient */
        if (!(fabs(value - cases[i].expected) <= 1e-12 * (1 + cases[i].expected)))
            fail_msg("seed %llu: %s is %g, igraph has %g", (unsigned long long)seed,
                     cases[i].measure, value, cases[i].expected);
    }
    sg_measured_free(m);
    sg_graph_free(g);
}

static void agrees_with_igraph_on_random_layers(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        sg_snapshot *s = random_layers(seed);
        check_against_igraph(s, seed);
        sg_snapshot_free(s);
    }
}

/* Large and sparse enough for isolated neurons, small components and several cores. */
static void agrees_with_igraph_on_wide_layers(void **state)
{
    (void)state;
    const size_t sizes[] = {300, 400, 200};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        sg_random r;
        sg_random_open(&r, seed, SG_RANDOM_TOPOLOGY, 0, 0);
        sg_snapshot *s = layers_of(sizes, SG_COUNT(sizes));
        join_at_random(s, 0, 1, 0.0012 * (double)seed, &r);
        join_at_random(s, 1, 2, 0.02, &r);
        check_against_igraph(s, seed);
        sg_snapshot_free(s);
    }
}

static void counts_a_pair_once_that_two_links_join(void **state)
{
    (void)state;
    const size_t sizes[] = {5, 6};
    for (uint64_t seed = 1; seed <= 50; seed++) {
        sg_random r;
        sg_random_open(&r, seed, SG_RANDOM_TOPOLOGY, 0, 0);
        sg_snapshot *twice = layers_of(sizes, SG_COUNT(sizes));
        sg_snapshot *other = layers_of(sizes, SG_COUNT(sizes));
        sg_csr *copy = NULL;
        sg_error err = {0};
        join_at_random(twice, 0, 1, 0.5, &r);
        join_at_random(other, 0, 1, 0.4, &r);
        assert_ok(sg_csr_copy(sg_snapshot_link(other, 0)->matrix, &copy, &err), &err);
        assert_ok(sg_snapshot_add_link(twice, "again", 0, 1, copy, &err), &err);
        check_against_igraph(twice, seed);
        sg_snapshot_free(twice);
        sg_snapshot_free(other);
    }
}

static void finds_the_cores_of_known_networks(void **state)
{
    (void)state;
    const struct {
        size_t n_rows;
        size_t n_cols;
        uint32_t core;
        const float *dense;
    } cases[] = {
        {2, 2, 0, (const float[]){0, 0, 0, 0}},
        {3, 3, 1, (const float[]){1, 0, 0, 1, 0, 0, 1, 1, 1}},          /* a tree */
        {2, 2, 2, (const float[]){1, 1, 1, 1}},                         /* a square */
        {3, 4, 3, (const float[]){1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1}}, /* K3,3 and a leaf */
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        const size_t sizes[] = {cases[i].n_cols, cases[i].n_rows};
        sg_snapshot *s = layers_of(sizes, 2);
        join_layers(s, 0, 1, cases[i].dense);
        sg_search_graph g = {0};
        uint32_t core = UINT32_MAX;
        sg_error err = {0};
        assert_ok(sg_search_graph_make(s, &g, &err), &err);
        assert_ok(sg_core_max(&g, &core, &err), &err);
        assert_int_equal(core, cases[i].core);
        sg_search_graph_clear(&g);
        sg_snapshot_free(s);
    }
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = random_layers(4);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_measured *m = NULL;
        double value = 0;
        sg_error err = {0};
        assert_ok(sg_measured_new(s, NULL, &m, &err), &err);
        sg_test_alloc_budget(budget);
        status = sg_measure_value(sg_measure_find("core_max"), m, 0, &value, NULL);
        sg_test_alloc_budget(-1);
        sg_measured_free(m);
        assert_true(budget < 40);
    }
    assert_int_equal(status, SG_OK);
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_igraph_on_random_layers),
        cmocka_unit_test(agrees_with_igraph_on_wide_layers),
        cmocka_unit_test(counts_a_pair_once_that_two_links_join),
        cmocka_unit_test(finds_the_cores_of_known_networks),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
