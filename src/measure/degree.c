/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include <math.h>

/* Degrees and strengths on both sides of a link. */

static void add_up(const sg_csr *m, uint64_t *in, uint64_t *out, double *in_strength,
                   double *out_strength)
{
    for (size_t row = 0; row < m->n_rows; row++) {
        in[row] = m->row_start[row + 1] - m->row_start[row];
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            const double weight = m->value ? fabs((double)m->value[k]) : 1;
            out[m->col[k]]++;
            in_strength[row] += weight;
            out_strength[m->col[k]] += weight;
        }
    }
}

/* Publishes one side; `strength` is sorted in place, then lent to the degrees. */
static void publish(sg_measured_side *side, size_t n, uint64_t *degree, double *strength)
{
    side->n = n;
    side->degree = degree;
    side->by_strength = sg_summarise(strength, n);
    for (size_t i = 0; i < n; i++)
        strength[i] = (double)degree[i];
    side->by_degree = sg_summarise(strength, n);
}

sg_status sg_measured_sides(sg_measured *m, size_t link, sg_error *err)
{
    if (m->has_sides[link])
        return SG_OK;
    const sg_csr *matrix = sg_snapshot_link(m->snapshot, link)->matrix;
    SG_AUTOFREE uint64_t *in = SG_NEW_ARRAY(uint64_t, matrix->n_rows);
    SG_AUTOFREE uint64_t *out = SG_NEW_ARRAY(uint64_t, matrix->n_cols);
    SG_AUTOFREE double *in_strength = SG_NEW_ARRAY(double, matrix->n_rows);
    SG_AUTOFREE double *out_strength = SG_NEW_ARRAY(double, matrix->n_cols);
    if (!in || !out || !in_strength || !out_strength)
        return sg_fail_memory(err, "counting degrees");
    add_up(matrix, in, out, in_strength, out_strength);
    publish(&m->side[link][SG_SIDE_IN], matrix->n_rows, SG_TAKE(in), in_strength);
    publish(&m->side[link][SG_SIDE_OUT], matrix->n_cols, SG_TAKE(out), out_strength);
    m->has_sides[link] = true;
    return SG_OK;
}

static sg_status count_links(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                             sg_error *err)
{
    (void)self;
    (void)err;
    *ret = (double)sg_snapshot_link(m->snapshot, subject)->matrix->n_links;
    return SG_OK;
}

static sg_status link_density(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    (void)self;
    (void)err;
    *ret = sg_csr_density(sg_snapshot_link(m->snapshot, subject)->matrix);
    return SG_OK;
}

enum {
    MEAN,
    DISPERSION,
    GINI,
    MAX,
    ZEROS,
    ENTROPY,
    STATISTIC = 7, /* mask of the above */
    OUT = 8,
    STRENGTH = 16,
};

static sg_status side_statistic(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                                sg_error *err)
{
    SG_TRY(sg_measured_sides(m, subject, err));
    const sg_measured_side *side = &m->side[subject][self->which & OUT ? SG_SIDE_OUT : SG_SIDE_IN];
    const sg_summary *s = self->which & STRENGTH ? &side->by_strength : &side->by_degree;
    switch (self->which & STATISTIC) {
    case MEAN:
        *ret = s->mean;
        break;
    case DISPERSION:
        *ret = s->dispersion;
        break;
    case GINI:
        *ret = s->gini;
        break;
    case ENTROPY:
        *ret = s->entropy;
        break;
    case MAX:
        *ret = s->max;
        break;
    default:
        *ret = (double)s->n_zeros;
    }
    return SG_OK;
}

#define GINI_SOURCE                                                                                \
    "Gini 1912; see Hu & Wang, Physica A 387:3769 (2008), doi:10.1016/j.physa.2008.01.113"
#define ENTROPY_SOURCE "Pielou, J. Theor. Biol. 13:131 (1966), doi:10.1016/0022-5193(66)90013-0"

