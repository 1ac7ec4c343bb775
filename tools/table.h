/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_TABLE_H
#define SG_TOOLS_TABLE_H

/* A table on the terminal: aligned columns, cells added row by row. */

#include <sparsegraph/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct table_column {
    const char *title;
    bool is_number; /* aligned at the right */
} table_column;

/* Set columns and n_columns, the rest zero; table_free() at the end. */
typedef struct table {
    const table_column *columns;
    size_t n_columns;
    char **cells; /* (n_cells) */
    size_t n_cells;
    size_t capacity;
    bool failed; /* out of memory; told by table_print() */
} table;

void table_free(table *t);

/* Appends the next cell; what could drive the terminal is replaced. */
void table_add(table *t, const char *format, ...) SG_PRINTF(2, 3);

/* Appends a number with so many digits; a dash for NaN. */
void table_add_real(table *t, double value, int significant);

/* Prints titles and rows, indented by two blanks. False when memory ran out on the way. */
bool table_print(const table *t, FILE *stream);

#define AUTO_TABLE __attribute__((cleanup(table_free)))

#endif
