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

static sg_kernel_matrix view(const example *e)
{
    return (sg_kernel_matrix){
        .n_rows = e->m->n_rows,
        .row_start = e->m->row_start,
        .col = e->m->col,
        .value = e->m->value,
    };
}

/* A sum of n products of f32 in any order errs by at most about n eps times the sum of their
 * magnitudes. */
static double tolerance(size_t n, double magnitude)
{
    return ((double)n + 2.0) * 6e-8 * magnitude + 1e-12;
}

/* Row r, sample s of what the links of a row multiply and add up. */
static double product_at(const example *e, const float *x, double start, size_t row, size_t s,
                         double *magnitude)
{
    double sum = start;
    *magnitude = fabs(sum);
    for (uint64_t k = e->m->row_start[row]; k < e->m->row_start[row + 1]; k++) {
        const double term = (double)e->m->value[k] * (double)x[e->m->col[k] * e->stride + s];
        sum += term;
        *magnitude += fabs(term);
    }
    return sum;
}

static size_t length_of(const example *e, size_t row)
{
    return e->m->row_start[row + 1] - e->m->row_start[row];
}

static void check_multiply(const example *e, const sg_multiply *p, const char *name, uint64_t seed)
{
    for (size_t row = 0; row < e->m->n_rows; row++) {
        for (size_t s = 0; s < e->stride; s++) {
            double magnitude = 0.0;
            const double start = p->bias ? (double)p->bias[row] : 0.0;
            double sum = product_at(e, p->x, start, row, s, &magnitude);
            sum = p->rectified && sum < 0.0 ? 0.0 : sum;
            if (fabs((double)p->y[row * e->stride + s] - sum) >
                tolerance(length_of(e, row), magnitude))
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
            const sg_multiply product = {.matrix = view(&e),
                                         .bias = seed % 3 ? e.bias : NULL,
                                         .x = e.x,
                                         .y = e.y,
                                         .stride = e.stride,
                                         .rectified = seed % 4 == 0,
                                         .prefetch = seed % 3 == 0};
            kernels->multiply(&product, 0, e.m->n_rows);
            check_multiply(&e, &product, kernels->name, seed);
            free_example(&e);
        }
    }
}

/* The gradients of the links, each added to what was there before, or not. */
static void check_gradient(const example *e, const sg_backward *p, const float *before,
                           const float *held, const char *name, uint64_t seed)
{
    for (size_t row = 0; row < e->m->n_rows; row++) {
        for (uint64_t k = e->m->row_start[row]; k < e->m->row_start[row + 1]; k++) {
            const size_t place = p->position ? p->position[k] : k;
            double sum = p->add ? (double)before[place] : 0.0;
            double magnitude = fabs(sum);
            for (size_t s = 0; s < e->stride; s++) {
                const double term =
                    (double)held[row * e->stride + s] * (double)p->d[e->m->col[k] * e->stride + s];
                sum += term;
                magnitude += fabs(term);
            }
            if (fabs((double)p->gradient[place] - sum) > tolerance(e->stride, magnitude))
                fail_msg("%s, seed %lu: row %zu, link %lu", name, seed, row, k);
        }
    }
}

static void check_passed_down(const example *e, const sg_backward *p, const float *held,
                              const char *name, uint64_t seed)
{
    for (size_t row = 0; row < e->m->n_rows; row++) {
        for (size_t s = 0; s < e->stride; s++) {
            const size_t at = row * e->stride + s;
            double magnitude = 0.0;
            double sum = product_at(e, p->d, 0.0, row, s, &magnitude);
            sum = p->rectified && held[at] <= 0.0F ? 0.0 : sum;
            if (fabs((double)p->y[at] - sum) > tolerance(length_of(e, row), magnitude))
                fail_msg("%s, seed %lu: row %zu, sample %zu", name, seed, row, s);
        }
    }
}

