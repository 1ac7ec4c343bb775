/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernels against the limit of this machine: GFLOP/s and the share of the multiply-add peak
 * that is measured in the same run. Prints a table; judges nothing.
 */
#include "base/memory.h"
#include "base/random.h"
#include "fma_peak.h"
#include "sparse/kernels.h"
#include "sparse/topology.h"
#include "train/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef _OPENMP
#include <omp.h>
#endif

enum { N_REPEATS = 7 };

extern const fma_peak fma_peak_plain;
#if SG_HAVE_X86_LEVELS
extern const fma_peak fma_peak_v3;
extern const fma_peak fma_peak_v4;
#endif

static const fma_peak *const peaks[] = {
    &fma_peak_plain,
#if SG_HAVE_X86_LEVELS
    &fma_peak_v3,
    &fma_peak_v4,
#endif
};

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Returns the median seconds of a call, each sample long enough to trust the clock. */
static double median_s(void (*call)(void *user), void *user)
{
    double sample[N_REPEATS];
    size_t n_calls = 1;
    for (;;) {
        const double begin = now_s();
        for (size_t i = 0; i < n_calls; i++)
            call(user);
        if (now_s() - begin > 0.02)
            break;
        n_calls *= 2;
    }
    for (size_t r = 0; r < N_REPEATS; r++) {
        const double begin = now_s();
        for (size_t i = 0; i < n_calls; i++)
            call(user);
        sample[r] = (now_s() - begin) / (double)n_calls;
    }
    qsort(sample, N_REPEATS, sizeof *sample, by_value);
    return sample[N_REPEATS / 2];
}

typedef struct peak_call {
    const fma_peak *peak;
    int n_threads;
    double sink;
} peak_call;

enum { PEAK_ROUNDS = 200000 };

static void call_peak(void *user)
{
    peak_call *c = user;
    double sink = 0.0;
#pragma omp parallel num_threads(c->n_threads) reduction(+ : sink)
    sink += c->peak->run(PEAK_ROUNDS, 0.999F);
    c->sink = sink;
}

static double peak_gflops(const char *name, int n_threads)
{
    for (size_t i = 0; i < SG_COUNT(peaks); i++) {
        if (strcmp(peaks[i]->name, name) != 0)
            continue;
        peak_call call = {.peak = peaks[i], .n_threads = n_threads};
        const double flop = peaks[i]->flop_a_round * PEAK_ROUNDS * n_threads;
        return flop / median_s(call_peak, &call) * 1e-9;
    }
    return 0.0;
}

typedef struct triad {
    size_t n;
    double *a;
    double *b;
    double *c;
    int n_threads;
} triad;

static void call_triad(void *user)
{
    triad *t = user;
#pragma omp parallel for num_threads(t->n_threads) schedule(static)
    for (size_t i = 0; i < t->n; i++)
        t->a[i] = t->b[i] + 3.0 * t->c[i];
}

/* STREAM's triad: 24 bytes an element, on arrays far larger than any cache. */
static double triad_gb_s(int n_threads)
{
    triad t = {.n = (size_t)8 << 20, .n_threads = n_threads};
    t.a = sg_alloc_aligned(t.n, sizeof *t.a);
    t.b = sg_alloc_aligned(t.n, sizeof *t.b);
    t.c = sg_alloc_aligned(t.n, sizeof *t.c);
    double rate = 0.0;
    if (t.a && t.b && t.c) {
        memset(t.a, 0, t.n * sizeof *t.a);
        memset(t.b, 0, t.n * sizeof *t.b);
        memset(t.c, 0, t.n * sizeof *t.c);
        rate = 24.0 * (double)t.n / median_s(call_triad, &t) * 1e-9;
    }
    sg_free(t.a);
    sg_free(t.b);
    sg_free(t.c);
    return rate;
}

/* The activations of some of a batch's samples, and the gradient that they give. */
typedef struct bench_group {
    float *x;
    float *d;
    float *y;
    float *gradient;
} bench_group;

enum { N_GROUPS = 2 };

