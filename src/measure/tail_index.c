/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tail_index.h"

#include "base/random.h"
#include <math.h>
#include <stdlib.h>

/* How many of the largest values an estimator rests on: the double bootstrap. Two series of
 * samples, of n1 and n2 = n1^2/n values, each say where an estimator is best on samples of that
 * size; from the two follows where it is best on the whole. */

enum { VALUES_MIN = 20, LIFTS_MAX = 10 };

static const double search_end = 0.99; /* of the values, as the authors' code */
static const double search_half =
    0.5; /* of integers: noise makes the small ones a law of its own */
static const double second_share = 0.5; /* n2/n, as the authors' code */
static const double lift = 0.005;       /* a search that found a false minimum starts so higher */

/* Mean over samples of the squared error, per number of largest values. */
typedef struct errors {
    double *sum;   /* (n) */
    size_t *count; /* (n) samples that had one */
    size_t n;
} errors;

/* What the samples of one size said. */
typedef struct series {
    size_t size; /* values a sample */
    errors of[SG_N_TAIL_ESTIMATORS];
    size_t *drawn;  /* (n of the whole) how often each value */
    double *sample; /* (size) logarithms, descending */
    double *power;  /* (size) (i/size)^SG_TAIL_KERNEL_POWER */
} series;

static void series_clear(series *s)
{
    for (int e = 0; e < SG_N_TAIL_ESTIMATORS; e++) {
        sg_free(s->of[e].sum);
        sg_free(s->of[e].count);
    }
    sg_free(s->drawn);
    sg_free(s->sample);
    sg_free(s->power);
}

static sg_status series_make(size_t n, size_t size, series *ret, sg_error *err)
{
    series s = {.size = size,
                .drawn = SG_NEW_ARRAY(size_t, n),
                .sample = SG_NEW_ARRAY(double, size),
                .power = sg_tail_kernel_powers(size)};
    bool complete = s.drawn && s.sample && s.power;
    for (int e = 0; e < SG_N_TAIL_ESTIMATORS; e++) {
        errors *of = &s.of[e];
        of->n = e == SG_TAIL_KERNEL ? SG_TAIL_BANDWIDTHS : size;
        of->sum = SG_NEW_ARRAY(double, of->n);
        of->count = SG_NEW_ARRAY(size_t, of->n);
        complete = complete && of->sum && of->count;
    }
    if (!complete) {
        series_clear(&s);
        return sg_fail_memory(err, "estimating a tail index");
    }
    *ret = s;
    return SG_OK;
}

static void take(errors *e, size_t i, double difference)
{
    if (isfinite(difference)) {
        e->sum[i] += difference * difference;
        e->count[i]++;
    }
}

/* Two estimates of the same index whose difference shrinks as their errors do. */
static void take_moments(series *s)
{
    sg_tail_moments m = {0};
    for (size_t k = 1; k < s->size; k++) {
        sg_tail_moments_next(&m, s->sample[k - 1], s->sample[k]);
        take(&s->of[SG_TAIL_HILL], k, m.second - 2 * m.first * m.first);
        take(&s->of[SG_TAIL_MOMENTS], k, sg_tail_moments_index(&m) - sg_tail_moments_third(&m));
    }
}

static void take_kernels(series *s)
{
    sg_tail_kernel_pair pair[SG_TAIL_BANDWIDTHS];
    sg_tail_kernels(s->sample, s->power, s->size, pair);
    for (size_t i = 0; i < SG_TAIL_BANDWIDTHS; i++)
        take(&s->of[SG_TAIL_KERNEL], i, pair[i].biweight - pair[i].triweight);
}

/* Draws samples from the logarithms (n, descending) and sums up the errors. */
static void run_series(const double *logs, size_t n, const sg_tail_index_params *params,
                       uint32_t stream, series *s)
{
    for (size_t b = 0; b < params->n_bootstrap; b++) {
        sg_random random;
        sg_random_open(&random, params->seed, SG_RANDOM_TAIL_INDEX, stream, (uint32_t)b);
        for (size_t i = 0; i < n; i++)
            s->drawn[i] = 0;
        for (size_t i = 0; i < s->size; i++)
            s->drawn[sg_random_below(&random, n)]++;
        size_t at = 0; /* counted, the sample is sorted */
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < s->drawn[i]; j++)
                s->sample[at++] = logs[i];
        take_moments(s);
        take_kernels(s);
    }
}

