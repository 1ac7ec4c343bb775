/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/edge_fields.h"
#include "graph/graph_parse.h"

#include "base/text.h"
#include "base/utf8.h"
#include <math.h>
#include <string.h>
#include <strings.h>

enum { COLUMNS = 3, WEIGHT_MAX = 64 };

typedef struct parser {
    sg_separator separator;
    size_t line;
    size_t n_edges; /* lines that hold an edge */
    bool weighted;  /* every line so far has a number in its third column */
    sg_node_table nodes;
    sg_edge_list edges;
} parser;

/* Whether a field is what people call an end of an edge in the first line of a table. */
static bool is_column_name(sg_field f)
{
    static const char *const names[] = {
        "source",     "target",    "from",      "to",       "src",      "dst",    "dest",
        "node1",      "node2",     "node_1",    "node_2",   "id1",      "id2",    "id_1",
        "id_2",       "source_id", "target_id", "protein1", "protein2", "sender", "receiver",
        "fromnodeid", "tonodeid",  "vertex1",   "vertex2",
    };
    for (size_t i = 0; i < SG_COUNT(names); i++)
        if (strlen(names[i]) == f.n && strncasecmp(names[i], f.start, f.n) == 0)
            return true;
    return false;
}

/* A weight that is no number only says that the column holds something else; NaN and infinities are
 * numbers gone wrong. */
static sg_status read_weight(parser *p, sg_field f, float *ret, sg_error *err)
{
    char text[WEIGHT_MAX];
    double value = 0.0;
    *ret = 1.0F;
    if (f.n >= sizeof text) {
        p->weighted = false;
        return SG_OK;
    }
    memcpy(text, f.start, f.n);
    text[f.n] = '\0';
    const char *word = text + (text[0] == '-' || text[0] == '+');
    if (strcasecmp(word, "nan") == 0 || strcasecmp(word, "inf") == 0 ||
        strcasecmp(word, "infinity") == 0)
        return sg_fail(err, SG_EFORMAT, "line %zu: the weight '%s' is not finite", p->line, text);
    if (!sg_parse_double(text, &value)) {
        p->weighted = false;
        return SG_OK;
    }
    if (!isfinite((float)value))
        return sg_fail(err, SG_EFORMAT, "line %zu: the weight '%s' is out of range", p->line, text);
    *ret = (float)value;
    return SG_OK;
}

static sg_status read_line(parser *p, const char *line, const char *end, sg_error *err)
{
    sg_field f[COLUMNS];
    size_t n = 0;
    if (sg_line_is_comment(line, end))
        return SG_OK;
    while (n < COLUMNS && sg_field_next(&line, end, p->separator, &f[n]))
        n++;
    if (n <= 1)
        return sg_fail(
            err, SG_EFORMAT,
            "line %zu has one column ('%.*s'), an edge needs two ids; start the line with "
            "# if it is a comment",
            p->line, n == 0 ? 0 : (int)(f[0].n < 40 ? f[0].n : 40), n == 0 ? "" : f[0].start);
    if (p->n_edges == 0 && is_column_name(f[0]) && is_column_name(f[1]))
        return SG_OK;

    sg_edge e = {.weight = 1.0F};
    if (n == COLUMNS)
        SG_TRY(read_weight(p, f[2], &e.weight, err));
    else
        p->weighted = false;
    SG_TRY(sg_node_table_number(&p->nodes, f[0].start, f[0].n, &e.from, err));
    SG_TRY(sg_node_table_number(&p->nodes, f[1].start, f[1].n, &e.to, err));
    SG_TRY(sg_edge_list_add(&p->edges, e, err));
    p->n_edges++;
    return SG_OK;
}

static sg_status read_lines(parser *p, const char *text, size_t n, sg_error *err)
{
    const char *end = text + n;
    text = sg_utf8_begin(text, n);
    p->weighted = true;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop)
            stop = end;
        p->line++;
        SG_TRY(read_line(p, text, stop, err));
        text = stop < end ? stop + 1 : end;
    }
    if (p->n_edges == 0)
        return sg_fail(err, SG_EFORMAT, "there is no edge in it");
    return SG_OK;
}

static bool number_of(const sg_node_table *t, uint32_t node, uint64_t *ret)
{
    return sg_parse_u64(t->names.bytes + t->names.start[node], ret);
}

/*
 * Some lists begin with the line "<nodes> <edges>". It is taken as such where both counts are
 * exactly those of the lines that follow, which no edge is likely to match. Neither number may then
 * be kept as a node that no edge names.
 */
static bool begins_with_counts(const parser *p)
{
    uint64_t n_nodes = 0;
    uint64_t n_edges = 0;
    const sg_edge first = p->edges.edge[0];
    if (p->n_edges < 2 || first.from == first.to || !number_of(&p->nodes, first.from, &n_nodes) ||
        !number_of(&p->nodes, first.to, &n_edges) || n_edges != p->n_edges - 1)
        return false;
    bool from_used = false;
    bool to_used = false;
    for (size_t i = 1; i < p->edges.n; i++) {
        const sg_edge e = p->edges.edge[i];
        from_used = from_used || e.from == first.from || e.to == first.from;
        to_used = to_used || e.from == first.to || e.to == first.to;
    }
    return n_nodes == p->nodes.names.n - !from_used - !to_used;
}

/* Reads again without the first edge: simpler than taking its nodes out of the numbering. */
static sg_status drop_first_edge(parser *p, sg_error *err)
{
    sg_node_table kept = {0};
    sg_status status = SG_OK;
    for (size_t i = 1; i < p->edges.n && status == SG_OK; i++) {
        uint32_t *const ends[] = {&p->edges.edge[i].from, &p->edges.edge[i].to};
        for (size_t j = 0; j < 2 && status == SG_OK; j++) {
            const char *name = p->nodes.names.bytes + p->nodes.names.start[*ends[j]];
            status = sg_node_table_number(&kept, name, strlen(name), ends[j], err);
        }
    }
    sg_node_table_free(&p->nodes);
    p->nodes = kept;
    p->edges.n--;
    memmove(p->edges.edge, p->edges.edge + 1, p->edges.n * sizeof *p->edges.edge);
    return status;
}

static void parser_free(parser *p)
{
    sg_node_table_free(&p->nodes);
    sg_free(p->edges.edge);
}

sg_status sg_graph_parse_edges(const char *text, size_t n, sg_edges_style style, sg_graph **ret,
                               sg_error *err)
{
    SG_CLEANUP(parser_free) parser p = {0};
    p.separator = sg_separator_tell(text, n, style.is_csv);
    SG_TRY(read_lines(&p, text, n, err));
    if (begins_with_counts(&p))
        SG_TRY(drop_first_edge(&p, err));
    sg_graph *g = NULL;
    const sg_graph_kind kind = {p.nodes.names.n, style.directed, p.weighted};
    SG_TRY(sg_graph_make(kind, p.edges.edge, p.edges.n, &g, err));
    sg_node_table_give(&p.nodes, g);
    *ret = g;
    return SG_OK;
}
