/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph_parse.h"

#include "base/pool.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the process that ran igraph's parser hands back, as bytes: this, the ends and weights of the
 * edges, then the names of the nodes with their NULs. */
typedef struct parcel {
    uint64_t n_nodes;
    uint64_t n_edges;
    uint32_t directed;
    uint32_t weighted;
    uint32_t named;
    uint32_t unused;
} parcel;

typedef struct job_state {
    const char *text;
    size_t n;
    sg_graph_format format;
    sg_graph *graph;
} job_state;

static const char *format_name(sg_graph_format format)
{
    switch (format) {
    case SG_GRAPH_GRAPHML:
        return "GraphML";
    case SG_GRAPH_GML:
        return "GML";
    case SG_GRAPH_PAJEK:
        return "Pajek";
    case SG_GRAPH_AUTO:
    case SG_GRAPH_EDGES:
        break;
    }
    return "a graph";
}

static igraph_error_t parse(FILE *stream, sg_graph_format format, igraph_t *ret)
{
    switch (format) {
    case SG_GRAPH_GRAPHML:
        return igraph_read_graph_graphml(ret, stream, 0);
    case SG_GRAPH_GML:
        return igraph_read_graph_gml(ret, stream);
    case SG_GRAPH_PAJEK:
        return igraph_read_graph_pajek(ret, stream);
    case SG_GRAPH_AUTO:
    case SG_GRAPH_EDGES:
        break;
    }
    return IGRAPH_UNIMPLEMENTED;
}

/* Returns the attribute that names the nodes, or NULL. */
static const char *name_attribute(const igraph_t *g)
{
    static const char *const candidates[] = {"name", "label", "id"};
    for (size_t i = 0; i < SG_COUNT(candidates); i++)
        if (igraph_cattribute_has_attr(g, IGRAPH_ATTRIBUTE_VERTEX, candidates[i]))
            return candidates[i];
    return NULL;
}

static sg_status pack_edges(const igraph_t *g, bool weighted, sg_text *result, sg_error *err)
{
    for (igraph_integer_t i = 0; i < igraph_ecount(g); i++) {
        const double w = weighted ? igraph_cattribute_EAN(g, "weight", i) : 1.0;
        if (!isfinite((float)w))
            return sg_fail(err, SG_EFORMAT, "the weight of edge %lld is not finite", (long long)i);
        igraph_integer_t from = 0;
        igraph_integer_t to = 0;
        SG_IGRAPH_TRY(igraph_edge(g, i, &from, &to), err, "read an edge");
        const sg_edge e = {(uint32_t)from, (uint32_t)to, (float)w};
        sg_text_append_bytes(result, &e, sizeof e);
    }
    return SG_OK;
}

static void pack_names(const igraph_t *g, const char *attribute, sg_text *result)
{
    igraph_attribute_type_t type = IGRAPH_ATTRIBUTE_UNSPECIFIED;
    (void)igraph_cattribute_table.gettype(g, &type, IGRAPH_ATTRIBUTE_VERTEX, attribute);

    for (igraph_integer_t v = 0; v < igraph_vcount(g); v++) {
        if (type == IGRAPH_ATTRIBUTE_STRING)
            sg_text_append(result, igraph_cattribute_VAS(g, attribute, v));
        else if (type == IGRAPH_ATTRIBUTE_NUMERIC)
            sg_text_printf(result, "%.17g", igraph_cattribute_VAN(g, attribute, v));
        sg_text_append_bytes(result, "", 1);
    }
}

static sg_status pack(const igraph_t *g, sg_text *result, sg_error *err)
{
    const char *attribute = name_attribute(g);
    igraph_attribute_type_t type = IGRAPH_ATTRIBUTE_UNSPECIFIED;
    if (igraph_cattribute_has_attr(g, IGRAPH_ATTRIBUTE_EDGE, "weight"))
        (void)igraph_cattribute_table.gettype(g, &type, IGRAPH_ATTRIBUTE_EDGE, "weight");
    const parcel p = {.n_nodes = (uint64_t)igraph_vcount(g),
                      .n_edges = (uint64_t)igraph_ecount(g),
                      .directed = igraph_is_directed(g),
                      .weighted = type == IGRAPH_ATTRIBUTE_NUMERIC,
                      .named = attribute != NULL};
    if (p.n_nodes > SG_GRAPH_COUNT_MAX || p.n_edges > SG_GRAPH_COUNT_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "more than %zu nodes or edges", SG_GRAPH_COUNT_MAX);
    sg_text_append_bytes(result, &p, sizeof p);
    SG_TRY(pack_edges(g, p.weighted, result, err));
    if (attribute)
        pack_names(g, attribute, result);
    return SG_OK;
}

