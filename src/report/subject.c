/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/subject.h"

#include "base/status.h"
#include "base/text.h"
#include "report/source.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

void sg_subject_clear(sg_subject *s)
{
    sg_free(s->label);
    sg_free(s->slug);
    sg_run_free(s->run);
    sg_json_free(s->manifest);
    sg_snapshot_free(s->first);
    sg_snapshot_free(s->last);
    sg_analysis_free(s->analysis);
    sg_comparison_free(s->comparison);
    *s = (sg_subject){0};
}

/* Whether an analysis tells of every link at each of the run's epochs, by default settings. */
static bool covers(const sg_analysis *a, const sg_run *run)
{
    const size_t n = sg_run_n_snapshots(run);

    if (!isnan(sg_analysis_core_zeta(a)) || sg_analysis_n_snapshots(a) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (sg_analysis_epoch(a, i) != sg_run_snapshot_epoch(run, i))
            return false;
    return sg_analysis_n_fits(a) > 0;
}

static sg_status measure(sg_subject *s, const sg_report_params *params, const sg_progress *progress,
                         sg_error *err)
{
    if (s->run && !params->analyze_again) {
        SG_AUTOFREE char *path = sg_format("%s/analysis", s->path);
        if (!path)
            return sg_fail_memory(err, "looking for measurements");
        sg_analysis *stored = NULL;
        if (sg_analysis_read(path, &stored, NULL) == SG_OK && covers(stored, s->run)) {
            s->analysis = stored;
            return SG_OK;
        }
        sg_analysis_free(stored);
    }
    sg_analysis_params how = SG_ANALYSIS_PARAMS_DEFAULT;
    how.n_bootstrap = params->n_bootstrap;
    how.n_nulls = params->n_nulls;
    how.seed = params->seed;
    how.n_workers = params->n_workers;
    s->is_measured_here = true;
    return sg_analyze(&s->path, 1, &how, progress, &s->analysis, err);
}

/* A comparison that cannot be read is left out, as one that was never made. */
static sg_status find_comparison(sg_subject *s, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/analysis", s->path);

    if (!path)
        return sg_fail_memory(err, "looking for a comparison");
    if (s->run && sg_comparison_read(path, &s->comparison, NULL) != SG_OK)
        s->comparison = NULL;
    return SG_OK;
}

static sg_status load_networks(sg_subject *s, sg_error *err)
{
    SG_CLEANUP(sg_source_free_cleanup_) sg_source *source = NULL;

    SG_TRY(sg_source_open(&s->path, 1, &source, err));
    const size_t n = sg_source_count(source);
    SG_TRY(sg_source_load(source, n - 1, (double)NAN, &s->last, &s->last_epoch, err));
    s->first_epoch = s->last_epoch;
    if (n > 1)
        SG_TRY(sg_source_load(source, 0, (double)NAN, &s->first, &s->first_epoch, err));
    return SG_OK;
}

static sg_status open_into(sg_subject *s, const sg_report_params *params,
                           const sg_progress *progress, sg_error *err)
{
    const char *manifest = "{}";

    if (sg_run_is(s->path)) {
        SG_TRY(sg_run_open(s->path, &s->run, err));
        manifest = sg_run_manifest(s->run);
    }
    SG_TRY(sg_json_parse(manifest, strlen(manifest), &s->manifest, err));
    SG_TRY(load_networks(s, err));
    SG_TRY(find_comparison(s, err));
    return measure(s, params, progress, err);
}

sg_status sg_subject_open(const char *path, const sg_report_params *params,
                          const sg_progress *progress, sg_subject *ret, sg_error *err)
{
    sg_subject s = {.path = path, .first_epoch = -1, .last_epoch = -1};
    const sg_status status = open_into(&s, params, progress, err);

    if (status != SG_OK) {
        sg_subject_clear(&s);
        return status;
    }
    *ret = s;
    return SG_OK;
}

/* Makes an id of a label: letters, digits and '-', never empty. */
static void slugify(char *text)
{
    for (char *c = text; *c; c++)
        *c = (char)(isascii(*c) && isalnum((unsigned char)*c) ? tolower((unsigned char)*c) : '-');
}

static bool is_taken(const sg_subject *subjects, size_t n, const char *label)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(subjects[i].label, label) == 0)
            return true;
    return false;
}

sg_status sg_subjects_name(sg_subject *subjects, size_t n, sg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        SG_AUTOFREE char *label = sg_source_label(subjects[i].path);
        if (label && is_taken(subjects, i, label)) {
            char *numbered = sg_format("%s (%zu)", label, i + 1);
            sg_free(label);
            label = numbered;
        }
        char *slug = label ? sg_format("n%zu-%.40s", i + 1, label) : NULL;
        if (!slug)
            return sg_fail_memory(err, "naming runs");
        slugify(slug);
        subjects[i].label = SG_TAKE(label);
        subjects[i].slug = slug;
    }
    return SG_OK;
}

const char *sg_subject_setting(const sg_subject *s, const char *key)
{
    return s->run ? sg_run_setting(s->run, key) : sg_snapshot_meta(s->last, key);
}

const sg_epoch_metrics *sg_subject_metrics_first(const sg_subject *s)
{
    return s->run && sg_run_n_metrics(s->run) ? sg_run_metrics(s->run, 0) : NULL;
}

const sg_epoch_metrics *sg_subject_metrics_last(const sg_subject *s)
{
    const size_t n = s->run ? sg_run_n_metrics(s->run) : 0;

    return n ? sg_run_metrics(s->run, n - 1) : NULL;
}

const sg_epoch_metrics *sg_subject_metrics_best(const sg_subject *s)
{
    const sg_epoch_metrics *best = NULL;

    for (size_t i = 0; s->run && i < sg_run_n_metrics(s->run); i++) {
        const sg_epoch_metrics *m = sg_run_metrics(s->run, i);
        if (!isnan(m->test_accuracy) && (!best || m->test_accuracy > best->test_accuracy))
            best = m;
    }
    return best;
}

sg_fit_counts sg_subject_fits(const sg_subject *s, long epoch)
{
    sg_fit_counts counts = {0};

    for (size_t i = 0; i < sg_analysis_n_fits(s->analysis); i++) {
        const sg_analysis_fit *f = sg_analysis_fit_at(s->analysis, i);
        if (f->epoch != epoch || isnan(f->fit.alpha))
            continue;
        counts.n++;
        counts.n_passing += f->fit.passes;
        counts.n_not_rejected += f->fit.p_value >= 0.1;
    }
    return counts;
}

bool sg_subject_has_nulls(const sg_subject *s)
{
    for (size_t i = 0; i < sg_analysis_n_rows(s->analysis); i++)
        if (sg_analysis_row_at(s->analysis, i)->n_nulls > 1)
            return true;
    return false;
}
