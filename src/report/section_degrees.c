/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <math.h>
#include <string.h>

/* Each fit is shown, and each that fails the gate with its reasons. */

enum { PLATES_MAX = 6, RIDGES_MAX = 3, RIDGES_LEAST = 3 };

static void append_fit(sg_text *t, const sg_analysis_fit *f)
{
    const sg_powerlaw *fit = &f->fit;
    SG_AUTOFREE char *head =
        sg_format("%s, %s", f->link, f->side == SG_SIDE_OUT ? "sent" : "received");

    sg_html_row(t, NULL, head ? head : "");
    sg_html_cell_count(t, f->epoch < 0 ? (double)NAN : (double)f->epoch);
    sg_text_append(t, "<td>");
    sg_html_number(t, fit->alpha, 3);
    if (!isnan(fit->alpha_se)) {
        sg_text_append(t, " \xC2\xB1 ");
        sg_html_number(t, fit->alpha_se, 2);
    }
    sg_text_append(t, "</td>");
    sg_html_cell_count(t, isnan(fit->alpha) ? (double)NAN : (double)fit->xmin);
    sg_html_cell_count(t, isnan(fit->alpha) ? (double)NAN : (double)fit->n_tail);
    sg_html_cell_count(t, (double)fit->n);
    sg_text_append(t, "<td>");
    if (fit->p_value == 0.0 && fit->n_replicates > 0) /* no replicate reached the distance */
        sg_text_printf(t, "&lt; %.2g", 1.0 / (double)fit->n_replicates);
    else
        sg_html_number(t, fit->p_value, 2);
    sg_text_append(t, "</td>");
    sg_html_cell_number(t, f->q_goodness_of_fit, 2);
    sg_html_cell_number(t, fit->p_thin_tail, 2);
    sg_text_append(t, fit->passes
                          ? "<td class=\"text\"><span class=\"yes\">\xE2\x9C\x93 passes</span>"
                          : "<td class=\"text\"><span class=\"no\">\xE2\x9C\x97</span> ");
    sg_html_escape(t, f->reasons);
    sg_text_append(t, "</td>");
    sg_html_row_end(t);
}

/* One side of a link: its untrained fit, then the last one. */
static void append_side(sg_text *t, const sg_subject *s, const char *link, sg_side side)
{
    const long epochs[] = {s->first_epoch, s->last_epoch};

    for (size_t i = s->first ? 0 : 1; i < SG_COUNT(epochs); i++) {
        const sg_analysis_fit *f = sg_analysis_find_fit(s->analysis, epochs[i], link, side);
        if (f)
            append_fit(t, f);
    }
}

static sg_status append_fits(sg_page *page, const sg_subject *s, sg_error *err)
{
    static const sg_html_column columns[] = {
        {"Degrees", NULL,
         "links that the neurons of the sending layer send, or those of the "
         "receiving layer receive",
         true},
        {"Epoch", NULL, "0 is the untrained network", false},
        {"\xCE\xB1", NULL, "exponent with its standard error for this xmin", false},
        {"xmin", NULL, "where the fitted tail begins", false},
        {"n", "tail", "neurons in the tail", false},
        {"n", "linked", "neurons with at least one link; zeros are left out of the fit", false},
        {"p", "of fit", "goodness of fit; a small p rejects the power law", false},
        {"q", "of fit", "p of fit, corrected for the number of fits; a small q rejects it too",
         false},
        {"p", "thin tail",
         "the opposite question: a small p speaks for a power law over an exponential", false},
        {"Gate", "and what stands against it", NULL, true},
    };
    size_t n_replicates = 0;

    for (size_t i = 0; i < sg_analysis_n_fits(s->analysis); i++) {
        const size_t n = sg_analysis_fit_at(s->analysis, i)->fit.n_replicates;
        n_replicates = n > n_replicates ? n : n_replicates;
    }
    SG_AUTO_TEXT sg_text rest = {0};
    sg_text_append(&rest, "Discrete power laws; a small p <em>rejects</em> the power law, a large "
                          "one does not confirm it. ");
    if (n_replicates)
        sg_text_printf(&rest, "p from %zu bootstrap replicates, good to about \xC2\xB1%.2g. ",
                       n_replicates, 0.5 / sqrt((double)n_replicates));
    sg_text_append(&rest, "q is p corrected for all fits of the analysis "
                          "(Benjamini and Hochberg). The p of a thin tail has the opposite "
                          "polarity: a small one speaks for a power law, over an exponential. The "
                          "largest degree and the distance of tail and fit are in fits.csv.");
    if (rest.failed)
        return sg_fail_memory(err, "writing a caption");

    sg_text_append(&page->html, "<div class=\"fits\">\n");
    sg_page_table(page, "Power-law fits and the gate", rest.bytes, columns, SG_COUNT(columns));
    for (size_t i = 0; i < 2 * sg_analysis_n_links(s->analysis); i++)
        append_side(&page->html, s, sg_analysis_link_name(s->analysis, i / 2),
                    i % 2 == 0 ? SG_SIDE_OUT : SG_SIDE_IN);
    sg_html_table_end(&page->html);
    sg_text_append(&page->html, "</div>\n");
    return SG_OK;
}

