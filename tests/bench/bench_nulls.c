/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random networks of given degrees: curveball trades and the configuration model on matrices of a
 * million links and of one layer of the reference network. Prints a table; judges nothing.
 */
#include "base/memory.h"
#include "base/random.h"
#include "graph/bicm.h"
#include "graph/curveball.h"
#include "sparse/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_REPEATS = 5 };

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *sample)
{
    qsort(sample, N_REPEATS, sizeof *sample, by_value);
    return sample[N_REPEATS / 2];
}

static void stop(const sg_error *err)
{
    (void)fprintf(stderr, "bench_nulls: %s\n", err->message);
    exit(EXIT_FAILURE);
}

static sg_csr *random_matrix(size_t n_rows, size_t n_cols, size_t n_links)
{
    sg_error err = {0};
    sg_csr *m = NULL;
    sg_random r;
    sg_random_open(&r, 1, SG_RANDOM_TOPOLOGY, 0, 0);
    if (sg_topology_exact(n_rows, n_cols, n_links, &r, &m, &err) != SG_OK)
        stop(&err);
    return m;
}

/* n_rounds = 0: until the overlap has levelled off. */
static void trades(const char *name, const sg_csr *m, size_t n_rounds)
{
    double s[N_REPEATS];
    sg_curveball_mixing mixing = {0};
    for (size_t i = 0; i < N_REPEATS; i++) {
        sg_error err = {0};
        sg_csr *mixed = NULL;
        sg_random r;
        sg_random_open(&r, i, SG_RANDOM_NULL, 0, 0);
        const double begin = now_s();
        if (sg_curveball(m, n_rounds, &r, &mixing, &mixed, &err) != SG_OK)
            stop(&err);
        s[i] = now_s() - begin;
        sg_csr_free(mixed);
    }
    const size_t n_side = m->n_rows < m->n_cols ? m->n_rows : m->n_cols;
    const double took = median(s);
    printf("%-34s %6zu x %-6zu %8zu %8.1f %10.4f %8.1f %8.4f\n", name, m->n_rows, m->n_cols,
           m->n_links, (double)mixing.n_trades / (double)n_side, took,
           1e9 * took / (double)m->n_links, mixing.in_common);
}

static void model(const char *name, const sg_csr *m)
{
    double s[N_REPEATS];
    for (size_t i = 0; i < N_REPEATS; i++) {
        sg_error err = {0};
        sg_csr *drawn = NULL;
        sg_bicm b = {0};
        sg_random r;
        sg_random_open(&r, i, SG_RANDOM_NULL, 0, 0);
        const double begin = now_s();
        if (sg_bicm_fit(m, &b, &err) != SG_OK || sg_bicm_draw(&b, &r, &drawn, &err) != SG_OK)
            stop(&err);
        s[i] = now_s() - begin;
        sg_bicm_clear(&b);
        sg_csr_free(drawn);
    }
    const double took = median(s);
    printf("%-34s %6zu x %-6zu %8zu %8s %10.4f %8.1f %8s\n", name, m->n_rows, m->n_cols, m->n_links,
           "-", took, 1e9 * took / (double)m->n_links, "-");
}

int main(void)
{
    sg_csr *layer = random_matrix(1000, 784, 35610);
    sg_csr *wide = random_matrix(10000, 10000, 1000000);
    sg_csr *full = random_matrix(2000, 1000, 1000000);
    printf("%-34s %15s %8s %8s %10s %8s %8s\n", "one core", "matrix", "links", "trades", "seconds",
           "ns/link", "overlap");
    printf("%-34s %15s %8s %8s %10s %8s %8s\n", "", "", "", "a row", "", "", "");
    trades("curveball, until levelled off", layer, 0);
    trades("curveball, 5 trades a row", wide, 10);
    trades("curveball, until levelled off", wide, 0);
    trades("curveball, 5 trades a row", full, 10);
    trades("curveball, until levelled off", full, 0);
    model("configuration model (BiCM)", layer);
    model("configuration model (BiCM)", wide);
    sg_csr_free(layer);
    sg_csr_free(wide);
    sg_csr_free(full);
    return EXIT_SUCCESS;
}
