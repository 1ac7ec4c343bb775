/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layered.h"

#include "measure/partition.h"
#include "patterned.h"
#include "sparsegraph/graph.h"
#include <string.h>

/* Two full blocks of 3 x 3 neurons, joined by one weak connection; a neuron without any. */
static sg_snapshot *two_blocks(float bridge)
{
    static const size_t sizes[] = {7, 6};
    float dense[6 * 7] = {0};
    for (size_t row = 0; row < 6; row++)
        for (size_t col = 0; col < 6; col++)
            dense[row * 7 + col] = row / 3 == col / 3 ? (col % 2 ? -1.0F : 1.0F) : 0.0F;
    dense[3] = bridge;
    sg_snapshot *s = layers_of(sizes, 2);
    join_layers(s, 0, 1, dense);
    return s;
}

static void finds_blocks_that_are_there(void **state)
{
    (void)state;
    sg_snapshot *s = two_blocks(0.5F);
    sg_graph *g = NULL;
    sg_error err = {0};
    uint32_t membership[13];
    sg_communities found = {0};
    assert_ok(sg_graph_from_snapshot(s, &g, &err), &err);
    assert_ok(sg_graph_communities(g, 1, membership, &found, &err), &err);
    /* Nodes 0-2 and 7-9 are one block, 3-5 and 10-12 the other, 6 is alone. */
    static const uint32_t expected[] = {0, 0, 0, 1, 1, 1, 2, 0, 0, 0, 1, 1, 1};
    assert_memory_equal(membership, expected, sizeof expected);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.n_joined, 2);
    /* Weights 9 + 9 + 1/2; strengths 18.5 on each side. */
    assert_close(found.modularity, 2 * (9 / 18.5 - pow(18.5 / 37, 2)));
    sg_graph_free(g);

    sg_measured *m = measuring(s);
    assert_close(measured(m, "modularity", 0), found.modularity);
    assert_close(measured(m, "modularity_mean", 0), found.modularity);
    assert_close(measured(m, "communities", 0), 2);
    assert_close(measured(m, "communities_nmi", 0), 1);
    assert_close(measured(m, "communities_ari", 0), 1);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* The optimum is 0.420, by linear programming: Agarwal & Kempe, Eur. Phys. J. B 66:409 (2008),
 * doi:10.1140/epjb/e2008-00425-1; with more digits by python-igraph 0.10.2's
 * community_optimal_modularity(). */
static void reaches_the_optimum_of_the_karate_club(void **state)
{
    (void)state;
    sg_graph *g = NULL;
    sg_error err = {0};
    double best = 0;
    assert_ok(sg_graph_named("karate", &g, &err), &err);
    for (uint64_t seed = 0; seed < 5; seed++) {
        sg_communities found = {0};
        assert_ok(sg_graph_communities(g, seed, NULL, &found, &err), &err);
        best = fmax(best, found.modularity);
    }
    assert_true(fabs(best - 0.41979) < 5e-6);
    sg_graph_free(g);
}

/* The patterned network of patterned.h: the best of 200 runs of python-igraph 0.10.2's Leiden with
 * 20 rounds each is 0.52542; ours must come close and not pass it by much. */
static void comes_close_to_the_best_of_200_runs(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    sg_measured *m = measuring(s);
    const double best = measured(m, "modularity", 0);
    assert_true(best > 0.52 && best < 0.526);
    assert_true(measured(m, "modularity_mean", 0) <= best);
    assert_true(measured(m, "communities_nmi", 0) > 0.5);
    assert_true(measured(m, "communities_ari", 0) > 0.3);
    sg_measured *again = measuring(s);
    assert_true(measured(again, "modularity", 0) == best);
    assert_true(measured(again, "communities_ari", 0) == measured(m, "communities_ari", 0));
    sg_measured_free(again);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* The modularity that is returned is that of the partition that is returned. */
static void counts_the_modularity_of_its_partition(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        sg_snapshot *s = random_layers(seed);
        sg_graph *g = NULL;
        sg_error err = {0};
        uint32_t membership[64];
        sg_communities found = {0};
        assert_ok(sg_graph_from_snapshot(s, &g, &err), &err);
        assert_true(sg_graph_n_nodes(g) <= SG_COUNT(membership));
        assert_ok(sg_graph_communities(g, seed, membership, &found, &err), &err);
        const uint32_t *from = NULL;
        const uint32_t *to = NULL;
        const float *weight = NULL;
        sg_graph_edges(g, &from, &to, &weight);
        double strength[64] = {0}; /* of the communities */
        double inside = 0;
        double all = 0;
        for (size_t i = 0; i < sg_graph_n_edges(g); i++) {
            const double w = fabs((double)weight[i]);
            strength[membership[from[i]]] += w;
            strength[membership[to[i]]] += w;
            inside += membership[from[i]] == membership[to[i]] ? w : 0;
            all += w;
        }
        double expected = inside / all;
        for (size_t c = 0; c < found.n; c++)
            expected -= pow(strength[c] / (2 * all), 2);
        if (all > 0)
            assert_close(found.modularity, expected);
        else
            assert_true(isnan(found.modularity));
        sg_graph_free(g);
        sg_snapshot_free(s);
    }
}

