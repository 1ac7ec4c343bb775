/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/powerlaw.h"

#include "base/text.h"
#include "base/zeta.h"
#include "graph/igraph_powerlaw.h"
#include "graph/tail_fit.h"
#include <math.h>

/* The gate. Alpha, tail size and p: Broido & Clauset 2019, doi:10.1038/s41467-019-08746-5. */
static const double alpha_low = 2;
static const double alpha_high = 3;
static const double p_min = 0.1;
static const double decade = 10; /* max/xmin: a law of powers needs a range to show one */
enum { TAIL_MIN = 50, VALUES_MIN = 50 };

static double decades(const sg_powerlaw *fit)
{
    return log10((double)fit->max / (double)fit->xmin);
}

static bool fitted(const sg_powerlaw *fit)
{
    return isfinite(fit->alpha) && fit->xmin > 0;
}

void sg_powerlaw_judge(sg_powerlaw *fit, const sg_powerlaw *untrained)
{
    unsigned reasons = 0;
    if (fit->n < VALUES_MIN)
        reasons |= SG_POWERLAW_FEW_VALUES;
    if (!fitted(fit)) {
        reasons |= SG_POWERLAW_DEGENERATE;
    } else {
        if (!(fit->alpha > alpha_low && fit->alpha < alpha_high))
            reasons |= SG_POWERLAW_ALPHA;
        if (fit->n_tail < TAIL_MIN)
            reasons |= SG_POWERLAW_SHORT_TAIL;
        if ((double)fit->max / (double)fit->xmin < decade)
            reasons |= SG_POWERLAW_NARROW_TAIL;
        if (isnan(fit->p_value))
            reasons |= SG_POWERLAW_UNTESTED;
        else if (fit->p_value < p_min)
            reasons |= SG_POWERLAW_REJECTED;
    }
    fit->untrained_alpha = untrained ? untrained->alpha : NAN;
    fit->untrained_p = untrained ? untrained->p_value : NAN;
    if (untrained) {
        sg_powerlaw alone = *untrained;
        sg_powerlaw_judge(&alone, NULL);
        if (alone.passes)
            reasons |= SG_POWERLAW_AS_UNTRAINED;
    }
    fit->reasons = reasons;
    fit->passes = reasons == 0;
}

/* Appends "; " before every sentence but the first. */
static void separate(sg_text *t)
{
    if (t->n > 0)
        sg_text_append(t, "; ");
}

static void say(sg_text *t, const sg_powerlaw *fit, sg_powerlaw_reason reason)
{
    if (!(fit->reasons & (unsigned)reason))
        return;
    separate(t);
    switch (reason) {
    case SG_POWERLAW_FEW_VALUES:
        sg_text_printf(t, "%zu %s no distribution (fewer than %d)", fit->n,
                       fit->n == 1 ? "value is" : "values are", VALUES_MIN);
        break;
    case SG_POWERLAW_DEGENERATE:
        sg_text_append(t, fit->n == 0 ? "all values are zero: nothing to fit"
                                      : "all positive values are equal: nothing to fit");
        break;
    case SG_POWERLAW_ALPHA:
        sg_text_printf(t, "alpha %.3g lies outside (2, 3)", fit->alpha);
        break;
    case SG_POWERLAW_SHORT_TAIL:
        sg_text_printf(t, "only %zu values in the tail, %d are needed", fit->n_tail, TAIL_MIN);
        break;
    case SG_POWERLAW_NARROW_TAIL:
        sg_text_printf(t, "the tail spans %.2g decades, one is needed", decades(fit));
        break;
    case SG_POWERLAW_REJECTED:
        if (fit->p_value > 0)
            sg_text_printf(t, "goodness of fit p = %.2g rejects it", fit->p_value);
        else
            sg_text_printf(t, "goodness of fit p < %.2g rejects it",
                           1 / (double)(fit->n_replicates ? fit->n_replicates : 1));
        break;
    case SG_POWERLAW_UNTESTED:
        sg_text_append(t, "the goodness of fit was not tested (no bootstrap)");
        break;
    case SG_POWERLAW_AS_UNTRAINED:
        sg_text_printf(t, "the untrained network at epoch 0 fits as well (alpha %.3g, p = %.2g)",
                       fit->untrained_alpha, fit->untrained_p);
        break;
    }
}

sg_status sg_powerlaw_reasons(const sg_powerlaw *fit, char **ret, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_append(&t, "");
    for (unsigned bit = 0; bit < SG_POWERLAW_N_REASONS; bit++)
        say(&t, fit, (sg_powerlaw_reason)(1U << bit));
    return sg_text_take(&t, ret, err);
}

/* ln zeta(alpha, x), up to a term that cancels in ratios at one alpha. */
static double log_zeta(double alpha, double x)
{
    return sg_log_scaled_zeta(alpha, x, NULL, NULL) - alpha * log(x);
}

double sg_powerlaw_ccdf(const sg_powerlaw *fit, double x)
{
    if (!fitted(fit) || !(x >= (double)fit->xmin) || !(fit->alpha > 1))
        return NAN;
    return (double)fit->n_tail / (double)fit->n *
           exp(log_zeta(fit->alpha, x) - log_zeta(fit->alpha, (double)fit->xmin));
}

/* Takes over what igraph found; the error of alpha follows from the likelihood's curvature. */
static void adopt(sg_powerlaw *p, const sg_igraph_fit *fit)
{
    p->alpha = fit->alpha;
    p->xmin = fit->xmin;
    p->n_tail = fit->n_tail;
    p->ks_d = fit->ks_d;
    p->log_likelihood = fit->log_likelihood;
    p->p_value = fit->p_value;
    p->n_replicates = isnan(fit->p_value) ? 0 : fit->n_replicates;
    if (fitted(p) && p->alpha > 1) {
        double curvature = 0;
        (void)sg_log_scaled_zeta(p->alpha, (double)p->xmin, NULL, &curvature);
        p->alpha_se = 1 / sqrt((double)p->n_tail * curvature);
    }
}

sg_status sg_powerlaw_fit(const uint64_t *values, size_t n, const sg_powerlaw_params *params,
                          sg_powerlaw *ret, sg_error *err)
{
    const sg_powerlaw_params defaults = SG_POWERLAW_PARAMS_DEFAULT;
    if (!params)
        params = &defaults;
    sg_powerlaw p = {
        .alpha_se = NAN,
        .untrained_alpha = NAN,
        .untrained_p = NAN,
    };
    for (size_t i = 0; i < n; i++) {
        p.n += values[i] > 0;
        p.n_zeros += values[i] == 0;
        p.max = values[i] > p.max ? values[i] : p.max;
    }
    sg_igraph_fit fit;
    SG_TRY(sg_igraph_powerlaw(values, n, params->n_replicates, params->seed, &fit, err));
    adopt(&p, &fit);
    sg_powerlaw_judge(&p, NULL);
    *ret = p;
    return SG_OK;
}
