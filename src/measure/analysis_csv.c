/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/alternatives.h"
#include "measure/analysis_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MIN = 15, DIGITS_MAX = 17 /* always enough for a double */ };

void sg_text_append_number(sg_text *t, double value)
{
    char digits[40];
    if (isnan(value))
        return;
    for (int n = DIGITS_MIN; n <= DIGITS_MAX; n++) {
        (void)snprintf(digits, sizeof digits, "%.*g", n, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    sg_text_append(t, digits);
}

void sg_text_append_csv(sg_text *t, const char *field)
{
    if (!strpbrk(field, ",\"\r\n")) {
        sg_text_append(t, field);
        return;
    }
    sg_text_append(t, "\"");
    for (; *field; field++) {
        if (*field == '"')
            sg_text_append(t, "\"");
        sg_text_append_bytes(t, field, 1);
    }
    sg_text_append(t, "\"");
}

static void append_field(sg_text *t, double value)
{
    sg_text_append(t, ",");
    sg_text_append_number(t, value);
}

static void append_nulls(sg_text *t, const sg_analysis_row *row)
{
    const sg_measure *measure = sg_measure_find(row->measure);
    sg_text_printf(t, ",%s,%zu", measure ? sg_null_name(measure->null) : "", row->n_nulls);
    append_field(t, row->null_mean);
    append_field(t, row->null_sd);
    append_field(t, row->null_low);
    append_field(t, row->null_high);
    append_field(t, row->z);
    append_field(t, row->effect);
    append_field(t, row->p_null);
}

sg_status sg_analysis_csv(const sg_analysis *a, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "epoch,scope,subject,measure,value,start,null,n_nulls,null_mean,null_sd,"
                       "null_low,null_high,z,effect,p_null\n");
    for (size_t i = 0; i < sg_analysis_n_rows(a); i++) {
        const sg_analysis_row *row = sg_analysis_row_at(a, i);
        sg_text_printf(&t, "%ld,%s,", row->epoch, sg_scope_name(row->scope));
        sg_text_append_csv(&t, row->subject);
        sg_text_printf(&t, ",%s", row->measure);
        append_field(&t, row->value);
        append_field(&t, row->start);
        append_nulls(&t, row);
        sg_text_append(&t, "\n");
    }
    return sg_text_take(&t, ret, err);
}

static void append_fit(sg_text *t, const sg_analysis_fit *fit)
{
    const sg_powerlaw *p = &fit->fit;
    sg_text_printf(t, "%ld,", fit->epoch);
    sg_text_append_csv(t, fit->link);
    sg_text_printf(t, ",%s,%zu,%zu,%" PRIu64, sg_side_name(fit->side), p->n + p->n_zeros,
                   p->n_zeros, p->max);
    append_field(t, p->alpha);
    append_field(t, p->alpha_se);
    sg_text_printf(t, ",%" PRIu64 ",%zu", p->xmin, p->n_tail);
    append_field(t, p->ks_d);
    append_field(t, p->log_likelihood);
    append_field(t, p->p_value);
    append_field(t, fit->q_goodness_of_fit);
    sg_text_printf(t, ",%zu", p->n_replicates);
    append_field(t, p->p_thin_tail);
    append_field(t, fit->q_thin_tail);
    for (int i = SG_ALTERNATIVE_NONE + 1; i < SG_N_ALTERNATIVES; i++) {
        append_field(t, p->alternatives.of[i].ratio);
        append_field(t, p->alternatives.of[i].p);
    }
    sg_text_printf(t, ",%s", sg_powerlaw_alternative_name(p->favoured));
    append_field(t, p->favoured_p);
    append_field(t, p->untrained_alpha);
    append_field(t, p->untrained_p);
    sg_text_printf(t, ",%s,", p->passes ? "yes" : "no");
    sg_text_append_csv(t, fit->reasons);
    sg_text_append(t, "\n");
}

sg_status sg_analysis_fits_csv(const sg_analysis *a, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "epoch,link,side,neurons,zeros,max,alpha,alpha_se,xmin,n_tail,ks_d,"
                       "log_likelihood,p_goodness_of_fit,q_goodness_of_fit,replicates,"
                       "p_thin_tail,q_thin_tail");
    for (int i = SG_ALTERNATIVE_NONE + 1; i < SG_N_ALTERNATIVES; i++) {
        const char *key = sg_alternative_key((sg_powerlaw_alternative)i);
        sg_text_printf(&t, ",%s_ratio,%s_p", key, key);
    }
    sg_text_append(&t, ",alternative_favoured,p_alternative,untrained_alpha,untrained_p,"
                       "passes,reasons\n");
    for (size_t i = 0; i < sg_analysis_n_fits(a); i++)
        append_fit(&t, sg_analysis_fit_at(a, i));
    return sg_text_take(&t, ret, err);
}

sg_status sg_analysis_degrees_csv(const sg_analysis *a, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "epoch,link,side,degree,neurons\n");
    for (size_t i = 0; i < sg_analysis_n_fits(a); i++) {
        const sg_analysis_fit *fit = sg_analysis_fit_at(a, i);
        for (size_t k = 0; k < fit->n_degrees; k++) {
            sg_text_printf(&t, "%ld,", fit->epoch);
            sg_text_append_csv(&t, fit->link);
            sg_text_printf(&t, ",%s,%" PRIu64 ",%" PRIu64 "\n", sg_side_name(fit->side),
                           fit->degree[k], fit->count[k]);
        }
    }
    return sg_text_take(&t, ret, err);
}
