/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/group_internal.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "snapshot/run_compare.h"
#include <stdio.h>
#include <string.h>

/* Whether runs differ in their seed alone. */

/* The members of a manifest that shape what a run becomes. Not: the command line, the machine. */
static const char *const compared[] = {"method", "dataset", "settings",
                                       "data",   "samples", "inputs"};

/* Within them, what may differ: the seed, and where the same files lie. */
static const char *const ignored[] = {"settings.seed", "data.folder", "inputs.path"};

static sg_status parse_manifest(const sg_run *run, sg_json **ret, sg_error *err)
{
    const char *text = sg_run_manifest(run);
    const sg_status status = sg_json_parse(text, strlen(text), ret, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "the manifest of '%s'", sg_run_path(run));
    return SG_OK;
}

static sg_status compare_manifests(const sg_json *first, const sg_run *of_first, const sg_run *run,
                                   sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *manifest = NULL;
    SG_TRY(parse_manifest(run, &manifest, err));
    const sg_comparing how = {compared, SG_COUNT(compared), ignored, SG_COUNT(ignored)};
    sg_difference d = {0};
    if (sg_manifests_differ(first, manifest, &how, &d))
        return sg_fail(err, SG_EINVAL,
                       "'%s' and '%s' differ in '%s' (%s and %s); a group is of runs that differ "
                       "in their seed alone, so analyse them apart or train again with equal "
                       "settings",
                       sg_run_path(of_first), sg_run_path(run), sg_difference_name(&d), d.value[0],
                       d.value[1]);
    return SG_OK;
}

static sg_status note_seeds(sg_group *g, const sg_run *const *runs, sg_error *err)
{
    for (size_t i = 0; i < g->n_runs; i++) {
        const char *seed = sg_run_setting(runs[i], "seed");
        g->seeds[i] = sg_strdup(seed ? seed : "");
        if (!g->seeds[i])
            return sg_fail_memory(err, "grouping runs");
        for (size_t k = 0; seed && k < i; k++)
            if (strcmp(g->seeds[k], seed) == 0)
                return sg_fail(err, SG_EINVAL,
                               "'%s' and '%s' are both of seed %s: the same run twice adds nothing "
                               "to the sample; train with another --seed",
                               g->paths[k], g->paths[i], seed);
    }
    return SG_OK;
}

sg_status sg_group_check_settings(sg_group *g, const sg_run *const *runs, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *first = NULL;
    SG_TRY(parse_manifest(runs[0], &first, err));
    for (size_t i = 1; i < g->n_runs; i++)
        SG_TRY(compare_manifests(first, runs[0], runs[i], err));
    SG_TRY(note_seeds(g, runs, err));
    for (size_t i = 0; i < g->n_runs; i++)
        if (g->seeds[i][0] == '\0')
            return sg_group_warn(g, err,
                                 "the manifest of '%s' names no seed: whether the runs differ in "
                                 "their seed alone could not be checked",
                                 g->paths[i]);
    return SG_OK;
}
