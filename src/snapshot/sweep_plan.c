/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/sweep_plan.h"

#include "base/file.h"
#include "base/lock.h"
#include "base/text.h"
#include "snapshot/run_compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    PLAN_BYTES_MAX = 64 << 20,
    RUNS_MAX = 100000,
    DEPTH_MAX = 8,  /* of what is copied: no manifest of ours is deeper */
    ATTEMPTS = 600, /* of 50 ms: a plan is written in no time, a merge may take long */
};

static const char PLAN_FORMAT[] = "sparsegraph-sweep-plan";

/* What every run of a plan shares; the method and the seed are what tells the runs apart, and the
 * folder of the data is where this machine has them. */
static const char *const shared[] = {"settings", "data"};
static const char *const may_differ[] = {"settings.method", "settings.seed", "data.folder"};
static const sg_comparing as_plan = {shared, SG_COUNT(shared), may_differ, SG_COUNT(may_differ)};

/* A plan that leaves the groups of a batch open (0) has runs whose manifests say how many. */
static const char *const may_differ_open[] = {"settings.method", "settings.seed", "data.folder",
                                              "settings.groups"};
static const sg_comparing as_open_plan = {shared, SG_COUNT(shared), may_differ_open,
                                          SG_COUNT(may_differ_open)};

void sg_sweep_plan_clear(sg_sweep_plan *plan)
{
    for (size_t i = 0; i < plan->n_runs; i++) {
        sg_free(plan->runs[i].name);
        sg_free(plan->runs[i].method);
    }
    sg_free(plan->runs);
    sg_free(plan->command);
    sg_json_free(plan->json);
    *plan = (sg_sweep_plan){0};
}

char *sg_sweep_run_name(const char *method, uint64_t seed)
{
    return sg_format("%s-seed-%" PRIu64, method, seed);
}

static const sg_planned *find(const sg_sweep_plan *plan, const char *method, uint64_t seed)
{
    for (size_t i = 0; i < plan->n_runs; i++)
        if (plan->runs[i].seed == seed && strcmp(plan->runs[i].method, method) == 0)
            return &plan->runs[i];
    return NULL;
}

