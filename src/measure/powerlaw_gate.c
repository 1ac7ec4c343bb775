/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/powerlaw.h"

#include "base/text.h"
#include <math.h>

/* What stands against a power law, for the discrete and the continuous fit alike. */

/* Alpha, tail size and p: Broido & Clauset 2019, doi:10.1038/s41467-019-08746-5. */
static const double alpha_low = 2;
static const double alpha_high = 3;
static const double p_min = 0.1;
static const double decade = 10; /* max/xmin: a law of powers needs a range to show one */
enum { TAIL_MIN = 50, VALUES_MIN = 50 };

/* What the gate looks at. */
typedef struct evidence {
    size_t n;
    size_t n_tail;
    bool fitted;
    double alpha;
    double span; /* max/xmin */
    double p_value;
    size_t n_replicates;
    sg_powerlaw_alternative favoured;
    double favoured_p;
    double untrained_alpha;
    double untrained_p;
} evidence;

static evidence of_discrete(const sg_powerlaw *f)
{
    return (evidence){
        .n = f->n,
        .n_tail = f->n_tail,
        .fitted = isfinite(f->alpha) && f->xmin > 0,
        .alpha = f->alpha,
        .span = (double)f->max / (double)f->xmin,
        .p_value = f->p_value,
        .n_replicates = f->n_replicates,
        .favoured = f->favoured,
        .favoured_p = f->favoured_p,
        .untrained_alpha = f->untrained_alpha,
        .untrained_p = f->untrained_p,
    };
}

static evidence of_continuous(const sg_powerlaw_continuous *f)
{
    return (evidence){
        .n = f->n,
        .n_tail = f->n_tail,
        .fitted = isfinite(f->alpha) && f->xmin > 0,
        .alpha = f->alpha,
        .span = f->max / f->xmin,
        .p_value = f->p_value,
        .n_replicates = f->n_replicates,
        .favoured = f->favoured,
        .favoured_p = f->favoured_p,
        .untrained_alpha = NAN,
        .untrained_p = NAN,
    };
}

static unsigned reasons_of(const evidence *e)
{
    unsigned reasons = 0;
    if (e->n < VALUES_MIN)
        reasons |= SG_POWERLAW_FEW_VALUES;
    if (!e->fitted)
        return reasons | SG_POWERLAW_DEGENERATE;
    if (!(e->alpha > alpha_low && e->alpha < alpha_high))
        reasons |= SG_POWERLAW_ALPHA;
    if (e->n_tail < TAIL_MIN)
        reasons |= SG_POWERLAW_SHORT_TAIL;
    if (e->span < decade)
        reasons |= SG_POWERLAW_NARROW_TAIL;
    if (isnan(e->p_value))
        reasons |= SG_POWERLAW_UNTESTED;
    else if (e->p_value < p_min)
        reasons |= SG_POWERLAW_REJECTED;
    if (e->favoured != SG_ALTERNATIVE_NONE)
        reasons |= SG_POWERLAW_ALTERNATIVE;
    return reasons;
}

void sg_powerlaw_judge(sg_powerlaw *fit, const sg_powerlaw *untrained)
{
    const evidence e = of_discrete(fit);
    unsigned reasons = reasons_of(&e);
    fit->untrained_alpha = untrained ? untrained->alpha : NAN;
    fit->untrained_p = untrained ? untrained->p_value : NAN;
    if (untrained) {
        const evidence alone = of_discrete(untrained);
        if (reasons_of(&alone) == 0)
            reasons |= SG_POWERLAW_AS_UNTRAINED;
    }
    fit->reasons = reasons;
    fit->passes = reasons == 0;
}

void sg_powerlaw_judge_continuous(sg_powerlaw_continuous *fit)
{
    const evidence e = of_continuous(fit);
    fit->reasons = reasons_of(&e);
    fit->passes = fit->reasons == 0;
}

const char *sg_powerlaw_alternative_name(sg_powerlaw_alternative alternative)
{
    switch (alternative) {
    case SG_ALTERNATIVE_POISSON:
        return "poisson";
    case SG_ALTERNATIVE_EXPONENTIAL:
        return "exponential";
    case SG_ALTERNATIVE_STRETCHED_EXPONENTIAL:
        return "stretched exponential";
    case SG_ALTERNATIVE_LOGNORMAL:
        return "lognormal";
    case SG_ALTERNATIVE_CUTOFF:
        return "power law with cutoff";
    default:
        return "";
    }
}

static void say_p(sg_text *t, const evidence *e)
{
    if (e->p_value > 0)
        sg_text_printf(t, "goodness of fit p = %.2g rejects it", e->p_value);
    else
        sg_text_printf(t, "goodness of fit p < %.2g rejects it",
                       1 / (double)(e->n_replicates ? e->n_replicates : 1));
}

static void say(sg_text *t, const evidence *e, sg_powerlaw_reason reason)
{
    switch (reason) {
    case SG_POWERLAW_FEW_VALUES:
        sg_text_printf(t, "%zu %s no distribution (fewer than %d)", e->n,
                       e->n == 1 ? "value is" : "values are", VALUES_MIN);
        break;
    case SG_POWERLAW_DEGENERATE:
        sg_text_append(t, e->n == 0 ? "all values are zero: nothing to fit"
                                    : "all positive values are equal: nothing to fit");
        break;
    case SG_POWERLAW_ALPHA:
        sg_text_printf(t, "alpha %.3g lies outside (2, 3)", e->alpha);
        break;
    case SG_POWERLAW_SHORT_TAIL:
        sg_text_printf(t, "only %zu values in the tail, %d are needed", e->n_tail, TAIL_MIN);
        break;
    case SG_POWERLAW_NARROW_TAIL:
        sg_text_printf(t, "the tail spans %.2g decades, one is needed", log10(e->span));
        break;
    case SG_POWERLAW_REJECTED:
        say_p(t, e);
        break;
    case SG_POWERLAW_UNTESTED:
        sg_text_append(t, "the goodness of fit was not tested (no bootstrap)");
        break;
    case SG_POWERLAW_AS_UNTRAINED:
        sg_text_printf(t, "the untrained network at epoch 0 fits as well (alpha %.3g, p = %.2g)",
                       e->untrained_alpha, e->untrained_p);
        break;
    case SG_POWERLAW_ALTERNATIVE:
        sg_text_printf(t, "an alternative fits the tail better: %s (p = %.2g)",
                       sg_powerlaw_alternative_name(e->favoured), e->favoured_p);
        break;
    }
}

static sg_status say_all(unsigned reasons, const evidence *e, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "");
    for (unsigned bit = 0; bit < SG_POWERLAW_N_REASONS; bit++) {
        if (!(reasons & 1U << bit))
            continue;
        if (t.n > 0)
            sg_text_append(&t, "; ");
        say(&t, e, (sg_powerlaw_reason)(1U << bit));
    }
    return sg_text_take(&t, ret, err);
}

sg_status sg_powerlaw_reasons(const sg_powerlaw *fit, char **ret, sg_error *err)
{
    const evidence e = of_discrete(fit);
    return say_all(fit->reasons, &e, ret, err);
}

sg_status sg_powerlaw_reasons_continuous(const sg_powerlaw_continuous *fit, char **ret,
                                         sg_error *err)
{
    const evidence e = of_continuous(fit);
    return say_all(fit->reasons, &e, ret, err);
}
