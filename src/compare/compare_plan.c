/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include "sparsegraph/run.h"
#include <ctype.h>
#include <math.h>
#include <string.h>

/* Which networks stand behind what a user gave, in the order of the columns. */

SG_DEFINE_CLEANUP(sg_run, sg_run_free)

void sg_compare_plan_clear(sg_compare_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        sg_free(plan->at[i].path);
        sg_free(plan->at[i].label);
        sg_free(plan->at[i].source);
    }
    sg_free(plan->at);
    *plan = (sg_compare_plan){0};
}

/* The last part of a path, without its slashes and the endings of data files. */
static char *base_name(const char *path)
{
    static const char *const endings[] = {
        ".gz",  ".safetensors", ".edges", ".edgelist", ".weighted", ".txt", ".tsv",
        ".csv", ".graphml",     ".gml",   ".net",      ".paj",      ".el",  ".ncol"};
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    for (size_t i = 0; i < SG_COUNT(endings); i++) {
        const size_t n = strlen(endings[i]);
        if (end - start > n && strncmp(path + end - n, endings[i], n) == 0)
            end -= n;
    }
    char *name = sg_memdup(path + start, end - start);
    /* labels go into tables and JSON: no control characters, and nothing that is no ASCII, since a
     * path need not be UTF-8 */
    for (char *p = name; p && *p; p++)
        if (!isprint((unsigned char)*p))
            *p = '?';
    return name;
}

static bool label_taken(const sg_compare_plan *plan, const char *label)
{
    for (size_t i = 0; i < plan->n; i++)
        if (strcmp(plan->at[i].label, label) == 0)
            return true;
    return false;
}

/* Appends a source under a label that no other has; room was made. */
static sg_status add(sg_compare_plan *plan, const char *path, const char *label, const char *given,
                     sg_error *err)
{
    sg_compare_source *s = &plan->at[plan->n];
    *s = (sg_compare_source){.path = sg_strdup(path), .source = sg_strdup(given), .core_zeta = NAN};
    s->label = sg_strdup(label);
    for (unsigned k = 2; s->label && label_taken(plan, s->label); k++) {
        sg_free(s->label);
        s->label = sg_format("%s (%u)", label, k);
    }
    plan->n++;
    for (char *p = s->source; p && *p; p++)
        if (!isprint((unsigned char)*p))
            *p = '?';
    return s->path && s->label && s->source ? SG_OK : sg_fail_memory(err, "listing networks");
}

static sg_status add_file(sg_compare_plan *plan, const char *path, sg_error *err)
{
    SG_AUTOFREE char *label = base_name(path);
    if (!label)
        return sg_fail_memory(err, "listing networks");
    return add(plan, path, label, path, err);
}

/* Appends one epoch of a run; `wanted` -1 takes the first or last there is. */
static sg_status add_epoch(sg_compare_plan *plan, const sg_run *run, long wanted, bool last,
                           sg_error *err)
{
    const size_t n = sg_run_n_snapshots(run);
    const char *path = sg_run_path(run);
    if (n == 0)
        return sg_fail(err, SG_ENOTFOUND, "run '%s' holds no snapshot", path);
    size_t i = last ? n - 1 : 0;
    if (wanted >= 0) {
        for (i = 0; i < n && sg_run_snapshot_epoch(run, i) != wanted;)
            i++;
        if (i == n)
            return sg_fail(err, SG_ENOTFOUND,
                           "run '%s' has no snapshot of epoch %ld; it has %zu, from %ld to %ld",
                           path, wanted, n, sg_run_snapshot_epoch(run, 0),
                           sg_run_snapshot_epoch(run, n - 1));
    }
    SG_AUTOFREE char *name = base_name(path);
    SG_AUTOFREE char *label =
        name ? sg_format("%s epoch %ld", name, sg_run_snapshot_epoch(run, i)) : NULL;
    if (!label)
        return sg_fail_memory(err, "listing networks");
    return add(plan, sg_run_snapshot_path(run, i), label, path, err);
}

static sg_status add_run(sg_compare_plan *plan, const char *path, const sg_compare_params *params,
                         sg_error *err)
{
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = NULL;
    SG_TRY(sg_run_open(path, &run, err));
    SG_TRY(add_epoch(plan, run, params->epoch_first, false, err));
    SG_TRY(add_epoch(plan, run, params->epoch_last, true, err));
    if (strcmp(plan->at[0].path, plan->at[1].path) != 0)
        return SG_OK;
    /* the same epoch twice */
    plan->n = 1;
    sg_free(plan->at[1].path);
    sg_free(plan->at[1].label);
    sg_free(plan->at[1].source);
    return SG_OK;
}

static sg_status add_subjects(sg_compare_plan *plan, const char *const *subjects, size_t n_subjects,
                              const sg_compare_params *params, sg_error *err)
{
    if (n_subjects == 1 && sg_run_is(subjects[0])) {
        SG_TRY(add_run(plan, subjects[0], params, err));
    } else {
        for (size_t i = 0; i < n_subjects; i++) {
            if (sg_run_is(subjects[i]))
                return sg_fail(err, SG_EINVAL,
                               "'%s' is a run directory; give one run, or several files, as the "
                               "subject",
                               subjects[i]);
            SG_TRY(add_file(plan, subjects[i], err));
        }
    }
    plan->subject = plan->n - 1;
    if (!isnan(params->core_zeta)) {
        const sg_compare_source last = plan->at[plan->subject];
        SG_AUTOFREE char *label = sg_format("%s core", last.label);
        if (!label)
            return sg_fail_memory(err, "listing networks");
        SG_TRY(add(plan, last.path, label, last.source, err));
        plan->at[plan->n - 1].core_zeta = params->core_zeta;
    }
    for (size_t i = 0; i < plan->n; i++)
        plan->at[i].subject = true;
    return SG_OK;
}

static sg_status add_other(sg_compare_plan *plan, const char *with, sg_error *err)
{
    if (!sg_run_is(with))
        return add_file(plan, with, err);
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = NULL;
    SG_TRY(sg_run_open(with, &run, err));
    return add_epoch(plan, run, -1, true, err);
}

sg_status sg_compare_plan_make(const char *const *subjects, size_t n_subjects,
                               const sg_compare_params *params, sg_compare_plan *ret, sg_error *err)
{
    if (n_subjects == 0)
        return sg_fail(err, SG_EINVAL, "nothing to compare: name a run or a network");
    if (!isnan(params->core_zeta) && !(params->core_zeta >= 0.0 && params->core_zeta <= 1.0))
        return sg_fail(err, SG_EINVAL, "the share that a removal takes must lie in [0, 1], got %g",
                       params->core_zeta);
    SG_CLEANUP(sg_compare_plan_clear) sg_compare_plan plan = {0};
    /* a run gives two columns, and a core one more */
    plan.at = SG_NEW_ARRAY(sg_compare_source, n_subjects + params->n_with + 3);
    if (!plan.at)
        return sg_fail_memory(err, "listing networks");
    SG_TRY(add_subjects(&plan, subjects, n_subjects, params, err));
    for (size_t i = 0; i < params->n_with; i++)
        SG_TRY(add_other(&plan, params->with[i], err));
    *ret = plan;
    plan = (sg_compare_plan){0};
    return SG_OK;
}
