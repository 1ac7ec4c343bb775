/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "measure/hubs.h"
#include "measure/measured.h"
#include <math.h>
#include <string.h>

/*
 * How the connections of the inputs follow what the inputs see. A dead input, one that never varied
 * in the training data, carries nothing: what a method does to it says little of the others, so
 * that the statistics are given with and without.
 */

typedef struct input_facts {
    bool known;
    size_t n_live;
    size_t n_dead_links; /* connections of dead inputs */
    double degree_rho;   /* with the dead */
    double live_degree_rho;
    double live_strength_rho;
    sg_summary live_degree;
} input_facts;

/* Numbers by input, as sg_rank_correlation() takes them. */
typedef struct input_ranks {
    size_t n;
    uint64_t *variance;
    uint64_t *degree;
    uint64_t *strength;
    double *live_degree; /* of the n_live that vary */
    size_t n_live;
} input_ranks;

static void input_ranks_clear(input_ranks *r)
{
    sg_free(r->variance);
    sg_free(r->degree);
    sg_free(r->strength);
    sg_free(r->live_degree);
}

static sg_status input_ranks_open(input_ranks *r, size_t n, sg_error *err)
{
    r->n = n;
    r->variance = SG_NEW_ARRAY(uint64_t, n);
    r->degree = SG_NEW_ARRAY(uint64_t, n);
    r->strength = SG_NEW_ARRAY(uint64_t, n);
    r->live_degree = SG_NEW_ARRAY(double, n);
    if (!r->variance || !r->degree || !r->strength || !r->live_degree)
        return sg_fail_memory(err, "relating inputs to their variance");
    return SG_OK;
}

/* An integer that orders numbers from 0 on as they are: their bits. */
static uint64_t as_ordered(double x)
{
    uint64_t bits;
    x += 0.0; /* -0 has other bits than 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Returns the variance of each sending neuron of a link, or NULL where it is not known. */
static const float *variances(const sg_snapshot *s, const sg_link *link)
{
    const sg_tensor *tensor = sg_snapshot_find_tensor(s, "input.variance");
    const size_t n = link->matrix->n_cols;
    if (link->from != 0 || !tensor || tensor->n_dims != 1 || tensor->shape[0] != n)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (tensor->value[i] < 0)
            return NULL;
    return tensor->value;
}

static sg_status fill(input_ranks *r, const sg_csr *m, const float *variance, sg_error *err)
{
    SG_AUTOFREE double *strength = SG_NEW_ARRAY(double, r->n);
    if (!strength)
        return sg_fail_memory(err, "relating inputs to their variance");
    for (size_t k = 0; k < m->n_links; k++) {
        r->degree[m->col[k]]++;
        strength[m->col[k]] += m->value ? fabs((double)m->value[k]) : 1;
    }
    for (size_t i = 0; i < r->n; i++) {
        r->variance[i] = as_ordered(variance[i]);
        r->strength[i] = as_ordered(strength[i]);
    }
    return SG_OK;
}

/* Moves the live inputs to the front, in their order; returns the connections of the dead. */
static size_t drop_dead(input_ranks *r, const float *variance)
{
    size_t n_dead_links = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (!(variance[i] > 0)) {
            n_dead_links += (size_t)r->degree[i];
            continue;
        }
        r->variance[r->n_live] = r->variance[i];
        r->degree[r->n_live] = r->degree[i];
        r->strength[r->n_live] = r->strength[i];
        r->live_degree[r->n_live++] = (double)r->degree[i];
    }
    return n_dead_links;
}

static sg_status relate(const sg_csr *m, const float *variance, input_facts *ret, sg_error *err)
{
    SG_CLEANUP(input_ranks_clear) input_ranks r = {0};
    SG_TRY(input_ranks_open(&r, m->n_cols, err));
    SG_TRY(fill(&r, m, variance, err));
    input_facts f = {.known = true};
    SG_TRY(sg_rank_correlation(r.degree, r.variance, r.n, &f.degree_rho, err));
    f.n_dead_links = drop_dead(&r, variance);
    f.n_live = r.n_live;
    SG_TRY(sg_rank_correlation(r.degree, r.variance, r.n_live, &f.live_degree_rho, err));
    SG_TRY(sg_rank_correlation(r.strength, r.variance, r.n_live, &f.live_strength_rho, err));
    f.live_degree = sg_summarise(r.live_degree, r.n_live);
    *ret = f;
    return SG_OK;
}

