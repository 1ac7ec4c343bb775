/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_GRAPH_H
#define SPARSEGRAPH_GRAPH_H

/**
 * @file graph.h  A network as a graph: from a snapshot, from a file, or built in by name.
 *
 * Every graph is simple: self-loops are dropped and parallel edges merged when it is made, and the
 * counts of both are kept. A directed graph keeps its arcs (a→b and b→a are two); everything that
 * is measured without direction (components, core, clustering, assortativity, paths) is measured on
 * its *undirected view*, in which a pair of mutual arcs is one edge.
 *
 * A graph is immutable. The measuring calls are safe from several threads, but those that use
 * igraph wait for each other: igraph keeps global state.
 */

#include "snapshot.h"

SG_BEGIN_DECLS

typedef struct sg_graph sg_graph;

/** How a file of a graph is written. */
typedef enum sg_graph_format {
    SG_GRAPH_AUTO = 0, /**< told by the content, then by the suffix */
    SG_GRAPH_EDGES,    /**< two ids a line, separated by blanks, tabs, commas or semicolons */
    SG_GRAPH_GRAPHML,
    SG_GRAPH_GML,
    SG_GRAPH_PAJEK,
} sg_graph_format;

/** How sg_graph_read() reads. Start from SG_GRAPH_READ_DEFAULT. */
typedef struct sg_graph_read_params {
    sg_graph_format format;
    bool directed;    /**< an edge list's lines are arcs; the other formats say so themselves */
    size_t max_bytes; /**< cap on the file's size, inflated */
} sg_graph_read_params;

/* clang-format off */
#define SG_GRAPH_READ_DEFAULT { SG_GRAPH_AUTO, false, (size_t)1 << 30 }
/* clang-format on */

/** Which links of a node its degree counts. */
typedef enum sg_degree_mode {
    SG_DEGREE_IN,        /**< arcs that arrive; all edges where the graph is undirected */
    SG_DEGREE_OUT,       /**< arcs that leave; all edges where the graph is undirected */
    SG_DEGREE_TOTAL,     /**< both: in + out; all edges where the graph is undirected */
    SG_DEGREE_NEIGHBORS, /**< distinct neighbours: the degree in the undirected view */
} sg_degree_mode;

/** Weakly connected components. */
typedef struct sg_components {
    size_t n;     /**< components, isolated nodes included */
    size_t giant; /**< nodes of the largest; the first found where several are as large */
} sg_components;

/** Shortest paths in the largest component, counted in steps, directions ignored. */
typedef struct sg_path_lengths {
    double mean;      /**< over ordered pairs of distinct nodes, steps; NaN below two nodes */
    double se;        /**< standard error of `mean` from sampling sources, steps; 0 when exact */
    size_t n_sources; /**< nodes that paths were measured from */
    size_t n_nodes;   /**< nodes of the component */
    uint32_t longest; /**< the longest path seen: the diameter when exact, else a lower bound */
    bool exact;       /**< every node was a source */
} sg_path_lengths;

/** A partition of the nodes into communities. */
typedef struct sg_communities {
    size_t n;          /**< communities, single nodes included */
    size_t n_joined;   /**< those of at least two nodes */
    double modularity; /**< of this partition, in [-1/2, 1); NaN without edges of weight above 0 */
} sg_communities;

/** A graph that the library knows by name. */
typedef struct sg_named_graph {
    const char *name;     /**< what sg_graph_named() takes, e.g. "karate" */
    const char *alias;    /**< a second name that it takes, or NULL */
    const char *summary;  /**< one line */
    const char *citation; /**< who published it */
    bool social;          /**< made of relations between people */
} sg_named_graph;

/**
 * Makes the directed graph of a network's connections: layer by layer, nodes numbered in the order
 * of the layers, an arc for each stored connection (zero weights included), weighted by its value.
 *
 * @param[out] ret  the caller frees it with sg_graph_free().
 * @retval SG_EINVAL  more than 2^31 - 1 neurons or connections.
 * @retval SG_ENOMEM  no memory.
 *
 * O(neurons + connections).
 */
