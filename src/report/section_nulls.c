/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/measure_words.h"
#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the network has that random networks have not: the scores over the epochs, and the strongest
 * of the last epoch, with what they are worth. */

enum { FINDINGS_MAX = 6 }; /* of each null model */

/* How many of the last epoch's scores lie beyond 2, and what the strongest are. */
typedef struct findings {
    size_t n_scores, n_beyond, n_nulls;
    size_t n;
    const sg_analysis_row *row[FINDINGS_MAX]; /* |z| descending */
} findings;

static bool is_score(const sg_subject *s, const sg_analysis_row *row, sg_null null)
{
    const sg_measure *m = sg_measure_find(row->measure);
    return m && m->null == null && row->epoch == s->last_epoch && row->n_nulls > 1 &&
           !isnan(row->z);
}

/* Likeness to an earlier epoch is told in a section of its own: random links cannot have it. */
static bool is_likeness(const sg_analysis_row *row)
{
    return strstr(row->measure, "previous_") || strstr(row->measure, "start_");
}

static void add_finding(findings *f, const sg_analysis_row *row)
{
    size_t at = f->n;
    while (at > 0 && fabs(f->row[at - 1]->z) < fabs(row->z))
        at--;
    if (at == FINDINGS_MAX)
        return;
    if (f->n < FINDINGS_MAX)
        f->n++;
    for (size_t i = f->n - 1; i > at; i--)
        f->row[i] = f->row[i - 1];
    f->row[at] = row;
}

static findings find(const sg_subject *s, sg_null null)
{
    findings f = {0};

    for (size_t i = 0; i < sg_analysis_n_rows(s->analysis); i++) {
        const sg_analysis_row *row = sg_analysis_row_at(s->analysis, i);
        if (!is_score(s, row, null) || is_likeness(row))
            continue;
        f.n_scores++;
        f.n_beyond += fabs(row->z) >= 2.0;
        f.n_nulls = row->n_nulls > f.n_nulls ? row->n_nulls : f.n_nulls;
        if (fabs(row->z) >= 2.0)
            add_finding(&f, row);
    }
    return f;
}

static void append_finding(sg_text *t, const sg_analysis_row *row, const char *against)
{
    SG_AUTO_TEXT sg_text words = {0};

    sg_measure_words(&words, row->measure);
    sg_html_row(t, NULL, words.bytes ? words.bytes : "");
    sg_html_cell_text(t, row->subject);
    sg_html_cell_text(t, against);
    sg_html_cell_number(t, row->value, 3);
    sg_text_append(t, "<td>");
    sg_html_number(t, row->null_low, 3);
    sg_text_append(t, " to ");
    sg_html_number(t, row->null_high, 3);
    sg_text_append(t, "</td>");
    sg_html_cell_number(t, row->z, 3);
    sg_html_cell_percent(t, row->effect, 1);
    sg_html_cell_number(t, row->p_null, 2);
    sg_html_row_end(t);
}

static void append_table(sg_page *page, const findings *random, const findings *degrees)
{
    static const sg_html_column columns[] = {
        {"Measure", NULL, NULL, true},
        {"Of", NULL, "the link, the layer, or the whole network", true},
        {"Against", NULL, "what the random networks share with this one", true},
        {"Value", NULL, NULL, false},
        {"Random", "95 %", "where 95 % of the random networks lie", false},
        {"z", NULL, "(value - their mean) / their standard deviation: how surprising", false},
        {"Effect", NULL, "(value - their mean) / |their mean|: how large", false},
        {"p", NULL, "two-sided, from the ranks; it cannot be smaller than 2/(random networks + 1)",
         false},
    };
    sg_text *t = &page->html;

    sg_page_table(
        page, "Furthest from random networks, last epoch",
        "The largest |z| of each null model, likeness to earlier epochs left out. z says "
        "how surprising a difference is, the effect how large: with many connections a "
        "small one surprises too. No correction for the number of measures is made, and no p "
        "can fall below 2/(random networks + 1).",
        columns, SG_COUNT(columns));
    for (size_t i = 0; i < random->n; i++)
        append_finding(t, random->row[i], "random links");
    for (size_t i = 0; i < degrees->n; i++)
        append_finding(t, degrees->row[i], "same degrees");
    sg_html_table_end(t);
}

/* How many lie beyond 2 by chance, in the mean. */
static double by_chance(const findings *f)
{
    return 0.05 * (double)f->n_scores;
}

/* No more than two standard deviations of a Poisson law above it. */
static bool is_chance(const findings *f)
{
    return (double)f->n_beyond <= by_chance(f) + 2.0 * sqrt(by_chance(f));
}

