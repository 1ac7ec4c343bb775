/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/powerlaw.h"

#include "base/memory.h"
#include "base/zeta.h"
#include "measure/powerlaw_internal.h"
#include "measure/tail_fit.h"
#include <math.h>

/* A hundred million replicates: more is a slip of the pen. */
static const double precision_min = 5e-5;
static const double xmin_max = 9007199254740992.0; /* 2^53, where reals skip integers */

double sg_small_sample_alpha(double alpha, size_t n_tail)
{
    return alpha * (double)(n_tail - 1) / (double)n_tail + 1.0 / (double)n_tail;
}

sg_status sg_powerlaw_n_replicates(const sg_powerlaw_params *params, size_t *ret, sg_error *err)
{
    const double eps = params->precision;
    if (!(params->xmin >= 0 && params->xmin <= xmin_max)) /* also catches NaN */
        return sg_fail(err, SG_EINVAL, "xmin must lie in [0, 2^53], got %g", params->xmin);

    if (eps == 0) {
        *ret = params->n_replicates;
        return SG_OK;
    }
    if (!(eps >= precision_min && eps <= 0.5)) /* also catches NaN */
        return sg_fail(err, SG_EINVAL, "the precision of p must lie in [%g, 0.5], got %g",
                       precision_min, eps);
    *ret = (size_t)ceil(0.25 / (eps * eps) * (1.0 - 1e-12)); /* 2500 for 0.01, not 2501 */
    return SG_OK;
}

static bool fitted(const sg_powerlaw *fit)
{
    return isfinite(fit->alpha) && fit->xmin > 0;
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

void sg_powerlaw_compare(const sg_alternatives *a, sg_powerlaw_alternative *favoured,
                         double *favoured_p, double *p_thin_tail)
{
    *favoured = sg_alternatives_favoured(a, favoured_p);
    *p_thin_tail = 0.5 * erfc(a->of[SG_ALTERNATIVE_EXPONENTIAL].ratio / sqrt(2));
}

static sg_status bootstrap(const sg_tail_histogram *h, const sg_tail_fit *fit, size_t n_replicates,
                           const sg_powerlaw_params *params, sg_powerlaw *ret, sg_error *err)
{
    SG_CLEANUP(sg_tail_sampler_free) sg_tail_sampler sampler = {0};
    SG_CLEANUP(sg_tail_histogram_free) sg_tail_histogram drawn = {0};
    SG_TRY(sg_tail_sampler_make(h, fit, &sampler, err));
    SG_TRY(sg_tail_histogram_reserve(sg_tail_sampler_room(&sampler), &drawn, err));

    size_t n_closer = 0;
    size_t n = 0;
    for (size_t r = 0; r < n_replicates; r++) {
        sg_random random;
        sg_random_open(&random, params->seed, SG_RANDOM_BOOTSTRAP, 0, (uint32_t)r);
        sg_tail_replicate(&sampler, &random, &drawn);
        if (drawn.n_distinct < 2) /* has no fit */
            continue;
        n++;
        n_closer += params->xmin > 0 ? sg_tail_fits_closer_from(&drawn, fit->ks_d, fit->xmin)
                                     : sg_tail_fits_closer(&drawn, fit->ks_d, fit->xmin);
    }
    ret->n_replicates = n;
    ret->p_value = n > 0 ? (double)(n - n_closer) / (double)n : NAN;
    return SG_OK;
}

/* The fit of a histogram of at least two distinct values. */
static sg_status fit_histogram(const sg_tail_histogram *h, size_t n_replicates,
                               const sg_powerlaw_params *params, sg_powerlaw *p, sg_error *err)
{
    sg_tail_fit fit;
    if (!(params->xmin > 0))
        sg_tail_fit_histogram(h, &fit);
    else if (!sg_tail_fit_from(h, (uint64_t)ceil(params->xmin), &fit))
        return SG_OK; /* nothing to fit so far out */
    if (h->n < SG_SMALL_SAMPLE)
        fit.alpha = sg_small_sample_alpha(fit.alpha, fit.n_tail);
    p->alpha = fit.alpha;
    p->xmin = fit.xmin;
    p->n_tail = fit.n_tail;
    p->ks_d = fit.ks_d;
    p->log_likelihood = sg_tail_log_likelihood(&fit);
    double curvature = 0;
    (void)sg_log_scaled_zeta(p->alpha, (double)p->xmin, NULL, &curvature);
    p->alpha_se = 1 / sqrt((double)p->n_tail * curvature);
    return n_replicates > 0 ? bootstrap(h, &fit, n_replicates, params, p, err) : SG_OK;
}

sg_status sg_powerlaw_fit(const uint64_t *values, size_t n, const sg_powerlaw_params *params,
                          sg_powerlaw *ret, sg_error *err)
{
    const sg_powerlaw_params defaults = SG_POWERLAW_PARAMS_DEFAULT;
    if (!params)
        params = &defaults;
    size_t n_replicates = 0;
    SG_TRY(sg_powerlaw_n_replicates(params, &n_replicates, err));
    SG_CLEANUP(sg_tail_histogram_free) sg_tail_histogram h = {0};
    SG_TRY(sg_tail_histogram_make(values, n, &h, err));

    sg_powerlaw p = {
        .alpha = NAN,
        .alpha_se = NAN,
        .n = h.n,
        .n_zeros = n - h.n,
        .max = h.n_distinct > 0 ? h.value[h.n_distinct - 1] : 0,
        .ks_d = NAN,
        .log_likelihood = NAN,
        .p_value = NAN,
        .p_thin_tail = NAN,
        .favoured_p = NAN,
        .alternatives = sg_alternatives_none(),
        .untrained_alpha = NAN,
        .untrained_p = NAN,
    };
    if (h.n_distinct >= 2) {
        SG_TRY(fit_histogram(&h, n_replicates, params, &p, err));
        if (p.xmin > 0 && !params->without_alternatives) {
            SG_TRY(sg_alternatives_fit(values, n, p.alpha, p.xmin, &p.alternatives, err));
            sg_powerlaw_compare(&p.alternatives, &p.favoured, &p.favoured_p, &p.p_thin_tail);
        }
    }
    sg_powerlaw_judge(&p, NULL);
    *ret = p;
    return SG_OK;
}
