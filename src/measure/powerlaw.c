/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/powerlaw.h"

#include "base/zeta.h"
#include "graph/igraph_powerlaw.h"
#include "graph/tail_fit.h"
#include <math.h>

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
        .p_thin_tail = NAN,
        .favoured_p = NAN,
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
