/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "sparse/dense.h"
#include "sparse/kernels.h"
#include "sparse/topology.h"

#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Random shapes with widths of one, several blocks of rows, and every number of samples a stride
 * can hold, none included. What lies in the padding of x and d is not to be looked at. */
typedef struct example {
    size_t n_rows;
    size_t n_cols;
    size_t n;
    size_t stride;
    float *w;    /* (n_rows, n_cols) */
    float *x;    /* (n_cols, stride) */
    float *d;    /* (n_rows, stride) */
    float *bias; /* (n_rows) */
} example;

static float *random_array(sg_random *r, size_t n)
{
    float *v = sg_alloc_aligned(n, sizeof *v);
    assert_non_null(v);
    for (size_t i = 0; i < n; i++)
        v[i] = (float)sg_random_normal(r);
    return v;
}

static void spoil_padding(float *v, size_t n_rows, const example *e)
{
    for (size_t row = 0; row < n_rows; row++)
        for (size_t s = e->n; s < e->stride; s++)
            v[row * e->stride + s] = NAN;
}

static example make_example(uint64_t seed)
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_WEIGHTS, 0, 0);
    const size_t widest = seed % 4 == 0 ? 600 : 40;
    example e = {
        .n_rows = seed % 7 == 0 ? 1 : 1 + (size_t)sg_random_below(&r, widest),
        .n_cols = seed % 5 == 0 ? 1 : 1 + (size_t)sg_random_below(&r, widest),
        .n = seed % 11 == 0 ? 0 : 1 + (size_t)sg_random_below(&r, 70),
    };
    e.stride = sg_batch_stride(e.n + 1);
    e.w = random_array(&r, e.n_rows * e.n_cols);
    e.x = random_array(&r, e.n_cols * e.stride);
    e.d = random_array(&r, e.n_rows * e.stride);
    e.bias = random_array(&r, e.n_rows);
    spoil_padding(e.x, e.n_cols, &e);
    spoil_padding(e.d, e.n_rows, &e);
    return e;
}

static void free_example(example *e)
{
    sg_free(e->w);
    sg_free(e->x);
    sg_free(e->d);
    sg_free(e->bias);
}

/* A sum whose terms are a row of one matrix times a row or column of another. */
typedef struct dot {
    double sum;
    double magnitude;
} dot;

static void add_term(dot *t, float a, float b)
{
    t->sum += (double)a * (double)b;
    t->magnitude += fabs((double)a * (double)b);
}

/* A sum of n products of f32 in any order errs by at most about n eps times the sum of their
 * magnitudes. */
static void assert_near(const char *what, uint64_t seed, float got, const dot *t, size_t n)
{
    const double tolerance = ((double)n + 2.0) * 6e-8 * t->magnitude + 1e-12;
    if (!(fabs((double)got - t->sum) <= tolerance))
        fail_msg("%s, seed %lu: %g, not %g", what, seed, (double)got, t->sum);
}

static void multiplies_like_the_definition(void **state)
{
    (void)state;
    const sg_dense *dense = sg_dense_select();
    dense->enter();
    for (uint64_t seed = 1; seed <= 60; seed++) {
        example e = make_example(seed);
        const float *bias = seed % 3 ? e.bias : NULL;
        SG_AUTOFREE float *y = sg_alloc_aligned(e.n_rows * e.stride, sizeof *y);
        memset(y, 0xFF, e.n_rows * e.stride * sizeof *y); /* NaN */
        const sg_dense_multiply product = {{e.n_rows, e.n_cols, e.w}, bias, e.x, y, e.n, e.stride};
        dense->multiply(&product, 0, e.n_rows);
        for (size_t row = 0; row < e.n_rows; row++) {
            for (size_t s = 0; s < e.stride; s++) {
                dot t = {0};
                if (bias)
                    add_term(&t, bias[row], 1.0F);
                for (size_t c = 0; s < e.n && c < e.n_cols; c++)
                    add_term(&t, e.w[row * e.n_cols + c], e.x[c * e.stride + s]);
                assert_near("forward", seed, y[row * e.stride + s], &t, e.n_cols);
            }
        }
        free_example(&e);
    }
    dense->leave();
}

static void multiplies_the_transposed_like_the_definition(void **state)
{
    (void)state;
    const sg_dense *dense = sg_dense_select();
    dense->enter();
    for (uint64_t seed = 1; seed <= 60; seed++) {
        example e = make_example(seed);
        SG_AUTOFREE float *y = sg_alloc_aligned(e.n_cols * e.stride, sizeof *y);
        memset(y, 0xFF, e.n_cols * e.stride * sizeof *y);
        const sg_dense_multiply product = {{e.n_rows, e.n_cols, e.w}, NULL, e.d, y, e.n, e.stride};
        dense->multiply_transposed(&product, 0, e.n_cols);
        for (size_t col = 0; col < e.n_cols; col++) {
            for (size_t s = 0; s < e.stride; s++) {
                dot t = {0};
                for (size_t row = 0; s < e.n && row < e.n_rows; row++)
                    add_term(&t, e.w[row * e.n_cols + col], e.d[row * e.stride + s]);
                assert_near("backward", seed, y[col * e.stride + s], &t, e.n_rows);
            }
        }
        free_example(&e);
    }
    dense->leave();
}

