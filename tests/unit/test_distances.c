/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layered.h"

#include "measure/distances.h"
#include "patterned.h"
#include "sparsegraph/graph.h"
#include <string.h>

static void agrees_with_a_path_of_three_neurons(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 1, 2};
    static const float one[] = {1};
    static const float half[] = {1, 0};
    sg_snapshot *s = layers_of(sizes, 3);
    join_layers(s, 0, 1, one);
    join_layers(s, 1, 2, half);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "distance_mean", 0), 4.0 / 3);
    assert_close(measured(m, "distance_se", 0), 0);
    assert_close(measured(m, "distance_max", 0), 2);
    assert_close(measured(m, "distance_sources", 0), 4);
    /* B: l 0: four of 1; l 1: two of 1, one of 2, one of 0; l 2: two of 1, two of 0.
     * P(l) = 4/10, 4/10, 2/10. */
    const double expected =
        -(0.4 * log2(0.4) + 0.2 * log2(0.2) + 2 * 0.1 * log2(0.1) + 2 * 0.1 * log2(0.1));
    assert_close(measured(m, "portrait_entropy", 0), expected);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* The patterned network of patterned.h, 125 of 130 neurons in the largest component; NetworkX
 * 2.8.8, and the portrait's entropy in Python from its shortest path lengths. */
static void agrees_with_networkx(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "distance_mean", 0), 2.9483870967741934);
    assert_close(measured(m, "distance_se", 0), 0);
    assert_close(measured(m, "distance_max", 0), 5);
    assert_close(measured(m, "portrait_entropy", 0), 5.842070060098642);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

enum { N_MAX = 80, FAR = 1000 };

/* All distances by Floyd's and Warshall's algorithm; returns the number of neurons. */
static size_t all_distances(const sg_snapshot *s, size_t d[N_MAX][N_MAX])
{
    size_t first[8] = {0};
    const size_t n_layers = sg_snapshot_n_layers(s);
    for (size_t i = 0; i < n_layers; i++)
        first[i + 1] = first[i] + sg_snapshot_layer(s, i)->size;
    const size_t n = first[n_layers];
    assert_true(n <= N_MAX);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            d[a][b] = a == b ? 0 : FAR;
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        for (size_t row = 0; row < link->matrix->n_rows; row++)
            for (uint64_t k = link->matrix->row_start[row]; k < link->matrix->row_start[row + 1];
                 k++) {
                const size_t a = first[link->to] + row;
                const size_t b = first[link->from] + link->matrix->col[k];
                d[a][b] = d[b][a] = 1;
            }
    }
    for (size_t via = 0; via < n; via++)
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                if (d[a][via] + d[via][b] < d[a][b])
                    d[a][b] = d[a][via] + d[via][b];
    return n;
}

/* How many neurons are as far from a as the cell says. */
static size_t count_at(size_t d[N_MAX][N_MAX], size_t n, size_t a, size_t distance)
{
    size_t count = 0;
    for (size_t b = 0; b < n; b++)
        count += d[a][b] == distance;
    return count;
}

static void check_portrait(const sg_distances *found, size_t d[N_MAX][N_MAX], size_t n)
{
    size_t n_sources = 0;
    for (size_t i = 0; i < found->n_cells; i++) {
        const sg_portrait_cell *c = &found->cells[i];
        size_t expected = 0;
        for (size_t a = 0; a < n; a++)
            expected += count_at(d, n, a, c->distance) == c->n_nodes;
        assert_int_equal(c->n_sources, expected);
        n_sources += c->n_sources;
    }
    assert_int_equal(n_sources, n * (found->longest + 1));
}

static void agrees_with_floyd_and_warshall(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        static size_t d[N_MAX][N_MAX];
        sg_snapshot *s = random_layers(seed);
        const size_t n = all_distances(s, d);
        sg_distances found = {0};
        sg_error err = {0};
        assert_ok(sg_distances_make(s, 1000, seed, &found, &err), &err);
        assert_true(found.exact && found.n_sources == n);

        size_t giant = 0; /* a neuron that reaches most, the first of equals */
        size_t n_giant = 0;
        size_t longest = 0;
        for (size_t a = 0; a < n; a++) {
            const size_t n_far = count_at(d, n, a, FAR);
            if (n - n_far > n_giant) {
                n_giant = n - n_far;
                giant = a;
            }
            for (size_t b = 0; b < n; b++)
                if (d[a][b] < FAR && d[a][b] > longest)
                    longest = d[a][b];
        }
        double sum = 0;
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++)
                if (d[giant][a] < FAR && d[giant][b] < FAR)
                    sum += (double)d[a][b];
        if (n_giant > 1)
            assert_close(found.mean, sum / (double)(n_giant * (n_giant - 1)));
        else
            assert_true(isnan(found.mean));
        assert_int_equal(found.longest, longest);
        check_portrait(&found, d, n);
        sg_distances_clear(&found);
        sg_snapshot_free(s);
    }
}

