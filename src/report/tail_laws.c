/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tail_laws.h"

#include "base/status.h"
#include <math.h>

/* The histogram's degrees one by one. */
static uint64_t *list_degrees(const sg_degree_fit *d, size_t *n)
{
    size_t total = 0;
    for (size_t i = 0; i < d->n; i++)
        total += d->count ? d->count[i] : 1;
    uint64_t *ret = SG_NEW_ARRAY(uint64_t, total);
    *n = total;
    for (size_t i = 0, at = 0; ret && i < d->n; i++)
        for (uint64_t k = 0; k < (d->count ? d->count[i] : 1); k++)
            ret[at++] = d->degree[i];
    return ret;
}

/* ln P(X >= x) up to a constant; integers are rounded to the nearest, hence the half. */
static double log_survival(sg_powerlaw_alternative law, const double parameter[2], double x)
{
    switch (law) {
    case SG_ALTERNATIVE_EXPONENTIAL:
        return -parameter[0] * x;
    case SG_ALTERNATIVE_LOGNORMAL:
        return log(0.5 * erfc((log(x - 0.5) - parameter[0]) / (parameter[1] * sqrt(2.0))));
    case SG_ALTERNATIVE_STRETCHED_EXPONENTIAL:
        return -pow((x - 0.5) / parameter[0], parameter[1]);
    default:
        return (double)NAN;
    }
}

/* Lays out one law; false where it has no shape worth a line. */
static bool lay_out(const sg_tail_laws *t, sg_powerlaw_alternative law, const sg_degree_fit *d,
                    double total, double *p)
{
    const sg_alternative *a = &t->alternatives.of[law];
    const double xmin = (double)d->fit.xmin;
    const double at_xmin = log_survival(law, a->parameter, xmin);

    if (isnan(a->log_likelihood) || a->at_limit || !isfinite(at_xmin))
        return false;
    for (size_t i = 0; i < SG_TAIL_LAW_POINTS; i++) {
        const double here = log_survival(law, a->parameter, t->k[i]) - at_xmin;
        p[i] = fmin((double)d->fit.n_tail / total * exp(here), 1.0);
        if (isnan(p[i]))
            return false;
    }
    return true;
}

sg_status sg_tail_laws_of(const sg_degree_fit *d, size_t n_most, sg_tail_laws *ret, sg_error *err)
{
    static const sg_powerlaw_alternative laws[SG_TAIL_LAWS] = {
        SG_ALTERNATIVE_EXPONENTIAL, SG_ALTERNATIVE_LOGNORMAL, SG_ALTERNATIVE_STRETCHED_EXPONENTIAL};
    const sg_powerlaw *fit = &d->fit;
    size_t n = 0;

    ret->n_curves = 0;
    if (!isfinite(fit->alpha) || fit->xmin == 0 || fit->max <= fit->xmin)
        return SG_OK;
    SG_AUTOFREE uint64_t *degree = list_degrees(d, &n);
    if (!degree)
        return sg_fail_memory(err, "fitting laws");
    SG_TRY(sg_alternatives_fit(degree, n, fit->alpha, fit->xmin, &ret->alternatives, err));

    const double xmin = (double)fit->xmin;
    const double ratio = (double)fit->max / xmin;
    for (size_t i = 0; i < SG_TAIL_LAW_POINTS; i++)
        ret->k[i] = xmin * pow(ratio, (double)i / (SG_TAIL_LAW_POINTS - 1));
    for (size_t i = 0; i < SG_COUNT(laws) && ret->n_curves < n_most; i++) {
        double *p = ret->p[ret->n_curves];
        if (lay_out(ret, laws[i], d, (double)n, p))
            ret->curve[ret->n_curves++] = (sg_ccdf_curve){sg_powerlaw_alternative_name(laws[i]),
                                                          ret->k, p, SG_TAIL_LAW_POINTS};
    }
    return SG_OK;
}
