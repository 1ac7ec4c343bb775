/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/analysis_internal.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The summary for a terminal: the first listed epoch beside the last. */

enum {
    WIDTH_DEFAULT = 80,
    WIDTH_MIN = 60,
    COLUMN = 19, /* of a number */
    LABEL_MAX = 44,
    NUMBER_MAX = 64,
};

typedef struct table {
    sg_text *out;
    const sg_analysis *a;
    size_t width;
    size_t label; /* width of the first column */
    size_t n_epochs;
    long epoch[2];
} table;

/* Counts the characters of UTF-8 text. */
static size_t n_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void append_padded(sg_text *t, const char *text, size_t width)
{
    sg_text_append(t, text);
    for (size_t n = n_characters(text); n < width; n++)
        sg_text_append(t, " ");
}

/* A few significant digits; whole numbers whole; a dash for what is not defined. */
static void format_digits(char text[NUMBER_MAX], double value, int n_digits)
{
    if (isnan(value))
        (void)snprintf(text, NUMBER_MAX, "-");
    else if (floor(value) == value && fabs(value) < 1e15)
        (void)snprintf(text, NUMBER_MAX, "%.0f", value);
    else
        (void)snprintf(text, NUMBER_MAX, "%.*g", n_digits, value);
}

static void format_number(char text[NUMBER_MAX], double value)
{
    format_digits(text, value, 4);
}

static void put_line(const table *t, const char *label, char text[2][NUMBER_MAX])
{
    append_padded(t->out, label, t->label);
    for (size_t i = 0; i < t->n_epochs; i++)
        sg_text_printf(t->out, "%*s", COLUMN, text[i]);
    sg_text_append(t->out, "\n");
}

/* A value, with its z-score where random networks were measured and differ from each other. */
static void format_row(char text[NUMBER_MAX], const sg_analysis_row *row)
{
    enum { VALUE_MAX = NUMBER_MAX / 2 };
    char value[NUMBER_MAX];
    const bool compared = row && !isnan(row->z);
    format_digits(value, row ? row->value : NAN, compared ? 3 : 4);
    if (!compared)
        (void)snprintf(text, NUMBER_MAX, "%s", value);
    else if (fabs(row->z) < 1000)
        (void)snprintf(text, NUMBER_MAX, "%.*s (z %+.1f)", VALUE_MAX, value, row->z);
    else
        (void)snprintf(text, NUMBER_MAX, "%.*s (z %s999)", VALUE_MAX, value,
                       row->z < 0 ? "< -" : "> ");
}

/* The same without z: for what no random network would come near. */
static void put_share(const table *t, const char *label, const char *subject, const char *measure)
{
    char text[2][NUMBER_MAX];
    bool any = false;
    for (size_t i = 0; i < t->n_epochs; i++) {
        const double value = sg_analysis_value(t->a, t->epoch[i], subject, measure);
        any = any || !isnan(value);
        format_number(text[i], value);
    }
    if (any)
        put_line(t, label, text);
}

/* A line of one measure, left out where it was not measured. */
static void put_measure(const table *t, const char *label, const char *subject, const char *measure)
{
    char text[2][NUMBER_MAX];
    bool any = false;
    for (size_t i = 0; i < t->n_epochs; i++) {
        const sg_analysis_row *row = sg_analysis_row_of(t->a, t->epoch[i], subject, measure);
        any = any || (row && !isnan(row->value));
        format_row(text[i], row);
    }
    if (any)
        put_line(t, label, text);
}

/* Breaks text at blanks so that every line, indented, fits the width. */
static void put_wrapped(const table *t, const char *first, size_t indent, const char *text)
{
    append_padded(t->out, first, indent);
    size_t column = n_characters(first) > indent ? n_characters(first) : indent;
    bool fresh = true;
    while (*text) {
        const size_t n = strcspn(text, " ");
        if (!fresh && column + 1 + n > t->width) {
            sg_text_append(t->out, "\n");
            append_padded(t->out, "", indent);
            column = indent;
            fresh = true;
        }
        if (!fresh) {
            sg_text_append(t->out, " ");
            column++;
        }
        sg_text_append_bytes(t->out, text, n);
        column += n;
        fresh = false;
        text += n;
        text += strspn(text, " ");
    }
    sg_text_append(t->out, "\n");
}

/* A verdict on an epoch, wrapped. */
static void put_epoch_verdict(const table *t, long epoch, const sg_text *verdict)
{
    enum { INDENT = 14 };
    char head[NUMBER_MAX];
    if (epoch < 0)
        (void)snprintf(head, sizeof head, "    verdict:");
    else
        (void)snprintf(head, sizeof head, "    epoch %ld:", epoch);
    put_wrapped(t, head, INDENT, verdict->failed ? "" : verdict->bytes);
}

static void put_verdict(const table *t, const sg_analysis_fit *fit)
{
    SG_AUTO_TEXT sg_text verdict = {0};
    if (fit->fit.passes)
        sg_text_printf(&verdict, "a power law is not ruled out%s",
                       isnan(fit->fit.untrained_alpha)
                           ? ", but there is no untrained network to hold it against"
                           : "");
    else
        sg_text_printf(&verdict, "not scale-free: %s", fit->reasons);
    put_epoch_verdict(t, fit->epoch, &verdict);
}

