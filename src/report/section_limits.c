/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <ctype.h>
#include <string.h>

/* What the numbers do not say, next to what they do. */

/* SET overtakes a dense network late, on CIFAR10 after about this many epochs. */
enum { SET_LATE_EPOCH = 200 };

static void append_item(sg_text *t, const char *text)
{
    sg_text_append(t, "<li>");
    sg_html_escape(t, text);
    sg_text_append(t, "</li>\n");
}

/* A run whose training was cut short says so in its manifest's own settings. */
static void append_unfinished(const sg_page *page, sg_text *t)
{
    for (size_t i = 0; i < page->n_subjects; i++) {
        const sg_subject *s = &page->subjects[i];
        const char *wanted = s->run ? sg_run_setting(s->run, "epochs") : NULL;
        uint64_t n = 0;
        if (!wanted || !sg_parse_u64(wanted, &n) || s->last_epoch < 0 ||
            (uint64_t)s->last_epoch >= n)
            continue;
        sg_text_append(t, "<li>");
        sg_html_printf(t, "%s is unfinished: it was to be trained for %s epochs and has %ld. ",
                       s->label, wanted, s->last_epoch);
        sg_text_append(t, "All that is said here is about what there is; "
                          "<code>sparsegraph train --resume RUN</code> goes on.</li>\n");
    }
}

static bool any_method(const sg_page *page, const char *name)
{
    for (size_t i = 0; i < page->n_subjects; i++) {
        const char *method = sg_subject_setting(&page->subjects[i], "method");
        if (method && strcmp(method, name) == 0)
            return true;
    }
    return false;
}

static bool any_nulls(const sg_page *page)
{
    for (size_t i = 0; i < page->n_subjects; i++)
        if (sg_subject_has_nulls(&page->subjects[i]))
            return true;
    return false;
}

static bool is_short(const sg_page *page)
{
    for (size_t i = 0; i < page->n_subjects; i++)
        if (page->subjects[i].last_epoch >= SET_LATE_EPOCH)
            return false;
    return true;
}

/* Whether a text's first word is the name of a link or a layer, which is written as it is. */
static bool begins_with_name(const sg_analysis *a, const char *text)
{
    const size_t n = strcspn(text, " ");

    for (size_t i = 0; i < sg_analysis_n_layers(a); i++) {
        const char *name = sg_analysis_layer_name(a, i);
        if (strlen(name) == n && strncmp(text, name, n) == 0)
            return true;
    }
    for (size_t i = 0; i < sg_analysis_n_links(a); i++) {
        const char *name = sg_analysis_link_name(a, i);
        if (strlen(name) == n && strncmp(text, name, n) == 0)
            return true;
    }
    return false;
}

/* Warnings come as other messages do, without capital and full stop. */
static void append_warning(sg_text *t, const sg_analysis *a, const char *label, const char *text)
{
    const char first[2] = {(char)toupper((unsigned char)*text), '\0'};

    sg_text_append(t, "<li>");
    if (label)
        sg_html_printf(t, "%s: ", label);
    else if (isascii(*text) && *text && !begins_with_name(a, text)) {
        sg_html_escape(t, first);
        text++;
    }
    sg_html_escape(t, text);
    sg_text_append(t, ".</li>\n");
}

static bool has_warning(const sg_subject *s, const char *warning)
{
    for (size_t i = 0; i < sg_analysis_n_warnings(s->analysis); i++)
        if (strcmp(sg_analysis_warning(s->analysis, i), warning) == 0)
            return true;
    return false;
}

/* Counts the subjects before the n-th that have a warning too. */
static size_t count_with(const sg_page *page, size_t n, const char *warning)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += has_warning(&page->subjects[i], warning);
    return count;
}

/* The analysis' own warnings: once where all runs share one, else under the run's name. */
static void append_warnings(const sg_page *page, sg_text *t)
{
    for (size_t i = 0; i < page->n_subjects; i++) {
        const sg_subject *s = &page->subjects[i];
        for (size_t k = 0; k < sg_analysis_n_warnings(s->analysis); k++) {
            const char *warning = sg_analysis_warning(s->analysis, k);
            const bool is_shared = count_with(page, page->n_subjects, warning) == page->n_subjects;
            if (!is_shared || i == 0)
                append_warning(t, s->analysis, is_shared ? NULL : s->label, warning);
        }
    }
}

void sg_section_limits(sg_page *page)
{
    sg_text *t = &page->html;

    sg_text_append(t, "<section class=\"care\" aria-labelledby=\"limits\">\n"
                      "<h3 id=\"limits\">What may not be concluded from this</h3>\n<ul>\n");
    append_unfinished(page, t);
    append_item(t,
                page->n_subjects == 1
                    ? "One network from one seed: no confidence interval can be given, and none of "
                      "these numbers says how another seed would have done."
                    : "Each run is one seed: a difference between two runs may be chance. "
                      "Compare means over several seeds before you call it an effect.");
    append_item(t, "A power law that is not rejected is not confirmed: other laws often describe "
                   "the same tail as well, and a tail can be no longer than the opposite layer is "
                   "wide.");
    if (any_nulls(page))
        append_item(t, "A large |z| says that random links are a wrong explanation, neither that "
                       "the difference is large (the effect says so) nor that it is of use to the "
                       "network; and of many measures some stand out by chance.");
    if (any_method(page, "set") && is_short(page))
        append_item(t,
                    "A short training does not show what SET can do: on CIFAR10 it stayed behind "
                    "the dense network until about epoch 200 (Mocanu et al. 2018).");
    append_item(t, "A layered network has no triangles: clustering, and assortativity over layers, "
                   "are not comparable with those of social or biological networks.");
    sg_text_append(t, "</ul>\n<h4>From the measurements</h4>\n<ul>\n");
    append_warnings(page, t);
    sg_text_append(t, "</ul>\n</section>\n");
}
