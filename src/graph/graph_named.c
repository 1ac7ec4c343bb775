/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_internal.h"

#include "base/text.h"
#include <strings.h>

/* The named graphs of igraph_famous(), ours first. */
typedef struct famous {
    sg_named_graph graph;
    const char *igraph_name;
} famous;

#define KARATE_CITATION                                                                            \
    "W. W. Zachary, J. Anthropol. Res. 33:452 (1977), doi:10.1086/jar.33.4.3629752"
#define KITE_CITATION "D. Krackhardt, Adm. Sci. Q. 35:342 (1990), doi:10.2307/2393394"

#define IGRAPH_CITATION                                                                            \
    "igraph_famous() of G. Csárdi & T. Nepusz, InterJournal Complex Systems 1695 (2006)"

static const famous table[] = {
    {{"karate", "zachary", "friendships in a karate club that split, 34 members", KARATE_CITATION,
      true},
     "Zachary"},
    {{"krackhardt-kite", "kite", "ten people, made up to tell kinds of centrality apart",
      KITE_CITATION, true},
     "Krackhardt_Kite"},
    {{"bull", NULL, "a triangle with two horns, 5 nodes", IGRAPH_CITATION, false}, "Bull"},
    {{"chvatal", NULL, "triangle-free, 4-chromatic, 4-regular, 12 nodes", IGRAPH_CITATION, false},
     "Chvatal"},
    {{"coxeter", NULL, "cubic, without Hamiltonian cycle, 28 nodes", IGRAPH_CITATION, false},
     "Coxeter"},
    {{"cubical", "cube", "the cube, 8 nodes", IGRAPH_CITATION, false}, "Cubical"},
    {{"diamond", NULL, "all of 4 nodes joined but one pair", IGRAPH_CITATION, false}, "Diamond"},
    {{"dodecahedral", NULL, "the dodecahedron, 20 nodes", IGRAPH_CITATION, false}, "Dodecahedral"},
    {{"folkman", NULL, "edge- but not vertex-transitive, 20 nodes", IGRAPH_CITATION, false},
     "Folkman"},
    {{"franklin", NULL, "cubic and bipartite, 12 nodes", IGRAPH_CITATION, false}, "Franklin"},
    {{"frucht", NULL, "cubic, without symmetry, 12 nodes", IGRAPH_CITATION, false}, "Frucht"},
    {{"grotzsch", NULL, "triangle-free and 4-chromatic, 11 nodes", IGRAPH_CITATION, false},
     "Grotzsch"},
    {{"heawood", NULL, "the (3,6)-cage, 14 nodes", IGRAPH_CITATION, false}, "Heawood"},
    {{"herschel", NULL, "polyhedral, without Hamiltonian cycle, 11 nodes", IGRAPH_CITATION, false},
     "Herschel"},
    {{"house", NULL, "a square with a triangle on it, 5 nodes", IGRAPH_CITATION, false}, "House"},
    {{"house-x", NULL, "the house with both diagonals of its square, 5 nodes", IGRAPH_CITATION,
      false},
     "HouseX"},
    {{"icosahedral", NULL, "the icosahedron, 12 nodes", IGRAPH_CITATION, false}, "Icosahedral"},
    {{"levi", "tutte-coxeter", "the (3,8)-cage, 30 nodes", IGRAPH_CITATION, false}, "Levi"},
    {{"mcgee", NULL, "the (3,7)-cage, 24 nodes", IGRAPH_CITATION, false}, "McGee"},
    {{"meredith", NULL, "4-regular, without Hamiltonian cycle, 70 nodes", IGRAPH_CITATION, false},
     "Meredith"},
    {{"no-perfect-matching", NULL, "connected, without a perfect matching, 16 nodes",
      IGRAPH_CITATION, false},
     "Noperfectmatching"},
    {{"nonline", NULL, "the nine graphs that no line graph contains, 50 nodes", IGRAPH_CITATION,
      false},
     "Nonline"},
    {{"octahedral", NULL, "the octahedron, 6 nodes", IGRAPH_CITATION, false}, "Octahedral"},
    {{"petersen", NULL, "the (3,5)-cage, 10 nodes", IGRAPH_CITATION, false}, "Petersen"},
    {{"robertson", NULL, "the (4,5)-cage, 19 nodes", IGRAPH_CITATION, false}, "Robertson"},
    {{"smallest-cyclic-group", NULL, "the smallest whose symmetries are a cyclic group, 9 nodes",
      IGRAPH_CITATION, false},
     "Smallestcyclicgroup"},
    {{"tetrahedral", NULL, "the tetrahedron, 4 nodes", IGRAPH_CITATION, false}, "Tetrahedral"},
    {{"thomassen", NULL, "hypotraceable, 34 nodes", IGRAPH_CITATION, false}, "Thomassen"},
    {{"tutte", NULL, "polyhedral, cubic, without Hamiltonian cycle, 46 nodes", IGRAPH_CITATION,
      false},
     "Tutte"},
    {{"uniquely-3-colorable", NULL, "coloured by three colours in one way, 12 nodes",
      IGRAPH_CITATION, false},
     "Uniquely3colorable"},
    {{"walther", "tutte-fragment", "planar and bipartite, 25 nodes", IGRAPH_CITATION, false},
     "Walther"},
};

