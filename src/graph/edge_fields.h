/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_EDGE_FIELDS_H
#define SG_GRAPH_EDGE_FIELDS_H

/* The lines of an edge list, cut into fields. */

#include <stdbool.h>
#include <stddef.h>

typedef enum sg_separator {
    SG_SEPARATOR_ANY = 0, /* runs of blanks, tabs, commas and semicolons */
    SG_SEPARATOR_BLANK,   /* runs of blanks and tabs: names may hold commas */
    SG_SEPARATOR_TAB,     /* names may hold blanks */
    SG_SEPARATOR_COMMA,
    SG_SEPARATOR_SEMICOLON,
} sg_separator;

typedef struct sg_field {
    const char *start;
    size_t n;
} sg_field;

/* Takes the next field of a line, without the blanks and quotes around it; empty ones are passed
 * over. False at the end of the line. */
bool sg_field_next(const char **at, const char *end, sg_separator separator, sg_field *ret);

/* Whether a line holds no edge: it is blank, or a comment that # or % starts. */
bool sg_line_is_comment(const char *line, const char *end);

/*
 * Tells from the first lines what cuts them all into two fields or more. Where several do, tabs go
 * first; then commas in a file of CSV, or where a comma follows the first word or a quoted one;
 * then blanks, commas, semicolons. SG_SEPARATOR_ANY where none does.
 */
sg_separator sg_separator_tell(const char *text, size_t n, bool is_csv);

#endif
