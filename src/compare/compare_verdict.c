/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include <math.h>

/* What may be said of a comparison, and what may not. */

/* A difference of two divergences that nobody should read as one: sampling alone adds about
 * (bins - 1) / (2 n ln 2) bits to each, .005 for six bins and a thousand nodes. */
static const double noise_bits = 0.02;

/* The network, no column of the subject, that is nearest in a row; SIZE_MAX where there is none. */
static size_t nearest(const sg_comparison *c, sg_row row)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < c->n_networks; i++) {
        const double d = c->networks[i].cell[row].value;
        if (c->networks[i].column.subject || isnan(d))
            continue;
        if (best == SIZE_MAX || d < c->networks[best].cell[row].value)
            best = i;
    }
    return best;
}

static void say_nearest(const sg_comparison *c, sg_text *t)
{
    const size_t best = nearest(c, SG_ROW_JS_SUBJECT);
    const char *subject = c->networks[c->subject].label;
    if (best == SIZE_MAX) {
        sg_text_printf(t, "There is no other network here to hold %s against.", subject);
        return;
    }
    const double d = c->networks[best].cell[SG_ROW_JS_SUBJECT].value;
    size_t n_others = 0;
    for (size_t i = 0; i < c->n_networks; i++)
        n_others += !c->networks[i].column.subject;
    sg_text_printf(t, "By the distribution of its relative degrees, %s ", subject);
    if (n_others == 1)
        sg_text_printf(t, "lies %.3f bits (Jensen-Shannon divergence) from %s.", d,
                       c->networks[best].label);
    else
        sg_text_printf(t,
                       "is nearest, of %zu other networks, to %s (Jensen-Shannon divergence %.3f "
                       "bits).",
                       n_others, c->networks[best].label, d);
    if (c->start >= c->n_networks)
        return;

    const double before = c->networks[best].cell[SG_ROW_JS_START].value;
    if (fabs(before - d) < noise_bits)
        sg_text_printf(t,
                       " The untrained network was as near to it (%.3f): training did not bring it "
                       "there.",
                       before);
    else if (before < d)
        sg_text_printf(t, " The untrained network was nearer to it (%.3f): training led away.",
                       before);
    else
        sg_text_printf(t, " The untrained network was farther from it (%.3f).", before);
    const size_t old = nearest(c, SG_ROW_JS_START);
    if (old != best)
        sg_text_printf(t, " Before training the nearest was %s.", c->networks[old].label);
    sg_text_printf(t, " From epoch 0 to here the distribution itself moved by %.3f bits.",
                   c->networks[c->start].cell[SG_ROW_JS_SUBJECT].value);
}

static void say_power_law(const sg_comparison *c, sg_text *t)
{
    const sg_compared *net = &c->networks[c->subject];
    if (!net->column.layered) {
        sg_text_printf(t, " The degrees of %s %s the power-law gate.", net->label,
                       net->fit.passes ? "pass" : "do not pass");
        return;
    }
    size_t n_passing = 0;
    const sg_compare_side *one = NULL;
    for (size_t i = 0; i < net->n_sides; i++)
        if (net->sides[i].fit.passes) {
            n_passing++;
            one = &net->sides[i];
        }
    if (n_passing == 0)
        sg_text_printf(t,
                       " None of the %zu sides of its links has degrees that pass the power-law "
                       "gate: it is not scale-free by this test.",
                       net->n_sides);
    else
        sg_text_printf(t,
                       " %zu of the %zu sides of its links pass the power-law gate (%s, %s), which "
                       "means that a power law is not rejected there, not that it is confirmed.",
                       n_passing, net->n_sides, one->link, one->in ? "receiving" : "sending");
}

sg_status sg_comparison_make_verdict(const sg_comparison *c, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    say_nearest(c, &t);
    say_power_law(c, &t);
    sg_text_append(&t,
                   " This sets single networks side by side, without null models and without "
                   "repetitions over seeds: it shows no family resemblance, and a small distance "
                   "in one measure is no evidence of a common mechanism.");
    return sg_text_take(&t, ret, err);
}
