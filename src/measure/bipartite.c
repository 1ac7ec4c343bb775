/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "measure/bipartite_mixing.h"
#include "measure/measured.h"
#include "measure/overlap.h"
#include <math.h>

/* What makes a link, as a bipartite network, more than its degrees. */

/* Of one link; computed by parts, when first asked for. */
typedef struct link_facts {
    sg_overlap overlap[SG_N_SIDES];
    bool has_overlap[SG_N_SIDES];
    double butterflies;
    bool has_butterflies;
    sg_mixing mixing;
    bool has_mixing;
} link_facts;

static sg_status facts_of(sg_measured *m, size_t link, link_facts **ret, sg_error *err)
{
    link_facts *facts = sg_measured_kept(m, SG_KEPT_BIPARTITE);
    if (!facts) {
        facts = SG_NEW_ARRAY(link_facts, m->n_links);
        if (!facts)
            return sg_fail_memory(err, "measuring the links");
        sg_measured_keep(m, SG_KEPT_BIPARTITE, facts, sg_free);
    }
    *ret = &facts[link];
    return SG_OK;
}

static sg_status need_overlap(const sg_measured *m, size_t link, sg_side side, link_facts *facts,
                              sg_error *err)
{
    if (facts->has_overlap[side])
        return SG_OK;
    const sg_csr *matrix = sg_snapshot_link(m->snapshot, link)->matrix;
    SG_TRY(sg_overlap_count(matrix, side, &facts->overlap[side], err));
    facts->has_overlap[side] = true;
    return SG_OK;
}

/* Each butterfly has a pair on both sides: takes their number from the overlaps where these are
 * known, else counts on the side where there are fewer wedges. */
static sg_status need_butterflies(sg_measured *m, size_t link, link_facts *facts, sg_error *err)
{
    if (facts->has_butterflies)
        return SG_OK;
    if (facts->has_overlap[SG_SIDE_IN] || facts->has_overlap[SG_SIDE_OUT]) {
        const sg_side known = facts->has_overlap[SG_SIDE_IN] ? SG_SIDE_IN : SG_SIDE_OUT;
        facts->butterflies = facts->overlap[known].butterflies;
    } else {
        SG_TRY(sg_measured_sides(m, link, err));
        const sg_measured_side *sides = m->side[link];
        const double of_in = sg_wedges(sides[SG_SIDE_OUT].degree, sides[SG_SIDE_OUT].n);
        const double of_out = sg_wedges(sides[SG_SIDE_IN].degree, sides[SG_SIDE_IN].n);
        SG_TRY(sg_butterflies_count(sg_snapshot_link(m->snapshot, link)->matrix,
                                    of_in <= of_out ? SG_SIDE_IN : SG_SIDE_OUT, &facts->butterflies,
                                    err));
    }
    facts->has_butterflies = true;
    return SG_OK;
}

static sg_status need_mixing(sg_measured *m, size_t link, link_facts *facts, sg_error *err)
{
    if (facts->has_mixing)
        return SG_OK;
    SG_TRY(sg_measured_sides(m, link, err));
    const sg_csr *matrix = sg_snapshot_link(m->snapshot, link)->matrix;
    SG_TRY(sg_mixing_of(matrix, m->side[link][SG_SIDE_IN].degree, m->side[link][SG_SIDE_OUT].degree,
                        &facts->mixing, err));
    facts->has_mixing = true;
    return SG_OK;
}

enum { BUTTERFLIES, ROBINS_ALEXANDER };

static sg_status butterfly_measure(const sg_measure *self, sg_measured *m, size_t subject,
                                   double *ret, sg_error *err)
{
    link_facts *facts = NULL;
    SG_TRY(facts_of(m, subject, &facts, err));
    SG_TRY(need_butterflies(m, subject, facts, err));
    SG_TRY(need_mixing(m, subject, facts, err));
    const double paths = facts->mixing.three_paths;
    if (self->which == BUTTERFLIES)
        *ret = facts->butterflies;
    else
        *ret = paths > 0 ? 4 * facts->butterflies / paths : NAN;
    return SG_OK;
}

enum { OUT = 8 }; /* beside a kind of sg_latapy */

/* No two neurons on the side, or no connection: there is nothing to average. */
static bool has_pairs(const sg_csr *matrix, sg_side side)
{
    return matrix->n_links > 0 && (side == SG_SIDE_IN ? matrix->n_rows : matrix->n_cols) > 1;
}

static sg_status latapy(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                        sg_error *err)
{
    const sg_side side = self->which & OUT ? SG_SIDE_OUT : SG_SIDE_IN;
    link_facts *facts = NULL;
    SG_TRY(facts_of(m, subject, &facts, err));
    SG_TRY(need_overlap(m, subject, side, facts, err));
    *ret = has_pairs(sg_snapshot_link(m->snapshot, subject)->matrix, side)
               ? facts->overlap[side].latapy[self->which & ~(unsigned)OUT]
               : NAN;
    return SG_OK;
}

enum { NODF_IN = 1, NODF_OUT = 2, NODF_BOTH = NODF_IN | NODF_OUT };

static double n_pairs(size_t n)
{
    return 0.5 * (double)n * ((double)n - 1);
}

