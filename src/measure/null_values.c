/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/null_values.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include <math.h>
#include <stdlib.h>

SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)
SG_DEFINE_CLEANUP(sg_measured, sg_measured_free)

/* The two random networks of one index: one a kind of null, NULL where no measure asks for it. */
typedef struct null_pair {
    uint32_t index;
    sg_snapshot *network[SG_NULL_DEGREES + 1];
    sg_measured *measured[SG_NULL_DEGREES + 1];
    bool levelled;
} null_pair;

static void pair_clear(null_pair *p)
{
    for (sg_null kind = SG_NULL_RANDOM; kind <= SG_NULL_DEGREES; kind++) {
        sg_measured_free(p->measured[kind]);
        sg_snapshot_free(p->network[kind]);
    }
}

static bool asks_for(const sg_measure_list *list, sg_null kind)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->has_nulls[i] && list->at[i]->null == kind)
            return true;
    return false;
}

/* Every epoch has its own random networks: a strange one must not stand against all of them. */
static uint64_t seed_of_epoch(uint64_t seed, long epoch)
{
    enum { SEEDS = 0xffffff }; /* a stream that no link draws from */
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_NULL, SEEDS, (uint32_t)epoch);
    return sg_random_u64(&random);
}

static sg_status pair_draw(const sg_snapshot *s, const sg_measured_params *against,
                           const sg_measure_list *list, const sg_null_batch *batch, null_pair *p,
                           sg_error *err)
{
    const sg_null_model model[] = {
        [SG_NULL_RANDOM] = SG_NULL_MODEL_RANDOM, [SG_NULL_DEGREES] = batch->degrees_model};
    sg_measured_params params = *against;
    params.n_bootstrap = 0;
    if (params.start == s) /* the start differs in nothing from itself: that is no finding */
        params.start = NULL;
    p->levelled = true;
    for (sg_null kind = SG_NULL_RANDOM; kind <= SG_NULL_DEGREES; kind++) {
        if (!asks_for(list, kind))
            continue;
        const sg_null_params how = {.model = model[kind],
                                    .seed = seed_of_epoch(against->seed, against->epoch),
                                    .index = p->index};
        sg_null_drawn drawn = {0};
        SG_TRY(sg_null_network(s, &how, &drawn, &p->network[kind], err));
        SG_TRY(sg_measured_new(p->network[kind], &params, &p->measured[kind], err));
        p->levelled = p->levelled && drawn.levelled;
    }
    return SG_OK;
}

static sg_status add_subject(sg_json *values, null_pair *p, const sg_measure_list *list,
                             sg_scope scope, size_t subject, sg_error *err)
{
    for (size_t k = 0; k < list->n; k++) {
        const sg_measure *measure = list->at[k];
        if (measure->scope != scope || !list->has_nulls[k])
            continue;
        double value = 0;
        SG_TRY(sg_measure_value(measure, p->measured[measure->null], subject, &value, err));
        sg_json_push_number(values, value);
    }
    return SG_OK;
}

/* In the order in which sg_analysis_describe() lists a network's values. */
static sg_status add_network(sg_json *values, const sg_measured *like, null_pair *p,
                             const sg_measure_list *list, sg_error *err)
{
    for (sg_scope scope = SG_SCOPE_LINK; scope <= SG_SCOPE_WHOLE; scope++)
        for (size_t i = 0; i < sg_measured_n_subjects(like, scope); i++)
            SG_TRY(add_subject(values, p, list, scope, i, err));
    return SG_OK;
}

sg_status sg_null_values(const sg_snapshot *s, const sg_measured_params *against,
                         const sg_measure_list *list, const sg_null_batch *batch, char **ret,
                         sg_error *err)
{
    SG_CLEANUP(sg_measured_free_cleanup_) sg_measured *like = NULL;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *object = sg_json_object();
    if (!object)
        return sg_fail_memory(err, "measuring random networks");
    SG_TRY(sg_measured_new(s, against, &like, err));
    sg_json *networks = sg_json_add_array(object, "values");
    bool levelled = true;
    for (uint32_t i = batch->first; i < batch->first + batch->n; i++) {
        SG_CLEANUP(pair_clear) null_pair pair = {.index = i};
        SG_TRY(pair_draw(s, against, list, batch, &pair, err));
        SG_TRY(add_network(sg_json_push_array(networks), like, &pair, list, err));
        levelled = levelled && pair.levelled;
    }
    sg_json_add_bool(object, "levelled", levelled);
    return sg_json_print(object, false, ret, err);
}

