/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "base/status.h"
#include "graph/igraph_guard.h"
#include "sparsegraph/graph.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_graph, sg_graph_free)
#define AUTO_GRAPH SG_CLEANUP(sg_graph_free_cleanup_) sg_graph

static sg_graph *named(const char *name)
{
    sg_graph *g = NULL;
    sg_error err = {0};
    assert_ok(sg_graph_named(name, &g, &err), &err);
    return g;
}

static sg_status new_graph(sg_graph_arrays arrays, sg_graph **ret, sg_error *err)
{
    return sg_graph_new(&arrays, ret, err);
}

static double largest_core(const sg_graph *g)
{
    SG_AUTOFREE uint32_t *core = SG_NEW_ARRAY(uint32_t, sg_graph_n_nodes(g));
    sg_error err = {0};
    uint32_t largest = 0;
    assert_ok(sg_graph_coreness(g, core, &err), &err);
    for (size_t v = 0; v < sg_graph_n_nodes(g); v++)
        largest = core[v] > largest ? core[v] : largest;
    return largest;
}

typedef struct expected {
    const char *name;
    size_t n;
    size_t m;
    double transitivity;
    double clustering;
    double path;
    double assortativity;
    double core;
    size_t components;
} expected;

/* NetworkX 2.8.8; NaN where all degrees are equal (NetworkX divides 0 by 0 there). */
static const expected references[] = {
    {"Karate", 34, 78, 0.255682, 0.570638, 2.408200, -0.475613, 4, 1},
    {"zachary", 34, 78, 0.255682, 0.570638, 2.408200, -0.475613, 4, 1},
    {"kite", 10, 18, 0.578947, 0.52, 1.977778, 0.152542, 3, 1},
    {"coxeter", 28, 42, 0, 0, 2.777778, NAN, 3, 1},
    {"thomassen", 34, 52, 0, 0, 3.848485, -0.083333, 3, 1},
    {"tutte-fragment", 25, 31, 0, 0, 3.586667, 0.079208, 2, 1},
    {"meredith", 70, 140, 0, 0, 5.0, NAN, 4, 1},
    {"bull", 5, 5, 0.428571, 0.333333, 1.6, -0.5625, 2, 1},
    {"house-x", 5, 8, 0.789474, 0.866667, 1.2, -0.548387, 3, 1},
    {"nonline", 50, 72, 0.648148, 0.570667, 1.8, -0.008130, 3, 9},
    {"no-perfect-matching", 16, 27, 0.681818, 0.6875, 3.325, -0.35, 3, 1},
};

static bool near(double got, double wanted)
{
    return isnan(wanted) ? isnan(got) : fabs(got - wanted) < 1e-6;
}

static void measures_built_in_graphs_as_networkx_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT(references); i++) {
        const expected *e = &references[i];
        AUTO_GRAPH *g = named(e->name);
        sg_error err = {0};
        double t;
        double c;
        double r;
        sg_path_lengths paths;
        sg_components parts;
        assert_ok(sg_graph_transitivity(g, &t, &err), &err);
        assert_ok(sg_graph_local_clustering(g, &c, &err), &err);
        assert_ok(sg_graph_assortativity(g, &r, &err), &err);
        assert_ok(sg_graph_path_lengths(g, 0, 1, &paths, &err), &err);
        assert_ok(sg_graph_components(g, NULL, &parts, &err), &err);
        assert_int_equal(sg_graph_n_nodes(g), e->n);
        assert_int_equal(sg_graph_n_edges(g), e->m);
        assert_int_equal(parts.n, e->components);
        assert_true(paths.exact && paths.se == 0.0);
        if (!near(t, e->transitivity) || !near(c, e->clustering) || !near(paths.mean, e->path) ||
            !near(r, e->assortativity) || largest_core(g) != e->core)
            fail_msg("%s: T %.6f C %.6f L %.6f r %.6f core %g", e->name, t, c, paths.mean, r,
                     largest_core(g));
    }
}

static void makes_every_built_in_graph_it_lists(void **state)
{
    (void)state;
    size_t n_social = 0;
    for (size_t i = 0; i < sg_graph_n_named(); i++) {
        const sg_named_graph *entry = sg_graph_named_at(i);
        AUTO_GRAPH *g = named(entry->name);
        assert_true(sg_graph_n_edges(g) > 0);
        assert_int_equal(sg_graph_n_loops_dropped(g) + sg_graph_n_multi_dropped(g), 0);
        assert_true(strlen(entry->summary) > 0 && strlen(entry->citation) > 0);
        n_social += entry->social;
        if (entry->alias)
            sg_graph_free(named(entry->alias));
        /* the summary's number of nodes is the graph's */
        const char *nodes = strstr(entry->summary, " nodes");
        if (nodes) {
            while (nodes > entry->summary && nodes[-1] >= '0' && nodes[-1] <= '9')
                nodes--;
            assert_int_equal(strtoul(nodes, NULL, 10), sg_graph_n_nodes(g));
        }
    }
    assert_true(n_social >= 1);
    assert_null(sg_graph_named_at(sg_graph_n_named()));
}

