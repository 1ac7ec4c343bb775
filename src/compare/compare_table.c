/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The table on a terminal. Labels and numbers are ASCII, so a byte is a column. */

enum {
    WIDTH_DEFAULT = 80,
    WIDTH_MIN = 60,
    NAME_WIDTH = 23, /* the longest label of a row, and a blank */
    CELL_MIN = 9,
    CELL_MAX = 24,
    GAP = 2,
    NOTES_MAX = 64
};

typedef struct notes {
    const char *text[NOTES_MAX];
    size_t n;
} notes;

/* The number of a note, counted from 1; 0 for none, or where there are too many. */
static size_t note_number(notes *seen, const char *note)
{
    if (!note || note[0] == '\0')
        return 0;
    for (size_t i = 0; i < seen->n; i++)
        if (strcmp(seen->text[i], note) == 0)
            return i + 1;
    if (seen->n == NOTES_MAX)
        return 0;
    seen->text[seen->n++] = note;
    return seen->n;
}

/* Ends a line, without the blanks before its end. */
static void end_line(sg_text *t)
{
    while (!t->failed && t->n > 0 && t->bytes[t->n - 1] == ' ')
        t->bytes[--t->n] = '\0';
    sg_text_append(t, "\n");
}

static void pad(sg_text *t, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sg_text_append(t, " ");
}

/* Words over lines of at most `width`, each indented by `indent` but for the first. */
static void wrap(sg_text *t, const char *text, size_t indent, size_t width)
{
    size_t column = indent;
    while (*text) {
        const size_t n = strcspn(text, " ");
        if (column > indent && column + 1 + n > width) {
            sg_text_append(t, "\n");
            pad(t, indent);
            column = indent;
        } else if (column > indent) {
            sg_text_append(t, " ");
            column++;
        }
        sg_text_append_bytes(t, text, n);
        column += n;
        text += n;
        text += strspn(text, " ");
    }
    sg_text_append(t, "\n");
}

/* What a note's number takes behind a cell: "[12]". */
static size_t mark_width(const sg_compared *net)
{
    for (size_t row = 0; row < SG_N_ROWS; row++)
        if (net->cell[row].note)
            return 4;
    return 0;
}

static size_t cell_width(const sg_compared *net)
{
    const size_t n = strlen(net->label);

    return n < CELL_MIN ? CELL_MIN : n > CELL_MAX ? CELL_MAX : n;
}

/* How many columns from `first` on fit beside each other. */
static size_t count_fitting(const sg_comparison *c, size_t first, size_t width)
{
    size_t used = NAME_WIDTH;
    size_t n = 0;
    while (first + n < c->n_networks) {
        const sg_compared *net = &c->networks[first + n];
        used += GAP + cell_width(net) + mark_width(net);
        if (n > 0 && used > width)
            break;
        n++;
    }
    return n;
}

static void append_right(sg_text *t, const char *text, size_t width)
{
    const size_t n = strlen(text);

    pad(t, GAP + (n < width ? width - n : 0));
    if (n <= width)
        sg_text_append(t, text);
    else { /* the end of a long label tells more than its beginning */
        sg_text_append(t, "~");
        sg_text_append(t, text + n - (width - 1));
    }
}

static bool row_says_something(const sg_comparison *c, size_t row)
{
    for (size_t i = 0; i < c->n_networks; i++) {
        const sg_cell *cell = &c->networks[i].cell[row];
        const bool counts_drops = row == SG_ROW_LOOPS || row == SG_ROW_MULTI;
        if (cell->note || (!isnan(cell->value) && !(counts_drops && cell->value == 0.0)))
            return true;
    }
    return false;
}

static void append_rows(const sg_comparison *c, size_t first, size_t n, notes *seen, sg_text *t)
{
    const char *group = "";
    pad(t, NAME_WIDTH);
    for (size_t i = first; i < first + n; i++) {
        append_right(t, c->networks[i].label, cell_width(&c->networks[i]));
        pad(t, mark_width(&c->networks[i]));
    }
    end_line(t);
    for (size_t row = 0; row < SG_N_ROWS; row++) {
        const sg_compare_row *about = &sg_compare_rows[row];
        if (!row_says_something(c, row))
            continue;
        if (strcmp(group, about->group) != 0) {
            group = about->group;
            sg_text_printf(t, "%s\n", group);
        }
        sg_text_printf(t, "  %-*s", NAME_WIDTH - 2, about->label);
        for (size_t i = first; i < first + n; i++) {
            const sg_cell *cell = &c->networks[i].cell[row];
            char mark[sizeof "[18446744073709551615]"] = "";
            const size_t number = note_number(seen, cell->note);
            if (number > 0)
                (void)snprintf(mark, sizeof mark, "[%zu]", number);
            append_right(t, cell->text, cell_width(&c->networks[i]));
            sg_text_printf(t, "%-*s", (int)mark_width(&c->networks[i]), mark);
        }
        end_line(t);
    }
}

