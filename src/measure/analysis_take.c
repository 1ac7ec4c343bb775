/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include "measure/powerlaw_json.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* From the JSON object of a network's measures back to numbers. The object may come from a file
 * that anybody wrote: nothing in it is taken on trust. */

static sg_status bad(sg_error *err, const char *what)
{
    return sg_fail(err, SG_EFORMAT, "%s is missing or wrong", what);
}

static sg_status take_layers(sg_analysis *a, const sg_json *layers, sg_error *err)
{
    a->layers = SG_NEW_ARRAY(sg_analysed_layer, sg_json_count(layers));
    if (!a->layers)
        return sg_fail_memory(err, "reading an analysis");
    for (const sg_json *j = sg_json_first(layers); j; j = sg_json_next(j)) {
        const char *name = sg_json_string(sg_json_get(j, "name"));
        uint64_t size = 0;
        if (!name || !sg_json_u64(sg_json_get(j, "size"), &size) || size == 0 ||
            sg_analysis_find_layer(a, name) != SIZE_MAX)
            return bad(err, "a layer's name or size");
        char *copy = sg_strdup(name);
        if (!copy)
            return sg_fail_memory(err, "reading an analysis");
        a->layers[a->n_layers++] = (sg_analysed_layer){copy, (size_t)size};
    }
    return SG_OK;
}

static sg_status take_links(sg_analysis *a, const sg_json *links, sg_error *err)
{
    a->links = SG_NEW_ARRAY(sg_analysed_link, sg_json_count(links));
    if (!a->links)
        return sg_fail_memory(err, "reading an analysis");
    for (const sg_json *j = sg_json_first(links); j; j = sg_json_next(j)) {
        const char *name = sg_json_string(sg_json_get(j, "name"));
        uint64_t from = 0;
        uint64_t to = 0;
        if (!name || !sg_json_u64(sg_json_get(j, "from"), &from) ||
            !sg_json_u64(sg_json_get(j, "to"), &to) || from >= to || to >= a->n_layers ||
            sg_analysis_find_link(a, name) != SIZE_MAX)
            return bad(err, "a link's name or layers");
        char *copy = sg_strdup(name);
        if (!copy)
            return sg_fail_memory(err, "reading an analysis");
        a->links[a->n_links++] = (sg_analysed_link){copy, (size_t)from, (size_t)to};
    }
    return SG_OK;
}

static bool same_layers(const sg_analysis *a, const sg_json *layers)
{
    size_t i = 0;
    for (const sg_json *j = sg_json_first(layers); j; j = sg_json_next(j), i++) {
        const char *name = sg_json_string(sg_json_get(j, "name"));
        uint64_t size = 0;
        if (i >= a->n_layers || !name || strcmp(name, a->layers[i].name) != 0 ||
            !sg_json_u64(sg_json_get(j, "size"), &size) || size != a->layers[i].size)
            return false;
    }
    return i == a->n_layers;
}

static bool same_links(const sg_analysis *a, const sg_json *links)
{
    size_t i = 0;
    for (const sg_json *j = sg_json_first(links); j; j = sg_json_next(j), i++) {
        const char *name = sg_json_string(sg_json_get(j, "name"));
        if (i >= a->n_links || !name || strcmp(name, a->links[i].name) != 0)
            return false;
    }
    return i == a->n_links;
}

sg_status sg_analysis_take_structure(sg_analysis *a, const sg_json *from, sg_error *err)
{
    const sg_json *layers = sg_json_get(from, "layers");
    const sg_json *links = sg_json_get(from, "links");
    if (!sg_json_is_array(layers) || !sg_json_is_array(links))
        return bad(err, "the list of layers or links");
    if (a->layers) {
        if (!same_layers(a, layers) || !same_links(a, links))
            return sg_fail(err, SG_EINVAL,
                           "its layers or links are not those of the first network; "
                           "analyse networks of different shape one at a time");
        return SG_OK;
    }
    SG_TRY(take_layers(a, layers, err));
    return take_links(a, links, err);
}

/* The subject's name as the analysis keeps it, or NULL. */
static const char *known_subject(const sg_analysis *a, sg_scope scope, const char *name)
{
    const size_t link = sg_analysis_find_link(a, name);
    const size_t layer = sg_analysis_find_layer(a, name);
    switch (scope) {
    case SG_SCOPE_LINK:
        return link != SIZE_MAX ? a->links[link].name : NULL;
    case SG_SCOPE_LAYER:
        return layer != SIZE_MAX ? a->layers[layer].name : NULL;
    case SG_SCOPE_WHOLE:
        return strcmp(name, "network") == 0 ? "network" : NULL;
    }
    return NULL;
}