static sg_status add_run(sg_sweep_plan *plan, const char *method, uint64_t seed, sg_error *err)
{
    const size_t n = plan->n_runs;
    if (n == RUNS_MAX)
        return sg_fail(err, SG_EINVAL, "more than %d runs are too many for one folder", RUNS_MAX);
    if (find(plan, method, seed))
        return sg_fail(err, SG_EINVAL, "method %s with seed %" PRIu64 " is there twice", method,
                       seed);
    if ((n & (n - 1)) == 0) { /* full: capacities are powers of two */
        sg_planned *larger = sg_resize(plan->runs, n > 0 ? 2 * n : 1, sizeof *larger);
        if (!larger)
            return sg_fail_memory(err, "planning runs");
        plan->runs = larger;
    }
    plan->runs[n] = (sg_planned){
        .name = sg_sweep_run_name(method, seed), .method = sg_strdup(method), .seed = seed};
    plan->n_runs++;
    if (!plan->runs[n].name || !plan->runs[n].method)
        return sg_fail_memory(err, "planning runs");
    return SG_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool read_seed(const sg_json *run, uint64_t *ret)
{
    const sg_json *seed = sg_json_get(run, "seed");
    return sg_json_u64(seed, ret) ||
           (sg_json_string(seed) && sg_parse_u64(sg_json_string(seed), ret));
}

/* A method becomes part of a folder's name, so that it may not lead elsewhere. */
static bool is_method(const char *text)
{
    return text && text[0] != '\0' &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static sg_status parse_plan(sg_sweep_plan *plan, sg_error *err)
{
    const sg_json *runs = sg_json_get(plan->json, "runs");
    const char *format = sg_json_string(sg_json_get(plan->json, "format"));
    const char *command = sg_json_string(sg_json_get(plan->json, "command"));
    uint64_t n_shards = 0;
    if (!format || strcmp(format, PLAN_FORMAT) != 0 || !sg_json_is_array(runs) ||
        !sg_json_is_object(sg_json_get(plan->json, "settings")))
        return sg_fail(err, SG_EFORMAT, "it is no plan of runs");
    for (const sg_json *j = sg_json_first(runs); j; j = sg_json_next(j)) {
        const char *method = sg_json_string(sg_json_get(j, "method"));
        uint64_t seed = 0;
        if (!is_method(method) || !read_seed(j, &seed))
            return sg_fail(err, SG_EFORMAT, "run %zu has no method or no seed", plan->n_runs + 1);
        const sg_status status = add_run(plan, method, seed, err);
        if (status != SG_OK)
            return status == SG_EINVAL ? SG_EFORMAT : status;
    }
    if (sg_json_u64(sg_json_get(plan->json, "shards"), &n_shards) && n_shards <= SIZE_MAX)
        plan->n_shards = (size_t)n_shards;
    plan->command = command ? sg_strdup(command) : NULL;
    return command && !plan->command ? sg_fail_memory(err, "reading a plan") : SG_OK;
}

static sg_status parse(const char *text, size_t n, sg_sweep_plan *ret, sg_error *err)
{
    SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan plan = {0};
    SG_TRY(sg_json_parse(text, n, &plan.json, err));
    SG_TRY(parse_plan(&plan, err));
    *ret = plan;
    plan = (sg_sweep_plan){0};
    return SG_OK;
}

sg_status sg_sweep_plan_read(const char *folder, sg_sweep_plan *ret, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/" SG_SWEEP_PLAN, folder);
    SG_AUTOFREE char *text = NULL;
    size_t n = 0;
    if (!path)
        return sg_fail_memory(err, "reading a plan");
    SG_TRY(sg_file_read(path, PLAN_BYTES_MAX, &text, &n, err));
    const sg_status status = parse(text, n, ret, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "cannot read '%s'", path);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void copy_members(sg_json *to, const sg_json *from, bool skip_own, int depth);

static void copy_array(sg_json *to, const sg_json *from, int depth)
{
    for (const sg_json *j = sg_json_first(from); j; j = sg_json_next(j)) {
        double number = 0;
        if (sg_json_number(j, &number))
            sg_json_push_number(to, number);
        else if (sg_json_is_object(j))
            copy_members(sg_json_push_object(to), j, false, depth + 1);
        else if (sg_json_is_array(j) && depth < DEPTH_MAX)
            copy_array(sg_json_push_array(to), j, depth + 1);
        else
            sg_json_push_string(to, sg_json_string(j));
    }
}

/* Copies the members of an object; skip_own: without the two that tell runs apart. */
static void copy_members(sg_json *to, const sg_json *from, bool skip_own, int depth)
{
    if (depth > DEPTH_MAX)
        return;
    for (const sg_json *j = sg_json_first(from); j; j = sg_json_next(j)) {
        const char *key = sg_json_key(j);
        double number = 0;
        bool truth = false;
        if (skip_own && (strcmp(key, "method") == 0 || strcmp(key, "seed") == 0))
            continue;
        if (sg_json_number(j, &number))
            sg_json_add_number(to, key, number);
        else if (sg_json_is_bool(j, &truth))
            sg_json_add_bool(to, key, truth);
        else if (sg_json_is_object(j))
            copy_members(sg_json_add_object(to, key), j, false, depth + 1);
        else if (sg_json_is_array(j))
            copy_array(sg_json_add_array(to, key), j, depth + 1);
        else
            sg_json_add_string(to, key, sg_json_string(j));
    }
}

void sg_sweep_add_run(sg_json *run, const char *name, const char *method, uint64_t seed)
{
    char text[24];
    sg_json_add_string(run, "name", name);
    sg_json_add_string(run, "method", method);
    (void)snprintf(text, sizeof text, "%" PRIu64, seed);
    if (seed < UINT64_C(1) << 53) /* what a double holds; larger ones are written as text */
        sg_json_add_number(run, "seed", (double)seed);
    else
        sg_json_add_string(run, "seed", text);
}

sg_status sg_sweep_plan_text(const sg_sweep_plan *plan, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = sg_json_object();
    if (!root)
        return sg_fail_memory(err, "writing a plan");
    sg_json_add_string(root, "format", PLAN_FORMAT);
    sg_json_add_number(root, "format_version", 1);
    sg_json_add_string(root, "command", plan->command);
    if (plan->n_shards > 1)
        sg_json_add_number(root, "shards", (double)plan->n_shards);
    for (size_t i = 0; i < SG_COUNT(shared); i++)
        copy_members(sg_json_add_object(root, shared[i]), sg_json_get(plan->json, shared[i]),
                     i == 0, 0);
    sg_json *runs = sg_json_add_array(root, "runs");
    for (size_t i = 0; i < plan->n_runs; i++)
        sg_sweep_add_run(sg_json_push_object(runs), plan->runs[i].name, plan->runs[i].method,
                         plan->runs[i].seed);
    return sg_json_print(root, true, ret, err);
}

sg_status sg_sweep_plan_new(const sg_sweep_list *list, const sg_json *manifest, sg_sweep_plan *ret,
                            sg_error *err)
{
    /* through its text, so that it is what every other process will read */
    SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan plan = {.n_shards = list->n_shards};
    SG_AUTOFREE char *text = NULL;
    SG_AUTOFREE char *settings = NULL;
    plan.command = list->command ? sg_strdup(list->command) : NULL;
    if (list->command && !plan.command)
        return sg_fail_memory(err, "planning runs");
    for (size_t m = 0; m < list->n_methods; m++)
        for (size_t i = 0; i < list->n_seeds; i++)
            SG_TRY(add_run(&plan, list->methods[m], list->seeds[i], err));
    SG_TRY(sg_json_print(manifest, false, &settings, err));
    SG_TRY(sg_json_parse(settings, strlen(settings), &plan.json, err));
    SG_TRY(sg_sweep_plan_text(&plan, &text, err));
    return parse(text, strlen(text), ret, err);
}

/* --- joining ---------------------------------------------------------------------------------- */

static bool same_list(const sg_sweep_plan *a, const sg_sweep_plan *b)
{
    bool same = a->n_runs == b->n_runs;
    for (size_t i = 0; same && i < a->n_runs; i++)
        same = strcmp(a->runs[i].name, b->runs[i].name) == 0;
    return same;
}

sg_status sg_sweep_plan_join(sg_sweep_plan *plan, const char *name, const sg_sweep_plan *other,
                             const char *other_name, sg_error *err)
{
    sg_difference d = {0};
    if (sg_manifests_differ(plan->json, other->json, &as_plan, &d))
        return sg_fail(err, SG_EINVAL,
                       "'%s' and %s differ in '%s' (%s and %s); runs of one folder differ in "
                       "method and seed alone",
                       name, other_name, sg_difference_name(&d), d.value[0], d.value[1]);
    const size_t n_before = plan->n_runs;
    for (size_t i = 0; i < other->n_runs; i++)
        if (!find(plan, other->runs[i].method, other->runs[i].seed))
            SG_TRY(add_run(plan, other->runs[i].method, other->runs[i].seed, err));
    const bool grew = plan->n_runs > n_before;
    const bool same = same_list(plan, other);
    if (grew || (same && other->n_shards > 1))
        plan->n_shards = same ? other->n_shards : 0;
    return SG_OK;
}

/* Reads what is there and adds what is ours, in *joined; *done where that changes nothing. */
static sg_status join_with_file(const char *folder, const char *path, const sg_sweep_plan *plan,
                                sg_sweep_plan *joined, bool *done, sg_error *err)
{
    SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan there = {0};
    *done = false;
    if (!sg_file_exists(path))
        return SG_OK;
    SG_TRY(sg_sweep_plan_read(folder, &there, err));
    const size_t n_shards = there.n_shards;
    const size_t n_runs = there.n_runs;
    SG_TRY(sg_sweep_plan_join(&there, folder, plan, "what is asked for", err));
    *done = there.n_runs == n_runs && there.n_shards == n_shards;
    *joined = there;
    there = (sg_sweep_plan){0};
    return SG_OK;
}

/* With the folder locked, so that of two that add runs neither forgets the other's. */
static sg_status add_to_file(const char *folder, const char *path, const sg_sweep_plan *plan,
                             sg_error *err)
{
    SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan joined = {0};
    SG_AUTOFREE char *text = NULL;
    bool done = false;
    SG_TRY(join_with_file(folder, path, plan, &joined, &done, err));
    if (done)
        return SG_OK;
    SG_TRY(sg_sweep_plan_text(joined.n_runs > 0 ? &joined : plan, &text, err));
    return sg_file_write(path, text, strlen(text), err);
}

static void wait_a_little(void)
{
    const struct timespec step = {.tv_nsec = 50000000};
    (void)nanosleep(&step, NULL);
}

sg_status sg_sweep_plan_publish(const char *folder, const sg_sweep_plan *plan, sg_error *err)
{
    SG_AUTOFREE char *path = sg_format("%s/" SG_SWEEP_PLAN, folder);
    SG_AUTOFREE char *file = sg_format("%s/" SG_SWEEP_LOCK, folder);
    if (!path || !file)
        return sg_fail_memory(err, "writing a plan");
    SG_TRY(sg_dir_make(folder, err));
    for (int i = 0;; i++) {
        SG_CLEANUP(sg_sweep_plan_clear) sg_sweep_plan joined = {0};
        SG_CLEANUP(sg_lock_free_cleanup_) sg_lock *lock = NULL;
        bool done = false;
        SG_TRY(join_with_file(folder, path, plan, &joined, &done, err));
        if (done) /* the case of all but the first of many that start together */
            return SG_OK;
        const sg_status status = sg_lock_take(file, folder, &lock, err);
        if (status == SG_OK)
            return add_to_file(folder, path, plan, err);
        if (status != SG_EINVAL || i == ATTEMPTS)
            return status;
        wait_a_little();
    }
}

sg_status sg_sweep_plan_check(const sg_sweep_plan *plan, const char *name, const sg_json *manifest,
                              const char *path, sg_error *err)
{
    const sg_json *settings = sg_json_get(manifest, "settings");
    const char *method = sg_json_string(sg_json_get(settings, "method"));
    uint64_t seed = 0;
    sg_difference d = {0};
    if (!method || !read_seed(settings, &seed))
        return sg_fail(err, SG_EINVAL, "the manifest of '%s' tells no method or no seed", path);
    SG_AUTOFREE char *told = sg_sweep_run_name(method, seed);
    if (!told)
        return sg_fail_memory(err, "reading a manifest");
    if (strcmp(told, name) != 0)
        return sg_fail(err, SG_EINVAL, "'%s' holds the run %s by its manifest; move it away", path,
                       told);
    uint64_t n_groups = 0;
    (void)sg_json_u64(sg_json_get(sg_json_get(plan->json, "settings"), "groups"), &n_groups);
    if (sg_manifests_differ(manifest, plan->json, n_groups > 0 ? &as_plan : &as_open_plan, &d))
        return sg_fail(err, SG_EINVAL,
                       "'%s' differs from the plan of its folder in '%s' (%s, planned is %s); move "
                       "it away or choose another folder",
                       path, sg_difference_name(&d), d.value[0], d.value[1]);
    return SG_OK;
}
