/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_SWEEP_PLAN_H
#define SG_SNAPSHOT_SWEEP_PLAN_H

/* plan.json: which runs a folder is to hold, and the settings they share. */

#include "base/json.h"

#define SG_SWEEP_PLAN  "plan.json"
#define SG_SWEEP_INDEX "sweep.json"
#define SG_SWEEP_LOCK  ".lock"

/* One run to be. */
typedef struct sg_planned {
    char *name;
    char *method;
    uint64_t seed;
} sg_planned;

typedef struct sg_sweep_plan {
    sg_json *json;   /* the file; its members "settings" and "data" are as a manifest has them */
    char *command;   /* how to train a run of it, but for methods, seeds and folder; may be NULL */
    size_t n_shards; /* the list was dealt into; 0: not, or in several ways */
    sg_planned *runs;
    size_t n_runs;
} sg_sweep_plan;

/* What is asked for: the runs are each method with each seed, methods first. */
typedef struct sg_sweep_list {
    const char *const *methods;
    size_t n_methods;
    const uint64_t *seeds;
    size_t n_seeds;
    size_t n_shards;     /* 0 or 1: not dealt */
    const char *command; /* may be NULL */
} sg_sweep_list;

void sg_sweep_plan_clear(sg_sweep_plan *plan);

/* Returns the name of a run's folder, "set-seed-1" (sg_free), or NULL when out of memory. */
char *sg_sweep_run_name(const char *method, uint64_t seed);

/* Makes the plan of a list whose runs have the settings of a manifest (but for method and seed).
 * SG_EINVAL: a run is twice in the list. */
sg_status sg_sweep_plan_new(const sg_sweep_list *list, const sg_json *manifest, sg_sweep_plan *ret,
                            sg_error *err) SG_CHECKED;

/* Reads FOLDER/plan.json. SG_ENOTFOUND: there is none. SG_EFORMAT: it is broken. */
sg_status sg_sweep_plan_read(const char *folder, sg_sweep_plan *ret, sg_error *err) SG_CHECKED;

/*
 * Adds the runs of another plan that are not in this one. The order is this one's, then the
 * other's. Where the result is the other's list exactly, it is dealt as the other was; joining a
 * second time changes nothing. SG_EINVAL: they differ in a setting; the two names are for the
 * message.
 */
sg_status sg_sweep_plan_join(sg_sweep_plan *plan, const char *name, const sg_sweep_plan *other,
                             const char *other_name, sg_error *err) SG_CHECKED;

/* Makes the text of plan.json (sg_free). */
sg_status sg_sweep_plan_text(const sg_sweep_plan *plan, char **ret, sg_error *err) SG_CHECKED;

/* Adds the members "name", "method" and "seed" to an object. */
void sg_sweep_add_run(sg_json *run, const char *name, const char *method, uint64_t seed);

/*
 * Sees to it that FOLDER/plan.json, in a folder made where it is missing, has every run of a plan.
 * Several processes may do so at once; it waits half a minute at most for others that write there.
 * SG_EINVAL: the plan there is of other settings, or the folder is being written for longer.
 */
sg_status sg_sweep_plan_publish(const char *folder, const sg_sweep_plan *plan,
                                sg_error *err) SG_CHECKED;

/*
 * Checks that the manifest of a run of that name is one of this plan's settings, and of the method
 * and seed that its name says. SG_EINVAL names what differs; path is the run's.
 */
sg_status sg_sweep_plan_check(const sg_sweep_plan *plan, const char *name, const sg_json *manifest,
                              const char *path, sg_error *err) SG_CHECKED;

#endif
