/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include <math.h>
#include <string.h>

void sg_analysis_free(sg_analysis *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->n_layers; i++)
        sg_free(a->layers[i].name);
    for (size_t i = 0; i < a->n_links; i++)
        sg_free(a->links[i].name);
    for (size_t i = 0; i < a->n_snapshots; i++)
        sg_free(a->snapshots[i].file);
    for (size_t i = 0; i < a->n_fits; i++) {
        sg_free((void *)a->fits[i].reasons);
        sg_free((void *)a->fits[i].degree);
        sg_free((void *)a->fits[i].count);
    }
    for (size_t i = 0; i < a->n_warnings; i++)
        sg_free(a->warnings[i]);
    sg_free(a->layers);
    sg_free(a->links);
    sg_free(a->snapshots);
    sg_free(a->rows);
    sg_free(a->fits);
    sg_free(a->warnings);
    sg_free(a);
}

size_t sg_analysis_n_unlisted(const sg_analysis *a)
{
    return a->n_snapshots > 0 && !a->snapshots[0].listed;
}

const sg_analysed_snapshot *sg_analysis_start(const sg_analysis *a)
{
    return a->n_snapshots > 0 && a->snapshots[0].epoch == 0 ? &a->snapshots[0] : NULL;
}

size_t sg_analysis_n_snapshots(const sg_analysis *a)
{
    return a->n_snapshots - sg_analysis_n_unlisted(a);
}

static const sg_analysed_snapshot *listed(const sg_analysis *a, size_t i)
{
    return &a->snapshots[sg_analysis_n_unlisted(a) + i];
}

long sg_analysis_epoch(const sg_analysis *a, size_t i)
{
    return listed(a, i)->epoch;
}

const char *sg_analysis_file(const sg_analysis *a, size_t i)
{
    return listed(a, i)->file;
}

size_t sg_analysis_n_layers(const sg_analysis *a)
{
    return a->n_layers;
}

const char *sg_analysis_layer_name(const sg_analysis *a, size_t i)
{
    return a->layers[i].name;
}

size_t sg_analysis_layer_size(const sg_analysis *a, size_t i)
{
    return a->layers[i].size;
}

size_t sg_analysis_n_links(const sg_analysis *a)
{
    return a->n_links;
}

const char *sg_analysis_link_name(const sg_analysis *a, size_t i)
{
    return a->links[i].name;
}

size_t sg_analysis_n_nulls(const sg_analysis *a)
{
    return a->n_nulls;
}

sg_null_model sg_analysis_degrees_model(const sg_analysis *a)
{
    return a->degrees_model;
}

double sg_analysis_core_zeta(const sg_analysis *a)
{
    return a->core_zeta;
}

bool sg_analysis_has_untrained(const sg_analysis *a)
{
    return sg_analysis_start(a) && !a->numbered;
}

static size_t first_row(const sg_analysis *a)
{
    return sg_analysis_n_snapshots(a) > 0 ? listed(a, 0)->first_row : a->n_rows;
}

static size_t first_fit(const sg_analysis *a)
{
    return sg_analysis_n_snapshots(a) > 0 ? listed(a, 0)->first_fit : a->n_fits;
}

size_t sg_analysis_n_rows(const sg_analysis *a)
{
    return a->n_rows - first_row(a);
}

const sg_analysis_row *sg_analysis_row_at(const sg_analysis *a, size_t i)
{
    return &a->rows[first_row(a) + i];
}

size_t sg_analysis_n_fits(const sg_analysis *a)
{
    return a->n_fits - first_fit(a);
}

const sg_analysis_fit *sg_analysis_fit_at(const sg_analysis *a, size_t i)
{
    return &a->fits[first_fit(a) + i];
}

size_t sg_analysis_n_warnings(const sg_analysis *a)
{
    return a->n_warnings;
}

const char *sg_analysis_warning(const sg_analysis *a, size_t i)
{
    return a->warnings[i];
}

size_t sg_analysis_find_layer(const sg_analysis *a, const char *name)
{
    for (size_t i = 0; i < a->n_layers; i++)
        if (strcmp(a->layers[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

size_t sg_analysis_find_link(const sg_analysis *a, const char *name)
{
    for (size_t i = 0; i < a->n_links; i++)
        if (strcmp(a->links[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

const sg_analysis_row *sg_analysis_find_row(const sg_analysis *a, const sg_analysed_snapshot *s,
                                            sg_scope scope, const char *subject,
                                            const char *measure)
{
    for (size_t i = s->first_row; i < s->first_row + s->n_rows; i++) {
        const sg_analysis_row *row = &a->rows[i];
        if (row->scope == scope && strcmp(row->measure, measure) == 0 &&
            strcmp(row->subject, subject) == 0)
            return row;
    }
    return NULL;
}

static const sg_analysed_snapshot *listed_epoch(const sg_analysis *a, long epoch)
{
    for (size_t i = 0; i < sg_analysis_n_snapshots(a); i++)
        if (listed(a, i)->epoch == epoch)
            return listed(a, i);
    return NULL;
}

const sg_analysis_row *sg_analysis_row_of(const sg_analysis *a, long epoch, const char *subject,
                                          const char *measure)
{
    const sg_analysed_snapshot *s = listed_epoch(a, epoch);
    const sg_measure *known = sg_measure_find(measure);
    return s && known ? sg_analysis_find_row(a, s, known->scope, subject, measure) : NULL;
}

double sg_analysis_value(const sg_analysis *a, long epoch, const char *subject, const char *measure)
{
    const sg_analysis_row *row = sg_analysis_row_of(a, epoch, subject, measure);
    return row ? row->value : NAN;
}

static const sg_analysis_fit *fit_of(const sg_analysis *a, const sg_analysed_snapshot *s,
                                     const char *link, sg_side side)
{
    for (size_t i = s->first_fit; i < s->first_fit + s->n_fits; i++)
        if (a->fits[i].side == side && strcmp(a->fits[i].link, link) == 0)
            return &a->fits[i];
    return NULL;
}

const sg_analysis_fit *sg_analysis_find_fit(const sg_analysis *a, long epoch, const char *link,
                                            sg_side side)
{
    const sg_analysed_snapshot *s = listed_epoch(a, epoch);
    return s ? fit_of(a, s, link, side) : NULL;
}

/* Judges a fit, against the untrained network's where there is one and it is another. */
static sg_status judge(sg_analysis *a, sg_analysis_fit *fit, sg_error *err)
{
    const sg_analysis_fit *untrained = sg_analysis_has_untrained(a) && fit->epoch != 0
                                           ? fit_of(a, sg_analysis_start(a), fit->link, fit->side)
                                           : NULL;
    sg_powerlaw_judge(&fit->fit, untrained ? &untrained->fit : NULL);
    char *reasons = NULL;
    SG_TRY(sg_powerlaw_reasons(&fit->fit, &reasons, err));
    sg_free((void *)fit->reasons);
    fit->reasons = reasons;
    return SG_OK;
}

sg_status sg_analysis_finish(sg_analysis *a, sg_error *err)
{
    const sg_analysed_snapshot *start = sg_analysis_start(a);
    for (size_t i = 0; i < a->n_rows; i++) {
        sg_analysis_row *row = &a->rows[i];
        const sg_analysis_row *before =
            start ? sg_analysis_find_row(a, start, row->scope, row->subject, row->measure) : NULL;
        row->start = before ? before->value : NAN;
    }
    for (size_t i = 0; i < a->n_fits; i++)
        SG_TRY(judge(a, &a->fits[i], err));
    SG_TRY(sg_analysis_correct(a, err));
    return sg_analysis_warn(a, err);
}
