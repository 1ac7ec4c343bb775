/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_MEASURE_H
#define SPARSEGRAPH_MEASURE_H

/**
 * @file measure.h  The registry of measures: what can be measured of a network, each with its unit,
 * its definition and its source.
 *
 * Directions: a link's matrix has a row for each receiving and a column for each sending neuron.
 * The IN-degree of a receiving neuron counts its row's connections (fan-in), the OUT-degree of a
 * sending neuron its column's (fan-out). Strength sums |weight| in place of counting.
 *
 * Definitions, x = a degree or strength over ALL n neurons of the side, zeros included:
 *   mean        sum(x)/n
 *   variance    sum((x - mean)^2)/n, the population's
 *   dispersion  variance/mean; 1 for a Poisson law, 1 - density for links drawn independently
 *   Gini        sum_i (2i - n - 1) x_i / (n sum(x)), x ascending, i = 1..n; 0 = all equal
 *   entropy     -sum p log2(p) / log2(n), p = x/sum(x), 0 log 0 = 0; 1 = all equal, 0 = one has all
 *   Jaccard     kept/(kept + added + removed)
 *   turnover    removed/(kept + removed)
 *   ITOP rate   connections there at any epoch so far/(receiving x sending neurons)
 *   age         epochs since a connection last appeared; 0 = the epoch before lacks it
 *   hubs        neurons with at least the k-th largest degree of n, k = n/10 rounded up, and with a
 *               connection; ties are in, and where more than half are tied in there are none (NaN)
 *   butterfly   two neurons of one side with two common partners; their number is that of 4-cycles
 *   Latapy      |shared|/|either's| partners (dot), /smaller degree (min), /larger degree (max) of
 *               two neurons of a side; mean over those with which a neuron shares a partner, then
 *               over all n, those that share none counting 0
 *   NODF        100 |shared|/smaller degree, mean over the pairs of a side (or of both); 0 where
 * two degrees are equal or one is 0 degree correlation  over connections, of the receiver's fan-in
 * and the sender's fan-out. Random links give about 0. The degree assortativity of the same link
 * taken as an undirected graph pairs each connection both ways round: with sides of different mean
 * degree it is an artefact of their sizes, about -.4 for random links of 784 x 1000 neurons and
 * -.99 for 1000 x 10 rich club   connections/pairs between the rich of both sides: neurons with at
 * least the k-th largest degree of n, k = n/10 rounded up, and with a connection; ties are in NNSTD
 * mean over neurons of |symmetric difference|/|union| of their inputs, the hidden neurons of the
 * two networks matched one to one at the least sum, layer after layer; inputs and outputs keep
 * their places; NaN above 4,096 hidden neurons in a layer. Where several matchings are best, the
 * next layer depends on which is taken; that a neuron keeps its number is tried first Ages, the
 * ITOP rate and what comes back need every epoch from 0 on: they are NaN from the first epoch that
 * is missing or was left out. What goes and comes back between two snapshots was kept. A side
 * without any connection has mean 0; its dispersion, Gini and entropy are NaN. So is the entropy of
 * a side of one neuron.
 */

#include "snapshot.h"

SG_BEGIN_DECLS

/** What one value of a measure is about. */
typedef enum sg_scope {
    SG_SCOPE_LINK = 0, /**< the connections between two layers, e.g. "input-hidden1" */
    SG_SCOPE_LAYER,    /**< one layer's neurons, e.g. "hidden1" */
    SG_SCOPE_WHOLE,    /**< the whole network; the subject is "network" */
} sg_scope;

/** How the time of a measure grows; M = connections, N = neurons. */
typedef enum sg_cost {
    SG_COST_LINEAR = 0,  /**< O(N + M) */
    SG_COST_SORT,        /**< O(M + N log N) */
    SG_COST_WEDGES,      /**< O(sum of squared degrees) */
    SG_COST_SEARCH,      /**< O(M) from each of some sampled neurons */
    SG_COST_SPECTRAL,    /**< O(M), repeated until it converges */
    SG_COST_MATCHING,    /**< O(sum of products of degrees + N^3), the neurons matched one to one */
    SG_COST_COMMUNITIES, /**< many passes over the connections, from several seeds */
    SG_COST_BOOTSTRAP,   /**< many fits to samples of N values */
} sg_cost;

