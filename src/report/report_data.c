/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report_data.h"

#include "base/status.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A number as CSV has it: shortest text that reads back equal, nothing where it is not known. */
static void append_field(sg_text *t, double value)
{
    if (!isfinite(value)) {
        sg_text_append(t, ",");
        return;
    }
    char digits[32];
    for (int n = 6; n <= 17; n++) {
        double back = 0.0;
        (void)snprintf(digits, sizeof digits, "%.*g", n, value);
        if (sg_parse_double(digits, &back) && back == value)
            break;
    }
    sg_text_printf(t, ",%s", digits);
}

static sg_status metrics_csv(const sg_run *run, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};

    sg_text_append(&t, "epoch,train_s,evolve_s,test_s,snapshot_s,train_loss,test_loss,"
                       "train_accuracy,test_accuracy,links,density\n");
    for (size_t i = 0; i < sg_run_n_metrics(run); i++) {
        const sg_epoch_metrics *m = sg_run_metrics(run, i);
        const double values[] = {m->train_s,    m->evolve_s,  m->test_s,         m->snapshot_s,
                                 m->train_loss, m->test_loss, m->train_accuracy, m->test_accuracy,
                                 m->links,      m->density};
        sg_text_printf(&t, "%ld", m->epoch);
        for (size_t k = 0; k < SG_COUNT(values); k++)
            append_field(&t, values[k]);
        sg_text_append(&t, "\n");
    }
    return sg_text_take(&t, ret, err);
}

static sg_status keep(sg_page *page, const sg_subject *s, const char *name, char *text,
                      sg_error *err)
{
    SG_AUTOFREE char *owned = text;
    SG_AUTOFREE char *path = page->n_subjects > 1 ? sg_format("report_data/%s/%s", s->slug, name)
                                                  : sg_format("report_data/%s", name);
    if (!path)
        return sg_fail_memory(err, "naming data files");
    const size_t n = strlen(owned);
    return sg_outputs_add(&page->outputs, path, SG_TAKE(owned), n, err);
}

static sg_status keep_run(sg_page *page, const sg_subject *s, sg_error *err)
{
    char *text = NULL;

    SG_TRY(metrics_csv(s->run, &text, err));
    SG_TRY(keep(page, s, "metrics.csv", text, err));
    text = sg_strdup(sg_run_manifest(s->run));
    if (!text)
        return sg_fail_memory(err, "copying the manifest");
    return keep(page, s, "manifest.json", text, err);
}

static sg_status keep_comparison(sg_page *page, const sg_subject *s, sg_error *err)
{
    char *text = NULL;

    SG_TRY(sg_comparison_json(s->comparison, &text, err));
    SG_TRY(keep(page, s, "compare.json", text, err));
    SG_TRY(sg_comparison_csv(s->comparison, &text, err));
    return keep(page, s, "compare.csv", text, err);
}

sg_status sg_report_data(sg_page *page, const sg_subject *s, sg_error *err)
{
    static const struct {
        sg_status (*make)(const sg_analysis *a, char **ret, sg_error *err);
        const char *name;
    } parts[] = {
        {sg_analysis_json, "analysis.json"},
        {sg_analysis_csv, "measures.csv"},
        {sg_analysis_fits_csv, "fits.csv"},
        {sg_analysis_degrees_csv, "degrees.csv"},
    };

    if (s->run)
        SG_TRY(keep_run(page, s, err));
    for (size_t i = 0; i < SG_COUNT(parts); i++) {
        char *text = NULL;
        SG_TRY(parts[i].make(s->analysis, &text, err));
        SG_TRY(keep(page, s, parts[i].name, text, err));
    }
    return s->comparison ? keep_comparison(page, s, err) : SG_OK;
}
