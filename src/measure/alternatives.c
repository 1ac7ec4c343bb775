/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/alternatives.h"

#include "base/memory.h"
#include "measure/tally.h"
#include <math.h>
#include <stdlib.h>

static const uint64_t value_limit = UINT64_C(1) << 53; /* 2^53, where reals skip integers */
static const double p_favoured = 0.1; /* Clauset, Shalizi & Newman 2009, section 5 */

void sg_tail_clear(sg_tail *t)
{
    sg_free(t->log_low);
    sg_free(t->log_width);
    sg_free(t->log_p);
    *t = (sg_tail){0};
}

sg_status sg_tail_make(const sg_tail_values *v, double xmin, bool discrete, sg_tail *ret,
                       sg_error *err)
{
    const size_t n_distinct = v->n_distinct;
    sg_tail t = {.n_distinct = n_distinct,
                 .x = v->x,
                 .count = v->count,
                 .log_low = SG_NEW_ARRAY(double, n_distinct),
                 .log_width = SG_NEW_ARRAY(double, n_distinct),
                 .log_p = SG_NEW_ARRAY(double, n_distinct),
                 .xmin = xmin,
                 .edge = discrete ? xmin - 0.5 : xmin,
                 .discrete = discrete};
    if (!t.log_low || !t.log_width || !t.log_p) {
        sg_tail_clear(&t);
        return sg_fail_memory(err, "fitting alternatives to a power law");
    }
    for (size_t k = 0; k < n_distinct; k++) {
        const double low = discrete ? t.x[k] - 0.5 : t.x[k];
        t.log_low[k] = log(low / t.edge);
        t.log_width[k] = log1p(1 / low);
        t.n += t.count[k];
        t.mean += t.count[k] * (t.x[k] - t.xmin);
        t.mean_log += t.count[k] * log(t.x[k] / t.xmin);
    }
    t.mean = t.xmin + t.mean / t.n;
    t.mean_log /= t.n;
    *ret = t;
    return SG_OK;
}

/* Sums up what a law's ln p say of it, and of the power law beside it. */
static void weigh(const sg_tail *t, const double *powerlaw, bool nested, sg_alternative *a)
{
    double ratio = 0;
    double sum = 0;
    for (size_t k = 0; k < t->n_distinct; k++) {
        sum += t->count[k] * t->log_p[k];
        ratio += t->count[k] * (powerlaw[k] - t->log_p[k]);
    }
    /* A density is that of x/edge so far. */
    a->log_likelihood = t->discrete ? sum : sum - t->n * log(t->edge);
    if (nested) {
        a->ratio = fmin(ratio, 0);
        a->p = erfc(sqrt(-a->ratio)); /* P(chi2 of one degree >= 2 |ratio|) */
        return;
    }
    const double mean = ratio / t->n;
    double square = 0;
    for (size_t k = 0; k < t->n_distinct; k++) {
        const double d = powerlaw[k] - t->log_p[k] - mean;
        square += t->count[k] * d * d;
    }
    a->ratio = square > 0 ? ratio / sqrt(square) : 0; /* its error is sqrt(n) times that of one */
    a->p = erfc(fabs(a->ratio) * M_SQRT1_2);
}

sg_alternatives sg_alternatives_none(void)
{
    sg_alternatives none;
    for (size_t i = 0; i < SG_N_ALTERNATIVES; i++)
        none.of[i] = (sg_alternative){
            .parameter = {NAN, NAN}, .log_likelihood = NAN, .ratio = NAN, .p = NAN};
    return none;
}

/* A law whose likelihood could not be computed is one not fitted. */
static void keep_finite(sg_alternative *a)
{
    if (!isfinite(a->log_likelihood) || isnan(a->ratio))
        *a = (sg_alternative){
            .parameter = {NAN, NAN}, .log_likelihood = NAN, .ratio = NAN, .p = NAN};
}

static void fit_law(const sg_tail *t, sg_powerlaw_alternative law, double alpha, sg_alternative *a)
{
    switch (law) {
    case SG_ALTERNATIVE_POISSON:
        sg_tail_fit_poisson(t, a);
        break;
    case SG_ALTERNATIVE_EXPONENTIAL:
        sg_tail_fit_exponential(t, a);
        break;
    case SG_ALTERNATIVE_STRETCHED_EXPONENTIAL:
        sg_tail_fit_stretched(t, a);
        break;
    case SG_ALTERNATIVE_LOGNORMAL:
        sg_tail_fit_lognormal(t, a);
        break;
    default:
        sg_tail_fit_cutoff(t, alpha, a);
    }
}