/* The place in [low, high] with the smallest mean error, or 0. */
static size_t best_place(const errors *e, size_t n_samples, size_t low, size_t high)
{
    size_t best = 0;
    double smallest = INFINITY;

    for (size_t i = low; i <= high && i < e->n; i++) {
        if (2 * e->count[i] < n_samples || e->count[i] == 0)
            continue;
        const double mean = e->sum[i] / (double)e->count[i];
        if (mean < smallest) {
            smallest = mean;
            best = i;
        }
    }
    return best;
}

/* The best k of both series. A best k that does not grow with the sample is a false minimum. */
static bool best_pair(const series pair[2], sg_tail_estimator which, size_t n,
                      const sg_tail_index_params *params, double k[2])
{
    const double end = params->integers ? search_half : search_end;
    size_t found[2] = {0, 0};
    for (size_t i = 0; i <= LIFTS_MAX; i++) {
        const size_t low = 2 + i * (size_t)(lift * (double)n);
        for (int j = 0; j < 2; j++) {
            const size_t high = (size_t)(end * (double)pair[j].size);
            const size_t at = best_place(&pair[j].of[which], params->n_bootstrap, low, high);
            found[j] = at > 0 ? at : found[j];
        }
        if (found[1] < found[0])
            break;
    }
    k[0] = (double)found[0];
    k[1] = (double)(found[1] < found[0] ? found[1] : found[0]);
    return found[1] > 0 && found[0] > 1;
}

static size_t bounded(double k, size_t n)
{
    if (!(k >= 2))
        return 2;
    return k < (double)(n - 1) ? (size_t)k : n - 1;
}

static sg_tail_index named(double xi, size_t k)
{
    const double gamma = isnan(xi) ? NAN : xi > 0 ? 1 + 1 / xi : INFINITY;
    return (sg_tail_index){.xi = xi, .gamma = gamma, .k = isnan(xi) ? 0 : k};
}

/* The estimates of both moments' estimators that rest on k values. */
static double moments_at(const double *logs, size_t k, sg_tail_estimator which)
{
    sg_tail_moments m = {0};
    for (size_t i = 1; i <= k; i++)
        sg_tail_moments_next(&m, logs[i - 1], logs[i]);
    return which == SG_TAIL_HILL ? m.first : sg_tail_moments_index(&m);
}

static sg_tail_index estimate_by_k(const double *logs, size_t n, const series pair[2],
                                   sg_tail_estimator which, const sg_tail_index_params *params)
{
    double best[2];
    if (!best_pair(pair, which, n, params, best))
        return named(NAN, 0);
    const double n1 = (double)pair[0].size;
    const double factor =
        which == SG_TAIL_HILL
            ? sg_tail_hill_factor(n1, best[0])
            : sg_tail_moments_factor(moments_at(logs, (size_t)sqrt((double)n), SG_TAIL_MOMENTS), n1,
                                     best[0]);
    const double wanted = best[0] * best[0] / best[1] * factor;
    const size_t k = bounded(which == SG_TAIL_HILL ? round(wanted) : wanted, n);
    return named(moments_at(logs, k, which), k);
}

static sg_tail_index estimate_by_bandwidth(const double *logs, const double *power, size_t n,
                                           const series pair[2], size_t n_samples)
{
    double best[2];
    for (int j = 0; j < 2; j++) {
        size_t high = SG_TAIL_BANDWIDTHS - 1;
        while (high > 0 && sg_tail_bandwidth(pair[j].size, high) > search_end)
            high--;
        const size_t at = best_place(&pair[j].of[SG_TAIL_KERNEL], n_samples, 1, high);
        if (at == 0)
            return named(NAN, 0);
        best[j] = sg_tail_bandwidth(pair[j].size, at);
    }
    const double wanted =
        best[0] * best[0] / best[1] * sg_tail_kernel_factor((double)pair[0].size, best[0]);
    size_t nearest = 0;
    for (size_t i = 1; i < SG_TAIL_BANDWIDTHS; i++)
        if (fabs(sg_tail_bandwidth(n, i) - wanted) < fabs(sg_tail_bandwidth(n, nearest) - wanted))
            nearest = i;
    sg_tail_kernel_pair at[SG_TAIL_BANDWIDTHS];
    sg_tail_kernels(logs, power, n, at);
    return named(at[nearest].biweight, (size_t)(sg_tail_bandwidth(n, nearest) * (double)n));
}

