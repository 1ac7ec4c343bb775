/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "measure/powerlaw_json.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* analysis.json. What follows from the rest (verdicts, reasons, warnings, what the measures mean)
 * is written for the reader and worked out anew when the file is read back. */

static const char format_name[] = "sparsegraph analysis";
enum { FORMAT_VERSION = 2 };
static const size_t file_max = (size_t)1 << 30; /* bytes */

static void add_settings(sg_json *root, const sg_analysis *a)
{
    sg_json *settings = sg_json_add_object(root, "settings");
    char seed[32];
    (void)snprintf(seed, sizeof seed, "%" PRIu64, a->seed);
    sg_json_add_string(settings, "seed", seed); /* a string: JSON's numbers end at 2^53 */
    sg_json_add_number(settings, "bootstrap_replicates", (double)a->n_bootstrap);
    sg_json_add_number(settings, "nulls", (double)a->n_nulls);
    sg_json_add_string(settings, "degrees_model", sg_null_model_name(a->degrees_model));
    sg_json_add_bool(settings, "nulls_levelled", a->nulls_levelled);
    sg_json_add_number(settings, "core_zeta", a->core_zeta);
    sg_json_add_bool(settings, "epochs_numbered", a->numbered);
}

static void add_structure(sg_json *root, const sg_analysis *a)
{
    sg_json *layers = sg_json_add_array(root, "layers");
    for (size_t i = 0; i < a->n_layers; i++) {
        sg_json *layer = sg_json_push_object(layers);
        sg_json_add_string(layer, "name", a->layers[i].name);
        sg_json_add_number(layer, "size", (double)a->layers[i].size);
    }
    sg_json *links = sg_json_add_array(root, "links");
    for (size_t i = 0; i < a->n_links; i++) {
        sg_json *link = sg_json_push_object(links);
        sg_json_add_string(link, "name", a->links[i].name);
        sg_json_add_number(link, "from", (double)a->links[i].from);
        sg_json_add_number(link, "to", (double)a->links[i].to);
    }
}

static bool is_used(const sg_analysis *a, const sg_measure *measure)
{
    for (size_t i = 0; a->n_snapshots > 0 && i < a->snapshots[0].n_rows; i++)
        if (a->rows[a->snapshots[0].first_row + i].measure == measure->name)
            return true;
    return false;
}

static void add_registry(sg_json *root, const sg_analysis *a)
{
    sg_json *list = sg_json_add_array(root, "measures");
    for (size_t i = 0; i < sg_measure_count(); i++) {
        const sg_measure *measure = sg_measure_at(i);
        if (!is_used(a, measure))
            continue;
        sg_json *entry = sg_json_push_object(list);
        sg_json_add_string(entry, "name", measure->name);
        sg_json_add_string(entry, "scope", sg_scope_name(measure->scope));
        sg_json_add_string(entry, "unit", measure->unit);
        sg_json_add_string(entry, "summary", measure->summary);
        sg_json_add_string(entry, "source", measure->source);
        sg_json_add_string(entry, "null", sg_null_name(measure->null));
    }
}

/* Rows stand by scope and subject, so a change of either opens the next object. */
static void add_values(sg_json *entry, const sg_analysis *a, const sg_analysed_snapshot *s)
{
    sg_json *by_scope = sg_json_add_object(entry, "measures");
    sg_json *by_subject[SG_SCOPE_WHOLE + 1];
    for (sg_scope scope = SG_SCOPE_LINK; scope <= SG_SCOPE_WHOLE; scope++)
        by_subject[scope] = sg_json_add_object(by_scope, sg_scope_name(scope));
    sg_json *values = NULL;
    for (size_t i = s->first_row; i < s->first_row + s->n_rows; i++) {
        const sg_analysis_row *row = &a->rows[i];
        if (i == s->first_row || row->scope != row[-1].scope || row->subject != row[-1].subject)
            values = sg_json_add_object(by_subject[row->scope], row->subject);
        sg_json_add_number(values, row->measure, row->value);
    }
}

