/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "real_data.h"
#include "sparsegraph/graph.h"
#include <math.h>

SG_DEFINE_CLEANUP(sg_graph, sg_graph_free)
#define AUTO_GRAPH SG_CLEANUP(sg_graph_free_cleanup_) sg_graph

/* The table of reference networks: measured with igraph 0.10.2, published values beside the files.
 */
typedef struct reference {
    const char *path;
    bool directed;
    size_t n;
    size_t m; /* simple, undirected */
    double transitivity;
    double clustering;
    double path_length;
    double assortativity;
    uint32_t core;
    size_t components;
} reference;

static const reference references[] = {
    {"social/karate/karate.edges", false, 34, 78, .2557, .5706, 2.4082, -.4756, 4, 1},
    {"social/jazz/jazz.edges", false, 198, 2742, .5203, .6175, 2.2350, .0202, 29, 1},
    {"social/jazz/jazz.net", false, 198, 2742, .5203, .6175, 2.2350, .0202, 29, 1},
    {"connectome/celegans_watts1998/celegans_watts1998.edges", true, 297, 2148, .1807, .2924,
     2.4553, -.1632, 10, 1},
    {"tech/powergrid_watts1998/powergrid_watts1998.edges", false, 4941, 6594, .1032, .0801, 18.9892,
     .0035, 5, 1},
    {"tech/usair97/USAir97.net", false, 332, 2126, .3964, .6252, 2.7381, -.2079, 26, 1},
    {"ppi/yeast_vonmering2002/yeast_vonmering2002.edges", false, 2617, 11855, .4686, .2844, 5.0960,
     .4611, 40, 92},
    {"social/dolphins/dolphins.edges", false, 62, 159, .3088, .2590, 3.3570, -.0436, 4, 1},
    {"ppi/yeast_y2h_2018_barabasi/yeast_y2h_2018_barabasi.edges", false, 2018, 2705, .0236, .0462,
     5.6117, -.0836, 0, 185},
    {"ppi/yeast_jeong2001_lcc/yeast.txt", false, 1458, 1948, .0518, .0708, 6.8124, -.2095, 0, 1},
};

static void check_reference(const reference *e, const sg_graph *g)
{
    sg_error err = {0};
    double t;
    double c;
    double r;
    sg_path_lengths paths;
    sg_components parts;
    assert_ok(sg_graph_transitivity(g, &t, &err), &err);
    assert_ok(sg_graph_local_clustering(g, &c, &err), &err);
    assert_ok(sg_graph_assortativity(g, &r, &err), &err);
    assert_ok(sg_graph_path_lengths(g, SIZE_MAX, 1, &paths, &err), &err);
    assert_ok(sg_graph_components(g, NULL, &parts, &err), &err);
    SG_AUTOFREE uint32_t *core = SG_NEW_ARRAY(uint32_t, e->n);
    assert_ok(sg_graph_coreness(g, core, &err), &err);
    uint32_t largest = 0;
    for (size_t v = 0; v < e->n; v++)
        largest = core[v] > largest ? core[v] : largest;
    const double half = 0.5001e-4; /* four digits are given */
    if (parts.n != e->components || fabs(t - e->transitivity) > half ||
        fabs(c - e->clustering) > half || fabs(r - e->assortativity) > half ||
        fabs(paths.mean - e->path_length) > half || (e->core > 0 && largest != e->core))
        fail_msg("%s: T %.4f C %.4f L %.4f r %.4f core %u components %zu", e->path, t, c,
                 paths.mean, r, largest, parts.n);
}

static void reproduces_the_reference_networks(void **state)
{
    (void)state;
    for (size_t i = 0; i < SG_COUNT(references); i++) {
        const reference *e = &references[i];
        char path[TEST_PATH_MAX];
        sg_graph_read_params params = SG_GRAPH_READ_DEFAULT;
        params.directed = e->directed;
        AUTO_GRAPH *g = NULL;
        sg_error err = {0};
        assert_ok(sg_graph_read(in_real_data(path, e->path), &params, &g, &err), &err);
        if (sg_graph_n_nodes(g) != e->n || sg_graph_n_pairs(g) != e->m)
            fail_msg("%s: %zu nodes, %zu pairs", e->path, sg_graph_n_nodes(g), sg_graph_n_pairs(g));
        check_reference(e, g);
    }
}

int main(void)
{
    if (skips_without("social"))
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reproduces_the_reference_networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