SG_API SG_CHECKED sg_status sg_graph_from_snapshot(const sg_snapshot *s, sg_graph **ret,
                                                   sg_error *err);

/** A graph as plain arrays; borrowed. */
typedef struct sg_graph_arrays {
    size_t n_nodes; /**< ids are 0 … n_nodes - 1 */
    size_t n_edges;
    const uint32_t *from; /**< (n_edges) ids; NULL when n_edges is 0 */
    const uint32_t *to;   /**< (n_edges) ids; NULL when n_edges is 0 */
    const float *weight;  /**< (n_edges), or NULL; merged parallel edges sum theirs */
    bool directed;
} sg_graph_arrays;

/**
 * Makes a graph from arrays, which are copied.
 *
 * @retval SG_EINVAL  an id is not below n_nodes, a weight is not finite, or either count is above
 * 2^31 - 1.
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_graph_new(const sg_graph_arrays *arrays, sg_graph **ret,
                                         sg_error *err);

/**
 * Reads a graph from a file, gzipped or not.
 *
 * Edge lists: two ids a line (any strings without a separator), then optionally a numeric weight
 * and further columns, which are ignored; what separates them is told from the file as a whole, so
 * that names may hold blanks (between tabs, or in quotes) or commas (between blanks); lines that
 * start with # or % are comments, and a first line of column names, or of the counts of nodes and
 * edges, is passed over. Isolated nodes cannot be written in one.
 * GraphML, GML and Pajek are read by igraph, after checks of size and form.
 *
 * @param params  NULL for SG_GRAPH_READ_DEFAULT.
 * @retval SG_ENOTFOUND     no such file.
 * @retval SG_EIO           the system would not read it.
 * @retval SG_EFORMAT       the content breaks the format; the message names file, line and reason.
 * @retval SG_EUNSUPPORTED  a binary file, or a form that is not read.
 * @retval SG_ENOMEM        no memory.
 */
SG_API SG_CHECKED sg_status sg_graph_read(const char *path, const sg_graph_read_params *params,
                                          sg_graph **ret, sg_error *err);

/** Makes a built-in graph; names and aliases are compared without case. @retval SG_ENOTFOUND no
 * such name; the message suggests the nearest. */
SG_API SG_CHECKED sg_status sg_graph_named(const char *name, sg_graph **ret, sg_error *err);

/** Returns how many graphs are built in, and the i-th; borrowed, for ever valid. */
SG_API size_t sg_graph_n_named(void);
SG_API const sg_named_graph *sg_graph_named_at(size_t i);

/** Frees a graph; NULL is allowed. */
SG_API void sg_graph_free(sg_graph *g);

SG_API size_t sg_graph_n_nodes(const sg_graph *g);

/** Returns the number of edges (arcs where directed) of the simple graph. */
SG_API size_t sg_graph_n_edges(const sg_graph *g);

/** Returns the number of edges of the undirected view. */
SG_API size_t sg_graph_n_pairs(const sg_graph *g);

SG_API bool sg_graph_is_directed(const sg_graph *g);

/** Returns how many self-loops, and how many parallel edges beyond the first of each, were dropped.
 */
SG_API size_t sg_graph_n_loops_dropped(const sg_graph *g);
SG_API size_t sg_graph_n_multi_dropped(const sg_graph *g);

/** Returns edges / possible edges of a simple graph of this direction; a layered network counts
 * only the pairs that its links could join. NaN where none is possible. */
SG_API double sg_graph_density(const sg_graph *g);

/** Returns the arrays of the edges, (n_edges) each, borrowed, ordered by from, then to; in an
 * undirected graph from < to. `weight` becomes NULL where the graph has none. Any output may be
 * NULL. */
SG_API void sg_graph_edges(const sg_graph *g, const uint32_t **from, const uint32_t **to,
                           const float **weight);

/** Returns the name of a node as its file gave it, borrowed; NULL where nodes have none. */
SG_API const char *sg_graph_node_name(const sg_graph *g, size_t node);

