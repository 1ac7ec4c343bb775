/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include "base/status.h"
#include "measure/null_values.h"
#include <math.h>

/* What random networks say of each value, in analysis.json: by scope, subject and measure. */

static void add_row(sg_json *values, const sg_analysis_row *row)
{
    sg_json *entry = sg_json_add_object(values, row->measure);
    sg_json_add_number(entry, "n", (double)row->n_nulls);
    sg_json_add_number(entry, "mean", row->null_mean);
    sg_json_add_number(entry, "sd", row->null_sd);
    sg_json_add_number(entry, "low", row->null_low);
    sg_json_add_number(entry, "high", row->null_high);
    sg_json_add_number(entry, "z", row->z);
    sg_json_add_number(entry, "effect", row->effect);
    sg_json_add_number(entry, "p", row->p_null);
}

void sg_analysis_add_nulls(sg_json *entry, const sg_analysis *a, const sg_analysed_snapshot *s)
{
    sg_json *by_scope = sg_json_add_object(entry, "nulls");
    sg_json *by_subject[SG_SCOPE_WHOLE + 1];
    for (sg_scope scope = SG_SCOPE_LINK; scope <= SG_SCOPE_WHOLE; scope++)
        by_subject[scope] = sg_json_add_object(by_scope, sg_scope_name(scope));
    const sg_analysis_row *before = NULL;
    sg_json *values = NULL;
    for (size_t i = s->first_row; i < s->first_row + s->n_rows; i++) {
        const sg_analysis_row *row = &a->rows[i];
        if (row->n_nulls == 0)
            continue;
        if (!before || row->scope != before->scope || row->subject != before->subject)
            values = sg_json_add_object(by_subject[row->scope], row->subject);
        add_row(values, row);
        before = row;
    }
}

static double number_of(const sg_json *object, const char *key)
{
    double value = NAN;
    (void)sg_json_number(sg_json_get(object, key), &value);
    return value;
}

static sg_status take_row(const sg_analysis *a, const sg_json *j, sg_analysis_row *row,
                          sg_error *err)
{
    uint64_t n = 0;
    if (!sg_json_u64(sg_json_get(j, "n"), &n) || n > a->n_nulls)
        return sg_fail(err, SG_EFORMAT, "nulls: the number of '%s' is missing or wrong",
                       row->measure);
    row->n_nulls = (size_t)n;
    row->null_mean = number_of(j, "mean");
    row->null_sd = number_of(j, "sd");
    row->null_low = number_of(j, "low");
    row->null_high = number_of(j, "high");
    row->p_null = number_of(j, "p");
    if (row->null_sd < 0 || row->null_low > row->null_high || row->p_null < 0 || row->p_null > 1)
        return sg_fail(err, SG_EFORMAT, "nulls: the spread, interval or p of '%s' is impossible",
                       row->measure);
    sg_row_compare_to_nulls(row);
    return SG_OK;
}

static sg_status take_subject(sg_analysis *a, sg_scope scope, const sg_json *values, sg_error *err)
{
    const sg_analysed_snapshot *s = &a->snapshots[a->n_snapshots - 1];
    for (const sg_json *j = sg_json_first(values); j; j = sg_json_next(j)) {
        const sg_analysis_row *row =
            sg_analysis_find_row(a, s, scope, sg_json_key(values), sg_json_key(j));
        if (!row)
            return sg_fail(err, SG_EFORMAT, "nulls: '%s' of '%s' was not measured", sg_json_key(j),
                           sg_json_key(values));
        SG_TRY(take_row(a, j, &a->rows[row - a->rows], err));
    }
    return SG_OK;
}

sg_status sg_analysis_take_nulls(sg_analysis *a, const sg_json *from, sg_error *err)
{
    if (!sg_json_is_object(from))
        return sg_fail(err, SG_EFORMAT, "the object 'nulls' is missing or wrong");
    for (sg_scope scope = SG_SCOPE_LINK; scope <= SG_SCOPE_WHOLE; scope++) {
        const sg_json *subjects = sg_json_get(from, sg_scope_name(scope));
        for (const sg_json *j = sg_json_first(subjects); j; j = sg_json_next(j))
            SG_TRY(take_subject(a, scope, j, err));
    }
    return SG_OK;
}
