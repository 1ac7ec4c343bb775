/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"
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
                                       .seed = sg_side_seed(m->params.seed, link, side)};
    SG_TRY(sg_powerlaw_fit(s->degree, s->n, &params, &s->fit, err));
    s->fitted = true;
    return SG_OK;
}

enum { ALPHA, XMIN, TAIL, KS, P, NUMBER = 7, OUT = 8 };

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
    default:
        *ret = fit->p_value;
    }
    return SG_OK;
}

#define CSN "Clauset, Shalizi & Newman, SIAM Review 51:661 (2009), doi:10.1137/070710111"

static const sg_measure measures[] = {
    {"in_degree_powerlaw_alpha", "dimensionless", "exponent of the power law fitted to the fan-in",
     CSN, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, ALPHA, fitted_number},
    {"in_degree_powerlaw_xmin", "connections", "fan-in at which the fitted tail begins", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, XMIN, fitted_number},
    {"in_degree_powerlaw_tail", "neurons", "receiving neurons in the fitted tail", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, TAIL, fitted_number},
    {"in_degree_powerlaw_ks", "dimensionless", "Kolmogorov-Smirnov distance of tail and fit", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, KS, fitted_number},
    {"in_degree_powerlaw_p", "dimensionless",
     "goodness of fit by bootstrap: a small p rejects the power law, a high one confirms nothing",
     CSN, SG_SCOPE_LINK, SG_COST_BOOTSTRAP, SG_NULL_UNTRAINED, P, fitted_number},
    {"out_degree_powerlaw_alpha", "dimensionless",
     "exponent of the power law fitted to the fan-out", CSN, SG_SCOPE_LINK, SG_COST_SORT,
     SG_NULL_UNTRAINED, OUT | ALPHA, fitted_number},
    {"out_degree_powerlaw_xmin", "connections", "fan-out at which the fitted tail begins", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, OUT | XMIN, fitted_number},
    {"out_degree_powerlaw_tail", "neurons", "sending neurons in the fitted tail", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, OUT | TAIL, fitted_number},
    {"out_degree_powerlaw_ks", "dimensionless", "Kolmogorov-Smirnov distance of tail and fit", CSN,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_UNTRAINED, OUT | KS, fitted_number},
    {"out_degree_powerlaw_p", "dimensionless",
     "goodness of fit by bootstrap: a small p rejects the power law, a high one confirms nothing",
     CSN, SG_SCOPE_LINK, SG_COST_BOOTSTRAP, SG_NULL_UNTRAINED, OUT | P, fitted_number},
};

const sg_measure_family sg_family_powerlaw = {measures, SG_COUNT(measures)};
