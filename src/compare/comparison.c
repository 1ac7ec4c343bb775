/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include <math.h>
#include <string.h>

void sg_comparison_free(sg_comparison *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n_networks; i++)
        sg_compared_clear(&c->networks[i]);
    sg_free(c->networks);
    sg_free(c->verdict);
    sg_free(c);
}

/* The subject's column at epoch 0, unless distances are measured from that one itself. */
static size_t find_start(const sg_comparison *c)
{
    for (size_t i = 0; i < c->n_networks; i++)
        if (c->networks[i].column.subject && c->networks[i].epoch == 0 && i != c->subject)
            return i;
    return SIZE_MAX;
}

static const sg_compare_side *find_side(const sg_compared *n, const char *link, bool in)
{
    for (size_t i = 0; i < n->n_sides; i++)
        if (n->sides[i].in == in && strcmp(n->sides[i].link, link) == 0)
            return &n->sides[i];
    return NULL;
}

/* Judges the fits of a column's sides, the subject's against those of the untrained network. */
static sg_status judge_sides(const sg_comparison *c, size_t column, sg_error *err)
{
    sg_compared *net = &c->networks[column];
    const sg_compared *start = c->start < c->n_networks && c->start != column && net->column.subject
                                   ? &c->networks[c->start]
                                   : NULL;
    for (size_t i = 0; i < net->n_sides; i++) {
        sg_compare_side *side = &net->sides[i];
        const sg_compare_side *before = start ? find_side(start, side->link, side->in) : NULL;
        char *reasons = NULL;
        side->column = column;
        sg_powerlaw_judge(&side->fit, before ? &before->fit : NULL);
        SG_TRY(sg_powerlaw_reasons(&side->fit, &reasons, err));
        sg_free((char *)side->reasons);
        side->reasons = reasons;
    }
    return SG_OK;
}

static sg_status measure_distances(const sg_comparison *c, size_t column, sg_error *err)
{
    sg_compared *net = &c->networks[column];
    const sg_relative *subject = &c->networks[c->subject].relative;

    net->cell[SG_ROW_KS_SUBJECT].value = sg_relative_ks(&net->relative, subject);
    net->cell[SG_ROW_JS_SUBJECT].value = sg_relative_js(&net->relative, subject);
    net->cell[SG_ROW_KS_START].value = NAN;
    net->cell[SG_ROW_JS_START].value = NAN;
    if (c->start < c->n_networks) {
        const sg_relative *start = &c->networks[c->start].relative;
        net->cell[SG_ROW_KS_START].value = sg_relative_ks(&net->relative, start);
        net->cell[SG_ROW_JS_START].value = sg_relative_js(&net->relative, start);
    }
    uint64_t n = 0;
    for (size_t i = 0; i < net->relative.n; i++)
        n += net->relative.count[i];
    if (n < 100 && n > 0)
        for (sg_row row = SG_ROW_KS_SUBJECT; row <= SG_ROW_JS_START; row++)
            if (!isnan(net->cell[row].value))
                SG_TRY(sg_cell_note(&net->cell[row], err,
                                    "from %llu nodes: uncertain by about %.2f (KS)",
                                    (unsigned long long)n, 1.0 / sqrt((double)n)));
    return SG_OK;
}

sg_status sg_comparison_finish(sg_comparison *c, sg_error *err)
{
    c->start = find_start(c);
    if (c->start < c->n_networks)
        c->networks[c->start].column.start = true;
    for (size_t i = 0; i < c->n_networks; i++)
        sg_relative_accumulate(&c->networks[i].relative);
    for (size_t i = 0; i < c->n_networks; i++) {
        sg_compared *net = &c->networks[i];
        net->column.label = net->label;
        net->column.source = net->source;
        SG_TRY(measure_distances(c, i, err));
        SG_TRY(judge_sides(c, i, err));
        sg_compared_format(net);
    }
    char *verdict = NULL;
    SG_TRY(sg_comparison_make_verdict(c, &verdict, err));
    sg_free(c->verdict);
    c->verdict = verdict;
    return SG_OK;
}

size_t sg_comparison_n_columns(const sg_comparison *c)
{
    return c->n_networks;
}

const sg_compare_column *sg_comparison_column(const sg_comparison *c, size_t i)
{
    return i < c->n_networks ? &c->networks[i].column : NULL;
}

size_t sg_comparison_subject(const sg_comparison *c)
{
    return c->subject;
}

size_t sg_comparison_start(const sg_comparison *c)
{
    return c->start;
}

size_t sg_comparison_n_rows(void)
{
    return SG_N_ROWS;
}

const sg_compare_row *sg_comparison_row(size_t i)
{
    return i < SG_N_ROWS ? &sg_compare_rows[i] : NULL;
}

sg_compare_cell sg_comparison_cell(const sg_comparison *c, size_t row, size_t column)
{
    if (row >= SG_N_ROWS || column >= c->n_networks)
        return (sg_compare_cell){NAN, "-", ""};
    const sg_cell *cell = &c->networks[column].cell[row];

    return (sg_compare_cell){cell->value, cell->text, cell->note ? cell->note : ""};
}

double sg_comparison_value(const sg_comparison *c, const char *key, size_t column)
{
    for (size_t row = 0; row < SG_N_ROWS; row++)
        if (strcmp(sg_compare_rows[row].key, key) == 0)
            return sg_comparison_cell(c, row, column).value;
    return NAN;
}

const sg_powerlaw *sg_comparison_fit(const sg_comparison *c, size_t column)
{
    return column < c->n_networks ? &c->networks[column].fit : NULL;
}

size_t sg_comparison_n_sides(const sg_comparison *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->n_networks; i++)
        n += c->networks[i].n_sides;
    return n;
}

const sg_compare_side *sg_comparison_side(const sg_comparison *c, size_t i)
{
    for (size_t k = 0; k < c->n_networks; k++) {
        if (i < c->networks[k].n_sides)
            return &c->networks[k].sides[i];
        i -= c->networks[k].n_sides;
    }
    return NULL;
}

size_t sg_comparison_degrees(const sg_comparison *c, size_t column, const uint64_t **degree,
                             const uint64_t **count)
{
    if (column >= c->n_networks)
        return 0;
    *degree = c->networks[column].degree;
    *count = c->networks[column].count;
    return c->networks[column].n_degrees;
}

size_t sg_comparison_ccdf(const sg_comparison *c, size_t column, const double **x, const double **p)
{
    if (column >= c->n_networks)
        return 0;
    *x = c->networks[column].relative.x;
    *p = c->networks[column].relative.ccdf;
    return c->networks[column].relative.n;
}

const char *sg_comparison_verdict(const sg_comparison *c)
{
    return c->verdict;
}

const char *sg_comparison_citation(const sg_comparison *c, size_t column)
{
    return column < c->n_networks ? c->networks[column].citation : "";
}
