/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "sparse/kernels.h"
#include "sparse/topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Random shapes with empty rows, empty matrices, widths of one and every number of vectors a block
 * can have. */
typedef struct example {
    sg_csr *m;
    size_t stride;
    float *x;    /* (n_cols, stride) */
    float *d;    /* (n_rows, stride) */
    float *bias; /* (n_rows) */
    float *y;    /* (n_rows, stride) */
    float *gradient;
    uint32_t *position;
    float *shuffled;
} example;

static float *random_array(sg_random *r, size_t n)
{
    float *v = sg_alloc_aligned(n, sizeof *v);
    assert_non_null(v);
    for (size_t i = 0; i < n; i++)
        v[i] = (float)sg_random_normal(r);
    return v;
}

static example make_example(uint64_t seed)
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_WEIGHTS, 0, 0);
    const size_t n_rows = seed % 7 == 0 ? 1 : 1 + (size_t)sg_random_below(&r, 60);
    const size_t n_cols = seed % 5 == 0 ? 1 : 1 + (size_t)sg_random_below(&r, 60);
    const double p = seed % 11 == 0 ? 0.0 : sg_random_unit(&r);
    example e = {.stride = sg_batch_stride(1 + (size_t)sg_random_below(&r, 300))};
    sg_error err = {0};
    assert_ok(sg_topology_bernoulli(n_rows, n_cols, p, &r, &e.m, &err), &err);
    e.x = random_array(&r, n_cols * e.stride);
    e.d = random_array(&r, n_rows * e.stride);
    e.bias = random_array(&r, n_rows);
    e.y = random_array(&r, n_rows * e.stride);
    e.gradient = random_array(&r, e.m->n_links);
    e.shuffled = random_array(&r, e.m->n_links);
    e.position = sg_alloc(e.m->n_links, sizeof *e.position);
    for (size_t k = 0; k < e.m->n_links; k++)
        e.position[k] = (uint32_t)k;
    sg_random_shuffle_u32(&r, e.position, e.m->n_links);
    for (size_t k = 0; k < e.m->n_links; k++)
        e.m->value[k] = e.shuffled[e.position[k]];
    return e;
}

static void free_example(example *e)
{
    sg_csr_free(e->m);
    sg_free(e->x);
    sg_free(e->d);
    sg_free(e->bias);
    sg_free(e->y);
    sg_free(e->gradient);
    sg_free(e->shuffled);
    sg_free(e->position);
}

static sg_kernel_matrix view(const example *e, bool indirect)
{
    return (sg_kernel_matrix){
        .n_rows = e->m->n_rows,
        .row_start = e->m->row_start,
        .col = e->m->col,
        .value = indirect ? e->shuffled : e->m->value,
        .position = indirect ? e->position : NULL,
    };
}

/* A sum of n products of f32 in any order errs by at most about n eps times the sum of their
 * magnitudes. */
static double tolerance(size_t n, double magnitude)
{
    return ((double)n + 2.0) * 6e-8 * magnitude + 1e-12;
}

static void check_multiply(const example *e, const float *bias, const char *name, uint64_t seed)
{
    for (size_t row = 0; row < e->m->n_rows; row++) {
        for (size_t s = 0; s < e->stride; s++) {
            double sum = bias ? (double)bias[row] : 0.0;
            double magnitude = fabs(sum);
            const uint64_t begin = e->m->row_start[row];
            const uint64_t end = e->m->row_start[row + 1];
            for (uint64_t k = begin; k < end; k++) {
                const double term =
                    (double)e->m->value[k] * (double)e->x[e->m->col[k] * e->stride + s];
                sum += term;
                magnitude += fabs(term);
            }
            if (fabs((double)e->y[row * e->stride + s] - sum) > tolerance(end - begin, magnitude))
                fail_msg("%s, seed %lu: row %zu, sample %zu", name, seed, row, s);
        }
    }
}

static void multiplies_like_the_definition(void **state)
{
    (void)state;
    const sg_kernels *kernels = NULL;
    for (size_t i = 0; (kernels = sg_kernels_at(i)); i++) {
        for (uint64_t seed = 1; seed <= 60; seed++) {
            example e = make_example(seed);
            const float *bias = seed % 3 ? e.bias : NULL;
            const sg_multiply product = {view(&e, seed % 2),       bias, e.x, e.y, e.stride,
                                         .prefetch = seed % 3 == 0};
            kernels->multiply(&product, 0, e.m->n_rows);
            check_multiply(&e, bias, kernels->name, seed);
            free_example(&e);
        }
    }
}

static void check_gradient(const example *e, const char *name, uint64_t seed)
{
    for (size_t row = 0; row < e->m->n_rows; row++) {
        for (uint64_t k = e->m->row_start[row]; k < e->m->row_start[row + 1]; k++) {
            double sum = 0.0;
            double magnitude = 0.0;
            for (size_t s = 0; s < e->stride; s++) {
                const double term =
                    (double)e->d[row * e->stride + s] * (double)e->x[e->m->col[k] * e->stride + s];
                sum += term;
                magnitude += fabs(term);
            }
            if (fabs((double)e->gradient[k] - sum) > tolerance(e->stride, magnitude))
                fail_msg("%s, seed %lu: row %zu, link %lu", name, seed, row, k);
        }
    }
}

static void takes_gradients_like_the_definition(void **state)
{
    (void)state;
    const sg_kernels *kernels = NULL;
    for (size_t i = 0; (kernels = sg_kernels_at(i)); i++) {
        for (uint64_t seed = 1; seed <= 60; seed++) {
            example e = make_example(seed);
            const sg_gradient product = {view(&e, false), e.x,        e.d,
                                         e.stride,        e.gradient, .prefetch = seed % 3 == 0};
            kernels->gradient(&product, 0, e.m->n_rows);
            check_gradient(&e, kernels->name, seed);
            free_example(&e);
        }
    }
}

static void count_rows(void *user, size_t begin, size_t end)
{
    unsigned char *seen = user;
    for (size_t row = begin; row < end; row++)
        seen[row]++;
}

static void hands_out_every_row_once(void **state)
{
    (void)state;
    for (size_t n_rows = 0; n_rows < 100; n_rows++) {
        unsigned char seen[100] = {0};
        sg_rows_in_parallel(n_rows, 1 + (int)(n_rows % 4), count_rows, seen);
        for (size_t row = 0; row < 100; row++)
            assert_int_equal(seen[row], row < n_rows);
    }
}

static void selects_what_the_environment_names_and_refuses_the_unknown(void **state)
{
    (void)state;
    const sg_kernels *kernels = NULL;
    const sg_kernels *first = sg_kernels_at(0);
    sg_error err = {0};

    setenv("SPARSEGRAPH_ISA", first->name, 1);
    assert_ok(sg_kernels_select(&kernels, &err), &err);
    assert_ptr_equal(kernels, first);
    setenv("SPARSEGRAPH_ISA", "v9", 1);
    assert_int_equal(sg_kernels_select(&kernels, &err), SG_EINVAL);
    assert_non_null(strstr(err.message, "SPARSEGRAPH_ISA is 'v9'"));
    unsetenv("SPARSEGRAPH_ISA");
    assert_ok(sg_kernels_select(&kernels, &err), &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiplies_like_the_definition),
        cmocka_unit_test(takes_gradients_like_the_definition),
        cmocka_unit_test(hands_out_every_row_once),
        cmocka_unit_test(selects_what_the_environment_names_and_refuses_the_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
