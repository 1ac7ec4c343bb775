/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_GRAPH_PARSE_H
#define SG_GRAPH_GRAPH_PARSE_H

/* From the text of a file to a graph; for src/graph alone. The messages lack the file's name, which
 * sg_graph_read() puts before them. */

#include "graph/graph_internal.h"
#include "graph/node_table.h"

/* How an edge list is to be taken. */
typedef struct sg_edges_style {
    bool directed;
    bool is_csv; /* its name says that commas separate */
} sg_edges_style;

/* An edge list; `text` ends with a NUL that n does not count. */
sg_status sg_graph_parse_edges(const char *text, size_t n, sg_edges_style style, sg_graph **ret,
                               sg_error *err) SG_CHECKED;

/*
 * GraphML, GML or Pajek by igraph's parsers, in a process of their own: they crash on some files.
 * SG_EFORMAT where one does.
 */
sg_status sg_graph_parse_foreign(const char *text, size_t n, sg_graph_format format, sg_graph **ret,
                                 sg_error *err) SG_CHECKED;

#endif