static sg_status nodf(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                      sg_error *err)
{
    const sg_csr *matrix = sg_snapshot_link(m->snapshot, subject)->matrix;
    link_facts *facts = NULL;
    SG_TRY(facts_of(m, subject, &facts, err));
    double nested = 0;
    double pairs = 0;
    if (self->which & NODF_IN) {
        SG_TRY(need_overlap(m, subject, SG_SIDE_IN, facts, err));
        nested += facts->overlap[SG_SIDE_IN].nested;
        pairs += n_pairs(matrix->n_rows);
    }
    if (self->which & NODF_OUT) {
        SG_TRY(need_overlap(m, subject, SG_SIDE_OUT, facts, err));
        nested += facts->overlap[SG_SIDE_OUT].nested;
        pairs += n_pairs(matrix->n_cols);
    }
    *ret = pairs > 0 && matrix->n_links > 0 ? 100 * nested / pairs : NAN;
    return SG_OK;
}

enum { THREE_PATHS, PEARSON, SPEARMAN, RICH_CLUB };

static sg_status mixing(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                        sg_error *err)
{
    link_facts *facts = NULL;
    SG_TRY(facts_of(m, subject, &facts, err));
    SG_TRY(need_mixing(m, subject, facts, err));
    const double value[] = {
        [THREE_PATHS] = facts->mixing.three_paths,
        [PEARSON] = facts->mixing.pearson,
        [SPEARMAN] = facts->mixing.spearman,
        [RICH_CLUB] = facts->mixing.rich_club,
    };
    *ret = value[self->which];
    return SG_OK;
}

#define BUTTERFLY_SOURCE "Sanei-Mehri et al., KDD 2150 (2018), doi:10.1145/3219819.3220097"
#define ROBINS_SOURCE                                                                              \
    "Robins & Alexander, Comput. Math. Organ. Theory 10:69 (2004), "                               \
    "doi:10.1023/B:CMOT.0000032580.12184.c0"
#define LATAPY_SOURCE                                                                              \
    "Latapy, Magnien & Del Vecchio, Soc. Networks 30:31 (2008), doi:10.1016/j.socnet.2007.04.006"
#define NODF_SOURCE                                                                                \
    "Almeida-Neto et al., Oikos 117:1227 (2008), doi:10.1111/j.0030-1299.2008.16644.x"
#define FOSTER_SOURCE "Foster et al., PNAS 107:10815 (2010), doi:10.1073/pnas.0912671107"
#define RICH_SOURCE   "after Colizza et al., Nat. Phys. 2:110 (2006), doi:10.1038/nphys209"

#define LATAPY(name, which, what)                                                                  \
    {                                                                                              \
        name, "dimensionless", what " over pairs that share a partner; mean over neurons",         \
            LATAPY_SOURCE, SG_SCOPE_LINK, SG_COST_WEDGES, SG_NULL_DEGREES, which, latapy           \
    }

static const sg_measure measures[] = {
    /* The overlaps first: they hold the butterflies. */
    LATAPY("in_latapy_dot", SG_LATAPY_DOT, "receiving side: shared / either's partners"),
    LATAPY("in_latapy_min", SG_LATAPY_MIN, "receiving side: shared / smaller fan-in"),
    LATAPY("in_latapy_max", SG_LATAPY_MAX, "receiving side: shared / larger fan-in"),
    LATAPY("out_latapy_dot", OUT | SG_LATAPY_DOT, "sending side: shared / either's partners"),
    LATAPY("out_latapy_min", OUT | SG_LATAPY_MIN, "sending side: shared / smaller fan-out"),
    LATAPY("out_latapy_max", OUT | SG_LATAPY_MAX, "sending side: shared / larger fan-out"),
    {"nodf_in", "percent",
     "nestedness of fan-ins: 100 shared / smaller, over pairs; 0 where fan-ins are equal",
     NODF_SOURCE, SG_SCOPE_LINK, SG_COST_WEDGES, SG_NULL_DEGREES, NODF_IN, nodf},
    {"nodf_out", "percent",
     "nestedness of fan-outs: 100 shared / smaller, over pairs; 0 where fan-outs are equal",
     NODF_SOURCE, SG_SCOPE_LINK, SG_COST_WEDGES, SG_NULL_DEGREES, NODF_OUT, nodf},
    {"nodf", "percent", "nestedness (NODF) over the pairs of both sides", NODF_SOURCE,
     SG_SCOPE_LINK, SG_COST_WEDGES, SG_NULL_DEGREES, NODF_BOTH, nodf},
    {"butterflies", "butterflies", "pairs of neurons with a pair of partners in common (4-cycles)",
     BUTTERFLY_SOURCE, SG_SCOPE_LINK, SG_COST_WEDGES, SG_NULL_DEGREES, BUTTERFLIES,
     butterfly_measure},
    {"three_paths", "paths", "paths of three connections: sum of (k - 1)(d - 1) over connections",
     ROBINS_SOURCE, SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_DEGREES, THREE_PATHS, mixing},
    {"robins_alexander", "dimensionless",
     "4 butterflies / three_paths: the share of these paths that close", ROBINS_SOURCE,
     SG_SCOPE_LINK, SG_COST_WEDGES, SG_NULL_DEGREES, ROBINS_ALEXANDER, butterfly_measure},
    {"degree_correlation", "dimensionless",
     "Pearson's r of fan-in and fan-out over connections; random connections give about 0",
     FOSTER_SOURCE, SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_DEGREES, PEARSON, mixing},
    {"degree_rank_correlation", "dimensionless",
     "Spearman's rho of fan-in and fan-out over connections; random connections give about 0",
     FOSTER_SOURCE, SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_DEGREES, SPEARMAN, mixing},
    {"rich_club", "dimensionless",
     "density between the tenths of both sides that have the highest degrees, ties included",
     RICH_SOURCE, SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_DEGREES, RICH_CLUB, mixing},
};

const sg_measure_family sg_family_bipartite = {measures, SG_COUNT(measures)};
