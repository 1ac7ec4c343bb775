/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include <math.h>

/* A long run is shown in full, folded away; the reader sees the course in the figure. */
enum { ROWS_OPEN_MAX = 25 };

static void append_metrics(sg_page *page, const sg_run *run)
{
    static const sg_html_column columns[] = {
        {"Epoch", NULL, "0 is the untrained network", true},
        {"Accuracy", "test", NULL, false},
        {"Accuracy", "training", "mean over the batches of the epoch, while the weights change",
         false},
        {"Loss", "test", NULL, false},
        {"Loss", "training", NULL, false},
        {"Connections", NULL, NULL, false},
        {"Density", NULL, "connections over those of fully connected layers", false},
        {"Training", "s", "wall time of the batches", false},
        {"Evolution", "s", "wall time of the change of topology after the epoch", false},
    };
    sg_text *t = &page->html;

    sg_page_table(page, "Training, epoch by epoch",
                  "Each row is the network that was tested at that epoch, before its topology "
                  "changed. Times are wall times of the machine that trained.",
                  columns, SG_COUNT(columns));
    for (size_t i = 0; i < sg_run_n_metrics(run); i++) {
        const sg_epoch_metrics *m = sg_run_metrics(run, i);
        SG_AUTOFREE char *epoch = sg_format("%ld", m->epoch);
        sg_html_row(t, NULL, epoch ? epoch : "");
        sg_html_cell_percent(t, m->test_accuracy, 2);
        sg_html_cell_percent(t, m->train_accuracy, 2);
        sg_html_cell_number(t, m->test_loss, 4);
        sg_html_cell_number(t, m->train_loss, 4);
        sg_html_cell_count(t, m->links);
        sg_html_cell_percent(t, m->density, 2);
        sg_html_cell_number(t, m->train_s, 3);
        sg_html_cell_number(t, m->evolve_s, 2);
        sg_html_row_end(t);
    }
    sg_html_table_end(t);
}

sg_status sg_section_training(sg_page *page, const sg_subject *s, sg_error *err)
{
    sg_text *t = &page->html;
    SG_AUTOFREE char *name = sg_format(page->n_subjects > 1 ? "timeline-%s" : "timeline", s->slug);

    if (!s->run)
        return SG_OK;
    if (!name)
        return sg_fail_memory(err, "naming figures");
    sg_page_heading(page, s, "training", "How it learned");
    const sg_plate plate = {.kind = "timeline",
                            .name = name,
                            .title = "Accuracy, density and degree heterogeneity",
                            .subject = s};
    SG_TRY(sg_page_plate(page, &plate, err));

    const size_t n = sg_run_n_metrics(s->run);
    if (n == 0) {
        sg_text_append(
            t, "<p>The run holds no metrics, so neither accuracy nor loss can be shown.</p>\n");
        return SG_OK;
    }
    if (n > ROWS_OPEN_MAX)
        sg_text_printf(t, "<details><summary>All %zu epochs as a table</summary>\n", n);
    append_metrics(page, s->run);
    if (n > ROWS_OPEN_MAX)
        sg_text_append(t, "</details>\n");
    return SG_OK;
}
