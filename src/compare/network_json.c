/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"
#include "measure/powerlaw_json.h"

#include <math.h>
#include <string.h>

/* A column to JSON and back. Files may come from anybody: every entry is checked. */

static void add_counts(sg_json *object, const char *key, const uint64_t *values, size_t n)
{
    sg_json *array = sg_json_add_array(object, key);

    for (size_t i = 0; i < n; i++)
        sg_json_push_number(array, (double)values[i]);
}

static void add_fit(const sg_powerlaw *fit, sg_json *object)
{
    sg_json *j = sg_json_add_object(object, "power_law");

    sg_json_add_number(j, "alpha", fit->alpha);
    sg_json_add_number(j, "alpha_se", fit->alpha_se);
    sg_json_add_number(j, "xmin", (double)fit->xmin);
    sg_json_add_number(j, "n_tail", (double)fit->n_tail);
    sg_json_add_number(j, "n", (double)fit->n);
    sg_json_add_number(j, "n_zeros", (double)fit->n_zeros);
    sg_json_add_number(j, "max", (double)fit->max);
    sg_json_add_number(j, "ks_d", fit->ks_d);
    sg_json_add_number(j, "log_likelihood", fit->log_likelihood);
    sg_json_add_number(j, "p_value", fit->p_value);
    sg_powerlaw_add_comparison(j, fit);
    sg_json_add_number(j, "n_replicates", (double)fit->n_replicates);
    sg_json_add_bool(j, "passes", fit->passes);
}

static void add_side(const sg_compare_side *side, sg_json *object)
{
    sg_json_add_string(object, "link", side->link);
    sg_json_add_string(object, "side", side->in ? "in" : "out");
    sg_json_add_number(object, "neurons", (double)side->n);
    sg_json_add_number(object, "mean", side->mean);
    sg_json_add_number(object, "dispersion", side->dispersion);
    sg_json_add_number(object, "gini", side->gini);
    add_fit(&side->fit, object);
    if (side->reasons)
        sg_json_add_string(object, "reasons", side->reasons);
}

void sg_compared_to_json(const sg_compared *n, sg_json *object)
{
    if (n->label)
        sg_json_add_string(object, "label", n->label);
    if (n->source)
        sg_json_add_string(object, "source", n->source);
    sg_json_add_string(object, "citation", n->citation);
    sg_json_add_bool(object, "subject", n->column.subject);
    sg_json_add_bool(object, "layered", n->column.layered);
    sg_json_add_bool(object, "directed", n->column.directed);
    sg_json_add_number(object, "epoch", n->epoch < 0 ? NAN : (double)n->epoch);

    sg_json *values = sg_json_add_object(object, "values");
    sg_json *notes = sg_json_add_object(object, "notes");
    for (size_t row = 0; row < SG_N_ROWS; row++) {
        sg_json_add_number(values, sg_compare_rows[row].key, n->cell[row].value);
        if (n->cell[row].note)
            sg_json_add_string(notes, sg_compare_rows[row].key, n->cell[row].note);
    }
    add_fit(&n->fit, object);
    add_counts(object, "degrees", n->degree, n->n_degrees);
    add_counts(object, "degree_counts", n->count, n->n_degrees);
    sg_json *x = sg_json_add_array(object, "relative_degrees");
    for (size_t i = 0; i < n->relative.n; i++)
        sg_json_push_number(x, n->relative.x[i]);
    add_counts(object, "relative_degree_counts", n->relative.count, n->relative.n);
    sg_json *sides = sg_json_add_array(object, "sides");
    for (size_t i = 0; i < n->n_sides; i++)
        add_side(&n->sides[i], sg_json_push_object(sides));
}

static sg_status bad(sg_error *err, const char *what)
{
    return sg_fail(err, SG_EFORMAT, "'%s' is missing or wrong", what);
}

static sg_status get_text(const sg_json *object, const char *key, char **ret, sg_error *err)
{
    const char *text = sg_json_string(sg_json_get(object, key));
    if (!text)
        return bad(err, key);
    char *copy = sg_strdup(text);
    if (!copy)
        return sg_fail_memory(err, "reading a comparison");
    sg_free(*ret);
    *ret = copy;
    return SG_OK;
}

/* A number, NaN for null. */
static double get_number(const sg_json *object, const char *key)
{
    double x = NAN;

    (void)sg_json_number(sg_json_get(object, key), &x);
    return x;
}

static size_t get_count(const sg_json *object, const char *key)
{
    uint64_t n = 0;

    (void)sg_json_u64(sg_json_get(object, key), &n);
    return (size_t)n;
}

static sg_status get_fit(const sg_json *object, sg_powerlaw *ret, sg_error *err)
{
    const sg_json *j = sg_json_get(object, "power_law");
    if (!sg_json_is_object(j))
        return bad(err, "power_law");
    sg_powerlaw fit = {.alpha = get_number(j, "alpha"),
                       .alpha_se = get_number(j, "alpha_se"),
                       .xmin = get_count(j, "xmin"),
                       .n_tail = get_count(j, "n_tail"),
                       .n = get_count(j, "n"),
                       .n_zeros = get_count(j, "n_zeros"),
                       .max = get_count(j, "max"),
                       .ks_d = get_number(j, "ks_d"),
                       .log_likelihood = get_number(j, "log_likelihood"),
                       .p_value = get_number(j, "p_value"),
                       .n_replicates = get_count(j, "n_replicates")};
    if (!sg_powerlaw_take_comparison(j, &fit))
        return bad(err, "power_law");
    sg_powerlaw_judge(&fit, NULL);
    *ret = fit;
    return SG_OK;
}