/* "34 of 40 degree statistics lie beyond |z| = 2 ...": the count, and what chance would give. */
static void append_count(sg_text *t, const findings *f, const char *what, const char *against)
{
    if (f->n_scores == 0)
        return;
    sg_text_printf(t, "<li>%zu of %zu %s lie beyond |z| = 2 of %s", f->n_beyond, f->n_scores, what,
                   against);
    if (f->n_beyond == 0)
        sg_text_append(t, ": nothing there that such links would not show as well");
    else if (is_chance(f))
        sg_text_printf(t, ", about as many as chance alone gives (some %.0f)", ceil(by_chance(f)));
    else
        sg_text_printf(t,
                       "; chance alone would put some %.0f there, were they independent, which "
                       "they are not",
                       ceil(by_chance(f)));
    sg_text_append(t, ".</li>\n");
}

/* "17 of 19 degree statistics differ from random links", and how many would by chance. */
static void append_share(sg_text *t, const findings *f, const char *what)
{
    sg_text_printf(t, "%zu of %zu %s (some %.0f would by chance)", f->n_beyond, f->n_scores, what,
                   ceil(by_chance(f)));
}

void sg_nulls_brief(sg_page *page, const sg_subject *s)
{
    sg_text *t = &page->html;
    const findings random = find(s, SG_NULL_RANDOM);
    const findings degrees = find(s, SG_NULL_DEGREES);

    if (random.n_scores + degrees.n_scores == 0)
        return;
    sg_text_printf(t, "<li>Against %zu random networks of each kind, ",
                   sg_analysis_n_nulls(s->analysis));
    if (random.n_scores)
        append_share(t, &random, "degree statistics differ from random links");
    if (random.n_scores && degrees.n_scores)
        sg_text_append(t, ", and ");
    if (degrees.n_scores)
        append_share(t, &degrees, "other measures from links of the same degrees");
    sg_text_append(t, ". Which, and by how much: <a href=\"#");
    if (page->n_subjects > 1)
        sg_text_printf(t, "%s-", s->slug);
    sg_text_append(t, "nulls\">Against null models</a>.</li>\n");
}

static sg_status append_plates(sg_page *page, const sg_subject *s, sg_error *err)
{
    static const struct {
        const char *name, *title, *link;
        bool whole;
    } kinds[] = {{"zscores", "Each link against random networks", NULL, false},
                 {"zscores-network", "The whole against random networks", "network", true}};

    for (size_t i = 0; i < SG_COUNT(kinds); i++) {
        bool any = false;
        for (size_t k = 0; k < sg_analysis_n_rows(s->analysis) && !any; k++) {
            const sg_analysis_row *row = sg_analysis_row_at(s->analysis, k);
            any = row->n_nulls > 0 && !isnan(row->z) &&
                  row->scope == (kinds[i].whole ? SG_SCOPE_WHOLE : SG_SCOPE_LINK);
        }
        const sg_plate plate = {.kind = "zscores",
                                .name = kinds[i].name,
                                .title = kinds[i].title,
                                .subject = s,
                                .link = kinds[i].link};
        if (any)
            SG_TRY(sg_page_subject_plate(page, &plate, err));
    }
    return SG_OK;
}

sg_status sg_section_nulls(sg_page *page, const sg_subject *s, sg_error *err)
{
    sg_text *t = &page->html;

    if (!sg_subject_has_nulls(s))
        return SG_OK;
    const findings random = find(s, SG_NULL_RANDOM);
    const findings degrees = find(s, SG_NULL_DEGREES);
    sg_page_heading(page, s, "nulls", "Against null models");
    sg_text_printf(
        t,
        "<p>A number measured on one network says little by itself. Beside it stand the same "
        "numbers of networks that are random in all but what is named: %zu were drawn for each "
        "snapshot and each of two models. What follows from the degrees alone stands against "
        "<em>random links</em>, as many in each link as here; everything else against random links "
        "of the <em>same degrees</em>, so that uneven degrees do not pass for structure.</p>\n"
        "<ul>\n",
        sg_analysis_n_nulls(s->analysis));
    append_count(t, &random, "degree statistics of the last epoch", "random links");
    append_count(t, &degrees, "other measures of the last epoch",
                 "random links of the same degrees");
    sg_text_append(t, "</ul>\n");
    SG_TRY(append_plates(page, s, err));
    if (random.n + degrees.n > 0)
        append_table(page, &random, &degrees);
    return SG_OK;
}