static void append_notes(const notes *seen, size_t width, sg_text *t)
{
    for (size_t i = 0; i < seen->n; i++) {
        char number[sizeof "[18446744073709551615] "];
        const int n = snprintf(number, sizeof number, "[%zu] ", i + 1);
        sg_text_append(t, number);
        wrap(t, seen->text[i], (size_t)n, width);
    }
}

/* Why a fit does not pass, in a word each; the legend below the table explains them. */
static void append_reasons(unsigned reasons, sg_text *t)
{
    static const struct {
        sg_powerlaw_reason bit;
        const char *word;
    } words[] = {
        {SG_POWERLAW_FEW_VALUES, "few"},    {SG_POWERLAW_DEGENERATE, "equal"},
        {SG_POWERLAW_ALPHA, "alpha"},       {SG_POWERLAW_SHORT_TAIL, "tail"},
        {SG_POWERLAW_NARROW_TAIL, "range"}, {SG_POWERLAW_REJECTED, "p"},
        {SG_POWERLAW_UNTESTED, "untested"}, {SG_POWERLAW_AS_UNTRAINED, "start"},
        {SG_POWERLAW_ALTERNATIVE, "rival"},
    };
    sg_text_append(t, reasons == 0 ? "  not rejected" : "  no:");
    for (size_t i = 0; i < SG_COUNT(words); i++)
        if (reasons & (unsigned)words[i].bit)
            sg_text_printf(t, " %s", words[i].word);
    sg_text_append(t, "\n");
}

static void append_number(sg_text *t, int width, sg_compare_kind kind, double x)
{
    char text[SG_CELL_TEXT_MAX] = "-";
    if (!isnan(x))
        (void)snprintf(text, sizeof text, kind == SG_COMPARE_COUNT ? "%.0f" : "%.3g", x);
    sg_text_printf(t, " %*s", width, text);
}

static void append_side(const sg_compare_side *side, int name_width, sg_text *t)
{
    const sg_powerlaw *fit = &side->fit;
    const bool fitted = fit->xmin > 0;

    sg_text_printf(t, "  %-*s %-3s", name_width, side->link, side->in ? "in" : "out");
    append_number(t, 6, SG_COMPARE_REAL, side->mean);
    append_number(t, 8, SG_COMPARE_REAL, side->dispersion);
    append_number(t, 6, SG_COMPARE_REAL, side->gini);
    append_number(t, 6, SG_COMPARE_REAL, fit->alpha);
    append_number(t, 5, SG_COMPARE_COUNT, fitted ? (double)fit->xmin : NAN);
    append_number(t, 5, SG_COMPARE_COUNT, fitted ? (double)fit->n_tail : NAN);
    append_number(t, 5, SG_COMPARE_REAL, fit->p_value);
    append_reasons(fit->reasons, t);
}

static void append_sides(const sg_comparison *c, size_t width, sg_text *t)
{
    bool any = false;
    for (size_t i = 0; i < c->n_networks; i++) {
        const sg_compared *net = &c->networks[i];
        int name_width = 12;
        for (size_t k = 0; k < net->n_sides; k++)
            if ((int)strlen(net->sides[k].link) > name_width)
                name_width = (int)strlen(net->sides[k].link);
        if (net->n_sides == 0)
            continue;
        any = true;
        sg_text_printf(t, "\n%s: links of a neuron, on each side of each link\n", net->label);
        sg_text_printf(t, "  %-*s %6s %8s %6s %6s %5s %5s %5s  %s\n", name_width + 4, "link, side",
                       "mean", "var/mean", "Gini", "alpha", "xmin", "tail", "p", "power law");
        for (size_t k = 0; k < net->n_sides; k++)
            append_side(&net->sides[k], name_width, t);
    }
    if (any)
        wrap(t,
             "no: few = fewer than 50 neurons, equal = all degrees equal, alpha = outside (2, 3), "
             "tail = fewer than 50 neurons in it, range = less than a decade, p = below 0.1, "
             "untested = no bootstrap, start = the untrained network fits as well, rival = an "
             "alternative fits better",
             4, width);
}

sg_status sg_comparison_table(const sg_comparison *c, size_t width, char **ret, sg_error *err)
{
    if (width == 0)
        width = WIDTH_DEFAULT;
    if (width < WIDTH_MIN)
        width = WIDTH_MIN;
    SG_AUTO_TEXT sg_text t = {0};
    notes seen = {.n = 0};
    for (size_t first = 0; first < c->n_networks;) {
        const size_t n = count_fitting(c, first, width);
        if (first > 0)
            sg_text_append(&t, "\n");
        append_rows(c, first, n, &seen, &t);
        first += n;
    }
    sg_text_append(&t, "\n");
    append_notes(&seen, width, &t);
    append_sides(c, width, &t);
    sg_text_append(&t, "\n");
    wrap(&t, c->verdict, 0, width);
    return sg_text_take(&t, ret, err);
}