/** What a value means little without: the network that a finding has to differ from. */
typedef enum sg_null {
    SG_NULL_NONE = 0,  /**< nothing: a plain count, or what no random network could move */
    SG_NULL_UNTRAINED, /**< the same run's network at epoch 0 */
    SG_NULL_RANDOM,    /**< random connections, as many in each link as here (Erdős–Rényi): for
                            whatever is a function of the degrees */
    SG_NULL_DEGREES,   /**< random connections that keep every neuron's degrees (curveball): for
                            whatever the degrees leave open */
} sg_null;

/** The two sides of a link. */
typedef enum sg_side {
    SG_SIDE_IN = 0, /**< degrees of the receiving neurons (matrix rows) */
    SG_SIDE_OUT,    /**< degrees of the sending neurons (matrix columns) */
} sg_side;

/** A network made ready to be measured, with what it is measured against. */
typedef struct sg_measured sg_measured;

/** One entry of the registry; static, never freed. */
typedef struct sg_measure sg_measure;
struct sg_measure {
    const char *name;    /**< unique, e.g. "in_degree_gini" */
    const char *unit;    /**< "connections", "neurons", "dimensionless", … */
    const char *summary; /**< the definition in one line */
    const char *source;  /**< publication with DOI, or "" for plain counting */
    sg_scope scope;
    sg_cost cost;
    sg_null null;
    unsigned which; /**< tells the measures of a family apart; the family's own business */
    /** Computes the value for a subject (index of the link or layer; 0 for the whole network); NaN
     * where it is not defined. Call it through sg_measure_value(). */
    sg_status (*compute)(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                         sg_error *err);
};

/** Returns the number of measures. Thread-safe. */
SG_API size_t sg_measure_count(void);

/** Returns the i-th measure, in the order of scopes and families; NULL from sg_measure_count() on.
 */
SG_API const sg_measure *sg_measure_at(size_t i);

/** Returns the measure of that name, or NULL. Thread-safe. */
SG_API const sg_measure *sg_measure_find(const char *name);

/**
 * Returns whether the measure is computed again on random networks when nothing else is asked for:
 * it stands against one, and its cost allows it (not MATCHING, COMMUNITIES or BOOTSTRAP).
 * Thread-safe.
 */
SG_API bool sg_measure_has_nulls(const sg_measure *measure);

/** Return short English names: "link", "layer", "whole"; "linear", …; "untrained", …; "in", "out".
 */
SG_API const char *sg_scope_name(sg_scope scope);
SG_API const char *sg_cost_name(sg_cost cost);
SG_API const char *sg_null_name(sg_null null);
SG_API const char *sg_side_name(sg_side side);

/** What became of each connection of a run, epoch by epoch; the library's own. */
typedef struct sg_history sg_history;

/** What a network is measured against, and how. All members may be zero. */
typedef struct sg_measured_params {
    const sg_snapshot *previous; /**< of the epoch measured before; NULL: changes are NaN */
    const sg_snapshot *start;    /**< of epoch 0; NULL: changes since then are NaN */
    size_t n_bootstrap;          /**< replicates behind a power law's p; 0 = none, p is NaN */
    uint64_t seed;               /**< of the bootstrap */
    const sg_history *history; /**< of the run's networks so far; NULL: ages and the like are NaN */
    long epoch;                /**< the network's place in the history */
} sg_measured_params;

/**
 * Makes a network ready to be measured. What is costly is computed when first asked for.
 *
 * @param s       borrowed, as are the networks in params, until sg_measured_free().
 * @param params  may be NULL.
 * @retval SG_EINVAL  a network to measure against has a link of the same name and another shape.
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_measured_new(const sg_snapshot *s, const sg_measured_params *params,
                                            sg_measured **ret, sg_error *err);

/** Frees it; NULL is allowed. */
SG_API void sg_measured_free(sg_measured *m);

/** Returns how many subjects a scope has in this network: its links, its layers, or 1. */
SG_API size_t sg_measured_n_subjects(const sg_measured *m, sg_scope scope);

/** Returns a subject's name, borrowed: the link's, the layer's, or "network". */
SG_API const char *sg_measured_subject(const sg_measured *m, sg_scope scope, size_t subject);

/**
 * Computes one measure of one subject. Not thread-safe: use one sg_measured a thread, and one
 * process where igraph is behind the measure (the whole network's components, k-core, communities).
 *
 * @param[out] ret  the value; NaN where it is not defined for this network.
 * @retval SG_EINVAL  no such subject.
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_measure_value(const sg_measure *measure, sg_measured *m,
                                             size_t subject, double *ret, sg_error *err);

SG_END_DECLS

#endif
