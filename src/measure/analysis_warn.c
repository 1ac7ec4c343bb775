/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* What a reader has to know before believing the numbers, one sentence each. */

enum { FEW_NEURONS = 50 /* as the power-law gate */ };

static const double p_gate = 0.1; /* as the power-law gate */

static sg_status warn(sg_analysis *a, sg_error *err, const char *format, ...) SG_PRINTF(3, 4);

static sg_status warn(sg_analysis *a, sg_error *err, const char *format, ...)
{
    char **room = sg_resize(a->warnings, a->n_warnings + 1, sizeof *a->warnings);
    if (!room)
        return sg_fail_memory(err, "collecting warnings");
    a->warnings = room;
    char line[SG_ERROR_MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    a->warnings[a->n_warnings] = sg_strdup(line);
    if (!a->warnings[a->n_warnings])
        return sg_fail_memory(err, "collecting warnings");
    a->n_warnings++;
    return SG_OK;
}

static double value_at(const sg_analysis *a, const sg_analysed_snapshot *s, sg_scope scope,
                       const char *subject, const char *measure)
{
    const sg_analysis_row *row = sg_analysis_find_row(a, s, scope, subject, measure);
    return row ? row->value : NAN;
}

/* Whether searches for communities were left out for the size of a network. */
static bool lacks_communities(const sg_analysis *a)
{
    for (size_t i = 0; i < a->n_snapshots; i++) {
        const sg_analysed_snapshot *s = &a->snapshots[i];
        const sg_analysis_row *row =
            sg_analysis_find_row(a, s, SG_SCOPE_WHOLE, "network", "communities");
        if (row && isnan(row->value) &&
            value_at(a, s, SG_SCOPE_WHOLE, "network", "connections") >
                SG_COMMUNITIES_CONNECTIONS_MAX)
            return true;
    }
    return false;
}

static sg_status warn_of_the_setting(sg_analysis *a, sg_error *err)
{
    const size_t n = sg_analysis_n_snapshots(a);
    if (lacks_communities(a))
        SG_TRY(warn(a, err,
                    "communities were not looked for: there are more than %d connections; ask for "
                    "them by --measure communities",
                    SG_COMMUNITIES_CONNECTIONS_MAX));
    if (!isnan(a->core_zeta))
        SG_TRY(warn(a, err,
                    "only the core was measured: the connections that SET's removal of %g would "
                    "keep",
                    a->core_zeta));
    if (a->numbered)
        SG_TRY(warn(a, err,
                    "the files name no epoch: they were numbered 0 to %zu in the order given",
                    a->n_snapshots - 1));
    if (n == 1)
        SG_TRY(warn(a, err, "there is only one snapshot: nothing is said about change"));
    if (!sg_analysis_has_untrained(a))
        SG_TRY(warn(a, err,
                    "there is no untrained network (epoch 0): no fit could be held against one"));
    if (n > 1)
        SG_TRY(warn(a, err,
                    "the epochs of one run are not independent samples: error bars need several "
                    "seeds (analyze RUN RUN ... --group)"));
    if (a->n_bootstrap == 0)
        return warn(a, err, "no bootstrap was run: without a p-value no fit passes as a power law");
    return warn(a, err,
                "each goodness-of-fit p comes from %zu bootstrap replicates and is good to about "
                "%.2g; a small p rejects the power law, a high one confirms nothing",
                a->n_bootstrap, 0.5 / sqrt((double)a->n_bootstrap));
}

/* What the random networks can tell, and what not. */
static sg_status warn_of_the_nulls(sg_analysis *a, sg_error *err)
{
    if (a->n_nulls == 0)
        return warn(a, err, "no random networks were drawn: no value was held against chance");
    if (!a->nulls_levelled)
        SG_TRY(warn(a, err,
                    "some random networks that keep the degrees still resembled the network when "
                    "they were taken: their z-scores are too small"));
    return warn(a, err,
                "with %zu random networks of each kind no p against them falls below %.2g; as many "
                "values are compared, some lie outside 95 %% by chance",
                a->n_nulls, 2.0 / ((double)a->n_nulls + 1));
}

/* The trap: the untrained network's own fit, not rejected though random by construction. */
static sg_status warn_of_the_untrained(sg_analysis *a, sg_error *err)
{
    if (!sg_analysis_has_untrained(a))
        return SG_OK;
    const sg_analysed_snapshot *start = sg_analysis_start(a);
    size_t n_tested = 0;
    size_t n_high = 0;
    const sg_analysis_fit *highest = NULL;
    for (size_t i = start->first_fit; i < start->first_fit + start->n_fits; i++) {
        const sg_analysis_fit *fit = &a->fits[i];
        if (fit->fit.n < FEW_NEURONS || isnan(fit->fit.p_value))
            continue;
        n_tested++;
        if (fit->fit.p_value < p_gate)
            continue;
        n_high++;
        if (!highest || fit->fit.p_value > highest->fit.p_value)
            highest = fit;
    }
    if (!highest)
        return SG_OK;
    return warn(a, err,
                "a high p alone means nothing: at epoch 0, before any training, %zu of %zu fits "
                "are not rejected (%s, %s-degrees: p = %.2g with alpha %.3g)",
                n_high, n_tested, highest->link, sg_side_name(highest->side), highest->fit.p_value,
                highest->fit.alpha);
}

/* What only an unbroken sequence of epochs can tell. */
static sg_status warn_of_gaps(sg_analysis *a, const sg_analysed_snapshot *last, sg_error *err)
{
    const sg_analysis_row *row =
        sg_analysis_find_row(a, last, SG_SCOPE_WHOLE, "network", "network_itop_rate");
    if (a->n_snapshots < 2 || !row || !isnan(row->value))
        return SG_OK;
    return warn(a, err,
                "ages, the ITOP rate and what comes back are not known: they need every epoch from "
                "0 on, and some are missing or were left out");
}

static sg_status warn_of_layers(sg_analysis *a, const sg_analysed_snapshot *last, sg_error *err)
{
    for (size_t i = 0; i < a->n_layers; i++) {
        const sg_analysed_layer *layer = &a->layers[i];
        if (layer->size < FEW_NEURONS)
            SG_TRY(warn(a, err,
                        "%s has %zu neurons: their degrees are no distribution, and no power law "
                        "can be told from them",
                        layer->name, layer->size));
        const double active = value_at(a, last, SG_SCOPE_LAYER, layer->name, "active_neurons");
        if (active < (double)layer->size)
            SG_TRY(warn(a, err,
                        "%.0f of the %zu neurons of %s %s on no path from an input to an output "
                        "at the last epoch",
                        (double)layer->size - active, layer->size, layer->name,
                        (double)layer->size - active == 1.0 ? "lies" : "lie"));
    }
    return SG_OK;
}

static sg_status warn_of_links(sg_analysis *a, const sg_analysed_snapshot *last, sg_error *err)
{
    for (size_t i = 0; i < a->n_links; i++) {
        const sg_analysed_link *link = &a->links[i];
        const double density = value_at(a, last, SG_SCOPE_LINK, link->name, "density");
        if (density == 1)
            SG_TRY(warn(a, err, "%s is fully connected: its degrees are all equal and say nothing",
                        link->name));
        const double dead = value_at(a, last, SG_SCOPE_LINK, link->name, "out_degree_zeros");
        if (dead > 0 && link->from == 0)
            SG_TRY(warn(a, err,
                        "%.0f of the %zu inputs have no connection in %s at the last epoch; "
                        "inputs that never vary weigh on every measure of this side",
                        dead, a->layers[0].size, link->name));
    }
    return SG_OK;
}

sg_status sg_analysis_warn(sg_analysis *a, sg_error *err)
{
    SG_TRY(warn_of_the_setting(a, err));
    if (a->n_snapshots == 0)
        return SG_OK;
    SG_TRY(warn_of_the_nulls(a, err));
    SG_TRY(warn_of_the_untrained(a, err));
    const sg_analysed_snapshot *last = &a->snapshots[a->n_snapshots - 1];
    SG_TRY(warn_of_gaps(a, last, err));
    SG_TRY(warn_of_links(a, last, err));
    return warn_of_layers(a, last, err);
}
