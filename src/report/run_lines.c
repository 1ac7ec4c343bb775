/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/run_lines.h"

#include "base/status.h"
#include "report/facts.h"
#include "report/source.h"
#include <math.h>

void sg_run_line_clear(sg_run_line *line)
{
    sg_free(line->label);
    sg_free(line->epoch);
    sg_free(line->value);
    *line = (sg_run_line){0};
}

static sg_status line_new(size_t n, const char *label, sg_run_line *ret, sg_error *err)
{
    sg_run_line line = {.label = sg_strdup(label),
                        .n = n,
                        .epoch = SG_NEW_ARRAY(double, n),
                        .value = SG_NEW_ARRAY(double, n)};

    if (!line.label || !line.epoch || !line.value) {
        sg_run_line_clear(&line);
        return sg_fail_memory(err, "listing values over epochs");
    }
    *ret = line;
    return SG_OK;
}

static double number_of(const sg_epoch_metrics *m, sg_run_number number)
{
    switch (number) {
    case SG_RUN_TEST_ACCURACY:
        return m->test_accuracy;
    case SG_RUN_TRAIN_ACCURACY:
        return m->train_accuracy;
    case SG_RUN_DENSITY:
        return m->density;
    }
    return (double)NAN;
}

sg_status sg_run_line_metrics(const sg_run *run, sg_run_number number, const char *label,
                              sg_run_line *ret, sg_error *err)
{
    const size_t n = sg_run_n_metrics(run);

    SG_TRY(line_new(n, label, ret, err));
    for (size_t i = 0; i < n; i++) {
        const sg_epoch_metrics *m = sg_run_metrics(run, i);
        ret->epoch[i] = (double)m->epoch;
        ret->value[i] = number_of(m, number);
    }
    return SG_OK;
}

void sg_dispersions_clear(sg_dispersions *d)
{
    for (size_t i = 0; i < d->n_links; i++) {
        if (d->line) {
            sg_run_line_clear(&d->line[2 * i]);
            sg_run_line_clear(&d->line[2 * i + 1]);
        }
        if (d->link)
            sg_free(d->link[i]);
    }
    sg_free(d->line);
    sg_free(d->link);
    sg_free(d->is_full);
    *d = (sg_dispersions){0};
}

static sg_status start(const sg_snapshot *s, size_t n_snapshots, sg_dispersions *ret, sg_error *err)
{
    const size_t n = sg_snapshot_n_links(s);

    ret->line = SG_NEW_ARRAY(sg_run_line, 2 * n);
    ret->is_full = SG_NEW_ARRAY(bool, n);
    ret->link = SG_NEW_ARRAY(char *, n);
    if (!ret->line || !ret->is_full || !ret->link)
        return sg_fail_memory(err, "listing links");
    ret->n_links = n;
    for (size_t i = 0; i < n; i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        ret->is_full[i] = true;
        ret->link[i] = sg_strdup(link->name);
        if (!ret->link[i])
            return sg_fail_memory(err, "listing links");
        const size_t layer[] = {link->from, link->to};
        for (size_t side = 0; side < 2; side++)
            SG_TRY(line_new(n_snapshots, sg_snapshot_layer(s, layer[side])->name,
                            &ret->line[2 * i + side], err));
    }
    return SG_OK;
}

/* Adds what one network has. */
static sg_status add(const sg_snapshot *s, size_t at, long epoch, sg_dispersions *ret,
                     sg_error *err)
{
    for (size_t i = 0; i < ret->n_links && i < sg_snapshot_n_links(s); i++) {
        const sg_csr *m = sg_snapshot_link(s, i)->matrix;
        const size_t n_most = m->n_cols > m->n_rows ? m->n_cols : m->n_rows;
        SG_AUTOFREE uint32_t *degree = SG_NEW_ARRAY(uint32_t, n_most);
        if (!degree)
            return sg_fail_memory(err, "counting degrees");
        ret->is_full[i] = ret->is_full[i] && sg_csr_density(m) >= 1.0;
        for (size_t side = 0; side < 2; side++) {
            sg_run_line *line = &ret->line[2 * i + side];
            sg_source_degrees(m, side == 0, degree);
            line->epoch[at] = (double)epoch;
            line->value[at] = sg_facts_dispersion(degree, side == 0 ? m->n_cols : m->n_rows);
        }
    }
    return SG_OK;
}

static void snapshot_cleanup(sg_snapshot **s)
{
    sg_snapshot_free(*s);
}

static sg_status load(const sg_run *run, size_t i, double core_zeta, sg_snapshot **ret,
                      sg_error *err)
{
    SG_CLEANUP(snapshot_cleanup) sg_snapshot *whole = NULL;

    SG_TRY(sg_snapshot_read(sg_run_snapshot_path(run, i), &whole, err));
    if (!isnan(core_zeta))
        return sg_snapshot_core(whole, core_zeta, ret, err);
    *ret = SG_TAKE(whole);
    return SG_OK;
}

/* Takes every value from the analysis; false where one is missing. */
static bool take_measured(const sg_run *run, const sg_analysis *analysis, sg_dispersions *ret)
{
    static const char *const measure[] = {"out_degree_dispersion", "in_degree_dispersion"};

    for (size_t k = 0; k < sg_run_n_snapshots(run); k++)
        for (size_t i = 0; i < 2 * ret->n_links; i++) {
            const long epoch = sg_run_snapshot_epoch(run, k);
            ret->line[i].epoch[k] = (double)epoch;
            ret->line[i].value[k] =
                sg_analysis_value(analysis, epoch, ret->link[i / 2], measure[i % 2]);
            if (isnan(ret->line[i].value[k]))
                return false;
            const double density = sg_analysis_value(analysis, epoch, ret->link[i / 2], "density");
            ret->is_full[i / 2] = ret->is_full[i / 2] && density >= 1.0;
        }
    return true;
}

static sg_status collect(const sg_run *run, const sg_analysis *analysis, double core_zeta,
                         sg_dispersions *ret, sg_error *err)
{
    const size_t n = sg_run_n_snapshots(run);

    for (size_t k = 0; k < n; k++) {
        SG_CLEANUP(snapshot_cleanup) sg_snapshot *s = NULL;
        SG_TRY(load(run, k, core_zeta, &s, err));
        if (k == 0) {
            SG_TRY(start(s, n, ret, err));
            if (analysis && take_measured(run, analysis, ret))
                return SG_OK;
        }
        SG_TRY(add(s, k, sg_run_snapshot_epoch(run, k), ret, err));
    }
    return SG_OK;
}

sg_status sg_dispersions_of(const sg_run *run, const sg_analysis *analysis, double core_zeta,
                            sg_dispersions *ret, sg_error *err)
{
    sg_dispersions d = {0};
    const sg_status status = collect(run, analysis, core_zeta, &d, err);

    if (status != SG_OK) {
        sg_dispersions_clear(&d);
        return status;
    }
    *ret = d;
    return SG_OK;
}