/* 1500 neurons, several rounds of searches; the sample's mean lies within 4 of its own standard
 * errors of the exact one, and both are the same for every seed where all are sources. */
static void samples_within_its_standard_error(void **state)
{
    (void)state;
    static const size_t sizes[] = {500, 400, 350, 250};
    sg_random r;
    sg_random_open(&r, 5, SG_RANDOM_TOPOLOGY, 0, 0);
    sg_snapshot *s = layers_of(sizes, 4);
    for (size_t i = 0; i < 3; i++)
        join_at_random(s, i, i + 1, 0.01, &r);
    sg_distances exact = {0};
    sg_error err = {0};
    assert_ok(sg_distances_make(s, SIZE_MAX, 1, &exact, &err), &err);
    assert_true(exact.exact && exact.se == 0);
    sg_graph *g = NULL; /* which searches from one node after the other */
    sg_path_lengths lengths = {0};
    assert_ok(sg_graph_from_snapshot(s, &g, &err), &err);
    assert_ok(sg_graph_path_lengths(g, SIZE_MAX, 1, &lengths, &err), &err);
    assert_close(exact.mean, lengths.mean);
    assert_int_equal(exact.longest, lengths.longest);
    sg_graph_free(g);
    size_t n_differ = 0;
    for (uint64_t seed = 0; seed < 5; seed++) {
        sg_distances sampled = {0};
        assert_ok(sg_distances_make(s, 300, seed, &sampled, &err), &err);
        assert_int_equal(sampled.n_sources, 300);
        assert_false(sampled.exact);
        assert_true(sampled.se > 0);
        assert_true(fabs(sampled.mean - exact.mean) < 4 * sampled.se);
        assert_true(sampled.longest <= exact.longest);
        n_differ += sampled.mean != exact.mean;
        sg_distances again = {0};
        assert_ok(sg_distances_make(s, 300, seed, &again, &err), &err);
        assert_true(again.mean == sampled.mean && again.n_cells == sampled.n_cells);
        assert_memory_equal(again.cells, sampled.cells, again.n_cells * sizeof *again.cells);
        sg_distances_clear(&again);
        sg_distances_clear(&sampled);
    }
    assert_int_equal(n_differ, 5);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "distance_sources", 0), 512);
    assert_true(fabs(measured(m, "distance_mean", 0) - exact.mean) <
                4 * measured(m, "distance_se", 0));
    sg_measured_free(m);
    sg_distances_clear(&exact);
    sg_snapshot_free(s);
}

static void a_network_without_links_has_no_distances(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 3};
    sg_snapshot *s = layers_of(sizes, 2);
    sg_measured *m = measuring(s);
    assert_true(isnan(measured(m, "distance_mean", 0)));
    assert_close(measured(m, "distance_max", 0), 0);
    assert_close(measured(m, "portrait_entropy", 0), 0);
    sg_measured_free(m);
    sg_snapshot_free(s);
    s = layers_of(NULL, 0);
    m = measuring(s);
    assert_true(isnan(measured(m, "distance_mean", 0)));
    assert_true(isnan(measured(m, "distance_max", 0)));
    assert_true(isnan(measured(m, "portrait_entropy", 0)));
    assert_true(isnan(measured(m, "paths_log10", 0)));
    assert_true(isnan(measured(m, "network_neural_persistence", 0)));
    assert_close(measured(m, "network_diamonds", 0), 0);
    assert_true(isnan(measured(m, "modularity", 0)));
    sg_measured_free(m);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = random_layers(3);
    measure_survives_failed_allocations(s, "distance_mean");
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_path_of_three_neurons),
        cmocka_unit_test(agrees_with_networkx),
        cmocka_unit_test(agrees_with_floyd_and_warshall),
        cmocka_unit_test(samples_within_its_standard_error),
        cmocka_unit_test(a_network_without_links_has_no_distances),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