void sg_null_sample_clear(sg_null_sample *sample)
{
    sg_free(sample->value);
    *sample = (sg_null_sample){0};
}

/* The snapshot that was taken last. */
static const sg_analysed_snapshot *last_of(const sg_analysis *a)
{
    return &a->snapshots[a->n_snapshots - 1];
}

static bool row_has_nulls(const sg_measure_list *list, const sg_analysis_row *row)
{
    for (size_t k = 0; k < list->n; k++)
        if (list->at[k]->name == row->measure)
            return list->has_nulls[k];
    return false;
}

sg_status sg_null_sample_open(const sg_analysis *a, const sg_measure_list *list, size_t n_nulls,
                              sg_null_sample *ret, sg_error *err)
{
    const sg_analysed_snapshot *s = last_of(a);
    sg_null_sample sample = {.n_nulls = n_nulls};
    for (size_t i = s->first_row; i < s->first_row + s->n_rows; i++)
        sample.n_rows += row_has_nulls(list, &a->rows[i]);
    sample.value = sg_alloc(sample.n_rows, n_nulls * sizeof *sample.value);
    if (!sample.value)
        return sg_fail_memory(err, "collecting the values of random networks");
    sg_null_sample_clear(ret);
    *ret = sample;
    return SG_OK;
}

sg_status sg_null_sample_add(sg_null_sample *sample, const sg_json *values, sg_error *err)
{
    for (const sg_json *network = sg_json_first(values); network;
         network = sg_json_next(network), sample->n++) {
        if (sample->n == sample->n_nulls || sg_json_count(network) != sample->n_rows)
            return sg_fail(err, SG_EFORMAT, "a worker sent values of other random networks");
        size_t row = 0;
        for (const sg_json *j = sg_json_first(network); j; j = sg_json_next(j), row++) {
            double value = NAN; /* null */
            (void)sg_json_number(j, &value);
            sample->value[row * sample->n_nulls + sample->n] = value;
        }
    }
    return SG_OK;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the order statistics, as R's type 7 and NumPy's default. */
static double quantile(const double *sorted, size_t n, double p)
{
    const double at = p * (double)(n - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

/* Values that sum up differently by rounding alone are equal. */
static const double rounding = 1e-12;

void sg_row_compare_to_nulls(sg_analysis_row *row)
{
    double difference = row->value - row->null_mean;
    if (fabs(difference) <= rounding * fabs(row->null_mean))
        difference = 0;
    row->z = row->null_sd > 0 ? difference / row->null_sd : NAN;
    const bool has_scale = fabs(row->null_mean) > 0 && !(fabs(row->null_mean) <= row->null_sd);
    row->effect = has_scale ? difference / fabs(row->null_mean) : NAN;
}

static void summarise(double *value, size_t n, sg_analysis_row *row)
{
    size_t n_defined = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(value[i]))
            value[n_defined++] = value[i];
    row->n_nulls = n_defined;
    if (n_defined == 0)
        return;
    qsort(value, n_defined, sizeof *value, ascending);
    double sum = 0;
    double squares = 0;
    size_t n_below = 0;
    size_t n_above = 0;
    for (size_t i = 0; i < n_defined; i++)
        sum += value[i];
    row->null_mean = sum / (double)n_defined;
    for (size_t i = 0; i < n_defined; i++) {
        squares += (value[i] - row->null_mean) * (value[i] - row->null_mean);
        n_below += value[i] <= row->value;
        n_above += value[i] >= row->value;
    }
    if (n_defined > 1) {
        row->null_sd = sqrt(squares / (double)(n_defined - 1));
        if (row->null_sd <= rounding * fabs(row->null_mean))
            row->null_sd = 0;
    }
    row->null_low = quantile(value, n_defined, 0.025);
    row->null_high = quantile(value, n_defined, 0.975);
    if (!isnan(row->value)) {
        const double extreme = 1.0 + (double)(n_below < n_above ? n_below : n_above);
        row->p_null = fmin(1, 2 * extreme / ((double)n_defined + 1));
    }
    sg_row_compare_to_nulls(row);
}

void sg_null_sample_close(sg_null_sample *sample, const sg_measure_list *list, sg_analysis *a)
{
    const sg_analysed_snapshot *s = last_of(a);
    size_t at = 0;
    for (size_t i = s->first_row; i < s->first_row + s->n_rows; i++)
        if (row_has_nulls(list, &a->rows[i]))
            summarise(sample->value + at++ * sample->n_nulls, sample->n, &a->rows[i]);
}
