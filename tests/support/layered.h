/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_LAYERED_H
#define SG_TEST_LAYERED_H

/* Layered networks from dense matrices or at random, and single values of their measures. */

#include "unit.h"

#include "base/random.h"
#include "sparsegraph/measure.h"
#include <math.h>
#include <stdio.h>

/* A network of layers "L0", "L1", … without links. */
static inline sg_snapshot *layers_of(const size_t *sizes, size_t n_layers)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < n_layers; i++) {
        char name[24];
        (void)snprintf(name, sizeof name, "L%zu", i);
        const sg_layer layer = {.name = name, .size = sizes[i]};
        assert_ok(sg_snapshot_add_layer(s, &layer, &err), &err);
    }
    return s;
}

/* Adds the link "Lfrom-Lto" of a dense (size of to, size of from) matrix; 0 = no connection. */
static inline void join_layers(sg_snapshot *s, size_t from, size_t to, const float *dense)
{
    const size_t n_rows = sg_snapshot_layer(s, to)->size;
    const size_t n_cols = sg_snapshot_layer(s, from)->size;
    size_t n = 0;
    for (size_t i = 0; i < n_rows * n_cols; i++)
        n += dense[i] != 0.0F;
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(n_rows, n_cols, n, true, &m, &err), &err);
    n = 0;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t col = 0; col < n_cols; col++)
            if (dense[row * n_cols + col] != 0.0F) {
                m->col[n] = (uint32_t)col;
                m->value[n++] = dense[row * n_cols + col];
            }
        m->row_start[row + 1] = n;
    }
    char name[48];
    (void)snprintf(name, sizeof name, "L%zu-L%zu", from, to);
    assert_ok(sg_snapshot_add_link(s, name, from, to, m, &err), &err);
}

/* The same with each connection there with probability `density`, weights uniform in (-1, 1). */
static inline void join_at_random(sg_snapshot *s, size_t from, size_t to, double density,
                                  sg_random *r)
{
    const size_t n = sg_snapshot_layer(s, to)->size * sg_snapshot_layer(s, from)->size;
    SG_AUTOFREE float *dense = SG_NEW_ARRAY(float, n);
    assert_non_null(dense);
    for (size_t i = 0; i < n; i++)
        if (sg_random_unit(r) < density)
            dense[i] = (float)(2 * sg_random_unit(r) - 1);
    join_layers(s, from, to, dense);
}

/* 2 to 5 layers of 1 to 12 neurons; a chain, and a skip of each kind with probability 1/2. */
static inline sg_snapshot *random_layers(uint64_t seed)
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_TOPOLOGY, 0, 0);
    size_t sizes[5];
    const size_t n_layers = 2 + (size_t)sg_random_below(&r, 4);
    for (size_t i = 0; i < n_layers; i++)
        sizes[i] = 1 + (size_t)sg_random_below(&r, 12);
    sg_snapshot *s = layers_of(sizes, n_layers);
    const double density = 0.1 + 0.6 * sg_random_unit(&r);
    for (size_t to = 1; to < n_layers; to++)
        for (size_t from = 0; from < to; from++)
            if (from + 1 == to || sg_random_unit(&r) < 0.5)
                join_at_random(s, from, to, density, &r);
    return s;
}

/* Whether a connection leads from one neuron to another, and its weight (NaN: none). */
static inline double weight_between(const sg_snapshot *s, size_t from_layer, size_t from,
                                    size_t to_layer, size_t to)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        if (link->from != from_layer || link->to != to_layer)
            continue;
        const sg_csr *m = link->matrix;
        for (uint64_t k = m->row_start[to]; k < m->row_start[to + 1]; k++)
            if (m->col[k] == from)
                return m->value ? (double)m->value[k] : 1;
    }
    return NAN;
}

/* One value of one measure. */
static inline double measured(sg_measured *m, const char *name, size_t subject)
{
    double ret = NAN;
    sg_error err = {0};
    const sg_measure *measure = sg_measure_find(name);
    if (!measure)
        fail_msg("no measure '%s'", name);
    assert_ok(sg_measure_value(measure, m, subject, &ret, &err), &err);
    return ret;
}

/* A network made ready to be measured with nothing to compare with. */
static inline sg_measured *measuring(const sg_snapshot *s)
{
    sg_measured *m = NULL;
    sg_error err = {0};
    assert_ok(sg_measured_new(s, NULL, &m, &err), &err);
    return m;
}

/* Sums of a few thousand terms near 1: 1e-12 is far above their rounding. */
#define assert_close(a, b)                                                                         \
    do {                                                                                           \
        const double a_ = (a);                                                                     \
        const double b_ = (b);                                                                     \
        if (!(fabs(a_ - b_) <= 1e-12 * fmax(1, fabs(b_))))                                         \
            fail_msg("%s is %.17g, not %.17g", #a, a_, b_);                                        \
    } while (0)

/* Lets every allocation of one measure fail once; it must say so and leak nothing. */
static inline void measure_survives_failed_allocations(const sg_snapshot *s, const char *name)
{
    enum { BUDGET_MAX = 500 };
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        assert_true(budget < BUDGET_MAX);
        sg_measured *m = NULL;
        double ret = 0;
        sg_test_alloc_budget(budget);
        status = sg_measured_new(s, NULL, &m, NULL);
        if (status == SG_OK)
            status = sg_measure_value(sg_measure_find(name), m, 0, &ret, NULL);
        sg_test_alloc_budget(-1);
        sg_measured_free(m);
    }
    assert_int_equal(status, SG_OK);
}

#endif
