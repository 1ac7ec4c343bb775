/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/facts.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

/* What is found comes first, in plain words, each sentence with its numbers. */

/* A variance / mean that grew or shrank by less is not worth a sentence. */
#define LARGE_CHANGE 1.5

static void open_tile(sg_text *t, const char *what)
{
    sg_text_append(t, "<div><dt>");
    sg_html_escape(t, what);
    sg_text_append(t, "</dt><dd>");
}

static void tile_accuracy(sg_text *t, const sg_subject *s)
{
    const sg_epoch_metrics *first = sg_subject_metrics_first(s);
    const sg_epoch_metrics *last = sg_subject_metrics_last(s);

    if (!last || isnan(last->test_accuracy))
        return;
    open_tile(t, "Test accuracy");
    sg_html_percent(t, last->test_accuracy, 1);
    sg_text_printf(t, "<small>epoch %ld", last->epoch);
    if (first != last && first->epoch == 0 && !isnan(first->test_accuracy)) {
        sg_text_append(t, "; untrained ");
        sg_html_percent(t, first->test_accuracy, 1);
    }
    sg_text_append(t, "</small></dd></div>\n");
}

static void tile_links(sg_text *t, const sg_facts *f)
{
    open_tile(t, "Connections");
    sg_html_count(t, f->links_last);
    sg_text_append(t, "<small>");
    sg_html_percent(t, f->links_last / f->possible, 2);
    sg_text_append(t, " of fully connected</small></dd></div>\n");
}

static void tile_unevenness(sg_text *t, const sg_unevenness *u)
{
    if (!u->layer || isnan(u->last))
        return;
    open_tile(t, "Variance / mean of input degrees");
    sg_html_number(t, u->last, 3);
    sg_text_append(t, "<small>");
    if (isnan(u->first))
        sg_text_append(t, "a Poisson distribution has 1");
    else {
        sg_html_number(t, u->first, 3);
        sg_text_append(t, " at first; a Poisson distribution has 1");
    }
    sg_text_append(t, "</small></dd></div>\n");
}

static void tile_scale_free(sg_text *t, const sg_subject *s)
{
    const sg_fit_counts c = sg_subject_fits(s, s->last_epoch);

    if (c.n == 0)
        return;
    open_tile(t, "Scale-free degrees");
    if (c.n_passing == 0)
        sg_text_append(t, "None");
    else
        sg_text_printf(t, "%zu of %zu", c.n_passing, c.n);
    if (c.n_passing == 0)
        sg_text_printf(t, "<small>of %zu sequences passes the gate</small></dd></div>\n", c.n);
    else
        sg_text_append(t, "<small>sequences pass the gate</small></dd></div>\n");
}

/* "A network of 784–1000–10 neurons", with every layer's size. */
static void append_sizes(sg_text *t, const sg_snapshot *s)
{
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++) {
        if (i > 0)
            sg_text_append(t, "\xE2\x80\x93");
        sg_text_printf(t, "%zu", sg_snapshot_layer(s, i)->size);
    }
}

static void find_network(sg_text *t, const sg_subject *s, const sg_facts *f)
{
    const char *method = sg_subject_setting(s, "method");
    const char *dataset = sg_subject_setting(s, "dataset");

    sg_text_append(t, "<li>The network has ");
    append_sizes(t, s->last);
    sg_text_append(t, " neurons and ");
    sg_html_count(t, f->links_last);
    sg_text_append(t, " connections, ");
    sg_html_percent(t, f->links_last / f->possible, 2);
    sg_text_append(t, " of the ");
    sg_html_count(t, f->possible);
    sg_text_append(t, " that fully connected layers would have");
    if (method) {
        sg_text_append(t, "; it was trained ");
        if (strcmp(method, "set") == 0)
            sg_text_append(t, "by sparse evolutionary training (SET)");
        else if (strcmp(method, "fixed") == 0)
            sg_text_append(t, "with its random starting topology kept");
        else
            sg_html_printf(t, "with method %s", method);
    }
    if (method && dataset)
        sg_html_printf(t, " on %s", dataset);
    sg_text_append(t, ".</li>\n");
}