/* python-igraph 0.10.2's compare_communities(); equal trivial partitions by definition. */
static void measures_how_alike_partitions_are(void **state)
{
    (void)state;
    static const uint32_t a[] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 2};
    static const uint32_t b[] = {0, 0, 1, 1, 1, 2, 2, 2, 0, 2};
    static const uint32_t one[10] = {0};
    static const uint32_t each[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    uint32_t c[100];
    uint32_t d[100];
    sg_agreement found = {0};
    sg_error err = {0};
    assert_ok(sg_partition_agreement(a, b, 10, &found, &err), &err);
    assert_close(found.nmi, 0.44270128334604997);
    assert_close(found.ari, 0.2045454545454547);
    for (uint32_t i = 0; i < 100; i++) {
        c[i] = i * 7 % 5;
        d[i] = (i * i + i / 9) % 4;
    }
    assert_ok(sg_partition_agreement(c, d, 100, &found, &err), &err);
    assert_close(found.nmi, 0.004122724504133906);
    assert_close(found.ari, -0.03200739178848083);
    assert_ok(sg_partition_agreement(a, a, 10, &found, &err), &err);
    assert_close(found.nmi, 1);
    assert_close(found.ari, 1);
    assert_ok(sg_partition_agreement(one, one, 10, &found, &err), &err);
    assert_true(found.nmi == 1 && found.ari == 1);
    assert_ok(sg_partition_agreement(each, each, 10, &found, &err), &err);
    assert_close(found.nmi, 1);
    assert_close(found.ari, 1);
    assert_ok(sg_partition_agreement(each, one, 10, &found, &err), &err);
    assert_close(found.nmi, 0);
    assert_close(found.ari, 0);
    assert_ok(sg_partition_agreement(each, one, 0, &found, &err), &err);
    assert_true(isnan(found.nmi) && isnan(found.ari));
}

static void has_no_modularity_without_weight(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 2};
    static const float nothing[4] = {0};
    sg_snapshot *s = layers_of(sizes, 2);
    join_layers(s, 0, 1, nothing);
    sg_measured *m = measuring(s);
    assert_true(isnan(measured(m, "modularity", 0)));
    assert_true(isnan(measured(m, "communities_nmi", 0)));
    assert_close(measured(m, "communities", 0), 0);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* One 2 x 2 link with three connections: one 4-cycle short; the full one closes all its paths. */
static void sums_four_cycles_over_the_links(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 2, 2};
    static const float full[] = {1, 1, 1, 1};
    static const float open[] = {1, 1, 1, 0};
    sg_snapshot *s = layers_of(sizes, 3);
    join_layers(s, 0, 1, full);
    join_layers(s, 1, 2, open);
    sg_measured *m = measuring(s);
    /* 1 and 0 cycles; 4 and 1 paths of three connections */
    assert_close(measured(m, "small_world_4cycles", 0), 4.0 / 5);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = two_blocks(0.5F);
    measure_survives_failed_allocations(s, "modularity");
    measure_survives_failed_allocations(s, "small_world_4cycles");
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_blocks_that_are_there),
        cmocka_unit_test(reaches_the_optimum_of_the_karate_club),
        cmocka_unit_test(comes_close_to_the_best_of_200_runs),
        cmocka_unit_test(counts_the_modularity_of_its_partition),
        cmocka_unit_test(measures_how_alike_partitions_are),
        cmocka_unit_test(has_no_modularity_without_weight),
        cmocka_unit_test(sums_four_cycles_over_the_links),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
