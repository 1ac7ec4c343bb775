/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/powerlaw.h"

#include "base/memory.h"
#include "measure/powerlaw_internal.h"
#include "measure/real_tail.h"
#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The positive ones of n values, ascending; *n_positive of them, the caller's to free. */
static sg_status sort_positive(const double *values, size_t n, double **ret, size_t *n_positive,
                               sg_error *err)
{
    SG_AUTOFREE double *sorted = SG_NEW_ARRAY(double, n);
    if (!sorted)
        return sg_fail_memory(err, "fitting a power law");
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            return sg_fail(err, SG_EINVAL, "value %zu is not finite", i);
        if (values[i] > 0)
            sorted[n_kept++] = values[i];
    }
    qsort(sorted, n_kept, sizeof *sorted, by_value);
    *ret = SG_TAKE(sorted);
    *n_positive = n_kept;
    return SG_OK;
}

static sg_status bootstrap(const sg_real_sample *s, const sg_real_fit *fit, size_t n_replicates,
                           const sg_powerlaw_params *params, sg_powerlaw_continuous *ret,
                           sg_error *err)
{
    SG_CLEANUP(sg_real_sample_free) sg_real_sample drawn = {0};
    SG_AUTOFREE size_t *body_count = SG_NEW_ARRAY(size_t, fit->first);
    if (!body_count)
        return sg_fail_memory(err, "drawing bootstrap replicates");
    SG_TRY(sg_real_sample_reserve(s->n, &drawn, err));

    size_t n_closer = 0;
    for (size_t r = 0; r < n_replicates; r++) {
        sg_random random;
        sg_random_open(&random, params->seed, SG_RANDOM_BOOTSTRAP, 1, (uint32_t)r);
        const size_t likely = sg_real_replicate(s, fit, &random, body_count, &drawn);
        n_closer += params->xmin > 0 ? sg_real_fits_closer_from(&drawn, fit->ks_d, likely)
                                     : sg_real_fits_closer(&drawn, fit->ks_d, likely);
    }
    ret->n_replicates = n_replicates;
    ret->p_value = (double)(n_replicates - n_closer) / (double)n_replicates;
    return SG_OK;
}

static sg_status fit_sorted(const double *sorted, size_t n_replicates,
                            const sg_powerlaw_params *params, sg_powerlaw_continuous *p,
                            sg_error *err)
{
    SG_CLEANUP(sg_real_sample_free) sg_real_sample s = {0};
    SG_TRY(sg_real_sample_reserve(p->n, &s, err));
    for (size_t i = 0; i < p->n; i++)
        s.log_value[i] = log(sorted[i]);
    sg_real_sample_sum(&s);
    sg_real_fit fit;
    size_t first = 0;
    while (first < p->n && sorted[first] < params->xmin)
        first++;
    if (params->xmin > 0)
        sg_real_fit_from(&s, first, &fit);
    else
        sg_real_fit_sample(&s, &fit);
    if (!isfinite(fit.ks_d))
        return SG_OK;

    if (p->n < SG_SMALL_SAMPLE)
        fit.alpha = sg_small_sample_alpha(fit.alpha, fit.n_tail);
    const double n_tail = (double)fit.n_tail;
    p->alpha = fit.alpha;
    p->alpha_se = (fit.alpha - 1) / sqrt(n_tail);
    p->xmin = sorted[fit.first];
    p->n_tail = fit.n_tail;
    p->ks_d = fit.ks_d;
    p->log_likelihood =
        n_tail * (log(fit.alpha - 1) - s.log_value[fit.first]) - fit.alpha * n_tail * fit.mean_log;
    return n_replicates > 0 ? bootstrap(&s, &fit, n_replicates, params, p, err) : SG_OK;
}

sg_status sg_powerlaw_fit_continuous(const double *values, size_t n,
                                     const sg_powerlaw_params *params, sg_powerlaw_continuous *ret,
                                     sg_error *err)
{
    const sg_powerlaw_params defaults = SG_POWERLAW_PARAMS_DEFAULT;
    if (!params)
        params = &defaults;
    size_t n_replicates = 0;
    SG_TRY(sg_powerlaw_n_replicates(params, &n_replicates, err));
    SG_AUTOFREE double *sorted = NULL;
    size_t n_positive = 0;
    SG_TRY(sort_positive(values, n, &sorted, &n_positive, err));

    sg_powerlaw_continuous p = {
        .alpha = NAN,
        .alpha_se = NAN,
        .xmin = NAN,
        .n = n_positive,
        .n_others = n - n_positive,
        .max = n_positive > 0 ? sorted[n_positive - 1] : 0,
        .ks_d = NAN,
        .log_likelihood = NAN,
        .p_value = NAN,
        .p_thin_tail = NAN,
        .favoured_p = NAN,
        .alternatives = sg_alternatives_none(),
    };
    SG_TRY(fit_sorted(sorted, n_replicates, params, &p, err));
    if (isfinite(p.alpha) && !params->without_alternatives) {
        SG_TRY(sg_alternatives_fit_continuous(sorted, n_positive, p.alpha, p.xmin, &p.alternatives,
                                              err));
        sg_powerlaw_compare(&p.alternatives, &p.favoured, &p.favoured_p, &p.p_thin_tail);
    }
    sg_powerlaw_judge_continuous(&p);
    *ret = p;
    return SG_OK;
}
