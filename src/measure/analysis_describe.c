/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/status.h"
#include "measure/powerlaw_json.h"
#include "measure/tally.h"
#include <math.h>

/* From a network to the JSON object of its measures, in the worker. */

static void add_structure(sg_json *object, const sg_snapshot *s)
{
    sg_json *layers = sg_json_add_array(object, "layers");
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++) {
        const sg_layer *layer = sg_snapshot_layer(s, i);
        sg_json *entry = sg_json_push_object(layers);
        sg_json_add_string(entry, "name", layer->name);
        sg_json_add_number(entry, "size", (double)layer->size);
    }
    sg_json *links = sg_json_add_array(object, "links");
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        sg_json *entry = sg_json_push_object(links);
        sg_json_add_string(entry, "name", link->name);
        sg_json_add_number(entry, "from", (double)link->from);
        sg_json_add_number(entry, "to", (double)link->to);
    }
}

static bool is_too_dear(const sg_measure *measure, const sg_measured *m,
                        const sg_measure_list *list)
{
    return !list->by_name && measure->cost == SG_COST_COMMUNITIES &&
           sg_snapshot_n_connections(m->snapshot) > SG_COMMUNITIES_CONNECTIONS_MAX;
}

static sg_status add_values(sg_json *values, sg_measured *m, sg_scope scope, size_t subject,
                            const sg_measure_list *list, sg_error *err)
{
    for (size_t k = 0; k < list->n; k++) {
        if (list->at[k]->scope != scope)
            continue;
        double value = NAN;
        if (!is_too_dear(list->at[k], m, list))
            SG_TRY(sg_measure_value(list->at[k], m, subject, &value, err));
        sg_json_add_number(values, list->at[k]->name, value);
    }
    return SG_OK;
}

static sg_status add_measures(sg_json *object, sg_measured *m, const sg_measure_list *list,
                              sg_error *err)
{
    sg_json *by_scope = sg_json_add_object(object, "measures");
    for (sg_scope scope = SG_SCOPE_LINK; scope <= SG_SCOPE_WHOLE; scope++) {
        sg_json *by_subject = sg_json_add_object(by_scope, sg_scope_name(scope));
        for (size_t i = 0; i < sg_measured_n_subjects(m, scope); i++) {
            sg_json *values = sg_json_add_object(by_subject, sg_measured_subject(m, scope, i));
            SG_TRY(add_values(values, m, scope, i, list, err));
        }
    }
    return SG_OK;
}

static sg_status add_fit(sg_json *fits, sg_measured *m, size_t link, sg_side side, sg_error *err)
{
    SG_TRY(sg_measured_compare(m, link, side, err));
    const sg_measured_side *s = &m->side[link][side];
    const sg_powerlaw *p = &s->fit;
    SG_CLEANUP(sg_tally_clear) sg_tally tally = {0};
    SG_TRY(sg_tally_make(s->degree, s->n, &tally, err));

    sg_json *fit = sg_json_push_object(fits);
    sg_json_add_string(fit, "link", sg_measured_subject(m, SG_SCOPE_LINK, link));
    sg_json_add_string(fit, "side", sg_side_name(side));
    sg_json_add_number(fit, "alpha", p->alpha);
    sg_json_add_number(fit, "alpha_se", p->alpha_se);
    sg_json_add_number(fit, "xmin", (double)p->xmin);
    sg_json_add_number(fit, "n_tail", (double)p->n_tail);
    sg_json_add_number(fit, "ks_d", p->ks_d);
    sg_json_add_number(fit, "log_likelihood", p->log_likelihood);
    sg_json_add_number(fit, "p_goodness_of_fit", p->p_value);
    sg_json_add_number(fit, "replicates", (double)p->n_replicates);
    sg_powerlaw_add_comparison(fit, p);
    sg_json *degrees = sg_json_add_array(fit, "degrees");
    sg_json *neurons = sg_json_add_array(fit, "neurons");
    for (size_t i = 0; i < tally.n; i++) {
        sg_json_push_number(degrees, (double)tally.value[i]);
        sg_json_push_number(neurons, (double)tally.count[i]);
    }
    return SG_OK;
}

SG_DEFINE_CLEANUP(sg_measured, sg_measured_free)

sg_status sg_analysis_describe(const sg_snapshot *s, const sg_measured_params *against,
                               const sg_measure_list *list, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_measured_free_cleanup_) sg_measured *m = NULL;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *object = sg_json_object();
    if (!object)
        return sg_fail_memory(err, "describing a network");
    SG_TRY(sg_measured_new(s, against, &m, err));
    add_structure(object, s);
    SG_TRY(add_measures(object, m, list, err));
    sg_json *fits = sg_json_add_array(object, "fits");
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++)
        for (sg_side side = SG_SIDE_IN; side <= SG_SIDE_OUT; side++)
            SG_TRY(add_fit(fits, m, i, side, err));
    return sg_json_print(object, false, ret, err);
}
