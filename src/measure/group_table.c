/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/group_internal.h"

#include "base/memory.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A group on a terminal: the first epoch against the last. */

enum { LABEL = 30, COLUMN = 25, CELL_MAX = 64, NAMED_MAX = 12 };

/* What is shown where nothing was asked for by name. */
static const char *const usual[] = {
    "links",
    "density",
    "previous_turnover",
    "start_jaccard",
    "start_nnstd",
    "itop_rate",
    "age_mean",
    "in_degree_dispersion",
    "in_degree_gini",
    "out_degree_dispersion",
    "out_degree_gini",
    "start_in_rank_correlation",
    "start_out_rank_correlation",
    "active_neurons",
    "network_active_frac",
    "components",
    "giant_frac",
    "degree_gini",
    "network_previous_turnover",
    "network_start_jaccard",
    "network_itop_rate",
    "network_age_mean",
};

typedef struct table {
    sg_text *out;
    const sg_group *g;
    size_t n_epochs; /* 1 or 2 columns */
    long epoch[2];
    bool all; /* few measures were asked for: all are shown */
} table;

static size_t n_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += (*text & 0xC0) != 0x80; /* not the bytes that go on with a character of UTF-8 */
    return n;
}

static void put_cell(const table *t, const char *text)
{
    const size_t n = n_characters(text);
    sg_text_printf(t->out, "%*s%s", n < COLUMN ? (int)(COLUMN - n) : 1, "", text);
}

/* "0.123 ± 0.004", or the range where there is no interval. */
static void format_row(const sg_group_row *row, char ret[CELL_MAX])
{
    if (!row || row->n == 0)
        (void)snprintf(ret, CELL_MAX, "-");
    else if (row->min == row->max)
        (void)snprintf(ret, CELL_MAX, "%.4g", row->mean);
    else if (isnan(row->ci_low))
        (void)snprintf(ret, CELL_MAX, "%.3g (%.3g … %.3g)", row->mean, row->min, row->max);
    else
        (void)snprintf(ret, CELL_MAX, "%.4g ± %.2g", row->mean, row->ci_high - row->mean);
}

static bool is_shown(const table *t, const char *measure)
{
    for (size_t i = 0; i < SG_COUNT(usual); i++)
        if (strcmp(usual[i], measure) == 0)
            return true;
    return t->all;
}

static void put_heading(const table *t, const char *subject)
{
    char epoch[CELL_MAX];
    sg_text_printf(t->out, "\n%-*s", LABEL, subject);
    for (size_t i = 0; i < t->n_epochs; i++) {
        (void)snprintf(epoch, sizeof epoch, "epoch %ld", t->epoch[i]);
        put_cell(t, t->epoch[i] < 0 ? "" : epoch);
    }
    sg_text_append(t->out, "\n");
}

/* The rows of the first epoch that stand for lines, each beside its value at the last. */
static void put_rows(const table *t)
{
    const char *subject = NULL;
    for (size_t i = 0; i < t->g->n_rows && t->g->rows[i].epoch == t->epoch[0]; i++) {
        const sg_group_row *row = &t->g->rows[i];
        const sg_group_row *last =
            sg_group_find(t->g, t->epoch[t->n_epochs - 1], row->subject, row->measure);
        if (!is_shown(t, row->measure) || (row->n == 0 && (!last || last->n == 0)))
            continue;
        if (row->subject != subject)
            put_heading(t, row->subject);
        subject = row->subject;
        sg_text_printf(t->out, "  %-*s", LABEL - 2, row->measure);
        const sg_group_row *const cells[2] = {row, last};
        for (size_t k = 0; k < t->n_epochs; k++) {
            char text[CELL_MAX];
            format_row(cells[k], text);
            put_cell(t, text);
        }
        sg_text_append(t->out, "\n");
    }
}

static void put_pairs(const table *t)
{
    const size_t n = t->g->n_pairs / t->n_epochs;
    put_heading(t, "between runs, mean of pairs");
    for (size_t i = 0; i < n; i++) {
        const char *link = t->g->pairs[i].link;
        const int room = LABEL - 3 - (int)n_characters(link);
        sg_text_printf(t->out, "  %s %-*s", link, room > 0 ? room : 0, t->g->pairs[i].measure);
        for (size_t k = 0; k < t->n_epochs; k++) {
            const sg_group_pairs *p = &t->g->pairs[k * n + i];
            char text[CELL_MAX];
            if (p->n > 0)
                (void)snprintf(text, sizeof text, "%.4g", p->mean);
            else
                (void)snprintf(text, sizeof text, "-");
            put_cell(t, text);
        }
        sg_text_append(t->out, "\n");
    }
}

static size_t count_measures(const sg_group *g)
{
    size_t n = 0;
    for (size_t i = 0; i < sg_measure_count(); i++)
        for (size_t k = 0; k < g->n_rows && g->rows[k].epoch == g->rows[0].epoch; k++)
            if (g->rows[k].measure == sg_measure_at(i)->name) {
                n++;
                break;
            }
    return n;
}

sg_status sg_group_table(const sg_group *g, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text out = {0};
    const size_t n = sg_group_n_epochs(g);
    table t = {.out = &out, .g = g, .n_epochs = n > 1 ? 2 : 1};
    t.epoch[0] = sg_group_epoch(g, 0);
    t.epoch[1] = sg_group_epoch(g, n - 1);
    t.all = count_measures(g) <= NAMED_MAX;
    sg_text_printf(&out, "%zu runs, seeds", g->n_runs);
    for (size_t i = 0; i < g->n_runs; i++)
        sg_text_printf(&out, " %s", g->seeds[i][0] ? g->seeds[i] : "?");
    sg_text_append(&out, g->n_runs < SG_GROUP_RUNS_MIN
                             ? "; mean (smallest … largest)\n"
                             : "; mean ± half the 95 % confidence interval over runs\n");
    put_rows(&t);
    put_pairs(&t);
    return sg_text_take(&out, ret, err);
}
