/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/group_internal.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include <stdio.h>
#include <string.h>

/* Whether runs differ in their seed alone. */

/* The members of a manifest that shape what a run becomes. Not: the command line, the machine. */
static const char *const compared[] = {"method", "dataset", "settings",
                                       "data",   "samples", "inputs"};

/* Within them, what may differ: the seed, and where the same files lie. */
static const char *const ignored[] = {"settings.seed", "data.folder", "inputs.path"};

enum { PLACE_MAX = 128, VALUE_MAX = 48 };

/* Where two manifests differ. */
typedef struct difference {
    char place[PLACE_MAX]; /* "settings.lr" */
    char value[2][VALUE_MAX];
} difference;

static void describe(const sg_json *j, char ret[VALUE_MAX])
{
    const char *text = sg_json_string(j);
    double number = 0;
    bool truth = false;
    if (text)
        (void)snprintf(ret, VALUE_MAX, "%s", text);
    else if (sg_json_number(j, &number))
        (void)snprintf(ret, VALUE_MAX, "%.10g", number);
    else if (sg_json_is_bool(j, &truth))
        (void)snprintf(ret, VALUE_MAX, "%s", truth ? "true" : "false");
    else if (sg_json_is_array(j))
        (void)snprintf(ret, VALUE_MAX, "a list of %zu", sg_json_count(j));
    else
        (void)snprintf(ret, VALUE_MAX, "none");
}

static bool is_ignored(const char *place)
{
    for (size_t i = 0; i < SG_COUNT(ignored); i++)
        if (strcmp(place, ignored[i]) == 0)
            return true;
    return false;
}

static bool same_scalar(const sg_json *a, const sg_json *b)
{
    char value[2][VALUE_MAX];
    double x = 0;
    double y = 0;
    if (sg_json_string(a) && sg_json_string(b))
        return strcmp(sg_json_string(a), sg_json_string(b)) == 0;
    if (sg_json_number(a, &x) && sg_json_number(b, &y))
        return x == y;
    describe(a, value[0]);
    describe(b, value[1]);
    return strcmp(value[0], value[1]) == 0;
}

static bool differ(const sg_json *a, const sg_json *b, const char *place, int depth,
                   difference *ret);

static bool objects_differ(const sg_json *a, const sg_json *b, const char *place, int depth,
                           difference *ret)
{
    char below[PLACE_MAX];
    for (int turn = 0; turn < 2; turn++)
        for (const sg_json *j = sg_json_first(turn ? b : a); j; j = sg_json_next(j)) {
            const char *key = sg_json_key(j);
            (void)snprintf(below, sizeof below, "%s.%s", place, key);
            if (differ(sg_json_get(a, key), sg_json_get(b, key), below, depth + 1, ret))
                return true;
        }
    return false;
}

/* Deeper than any manifest of ours is not looked at. */
enum { DEPTH_MAX = 8 };

static bool differ(const sg_json *a, const sg_json *b, const char *place, int depth,
                   difference *ret)
{
    if (is_ignored(place) || depth > DEPTH_MAX)
        return false;
    if (sg_json_is_object(a) && sg_json_is_object(b))
        return objects_differ(a, b, place, depth, ret);
    bool same = false;
    if (sg_json_is_array(a) && sg_json_is_array(b)) {
        same = sg_json_count(a) == sg_json_count(b);
        const sg_json *x = sg_json_first(a);
        for (const sg_json *y = sg_json_first(b); same && x && y;
             x = sg_json_next(x), y = sg_json_next(y))
            if (differ(x, y, place, depth + 1, ret))
                return true;
    } else {
        same = same_scalar(a, b);
    }
    if (same)
        return false;
    (void)snprintf(ret->place, sizeof ret->place, "%s", place);
    describe(a, ret->value[0]);
    describe(b, ret->value[1]);
    return true;
}

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
    for (size_t i = 0; i < SG_COUNT(compared); i++) {
        difference d = {0};
        if (!differ(sg_json_get(first, compared[i]), sg_json_get(manifest, compared[i]),
                    compared[i], 0, &d))
            continue;
        const size_t skip = strncmp(d.place, "settings.", 9) == 0 ? 9 : 0;
        return sg_fail(err, SG_EINVAL,
                       "'%s' and '%s' differ in '%s' (%s and %s); a group is of runs that differ "
                       "in their seed alone, so analyse them apart or train again with equal "
                       "settings",
                       sg_run_path(of_first), sg_run_path(run), d.place + skip, d.value[0],
                       d.value[1]);
    }
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
