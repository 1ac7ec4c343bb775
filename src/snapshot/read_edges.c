/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "snapshot/edge_layers.h"
#include "snapshot/read_formats.h"
#include "snapshot/snapshot_read.h"

#include <string.h>

/* The columns that mean something; a file may have others. */
typedef enum column { FROM_LAYER, FROM, TO_LAYER, TO, WEIGHT, N_COLUMNS } column;

enum { FIELDS_MAX = 64, NO_FIELD = FIELDS_MAX };

typedef struct table {
    char separator;       /* ' ' for any blanks */
    size_t at[N_COLUMNS]; /* number of the field, or NO_FIELD */
    bool has_header;
} table;

static bool find_column(sg_span name, column *ret)
{
    static const struct {
        const char *name;
        column column;
    } NAMES[] = {
        {"from_layer", FROM_LAYER},
        {"layer_from", FROM_LAYER},
        {"source_layer", FROM_LAYER},
        {"to_layer", TO_LAYER},
        {"layer_to", TO_LAYER},
        {"target_layer", TO_LAYER},
        {"from", FROM},
        {"source", FROM},
        {"to", TO},
        {"target", TO},
        {"weight", WEIGHT},
        {"value", WEIGHT},
    };
    for (size_t i = 0; i < SG_COUNT(NAMES); i++) {
        if (sg_span_is(name, NAMES[i].name)) {
            *ret = NAMES[i].column;
            return true;
        }
    }
    return false;
}

static char tell_separator(sg_span line)
{
    static const char CANDIDATES[] = "\t,;";
    for (const char *p = CANDIDATES; *p; p++)
        if (line.n > 0 && memchr(line.at, *p, line.n))
            return *p;
    return ' ';
}

/* Reads a line as the names of columns; whether they are those of an edge list with layers. */
static bool read_header(sg_span line, table *ret)
{
    table t = {.separator = tell_separator(line), .has_header = true};
    sg_span field;
    column c = FROM;
    for (size_t i = 0; i < N_COLUMNS; i++)
        t.at[i] = NO_FIELD;
    for (size_t i = 0; i < FIELDS_MAX && sg_span_field(&line, t.separator, &field); i++)
        if (find_column(field, &c) && t.at[c] == NO_FIELD)
            t.at[c] = i;
    *ret = t;
    return t.at[FROM_LAYER] != NO_FIELD && t.at[FROM] != NO_FIELD && t.at[TO_LAYER] != NO_FIELD &&
           t.at[TO] != NO_FIELD;
}

static bool is_comment(sg_span line)
{
    return sg_span_is_blank(line) || sg_span_begins(line, "#%");
}

bool sg_layered_edges_is(const char *text, size_t n)
{
    sg_scan s = sg_scan_begin(text, n);
    sg_span line;
    table t;
    while (sg_scan_line(&s, &line))
        if (!is_comment(line))
            return read_header(line, &t);
    return false;
}

typedef struct parser {
    sg_scan scan;
    table table;
    size_t n_fields; /* of a line, where there is no header: 2 or 3 */
    size_t n_edges;
    bool is_begun; /* the first line that is no comment was seen */
    sg_edge_layers net;
} parser;

static void parser_clear(parser *p)
{
    sg_edge_layers_clear(&p->net);
}

static sg_status fail_field(const parser *p, sg_span field, const char *what, sg_error *err)
{
    char shown[48];
    return sg_fail(err, SG_EFORMAT, "line %zu: '%s' is no %s", p->scan.line,
                   sg_span_show(field, shown, sizeof shown), what);
}

/* "# layer NAME SIZE" tells a layer and how many neurons it has, linked or not. */
static sg_status read_comment(parser *p, sg_span line, sg_error *err)
{
    sg_span word[5] = {{0}};
    size_t n = 0;
    size_t layer = 0;
    uint64_t size = 0;
    while (n < SG_COUNT(word) && sg_span_word(&line, p->table.separator, &word[n]))
        n++;
    if (n != 4 || !sg_span_is(word[0], "#") || !sg_span_is(word[1], "layer") ||
        !sg_span_u64(word[3], &size))
        return SG_OK;
    SG_TRY(sg_edge_layers_find(&p->net, word[2], &layer, err));
    if (p->net.layer[layer].size < size)
        p->net.layer[layer].size = size;
    return SG_OK;
}