/* Takes an array of positive counts, or of ascending degrees; *n is the length that is wanted, or
 * SIZE_MAX for any. */
static sg_status get_counts(const sg_json *object, const char *key, size_t *n, uint64_t **ret,
                            sg_error *err)
{
    const sg_json *array = sg_json_get(object, key);
    const size_t length = sg_json_count(array);
    if (!sg_json_is_array(array) || (*n != SIZE_MAX && length != *n))
        return bad(err, key);
    SG_AUTOFREE uint64_t *values = SG_NEW_ARRAY(uint64_t, length);
    if (!values)
        return sg_fail_memory(err, "reading a comparison");
    size_t i = 0;
    for (const sg_json *j = sg_json_first(array); j; j = sg_json_next(j))
        if (!sg_json_u64(j, &values[i++]))
            return bad(err, key);
    *n = length;
    *ret = SG_TAKE(values);
    return SG_OK;
}

static sg_status get_degrees(const sg_json *object, sg_compared *net, sg_error *err)
{
    size_t n = SIZE_MAX;
    SG_TRY(get_counts(object, "degrees", &n, &net->degree, err));
    SG_TRY(get_counts(object, "degree_counts", &n, &net->count, err));
    for (size_t i = 0; i < n; i++)
        if (net->count[i] == 0 || (i > 0 && net->degree[i] <= net->degree[i - 1]))
            return bad(err, "degrees");
    net->n_degrees = n;
    return SG_OK;
}

static sg_status get_relative(const sg_json *object, sg_relative *r, sg_error *err)
{
    size_t n = SIZE_MAX;
    const sg_json *array = sg_json_get(object, "relative_degrees");
    SG_TRY(get_counts(object, "relative_degree_counts", &n, &r->count, err));
    r->x = SG_NEW_ARRAY(double, n);
    r->ccdf = SG_NEW_ARRAY(double, n);
    if (!r->x || !r->ccdf)
        return sg_fail_memory(err, "reading a comparison");
    if (!sg_json_is_array(array) || sg_json_count(array) != n)
        return bad(err, "relative_degrees");
    size_t i = 0;
    for (const sg_json *j = sg_json_first(array); j; j = sg_json_next(j), i++)
        if (!sg_json_number(j, &r->x[i]) || !(r->x[i] > 0.0) || r->count[i] == 0 ||
            (i > 0 && r->x[i] <= r->x[i - 1]))
            return bad(err, "relative_degrees");
    r->n = n;
    return SG_OK;
}

static sg_status get_side(const sg_json *object, sg_compared *net, sg_error *err)
{
    const char *side_name = sg_json_string(sg_json_get(object, "side"));
    if (!side_name || (strcmp(side_name, "in") != 0 && strcmp(side_name, "out") != 0))
        return bad(err, "side");
    sg_compare_side side = {.in = strcmp(side_name, "in") == 0,
                            .n = get_count(object, "neurons"),
                            .mean = get_number(object, "mean"),
                            .dispersion = get_number(object, "dispersion"),
                            .gini = get_number(object, "gini")};
    SG_TRY(get_fit(object, &side.fit, err));
    char *link = NULL;
    SG_TRY(get_text(object, "link", &link, err));
    side.link = link;
    net->sides[net->n_sides++] = side;
    return SG_OK;
}

static sg_status get_cells(const sg_json *object, sg_compared *net, sg_error *err)
{
    const sg_json *values = sg_json_get(object, "values");
    const sg_json *notes = sg_json_get(object, "notes");
    if (!sg_json_is_object(values) || !sg_json_is_object(notes))
        return bad(err, "values");
    for (size_t row = 0; row < SG_N_ROWS; row++) {
        const char *key = sg_compare_rows[row].key;
        net->cell[row].value = get_number(values, key);
        if (sg_json_get(notes, key))
            SG_TRY(get_text(notes, key, &net->cell[row].note, err));
    }
    return SG_OK;
}

sg_status sg_compared_from_json(const sg_json *object, sg_compared *ret, sg_error *err)
{
    SG_CLEANUP(sg_compared_clear) sg_compared net = {0};
    if (!sg_json_is_bool(sg_json_get(object, "subject"), &net.column.subject) ||
        !sg_json_is_bool(sg_json_get(object, "layered"), &net.column.layered) ||
        !sg_json_is_bool(sg_json_get(object, "directed"), &net.column.directed))
        return bad(err, "subject', 'layered' or 'directed");
    uint64_t epoch = 0;
    net.epoch = sg_json_u64(sg_json_get(object, "epoch"), &epoch) ? (long)epoch : -1;
    SG_TRY(get_text(object, "citation", &net.citation, err));
    if (sg_json_get(object, "label")) {
        SG_TRY(get_text(object, "label", &net.label, err));
        SG_TRY(get_text(object, "source", &net.source, err));
    }
    SG_TRY(get_cells(object, &net, err));
    SG_TRY(get_fit(object, &net.fit, err));
    SG_TRY(get_degrees(object, &net, err));
    SG_TRY(get_relative(object, &net.relative, err));
    const sg_json *sides = sg_json_get(object, "sides");
    if (!sg_json_is_array(sides))
        return bad(err, "sides");
    net.sides = SG_NEW_ARRAY(sg_compare_side, sg_json_count(sides));
    if (!net.sides)
        return sg_fail_memory(err, "reading a comparison");
    for (const sg_json *j = sg_json_first(sides); j; j = sg_json_next(j))
        SG_TRY(get_side(j, &net, err));
    *ret = net;
    net = (sg_compared){0};
    return SG_OK;
}