static int descending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Spreads each run of equal integers (descending) evenly over +-1/2: noise with one number in each
 * of as many equal parts, so that the seed moves the estimates less than by free noise. */
static void spread_ties(double *x, size_t n, sg_random *random)
{
    for (size_t i = 0; i < n;) {
        const double value = x[i];
        size_t end = i;
        while (end < n && x[end] == value)
            end++;
        const double part = 1.0 / (double)(end - i);
        for (size_t j = end; j > i; j--)
            x[j - 1] = value - 0.5 + part * ((double)(end - j) + sg_random_unit(random));
        i = end;
    }
}

/* The logarithms of the positive values, with noise where they are integers; descending. */
static size_t take_logs(const double *values, size_t n, const sg_tail_index_params *params,
                        double *logs)
{
    sg_random random;
    sg_random_open(&random, params->seed, SG_RANDOM_TAIL_INDEX, 0, 0);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (values[i] > 0)
            logs[m++] = values[i];
    qsort(logs, m, sizeof *logs, descending);
    if (params->integers)
        spread_ties(logs, m, &random);
    while (m > 0 && !(logs[m - 1] > 0))
        m--;
    for (size_t i = 0; i < m; i++)
        logs[i] = log(logs[i]);
    return m;
}

static sg_status estimate(const double *logs, size_t n, const sg_tail_index_params *params,
                          sg_tail_indices *ret, sg_error *err)
{
    const size_t n2 = (size_t)(second_share * (double)n);
    const size_t n1 = (size_t)sqrt((double)n * (double)n2);
    SG_CLEANUP(series_clear) series first = {0};
    SG_CLEANUP(series_clear) series second = {0};
    SG_AUTOFREE double *power = sg_tail_kernel_powers(n);
    if (!power)
        return sg_fail_memory(err, "estimating a tail index");
    SG_TRY(series_make(n, n1, &first, err));
    SG_TRY(series_make(n, n2, &second, err));
    run_series(logs, n, params, 1, &first);
    run_series(logs, n, params, 2, &second);

    const series pair[2] = {first, second};
    for (sg_tail_estimator e = SG_TAIL_HILL; e < SG_TAIL_KERNEL; e++)
        ret->by[e] = estimate_by_k(logs, n, pair, e, params);
    ret->by[SG_TAIL_KERNEL] = estimate_by_bandwidth(logs, power, n, pair, params->n_bootstrap);
    return SG_OK;
}

sg_status sg_tail_indices_estimate(const double *values, size_t n,
                                   const sg_tail_index_params *params, sg_tail_indices *ret,
                                   sg_error *err)
{
    const sg_tail_index_params defaults = SG_TAIL_INDEX_PARAMS_DEFAULT;
    if (!params)
        params = &defaults;
    if (params->n_bootstrap == 0)
        return sg_fail(err, SG_EINVAL, "a tail index needs at least one bootstrap sample");
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return sg_fail(err, SG_EINVAL, "value %zu is not finite", i);
    SG_AUTOFREE double *logs = SG_NEW_ARRAY(double, n);
    if (!logs)
        return sg_fail_memory(err, "estimating a tail index");

    sg_tail_indices all = {.by = {named(NAN, 0), named(NAN, 0), named(NAN, 0)}};
    double low = INFINITY;
    double high = 0;
    for (size_t i = 0; i < n; i++) {
        low = values[i] > 0 ? fmin(low, values[i]) : low;
        high = fmax(high, values[i]);
    }
    const size_t m = take_logs(values, n, params, logs);
    if (m >= VALUES_MIN && low < high)
        SG_TRY(estimate(logs, m, params, &all, err));
    *ret = all;
    return SG_OK;
}

const char *sg_tail_estimator_name(sg_tail_estimator estimator)
{
    static const char *const names[] = {"Hill", "moments", "kernel"};
    return (unsigned)estimator < SG_COUNT(names) ? names[estimator] : "";
}