/* One layer with its batch, as training holds it: the batch is cut into two groups. */
typedef struct bench_layer {
    const sg_kernels *kernels;
    int n_threads;
    sg_csr *matrix;
    sg_csr *transposed;
    uint32_t *position;
    bench_group group[N_GROUPS];
    size_t stride;
} bench_layer;

/* A group of a layer, for the kernels. */
typedef struct bench_part {
    const bench_layer *layer;
    const bench_group *group;
} bench_part;

static float *filled(size_t n)
{
    float *v = sg_alloc_aligned(n, sizeof *v);
    for (size_t i = 0; v && i < n; i++)
        v[i] = (float)(i % 17) * 0.01F;
    return v;
}

static bool make_layer(size_t n_in, size_t n_out, size_t batch, bench_layer *ret)
{
    sg_random random;
    sg_random_open(&random, 1, SG_RANDOM_TOPOLOGY, 0, 0);
    bench_layer b = {0};
    b.stride = sg_batch_stride(batch / N_GROUPS);
    if (sg_topology_bernoulli(n_out, n_in, sg_er_density(20.0, n_in, n_out), &random, &b.matrix,
                              NULL))
        return false;
    const size_t n = b.matrix->n_links;
    uint64_t *from = SG_NEW_ARRAY(uint64_t, n);
    b.position = SG_NEW_ARRAY(uint32_t, n);
    for (size_t k = 0; k < n; k++)
        b.matrix->value[k] = (float)(k % 13) * 0.01F;
    if (!from || !b.position || sg_csr_transpose(b.matrix, from, &b.transposed, NULL))
        return false;
    for (size_t k = 0; k < n; k++)
        b.position[k] = (uint32_t)from[k];
    sg_free(from);
    const size_t widest = n_in > n_out ? n_in : n_out;
    bool made = true;
    for (size_t g = 0; g < N_GROUPS; g++) {
        bench_group *group = &b.group[g];
        group->x = filled(widest * b.stride);
        group->d = filled(widest * b.stride);
        group->y = filled(widest * b.stride);
        group->gradient = filled(n);
        made = made && group->x && group->d && group->y && group->gradient;
    }
    *ret = b;
    return made;
}

static void free_layer(bench_layer *b)
{
    sg_csr_free(b->matrix);
    sg_csr_free(b->transposed);
    sg_free(b->position);
    for (size_t g = 0; g < N_GROUPS; g++) {
        sg_free(b->group[g].x);
        sg_free(b->group[g].d);
        sg_free(b->group[g].y);
        sg_free(b->group[g].gradient);
    }
}

static void forward_rows(void *user, size_t begin, size_t end)
{
    const bench_part *part = user;
    const bench_layer *b = part->layer;
    const sg_csr *m = b->matrix;
    const sg_multiply product = {.matrix = {m->n_rows, m->row_start, m->col, m->value},
                                 .x = part->group->x,
                                 .y = part->group->y,
                                 .stride = b->stride,
                                 .prefetch = sg_prefetch_pays(m->n_cols, b->stride)};
    b->kernels->multiply(&product, begin, end);
}

/* By the matrix's own rows, as the first layer's of a small network. */
static void gradient_rows(void *user, size_t begin, size_t end)
{
    const bench_part *part = user;
    const bench_layer *b = part->layer;
    const sg_csr *m = b->matrix;
    const sg_backward product = {.matrix = {m->n_rows, m->row_start, m->col, NULL},
                                 .x = part->group->d,
                                 .d = part->group->x,
                                 .stride = b->stride,
                                 .gradient = part->group->gradient,
                                 .prefetch = sg_prefetch_pays(m->n_cols, b->stride)};
    b->kernels->backward(&product, begin, end);
}

/* The weights of large layers lie in the order of the index, others are looked up. */
static void backward_rows(void *user, size_t begin, size_t end)
{
    const bench_part *part = user;
    const bench_layer *b = part->layer;
    const sg_csr *t = b->transposed;
    const bool turned = t->n_links > SG_LINKS_IN_CACHE;
    const float *value = turned ? t->value : b->matrix->value;
    const sg_backward product = {.matrix = {t->n_rows, t->row_start, t->col, value},
                                 .position = turned ? NULL : b->position,
                                 .x = part->group->x,
                                 .d = part->group->d,
                                 .y = part->group->y,
                                 .stride = b->stride,
                                 .gradient = part->group->gradient,
                                 .prefetch = sg_prefetch_pays(t->n_cols, b->stride)};
    b->kernels->backward(&product, begin, end);
}