static sg_status take_values(sg_analysis *a, sg_analysed_snapshot *s, sg_scope scope,
                             const sg_json *values, sg_error *err)
{
    const char *subject = known_subject(a, scope, sg_json_key(values));
    if (!subject || !sg_json_is_object(values))
        return sg_fail(err, SG_EFORMAT, "measures: '%s' is no %s of this network",
                       sg_json_key(values), sg_scope_name(scope));
    sg_analysis_row *rows = sg_resize(a->rows, a->n_rows + sg_json_count(values), sizeof *a->rows);
    if (!rows)
        return sg_fail_memory(err, "reading an analysis");
    a->rows = rows;
    for (const sg_json *j = sg_json_first(values); j; j = sg_json_next(j)) {
        const sg_measure *measure = sg_measure_find(sg_json_key(j));
        if (!measure || measure->scope != scope)
            return sg_fail(err, SG_EFORMAT, "measures: '%s' is no measure of a %s", sg_json_key(j),
                           sg_scope_name(scope));
        double value = NAN; /* null */
        (void)sg_json_number(j, &value);
        a->rows[a->n_rows++] = (sg_analysis_row){.epoch = s->epoch,
                                                 .scope = scope,
                                                 .subject = subject,
                                                 .measure = measure->name,
                                                 .value = value,
                                                 .start = NAN,
                                                 .null_mean = NAN,
                                                 .null_sd = NAN,
                                                 .null_low = NAN,
                                                 .null_high = NAN,
                                                 .z = NAN,
                                                 .effect = NAN,
                                                 .p_null = NAN};
        s->n_rows++;
    }
    return SG_OK;
}

static sg_status take_measures(sg_analysis *a, sg_analysed_snapshot *s, const sg_json *measures,
                               sg_error *err)
{
    if (!sg_json_is_object(measures))
        return bad(err, "the object 'measures'");
    for (sg_scope scope = SG_SCOPE_LINK; scope <= SG_SCOPE_WHOLE; scope++) {
        const sg_json *subjects = sg_json_get(measures, sg_scope_name(scope));
        if (!sg_json_is_object(subjects))
            return bad(err, "the list of measures of a scope");
        for (const sg_json *j = sg_json_first(subjects); j; j = sg_json_next(j))
            SG_TRY(take_values(a, s, scope, j, err));
    }
    return SG_OK;
}

/* Fills an owned array of `n` counts from a JSON array. */
static sg_status take_counts(const sg_json *array, size_t n, uint64_t *ret, sg_error *err)
{
    size_t i = 0;
    for (const sg_json *j = sg_json_first(array); j && i < n; j = sg_json_next(j), i++)
        if (!sg_json_u64(j, &ret[i]))
            return bad(err, "a count of a degree histogram");
    return SG_OK;
}

/* Reads the histogram, and what of the fit it decides: values, zeros, the largest. */
static sg_status take_degrees(const sg_json *from, size_t n_neurons, sg_analysis_fit *fit,
                              sg_error *err)
{
    const sg_json *degrees = sg_json_get(from, "degrees");
    const sg_json *neurons = sg_json_get(from, "neurons");
    const size_t n = sg_json_count(degrees);
    if (!sg_json_is_array(degrees) || !sg_json_is_array(neurons) || sg_json_count(neurons) != n)
        return bad(err, "a degree histogram");
    uint64_t *degree = SG_NEW_ARRAY(uint64_t, n);
    uint64_t *count = SG_NEW_ARRAY(uint64_t, n);
    fit->degree = degree;
    fit->count = count;
    fit->n_degrees = n;
    if (!degree || !count)
        return sg_fail_memory(err, "reading an analysis");
    SG_TRY(take_counts(degrees, n, degree, err));
    SG_TRY(take_counts(neurons, n, count, err));
    uint64_t left = n_neurons;
    for (size_t i = 0; i < n; i++) {
        if (count[i] == 0 || count[i] > left || (i > 0 && degree[i] <= degree[i - 1]))
            return sg_fail(err, SG_EFORMAT,
                           "the degrees of '%s' do not ascend or count other than its %zu neurons",
                           fit->link, n_neurons);
        left -= count[i];
        fit->fit.n_zeros += degree[i] == 0 ? (size_t)count[i] : 0;
        fit->fit.max = degree[i];
    }
    if (left != 0)
        return sg_fail(err, SG_EFORMAT, "the degrees of '%s' leave %" PRIu64 " neurons uncounted",
                       fit->link, left);
    fit->fit.n = n_neurons - fit->fit.n_zeros;
    return SG_OK;
}

