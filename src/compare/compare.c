/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include "base/pool.h"
#include <math.h>

/* Each network is measured in a process of its own, which hands it back as JSON. */

typedef struct job_state {
    const sg_compare_plan *plan;
    const sg_compare_params *params;
    sg_comparison *comparison;
} job_state;

static sg_status work(size_t i, void *user, sg_text *result, sg_error *err)
{
    const job_state *state = user;
    SG_CLEANUP(sg_compared_clear) sg_compared network = {0};
    SG_TRY(sg_compared_measure(&state->plan->at[i], state->params, &network, err));
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = sg_json_object();
    SG_AUTOFREE char *text = NULL;
    if (!root)
        return sg_fail_memory(err, "comparing networks");
    sg_compared_to_json(&network, root);
    SG_TRY(sg_json_print(root, false, &text, err));
    sg_text_append(result, text);
    return SG_OK;
}

static sg_status take(size_t i, void *user, const char *result, size_t n, sg_error *err)
{
    job_state *state = user;
    const sg_compare_source *source = &state->plan->at[i];
    sg_comparison *c = state->comparison;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = NULL;
    SG_TRY(sg_json_parse(result, n, &root, err));
    sg_compared *network = &c->networks[i];
    SG_TRY(sg_compared_from_json(root, network, err));
    c->n_networks = i + 1;
    network->label = sg_strdup(source->label);
    network->source = sg_strdup(source->source);
    if (!network->label || !network->source)
        return sg_fail_memory(err, "comparing networks");
    network->column.subject = source->subject;
    return SG_OK;
}

static const char *job_name(size_t i, void *user)
{
    const job_state *state = user;

    return state->plan->at[i].label;
}

sg_status sg_compare(const char *const *subjects, size_t n_subjects,
                     const sg_compare_params *params, const sg_progress *progress,
                     sg_comparison **ret, sg_error *err)
{
    const sg_compare_params standard = SG_COMPARE_PARAMS_DEFAULT;
    if (!params)
        params = &standard;
    SG_CLEANUP(sg_compare_plan_clear) sg_compare_plan plan = {0};
    SG_TRY(sg_compare_plan_make(subjects, n_subjects, params, &plan, err));
    SG_CLEANUP(sg_comparison_free_cleanup_) sg_comparison *c = SG_NEW(sg_comparison);
    if (!c)
        return sg_fail_memory(err, "comparing networks");
    c->networks = SG_NEW_ARRAY(sg_compared, plan.n);
    if (!c->networks)
        return sg_fail_memory(err, "comparing networks");
    c->n_bootstrap = params->n_bootstrap;
    c->seed = params->seed;
    c->subject = plan.subject;

    job_state state = {.plan = &plan, .params = params, .comparison = c};
    const sg_pool_job job = {.stage = "networks",
                             .n_items = plan.n,
                             .n_workers = params->n_workers,
                             .user = &state,
                             .work = work,
                             .take = take,
                             .name = job_name};
    SG_TRY(sg_pool_run(&job, progress, err));
    SG_TRY(sg_comparison_finish(c, err));
    *ret = SG_TAKE(c);
    return SG_OK;
}
