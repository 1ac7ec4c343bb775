/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From which density on a layer multiplies faster as a dense matrix: the sparse kernels beside BLAS
 * on one thread, in milliseconds of its processor time (the least of several calls, which other
 * programs on the machine disturb least). Prints tables; judges nothing.
 */
#include "base/memory.h"
#include "base/random.h"
#include "sparse/dense.h"
#include "sparse/kernels.h"
#include "sparse/topology.h"
#include "train/link.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BATCH = 100, N_REPEATS = 15 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A layer in both forms, with a batch. */
typedef struct bench_layer {
    const sg_kernels *kernels;
    const sg_dense *dense;
    sg_csr *matrix;
    sg_csr *transposed;
    uint32_t *position; /* of the transposed matrix's links */
    float *cells;       /* (n_rows, n_cols) */
    float *cell_gradient;
    float *gradient; /* (n_links) */
    float *x;        /* (n_cols, stride) */
    float *d;        /* (n_rows, stride) */
    float *y;        /* the larger of both */
    size_t stride;
} bench_layer;

static float *filled(size_t n)
{
    float *v = sg_alloc_aligned(n, sizeof *v);
    for (size_t i = 0; v && i < n; i++)
        v[i] = (float)(i % 17) * 0.01F;
    return v;
}

static bool make_layer(size_t n_in, size_t n_out, double density, bench_layer *b)
{
    sg_random random;
    sg_random_open(&random, 1, SG_RANDOM_TOPOLOGY, 0, 0);
    b->stride = sg_batch_stride(BATCH);
    b->dense = sg_dense_select();
    if (sg_kernels_select(&b->kernels, NULL) ||
        sg_topology_bernoulli(n_out, n_in, density, &random, &b->matrix, NULL))
        return false;
    const size_t n = b->matrix->n_links;
    uint64_t *from = SG_NEW_ARRAY(uint64_t, n);
    for (size_t k = 0; k < n; k++)
        b->matrix->value[k] = (float)(k % 13) * 0.01F;
    if (!from || sg_csr_transpose(b->matrix, from, &b->transposed, NULL))
        return false;
    b->position = SG_NEW_ARRAY(uint32_t, n);
    for (size_t k = 0; b->position && k < n; k++)
        b->position[k] = (uint32_t)from[k];
    sg_free(from);
    b->cells = filled(n_in * n_out);
    b->cell_gradient = filled(n_in * n_out);
    b->gradient = filled(n);
    b->x = filled(n_in * b->stride);
    b->d = filled(n_out * b->stride);
    b->y = filled((n_in > n_out ? n_in : n_out) * b->stride);
    return b->position && b->cells && b->cell_gradient && b->gradient && b->x && b->d && b->y;
}

static void free_layer(bench_layer *b)
{
    sg_csr_free(b->matrix);
    sg_csr_free(b->transposed);
    sg_free(b->position);
    sg_free(b->cells);
    sg_free(b->cell_gradient);
    sg_free(b->gradient);
    sg_free(b->x);
    sg_free(b->d);
    sg_free(b->y);
}

static void sparse_forward(bench_layer *b)
{
    const sg_csr *m = b->matrix;
    const sg_multiply product = {.matrix = {m->n_rows, m->row_start, m->col, m->value},
                                 .x = b->x,
                                 .y = b->y,
                                 .stride = b->stride,
                                 .prefetch = sg_prefetch_pays(m->n_cols, b->stride)};
    b->kernels->multiply(&product, 0, m->n_rows);
}

/* As training holds the layer: the weights of many links in the order of the index. */
static void sparse_backward(bench_layer *b)
{
    const sg_csr *t = b->transposed;
    const bool turned = t->n_links > SG_LINKS_IN_CACHE;
    const float *value = turned ? t->value : b->matrix->value;
    const sg_backward product = {.matrix = {t->n_rows, t->row_start, t->col, value},
                                 .position = turned ? NULL : b->position,
                                 .x = b->x,
                                 .d = b->d,
                                 .y = b->y,
                                 .stride = b->stride,
                                 .gradient = b->gradient,
                                 .prefetch = sg_prefetch_pays(t->n_cols, b->stride)};
    b->kernels->backward(&product, 0, t->n_rows);
}