static void suggests_the_nearest_name(void **state)
{
    (void)state;
    sg_graph *g = NULL;
    sg_error err = {0};
    assert_int_equal(sg_graph_named("karat", &g, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "'karate'"));
    assert_null(g);
}

/* arcs 0→1 1→0 0→2 0→2 2→3 3→3 1→2 and the isolated node 4 */
static const uint32_t from[] = {0, 1, 0, 0, 2, 3, 1};
static const uint32_t to[] = {1, 0, 2, 2, 3, 3, 2};
static const float weight[] = {1.0F, 2.0F, 3.0F, 4.0F, 5.0F, 6.0F, 7.0F};

static void simplifies_and_counts_what_it_dropped(void **state)
{
    (void)state;
    sg_error err = {0};
    AUTO_GRAPH *directed = NULL;
    AUTO_GRAPH *undirected = NULL;
    assert_ok(new_graph((sg_graph_arrays){5, 7, from, to, weight, true}, &directed, &err), &err);
    assert_ok(new_graph((sg_graph_arrays){5, 7, from, to, weight, false}, &undirected, &err), &err);

    assert_int_equal(sg_graph_n_edges(directed), 5);
    assert_int_equal(sg_graph_n_pairs(directed), 4);
    assert_int_equal(sg_graph_n_loops_dropped(directed), 1);
    assert_int_equal(sg_graph_n_multi_dropped(directed), 1);
    assert_int_equal(sg_graph_n_edges(undirected), 4);
    assert_int_equal(sg_graph_n_pairs(undirected), 4);
    assert_int_equal(sg_graph_n_loops_dropped(undirected), 1);
    assert_int_equal(sg_graph_n_multi_dropped(undirected), 2);
    assert_true(near(sg_graph_density(directed), 5.0 / 20.0));
    assert_true(near(sg_graph_density(undirected), 4.0 / 10.0));

    const uint32_t *f = NULL;
    const uint32_t *t = NULL;
    const float *w = NULL;
    sg_graph_edges(directed, &f, &t, &w);
    const uint32_t expected_from[] = {0, 0, 1, 1, 2};
    const uint32_t expected_to[] = {1, 2, 0, 2, 3};
    const float expected_weight[] = {1.0F, 7.0F, 2.0F, 7.0F, 5.0F};
    assert_memory_equal(f, expected_from, sizeof expected_from);
    assert_memory_equal(t, expected_to, sizeof expected_to);
    for (size_t i = 0; i < 5; i++)
        assert_true(w[i] == expected_weight[i]);
    sg_graph_edges(undirected, NULL, NULL, &w);
    assert_true(w[0] == 3.0F); /* 0–1: both arcs */
    sg_graph_edges(undirected, &f, NULL, NULL);
    assert_null(sg_graph_node_name(undirected, 0));
}

static void counts_degrees_in_each_mode(void **state)
{
    (void)state;
    sg_error err = {0};
    AUTO_GRAPH *g = NULL;
    assert_ok(new_graph((sg_graph_arrays){5, 7, from, to, NULL, true}, &g, &err), &err);
    const uint32_t expected_degrees[4][5] = {
        {1, 1, 2, 1, 0}, {2, 2, 1, 0, 0}, {3, 3, 3, 1, 0}, {2, 2, 3, 1, 0}};
    for (int mode = SG_DEGREE_IN; mode <= SG_DEGREE_NEIGHBORS; mode++) {
        uint32_t degree[5];
        sg_graph_degrees(g, (sg_degree_mode)mode, degree);
        assert_memory_equal(degree, expected_degrees[mode], sizeof degree);
    }
}

/* NetworkX on the undirected view: T .6, C .466667 over 5 nodes. */
static void measures_a_directed_graph_on_its_undirected_view(void **state)
{
    (void)state;
    sg_error err = {0};
    AUTO_GRAPH *g = NULL;
    double t;
    double c;
    sg_components parts;
    uint32_t membership[5];
    assert_ok(new_graph((sg_graph_arrays){5, 7, from, to, NULL, true}, &g, &err), &err);
    assert_ok(sg_graph_transitivity(g, &t, &err), &err);
    assert_ok(sg_graph_local_clustering(g, &c, &err), &err);
    assert_ok(sg_graph_components(g, membership, &parts, &err), &err);
    assert_true(near(t, 0.6));
    assert_true(near(c, 7.0 / 15.0));
    assert_int_equal(parts.n, 2);
    assert_int_equal(parts.giant, 4);
    assert_int_equal(membership[0], membership[3]);
    assert_int_not_equal(membership[0], membership[4]);
}