static void put_fit(const table *t, const char *link, sg_side side)
{
    const sg_analysis_fit *fit[2] = {NULL, NULL};
    char alpha[2][NUMBER_MAX];
    char p[2][NUMBER_MAX];
    for (size_t i = 0; i < t->n_epochs; i++) {
        fit[i] = sg_analysis_find_fit(t->a, t->epoch[i], link, side);
        if (!fit[i])
            return;
        format_number(p[i], fit[i]->fit.p_value);
        if (fit[i]->fit.xmin > 0)
            (void)snprintf(alpha[i], NUMBER_MAX, "%.3g (%" PRIu64 ", %zu)", fit[i]->fit.alpha,
                           fit[i]->fit.xmin, fit[i]->fit.n_tail);
        else
            format_number(alpha[i], NAN);
    }
    put_line(t, "    power law: alpha (xmin, tail)", alpha);
    put_line(t, "    goodness of fit: p", p);
    for (size_t i = 0; i < t->n_epochs; i++)
        put_verdict(t, fit[i]);
}

/* Links drawn independently give binomial degrees, whose variance/mean is 1 - density. */
static void put_dispersion(const table *t, const sg_analysed_link *link, sg_side side)
{
    char label[NUMBER_MAX] = "    variance/mean";
    const double density =
        sg_analysis_value(t->a, t->epoch[t->n_epochs - 1], link->name, "density");
    if (!isnan(density))
        (void)snprintf(label, sizeof label, "    variance/mean (random: %.3f)", 1 - density);
    put_measure(t, label, link->name,
                side == SG_SIDE_IN ? "in_degree_dispersion" : "out_degree_dispersion");
}

/* What a value's place among random networks allows to say, and no more. */
static void append_place(sg_text *out, const sg_analysis_row *row)
{
    static const double significant = 0.05;
    const bool beyond_all = row->p_null <= 2.0 / ((double)row->n_nulls + 1);
    const bool above = row->value > row->null_mean;
    if (row->p_null < significant)
        sg_text_printf(out, "spread %s than", above ? "broader" : "narrower");
    else if (beyond_all)
        sg_text_printf(out, "spread %s all", above ? "above" : "below");
    else
        sg_text_append(out, "spread as in");
    sg_text_printf(
        out, " %zu random networks of as many links%s (95 %% of them: %.3g to %.3g; p = %.2g)",
        row->n_nulls, beyond_all && row->p_null >= significant ? ", too few to tell more" : "",
        row->null_low, row->null_high, row->p_null);
}

static void put_spread_verdict(const table *t, const char *link, sg_side side)
{
    const char *measure = side == SG_SIDE_IN ? "in_degree_dispersion" : "out_degree_dispersion";
    for (size_t i = 0; i < t->n_epochs; i++) {
        const sg_analysis_row *row = sg_analysis_row_of(t->a, t->epoch[i], link, measure);
        if (!row || row->n_nulls < 2 || isnan(row->value))
            continue;
        SG_AUTO_TEXT sg_text verdict = {0};
        append_place(&verdict, row);
        put_epoch_verdict(t, t->epoch[i], &verdict);
    }
}

static void put_side(const table *t, const sg_analysed_link *link, sg_side side)
{
    static const struct {
        const char *label;
        const char *measure[SG_N_SIDES];
    } lines[] = {
        {"    Gini", {"in_degree_gini", "out_degree_gini"}},
        {"    largest", {"in_degree_max", "out_degree_max"}},
        {"    without connection", {"in_degree_zeros", "out_degree_zeros"}},
    };
    const sg_analysed_layer *layer = &t->a->layers[side == SG_SIDE_IN ? link->to : link->from];
    sg_text_printf(t->out, "  %s of the %zu neurons of %s\n",
                   side == SG_SIDE_IN ? "fan-in" : "fan-out", layer->size, layer->name);
    put_dispersion(t, link, side);
    for (size_t i = 0; i < SG_COUNT(lines); i++)
        put_measure(t, lines[i].label, link->name, lines[i].measure[side]);
    put_spread_verdict(t, link->name, side);
    put_fit(t, link->name, side);
}

/* A heading with the epochs over their columns. */
static void put_heading(const table *t, const char *title)
{
    sg_text_append(t->out, "\n");
    append_padded(t->out, title, t->label);
    for (size_t i = 0; i < t->n_epochs; i++) {
        char epoch[NUMBER_MAX];
        (void)snprintf(epoch, sizeof epoch, "epoch %ld", t->epoch[i]);
        sg_text_printf(t->out, "%*s", COLUMN, t->epoch[i] < 0 ? "" : epoch);
    }
    sg_text_append(t->out, "\n");
}

static bool is_full(const table *t, const sg_analysed_link *link)
{
    for (size_t i = 0; i < t->n_epochs; i++)
        if (sg_analysis_value(t->a, t->epoch[i], link->name, "density") != 1)
            return false;
    return true;
}