static void add_fit(sg_json *fits, const sg_analysis_fit *fit)
{
    sg_json *entry = sg_json_push_object(fits);
    sg_json_add_string(entry, "link", fit->link);
    sg_json_add_string(entry, "side", sg_side_name(fit->side));
    sg_json_add_number(entry, "alpha", fit->fit.alpha);
    sg_json_add_number(entry, "alpha_se", fit->fit.alpha_se);
    sg_json_add_number(entry, "xmin", (double)fit->fit.xmin);
    sg_json_add_number(entry, "n_tail", (double)fit->fit.n_tail);
    sg_json_add_number(entry, "ks_d", fit->fit.ks_d);
    sg_json_add_number(entry, "log_likelihood", fit->fit.log_likelihood);
    sg_json_add_number(entry, "p_goodness_of_fit", fit->fit.p_value);
    sg_json_add_number(entry, "q_goodness_of_fit", fit->q_goodness_of_fit);
    sg_json_add_number(entry, "replicates", (double)fit->fit.n_replicates);
    sg_powerlaw_add_comparison(entry, &fit->fit);
    sg_json_add_number(entry, "q_thin_tail", fit->q_thin_tail);
    sg_json_add_number(entry, "untrained_alpha", fit->fit.untrained_alpha);
    sg_json_add_number(entry, "untrained_p", fit->fit.untrained_p);
    sg_json_add_bool(entry, "passes", fit->fit.passes);
    sg_json_add_string(entry, "reasons", fit->reasons);
    sg_json *degrees = sg_json_add_array(entry, "degrees");
    sg_json *neurons = sg_json_add_array(entry, "neurons");
    for (size_t i = 0; i < fit->n_degrees; i++) {
        sg_json_push_number(degrees, (double)fit->degree[i]);
        sg_json_push_number(neurons, (double)fit->count[i]);
    }
}

static void add_snapshots(sg_json *root, const sg_analysis *a)
{
    sg_json *list = sg_json_add_array(root, "snapshots");
    for (size_t i = 0; i < a->n_snapshots; i++) {
        const sg_analysed_snapshot *s = &a->snapshots[i];
        sg_json *entry = sg_json_push_object(list);
        sg_json_add_number(entry, "epoch", (double)s->epoch);
        sg_json_add_string(entry, "file", s->file);
        sg_json_add_bool(entry, "listed", s->listed);
        add_values(entry, a, s);
        sg_analysis_add_nulls(entry, a, s);
        sg_json *fits = sg_json_add_array(entry, "fits");
        for (size_t k = s->first_fit; k < s->first_fit + s->n_fits; k++)
            add_fit(fits, &a->fits[k]);
    }
}

sg_status sg_analysis_json(const sg_analysis *a, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = sg_json_object();
    if (!root)
        return sg_fail_memory(err, "writing an analysis");
    sg_json_add_string(root, "format", format_name);
    sg_json_add_number(root, "version", FORMAT_VERSION);
    add_settings(root, a);
    add_structure(root, a);
    sg_json *warnings = sg_json_add_array(root, "warnings");
    for (size_t i = 0; i < a->n_warnings; i++)
        sg_json_push_string(warnings, a->warnings[i]);
    add_registry(root, a);
    add_snapshots(root, a);
    SG_AUTOFREE char *line = NULL;
    SG_TRY(sg_json_print(root, false, &line, err));
    SG_AUTO_TEXT sg_text text = {0};
    sg_text_append(&text, line);
    sg_text_append(&text, "\n");
    return sg_text_take(&text, ret, err);
}

static sg_status read_null_settings(const sg_json *settings, sg_analysis *a, sg_error *err)
{
    uint64_t n_nulls = 0;
    const char *model = sg_json_string(sg_json_get(settings, "degrees_model"));
    const bool is_bicm = model && strcmp(model, sg_null_model_name(SG_NULL_MODEL_BICM)) == 0;
    if (!sg_json_u64(sg_json_get(settings, "nulls"), &n_nulls) || n_nulls > SG_ANALYSIS_NULLS_MAX ||
        !(is_bicm || (model && strcmp(model, sg_null_model_name(SG_NULL_MODEL_CURVEBALL)) == 0)) ||
        !sg_json_is_bool(sg_json_get(settings, "nulls_levelled"), &a->nulls_levelled))
        return sg_fail(err, SG_EFORMAT, "the settings of the random networks are missing or wrong");
    a->n_nulls = (size_t)n_nulls;
    a->degrees_model = is_bicm ? SG_NULL_MODEL_BICM : SG_NULL_MODEL_CURVEBALL;
    return SG_OK;
}

static sg_status read_settings(const sg_json *settings, sg_analysis *a, sg_error *err)
{
    uint64_t n_bootstrap = 0;
    const char *seed = sg_json_string(sg_json_get(settings, "seed"));
    if (!seed || !sg_parse_u64(seed, &a->seed) ||
        !sg_json_u64(sg_json_get(settings, "bootstrap_replicates"), &n_bootstrap) ||
        !sg_json_is_bool(sg_json_get(settings, "epochs_numbered"), &a->numbered))
        return sg_fail(err, SG_EFORMAT, "the settings are missing or wrong");
    a->n_bootstrap = (size_t)n_bootstrap;
    SG_TRY(read_null_settings(settings, a, err));
    a->core_zeta = NAN;
    (void)sg_json_number(sg_json_get(settings, "core_zeta"), &a->core_zeta);
    return SG_OK;
}