static const sg_measure measures[] = {
    {"links", "connections", "stored connections, zero weights included", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_NONE, 0, count_links},
    {"density", "dimensionless", "connections / (receiving neurons x sending neurons)", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, 0, link_density},
    {"in_degree_mean", "connections", "mean fan-in of the receiving neurons", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_NONE, MEAN, side_statistic},
    {"in_degree_dispersion", "connections",
     "variance/mean of the fan-in, population variance; random links give 1 - density", "",
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, DISPERSION, side_statistic},
    {"in_degree_gini", "dimensionless", "Gini coefficient of the fan-in; 0 = all equal",
     GINI_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, GINI, side_statistic},
    {"in_degree_entropy", "dimensionless",
     "entropy of the shares of the fan-in / log2 of the neurons; 1 = all equal", ENTROPY_SOURCE,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, ENTROPY, side_statistic},
    {"in_degree_max", "connections", "largest fan-in", "", SG_SCOPE_LINK, SG_COST_LINEAR,
     SG_NULL_RANDOM, MAX, side_statistic},
    {"in_degree_zeros", "neurons", "receiving neurons without a connection", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_RANDOM, ZEROS, side_statistic},
    {"out_degree_mean", "connections", "mean fan-out of the sending neurons", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_NONE, OUT | MEAN, side_statistic},
    {"out_degree_dispersion", "connections",
     "variance/mean of the fan-out, population variance; random links give 1 - density", "",
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, OUT | DISPERSION, side_statistic},
    {"out_degree_gini", "dimensionless", "Gini coefficient of the fan-out; 0 = all equal",
     GINI_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, OUT | GINI, side_statistic},
    {"out_degree_entropy", "dimensionless",
     "entropy of the shares of the fan-out / log2 of the neurons; 1 = all equal", ENTROPY_SOURCE,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, OUT | ENTROPY, side_statistic},
    {"out_degree_max", "connections", "largest fan-out", "", SG_SCOPE_LINK, SG_COST_LINEAR,
     SG_NULL_RANDOM, OUT | MAX, side_statistic},
    {"out_degree_zeros", "neurons", "sending neurons without a connection, such as dead inputs", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, OUT | ZEROS, side_statistic},
    {"in_strength_mean", "weight", "mean over the receiving neurons of their sum of |weight|", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_UNTRAINED, STRENGTH | MEAN, side_statistic},
    {"in_strength_gini", "dimensionless", "Gini coefficient of the receiving neurons' strength",
     GINI_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, STRENGTH | GINI, side_statistic},
    {"in_strength_entropy", "dimensionless",
     "entropy of the shares of the receiving neurons' strength / log2 of the neurons; 1 = all "
     "equal",
     ENTROPY_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, STRENGTH | ENTROPY,
     side_statistic},
    {"in_strength_max", "weight", "largest sum of |weight| of a receiving neuron", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, STRENGTH | MAX, side_statistic},
    {"out_strength_mean", "weight", "mean over the sending neurons of their sum of |weight|", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_UNTRAINED, STRENGTH | OUT | MEAN, side_statistic},
    {"out_strength_gini", "dimensionless", "Gini coefficient of the sending neurons' strength",
     GINI_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_DEGREES, STRENGTH | OUT | GINI,
     side_statistic},
    {"out_strength_entropy", "dimensionless",
     "entropy of the shares of the sending neurons' strength / log2 of the neurons; 1 = all equal",
     ENTROPY_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_DEGREES, STRENGTH | OUT | ENTROPY,
     side_statistic},
    {"out_strength_max", "weight", "largest sum of |weight| of a sending neuron", "", SG_SCOPE_LINK,
     SG_COST_LINEAR, SG_NULL_DEGREES, STRENGTH | OUT | MAX, side_statistic},
};

const sg_measure_family sg_family_degree = {measures, SG_COUNT(measures)};
