/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

void table_free(table *t)
{
    for (size_t i = 0; i < t->n_cells; i++)
        free(t->cells[i]);
    free((void *)t->cells);
    t->cells = NULL;
    t->n_cells = 0;
}

static bool has_room(table *t)
{
    if (t->n_cells < t->capacity)
        return true;

    const size_t capacity = t->capacity > 0 ? 2 * t->capacity : 64;
    char **cells = capacity > SIZE_MAX / sizeof *cells
                       ? NULL
                       : (char **)realloc((void *)t->cells, capacity * sizeof *cells);
    if (!cells)
        return false;
    t->cells = cells;
    t->capacity = capacity;
    return true;
}

/* A file's words may hold escape sequences: none of them reaches the terminal. */
static void make_harmless(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            *text = '?';
}

void table_add(table *t, const char *format, ...)
{
    va_list arguments;
    char *cell = NULL;

    if (t->failed || !has_room(t)) {
        t->failed = true;
        return;
    }
    va_start(arguments, format);
    const int n = vasprintf(&cell, format, arguments);
    va_end(arguments);
    if (n < 0) {
        t->failed = true;
        return;
    }
    make_harmless(cell);
    t->cells[t->n_cells++] = cell;
}

void table_add_real(table *t, double value, int significant)
{
    if (isnan(value))
        table_add(t, "-");
    else
        table_add(t, "%.*g", significant, value);
}

/* Columns that the text takes: UTF-8 continuation bytes take none. */
static size_t display_width(const char *text)
{
    size_t n = 0;

    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xC0U) != 0x80U;
    return n;
}

static size_t column_width(const table *t, size_t column)
{
    size_t width = display_width(t->columns[column].title);

    for (size_t i = column; i < t->n_cells; i += t->n_columns) {
        const size_t cell = display_width(t->cells[i]);
        width = cell > width ? cell : width;
    }
    return width;
}

static void print_cell(const table *t, size_t column, size_t width, const char *text, FILE *stream)
{
    const int padding = (int)(width - display_width(text));
    const bool is_last = column + 1 == t->n_columns;

    if (t->columns[column].is_number)
        (void)fprintf(stream, "  %*s%s", padding, "", text);
    else
        (void)fprintf(stream, "  %s%*s", text, is_last ? 0 : padding, "");
}

bool table_print(const table *t, FILE *stream)
{
    if (t->failed)
        return false;

    size_t *width = calloc(t->n_columns, sizeof *width);
    if (!width)
        return false;
    for (size_t j = 0; j < t->n_columns; j++) {
        width[j] = column_width(t, j);
        print_cell(t, j, width[j], t->columns[j].title, stream);
    }
    (void)fputc('\n', stream);
    for (size_t i = 0; i < t->n_cells; i++) {
        const size_t j = i % t->n_columns;
        print_cell(t, j, width[j], t->cells[i], stream);
        if (j + 1 == t->n_columns)
            (void)fputc('\n', stream);
    }
    free(width);
    return true;
}
