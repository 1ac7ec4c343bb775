/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/coo.h"
#include "snapshot/read_formats.h"
#include "snapshot/snapshot_read.h"
#include "snapshot/text_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * DLMC, the Deep Learning Matrix Collection: a line "rows, cols, nnz", a line of rows + 1 row
 * offsets, a line of column indices. Gale et al., "Sparse GPU Kernels for Deep Learning", SC 2020,
 * doi:10.1109/SC41405.2020.00021; rows are outputs.
 */

typedef struct sizes {
    uint64_t n_rows;
    uint64_t n_cols;
    uint64_t n_links;
} sizes;

static bool read_sizes(sg_span line, sizes *ret)
{
    uint64_t *const all[] = {&ret->n_rows, &ret->n_cols, &ret->n_links};
    sg_span word;
    for (size_t i = 0; i < SG_COUNT(all); i++)
        if (!sg_span_word(&line, ',', &word) || !sg_span_u64(word, all[i]))
            return false;
    return !sg_span_word(&line, ',', &word);
}

bool sg_smtx_is(const char *text, size_t n, const char *name)
{
    sg_scan s = sg_scan_begin(text, n);
    sg_span line;
    sg_span word;
    sizes size = {0};
    const size_t n_name = strlen(name);
    if (n_name >= 5 && strcasecmp(name + n_name - 5, ".smtx") == 0)
        return true;
    /* the offsets begin with 0, and no comma follows them */
    if (!sg_scan_line(&s, &line) || !memchr(line.at, ',', line.n) || !read_sizes(line, &size) ||
        !sg_scan_line(&s, &line) || memchr(line.at, ',', line.n) ||
        !sg_span_word(&line, ' ', &word))
        return false;
    return word.n == 1 && word.at[0] == '0';
}

/* Takes the next word of the text, over the ends of lines. */
static bool next_word(sg_scan *s, sg_span *line, sg_span *ret)
{
    while (!sg_span_word(line, ' ', ret))
        if (!sg_scan_line(s, line))
            return false;
    return true;
}

static bool next_number(sg_scan *s, sg_span *line, uint64_t *ret)
{
    sg_span word;
    return next_word(s, line, &word) && sg_span_u64(word, ret);
}

static sg_status read_offsets(sg_scan *s, sg_span *line, sg_csr *m, sg_error *err)
{
    uint64_t before = 0;
    for (size_t row = 0; row <= m->n_rows; row++) {
        uint64_t start = 0;
        if (!next_number(s, line, &start))
            return sg_fail(err, SG_EFORMAT,
                           "line %zu: row offset %zu of %zu is missing or no "
                           "number",
                           s->line, row, m->n_rows + 1);
        if (start < before || start > m->n_links || (row == 0 && start != 0))
            return sg_fail(err, SG_EFORMAT,
                           "line %zu: row offset %zu does not ascend from 0 to %zu", s->line, row,
                           m->n_links);
        m->row_start[row] = before = start;
    }
    if (before != m->n_links)
        return sg_fail(err, SG_EFORMAT,
                       "the row offsets end at %llu, the first line says %zu links",
                       (unsigned long long)before, m->n_links);
    return SG_OK;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Columns may stand in any order within their row. */
static void sort_rows(sg_csr *m)
{
    for (size_t row = 0; row < m->n_rows; row++) {
        const uint64_t first = m->row_start[row];
        const uint64_t last = m->row_start[row + 1];
        uint64_t k = first + 1;
        while (k < last && m->col[k - 1] <= m->col[k])
            k++;
        if (k < last)
            qsort(m->col + first, (size_t)(last - first), sizeof *m->col, by_number);
    }
}

static sg_status read_columns(sg_scan *s, sg_span *line, sg_csr *m, sg_error *err)
{
    for (size_t k = 0; k < m->n_links; k++) {
        uint64_t col = 0;
        if (!next_number(s, line, &col))
            return sg_fail(err, SG_EFORMAT, "line %zu: column %zu of %zu is missing or no number",
                           s->line, k, m->n_links);
        if (col >= m->n_cols)
            return sg_fail(err, SG_EFORMAT, "line %zu: column %llu does not exist, there are %zu",
                           s->line, (unsigned long long)col, m->n_cols);
        m->col[k] = (uint32_t)col;
    }
    return SG_OK;
}

sg_status sg_smtx_read(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    sg_scan s = sg_scan_begin(f.bytes, f.n);
    sg_span line = {0};
    sizes size = {0};
    sg_span further;
    if (!sg_scan_line(&s, &line) || !read_sizes(line, &size))
        return sg_fail(err, SG_EFORMAT, "line 1 is not 'rows, columns, links' of a .smtx");
    if (size.n_links > f.n || size.n_rows > f.n)
        return sg_fail(err, SG_EFORMAT, "%llu rows and %llu links do not fit in %zu bytes",
                       (unsigned long long)size.n_rows, (unsigned long long)size.n_links, f.n);
    SG_TRY(sg_sizes_check(size.n_rows, size.n_cols, f.n, err));
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_TRY(sg_blame_content(
        sg_csr_new((size_t)size.n_rows, (size_t)size.n_cols, (size_t)size.n_links, false, &m, err),
        err));
    line = (sg_span){0};
    SG_TRY(read_offsets(&s, &line, m, err));
    SG_TRY(read_columns(&s, &line, m, err));
    if (next_word(&s, &line, &further))
        return sg_fail(err, SG_EFORMAT, "line %zu goes on after the last column", s.line);
    sort_rows(m);
    SG_TRY(sg_csr_check(m, err)); /* no column twice */
    return sg_arrays_add_sparse(ret, f.name, SG_TAKE(m), err);
}