/* Cuts "hidden1:42" or "L1_42" into the layer and the number. */
static sg_status read_neuron(parser *p, sg_span id, size_t *layer, uint64_t *number, sg_error *err)
{
    size_t cut = id.n;
    for (size_t i = id.n; i > 0 && cut == id.n; i--)
        if (id.at[i - 1] == ':' || id.at[i - 1] == '_')
            cut = i - 1;
    if (cut == id.n || cut == 0 || !sg_span_u64((sg_span){id.at + cut + 1, id.n - cut - 1}, number))
        return fail_field(p, id,
                          "neuron LAYER:NUMBER; else name the columns from_layer, from, "
                          "to_layer, to in the first line",
                          err);
    return sg_edge_layers_find(&p->net, (sg_span){id.at, cut}, layer, err);
}

/* A line "hidden1:3 output:7 0.25". */
static sg_status read_plain_line(parser *p, sg_span line, sg_error *err)
{
    sg_span word[4] = {{0}};
    size_t n = 0;
    size_t layer[2] = {0};
    uint64_t neuron[2] = {0};
    float weight = 1.0F;
    while (n < SG_COUNT(word) && sg_span_word(&line, p->table.separator, &word[n]))
        n++;
    if (p->n_edges == 0)
        p->n_fields = n;
    if (n != p->n_fields || n < 2 || n > 3)
        return sg_fail(err, SG_EFORMAT, "line %zu is not of two neurons and perhaps a weight%s",
                       p->scan.line, p->n_edges > 0 ? ", as the lines before it" : "");
    for (size_t i = 0; i < 2; i++)
        SG_TRY(read_neuron(p, word[i], &layer[i], &neuron[i], err));
    if (n == 3 && !sg_span_f32(word[2], &weight))
        return fail_field(p, word[2], "finite weight", err);
    p->net.is_weighted = n == 3;
    return sg_edge_layers_add(&p->net, layer, neuron, weight, err);
}

/* A line under a header. */
static sg_status read_row(parser *p, sg_span line, sg_error *err)
{
    sg_span field[FIELDS_MAX + 1] = {{0}};
    const size_t *at = p->table.at;
    size_t layer[2] = {0};
    uint64_t neuron[2] = {0};
    float weight = 1.0F;
    size_t n = 0;
    while (n < FIELDS_MAX && sg_span_field(&line, p->table.separator, &field[n]))
        n++;
    for (size_t c = 0; c < N_COLUMNS; c++)
        if (at[c] != NO_FIELD && at[c] >= n)
            return sg_fail(err, SG_EFORMAT, "line %zu has %zu columns, too few for its header",
                           p->scan.line, n);
    if (!sg_span_u64(field[at[FROM]], &neuron[0]))
        return fail_field(p, field[at[FROM]], "number of a neuron, from 0", err);
    if (!sg_span_u64(field[at[TO]], &neuron[1]))
        return fail_field(p, field[at[TO]], "number of a neuron, from 0", err);
    if (p->net.is_weighted && !sg_span_f32(field[at[WEIGHT]], &weight))
        return fail_field(p, field[at[WEIGHT]], "finite weight", err);
    SG_TRY(sg_edge_layers_find(&p->net, field[at[FROM_LAYER]], &layer[0], err));
    SG_TRY(sg_edge_layers_find(&p->net, field[at[TO_LAYER]], &layer[1], err));
    return sg_edge_layers_add(&p->net, layer, neuron, weight, err);
}

/* Takes the first line that is no comment for a header, where it is one. */
static bool is_header(parser *p, sg_span line)
{
    if (p->is_begun)
        return false;
    p->is_begun = true;
    p->table.has_header = read_header(line, &p->table);
    p->net.is_weighted = p->table.has_header && p->table.at[WEIGHT] != NO_FIELD;
    return p->table.has_header;
}

static sg_status read_line(parser *p, sg_span line, sg_error *err)
{
    if (is_comment(line))
        return read_comment(p, line, err);
    if (is_header(p, line))
        return SG_OK;
    sg_status status = SG_OK;
    if (p->table.has_header)
        status = read_row(p, line, err);
    else
        status = read_plain_line(p, line, err);
    if (status == SG_OK)
        p->n_edges++;
    return status;
}

sg_status sg_snapshot_from_edges(sg_file_bytes f, sg_snapshot **ret, sg_error *err)
{
    SG_CLEANUP(parser_clear) parser p = {.scan = sg_scan_begin(f.bytes, f.n)};
    sg_span line;
    while (sg_scan_line(&p.scan, &line)) {
        const sg_status status = read_line(&p, line, err);
        if (status != SG_OK && p.n_edges == 0 && !p.table.has_header)
            return sg_fail_within(err, status,
                                  "it is none of the formats that are read (safetensors, PyTorch, "
                                  "NumPy, Matrix Market, smtx, edge lists with layers)");
        SG_TRY(status);
    }
    if (p.n_edges == 0)
        return sg_fail(err, SG_EFORMAT, "there is no connection in it");
    return sg_edge_layers_network(&p.net, f.n, ret, err);
}