/** Returns the number of layers; 0 where the graph is no layered network. */
SG_API size_t sg_graph_n_layers(const sg_graph *g);

/** Returns the layer of a node; 0 where the graph has no layers. */
SG_API size_t sg_graph_node_layer(const sg_graph *g, size_t node);

/** Returns the name of a layer, borrowed, and its first node and size; outputs may be NULL. */
SG_API const char *sg_graph_layer(const sg_graph *g, size_t layer, size_t *first, size_t *size);

/** Fills degree[n_nodes]. */
SG_API void sg_graph_degrees(const sg_graph *g, sg_degree_mode mode, uint32_t *degree);

/**
 * Counts the weakly connected components.
 *
 * @param[out] membership  (n_nodes) component of each node, numbered from 0; may be NULL.
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_graph_components(const sg_graph *g, uint32_t *membership,
                                                sg_components *ret, sg_error *err);

/**
 * Fills core[n_nodes] with the largest k such that the node is in the k-core of the undirected
 * view.
 *
 * Source: Batagelj & Zaveršnik (2003), arXiv:cs/0310049, as igraph implements it. O(nodes + edges).
 */
SG_API SG_CHECKED sg_status sg_graph_coreness(const sg_graph *g, uint32_t *core, sg_error *err);

/**
 * Measures the degree assortativity of the undirected view: Pearson's r of the degrees at both ends
 * of an edge, in [-1, 1]; NaN where all degrees are equal or there is no edge.
 *
 * Source: Newman, Phys. Rev. E 67:026126 (2003), doi:10.1103/PhysRevE.67.026126, by igraph.
 */
SG_API SG_CHECKED sg_status sg_graph_assortativity(const sg_graph *g, double *ret, sg_error *err);

/** Measures the transitivity of the undirected view: 3 triangles / connected triples, in [0, 1];
 * NaN without triples. By igraph. */
SG_API SG_CHECKED sg_status sg_graph_transitivity(const sg_graph *g, double *ret, sg_error *err);

/**
 * Measures the mean local clustering of the undirected view, in [0, 1]; nodes with fewer than two
 * neighbours count as 0. NaN without nodes. By igraph.
 *
 * Source: Watts & Strogatz, Nature 393:440 (1998), doi:10.1038/30918, who leave the case open.
 */
SG_API SG_CHECKED sg_status sg_graph_local_clustering(const sg_graph *g, double *ret,
                                                      sg_error *err);

/**
 * Measures path lengths in the largest component, directions ignored.
 *
 * Breadth-first searches from every node, or from max_sources nodes drawn without replacement; the
 * standard error is then s / sqrt(n) * sqrt(1 - n / N) of the sources' mean distances.
 *
 * @param max_sources  0 = every node while that costs at most 1e9 steps along edges, else as many
 * as that buys, between 64 and 1000.
 * @param seed         of the draw.
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_graph_path_lengths(const sg_graph *g, size_t max_sources,
                                                  uint64_t seed, sg_path_lengths *ret,
                                                  sg_error *err);

/**
 * Finds communities of high modularity in the undirected view, each edge weighing |weight|, or 1
 * where the graph has no weights, and mutual arcs the sum of both.
 *
 * The Leiden algorithm, repeated from its own result until a round gains nothing. It is a
 * heuristic: other seeds give other partitions, nearly as good or better.
 *
 * @param seed             of the random choices.
 * @param[out] membership  (n_nodes) each node's community, numbered from 0 in the order of their
 * first nodes; may be NULL.
 * @retval SG_ENOMEM  no memory.
 *
 * Source: Traag, Waltman & van Eck, Sci. Rep. 9:5233 (2019), doi:10.1038/s41598-019-41695-z, by
 * igraph.
 */
SG_API SG_CHECKED sg_status sg_graph_communities(const sg_graph *g, uint64_t seed,
                                                 uint32_t *membership, sg_communities *ret,
                                                 sg_error *err);

SG_END_DECLS

#endif