static void find_accuracy(sg_text *t, const sg_subject *s, const sg_facts *f)
{
    const sg_epoch_metrics *first = sg_subject_metrics_first(s);
    const sg_epoch_metrics *last = sg_subject_metrics_last(s);
    const sg_epoch_metrics *best = sg_subject_metrics_best(s);

    if (!last || isnan(last->test_accuracy)) {
        sg_text_append(t, "<li>No accuracy is recorded: what is said here is about topology "
                          "alone.</li>\n");
        return;
    }
    sg_text_append(t, "<li>Test accuracy ");
    if (first != last && !isnan(first->test_accuracy)) {
        sg_text_append(t, "went from ");
        sg_html_percent(t, first->test_accuracy, 1);
        sg_text_printf(t, " at epoch %ld to ", first->epoch);
    } else
        sg_text_append(t, "is ");
    sg_text_append(t, "<strong>");
    sg_html_percent(t, last->test_accuracy, 2);
    sg_text_printf(t, "</strong> at epoch %ld", last->epoch);
    if (best && best != last) {
        sg_text_append(t, " (highest: ");
        sg_html_percent(t, best->test_accuracy, 2);
        sg_text_printf(t, " at epoch %ld, chosen by looking at the test data)", best->epoch);
    }
    if (f->has_final) {
        sg_text_append(t, ". After the last removal, which nothing follows, ");
        sg_html_count(t, f->final_links);
        sg_text_append(t, " connections are left");
        if (!isnan(f->final_accuracy)) {
            sg_text_append(t, " and the accuracy is ");
            sg_html_percent(t, f->final_accuracy, 2);
        }
    }
    sg_text_append(t, ".</li>\n");
}

static void find_turnover(sg_text *t, const sg_subject *s, const sg_facts *f)
{
    if (isnan(f->kept_frac))
        return;
    if (f->kept_frac >= 1.0 && f->links_first == f->links_last) {
        sg_text_append(t, "<li>The topology did not change: every connection of the start is there "
                          "at the end, and no other.</li>\n");
        return;
    }
    sg_text_append(t, "<li>");
    if (f->links_first == f->links_last)
        sg_text_append(t, "The number of connections stayed the same while they moved: ");
    else {
        sg_text_append(t, "The number of connections went from ");
        sg_html_count(t, f->links_first);
        sg_text_append(t, " to ");
        sg_html_count(t, f->links_last);
        sg_text_append(t, ": ");
    }
    sg_html_percent(t, f->kept_frac, 1);
    sg_text_printf(t,
                   " of the connections of epoch %ld that could change are still, or again, "
                   "there at epoch %ld.</li>\n",
                   s->first_epoch, s->last_epoch);
}

static void append_change(sg_text *t, const sg_unevenness *u)
{
    sg_html_number(t, u->first, 3);
    sg_text_append(t, " to <strong>");
    sg_html_number(t, u->last, 3);
    sg_text_append(t, "</strong>");
}

/* "; 316 of its 784 neurons have no connection, 0 had none at first." */
static void append_unlinked(sg_text *t, const sg_unevenness *u)
{
    if (u->unlinked_last == 0 && u->unlinked_first == 0) {
        sg_text_append(t, "; every one of its ");
        sg_html_count(t, (double)u->n_neurons);
        sg_text_append(t, " neurons is connected.");
        return;
    }
    sg_text_append(t, "; ");
    sg_html_count(t, (double)u->unlinked_last);
    sg_text_append(t, " of its ");
    sg_html_count(t, (double)u->n_neurons);
    sg_text_append(t, " neurons have no connection");
    if (!isnan(u->first)) {
        sg_text_append(t, ", ");
        sg_html_count(t, (double)u->unlinked_first);
        sg_text_append(t, " had none at first");
    }
    sg_text_append(t, ".");
}