static void answers_empty_and_edgeless_graphs(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 3; n += 3) {
        sg_error err = {0};
        AUTO_GRAPH *g = NULL;
        double x;
        sg_components parts;
        sg_path_lengths paths;
        uint32_t core[3];
        assert_ok(new_graph((sg_graph_arrays){n, 0, NULL, NULL, NULL, false}, &g, &err), &err);
        assert_ok(sg_graph_transitivity(g, &x, &err), &err);
        assert_true(isnan(x));
        assert_ok(sg_graph_assortativity(g, &x, &err), &err);
        assert_true(isnan(x));
        assert_ok(sg_graph_local_clustering(g, &x, &err), &err);
        assert_true(n == 0 ? isnan(x) : x == 0.0);
        assert_ok(sg_graph_components(g, NULL, &parts, &err), &err);
        assert_int_equal(parts.n, n);
        assert_int_equal(parts.giant, n > 0);
        assert_ok(sg_graph_coreness(g, core, &err), &err);
        assert_ok(sg_graph_path_lengths(g, 0, 1, &paths, &err), &err);
        assert_true(isnan(paths.mean));
    }
}

static void rejects_ids_and_weights_out_of_range(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_graph *g = NULL;
    const uint32_t a[] = {0};
    const uint32_t b[] = {2};
    const float bad[] = {NAN};
    assert_int_equal(new_graph((sg_graph_arrays){2, 1, a, b, NULL, false}, &g, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "edge 0"));
    assert_int_equal(new_graph((sg_graph_arrays){3, 1, a, b, bad, false}, &g, &err), SG_EINVAL);
    assert_int_equal(
        new_graph((sg_graph_arrays){(size_t)1 << 32, 0, NULL, NULL, NULL, false}, &g, &err),
        SG_EINVAL);
    assert_null(g);
}

/* A ring of 400 with 200 random chords. */
static sg_graph *chorded_ring(void)
{
    enum { N = 400, M = 600 };
    uint32_t a[M];
    uint32_t b[M];
    sg_random random;
    sg_graph *g = NULL;
    sg_error err = {0};
    sg_random_open(&random, 3, SG_RANDOM_SAMPLE, 0, 0);
    for (uint32_t i = 0; i < M; i++) {
        a[i] = i < N ? i : (uint32_t)sg_random_below(&random, N);
        b[i] = i < N ? (i + 1) % N : (uint32_t)sg_random_below(&random, N);
    }
    assert_ok(new_graph((sg_graph_arrays){N, M, a, b, NULL, false}, &g, &err), &err);
    return g;
}

static void samples_path_lengths_with_an_honest_standard_error(void **state)
{
    (void)state;
    sg_error err = {0};
    AUTO_GRAPH *g = chorded_ring();
    sg_path_lengths exact;
    assert_ok(sg_graph_path_lengths(g, 400, 1, &exact, &err), &err);
    assert_true(exact.exact);

    size_t n_within = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        sg_path_lengths sampled;
        assert_ok(sg_graph_path_lengths(g, 40, seed, &sampled, &err), &err);
        assert_false(sampled.exact);
        assert_int_equal(sampled.n_sources, 40);
        assert_true(sampled.longest <= exact.longest);
        n_within += fabs(sampled.mean - exact.mean) < 2.0 * sampled.se;
    }
    /* about 190 of 200 lie within two standard errors; 175 is seven deviations of a binomial away
     */
    assert_true(n_within >= 175);
}

static void carries_igraph_s_reason_instead_of_aborting(void **state)
{
    (void)state;
    sg_error err = {0};
    SG_IGRAPH_SECTION;
    SG_AUTO_VECTOR_INT v = {0};
    const igraph_error_t code = igraph_vector_int_init(&v, 2);
    assert_int_equal(code, IGRAPH_SUCCESS);
    VECTOR(v)[0] = -5;
    igraph_t graph;
    assert_int_equal(sg_igraph_status(igraph_create(&graph, &v, 0, false), &err, "try"), SG_EINVAL);
    assert_non_null(strstr(err.message, "cannot try: igraph says: "));
    assert_true(err.message[strlen(err.message) - 1] != '.');
    /* a second failure gives its own reason, not the first one's */
    assert_int_equal(sg_igraph_status(igraph_famous(&graph, "no such"), &err, "try"), SG_EINVAL);
    assert_non_null(strstr(err.message, "no such"));
}

