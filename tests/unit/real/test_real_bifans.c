/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "one_link.h"
#include "real_data.h"
#include "sparsegraph/graph.h"
#include "sparsegraph/null_model.h"

/* A directed graph as a link from all its nodes to all its nodes: a row receives. */
static sg_csr *arcs_of(const sg_graph *g)
{
    const uint32_t *from;
    const uint32_t *to;
    const size_t n = sg_graph_n_nodes(g);
    const size_t n_arcs = sg_graph_n_edges(g);
    sg_graph_edges(g, &from, &to, NULL);
    SG_AUTOFREE bool *cell = SG_NEW_ARRAY(bool, n *n);
    assert_non_null(cell);
    for (size_t i = 0; i < n_arcs; i++)
        cell[to[i] * n + from[i]] = true;
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n, n, n_arcs, false, &m, &err), &err);
    uint64_t at = 0;
    for (size_t row = 0; row < n; row++) {
        for (size_t col = 0; col < n; col++)
            if (cell[row * n + col])
                m->col[at++] = (uint32_t)col;
        m->row_start[row + 1] = at;
    }
    assert_int_equal(at, n_arcs);
    return m;
}

/*
 * The nervous system of C. elegans (Watts & Strogatz, Nature 393:440, 1998): two neurons that send
 * to the same two are a bi-fan, the motif of Milo et al. (Science 298:824, 2002), and a butterfly
 * of the out-to-in link. igraph 0.10.2 and a count in NumPy give 16789.
 */
static void counts_the_bi_fans_of_c_elegans(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_graph *g = NULL;
    sg_error err = {0};
    sg_graph_read_params params = SG_GRAPH_READ_DEFAULT;
    params.directed = true;
    assert_ok(
        sg_graph_read(in_real_data(path, "connectome/celegans_watts1998/celegans_watts1998.edges"),
                      &params, &g, &err),
        &err);
    assert_int_equal(sg_graph_n_nodes(g), 297);
    assert_int_equal(sg_graph_n_edges(g), 2345);
    sg_snapshot *s = one_link(arcs_of(g));
    assert_true(measured(s, "butterflies") == 16789);

    /* Far above networks of the same degrees: their mean is 11495 and their deviation 430, igraph
     * says, without self-loops. A link between two layers allows these: 10804 and 442 here. */
    double sum = 0;
    double squares = 0;
    enum { N_NULLS = 20 };
    for (uint32_t i = 0; i < N_NULLS; i++) {
        const sg_null_params null = {.model = SG_NULL_MODEL_CURVEBALL, .seed = 5, .index = i};
        sg_snapshot *random = NULL;
        assert_ok(sg_null_network(s, &null, NULL, &random, &err), &err);
        const double n = measured(random, "butterflies");
        sum += n;
        squares += n * n;
        sg_snapshot_free(random);
    }
    const double mean = sum / N_NULLS;
    const double deviation = sqrt(squares / N_NULLS - mean * mean);
    assert_true(mean > 10000 && mean < 12000);
    assert_true((16789 - mean) / deviation > 5);
    sg_snapshot_free(s);
    sg_graph_free(g);
}

int main(void)
{
    if (skips_without("connectome"))
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_bi_fans_of_c_elegans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