typedef struct kernel_call {
    bench_layer *layer;
    void (*rows)(void *user, size_t begin, size_t end);
    size_t n_rows;
} kernel_call;

/* As training deals them: half of the threads to each group, and its rows to them in blocks. */
static void call_kernel(void *user)
{
    enum { ROWS_A_BLOCK = 16 };
    const kernel_call *c = user;
    const bench_layer *b = c->layer;
    const size_t n_blocks = (c->n_rows + ROWS_A_BLOCK - 1) / ROWS_A_BLOCK;
#pragma omp parallel for num_threads(b->n_threads) schedule(static)
    for (size_t i = 0; i < N_GROUPS * n_blocks; i++) {
        bench_part part = {b, &b->group[i / n_blocks]};
        const size_t begin = i % n_blocks * ROWS_A_BLOCK;
        const size_t end = begin + ROWS_A_BLOCK;
        c->rows(&part, begin, end < c->n_rows ? end : c->n_rows);
    }
}

/* Padding is not counted as work. */
static void print_row(bench_layer *b, size_t batch, double peak)
{
    const struct {
        const char *name;
        void (*rows)(void *user, size_t begin, size_t end);
        size_t n_rows;
        double flop; /* a link and sample */
    } kernels[] = {
        {"forward", forward_rows, b->matrix->n_rows, 2.0},
        {"weight gradient", gradient_rows, b->matrix->n_rows, 2.0},
        {"both gradients", backward_rows, b->matrix->n_cols, 4.0},
    };
    for (size_t i = 0; i < SG_COUNT(kernels); i++) {
        kernel_call call = {b, kernels[i].rows, kernels[i].n_rows};
        const double flop = kernels[i].flop * (double)b->matrix->n_links * (double)batch;
        const double gflops = flop / median_s(call_kernel, &call) * 1e-9;
        printf("%-9s %6zu x %-6zu %9zu %7d  %-16s %8.1f %7.1f %%\n", b->kernels->name,
               b->matrix->n_cols, b->matrix->n_rows, b->matrix->n_links, b->n_threads,
               kernels[i].name, gflops, 100.0 * gflops / peak);
    }
}

int main(void)
{
    static const size_t shapes[][2] = {{784, 1000}, {1000, 1000}, {30000, 30000}};
    enum { BATCH = 100 };
#ifdef _OPENMP
    const int most_threads = omp_get_max_threads();
#else
    const int most_threads = 1;
#endif
    for (int n_threads = 1; n_threads <= most_threads; n_threads++)
        printf("STREAM triad, %d thread%s: %.1f GB/s\n", n_threads, n_threads > 1 ? "s" : "",
               triad_gb_s(n_threads));
    printf(
        "\nbatch %d, epsilon 20; share of the FMA peak of the same instruction set and threads\n",
        BATCH);
    printf("%-9s %15s %9s %7s  %-16s %8s %9s\n", "kernels", "in x out", "links", "threads",
           "kernel", "GFLOP/s", "of peak");
    const sg_kernels *kernels = NULL;
    for (size_t i = 0; (kernels = sg_kernels_at(i)); i++) {
        for (int n_threads = 1; n_threads <= most_threads; n_threads++) {
            const double peak = peak_gflops(kernels->name, n_threads);
            printf("%-9s %15s %9s %7d  %-16s %8.1f %7.1f %%\n", kernels->name, "", "", n_threads,
                   "FMA peak", peak, 100.0);
            for (size_t s = 0; s < SG_COUNT(shapes); s++) {
                bench_layer layer = {0};
                if (!make_layer(shapes[s][0], shapes[s][1], BATCH, &layer))
                    return 1;
                layer.kernels = kernels;
                layer.n_threads = n_threads;
                print_row(&layer, BATCH, peak);
                free_layer(&layer);
            }
        }
    }
    return 0;
}
