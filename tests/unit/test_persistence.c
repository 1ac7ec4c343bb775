/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layered.h"

#include "patterned.h"

static void agrees_with_a_network_measured_by_hand(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 2, 1};
    static const float first[] = {4, -2, 1, 0};
    static const float second[] = {0, -8};
    sg_snapshot *s = layers_of(sizes, 3);
    join_layers(s, 0, 1, first);
    join_layers(s, 1, 2, second);
    sg_measured *m = measuring(s);
    /* The largest of the network is 8; first: joins at 4/8, 2/8, 1/8; second: at 1 and at 0. */
    const double of_first = sqrt((0.25 + 0.5625 + 0.765625) / 3);
    const double of_second = sqrt((0.0 + 1.0) / 2);
    assert_close(measured(m, "neural_persistence", 0), of_first);
    assert_close(measured(m, "neural_persistence", 1), of_second);
    assert_close(measured(m, "network_neural_persistence", 0), (of_first + of_second) / 2);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* The patterned network of patterned.h: the lives of components from NetworkX 2.8.8's maximum
 * spanning tree of the full bipartite graph, in which absent connections have weight 0. */
static void agrees_with_the_maximum_spanning_tree_of_dense_matrices(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "neural_persistence", 0), 0.27216552697590857);
    assert_close(measured(m, "neural_persistence", 1), 0.36996757485112625);
    assert_close(measured(m, "neural_persistence", 2), 0.30802824262100487);
    assert_close(measured(m, "network_neural_persistence", 0), 0.3167204481493466);
    sg_measured_free(m);
    sg_snapshot_free(s);
}

/* Sum of squared lives by Prim's algorithm on the dense matrix, which shares no code with ours. */
static double by_prim(const sg_snapshot *s, const sg_link *link, double largest)
{
    enum { N_MAX = 24 };
    const size_t n_rows = link->matrix->n_rows;
    const size_t n = n_rows + link->matrix->n_cols;
    double best[N_MAX];
    bool in[N_MAX] = {true};
    for (size_t v = 0; v < n; v++)
        best[v] = -1;
    size_t last = 0;
    double sum = 0;
    for (size_t step = 1; step < n; step++) {
        size_t next = SIZE_MAX;
        for (size_t v = 0; v < n; v++) {
            if (in[v])
                continue;
            if ((v < n_rows) != (last < n_rows)) {
                const double w = weight_between(s, link->from, (v < n_rows ? last : v) - n_rows,
                                                link->to, v < n_rows ? v : last);
                best[v] = fmax(best[v], isnan(w) ? 0 : fabs(w) / largest);
            }
            if (next == SIZE_MAX || best[v] > best[next])
                next = v;
        }
        in[next] = true;
        last = next;
        sum += (1 - best[next]) * (1 - best[next]);
    }
    return sqrt(sum / (double)(n - 1));
}

static void agrees_with_prims_tree(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        sg_snapshot *s = random_layers(seed);
        double largest = 0;
        for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
            const sg_csr *matrix = sg_snapshot_link(s, i)->matrix;
            for (size_t k = 0; k < matrix->n_links; k++)
                largest = fmax(largest, fabs((double)matrix->value[k]));
        }
        sg_measured *m = measuring(s);
        for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
            if (largest > 0)
                assert_close(measured(m, "neural_persistence", i),
                             by_prim(s, sg_snapshot_link(s, i), largest));
        sg_measured_free(m);
        sg_snapshot_free(s);
    }
}

static void is_between_its_bounds(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 2};
    static const float equal[] = {-3, 3, 3, 3};
    static const float nothing[4] = {0};
    sg_snapshot *s = layers_of(sizes, 2);
    join_layers(s, 0, 1, equal);
    sg_measured *m = measuring(s);
    assert_close(measured(m, "neural_persistence", 0), 0); /* joined at once */
    sg_measured_free(m);
    sg_snapshot_free(s);
    s = layers_of(sizes, 2);
    join_layers(s, 0, 1, nothing);
    m = measuring(s);
    assert_true(isnan(measured(m, "neural_persistence", 0))); /* no weight to divide by */
    assert_true(isnan(measured(m, "network_neural_persistence", 0)));
    sg_measured_free(m);
    sg_snapshot_free(s);
    static const size_t three[] = {2, 2, 2};
    s = layers_of(three, 3);
    join_layers(s, 0, 1, equal);
    join_layers(s, 1, 2, nothing);
    m = measuring(s);
    assert_close(measured(m, "neural_persistence", 1), 1); /* nothing joins before 0 */
    sg_measured_free(m);
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = random_layers(3);
    measure_survives_failed_allocations(s, "neural_persistence");
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_network_measured_by_hand),
        cmocka_unit_test(agrees_with_the_maximum_spanning_tree_of_dense_matrices),
        cmocka_unit_test(agrees_with_prims_tree),
        cmocka_unit_test(is_between_its_bounds),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
