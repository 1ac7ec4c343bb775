/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_POWERLAW_H
#define SPARSEGRAPH_POWERLAW_H

/**
 * @file powerlaw.h  Do values follow a power law? The fit, and what stands against it.
 *
 * Two p-values of opposite polarity are in use; a fit carries both, never under one name:
 *
 * - p_value, the GOODNESS OF FIT. Null: the values come from the fitted power law. A small p
 *   REJECTS the power law; a large one means "not rejected", never "confirmed".
 * - p_thin_tail. Null: the power law describes the tail no better than an exponential does, the
 *   border of all thin tails (Poisson, binomial and normal ones fall faster still). A small p
 *   SPEAKS FOR a power law over a thin tail, a large one for nothing.
 *
 * The second has the polarity of Mocanu et al. (2018), whose null is "no relation to a power law";
 * which statistic they took they do not say, ours is the likelihood ratio (Vuong's test, one-sided,
 * of the tail from xmin on; see tail.h). Neither confirms a power law alone: the degrees of an
 * untrained Erdős–Rényi layer are fitted with alpha near 15 and a goodness-of-fit p near 0.5, and a
 * lognormal tail is not thin. Hence the gate.
 */

#include "error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

SG_BEGIN_DECLS

/** Why a fit does not pass the gate; bits of sg_powerlaw.reasons. */
typedef enum sg_powerlaw_reason {
    SG_POWERLAW_FEW_VALUES = 1 << 0,   /**< fewer than 50 positive values: no distribution */
    SG_POWERLAW_DEGENERATE = 1 << 1,   /**< fewer than two distinct values: nothing fitted */
    SG_POWERLAW_ALPHA = 1 << 2,        /**< alpha outside (2, 3) */
    SG_POWERLAW_SHORT_TAIL = 1 << 3,   /**< fewer than 50 values in the tail */
    SG_POWERLAW_NARROW_TAIL = 1 << 4,  /**< max/xmin below 10: less than a decade */
    SG_POWERLAW_REJECTED = 1 << 5,     /**< goodness-of-fit p below 0.1 */
    SG_POWERLAW_UNTESTED = 1 << 6,     /**< no bootstrap was asked for, hence no p */
    SG_POWERLAW_AS_UNTRAINED = 1 << 7, /**< the network at epoch 0 passes the same gate */
    SG_POWERLAW_ALTERNATIVE = 1 << 8   /**< an alternative is favoured over the power law */
} sg_powerlaw_reason;

enum { SG_POWERLAW_N_REASONS = 9 };

/** Distributions that may describe the same tail better. */
typedef enum sg_powerlaw_alternative {
    SG_ALTERNATIVE_NONE = 0,
    SG_ALTERNATIVE_POISSON,
    SG_ALTERNATIVE_EXPONENTIAL,
    SG_ALTERNATIVE_STRETCHED_EXPONENTIAL,
    SG_ALTERNATIVE_LOGNORMAL,
    SG_ALTERNATIVE_CUTOFF, /**< a power law that an exponential cuts off */
    SG_N_ALTERNATIVES,
} sg_powerlaw_alternative;

/** Another law fitted to the values of at least xmin, and how the power law stands against it. */
typedef struct sg_alternative {
    double
        parameter[2]; /**< as sg_alternative_parameter_name() (tail.h) says; NaN where not fitted */
    double log_likelihood; /**< of the tail, natural logarithm; NaN where not fitted */
    double ratio;  /**< positive where the power law describes the tail better. Of the cutoff, which
                        contains the power law: ln L - ln L', never above 0. Of the others: that
                        difference over its standard error (Vuong), dimensionless */
    double p;      /**< two-sided; a small p says that the sign of the ratio is no chance. Of the
                        cutoff: a small p says that the power law needs one */
    bool at_limit; /**< it was fitted at the bound where it turns into the power law itself */
} sg_alternative;

/** All of them, each at the place of its sg_powerlaw_alternative; SG_ALTERNATIVE_NONE is unused. */
typedef struct sg_alternatives {
    sg_alternative of[SG_N_ALTERNATIVES];
} sg_alternatives;