static sg_status fit_all(const sg_tail_values *v, double alpha, double xmin, bool discrete,
                         sg_alternatives *ret, sg_error *err)
{
    sg_alternatives all = sg_alternatives_none();
    if (v->n_distinct >= 2) {
        SG_CLEANUP(sg_tail_clear) sg_tail t = {0};
        SG_TRY(sg_tail_make(v, xmin, discrete, &t, err));
        SG_AUTOFREE double *powerlaw = SG_NEW_ARRAY(double, v->n_distinct);
        if (!powerlaw)
            return sg_fail_memory(err, "fitting alternatives to a power law");
        sg_tail_powerlaw(&t, alpha, powerlaw);
        for (int i = discrete ? SG_ALTERNATIVE_POISSON : SG_ALTERNATIVE_EXPONENTIAL;
             i < SG_N_ALTERNATIVES; i++) {
            fit_law(&t, (sg_powerlaw_alternative)i, alpha, &all.of[i]);
            weigh(&t, powerlaw, i == SG_ALTERNATIVE_CUTOFF, &all.of[i]);
            keep_finite(&all.of[i]);
        }
    }
    *ret = all;
    return SG_OK;
}

static bool is_exponent(double alpha)
{
    return isfinite(alpha) && alpha > 1;
}

sg_status sg_alternatives_fit(const uint64_t *values, size_t n, double alpha, uint64_t xmin,
                              sg_alternatives *ret, sg_error *err)
{
    if (!is_exponent(alpha))
        return sg_fail(err, SG_EINVAL, "alpha must lie above 1, got %g", alpha);
    if (xmin == 0 || xmin > value_limit)
        return sg_fail(err, SG_EINVAL, "xmin must lie in [1, 2^53]");
    for (size_t i = 0; i < n; i++)
        if (values[i] > value_limit)
            return sg_fail(err, SG_EINVAL, "value %zu lies above 2^53, where reals skip integers",
                           i);
    SG_CLEANUP(sg_tally_clear) sg_tally tally = {0};
    SG_TRY(sg_tally_make(values, n, &tally, err));
    SG_AUTOFREE double *x = SG_NEW_ARRAY(double, tally.n);
    SG_AUTOFREE double *count = SG_NEW_ARRAY(double, tally.n);
    if (!x || !count)
        return sg_fail_memory(err, "fitting alternatives to a power law");
    sg_tail_values v = {.x = x, .count = count};
    for (size_t k = 0; k < tally.n; k++) {
        if (tally.value[k] < xmin)
            continue;
        x[v.n_distinct] = (double)tally.value[k];
        count[v.n_distinct++] = (double)tally.count[k];
    }
    return fit_all(&v, alpha, (double)xmin, true, ret, err);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

sg_status sg_alternatives_fit_continuous(const double *values, size_t n, double alpha, double xmin,
                                         sg_alternatives *ret, sg_error *err)
{
    if (!is_exponent(alpha))
        return sg_fail(err, SG_EINVAL, "alpha must lie above 1, got %g", alpha);
    if (!(isfinite(xmin) && xmin > 0))
        return sg_fail(err, SG_EINVAL, "xmin must lie above 0, got %g", xmin);
    SG_AUTOFREE double *x = SG_NEW_ARRAY(double, n);
    SG_AUTOFREE double *count = SG_NEW_ARRAY(double, n);
    if (!x || !count)
        return sg_fail_memory(err, "fitting alternatives to a power law");
    size_t n_tail = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            return sg_fail(err, SG_EINVAL, "value %zu is not finite", i);
        if (values[i] >= xmin)
            x[n_tail++] = values[i];
    }
    qsort(x, n_tail, sizeof *x, ascending);
    sg_tail_values v = {.x = x, .count = count};
    for (size_t i = 0; i < n_tail; i++) {
        if (v.n_distinct == 0 || x[i] != x[v.n_distinct - 1])
            x[v.n_distinct++] = x[i];
        count[v.n_distinct - 1]++;
    }
    return fit_all(&v, alpha, xmin, false, ret, err);
}

sg_powerlaw_alternative sg_alternatives_favoured(const sg_alternatives *a, double *p)
{
    sg_powerlaw_alternative best = SG_ALTERNATIVE_NONE;
    double smallest = 1;

    for (int i = SG_ALTERNATIVE_POISSON; i < SG_N_ALTERNATIVES; i++) {
        const sg_alternative *law = &a->of[i];
        if (!(law->ratio < 0) || law->at_limit)
            continue;
        if (law->p < smallest)
            smallest = law->p;
        if (law->p < p_favoured &&
            (best == SG_ALTERNATIVE_NONE || law->log_likelihood > a->of[best].log_likelihood))
            best = (sg_powerlaw_alternative)i;
    }
    if (p)
        *p = best != SG_ALTERNATIVE_NONE ? a->of[best].p : smallest;
    return best;
}

const char *sg_alternative_parameter_name(sg_powerlaw_alternative law, size_t parameter)
{
    static const char *const names[SG_N_ALTERNATIVES][2] = {
        [SG_ALTERNATIVE_POISSON] = {"mean", NULL},
        [SG_ALTERNATIVE_EXPONENTIAL] = {"rate", NULL},
        [SG_ALTERNATIVE_STRETCHED_EXPONENTIAL] = {"scale", "shape"},
        [SG_ALTERNATIVE_LOGNORMAL] = {"mu", "sigma"},
        [SG_ALTERNATIVE_CUTOFF] = {"alpha", "rate"},
    };
    return (unsigned)law < SG_N_ALTERNATIVES && parameter < 2 ? names[law][parameter] : NULL;
}
