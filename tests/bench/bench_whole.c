/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the measures of the whole network cost: CPU milliseconds, single thread, for a network of
 * the size that is trained every day and for one of ten million connections. Prints a table; judges
 * nothing.
 */
#include "base/memory.h"
#include "base/random.h"
#include "sparse/topology.h"
#include "sparsegraph/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The first measure of each family: what it computes, the others of the family share. */
static const char *const measures[] = {
    "neural_persistence", "path_centrality_gini", "receptive_field_mean",
    "diamonds",           "distance_mean",        "modularity",
};

static double cpu_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* For an unexpected failure: nothing to measure then. */
static void need(sg_status status, const sg_error *err)
{
    if (status == SG_OK)
        return;
    (void)fprintf(stderr, "bench_whole: %s\n", err->message);
    exit(EXIT_FAILURE);
}

/* A chain of layers with n_links random connections in each link, weights uniform in (-1, 1). */
static sg_snapshot *make_chain(const size_t *sizes, const size_t *n_links, size_t n_layers)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    sg_random r;
    sg_random_open(&r, 1, SG_RANDOM_TOPOLOGY, 0, 0);
    need(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < n_layers; i++) {
        char name[24];
        (void)snprintf(name, sizeof name, "L%zu", i);
        const sg_layer layer = {.name = name, .size = sizes[i]};
        need(sg_snapshot_add_layer(s, &layer, &err), &err);
    }
    for (size_t i = 0; i + 1 < n_layers; i++) {
        sg_csr *m = NULL;
        char name[24];
        (void)snprintf(name, sizeof name, "link%zu", i);
        need(sg_topology_exact(sizes[i + 1], sizes[i], n_links[i], &r, &m, &err), &err);
        if (!m->value)
            m->value = SG_NEW_ARRAY(float, m->n_links);
        for (size_t k = 0; m->value && k < m->n_links; k++)
            m->value[k] = (float)(2 * sg_random_unit(&r) - 1);
        need(sg_snapshot_add_link(s, name, i, i + 1, m, &err), &err);
    }
    return s;
}

/* Least CPU time of n_repeats measurements, each on a network not yet measured. */
static double best_s(const sg_snapshot *s, const sg_measure *measure, size_t n_repeats)
{
    double best = INFINITY;
    for (size_t i = 0; i < n_repeats; i++) {
        sg_measured *m = NULL;
        double value = 0;
        sg_error err = {0};
        const double begin = cpu_s();
        need(sg_measured_new(s, NULL, &m, &err), &err);
        need(sg_measure_value(measure, m, measure->scope == SG_SCOPE_LAYER, &value, &err), &err);
        best = fmin(best, cpu_s() - begin);
        sg_measured_free(m);
    }
    return best;
}

static void report(const char *title, const sg_snapshot *s, size_t n_repeats, bool linear_only)
{
    double sum = 0;
    printf("%s: %zu connections\n", title, sg_snapshot_n_connections(s));
    for (size_t i = 0; i < SG_COUNT(measures); i++) {
        const sg_measure *measure = sg_measure_find(measures[i]);
        if (!measure || (linear_only && measure->cost > SG_COST_SEARCH) ||
            (linear_only && measure->cost == SG_COST_WEDGES))
            continue;
        const double best = best_s(s, measure, n_repeats);
        printf("  %-24s %10.2f ms  %s\n", measure->name, 1e3 * best, sg_cost_name(measure->cost));
        if (measure->cost != SG_COST_COMMUNITIES)
            sum += best;
    }
    printf("  %-24s %10.2f ms\n", "together, no communities", 1e3 * sum);
}

int main(void)
{
    static const size_t sizes[] = {784, 1000, 1000, 1000, 10};
    static const size_t n_links[] = {30000, 30000, 30000, 5000};
    sg_snapshot *daily = make_chain(sizes, n_links, 5);
    report("784-1000-1000-1000-10", daily, 9, false);
    sg_snapshot_free(daily);

    static const size_t large_sizes[] = {784, 20000, 20000, 10};
    static const size_t large_n_links[] = {4000000, 5900000, 100000};
    sg_snapshot *large = make_chain(large_sizes, large_n_links, 4);
    report("784-20000-20000-10", large, 2, true);
    sg_snapshot_free(large);
    return 0;
}