/** A discrete power law p(x) = x^-alpha / zeta(alpha, xmin), x >= xmin, and the gate's verdict. */
typedef struct sg_powerlaw {
    double alpha;          /**< exponent, dimensionless; NaN where nothing was fitted */
    double alpha_se;       /**< standard error of alpha for the xmin found */
    uint64_t xmin;         /**< where the tail begins; 0 where nothing was fitted */
    size_t n_tail;         /**< values of at least xmin */
    size_t n;              /**< positive values */
    size_t n_zeros;        /**< zeros; left out of the fit */
    uint64_t max;          /**< largest value, 0 where there is none */
    double ks_d;           /**< Kolmogorov-Smirnov distance of tail and fit, in [0, 1] */
    double log_likelihood; /**< of the tail, natural logarithm */
    double p_value;        /**< goodness of fit: a small p rejects the power law; NaN: not tested */
    size_t n_replicates;   /**< bootstrap replicates behind p_value */
    double p_thin_tail;    /**< a small p speaks for a power law over a thin tail; NaN: not
                                compared */
    sg_powerlaw_alternative favoured; /**< the alternative that beats the power law, if any does */
    double favoured_p; /**< p of that comparison; NaN where no alternatives were compared */
    sg_alternatives alternatives; /**< all comparisons; NaN where none was made */
    unsigned reasons;             /**< sg_powerlaw_reason bits; 0 when it passes */
    bool passes;                  /**< no reason stands against a power law */
    double untrained_alpha;       /**< alpha at epoch 0 where it was compared with, else NaN */
    double untrained_p; /**< goodness-of-fit p at epoch 0 where it was compared with, else NaN */
} sg_powerlaw;

/** How a fit is tested. */
typedef struct sg_powerlaw_params {
    size_t n_replicates;       /**< of the bootstrap; 0 = no p-value. p is good to 1/(2 sqrt(n)) */
    uint64_t seed;             /**< of the bootstrap */
    double precision;          /**< wanted of p, up to 0.5: takes the place of n_replicates by
                                    1/(4 precision^2), so 2500 for 0.01; 0 = n_replicates counts */
    bool without_alternatives; /**< leaves out the comparison with the laws of tail.h */
    double xmin;               /**< the tail begins at the smallest value of at least this, in the
                                    replicates too; 0 = where the distance is smallest */
} sg_powerlaw_params;

#define SG_POWERLAW_PARAMS_DEFAULT                                                                 \
    {                                                                                              \
        .n_replicates = 100, .seed = 1                                                             \
    }

/**
 * Fits a discrete power law to the positive ones of n values, and judges it.
 *
 * xmin minimises the Kolmogorov-Smirnov distance, alpha maximises the likelihood of the values of
 * at least xmin, the p-value comes from a semi-parametric bootstrap that fits xmin again every
 * time. The fit is held against the laws of tail.h on the same tail. Degenerate input is answered,
 * not failed: the fit's numbers are NaN, and the reasons say why.
 *
 * @param values  (n) degrees; zeros are counted and left out.
 * @param params  may be NULL: the defaults.
 * @param[out] ret  the fit; untouched on failure.
 *
 * @retval SG_EINVAL  a value above 2^53; a precision outside [0.00005, 0.5] that is not 0; an xmin
 *                    outside [0, 2^53].
 * @retval SG_ENOMEM  no memory.
 *
 * Thread-safe. The same input and seed give the same result: replicate r is drawn from a stream of
 * its own. Works on the histogram: O(n log n) to count, then O(d^2) at worst a sample of d distinct
 * values.
 *
 * Source: Clauset, Shalizi & Newman, SIAM Review 51:661 (2009), doi:10.1137/070710111. As plfit and
 * igraph do, and unlike the authors' own code: the distance is taken at the values observed, not at
 * the integers between; below 50 positive values alpha is corrected for the small sample, to
 * alpha (n - 1)/n + 1/n with n = n_tail, after D and xmin were found (which keep those of the
 * uncorrected alpha), since the maximum of the likelihood then lies noticeably too high.
 */
SG_API SG_CHECKED sg_status sg_powerlaw_fit(const uint64_t *values, size_t n,
                                            const sg_powerlaw_params *params, sg_powerlaw *ret,
                                            sg_error *err);

