/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/coo.h"
#include "snapshot/read_formats.h"
#include "snapshot/snapshot_read.h"
#include "snapshot/text_scan.h"

#include <string.h>
#include <strings.h>

/* Matrix Market: https://math.nist.gov/MatrixMarket/formats.html; Boisvert, Pozo & Remington,
 * NISTIR 5935 (1996). Rows are taken as outputs, as everywhere here. */

static const char BANNER[] = "%%MatrixMarket";

typedef enum symmetry { GENERAL, SYMMETRIC, SKEW } symmetry;

typedef struct mtx {
    bool is_array; /* all values, column by column; else one entry a line */
    bool is_pattern;
    symmetry symmetry;
    uint64_t n_rows;
    uint64_t n_cols;
    uint64_t n_entries;
    sg_scan scan;
} mtx;

bool sg_mtx_is(const char *text, size_t n)
{
    return n >= sizeof BANNER - 1 && strncasecmp(text, BANNER, sizeof BANNER - 1) == 0;
}

/* Finds a word among those known; SIZE_MAX where it is none of them. */
static size_t choose(sg_span word, const char *const *known, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sg_span_is(word, known[i]))
            return i;
    return SIZE_MAX;
}

static sg_status read_banner(mtx *m, sg_error *err)
{
    static const char *const FORMATS[] = {"coordinate", "array"};
    static const char *const FIELDS[] = {"real", "double", "integer", "pattern"};
    static const char *const SYMMETRIES[] = {"general", "symmetric", "skew-symmetric"};
    sg_span line = {0};
    sg_span word[6] = {{0}};
    size_t n = 0;
    char shown[40];
    if (sg_scan_line(&m->scan, &line))
        while (n < SG_COUNT(word) && sg_span_word(&line, ' ', &word[n]))
            n++;
    if (n != 5 || !sg_span_is(word[1], "matrix"))
        return sg_fail(err, SG_EFORMAT,
                       "line 1 is not '%%%%MatrixMarket matrix FORMAT FIELD SYMMETRY'");
    const size_t format = choose(word[2], FORMATS, SG_COUNT(FORMATS));
    const size_t field = choose(word[3], FIELDS, SG_COUNT(FIELDS));
    const size_t kind = choose(word[4], SYMMETRIES, SG_COUNT(SYMMETRIES));
    const size_t unknown = format == SIZE_MAX ? 2 : field == SIZE_MAX ? 3 : 4;
    if (format == SIZE_MAX || field == SIZE_MAX || kind == SIZE_MAX)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "a Matrix Market file of '%s' is not read; known are coordinate and array, "
                       "real, integer and pattern, general, symmetric and skew-symmetric",
                       sg_span_show(word[unknown], shown, sizeof shown));
    m->is_array = format == 1;
    m->is_pattern = field == 3;
    m->symmetry = (symmetry)kind;
    if (m->is_array && m->is_pattern)
        return sg_fail(err, SG_EFORMAT, "an array of the field 'pattern' has no values");
    return SG_OK;
}

/* Takes the next line that is no comment and not blank. */
static bool next_line(mtx *m, sg_span *ret)
{
    while (sg_scan_line(&m->scan, ret))
        if (!sg_span_is_blank(*ret) && !sg_span_begins(*ret, "%"))
            return true;
    return false;
}

/* Reads the words of a line as so many integers; the rest of the line stays. */
static bool read_integers(sg_span *line, uint64_t *ret, size_t n)
{
    sg_span word;
    for (size_t i = 0; i < n; i++)
        if (!sg_span_word(line, ' ', &word) || !sg_span_u64(word, &ret[i]))
            return false;
    return true;
}

/* Returns how many values an array of that symmetry lists: the triangle with or without its
 * diagonal. Sizes are below 2^32. */
static uint64_t count_listed(const mtx *m)
{
    const uint64_t n = m->n_rows;
    if (m->symmetry == GENERAL)
        return n * m->n_cols;
    if (m->symmetry == SYMMETRIC)
        return n * (n + 1) / 2;
    return n == 0 ? 0 : n * (n - 1) / 2;
}

static sg_status read_sizes(mtx *m, size_t n_bytes, sg_error *err)
{
    sg_span line = {0};
    uint64_t size[3] = {0};
    const size_t n = m->is_array ? 2 : 3;
    if (!next_line(m, &line) || !read_integers(&line, size, n) || !sg_span_is_blank(line))
        return sg_fail(err, SG_EFORMAT, "line %zu is not its sizes: rows, columns%s", m->scan.line,
                       m->is_array ? "" : ", entries");
    m->n_rows = size[0];
    m->n_cols = size[1];
    SG_TRY(sg_sizes_check(m->n_rows, m->n_cols, n_bytes, err));
    if (m->symmetry != GENERAL && m->n_rows != m->n_cols)
        return sg_fail(err, SG_EFORMAT, "a symmetric matrix cannot be %llu x %llu",
                       (unsigned long long)m->n_rows, (unsigned long long)m->n_cols);
    m->n_entries = m->is_array ? count_listed(m) : size[2];
    if (m->n_entries > n_bytes)
        return sg_fail(err, SG_EFORMAT, "%llu entries do not fit in a file of %zu bytes",
                       (unsigned long long)m->n_entries, n_bytes);
    return SG_OK;
}

