/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"
#include "measure/powerlaw_internal.h"
#include "measure/side_seed.h"

#include "base/memory.h"
#include "base/random.h"
#include <math.h>

/* The power law fitted to the degrees on each side of a link; never pooled over links, which fakes
 * a heavy tail. */

uint64_t sg_side_seed(uint64_t seed, size_t link, sg_side side)
{
    sg_random random;
    const uint32_t stream = (uint32_t)((link * SG_N_SIDES + (size_t)side + 1) & 0xffffff);
    sg_random_open(&random, seed, SG_RANDOM_BOOTSTRAP, stream, 0);
    return sg_random_u64(&random);
}

sg_status sg_measured_fit(sg_measured *m, size_t link, sg_side side, sg_error *err)
{
    SG_TRY(sg_measured_sides(m, link, err));
    sg_measured_side *s = &m->side[link][side];
    if (s->fitted)
        return SG_OK;
    const sg_powerlaw_params params = {.n_replicates = m->params.n_bootstrap,
                                       .seed = sg_side_seed(m->params.seed, link, side),
                                       .without_alternatives = true};
    SG_TRY(sg_powerlaw_fit(s->degree, s->n, &params, &s->fit, err));
    s->fitted = true;
    return SG_OK;
}

/* Apart from the fit, which random networks get by the dozen: this costs ten times as much. */
sg_status sg_measured_compare(sg_measured *m, size_t link, sg_side side, sg_error *err)
{
    SG_TRY(sg_measured_fit(m, link, side, err));
    sg_measured_side *s = &m->side[link][side];
    sg_powerlaw *fit = &s->fit;
    if (!s->compared && fit->xmin > 0) {
        SG_TRY(
            sg_alternatives_fit(s->degree, s->n, fit->alpha, fit->xmin, &fit->alternatives, err));
        sg_powerlaw_compare(&fit->alternatives, &fit->favoured, &fit->favoured_p,
                            &fit->p_thin_tail);
        sg_powerlaw_judge(fit, NULL);
    }
    s->compared = true;
    return SG_OK;
}

enum { ALPHA, XMIN, TAIL, KS, P, P_THIN, NUMBER = 7, OUT = 8 };

static sg_status fitted_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                               sg_error *err)
{
    const sg_side side = self->which & OUT ? SG_SIDE_OUT : SG_SIDE_IN;
    SG_TRY(sg_measured_fit(m, subject, side, err));
    const sg_powerlaw *fit = &m->side[subject][side].fit;
    switch (self->which & NUMBER) {
    case ALPHA:
        *ret = fit->alpha;
        break;
    case XMIN:
        *ret = fit->xmin ? (double)fit->xmin : NAN;
        break;
    case TAIL:
        *ret = fit->xmin ? (double)fit->n_tail : NAN;
        break;
    case KS:
        *ret = fit->ks_d;
        break;
    case P:
        *ret = fit->p_value;
        break;
    default:
        SG_TRY(sg_measured_compare(m, subject, side, err));
        *ret = fit->p_thin_tail;
    }
    return SG_OK;
}

#define CSN "Clauset, Shalizi & Newman, SIAM Review 51:661 (2009), doi:10.1137/070710111"

#define VUONG "Vuong, Econometrica 57:307 (1989), doi:10.2307/1912557"

static const sg_measure measures[] = {
    {"in_degree_powerlaw_alpha", "dimensionless", "exponent of the power law fitted to the fan-in",
     CSN, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, ALPHA, fitted_number},
    {"in_degree_powerlaw_xmin", "connections", "fan-in at which the fitted tail begins", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, XMIN, fitted_number},
    {"in_degree_powerlaw_tail", "neurons", "receiving neurons in the fitted tail", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, TAIL, fitted_number},
    {"in_degree_powerlaw_ks", "dimensionless", "Kolmogorov-Smirnov distance of tail and fit", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, KS, fitted_number},
    {"in_degree_powerlaw_p", "dimensionless",
     "goodness of fit by bootstrap: a small p rejects the power law, a high one confirms nothing",
     CSN, SG_SCOPE_LINK, SG_COST_BOOTSTRAP, SG_NULL_UNTRAINED, P, fitted_number},
    {"in_degree_powerlaw_p_thin_tail", "dimensionless",
     "power law against the exponential: a small p speaks for a power law over a thin tail, a high "
     "one for nothing",
     VUONG, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, P_THIN, fitted_number},
    {"out_degree_powerlaw_alpha", "dimensionless",
     "exponent of the power law fitted to the fan-out", CSN, SG_SCOPE_LINK, SG_COST_SORT,
     SG_NULL_RANDOM, OUT | ALPHA, fitted_number},
    {"out_degree_powerlaw_xmin", "connections", "fan-out at which the fitted tail begins", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, OUT | XMIN, fitted_number},
    {"out_degree_powerlaw_tail", "neurons", "sending neurons in the fitted tail", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, OUT | TAIL, fitted_number},
    {"out_degree_powerlaw_ks", "dimensionless", "Kolmogorov-Smirnov distance of tail and fit", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, OUT | KS, fitted_number},
    {"out_degree_powerlaw_p", "dimensionless",
     "goodness of fit by bootstrap: a small p rejects the power law, a high one confirms nothing",
     CSN, SG_SCOPE_LINK, SG_COST_BOOTSTRAP, SG_NULL_UNTRAINED, OUT | P, fitted_number},
    {"out_degree_powerlaw_p_thin_tail", "dimensionless",
     "power law against the exponential: a small p speaks for a power law over a thin tail, a high "
     "one for nothing",
     VUONG, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, OUT | P_THIN, fitted_number},
};

const sg_measure_family sg_family_powerlaw = {measures, SG_COUNT(measures)};