static sg_status add_matrix(sg_snapshot *s, const char *name, size_t a, size_t b, sg_error *err)
{
    const size_t n_rows = sg_snapshot_layer(s, b)->size;
    const size_t n_cols = sg_snapshot_layer(s, a)->size;
    sg_csr *m = NULL;
    SG_TRY(sg_csr_new(n_rows, n_cols, n_rows, true, &m, err));
    for (size_t i = 0; i < n_rows; i++) {
        m->row_start[i + 1] = i + 1;
        m->col[i] = (uint32_t)(i % n_cols);
        m->value[i] = (float)(i + 1);
    }
    const sg_status status = sg_snapshot_add_link(s, name, a, b, m, err);
    if (status != SG_OK)
        sg_csr_free(m);
    return status;
}

static sg_status make_snapshot(sg_snapshot **ret, sg_error *err)
{
    const sg_layer layers[] = {{.name = "in", .size = 3, .n_dims = 1, .shape = {3}},
                               {.name = "mid", .size = 4, .n_dims = 1, .shape = {4}},
                               {.name = "out", .size = 2, .n_dims = 1, .shape = {2}}};
    SG_TRY(sg_snapshot_new(ret, err));
    for (size_t i = 0; i < 3; i++)
        SG_TRY(sg_snapshot_add_layer(*ret, &layers[i], err));
    SG_TRY(add_matrix(*ret, "in-mid", 0, 1, err));
    SG_TRY(add_matrix(*ret, "mid-out", 1, 2, err));
    return add_matrix(*ret, "in-out", 0, 2, err); /* a link over a layer */
}

static void makes_a_layered_graph_of_a_snapshot(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_snapshot *s = NULL;
    AUTO_GRAPH *g = NULL;
    assert_ok(make_snapshot(&s, &err), &err);
    assert_ok(sg_graph_from_snapshot(s, &g, &err), &err);
    sg_snapshot_free(s);

    assert_true(sg_graph_is_directed(g));
    assert_int_equal(sg_graph_n_nodes(g), 9);
    assert_int_equal(sg_graph_n_edges(g), 8);
    assert_int_equal(sg_graph_n_layers(g), 3);
    assert_true(near(sg_graph_density(g), 8.0 / (12.0 + 8.0 + 6.0)));
    size_t first = 0;
    size_t size = 0;
    assert_string_equal(sg_graph_layer(g, 1, &first, &size), "mid");
    assert_int_equal(first, 3);
    assert_int_equal(size, 4);
    assert_null(sg_graph_layer(g, 3, NULL, NULL));
    const size_t layer_of[] = {0, 0, 0, 1, 1, 1, 1, 2, 2};
    for (size_t v = 0; v < 9; v++)
        assert_int_equal(sg_graph_node_layer(g, v), layer_of[v]);

    const uint32_t *f = NULL;
    const uint32_t *t = NULL;
    const float *w = NULL;
    sg_graph_edges(g, &f, &t, &w);
    const uint32_t expected_from[] = {0, 0, 0, 1, 1, 2, 3, 4};
    const uint32_t expected_to[] = {3, 6, 7, 4, 8, 5, 7, 8};
    const float expected_weight[] = {1, 4, 1, 2, 2, 3, 1, 2};
    assert_memory_equal(f, expected_from, sizeof expected_from);
    assert_memory_equal(t, expected_to, sizeof expected_to);
    for (size_t i = 0; i < 8; i++)
        assert_true(w[i] == expected_weight[i]);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_error err = {0};
    sg_snapshot *s = NULL;
    assert_ok(make_snapshot(&s, &err), &err);
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_graph *g = NULL;
        sg_path_lengths paths;
        sg_test_alloc_budget(budget);
        status = sg_graph_from_snapshot(s, &g, NULL);
        assert_true((status == SG_OK) == (g != NULL));
        if (status == SG_OK)
            status = sg_graph_path_lengths(g, 0, 1, &paths, NULL);
        sg_graph_free(g);
        g = NULL;
        if (status == SG_OK)
            status = sg_graph_named("karate", &g, NULL);
        sg_graph_free(g);
        assert_true(budget < 80);
    }
    sg_test_alloc_budget(-1);
    sg_snapshot_free(s);
    assert_int_equal(status, SG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_built_in_graphs_as_networkx_does),
        cmocka_unit_test(makes_every_built_in_graph_it_lists),
        cmocka_unit_test(suggests_the_nearest_name),
        cmocka_unit_test(simplifies_and_counts_what_it_dropped),
        cmocka_unit_test(counts_degrees_in_each_mode),
        cmocka_unit_test(measures_a_directed_graph_on_its_undirected_view),
        cmocka_unit_test(answers_empty_and_edgeless_graphs),
        cmocka_unit_test(rejects_ids_and_weights_out_of_range),
        cmocka_unit_test(samples_path_lengths_with_an_honest_standard_error),
        cmocka_unit_test(carries_igraph_s_reason_instead_of_aborting),
        cmocka_unit_test(makes_a_layered_graph_of_a_snapshot),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
