/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_TAIL_H
#define SPARSEGRAPH_TAIL_H

/**
 * @file tail.h  What else a tail might be: other laws, the tail index, the class of scale-freeness.
 *
 * A power law that is not rejected may still be the worse description. The functions here hold it
 * against five others on the same tail, estimate the exponent without assuming where the tail
 * begins, and name the class of Broido & Clauset.
 */

#include "powerlaw.h"

SG_BEGIN_DECLS

/**
 * Fits every alternative by maximum likelihood to the values of at least xmin, and compares.
 *
 * On the integers x >= xmin, each normalised there:
 *
 *     Poisson                 mean: mu^x / x!
 *     exponential             rate: e^(-lambda x)
 *     stretched exponential   scale, shape: S(x - 1/2) - S(x + 1/2), S = exp(-(x/scale)^shape)
 *     lognormal               mu, sigma of ln x: Phi(x + 1/2) - Phi(x - 1/2)
 *     power law with cutoff   alpha >= 0, rate: x^-alpha e^(-lambda x)
 *
 * The stretched exponential and the lognormal turn into a power law as their parameters run away;
 * they are bounded by scale >= (xmin - 1/2) e^-20 and sigma <= 20, and say so by at_limit.
 *
 * @param values  (n) in any order; those below xmin are left out.
 * @param alpha   exponent of the power law, above 1.
 * @param xmin    at least 1.
 * @param[out] ret  NaN in every number where fewer than two distinct values reach xmin.
 *
 * @retval SG_EINVAL  alpha not above 1 or not finite, xmin 0 or above 2^53, a value above 2^53.
 * @retval SG_ENOMEM  no memory.
 *
 * Thread-safe. O(n log n + 10^3 d) for d distinct values.
 *
 * Source: Clauset, Shalizi & Newman, SIAM Review 51:661 (2009), doi:10.1137/070710111; Vuong,
 * Econometrica 57:307 (1989), doi:10.2307/1912557. Their discrete stretched exponential and
 * lognormal are continuous ones rounded up; ours are rounded to the nearest, as degrees would be.
 */
SG_API SG_CHECKED sg_status sg_alternatives_fit(const uint64_t *values, size_t n, double alpha,
                                                uint64_t xmin, sg_alternatives *ret, sg_error *err);

/**
 * The same for reals and densities; bounded by scale >= xmin e^-20. There is no Poisson law of
 * reals: its numbers are NaN.
 *
 * @param xmin  above 0.
 * @retval SG_EINVAL  alpha not above 1, xmin not above 0, a value that is not finite.
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_alternatives_fit_continuous(const double *values, size_t n,
                                                           double alpha, double xmin,
                                                           sg_alternatives *ret, sg_error *err);

/**
 * Returns the alternative that is favoured over the power law: of those with a ratio below 0 and
 * p < 0.1 that are not at their limit, the most likely one; else SG_ALTERNATIVE_NONE. Thread-safe.
 *
 * @param[out] p  of the favoured one; where none is, the smallest p of those whose ratio is below
 *                0, or 1 where none has one; may be NULL.
 *
 * Source of 0.1: Clauset, Shalizi & Newman 2009, as Broido & Clauset 2019.
 */
SG_API sg_powerlaw_alternative sg_alternatives_favoured(const sg_alternatives *a, double *p);

/** Returns the name of a parameter (0 or 1), e.g. "rate", or NULL where a law has fewer.
 * Thread-safe. */
SG_API const char *sg_alternative_parameter_name(sg_powerlaw_alternative law, size_t parameter);

/** How the tail index is estimated. */
typedef enum sg_tail_estimator {
    SG_TAIL_HILL = 0,
    SG_TAIL_MOMENTS,
    SG_TAIL_KERNEL,
    SG_N_TAIL_ESTIMATORS,
} sg_tail_estimator;

/** One estimate of the tail index. */
typedef struct sg_tail_index {
    double xi;    /**< tail index, dimensionless; NaN where it could not be estimated */
    double gamma; /**< exponent of the density, 1 + 1/xi; infinite for xi <= 0, NaN with xi */
    size_t k;     /**< largest values that it rests on */
} sg_tail_index;

typedef struct sg_tail_indices {
    sg_tail_index by[SG_N_TAIL_ESTIMATORS];
} sg_tail_indices;

