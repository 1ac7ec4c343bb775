/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/hubs.h"
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>

/* Whether neurons keep their place among the others of their layer, by one link's degrees. */

/* Of one link, since one other network. */
typedef struct standing {
    bool known;
    double hubs[SG_N_SIDES];
    double correlation[SG_N_SIDES];
} standing;

static sg_status count_degrees(const sg_csr *m, uint64_t *degree[SG_N_SIDES], sg_error *err)
{
    SG_AUTOFREE uint64_t *in = SG_NEW_ARRAY(uint64_t, m->n_rows);
    SG_AUTOFREE uint64_t *out = SG_NEW_ARRAY(uint64_t, m->n_cols);
    if (!in || !out)
        return sg_fail_memory(err, "counting degrees");
    for (size_t row = 0; row < m->n_rows; row++)
        in[row] = m->row_start[row + 1] - m->row_start[row];
    for (size_t k = 0; k < m->n_links; k++)
        out[m->col[k]]++;
    degree[SG_SIDE_IN] = SG_TAKE(in);
    degree[SG_SIDE_OUT] = SG_TAKE(out);
    return SG_OK;
}

static sg_status compare(sg_measured *m, size_t link, const sg_csr *before, standing *s,
                         sg_error *err)
{
    uint64_t *degree[SG_N_SIDES] = {NULL, NULL};
    SG_TRY(count_degrees(before, degree, err));
    SG_AUTOFREE const uint64_t *in = degree[SG_SIDE_IN];
    SG_AUTOFREE const uint64_t *out = degree[SG_SIDE_OUT];
    const uint64_t *const there[SG_N_SIDES] = {in, out};
    SG_TRY(sg_measured_sides(m, link, err));
    for (size_t k = 0; k < SG_N_SIDES; k++) {
        const sg_measured_side *here = &m->side[link][k];
        SG_TRY(sg_hubs_kept(here->degree, there[k], here->n, &s->hubs[k], err));
        SG_TRY(sg_rank_correlation(here->degree, there[k], here->n, &s->correlation[k], err));
    }
    s->known = true;
    return SG_OK;
}

/* Returns the standing of a link since another network, computed when first asked for. */
static sg_status standing_of(sg_measured *m, size_t link, sg_since since, const standing **ret,
                             sg_error *err)
{
    standing *all = sg_measured_kept(m, SG_KEPT_HUBS);
    if (!all) {
        all = SG_NEW_ARRAY(standing, m->n_links * SG_N_SINCE);
        if (!all)
            return sg_fail_memory(err, "comparing degrees");
        sg_measured_keep(m, SG_KEPT_HUBS, all, sg_free);
    }
    standing *s = &all[link * SG_N_SINCE + since];
    if (!s->known) {
        const sg_csr *before = sg_measured_before(m, link, since);
        if (before)
            SG_TRY(compare(m, link, before, s, err));
        else
            *s = (standing){true, {NAN, NAN}, {NAN, NAN}};
    }
    *ret = s;
    return SG_OK;
}

enum { OUT = 1, START = 2, CORRELATION = 4 };

static sg_status link_standing(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                               sg_error *err)
{
    const standing *s = NULL;
    const sg_since since = self->which & START ? SG_SINCE_START : SG_SINCE_PREVIOUS;
    const sg_side side = self->which & OUT ? SG_SIDE_OUT : SG_SIDE_IN;
    SG_TRY(standing_of(m, subject, since, &s, err));
    *ret = self->which & CORRELATION ? s->correlation[side] : s->hubs[side];
    return SG_OK;
}

#define HUBS(which_degree, which_network)                                                          \
    "share of the neurons of the largest tenth by " which_degree                                   \
    ", ties included, that were so " which_network
#define RANKS(which_degree, which_network)                                                         \
    "Spearman's rank correlation of the neurons' " which_degree " with that " which_network
#define PREVIOUS   "at the epoch measured before"
#define EPOCH_ZERO "at epoch 0"
#define SPEARMAN   "Spearman, Am. J. Psychol. 15:72 (1904), doi:10.2307/1412159"

static const sg_measure measures[] = {
    {"previous_in_hubs_frac", "dimensionless", HUBS("fan-in", PREVIOUS), "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_RANDOM, 0, link_standing},
    {"previous_out_hubs_frac", "dimensionless", HUBS("fan-out", PREVIOUS), "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_RANDOM, OUT, link_standing},
    {"previous_in_rank_correlation", "dimensionless", RANKS("fan-in", PREVIOUS), SPEARMAN,
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, CORRELATION, link_standing},
    {"previous_out_rank_correlation", "dimensionless", RANKS("fan-out", PREVIOUS), SPEARMAN,
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, CORRELATION | OUT, link_standing},
    {"start_in_hubs_frac", "dimensionless", HUBS("fan-in", EPOCH_ZERO), "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_RANDOM, START, link_standing},
    {"start_out_hubs_frac", "dimensionless", HUBS("fan-out", EPOCH_ZERO), "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_RANDOM, START | OUT, link_standing},
    {"start_in_rank_correlation", "dimensionless", RANKS("fan-in", EPOCH_ZERO), SPEARMAN,
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, START | CORRELATION, link_standing},
    {"start_out_rank_correlation", "dimensionless", RANKS("fan-out", EPOCH_ZERO), SPEARMAN,
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, START | CORRELATION | OUT, link_standing},
};

const sg_measure_family sg_family_hubs = {measures, SG_COUNT(measures)};