/* A layer of ten classes, or a full bundle, has no distribution worth a figure. */
static bool is_worth_a_plate(const sg_subject *s, size_t i)
{
    const sg_csr *m = sg_snapshot_link(s->last, i)->matrix;

    return sg_csr_density(m) < 1.0 && m->n_links > 0;
}

static sg_status append_plates(sg_page *page, const sg_subject *s, sg_error *err)
{
    size_t n = 0;

    for (size_t i = 0; i < sg_snapshot_n_links(s->last) && n < PLATES_MAX; i++) {
        if (!is_worth_a_plate(s, i))
            continue;
        const char *link = sg_snapshot_link(s->last, i)->name;
        SG_AUTOFREE char *name = page->n_subjects > 1 ? sg_format("ccdf-%s-%zu", s->slug, i + 1)
                                                      : sg_format("ccdf-%zu", i + 1);
        SG_AUTOFREE char *title = sg_format("Degrees of link %s", link);
        if (!name || !title)
            return sg_fail_memory(err, "naming figures");
        const sg_plate plate = {
            .kind = "ccdf", .name = name, .title = title, .subject = s, .link = link};
        SG_TRY(sg_page_plate(page, &plate, err));
        n++;
    }
    return SG_OK;
}

/* The side of a link whose degrees changed most, by variance / mean. */
static sg_render_side changed_side(const sg_subject *s, const char *link)
{
    static const char *const measures[] = {"out_degree_dispersion", "in_degree_dispersion"};
    double change[2];

    for (size_t i = 0; i < 2; i++) {
        const double first = sg_analysis_value(s->analysis, s->first_epoch, link, measures[i]);
        const double last = sg_analysis_value(s->analysis, s->last_epoch, link, measures[i]);
        change[i] = first > 0.0 && last > 0.0 ? fabs(log(last / first)) : 0.0;
    }
    return change[1] > change[0] ? SG_RENDER_IN : SG_RENDER_OUT;
}

/* Distributions over the epochs, of the side that changed most. */
static sg_status append_ridges(sg_page *page, const sg_subject *s, sg_error *err)
{
    size_t n = 0;

    if (!s->run || sg_run_n_snapshots(s->run) < RIDGES_LEAST)
        return SG_OK;
    for (size_t i = 0; i < sg_snapshot_n_links(s->last) && n < RIDGES_MAX; i++) {
        if (!is_worth_a_plate(s, i))
            continue;
        const sg_link *link = sg_snapshot_link(s->last, i);
        const sg_render_side side = changed_side(s, link->name);
        SG_AUTOFREE char *name = sg_format("ridgelines-%zu", i + 1);
        SG_AUTOFREE char *title = sg_format(
            "Links %s %s, epoch by epoch", side == SG_RENDER_OUT ? "sent by" : "received by",
            sg_snapshot_layer(s->last, side == SG_RENDER_OUT ? link->from : link->to)->name);
        if (!name || !title)
            return sg_fail_memory(err, "naming figures");
        const sg_plate plate = {.kind = "ridgelines",
                                .name = name,
                                .title = title,
                                .subject = s,
                                .link = link->name,
                                .side = side};
        SG_TRY(sg_page_subject_plate(page, &plate, err));
        n++;
    }
    return SG_OK;
}

sg_status sg_section_degrees(sg_page *page, const sg_subject *s, sg_error *err)
{
    sg_text *t = &page->html;

    if (sg_analysis_n_fits(s->analysis) == 0)
        return SG_OK;
    sg_page_heading(page, s, "degrees", "Are the degrees scale-free?");
    sg_text_append(
        t, "<p>A degree sequence is called scale-free here only if its fitted power law passes "
           "every test of a gate: 2 &lt; \xCE\xB1 &lt; 3, at least 50 neurons in the tail, a tail "
           "of at "
           "least a decade (max / xmin \xE2\x89\xA5 10), goodness-of-fit p \xE2\x89\xA5 0.1, no "
           "other law favoured on the same tail, and an untrained "
           "network that does not pass the same way. A fit that fails is shown with the "
           "reason.</p>\n");
    SG_TRY(append_plates(page, s, err));
    SG_TRY(append_ridges(page, s, err));
    return append_fits(page, s, err);
}