/* Adds an entry and its mirror image; rows and columns count from 0. */
static sg_status add(const mtx *m, uint64_t row, uint64_t col, float value, sg_coo *coo,
                     sg_error *err)
{
    SG_TRY(sg_coo_add(coo, row, col, value, err));
    if (m->symmetry == GENERAL || row == col)
        return SG_OK;
    return sg_coo_add(coo, col, row, m->symmetry == SKEW ? -value : value, err);
}

static sg_status fail_line(const mtx *m, sg_span line, const char *what, sg_error *err)
{
    char shown[48];
    return sg_fail(err, SG_EFORMAT, "line %zu: '%s' is not %s", m->scan.line,
                   sg_span_show(line, shown, sizeof shown), what);
}

static sg_status read_entry(mtx *m, sg_coo *coo, sg_error *err)
{
    sg_span line = {0};
    sg_span word;
    uint64_t at[2] = {0};
    float value = 1.0F;
    if (!next_line(m, &line))
        return sg_fail(err, SG_EFORMAT, "the file ends after line %zu, before its last entry",
                       m->scan.line);
    const sg_span whole = line;
    if (!read_integers(&line, at, 2))
        return fail_line(m, whole, "an entry of row, column and value", err);
    if (at[0] < 1 || at[0] > m->n_rows || at[1] < 1 || at[1] > m->n_cols)
        return sg_fail(err, SG_EFORMAT,
                       "line %zu: the entry (%llu, %llu) lies outside a matrix of %llu x %llu, "
                       "whose rows and columns are numbered from 1",
                       m->scan.line, (unsigned long long)at[0], (unsigned long long)at[1],
                       (unsigned long long)m->n_rows, (unsigned long long)m->n_cols);
    if (!m->is_pattern && (!sg_span_word(&line, ' ', &word) || !sg_span_f32(word, &value)))
        return fail_line(m, whole, "an entry with a finite value", err);
    if (!sg_span_is_blank(line))
        return fail_line(m, whole, "a single entry", err);
    if (m->symmetry == SKEW && at[0] == at[1])
        return fail_line(m, whole, "possible on the diagonal of a skew-symmetric matrix", err);
    return add(m, at[0] - 1, at[1] - 1, value, coo, err);
}

/* Reads the values of an array, column by column, as many a line as there are; zeros are no links.
 */
static sg_status read_array(mtx *m, sg_coo *coo, sg_error *err)
{
    sg_span line = {0};
    sg_span word;
    for (uint64_t col = 0; col < m->n_cols; col++) {
        const uint64_t first = m->symmetry == GENERAL ? 0 : col + (m->symmetry == SKEW);
        for (uint64_t row = first; row < m->n_rows; row++) {
            float value = 0.0F;
            while (!sg_span_word(&line, ' ', &word))
                if (!next_line(m, &line))
                    return sg_fail(err, SG_EFORMAT,
                                   "the file ends after line %zu, before its last value",
                                   m->scan.line);
            if (!sg_span_f32(word, &value))
                return fail_line(m, word, "a finite number", err);
            if (value != 0.0F)
                SG_TRY(add(m, row, col, value, coo, err));
        }
    }
    return sg_span_is_blank(line) ? SG_OK
                                  : fail_line(m, line, "expected after the last value", err);
}

sg_status sg_mtx_read(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    mtx m = {.scan = sg_scan_begin(f.bytes, f.n)};
    sg_span line;
    SG_TRY(read_banner(&m, err));
    SG_TRY(read_sizes(&m, f.n, err));
    SG_CLEANUP(sg_coo_clear)
    sg_coo coo = {
        .n_rows = (size_t)m.n_rows, .n_cols = (size_t)m.n_cols, .is_weighted = !m.is_pattern};
    if (m.is_array)
        SG_TRY(read_array(&m, &coo, err));
    for (uint64_t i = 0; !m.is_array && i < m.n_entries; i++)
        SG_TRY(read_entry(&m, &coo, err));
    if (next_line(&m, &line))
        return fail_line(&m, line, "expected after the last entry", err);
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *matrix = NULL;
    SG_TRY(sg_coo_matrix(&coo, &matrix, err));
    return sg_arrays_add_sparse(ret, f.name, SG_TAKE(matrix), err);
}
