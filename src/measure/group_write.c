/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/group_internal.h"

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "measure/analysis_internal.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* group.json and group.csv. */

static void add_measures(sg_json *root, const sg_group *g)
{
    sg_json *list = sg_json_add_array(root, "measures");
    for (size_t i = 0; i < sg_measure_count(); i++) {
        const sg_measure *measure = sg_measure_at(i);
        bool used = false;
        for (size_t k = 0; !used && k < g->n_rows && g->rows[k].epoch == g->rows[0].epoch; k++)
            used = g->rows[k].measure == measure->name;
        if (!used)
            continue;
        sg_json *entry = sg_json_push_object(list);
        sg_json_add_string(entry, "name", measure->name);
        sg_json_add_string(entry, "scope", sg_scope_name(measure->scope));
        sg_json_add_string(entry, "unit", measure->unit);
        sg_json_add_string(entry, "summary", measure->summary);
        sg_json_add_string(entry, "source", measure->source);
    }
}

static void add_rows(sg_json *root, const sg_group *g)
{
    sg_json *list = sg_json_add_array(root, "rows");
    for (size_t i = 0; i < g->n_rows; i++) {
        const sg_group_row *row = &g->rows[i];
        sg_json *entry = sg_json_push_object(list);
        sg_json_add_number(entry, "epoch", (double)row->epoch);
        sg_json_add_string(entry, "scope", sg_scope_name(row->scope));
        sg_json_add_string(entry, "subject", row->subject);
        sg_json_add_string(entry, "measure", row->measure);
        sg_json *values = sg_json_add_array(entry, "values");
        for (size_t k = 0; k < g->n_runs; k++)
            sg_json_push_number(values, row->value[k]);
        sg_json_add_number(entry, "n", (double)row->n);
        sg_json_add_number(entry, "mean", row->mean);
        sg_json_add_number(entry, "sd", row->sd);
        sg_json_add_number(entry, "ci_low", row->ci_low);
        sg_json_add_number(entry, "ci_high", row->ci_high);
        sg_json_add_number(entry, "min", row->min);
        sg_json_add_number(entry, "max", row->max);
    }
}

static void add_pairs(sg_json *root, const sg_group *g)
{
    sg_json *list = sg_json_add_array(root, "between_runs");
    for (size_t i = 0; i < g->n_pairs; i++) {
        const sg_group_pairs *p = &g->pairs[i];
        sg_json *entry = sg_json_push_object(list);
        sg_json_add_number(entry, "epoch", (double)p->epoch);
        sg_json_add_string(entry, "link", p->link);
        sg_json_add_string(entry, "measure", p->measure);
        sg_json_add_number(entry, "pairs", (double)p->n);
        sg_json_add_number(entry, "mean", p->mean);
        sg_json_add_number(entry, "min", p->min);
        sg_json_add_number(entry, "max", p->max);
    }
}

sg_status sg_group_json(const sg_group *g, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *root = sg_json_object();
    if (!root)
        return sg_fail_memory(err, "writing a group");
    sg_json_add_string(root, "format", "sparsegraph group");
    sg_json_add_number(root, "version", 1);
    sg_json *runs = sg_json_add_array(root, "runs");
    for (size_t i = 0; i < g->n_runs; i++) {
        sg_json *run = sg_json_push_object(runs);
        sg_json_add_string(run, "path", g->paths[i]);
        sg_json_add_string(run, "seed", g->seeds[i]);
    }
    sg_json_add_string(root, "interval",
                       "95 % confidence interval of the mean over the runs, Student's t; null "
                       "below 3 runs");
    sg_json *warnings = sg_json_add_array(root, "warnings");
    for (size_t i = 0; i < g->n_warnings; i++)
        sg_json_push_string(warnings, g->warnings[i]);
    add_measures(root, g);
    add_rows(root, g);
    add_pairs(root, g);
    SG_AUTOFREE char *line = NULL;
    SG_TRY(sg_json_print(root, false, &line, err));
    SG_AUTO_TEXT sg_text text = {0};
    sg_text_append(&text, line);
    sg_text_append(&text, "\n");
    return sg_text_take(&text, ret, err);
}

static void append_row(sg_text *t, const sg_group_row *row)
{
    const double fields[] = {row->mean, row->sd, row->ci_low, row->ci_high, row->min, row->max};
    sg_text_printf(t, "%ld,%s,", row->epoch, sg_scope_name(row->scope));
    sg_text_append_csv(t, row->subject);
    sg_text_printf(t, ",%s,%zu", row->measure, row->n);
    for (size_t i = 0; i < SG_COUNT(fields); i++) {
        sg_text_append(t, ",");
        sg_text_append_number(t, fields[i]);
    }
    sg_text_append(t, "\n");
}

sg_status sg_group_csv(const sg_group *g, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "epoch,scope,subject,measure,n,mean,sd,ci_low,ci_high,min,max\n");
    for (size_t i = 0; i < g->n_rows; i++)
        append_row(&t, &g->rows[i]);
    for (size_t i = 0; i < g->n_pairs; i++) {
        const sg_group_pairs *p = &g->pairs[i];
        char name[64];
        (void)snprintf(name, sizeof name, "between_runs_%s", p->measure);
        append_row(&t, &(sg_group_row){.epoch = p->epoch,
                                       .scope = SG_SCOPE_LINK,
                                       .subject = p->link,
                                       .measure = name,
                                       .n = p->n,
                                       .mean = p->mean,
                                       .sd = NAN,
                                       .ci_low = NAN,
                                       .ci_high = NAN,
                                       .min = p->min,
                                       .max = p->max});
    }
    return sg_text_take(&t, ret, err);
}

static sg_status write_text(const char *dir, const char *name,
                            sg_status (*make)(const sg_group *, char **, sg_error *),
                            const sg_group *g, sg_error *err)
{
    SG_AUTOFREE char *text = NULL;
    SG_TRY(make(g, &text, err));
    return sg_text_write(dir, name, text, err);
}

sg_status sg_group_write(const sg_group *g, const char *dir, sg_error *err)
{
    SG_TRY(sg_dir_make(dir, err));
    SG_TRY(write_text(dir, "group.csv", sg_group_csv, g, err));
    return write_text(dir, "group.json", sg_group_json, g, err);
}
