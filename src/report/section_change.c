/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <math.h>
#include <string.h>

/* What was removed, kept and explored from epoch to epoch. */

static bool has_turnover(const sg_subject *s)
{
    for (size_t i = 0; i < sg_analysis_n_rows(s->analysis); i++) {
        const sg_analysis_row *row = sg_analysis_row_at(s->analysis, i);
        if (strcmp(row->measure, "previous_turnover") == 0 && row->value > 0.0)
            return true;
    }
    return false;
}

static void append_sentence(sg_text *t, const sg_subject *s)
{
    const double itop =
        sg_analysis_value(s->analysis, s->last_epoch, "network", "network_itop_rate");
    const double age = sg_analysis_value(s->analysis, s->last_epoch, "network", "network_age_mean");

    sg_text_append(t, "<p>");
    if (!isnan(itop)) {
        sg_text_append(t, "Over all snapshots ");
        sg_html_percent(t, itop, 1);
        sg_text_append(t, " of all possible connections were there at some time");
    }
    if (!isnan(age)) {
        sg_text_append(t, isnan(itop) ? "C" : "; c");
        sg_text_append(t, "onnections of the last one have been there for ");
        sg_html_number(t, age, 3);
        sg_text_append(t, " epochs on average");
    }
    if (!isnan(itop) || !isnan(age))
        sg_text_append(t, ". ");
    sg_text_append(t, "Turnover that the method prescribes is no finding: what matters is which "
                      "connections stay.</p>\n");
}

sg_status sg_section_change(sg_page *page, const sg_subject *s, sg_error *err)
{
    if (!s->run || !s->first)
        return SG_OK;
    sg_page_heading(page, s, "change", "How its links changed");
    if (!has_turnover(s)) {
        sg_text_append(&page->html, "<p>From snapshot to snapshot no connection was removed or "
                                    "added.</p>\n");
        return SG_OK;
    }
    append_sentence(&page->html, s);
    const sg_plate plate = {.kind = "turnover",
                            .name = "turnover",
                            .title = "Links removed, kept and explored",
                            .subject = s};
    return sg_page_subject_plate(page, &plate, err);
}