static void find_unevenness(sg_text *t, const sg_facts *f)
{
    const sg_unevenness *u = &f->input;
    const sg_unevenness *most = &f->largest;

    if (!u->layer || isnan(u->last))
        return;
    if (isnan(u->first)) {
        sg_text_append(t, "<li>Variance over mean of the links that neurons of layer ");
        sg_html_escape(t, u->layer);
        sg_text_append(t, " send is <strong>");
        sg_html_number(t, u->last, 3);
        sg_text_append(t, "</strong> (a Poisson distribution has 1)");
        append_unlinked(t, u);
        sg_text_append(t, "</li>\n");
        return;
    }
    sg_text_append(t, "<li>How unevenly neurons of layer ");
    sg_html_escape(t, u->layer);
    sg_text_append(t, " are connected (variance over mean of the links they send; a Poisson "
                      "distribution has 1) went from ");
    append_change(t, u);
    append_unlinked(t, u);
    const bool is_large = most->layer && fabs(log(most->last / most->first)) > log(LARGE_CHANGE);
    if (is_large && !(most->is_out && most->layer == u->layer)) {
        sg_text_append(t,
                       " The largest change, relative to the start, is in the links that layer ");
        sg_html_escape(t, most->layer);
        sg_text_append(t, most->is_out ? " sends: " : " receives: ");
        append_change(t, most);
        sg_text_append(t, ".");
    }
    sg_text_append(t, "</li>\n");
}

static void find_scale_free(sg_text *t, const sg_subject *s)
{
    const sg_fit_counts last = sg_subject_fits(s, s->last_epoch);
    const sg_fit_counts first = sg_subject_fits(s, s->first_epoch);

    if (last.n == 0)
        return;
    if (last.n_passing == 0)
        sg_text_printf(t,
                       "<li><strong>No sign of a scale-free topology:</strong> none of the %zu "
                       "degree sequences that could be fitted passes the gate (the reasons are "
                       "in the table of fits).",
                       last.n);
    else
        sg_text_printf(t,
                       "<li><strong>%zu of %zu degree sequences</strong> are compatible with a "
                       "power law by every test of the gate; that does not prove one, as other "
                       "heavy tails were not ruled out.",
                       last.n_passing, last.n);
    if (s->first && s->first_epoch == 0 && first.n_not_rejected > 0)
        sg_text_printf(t,
                       " A p-value alone would mislead: %zu of the %zu fits to the untrained "
                       "network, whose links were drawn at random, are not rejected either "
                       "(p\xC2\xA0\xE2\x89\xA5\xC2\xA0"
                       "0.1).",
                       first.n_not_rejected, first.n);
    sg_text_append(t, "</li>\n");
}

/* Returns what follows the n-th sentence of a text, or its end. */
static const char *after_sentences(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *end = strstr(text, ". ");
        if (!end)
            return text + strlen(text);
        text = end + strlen(". ");
    }
    return text;
}

/* What the comparison found, and what it was before training: the first two of its sentences. */
static void find_resemblance(sg_text *t, const sg_subject *s)
{
    const char *verdict = s->comparison ? sg_comparison_verdict(s->comparison) : "";
    SG_AUTOFREE char *begin = sg_memdup(verdict, (size_t)(after_sentences(verdict, 2) - verdict));

    if (!begin) {
        t->failed = true;
        return;
    }
    if (!*begin)
        return;
    sg_text_append(t, "<li>");
    sg_html_escape(t, begin);
    sg_text_append(t, " What this is worth: <a href=\"#others\">Beside other networks</a>.</li>\n");
}