static sg_status read_snapshot(const sg_json *entry, sg_analysis *a, sg_error *err)
{
    const char *file = sg_json_string(sg_json_get(entry, "file"));
    double epoch = NAN;
    bool listed = false;
    if (!file || !sg_json_number(sg_json_get(entry, "epoch"), &epoch) || epoch < -1 ||
        epoch > 1e9 || floor(epoch) != epoch ||
        !sg_json_is_bool(sg_json_get(entry, "listed"), &listed))
        return sg_fail(err, SG_EFORMAT, "a snapshot's epoch, file or 'listed' is missing or wrong");
    const bool first = a->n_snapshots == 0;
    if (!first && (!listed || (long)epoch <= a->snapshots[a->n_snapshots - 1].epoch))
        return sg_fail(err, SG_EFORMAT, "the snapshots' epochs do not ascend");
    if (!listed && epoch != 0)
        return sg_fail(err, SG_EFORMAT, "a snapshot that is not listed must be of epoch 0");
    SG_TRY(sg_analysis_take_snapshot(a, entry, file, (long)epoch, listed, err));
    return sg_analysis_take_nulls(a, sg_json_get(entry, "nulls"), err);
}

static sg_status read_all(const sg_json *root, sg_analysis *a, sg_error *err)
{
    const char *format = sg_json_string(sg_json_get(root, "format"));
    uint64_t version = 0;
    if (!format || strcmp(format, format_name) != 0)
        return sg_fail(err, SG_EFORMAT, "it is no analysis of sparsegraph");
    if (!sg_json_u64(sg_json_get(root, "version"), &version) || version != FORMAT_VERSION)
        return sg_fail(err, SG_EFORMAT,
                       "it is of another version; run analyze again to make it anew");
    SG_TRY(read_settings(sg_json_get(root, "settings"), a, err));
    SG_TRY(sg_analysis_take_structure(a, root, err));
    const sg_json *snapshots = sg_json_get(root, "snapshots");
    if (!sg_json_is_array(snapshots))
        return sg_fail(err, SG_EFORMAT, "the list of snapshots is missing");
    for (const sg_json *j = sg_json_first(snapshots); j; j = sg_json_next(j))
        SG_TRY(read_snapshot(j, a, err));
    if (sg_analysis_n_snapshots(a) == 0)
        return sg_fail(err, SG_EFORMAT, "it lists no snapshot");
    return sg_analysis_finish(a, err);
}

sg_status sg_analysis_read(const char *path, sg_analysis **ret, sg_error *err)
{
    SG_AUTOFREE char *file =
        sg_dir_exists(path) ? sg_format("%s/analysis.json", path) : sg_strdup(path);
    SG_AUTOFREE char *text = NULL;
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = NULL;
    SG_CLEANUP(sg_analysis_free_cleanup_) sg_analysis *a = SG_NEW(sg_analysis);
    size_t n = 0;
    if (!file || !a)
        return sg_fail_memory(err, "reading an analysis");
    SG_TRY(sg_file_read(file, file_max, &text, &n, err));
    sg_status status = sg_json_parse(text, n, &root, err);
    if (status == SG_OK)
        status = read_all(root, a, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "cannot read '%s'", file);
    *ret = SG_TAKE(a);
    return SG_OK;
}

static sg_status write_text(const char *dir, const char *name,
                            sg_status (*make)(const sg_analysis *, char **, sg_error *),
                            const sg_analysis *a, sg_error *err)
{
    SG_AUTOFREE char *text = NULL;
    SG_TRY(make(a, &text, err));
    return sg_text_write(dir, name, text, err);
}

sg_status sg_analysis_write(const sg_analysis *a, const char *dir, sg_error *err)
{
    SG_TRY(sg_dir_make(dir, err));
    SG_TRY(write_text(dir, "measures.csv", sg_analysis_csv, a, err));
    SG_TRY(write_text(dir, "fits.csv", sg_analysis_fits_csv, a, err));
    SG_TRY(write_text(dir, "degrees.csv", sg_analysis_degrees_csv, a, err));
    /* Last: whoever finds analysis.json finds the rest, too. */
    return write_text(dir, "analysis.json", sg_analysis_json, a, err);
}