static double number_or_nan(const sg_json *object, const char *key)
{
    double value = NAN;
    (void)sg_json_number(sg_json_get(object, key), &value);
    return value;
}

static sg_status take_powerlaw(const sg_json *from, sg_powerlaw *p, sg_error *err)
{
    uint64_t n_tail = 0;
    uint64_t replicates = 0;
    if (!sg_json_u64(sg_json_get(from, "xmin"), &p->xmin) ||
        !sg_json_u64(sg_json_get(from, "n_tail"), &n_tail) ||
        !sg_json_u64(sg_json_get(from, "replicates"), &replicates))
        return bad(err, "a fit's xmin, n_tail or replicates");
    p->n_tail = (size_t)n_tail;
    p->n_replicates = (size_t)replicates;
    p->alpha = number_or_nan(from, "alpha");
    p->alpha_se = number_or_nan(from, "alpha_se");
    p->ks_d = number_or_nan(from, "ks_d");
    p->log_likelihood = number_or_nan(from, "log_likelihood");
    p->p_value = number_or_nan(from, "p_goodness_of_fit");
    const bool fitted = isfinite(p->alpha) && p->alpha > 1;
    if (fitted != (p->xmin > 0) || p->xmin > p->max || p->n_tail > p->n || p->p_value < 0 ||
        p->p_value > 1)
        return bad(err, "a fit's alpha, xmin, n_tail or p");
    if (!sg_powerlaw_take_comparison(from, p))
        return bad(err, "a fit's p_thin_tail, alternative_favoured or p_alternative");
    return SG_OK;
}

static sg_status take_fit(sg_analysis *a, sg_analysed_snapshot *s, const sg_json *from,
                          sg_error *err)
{
    const char *name = sg_json_string(sg_json_get(from, "link"));
    const char *side = sg_json_string(sg_json_get(from, "side"));
    const size_t link = name ? sg_analysis_find_link(a, name) : SIZE_MAX;
    const bool is_in = side && strcmp(side, "in") == 0;
    if (link == SIZE_MAX || (!is_in && !(side && strcmp(side, "out") == 0)))
        return bad(err, "a fit's link or side");
    /* The analysis owns the arrays at once, so that a failure below frees them. */
    sg_analysis_fit *fit = &a->fits[a->n_fits++];
    s->n_fits++;
    *fit = (sg_analysis_fit){
        .epoch = s->epoch, .link = a->links[link].name, .side = is_in ? SG_SIDE_IN : SG_SIDE_OUT};
    const size_t layer = is_in ? a->links[link].to : a->links[link].from;
    SG_TRY(take_degrees(from, a->layers[layer].size, fit, err));
    return take_powerlaw(from, &fit->fit, err);
}

static sg_status take_fits(sg_analysis *a, sg_analysed_snapshot *s, const sg_json *fits,
                           sg_error *err)
{
    if (!sg_json_is_array(fits))
        return bad(err, "the list of fits");
    sg_analysis_fit *room = sg_resize(a->fits, a->n_fits + sg_json_count(fits), sizeof *a->fits);
    if (!room)
        return sg_fail_memory(err, "reading an analysis");
    a->fits = room;
    for (const sg_json *j = sg_json_first(fits); j; j = sg_json_next(j))
        SG_TRY(take_fit(a, s, j, err));
    return SG_OK;
}

sg_status sg_analysis_take_snapshot(sg_analysis *a, const sg_json *from, const char *file,
                                    long epoch, bool listed, sg_error *err)
{
    sg_analysed_snapshot *room = sg_resize(a->snapshots, a->n_snapshots + 1, sizeof *a->snapshots);
    if (!room)
        return sg_fail_memory(err, "reading an analysis");
    a->snapshots = room;
    char *copy = sg_strdup(file);
    if (!copy)
        return sg_fail_memory(err, "reading an analysis");
    sg_analysed_snapshot *s = &a->snapshots[a->n_snapshots++];
    *s = (sg_analysed_snapshot){.file = copy,
                                .epoch = epoch,
                                .listed = listed,
                                .first_row = a->n_rows,
                                .first_fit = a->n_fits};
    SG_TRY(take_measures(a, s, sg_json_get(from, "measures"), err));
    return take_fits(a, s, sg_json_get(from, "fits"), err);
}