/* What the degrees leave open, against networks of the same degrees. */
static void put_structure(const table *t, const char *link)
{
    static const struct {
        const char *label;
        const char *measure;
    } lines[] = {
        {"  closed 3-paths (Robins-Alexander)", "robins_alexander"},
        {"  degree correlation", "degree_correlation"},
        {"  nestedness (NODF)", "nodf"},
        {"  2nd singular value / Ramanujan bound", "ramanujan_ratio"},
    };
    for (size_t i = 0; i < SG_COUNT(lines); i++)
        put_measure(t, lines[i].label, link, lines[i].measure);
}

static void put_link(const table *t, const sg_analysed_link *link)
{
    put_heading(t, link->name);
    put_measure(t, "  connections", link->name, "links");
    put_measure(t, "  density", link->name, "density");
    put_share(t, "  kept since the epoch before", link->name, "previous_kept_frac");
    put_share(t, "  kept since epoch 0", link->name, "start_kept_frac");
    put_share(t, "  mean age of a connection", link->name, "age_mean");
    put_share(t, "  topology distance to epoch 0", link->name, "start_nnstd");
    if (is_full(t, link)) {
        sg_text_append(t->out, "  fully connected: all degrees are equal, no power law\n");
        return;
    }
    put_structure(t, link->name);
    put_side(t, link, SG_SIDE_IN);
    put_side(t, link, SG_SIDE_OUT);
}

static void put_layers(const table *t)
{
    put_heading(t, "active neurons");
    for (size_t i = 0; i < t->a->n_layers; i++) {
        char label[NUMBER_MAX];
        (void)snprintf(label, sizeof label, "  %.30s (of %zu)", t->a->layers[i].name,
                       t->a->layers[i].size);
        put_measure(t, label, t->a->layers[i].name, "active_neurons");
    }
}

static void put_network(const table *t)
{
    static const struct {
        const char *label;
        const char *measure;
    } lines[] = {
        {"  neurons", "nodes"},
        {"  connections", "connections"},
        {"  density", "network_density"},
        {"  components", "components"},
        {"  isolated neurons", "isolated"},
        {"  share in the largest component", "giant_frac"},
        {"  deepest k-core", "core_max"},
        {"  mean degree", "degree_mean"},
        {"  degree variance/mean", "degree_dispersion"},
        {"  degree Gini", "degree_gini"},
        {"  largest degree", "degree_max"},
        {"  paths from input to output, log10", "paths_log10"},
        {"  mean distance", "distance_mean"},
        {"  modularity (Leiden, best of 5)", "modularity"},
        {"  agreement of partitions (NMI)", "communities_nmi"},
    };
    put_heading(t, "whole network");
    for (size_t i = 0; i < SG_COUNT(lines); i++)
        put_measure(t, lines[i].label, "network", lines[i].measure);
    put_share(t, "  Jaccard with the epoch before", "network", "network_previous_jaccard");
    put_share(t, "  Jaccard with epoch 0", "network", "network_start_jaccard");
}

/* Where measures were chosen, all of them and nothing else. */
static void put_chosen(const table *t)
{
    const sg_analysis *a = t->a;
    const sg_analysis_row *before = NULL;
    for (size_t i = 0; i < a->n_rows; i++) {
        const sg_analysis_row *row = &a->rows[i];
        char label[NUMBER_MAX];
        if (row->epoch != t->epoch[t->n_epochs - 1])
            continue;
        if (!before || row->scope != before->scope || strcmp(row->subject, before->subject) != 0)
            put_heading(t, row->subject);
        (void)snprintf(label, sizeof label, "  %.60s", row->measure);
        put_measure(t, label, row->subject, row->measure);
        before = row;
    }
}

sg_status sg_analysis_table(const sg_analysis *a, size_t width, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text out = {0};
    const size_t n = sg_analysis_n_snapshots(a);
    table t = {.out = &out, .a = a, .width = width ? width : WIDTH_DEFAULT};
    t.width = t.width < WIDTH_MIN ? WIDTH_MIN : t.width;
    t.n_epochs = n > 1 ? 2 : 1;
    t.epoch[0] = sg_analysis_epoch(a, 0);
    t.epoch[1] = sg_analysis_epoch(a, n - 1);
    const size_t columns = (size_t)2 * COLUMN;
    t.label = t.width - columns < LABEL_MAX ? t.width - columns : LABEL_MAX;

    if (n > 1)
        sg_text_printf(&out, "%zu snapshots, epochs %ld to %ld\n", n, t.epoch[0], t.epoch[1]);
    else
        sg_text_printf(&out, "one snapshot: %s\n", sg_analysis_file(a, 0));
    if (a->chosen) {
        put_chosen(&t);
        return sg_text_take(&out, ret, err);
    }
    for (size_t i = 0; i < a->n_links; i++)
        put_link(&t, &a->links[i]);
    put_layers(&t);
    put_network(&t);
    return sg_text_take(&out, ret, err);
}