/* Both gradients or that of the links alone, in place and not, in order and by position. */
static void takes_gradients_like_the_definition(void **state)
{
    (void)state;
    const sg_kernels *kernels = NULL;
    for (size_t i = 0; (kernels = sg_kernels_at(i)); i++) {
        for (uint64_t seed = 1; seed <= 96; seed++) {
            example e = make_example(seed);
            const bool both = seed % 4 < 2;
            const bool by_position = both && seed % 2;
            const bool in_place = seed % 8 < 4;
            float *held = sg_memdup(e.d, e.m->n_rows * e.stride * sizeof *held);
            float *before = sg_memdup(e.gradient, e.m->n_links * sizeof *before);
            sg_backward product = {.matrix = view(&e),
                                   .position = by_position ? e.position : NULL,
                                   .x = e.d,
                                   .d = e.x,
                                   .y = in_place ? e.d : e.y,
                                   .stride = e.stride,
                                   .gradient = e.gradient,
                                   .add = seed % 16 < 8,
                                   .rectified = seed % 3 == 0,
                                   .prefetch = seed % 5 < 2};
            if (by_position)
                product.matrix.value = e.shuffled;
            if (!both)
                product.y = NULL;
            kernels->backward(&product, 0, e.m->n_rows);
            check_gradient(&e, &product, before, held, kernels->name, seed);
            if (both)
                check_passed_down(&e, &product, held, kernels->name, seed);
            else
                assert_memory_equal(e.d, held, e.m->n_rows * e.stride * sizeof *held);
            sg_free(held);
            sg_free(before);
            free_example(&e);
        }
    }
}

static void goes_over_elements_alike_with_every_instruction_set(void **state)
{
    (void)state;
    enum { N_FEATURES = 37, STRIDE = 32, FIRST = 5 };
    static _Alignas(64) float y[N_FEATURES * STRIDE];
    static uint8_t raw[SG_BATCH_ALIGN][N_FEATURES];
    float scale[N_FEATURES];
    float shift[N_FEATURES];
    float sum[N_FEATURES];
    sg_unpack unpack = {.scale = scale, .shift = shift, .y = y + SG_BATCH_ALIGN, .stride = STRIDE};
    for (size_t j = 0; j < N_FEATURES; j++) {
        scale[j] = 0.5F + (float)j;
        shift[j] = (float)j - 3.0F;
        for (size_t s = 0; s < SG_BATCH_ALIGN; s++)
            raw[s][j] = (uint8_t)(j * 31 + s * 17);
    }
    for (size_t s = 0; s < SG_BATCH_ALIGN; s++)
        unpack.sample[s] = raw[s];
    const sg_kernels *kernels = NULL;
    for (size_t i = 0; (kernels = sg_kernels_at(i)); i++) {
        const sg_elementwise *each = kernels->elementwise;
        memset(y, 0, sizeof y);
        each->unpack(&unpack, FIRST, N_FEATURES);
        for (size_t j = 0; j < N_FEATURES; j++) {
            sum[j] = 1.0F;
            double row = 1.0;
            for (size_t s = 0; s < STRIDE; s++) {
                const bool written = j >= FIRST && s >= SG_BATCH_ALIGN;
                const float expected =
                    written ? (float)raw[s - SG_BATCH_ALIGN][j] * scale[j] + shift[j] : 0.0F;
                assert_true(fabsf(y[j * STRIDE + s] - expected) <= 1e-6F * fabsf(expected));
                row += (double)y[j * STRIDE + s];
            }
            each->row_sums(y + j * STRIDE, 1, STRIDE, &sum[j]);
            assert_true(fabs((double)sum[j] - row) <= 1e-6 * fabs(row));
        }
        float all[N_FEATURES] = {0};
        each->row_sums(y, N_FEATURES, STRIDE, all);
        for (size_t j = 0; j < N_FEATURES; j++)
            assert_true(fabsf(all[j] + 1.0F - sum[j]) <= 1e-6F * fabsf(sum[j]));
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
        cmocka_unit_test(goes_over_elements_alike_with_every_instruction_set),
        cmocka_unit_test(selects_what_the_environment_names_and_refuses_the_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
