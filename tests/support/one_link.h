/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_ONE_LINK_H
#define SG_TEST_ONE_LINK_H

/* Networks of one link "input-output", and what is measured of them. */

#include "unit.h"

#include "sparsegraph/measure.h"
#include <math.h>
#include <stdbool.h>

/* (n_rows, n_cols) cells as text: '1' is a connection, anything else is none. */
static inline sg_csr *drawn_matrix(size_t n_rows, size_t n_cols, const char *const *rows)
{
    size_t n_links = 0;
    for (size_t row = 0; row < n_rows; row++)
        for (size_t col = 0; col < n_cols; col++)
            n_links += rows[row][col] == '1';
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n_rows, n_cols, n_links, false, &m, &err), &err);
    uint64_t at = 0;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t col = 0; col < n_cols; col++)
            if (rows[row][col] == '1')
                m->col[at++] = (uint32_t)col;
        m->row_start[row + 1] = at;
    }
    return m;
}

/*
 * A random matrix that any language can make: cell (r, c) is a connection iff the x that follows
 * the cell before it is below `per_mille` thousandths of 2^32, with x = 1664525 x + 1013904223 mod
 * 2^32 from x = seed on, cells in row-major order.
 */
static inline sg_csr *drawn_at_random(size_t n_rows, size_t n_cols, uint32_t per_mille,
                                      uint32_t seed)
{
    const uint64_t below = ((uint64_t)per_mille << 32) / 1000;
    size_t n_links = 0;
    uint32_t x = seed;
    for (size_t i = 0; i < n_rows * n_cols; i++) {
        x = x * 1664525U + 1013904223U;
        n_links += x < below;
    }
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n_rows, n_cols, n_links, false, &m, &err), &err);
    uint64_t at = 0;
    x = seed;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t col = 0; col < n_cols; col++) {
            x = x * 1664525U + 1013904223U;
            if (x < below)
                m->col[at++] = (uint32_t)col;
        }
        m->row_start[row + 1] = at;
    }
    return m;
}

/* Takes over the matrix. */
static inline sg_snapshot *one_link(sg_csr *m)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    const sg_layer layers[] = {{.name = "input", .size = m->n_cols},
                               {.name = "output", .size = m->n_rows}};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &layers[0], &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &layers[1], &err), &err);
    assert_ok(sg_snapshot_add_link(s, "input-output", 0, 1, m, &err), &err);
    return s;
}

static inline double measured(const sg_snapshot *s, const char *name)
{
    double ret = NAN;
    sg_error err = {0};
    sg_measured *m = NULL;
    const sg_measure *measure = sg_measure_find(name);
    if (!measure)
        fail_msg("no measure '%s'", name);
    const sg_measured_params params = {.seed = 1};
    assert_ok(sg_measured_new(s, &params, &m, &err), &err);
    assert_ok(sg_measure_value(measure, m, 0, &ret, &err), &err);
    sg_measured_free(m);
    return ret;
}

/* A value that another program printed, to a relative tolerance. */
typedef struct expected_value {
    const char *measure;
    double value;
} expected_value;

static inline void assert_measures(const sg_snapshot *s, const expected_value *expected, size_t n,
                                   double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        const double value = measured(s, expected[i].measure);
        const double wanted = expected[i].value;
        if (isnan(wanted) ? !isnan(value)
                          : !(fabs(value - wanted) <= tolerance * fmax(1, fabs(wanted))))
            fail_msg("%s is %.17g, not %.17g", expected[i].measure, value, wanted);
    }
}

/* Davis, Gardner & Gardner, Deep South (1941): which of 18 women (rows) were at which of 14 events;
 * 89 attendances. */
static const char *const southern_women[] = {
    "11111101100000", "11101111000000", "01111111100000", "10111111000000", "00111010000000",
    "00101101000000", "00001111000000", "00000101100000", "00001011100000", "00000011100100",
    "00000001110100", "00000001110111", "00000011110111", "00000110111111", "00000011011100",
    "00000001100000", "00000000101000", "00000000101000",
};

#endif