static sg_status brief_of(sg_page *page, const sg_subject *s, sg_error *err)
{
    sg_text *t = &page->html;
    sg_facts f = {0};

    SG_TRY(sg_facts_of(s, &f, err));
    if (page->n_subjects > 1) {
        sg_text_append(t, "<h3>");
        sg_html_escape(t, s->label);
        sg_text_append(t, "</h3>\n");
    }
    sg_text_append(t, "<dl class=\"tiles\">\n");
    tile_accuracy(t, s);
    tile_links(t, &f);
    tile_unevenness(t, &f.input);
    tile_scale_free(t, s);
    sg_text_append(t, "</dl>\n<ul class=\"findings\">\n");
    find_network(t, s, &f);
    find_accuracy(t, s, &f);
    find_turnover(t, s, &f);
    find_unevenness(t, &f);
    find_scale_free(t, s);
    sg_nulls_brief(page, s);
    find_resemblance(t, s);
    sg_text_append(t, "</ul>\n");
    return SG_OK;
}

static sg_status side_by_side(sg_page *page, sg_error *err)
{
    static const sg_html_column columns[] = {
        {"Run", NULL, NULL, true},
        {"Method", NULL, NULL, true},
        {"Seed", NULL, NULL, false},
        {"Last epoch", NULL, NULL, false},
        {"Connections", NULL, NULL, false},
        {"Density", NULL, "connections over those of fully connected layers", false},
        {"Test accuracy", "last epoch", NULL, false},
        {"Test accuracy", "highest", "chosen by looking at the test data", false},
        {"Input degrees", "variance / mean", "of the links that input neurons send", false},
    };
    sg_text *t = &page->html;

    sg_page_table(page, "The runs side by side",
                  "One run each; differences have no confidence interval.", columns,
                  SG_COUNT(columns));
    for (size_t i = 0; i < page->n_subjects; i++) {
        const sg_subject *s = &page->subjects[i];
        const sg_epoch_metrics *last = sg_subject_metrics_last(s);
        const sg_epoch_metrics *best = sg_subject_metrics_best(s);
        const char *method = sg_subject_setting(s, "method");
        const char *seed = sg_subject_setting(s, "seed");
        sg_facts f = {0};
        SG_TRY(sg_facts_of(s, &f, err));
        sg_html_row(t, NULL, s->label);
        sg_html_cell_text(t, method ? method : "\xE2\x80\x93");
        sg_text_append(t, "<td>");
        sg_html_escape(t, seed ? seed : "\xE2\x80\x93");
        sg_text_append(t, "</td>");
        sg_html_cell_count(t, s->last_epoch < 0 ? (double)NAN : (double)s->last_epoch);
        sg_html_cell_count(t, f.links_last);
        sg_html_cell_percent(t, f.links_last / f.possible, 2);
        sg_html_cell_percent(t, last ? last->test_accuracy : (double)NAN, 2);
        sg_html_cell_percent(t, best ? best->test_accuracy : (double)NAN, 2);
        sg_html_cell_number(t, f.input.layer ? f.input.last : (double)NAN, 3);
        sg_html_row_end(t);
    }
    sg_html_table_end(t);
    return SG_OK;
}

/* Whether the timeline, which is about runs, can show all subjects. */
static bool all_are_runs(const sg_page *page)
{
    for (size_t i = 0; i < page->n_subjects; i++)
        if (!page->subjects[i].run)
            return false;
    return true;
}

sg_status sg_section_brief(sg_page *page, sg_error *err)
{
    sg_page_heading(page, NULL, "brief", "In brief");
    if (page->n_subjects > 1) {
        SG_TRY(side_by_side(page, err));
        const sg_plate plate = {
            .kind = "timeline", .name = "timeline", .title = "The runs, epoch by epoch"};
        if (all_are_runs(page))
            SG_TRY(sg_page_plate(page, &plate, err));
    }
    for (size_t i = 0; i < page->n_subjects; i++)
        SG_TRY(brief_of(page, &page->subjects[i], err));
    return SG_OK;
}