/** A continuous power law p(x) = (alpha - 1)/xmin (x/xmin)^-alpha, x >= xmin, and the verdict. */
typedef struct sg_powerlaw_continuous {
    double alpha;          /**< exponent, dimensionless; NaN where nothing was fitted */
    double alpha_se;       /**< its standard error, (alpha - 1)/sqrt(n_tail), for the xmin found */
    double xmin;           /**< where the tail begins; NaN where nothing was fitted */
    size_t n_tail;         /**< values of at least xmin */
    size_t n;              /**< positive values */
    size_t n_others;       /**< zeros and negative values; left out of the fit */
    double max;            /**< largest value, 0 where none is positive */
    double ks_d;           /**< Kolmogorov-Smirnov distance of tail and fit, in [0, 1] */
    double log_likelihood; /**< of the tail, natural logarithm of the density */
    double p_value;        /**< goodness of fit: a small p rejects the power law; NaN: not tested */
    size_t n_replicates;   /**< bootstrap replicates behind p_value */
    double p_thin_tail;    /**< a small p speaks for a power law over a thin tail; NaN: not
                                compared */
    sg_powerlaw_alternative favoured; /**< the alternative that beats the power law, if any does */
    double favoured_p; /**< p of that comparison; NaN where no alternatives were compared */
    sg_alternatives alternatives; /**< all comparisons; NaN where none was made */
    unsigned reasons;             /**< sg_powerlaw_reason bits; 0 when it passes */
    bool passes;                  /**< no reason stands against a power law */
} sg_powerlaw_continuous;

/**
 * Fits a continuous power law to the positive ones of n reals (strengths, say), and judges it, by
 * the rules of sg_powerlaw_fit() and sg_powerlaw_judge().
 *
 * alpha = 1 + n_tail / sum ln(x/xmin); D = max |F(x_i) - i/n_tail| over the sorted tail, i from 0;
 * every distinct value but the largest is tried as xmin.
 *
 * @param values  (n) finite reals; those not above zero are counted and left out.
 * @param params  may be NULL: the defaults.
 * @param[out] ret  the fit; untouched on failure.
 *
 * @retval SG_EINVAL  a value that is not finite; a precision or an xmin as above.
 * @retval SG_ENOMEM  no memory.
 *
 * Thread-safe. The same input and seed give the same result. O(n^2) at worst a sample.
 *
 * Source: Clauset, Shalizi & Newman, SIAM Review 51:661 (2009), doi:10.1137/070710111.
 */
SG_API SG_CHECKED sg_status sg_powerlaw_fit_continuous(const double *values, size_t n,
                                                       const sg_powerlaw_params *params,
                                                       sg_powerlaw_continuous *ret, sg_error *err);

/**
 * Judges a fit: sets its reasons and `passes`.
 *
 * It passes with at least 50 positive values of which two differ, 2 < alpha < 3, at least 50 values
 * in the tail, max/xmin >= 10, goodness-of-fit p >= 0.1, no alternative favoured, and an untrained
 * network whose own fit does not pass the same gate. The fitting functions have already judged,
 * without an untrained network.
 *
 * @param untrained  the same degrees at epoch 0, or NULL where there is no such network.
 *
 * Source of alpha, n_tail and p: Broido & Clauset, Nat. Commun. 10:1017 (2019),
 * doi:10.1038/s41467-019-08746-5. The decade of tail and the untrained network are ours.
 */
SG_API void sg_powerlaw_judge(sg_powerlaw *fit, const sg_powerlaw *untrained);
SG_API void sg_powerlaw_judge_continuous(sg_powerlaw_continuous *fit);

/** Returns "poisson", "exponential", "stretched exponential", "lognormal", "power law with cutoff",
 * or "" for none. Thread-safe. */
SG_API const char *sg_powerlaw_alternative_name(sg_powerlaw_alternative alternative);

/**
 * Says in one sentence each why a fit does not pass, joined by "; ", e.g. "alpha 15.2 lies
 * outside (2, 3); the tail spans 0.3 decades, one is needed". Empty for a fit that passes.
 *
 * @param[out] ret  the text; the caller's, sg_free().
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_powerlaw_reasons(const sg_powerlaw *fit, char **ret, sg_error *err);
SG_API SG_CHECKED sg_status sg_powerlaw_reasons_continuous(const sg_powerlaw_continuous *fit,
                                                           char **ret, sg_error *err);

/**
 * Returns the fitted share of the positive values that are at least x: n_tail/n at xmin, falling as
 * zeta(alpha, x)/zeta(alpha, xmin); NaN below xmin and where nothing was fitted. Thread-safe.
 */
SG_API double sg_powerlaw_ccdf(const sg_powerlaw *fit, double x);

SG_END_DECLS

#endif