static sg_status facts_of(sg_measured *m, size_t link, const input_facts **ret, sg_error *err)
{
    input_facts *facts = sg_measured_kept(m, SG_KEPT_INPUTS);
    if (!facts) {
        SG_AUTOFREE input_facts *made = SG_NEW_ARRAY(input_facts, m->n_links);
        if (!made)
            return sg_fail_memory(err, "relating inputs to their variance");
        for (size_t i = 0; i < m->n_links; i++) {
            const sg_link *from_here = sg_snapshot_link(m->snapshot, i);
            const float *variance = variances(m->snapshot, from_here);
            if (variance)
                SG_TRY(relate(from_here->matrix, variance, &made[i], err));
        }
        facts = SG_TAKE(made);
        sg_measured_keep(m, SG_KEPT_INPUTS, facts, sg_free);
    }
    *ret = &facts[link];
    return SG_OK;
}

enum {
    LIVE,
    DEAD_LINKS,
    DEGREE_RHO,
    LIVE_DEGREE_RHO,
    LIVE_STRENGTH_RHO,
    LIVE_DISPERSION,
    LIVE_GINI,
    LIVE_ENTROPY,
    LIVE_ZEROS,
};

static sg_status input_measure(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                               sg_error *err)
{
    const input_facts *f = NULL;
    SG_TRY(facts_of(m, subject, &f, err));
    const double value[] = {
        [LIVE] = (double)f->n_live,
        [DEAD_LINKS] = (double)f->n_dead_links,
        [DEGREE_RHO] = f->degree_rho,
        [LIVE_DEGREE_RHO] = f->live_degree_rho,
        [LIVE_STRENGTH_RHO] = f->live_strength_rho,
        [LIVE_DISPERSION] = f->live_degree.dispersion,
        [LIVE_GINI] = f->live_degree.gini,
        [LIVE_ENTROPY] = f->live_degree.entropy,
        [LIVE_ZEROS] = (double)f->live_degree.n_zeros,
    };
    *ret = f->known ? value[self->which] : NAN;
    return SG_OK;
}

#define SPEARMAN_SOURCE "Spearman, Am. J. Psychol. 15:72 (1904), doi:10.2307/1412159"
#define GINI_SOURCE                                                                                \
    "Gini 1912; see Hu & Wang, Physica A 387:3769 (2008), doi:10.1016/j.physa.2008.01.113"
#define ENTROPY_SOURCE "Pielou, J. Theor. Biol. 13:131 (1966), doi:10.1016/0022-5193(66)90013-0"

static const sg_measure measures[] = {
    {"live_inputs", "neurons", "inputs whose value varies over the training data", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_NONE, LIVE, input_measure},
    {"dead_input_links", "connections", "connections of the inputs that never vary", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, DEAD_LINKS, input_measure},
    {"input_variance_rho", "dimensionless",
     "Spearman's rho of the inputs' fan-out and variance in the training data", SPEARMAN_SOURCE,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, DEGREE_RHO, input_measure},
    {"live_input_variance_rho", "dimensionless",
     "Spearman's rho of fan-out and variance over the inputs that vary", SPEARMAN_SOURCE,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, LIVE_DEGREE_RHO, input_measure},
    {"live_input_strength_rho", "dimensionless",
     "Spearman's rho of the sum of |weight| and variance over the inputs that vary",
     SPEARMAN_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_DEGREES, LIVE_STRENGTH_RHO,
     input_measure},
    {"live_out_degree_dispersion", "connections",
     "variance/mean of the fan-out of the inputs that vary", "", SG_SCOPE_LINK, SG_COST_SORT,
     SG_NULL_RANDOM, LIVE_DISPERSION, input_measure},
    {"live_out_degree_gini", "dimensionless",
     "Gini coefficient of the fan-out of the inputs that vary; 0 = all equal", GINI_SOURCE,
     SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, LIVE_GINI, input_measure},
    {"live_out_degree_entropy", "dimensionless",
     "entropy of the shares of the fan-out of the inputs that vary / log2 of their number",
     ENTROPY_SOURCE, SG_SCOPE_LINK, SG_COST_SORT, SG_NULL_RANDOM, LIVE_ENTROPY, input_measure},
    {"live_out_degree_zeros", "neurons", "inputs that vary and have no connection", "",
     SG_SCOPE_LINK, SG_COST_LINEAR, SG_NULL_RANDOM, LIVE_ZEROS, input_measure},
};

const sg_measure_family sg_family_inputs = {measures, SG_COUNT(measures)};