/* Runs in the worker, whose process ends soon: the attribute table need not be put back. */
static sg_status work(size_t i, void *user, sg_text *result, sg_error *err)
{
    (void)i;
    const job_state *state = user;

    SG_IGRAPH_SECTION;
    (void)igraph_set_attribute_table(&igraph_cattribute_table);
    SG_AUTOFREE char *copy = sg_memdup(state->text, state->n); /* fmemopen() wants it writable */
    FILE *stream = copy ? fmemopen(copy, state->n, "r") : NULL;
    if (!stream)
        return sg_fail_memory(err, "opening the text of a graph");
    igraph_t g;
    const igraph_error_t code = parse(stream, state->format, &g);
    (void)fclose(stream);
    SG_IGRAPH_TRY(code, err, "parse it");
    const sg_status status = pack(&g, result, err);
    igraph_destroy(&g);
    return status;
}

static sg_status unpack_names(const char *bytes, size_t n, const parcel *p, sg_graph *g,
                              sg_error *err)
{
    SG_CLEANUP(sg_node_table_free) sg_node_table table = {0};
    for (uint64_t v = 0; v < p->n_nodes; v++) {
        const char *end = memchr(bytes, '\0', n);
        if (!end)
            return sg_fail(err, SG_EWORKER, "the names of the nodes were cut short");
        const size_t length = (size_t)(end - bytes);
        SG_TRY(sg_names_append(&table, bytes, length, err));
        bytes += length + 1;
        n -= length + 1;
    }
    sg_node_table_give(&table, g);
    return SG_OK;
}

static const char *job_name(size_t i, void *user)
{
    (void)i;
    const job_state *state = user;

    return format_name(state->format);
}

/* Runs in the caller's process. */
static sg_status take(size_t i, void *user, const char *result, size_t n, sg_error *err)
{
    (void)i;
    job_state *state = user;
    parcel p = {0};
    if (n < sizeof p)
        return sg_fail(err, SG_EWORKER, "the parser's answer was cut short");
    memcpy(&p, result, sizeof p);
    if (p.n_edges > (n - sizeof p) / sizeof(sg_edge))
        return sg_fail(err, SG_EWORKER, "the parser's answer was cut short");

    SG_AUTOFREE sg_edge *edges = sg_memdup(result + sizeof p, p.n_edges * sizeof *edges);
    if (!edges)
        return sg_fail_memory(err, "reading a graph");
    SG_CLEANUP(sg_graph_free_cleanup_) sg_graph *g = NULL;
    const sg_graph_kind kind = {p.n_nodes, p.directed, p.weighted};
    SG_TRY(sg_graph_make(kind, edges, p.n_edges, &g, err));
    const size_t used = sizeof p + p.n_edges * sizeof(sg_edge);
    if (p.named)
        SG_TRY(unpack_names(result + used, n - used, &p, g, err));
    state->graph = SG_TAKE(g);
    return SG_OK;
}

sg_status sg_graph_parse_foreign(const char *text, size_t n, sg_graph_format format, sg_graph **ret,
                                 sg_error *err)
{
    job_state state = {.text = text, .n = n, .format = format};
    const sg_pool_job job = {.stage = "parsing",
                             .n_items = 1,
                             .n_workers = 1,
                             .user = &state,
                             .work = work,
                             .take = take,
                             .name = job_name};
    sg_error inner = {0};
    const sg_status status = sg_pool_run(&job, NULL, &inner);
    if (status == SG_EWORKER)
        return sg_fail(err, SG_EFORMAT,
                       "igraph's parser of %s broke down on it; write it as an edge list instead",
                       format_name(format));
    if (status != SG_OK)
        /* igraph gives one code to all that is wrong in a file */
        return sg_fail(err, status == SG_EINVAL ? SG_EFORMAT : status, "%s", inner.message);
    *ret = state.graph;
    return SG_OK;
}
