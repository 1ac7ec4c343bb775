/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bootstrap replicate of the power law against plfit's (through igraph), in the same run: user
 * time of one thread, the least of several. Prints a table; judges nothing.
 */
#include "base/memory.h"
#include "base/random.h"
#include "sparsegraph/powerlaw.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

enum { N_REPEATS = 5, N_WORDS = 18855, N_NEURONS = 1000 };

/* The shape of Moby Dick's word counts: a body of small counts, a tail of alpha 1.953 from 7 on. */
static void fill_words(uint64_t *values)
{
    static const size_t body[] = {9161, 3085, 1629, 969, 631, 422};
    size_t n = 0;
    for (size_t k = 0; k < SG_COUNT(body); k++)
        for (size_t i = 0; i < body[k]; i++)
            values[n++] = k + 1;
    sg_random random;
    sg_random_open(&random, 2, SG_RANDOM_SAMPLE, 0, 0);
    while (n < N_WORDS) /* the continuous neighbour's inverse */
        values[n++] = (uint64_t)(6.5 * pow(1 - sg_random_unit(&random), -1 / 0.953) + 0.5);
}

/* The degrees of one side of random links: binomial. */
static void fill_degrees(uint64_t seed, uint64_t *values, size_t n, size_t n_other, double density)
{
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_TOPOLOGY, 0, 0);
    for (size_t i = 0; i < n; i++) {
        values[i] = 0;
        for (size_t j = 0; j < n_other; j++)
            values[i] += sg_random_unit(&random) < density;
    }
}

static double user_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds a replicate; *p gets the p-value. */
static double our_replicate_s(const uint64_t *values, size_t n, size_t n_replicates, double *p)
{
    const sg_powerlaw_params none = {.n_replicates = 0};
    const sg_powerlaw_params some = {.n_replicates = n_replicates, .seed = 1};
    double least = INFINITY;
    for (int i = 0; i < N_REPEATS; i++) {
        sg_powerlaw fit;
        const double begin = user_s();
        if (sg_powerlaw_fit(values, n, &none, &fit, NULL) != SG_OK)
            return NAN;
        const double middle = user_s();
        if (sg_powerlaw_fit(values, n, &some, &fit, NULL) != SG_OK)
            return NAN;
        least = fmin(least, (user_s() - middle) - (middle - begin));
        *p = fit.p_value;
    }
    return least / (double)n_replicates;
}

/* The same of plfit, for a precision of p that asks for as many. */
static double plfit_replicate_s(const uint64_t *values, size_t n, double precision, double *p)
{
    double *reals = SG_NEW_ARRAY(double, n);
    size_t n_positive = 0;
    if (!reals)
        return NAN;
    for (size_t i = 0; i < n; i++)
        if (values[i] > 0)
            reals[n_positive++] = (double)values[i];
    igraph_vector_t view;
    igraph_plfit_result_t fit;
    (void)igraph_vector_view(&view, reals, (igraph_integer_t)n_positive);
    double least = INFINITY;
    for (int i = 0; i < N_REPEATS; i++) {
        double unused = NAN;
        (void)igraph_power_law_fit(&view, &fit, -1, false);
        const double begin = user_s();
        if (igraph_plfit_result_calculate_p_value(&fit, i == 0 ? p : &unused, precision) !=
            IGRAPH_SUCCESS)
            break;
        least = fmin(least, user_s() - begin);
    }
    sg_free(reals);
    return least / (0.25 / (precision * precision));
}

static void compare(const char *name, const uint64_t *values, size_t n, size_t n_replicates)
{
    double p = NAN;
    double p_plfit = NAN;
    const double precision = 0.05; /* 100 replicates */
    const double ours = our_replicate_s(values, n, n_replicates, &p);
    const double theirs = plfit_replicate_s(values, n, precision, &p_plfit);

    printf("%-34s %8zu %9.1f %9.1f %8.1f   %.3f  %.2f\n", name, n, 1e6 * ours, 1e6 * theirs,
           theirs / ours, p, p_plfit);
}

/* Both sides of every link of 784-1000-1000-1000-10 with 95,000 links, 1000 replicates each. */
static void time_network(void)
{
    static const struct {
        size_t n;
        size_t n_other;
        double density;
    } sides[] = {{1000, 784, 0.035}, {784, 1000, 0.035}, {1000, 1000, 0.03}, {1000, 1000, 0.03},
                 {1000, 1000, 0.03}, {1000, 1000, 0.03}, {10, 1000, 0.75},   {1000, 10, 0.75}};
    const sg_powerlaw_params params = {.n_replicates = 1000, .seed = 1};
    static uint64_t degrees[N_NEURONS];
    double least = INFINITY;
    for (int i = 0; i < N_REPEATS; i++) {
        double sum = 0;
        for (size_t k = 0; k < SG_COUNT(sides); k++) {
            sg_powerlaw fit;
            fill_degrees(k + 1, degrees, sides[k].n, sides[k].n_other, sides[k].density);
            const double begin = user_s();
            if (sg_powerlaw_fit(degrees, sides[k].n, &params, &fit, NULL) != SG_OK)
                return;
            sum += user_s() - begin;
        }
        least = fmin(least, sum);
    }
    printf(
        "\n784-1000-1000-1000-10, both sides of every link, 1000 replicates and the alternatives: "
        "%.0f ms a network, %.1f s for 100 epochs on one core\n",
        1e3 * least, 100 * least);
}

int main(void)
{
    static uint64_t words[N_WORDS];
    static uint64_t degrees[N_NEURONS];

    fill_words(words);
    fill_degrees(1, degrees, N_NEURONS, 1000, 0.02);
    printf("microseconds of a bootstrap replicate       n      ours     plfit    ratio   p      "
           "p of plfit\n");
    compare("word counts (18,855; alpha 1.95)", words, N_WORDS, 400);
    compare("degrees of an Erdős–Rényi layer", degrees, N_NEURONS, 2000);
    time_network();
    return 0;
}
