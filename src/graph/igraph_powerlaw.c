/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/igraph_powerlaw.h"

#include "base/memory.h"
#include "graph/igraph_guard.h"
#include "graph/tail_fit.h"
#include <math.h>

/* igraph (plfit) corrects alpha for small samples below this many values, and we follow it. */
enum { SMALL_SAMPLE = 50 };

static double small_sample_alpha(double alpha, size_t n_tail)
{
    return alpha * (double)(n_tail - 1) / (double)n_tail + 1.0 / (double)n_tail;
}

static size_t tail_count(const sg_tail_histogram *h, double xmin)
{
    size_t n = 0;

    for (size_t k = 0; k < h->n_distinct; k++)
        if ((double)h->value[k] >= xmin)
            n += h->count[k];
    return n;
}

/* Fits with igraph; *ret is untouched where it gives no usable answer (see the caller). */
static sg_status fit_by_igraph(const sg_tail_histogram *h, double *values, sg_igraph_fit *ret,
                               sg_error *err)
{
    size_t n = 0;
    for (size_t k = 0; k < h->n_distinct; k++)
        for (size_t i = 0; i < h->count[k]; i++)
            values[n++] = (double)h->value[k];

    SG_IGRAPH_SECTION;
    igraph_vector_t view;
    (void)igraph_vector_view(&view, values, (igraph_integer_t)n);
    igraph_plfit_result_t fit = {0};
    SG_IGRAPH_TRY(igraph_power_law_fit(&view, &fit, -1.0, false), err, "fit a power law");

    if (!isfinite(fit.alpha) || fit.alpha <= 1.0 || !(fit.xmin >= 1.0) || !isfinite(fit.D))
        return SG_OK;
    ret->alpha = fit.alpha;
    ret->xmin = (uint64_t)fit.xmin;
    ret->n_tail = tail_count(h, fit.xmin);
    ret->log_likelihood = fit.L;
    ret->ks_d = fit.D;
    return SG_OK;
}

/* What we report without igraph: its own correction included. */
static sg_igraph_fit from_own(const sg_tail_fit *own, const sg_tail_histogram *h)
{
    const double alpha =
        h->n < SMALL_SAMPLE ? small_sample_alpha(own->alpha, own->n_tail) : own->alpha;

    return (sg_igraph_fit){.alpha = alpha,
                           .xmin = own->xmin,
                           .n_tail = own->n_tail,
                           .n = h->n,
                           .log_likelihood = own->log_likelihood,
                           .ks_d = own->ks_d,
                           .p_value = NAN};
}

/* Draws replicate r from the fit and counts whether its own D is as large as the observed one. */
static sg_status replicate(const sg_tail_sampler *sampler, size_t r, uint64_t seed,
                           uint64_t *values, sg_igraph_fit *ret, sg_error *err)
{
    const size_t n = sampler->h->n;
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_BOOTSTRAP, 0, (uint32_t)r);
    for (size_t i = 0; i < n; i++)
        values[i] = sg_tail_draw(sampler, &random);

    SG_CLEANUP(sg_tail_histogram_free) sg_tail_histogram h = {0};
    SG_TRY(sg_tail_histogram_make(values, n, &h, err));
    if (h.n_distinct < 2)
        return SG_OK;
    sg_tail_fit fit;
    sg_tail_fit_histogram(&h, &fit);
    ret->n_replicates++;
    ret->p_value += fit.ks_d >= sampler->fit.ks_d;
    return SG_OK;
}

static sg_status bootstrap(const sg_tail_histogram *h, const sg_tail_fit *fit, size_t n_replicates,
                           uint64_t seed, sg_igraph_fit *ret, sg_error *err)
{
    SG_AUTOFREE uint64_t *values = SG_NEW_ARRAY(uint64_t, h->n);
    if (!values)
        return sg_fail_memory(err, "drawing bootstrap replicates");
    SG_CLEANUP(sg_tail_sampler_free) sg_tail_sampler sampler = {0};
    SG_TRY(sg_tail_sampler_make(h, fit, &sampler, err));

    ret->p_value = 0.0;
    ret->n_replicates = 0;
    for (size_t r = 0; r < n_replicates; r++)
        SG_TRY(replicate(&sampler, r, seed, values, ret, err));
    ret->p_value = ret->n_replicates > 0 ? ret->p_value / (double)ret->n_replicates : NAN;
    return SG_OK;
}

sg_status sg_igraph_powerlaw(const uint64_t *values, size_t n, size_t n_replicates, uint64_t seed,
                             sg_igraph_fit *ret, sg_error *err)
{
    SG_AUTOFREE uint64_t *sorted = SG_NEW_ARRAY(uint64_t, n);
    SG_AUTOFREE double *reals = SG_NEW_ARRAY(double, n);
    if (!sorted || !reals)
        return sg_fail_memory(err, "fitting a power law");
    for (size_t i = 0; i < n; i++) {
        if (values[i] > (uint64_t)1 << 53)
            return sg_fail(err, SG_EINVAL, "value %zu lies above 2^53, where reals skip integers",
                           i);
        sorted[i] = values[i];
    }

    SG_CLEANUP(sg_tail_histogram_free) sg_tail_histogram h = {0};
    SG_TRY(sg_tail_histogram_make(sorted, n, &h, err));
    if (h.n_distinct < 2) {
        *ret = (sg_igraph_fit){
            .alpha = NAN, .n = h.n, .log_likelihood = NAN, .ks_d = NAN, .p_value = NAN};
        return SG_OK;
    }

    sg_tail_fit own;
    sg_tail_fit_histogram(&h, &own);
    sg_igraph_fit fit = from_own(&own, &h);
    /* igraph answers two distinct values with an infinite alpha, and its zeta underflows where
     * values and alpha are large: its fit is taken where it is no worse than ours. */
    if (h.n_distinct > 2) {
        sg_igraph_fit by_igraph = fit;
        SG_TRY(fit_by_igraph(&h, reals, &by_igraph, err));
        if (by_igraph.ks_d <= fit.ks_d + 1e-6)
            fit = by_igraph;
    }
    own.alpha = fit.alpha;
    own.xmin = fit.xmin;
    own.n_tail = fit.n_tail;
    if (n_replicates > 0)
        SG_TRY(bootstrap(&h, &own, n_replicates, seed, &fit, err));
    *ret = fit;
    return SG_OK;
}