static void takes_gradients_like_the_definition(void **state)
{
    (void)state;
    const sg_dense *dense = sg_dense_select();
    dense->enter();
    for (uint64_t seed = 1; seed <= 60; seed++) {
        example e = make_example(seed);
        SG_AUTOFREE float *g = sg_alloc_aligned(e.n_rows * e.n_cols, sizeof *g);
        memset(g, 0xFF, e.n_rows * e.n_cols * sizeof *g);
        const sg_dense_gradient product = {e.n_rows, e.n_cols, e.x, e.d, e.n, e.stride, g};
        dense->gradient(&product, 0, e.n_rows);
        for (size_t i = 0; i < e.n_rows * e.n_cols; i++) {
            dot t = {0};
            for (size_t s = 0; s < e.n; s++)
                add_term(&t, e.d[i / e.n_cols * e.stride + s], e.x[i % e.n_cols * e.stride + s]);
            assert_near("gradient", seed, g[i], &t, e.n);
        }
        free_example(&e);
    }
    dense->leave();
}

/* However the blocks of rows are dealt to threads, the bytes are those of one call. */
static void gives_the_same_bytes_block_by_block(void **state)
{
    (void)state;
    const sg_dense *dense = sg_dense_select();
    dense->enter();
    for (uint64_t seed = 4; seed <= 40; seed += 4) { /* the large ones */
        example e = make_example(seed);
        const size_t n = e.n_rows * (e.stride > e.n_cols ? e.stride : e.n_cols);
        SG_AUTOFREE float *whole = sg_alloc_aligned(n, sizeof *whole);
        SG_AUTOFREE float *parts = sg_alloc_aligned(n, sizeof *parts);
        sg_dense_multiply product = {{e.n_rows, e.n_cols, e.w}, e.bias, e.x, whole, e.n, e.stride};
        sg_dense_gradient gradient = {e.n_rows, e.n_cols, e.x, e.d, e.n, e.stride, whole};
        const size_t block = sg_dense_block(e.n_rows);
        const size_t last = (e.n_rows - 1) / block * block;

        dense->multiply(&product, 0, e.n_rows);
        product.y = parts;
        for (size_t at = last + block; at >= block; at -= block) /* the last block first */
            dense->multiply(&product, at - block, at < e.n_rows ? at : e.n_rows);
        assert_memory_equal(whole, parts, e.n_rows * e.stride * sizeof *whole);

        dense->gradient(&gradient, 0, e.n_rows);
        gradient.gradient = parts;
        for (size_t at = last + block; at >= block; at -= block)
            dense->gradient(&gradient, at - block, at < e.n_rows ? at : e.n_rows);
        assert_memory_equal(whole, parts, e.n_rows * e.n_cols * sizeof *whole);
        free_example(&e);
    }
    dense->leave();
}

static void cuts_rows_into_blocks_of_nearly_equal_size(void **state)
{
    (void)state;
    assert_int_equal(sg_dense_block(0), 1);
    assert_int_equal(sg_dense_block(1), 1);
    assert_int_equal(sg_dense_block(256), 256);
    assert_int_equal(sg_dense_block(784), 196);
    assert_int_equal(sg_dense_block(1000), 252);
    for (size_t n = 257; n < 5000; n++) {
        const size_t block = sg_dense_block(n);
        assert_true(block <= 256 && block % 4 == 0);
    }
}

/* GSL brings functions of the same names that are twenty times slower. */
static void finds_the_fast_library_under_the_name_that_it_calls(void **state)
{
    (void)state;
    Dl_info where = {0};
    void *found = dlsym(RTLD_DEFAULT, "cblas_sgemm");
    assert_non_null(found);
    assert_int_not_equal(dladdr(found, &where), 0);
    assert_non_null(strstr(where.dli_fname, "openblas"));
}

static void gives_the_process_its_number_of_threads_back(void **state)
{
    (void)state;
    const sg_dense *dense = sg_dense_select();
    int (*get)(void) = (int (*)(void))dlsym(RTLD_DEFAULT, "openblas_get_num_threads");
    void (*set)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "openblas_set_num_threads");
    assert_non_null(get);
    assert_non_null(set);
    const int before = get();
    set(2);
    dense->enter();
    assert_int_equal(get(), 1);
    dense->enter();
    dense->leave();
    assert_int_equal(get(), 1);
    dense->leave();
    assert_int_equal(get(), 2);
    set(before);
}

static void pays_from_seven_tenths_of_the_cells_on_where_both_layers_are_wide(void **state)
{
    (void)state;
    const bool built = sg_dense_select() != NULL;
    assert_int_equal(sg_dense_pays(1000, 1000, 1000000), built);
    assert_int_equal(sg_dense_pays(1000, 1000, 700000), built);
    assert_false(sg_dense_pays(1000, 1000, 699999));
    assert_int_equal(sg_dense_pays(16, 1000, 16000), built);
    assert_false(sg_dense_pays(10, 1000, 10000));
    assert_false(sg_dense_pays(1000, 10, 10000));
    assert_false(sg_dense_pays((size_t)1 << 31, 16, (size_t)1 << 35));
}

int main(void)
{
    const struct CMUnitTest always[] = {
        cmocka_unit_test(cuts_rows_into_blocks_of_nearly_equal_size),
        cmocka_unit_test(pays_from_seven_tenths_of_the_cells_on_where_both_layers_are_wide),
    };
    const struct CMUnitTest with_blas[] = {
        always[0],
        always[1],
        cmocka_unit_test(multiplies_like_the_definition),
        cmocka_unit_test(multiplies_the_transposed_like_the_definition),
        cmocka_unit_test(takes_gradients_like_the_definition),
        cmocka_unit_test(gives_the_same_bytes_block_by_block),
        cmocka_unit_test(finds_the_fast_library_under_the_name_that_it_calls),
        cmocka_unit_test(gives_the_process_its_number_of_threads_back),
    };
    return sg_dense_select() ? cmocka_run_group_tests_name("tests", with_blas, NULL, NULL)
                             : cmocka_run_group_tests_name("tests", always, NULL, NULL);
}