size_t sg_graph_n_named(void)
{
    return SG_COUNT(table);
}

const sg_named_graph *sg_graph_named_at(size_t i)
{
    return i < SG_COUNT(table) ? &table[i].graph : NULL;
}

static const famous *find(const char *name)
{
    for (size_t i = 0; i < SG_COUNT(table); i++) {
        const sg_named_graph *g = &table[i].graph;
        if (strcasecmp(g->name, name) == 0 || (g->alias && strcasecmp(g->alias, name) == 0) ||
            strcasecmp(table[i].igraph_name, name) == 0)
            return &table[i];
    }
    return NULL;
}

static sg_status fail_unknown(const char *name, sg_error *err)
{
    const char *nearest = table[0].graph.name;
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < SG_COUNT(table); i++) {
        const sg_named_graph *g = &table[i].graph;
        const char *const names[] = {g->name, g->alias};
        for (size_t j = 0; j < 2 && names[j]; j++) {
            const size_t distance = sg_edit_distance(name, names[j]);
            if (distance < least) {
                least = distance;
                nearest = names[j];
            }
        }
    }
    return sg_fail(err, SG_ENOTFOUND,
                   "no file and no built-in graph is called '%.100s'; the "
                   "nearest built-in name is '%s'",
                   name, nearest);
}

sg_status sg_graph_named(const char *name, sg_graph **ret, sg_error *err)
{
    const famous *entry = find(name);
    if (!entry)
        return fail_unknown(name, err);

    sg_edge_list list = {0};
    SG_AUTOFREE sg_edge *edges = NULL;
    size_t n_nodes = 0;
    {
        SG_IGRAPH_SECTION;
        igraph_t graph;
        SG_IGRAPH_TRY(igraph_famous(&graph, entry->igraph_name), err, "make a built-in graph");
        n_nodes = (size_t)igraph_vcount(&graph);
        sg_status status = SG_OK;
        for (igraph_integer_t i = 0; i < igraph_ecount(&graph) && status == SG_OK; i++)
            status = sg_edge_list_add(
                &list,
                (sg_edge){(uint32_t)IGRAPH_FROM(&graph, i), (uint32_t)IGRAPH_TO(&graph, i), 1.0F},
                err);
        igraph_destroy(&graph);
        edges = list.edge;
        if (status != SG_OK)
            return status;
    }
    const sg_graph_kind kind = {n_nodes, false, false};
    return sg_graph_make(kind, edges, list.n, ret, err);
}