/** How the number of largest values is chosen. */
typedef struct sg_tail_index_params {
    size_t n_bootstrap; /**< samples of each of the two bootstraps; at least 1 */
    uint64_t seed;      /**< of the samples and the noise */
    bool integers;      /**< noise of +-1/2 is added first, which lifts the ties */
} sg_tail_index_params;

#define SG_TAIL_INDEX_PARAMS_DEFAULT                                                               \
    {                                                                                              \
        .n_bootstrap = 500, .seed = 1, .integers = true                                            \
    }

/**
 * Estimates the tail index by Hill's, the moments and the kernel estimator; a double bootstrap
 * chooses how many of the largest values each rests on.
 *
 * All three positive: regularly varying, with gamma = 1 + 1/xi. An index of at most 0 speaks of an
 * exponential or bounded tail. Hill's is always positive, and so says nothing of that alone.
 *
 * @param values  (n) the positive ones count.
 * @param params  may be NULL: the defaults.
 * @param[out] ret  NaN where fewer than 20 values are positive, or none of them differ.
 *
 * @retval SG_EINVAL  a value that is not finite, n_bootstrap 0.
 * @retval SG_ENOMEM  no memory.
 *
 * Thread-safe. The same input and seed give the same result. Samples hold n/sqrt(2) and n/2 values:
 * O(n n_bootstrap), and one sort.
 *
 * Source: Voitalov, van der Hoorn, van der Hofstad & Krioukov, Phys. Rev. Research 1:033034 (2019),
 * doi:10.1103/PhysRevResearch.1.033034, with Danielsson et al. 2001 and Qi 2008 (Hill), Draisma et
 * al. 1999 (moments), Groeneboom et al. 2003 (kernel). As their code does, we add uniform noise to
 * integers, and leave the largest 1 % of k out of the search; of integers the largest half, for
 * Hill's and the moments estimator: there the noise is what is seen (their code has an option for
 * it). Unlike it, the noise of equal integers is spread evenly (a number in each of as many parts
 * of +-1/2), each sample is drawn once for all three, and a false minimum (k2 >= k1) is answered by
 * searching the same samples again from a higher k, ten times at most, then by k2 = k1, where
 * theirs draws anew without end.
 */
SG_API SG_CHECKED sg_status sg_tail_indices_estimate(const double *values, size_t n,
                                                     const sg_tail_index_params *params,
                                                     sg_tail_indices *ret, sg_error *err);

/** Returns "Hill", "moments" or "kernel". Thread-safe. */
SG_API const char *sg_tail_estimator_name(sg_tail_estimator estimator);

/** How scale-free a set of degree sequences is. Each grade includes the ones before it. */
typedef enum sg_scale_free_grade {
    SG_SCALE_FREE_NOT = 0,  /**< a power law is rejected in more than half */
    SG_SCALE_FREE_WEAKEST,  /**< goodness of fit p >= 0.1 in at least half */
    SG_SCALE_FREE_WEAK,     /**< and n_tail >= 50 in at least half */
    SG_SCALE_FREE_STRONG,   /**< and 2 < alpha < 3 and no alternative favoured, in at least half */
    SG_SCALE_FREE_STRONGEST /**< the same in 90 %, no alternative favoured in 95 % */
} sg_scale_free_grade;

typedef struct sg_scale_free_class {
    sg_scale_free_grade grade;
    bool super_weak; /**< no alternative is favoured in at least half; independent of the grade */
    size_t n;        /**< sequences classed */
} sg_scale_free_class;

/**
 * Names the class of a network that is looked at as several simple graphs (its layers, the in- and
 * out-degrees, …), or of one degree sequence.
 *
 * @param fits  (n) each with its p-value and its favoured alternative. A fit without p counts as
 *              rejected, one that was held against no alternative (favoured_p NaN) as beaten.
 *
 * One sequence is graded strong at best: "strongest" is a word about several. Thread-safe.
 *
 * Source: Broido & Clauset, Nat. Commun. 10:1017 (2019), doi:10.1038/s41467-019-08746-5. Poisson is
 * not among their alternatives.
 */
SG_API sg_scale_free_class sg_scale_free_classify(const sg_powerlaw *fits, size_t n);

/** Returns "not scale-free", "weakest", "weak", "strong" or "strongest". Thread-safe. */
SG_API const char *sg_scale_free_grade_name(sg_scale_free_grade grade);

SG_END_DECLS

#endif
