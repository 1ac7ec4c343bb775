/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/powerlaw_fit.h"

#include "measure/hzeta.h"
#include <math.h>

enum {
    NEWTON_STEPS_MAX = 100,
    /* Up to this many integers between two values are summed one by one: dearer than a new zeta
     * beyond. */
    GAP_MAX = 12,
};

static const double alpha_min = 1 + 1e-6;
static const double alpha_max = 1e4;
static const double alpha_tolerance = 1e-12; /* relative: Newton converges quadratically */

/*
 * Finds the alpha at which the mean of ln(x/xmin) is the fitted law's own. The likelihood is
 * concave, so a bracket around Newton's steps makes every start converge.
 */
static double alpha_of(double mean_log, double xmin, double start, double *curvature)
{
    double low = alpha_min;
    double high = alpha_max;
    double alpha = fmin(fmax(start, low), high);
    for (int step = 0; step < NEWTON_STEPS_MAX; step++) {
        const sg_hzeta z = sg_hzeta_scaled(alpha, xmin);
        const double ratio = z.d1 / z.value;
        const double slope = ratio + mean_log;
        *curvature = z.d2 / z.value - ratio * ratio;
        if (slope < 0)
            low = alpha;
        else
            high = alpha;
        double next = alpha - slope / *curvature;
        if (!(next > low && next < high))
            next = (low + high) / 2;
        const double move = fabs(next - alpha);
        alpha = next;
        if (move <= alpha_tolerance * alpha)
            break;
    }
    return alpha;
}

/*
 * Returns max |S - P| over the values of the tail, S the fitted and P the observed share of values
 * at least as large; stops early once it exceeds `enough`.
 */
static double ks_distance(const sg_histogram *h, const double *log_value, const sg_tail_fit *fit,
                          double enough)
{
    const double xmin = (double)fit->xmin;
    const double scaled = sg_hzeta_scaled(fit->alpha, xmin).value;
    const double n = (double)fit->n_tail;
    double s = 1;
    double seen = 0;
    double largest = 0;
    for (size_t i = fit->first; i < h->n && largest <= enough; i++) {
        if (i > fit->first) {
            const uint64_t gap = h->value[i] - h->value[i - 1];
            if (gap > GAP_MAX) {
                const double x = (double)h->value[i];
                const double shift = log_value[i] - log_value[fit->first];
                s = exp(-fit->alpha * shift) * sg_hzeta_scaled(fit->alpha, x).value / scaled;
            } else {
                s -= exp(-fit->alpha * (log_value[i - 1] - log_value[fit->first])) / scaled;
                for (uint64_t k = 1; k < gap; k++)
                    s -= exp(-fit->alpha * log((double)(h->value[i - 1] + k) / xmin)) / scaled;
            }
        }
        largest = fmax(largest, fabs(s - (1 - seen / n)));
        seen += (double)h->count[i];
    }
    return largest;
}

/* Fits alpha to the tail that begins at the value `first`; *start is the alpha to begin from. */
static sg_tail_fit fit_from(const sg_histogram *h, const double *log_value, size_t first,
                            double sum_log, uint64_t n_tail)
{
    sg_tail_fit fit = {
        .xmin = h->value[first], .n_tail = n_tail, .first = first, .found = true, .ks_d = INFINITY};
    const double n = (double)n_tail;
    const double mean_log = sum_log / n - log_value[first];
    /* The continuous law's alpha with the usual half step (Clauset et al. 2009, eq. 3.7). */
    const double half_step = -log1p(-0.5 / (double)fit.xmin);
    fit.alpha =
        alpha_of(mean_log, (double)fit.xmin, 1 + 1 / (mean_log + half_step), &fit.curvature);
    return fit;
}

sg_status sg_tail_fit_make(const sg_histogram *h, sg_tail_fit *ret, sg_error *err)
{
    sg_tail_fit best = {.ks_d = INFINITY, .found = false};
    SG_AUTOFREE double *log_value = SG_NEW_ARRAY(double, h->n);
    if (!log_value)
        return sg_fail_memory(err, "fitting a power law");
    double sum_log = 0;
    double best_sum_log = 0;
    uint64_t n_tail = 0;
    const size_t n_candidates = h->n > 2 ? h->n - 2 : h->n == 2;
    for (size_t i = h->n; i-- > 0;) {
        log_value[i] = log((double)h->value[i]);
        sum_log += (double)h->count[i] * log_value[i];
        n_tail += h->count[i];
        if (i >= n_candidates)
            continue;
        sg_tail_fit fit = fit_from(h, log_value, i, sum_log, n_tail);
        fit.ks_d = ks_distance(h, log_value, &fit, best.ks_d);
        if (fit.ks_d <= best.ks_d) {
            best = fit;
            best_sum_log = sum_log;
        }
    }
    if (best.found)
        best.log_likelihood = -(double)best.n_tail * sg_log_hzeta(best.alpha, (double)best.xmin) -
                              best.alpha * best_sum_log;
    *ret = best;
    return SG_OK;
}
