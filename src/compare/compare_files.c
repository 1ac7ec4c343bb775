/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include "base/file.h"
#include <math.h>
#include <string.h>

enum { VERSION = 1, NETWORKS_MAX = 10000 };

static const char format_name[] = "sparsegraph comparison";
static const size_t json_max = (size_t)1 << 30;

sg_status sg_comparison_json(const sg_comparison *c, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = sg_json_object();
    if (!root)
        return sg_fail_memory(err, "writing a comparison");
    sg_json_add_string(root, "format", format_name);
    sg_json_add_number(root, "version", VERSION);
    sg_json_add_number(root, "n_bootstrap", (double)c->n_bootstrap);
    sg_json_add_number(root, "seed", (double)c->seed);
    sg_json_add_number(root, "subject", (double)c->subject);
    sg_json_add_string(root, "verdict", c->verdict);
    sg_json *measures = sg_json_add_array(root, "measures");
    for (size_t row = 0; row < SG_N_ROWS; row++) {
        sg_json *j = sg_json_push_object(measures);
        sg_json_add_string(j, "key", sg_compare_rows[row].key);
        sg_json_add_string(j, "label", sg_compare_rows[row].label);
        sg_json_add_string(j, "summary", sg_compare_rows[row].summary);
    }
    sg_json *networks = sg_json_add_array(root, "networks");
    for (size_t i = 0; i < c->n_networks; i++)
        sg_compared_to_json(&c->networks[i], sg_json_push_object(networks));
    return sg_json_print(root, true, ret, err);
}

/* A field of CSV: in quotes where it holds a comma, a quote or a line's end. */
static void append_field(sg_text *t, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        sg_text_append(t, text);
        return;
    }
    sg_text_append(t, "\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            sg_text_append(t, "\"");
        sg_text_append_bytes(t, p, 1);
    }
    sg_text_append(t, "\"");
}

static void append_cell(sg_text *t, const char *measure, const char *network, double value,
                        const char *note)
{
    append_field(t, measure);
    sg_text_append(t, ",");
    append_field(t, network);
    if (isnan(value))
        sg_text_append(t, ",,");
    else
        sg_text_printf(t, ",%.10g,", value);
    append_field(t, note);
    sg_text_append(t, "\n");
}

/* The rows of a side, e.g. "alpha input-hidden1 in". */
static sg_status append_side(sg_text *t, const char *label, const sg_compare_side *side,
                             sg_error *err)
{
    const struct {
        const char *key;
        double value;
    } rows[] = {
        {"mean", side->mean},
        {"dispersion", side->dispersion},
        {"gini", side->gini},
        {"alpha", side->fit.alpha},
        {"xmin", side->fit.xmin > 0 ? (double)side->fit.xmin : NAN},
        {"n_tail", side->fit.xmin > 0 ? (double)side->fit.n_tail : NAN},
        {"ks_d", side->fit.ks_d},
        {"p_value", side->fit.p_value},
        {"passes", side->fit.passes},
    };
    for (size_t i = 0; i < SG_COUNT(rows); i++) {
        SG_AUTOFREE char *measure =
            sg_format("%s %s %s", rows[i].key, side->link, side->in ? "in" : "out");
        if (!measure)
            return sg_fail_memory(err, "writing a comparison");
        append_cell(t, measure, label, rows[i].value,
                    strcmp(rows[i].key, "passes") == 0 ? side->reasons : "");
    }
    return SG_OK;
}

sg_status sg_comparison_csv(const sg_comparison *c, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "measure,network,value,note\n");
    for (size_t row = 0; row < SG_N_ROWS; row++)
        for (size_t i = 0; i < c->n_networks; i++) {
            const sg_cell *cell = &c->networks[i].cell[row];
            append_cell(&t, sg_compare_rows[row].key, c->networks[i].label, cell->value,
                        cell->note ? cell->note : "");
        }
    for (size_t i = 0; i < c->n_networks; i++)
        for (size_t k = 0; k < c->networks[i].n_sides; k++)
            SG_TRY(append_side(&t, c->networks[i].label, &c->networks[i].sides[k], err));
    return sg_text_take(&t, ret, err);
}

sg_status sg_comparison_write(const sg_comparison *c, const char *dir, sg_error *err)
{
    SG_AUTOFREE char *json = NULL;
    SG_AUTOFREE char *csv = NULL;
    SG_TRY(sg_comparison_json(c, &json, err));
    SG_TRY(sg_comparison_csv(c, &csv, err));
    SG_TRY(sg_dir_make(dir, err));
    SG_TRY(sg_text_write(dir, "compare.csv", csv, err));
    return sg_text_write(dir, "compare.json", json, err);
}

static sg_status take_networks(const sg_json *networks, sg_comparison *c, sg_error *err)
{
    const size_t n = sg_json_count(networks);
    if (!sg_json_is_array(networks) || n == 0 || n > NETWORKS_MAX)
        return sg_fail(err, SG_EFORMAT, "'networks' is missing or wrong");
    c->networks = SG_NEW_ARRAY(sg_compared, n);
    if (!c->networks)
        return sg_fail_memory(err, "reading a comparison");
    for (const sg_json *j = sg_json_first(networks); j; j = sg_json_next(j)) {
        sg_compared *net = &c->networks[c->n_networks];
        SG_TRY(sg_compared_from_json(j, net, err));
        c->n_networks++;
        if (!net->label || !net->source)
            return sg_fail(err, SG_EFORMAT, "a network's 'label' is missing or wrong");
    }
    return SG_OK;
}

static sg_status parse(const char *text, size_t n, sg_comparison **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = NULL;
    SG_TRY(sg_json_parse(text, n, &root, err));
    const char *format = sg_json_string(sg_json_get(root, "format"));
    uint64_t number = 0;
    if (!format || strcmp(format, format_name) != 0)
        return sg_fail(err, SG_EFORMAT, "it is no comparison of sparsegraph");
    if (!sg_json_u64(sg_json_get(root, "version"), &number) || number != VERSION)
        return sg_fail(err, SG_EFORMAT, "its version is not %d; compare again", VERSION);

    SG_CLEANUP(sg_comparison_free_cleanup_) sg_comparison *c = SG_NEW(sg_comparison);
    if (!c)
        return sg_fail_memory(err, "reading a comparison");
    SG_TRY(take_networks(sg_json_get(root, "networks"), c, err));
    if (sg_json_u64(sg_json_get(root, "n_bootstrap"), &number))
        c->n_bootstrap = (size_t)number;
    if (sg_json_u64(sg_json_get(root, "seed"), &number))
        c->seed = number;
    if (!sg_json_u64(sg_json_get(root, "subject"), &number) || number >= c->n_networks)
        return sg_fail(err, SG_EFORMAT, "'subject' is missing or wrong");
    c->subject = (size_t)number;
    SG_TRY(sg_comparison_finish(c, err));
    *ret = SG_TAKE(c);
    return SG_OK;
}

sg_status sg_comparison_read(const char *path, sg_comparison **ret, sg_error *err)
{
    SG_AUTOFREE char *file =
        sg_dir_exists(path) ? sg_format("%s/compare.json", path) : sg_strdup(path);
    SG_AUTOFREE char *text = NULL;
    size_t n = 0;
    if (!file)
        return sg_fail_memory(err, "reading a comparison");
    SG_TRY(sg_file_read(file, json_max, &text, &n, err));
    const sg_status status = parse(text, n, ret, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "cannot read '%s'", file);
}
