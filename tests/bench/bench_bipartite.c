/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the measures of links cost, in CPU seconds of one core: pair overlaps by the wedge, each
 * measure on a trained network's size, and the linear ones on 10^7 connections. Prints a table;
 * judges nothing.
 */
#include "base/memory.h"
#include "measure/measured.h"
#include "measure/overlap.h"
#include "sparse/topology.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_REPEATS = 5 };

static double cpu_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(sg_status status, const sg_error *err)
{
    if (status == SG_OK)
        return;
    (void)fprintf(stderr, "%s\n", err->message);
    exit(EXIT_FAILURE);
}

static sg_csr *random_link(size_t n_rows, size_t n_cols, size_t n_links)
{
    sg_random random;
    sg_error err = {0};
    sg_csr *m = NULL;
    sg_random_open(&random, 1, SG_RANDOM_TOPOLOGY, 0, 0);
    must(sg_topology_exact(n_rows, n_cols, n_links, &random, &m, &err), &err);
    return m;
}

/* sum of C(d, 2) over the columns */
static double wedges_of(const sg_csr *m)
{
    uint64_t *degree = SG_NEW_ARRAY(uint64_t, m->n_cols);
    if (!degree)
        exit(EXIT_FAILURE);
    for (size_t k = 0; k < m->n_links; k++)
        degree[m->col[k]]++;
    const double wedges = sg_wedges(degree, m->n_cols);
    sg_free(degree);
    return wedges;
}

static void time_overlaps(size_t n_rows, size_t n_cols, size_t n_links)
{
    sg_csr *m = random_link(n_rows, n_cols, n_links);
    const double wedges = wedges_of(m);
    double best_s = HUGE_VAL;
    double alone_s = HUGE_VAL;
    for (int i = 0; i < N_REPEATS; i++) {
        sg_error err = {0};
        sg_overlap overlap = {0};
        double butterflies = 0;
        const double begin_s = cpu_s();
        must(sg_butterflies_count(m, SG_SIDE_IN, &butterflies, &err), &err);
        const double counted_s = cpu_s();
        must(sg_overlap_count(m, SG_SIDE_IN, &overlap, &err), &err);
        alone_s = fmin(alone_s, counted_s - begin_s);
        best_s = fmin(best_s, cpu_s() - counted_s);
    }
    printf("%8zu x %-8zu %9zu %11.4g %12.2f %12.2f\n", n_rows, n_cols, n_links, wedges,
           1e9 * alone_s / wedges, 1e9 * best_s / wedges);
    sg_csr_free(m);
}

static sg_snapshot *network(const size_t *size, size_t n_layers, double epsilon)
{
    sg_error err = {0};
    sg_snapshot *s = NULL;
    must(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < n_layers; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "layer%zu", i);
        const sg_layer layer = {.name = i ? name : "input", .size = size[i]};
        must(sg_snapshot_add_layer(s, &layer, &err), &err);
    }
    SG_AUTOFREE float *variance = SG_NEW_ARRAY(float, size[0]);
    for (size_t i = 0; variance && i < size[0]; i++)
        variance[i] = (float)(i % 97);
    const sg_tensor tensor = {
        .name = "input.variance", .n_dims = 1, .shape = {size[0]}, .value = variance};
    must(sg_snapshot_add_tensor(s, &tensor, &err), &err);
    for (size_t i = 0; i + 1 < n_layers; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "link%zu", i);
        const double cells = (double)size[i] * (double)size[i + 1];
        const double n = fmin(cells, epsilon * (double)(size[i] + size[i + 1]));
        must(sg_snapshot_add_link(s, name, i, i + 1, random_link(size[i + 1], size[i], (size_t)n),
                                  &err),
             &err);
    }
    return s;
}

/* Measures one network anew for each repeat; the cost of what is shared falls on the first. */
static void time_measures(const sg_snapshot *s, const char *const *names, size_t n_names)
{
    double *best_s = SG_NEW_ARRAY(double, n_names);
    if (!best_s)
        exit(EXIT_FAILURE);
    for (int r = 0; r < N_REPEATS; r++) {
        sg_error err = {0};
        sg_measured *m = NULL;
        must(sg_measured_new(s, NULL, &m, &err), &err);
        for (size_t i = 0; i < n_names; i++) {
            const double begin_s = cpu_s();
            for (size_t link = 0; link < sg_snapshot_n_links(s); link++) {
                double value;
                must(sg_measure_value(sg_measure_find(names[i]), m, link, &value, &err), &err);
            }
            const double took_s = cpu_s() - begin_s;
            best_s[i] = r > 0 ? fmin(best_s[i], took_s) : took_s;
        }
        sg_measured_free(m);
    }
    double all_s = 0;
    for (size_t i = 0; i < n_names; i++) {
        printf("%-28s %10.2f ms\n", names[i], 1e3 * best_s[i]);
        all_s += best_s[i];
    }
    printf("%-28s %10.2f ms\n\n", "all of these", 1e3 * all_s);
    sg_free(best_s);
}

int main(void)
{
    printf("rows x columns      connections      wedges   butterflies, ns  all overlaps, ns a "
           "wedge\n");
    time_overlaps(1000, 784, 35680);
    time_overlaps(1000, 1000, 40000);
    time_overlaps(1000, 1000, 200000);
    time_overlaps(1000, 1000, 1000000);
    time_overlaps(20000, 20000, 400000);
    time_overlaps(100000, 100000, 1000000);

    static const size_t mlp[] = {784, 1000, 1000, 1000, 10};
    static const char *const all[] = {"in_degree_entropy", "in_latapy_dot", "out_latapy_dot",
                                      "butterflies",       "nodf",          "degree_correlation",
                                      "rich_club",         "singular_1",    "input_variance_rho",
                                      "barber_modularity", "barber_modules"};
    sg_snapshot *s = network(mlp, SG_COUNT(mlp), 15);
    printf("\n784-1000-1000-1000-10, %zu connections\n", sg_snapshot_n_connections(s));
    time_measures(s, all, SG_COUNT(all));
    sg_snapshot_free(s);

    static const size_t wide[] = {100000, 100000};
    static const char *const linear[] = {"in_degree_entropy", "degree_correlation"};
    s = network(wide, SG_COUNT(wide), 50);
    printf("100000-100000, %zu connections\n", sg_snapshot_n_connections(s));
    time_measures(s, linear, SG_COUNT(linear));
    sg_snapshot_free(s);
    return EXIT_SUCCESS;
}