static sg_dense_multiply dense_product(const bench_layer *b, const float *x)
{
    return (sg_dense_multiply){.matrix = {b->matrix->n_rows, b->matrix->n_cols, b->cells},
                               .x = x,
                               .y = b->y,
                               .n = BATCH,
                               .stride = b->stride};
}

static void dense_forward(bench_layer *b)
{
    const sg_dense_multiply product = dense_product(b, b->x);
    b->dense->multiply(&product, 0, b->matrix->n_rows);
}

static void dense_backward(bench_layer *b)
{
    const sg_dense_multiply product = dense_product(b, b->d);
    const sg_dense_gradient gradient = {.n_rows = b->matrix->n_rows,
                                        .n_cols = b->matrix->n_cols,
                                        .x = b->x,
                                        .d = b->d,
                                        .n = BATCH,
                                        .stride = b->stride,
                                        .gradient = b->cell_gradient};
    b->dense->gradient(&gradient, 0, b->matrix->n_rows);
    b->dense->multiply_transposed(&product, 0, b->matrix->n_cols);
}

/* What a layer with empty cells takes besides, once a batch: its weights into their cells, and the
 * gradients back. */
static void dense_copies(bench_layer *b)
{
    const sg_csr *m = b->matrix;
    for (size_t row = 0; row < m->n_rows; row++) {
        float *cells = b->cells + row * m->n_cols;
        const float *from = b->cell_gradient + row * m->n_cols;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            cells[m->col[k]] = m->value[k];
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            b->gradient[k] = from[m->col[k]];
    }
}

static double least_ms(bench_layer *b, void (*call)(bench_layer *b))
{
    double least = 1e9;
    call(b);
    for (int r = 0; r < N_REPEATS; r++) {
        const double begin = now_s();
        call(b);
        const double took = now_s() - begin;
        least = took < least ? took : least;
    }
    return 1e3 * least;
}

static bool print_row(size_t n_in, size_t n_out, double density)
{
    bench_layer b = {0};
    const bool made = make_layer(n_in, n_out, density, &b);
    if (made) {
        void (*const sparse[])(bench_layer *) = {sparse_forward, sparse_backward};
        void (*const dense[])(bench_layer *) = {dense_forward, dense_backward};
        double ours = 0.0;
        double blas = density < 1.0 ? least_ms(&b, dense_copies) : 0.0;
        printf("%6zu x %-6zu %8.3f ", n_in, n_out, density);
        for (size_t i = 0; i < SG_COUNT(sparse); i++) {
            const double s = least_ms(&b, sparse[i]);
            const double d = least_ms(&b, dense[i]);
            ours += s;
            blas += d;
            printf(" %8.3f %8.3f", s, d);
        }
        printf(" %8.3f %8.3f\n", ours, blas);
    }
    free_layer(&b);
    return made;
}

int main(void)
{
    static const double densities[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0};
    static const size_t shapes[][2] = {{784, 1000}, {1000, 1000}, {2000, 2000}};
    static const size_t narrow[] = {1, 4, 10, 16, 32, 64, 128};
    const sg_dense *dense = sg_dense_select();
    if (!dense) {
        printf("built without BLAS: nothing to compare\n");
        return 0;
    }
    dense->enter();
    printf("ms a batch of %d, one thread: sparse and dense; the sums of dense with its copies\n",
           BATCH);
    printf("%15s %8s  %17s %17s %17s\n", "in x out", "density", "forward", "both gradients", "sum");
    bool made = true;
    for (size_t s = 0; s < SG_COUNT(shapes); s++)
        for (size_t i = 0; i < SG_COUNT(densities); i++)
            made = made && print_row(shapes[s][0], shapes[s][1], densities[i]);
    for (size_t i = 0; i < SG_COUNT(narrow); i++)
        made = made && print_row(1000, narrow[i], 1.0);
    for (size_t i = 0; i < SG_COUNT(narrow); i++)
        made = made && print_row(narrow[i], 1000, 1.0);
    dense->leave();
    return made ? 0 : 1;
}
