/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_ANALYSIS_H
#define SPARSEGRAPH_ANALYSIS_H

/**
 * @file analysis.h  Every measure of every snapshot: computed, kept, written and read back.
 *
 *     analysis/analysis.json  everything below; what sg_analysis_read() reads
 *     analysis/measures.csv   epoch,scope,subject,measure,value,start,null,n_nulls,null_mean,
 *                             null_sd,null_low,null_high,z,effect,p_null   one value a line
 *     analysis/fits.csv       one power-law fit a line, with the gate's verdict and reasons
 *     analysis/degrees.csv    epoch,link,side,degree,neurons               the degree histograms
 *
 * A value that is not defined is an empty field in CSV and null in JSON.
 */

#include "measure.h"
#include "null_model.h"
#include "powerlaw.h"
#include "progress.h"

SG_BEGIN_DECLS

typedef struct sg_analysis sg_analysis;

enum { SG_ANALYSIS_NULLS_MAX = 1000000 };

/** What to measure, and how. */
typedef struct sg_analysis_params {
    size_t n_bootstrap; /**< replicates behind each power law's p-value; 0 = no p-value */
    size_t n_nulls;     /**< random networks behind each z-score, of each of two models; 0 = none */
    sg_null_model degrees_model; /**< what stands for SG_NULL_DEGREES: CURVEBALL or BICM */
    double core_zeta; /**< measure what SET's removal of this fraction keeps; NaN = all links */
    long epoch_first; /**< epochs below are left out; the smallest allowed is 0 */
    long epoch_last;  /**< epochs above are left out; -1 = none */
    long epoch_step;  /**< every step-th epoch from epoch_first on; at least 1 */
    size_t n_workers; /**< processes; 0 = one a processor. No influence on the result */
    uint64_t seed;    /**< of bootstrap, random networks and samples */
    const char *const *measures; /**< (n_measures) names; NULL = all */
    size_t n_measures;
} sg_analysis_params;

#define SG_ANALYSIS_PARAMS_DEFAULT                                                                 \
    {                                                                                              \
        .n_bootstrap = 100, .n_nulls = 20, .degrees_model = SG_NULL_MODEL_CURVEBALL,               \
        .core_zeta = __builtin_nan(""), .epoch_first = 0, .epoch_last = -1, .epoch_step = 1,       \
        .n_workers = 0, .seed = 1, .measures = 0, .n_measures = 0                                  \
    }

/** One value; borrowed from its analysis. */
typedef struct sg_analysis_row {
    long epoch; /**< -1: a single file that names no epoch */
    sg_scope scope;
    const char *subject; /**< "input-hidden1", "hidden1" or "network" */
    const char *measure; /**< name of the measure */
    double value;        /**< NaN where it is not defined */
    double start;        /**< the same at epoch 0; NaN where no network of epoch 0 is at hand */
    size_t n_nulls;      /**< random networks on which the measure is defined; 0: none were drawn */
    double null_mean;    /**< the measure's mean over them; NaN where n_nulls is 0, as the rest */
    double null_sd;      /**< sample standard deviation, n - 1; NaN below two networks */
    double null_low;     /**< 2.5 % of them lie below: type-7 quantile */
    double null_high;    /**< 97.5 % of them lie below */
    double z;      /**< (value - null_mean) / null_sd; NaN where no network differs from another */
    double effect; /**< (value - null_mean) / |null_mean|, dimensionless; NaN where that mean lies
                        within one null_sd of 0, as a correlation's does */
    double
        p_null; /**< two-sided, 2 (1 + networks at least as extreme) / (n_nulls + 1), at most 1 */
} sg_analysis_row;

/** The degrees on one side of one link at one epoch, and the power law fitted to them; borrowed. */
typedef struct sg_analysis_fit {
    long epoch;
    const char *link; /**< "input-hidden1" */
    sg_side side;     /**< SG_SIDE_IN: receiving neurons; SG_SIDE_OUT: sending neurons */
    sg_powerlaw fit;
    double q_goodness_of_fit; /**< fit.p_value, as (p N + 1)/(N + 1) of N replicates, corrected for
                                   all fits of the analysis (Benjamini & Hochberg): a small q
                                   rejects the power law. The gate takes p, the stricter one */
    double q_thin_tail;       /**< fit.p_thin_tail corrected likewise: a small q speaks for a power
                                   law over a thin tail */
    const char *reasons;      /**< why the fit does not pass, in words; "" when it passes */
    size_t n_degrees;         /**< distinct degrees, 0 among them where it occurs */
    const uint64_t *degree;   /**< (n_degrees) ascending */
    const uint64_t *count;    /**< (n_degrees) neurons of that degree, each at least 1 */
} sg_analysis_fit;

/**
 * Measures one run, or one or more snapshot files, in worker processes.
 *
 * Files are taken in the order of their epochs. Several files that name no epoch are numbered 0, 1,
 * … in the order given (and a warning says so). The first epoch of a run, epoch 0, is
 * read for the comparison even where the params leave it out.
 *
 * @param paths     one run directory, or n_paths snapshot files.
 * @param params    may be NULL: the defaults.
 * @param progress  may be NULL; the stage is "snapshots".
 * @param[out] ret  the analysis; the caller's, sg_analysis_free().
 *
 * @retval SG_EINVAL        several runs, a run among files, two files of one epoch, networks with
 *                          different layers, no epoch left by the params, an unknown measure.
 * @retval SG_ENOTFOUND     no such file or run.
 * @retval SG_EFORMAT       a snapshot is broken; the message names it.
 * @retval SG_EWORKER       a worker died; the message names the snapshot.
 * @retval SG_EINTERRUPTED  progress->stop.
 *
 * The same input gives the same analysis, byte for byte, for any number of workers.
 */
SG_API SG_CHECKED sg_status sg_analyze(const char *const *paths, size_t n_paths,
                                       const sg_analysis_params *params,
                                       const sg_progress *progress, sg_analysis **ret,
                                       sg_error *err);

/** Frees an analysis; NULL is allowed. */
SG_API void sg_analysis_free(sg_analysis *a);

/** Return how many snapshots were measured, and the i-th's epoch and file, in ascending order of
 * epochs. */
SG_API size_t sg_analysis_n_snapshots(const sg_analysis *a);
SG_API long sg_analysis_epoch(const sg_analysis *a, size_t i);
SG_API const char *sg_analysis_file(const sg_analysis *a, size_t i);

/** Return the layers: their number, and the i-th's name and size. */
SG_API size_t sg_analysis_n_layers(const sg_analysis *a);
SG_API const char *sg_analysis_layer_name(const sg_analysis *a, size_t i);
SG_API size_t sg_analysis_layer_size(const sg_analysis *a, size_t i);

/** Return the links: their number, and the i-th's name. */
SG_API size_t sg_analysis_n_links(const sg_analysis *a);
SG_API const char *sg_analysis_link_name(const sg_analysis *a, size_t i);

/** Returns how many random networks of each model were asked for; rows tell on how many each
 * measure is defined. */
SG_API size_t sg_analysis_n_nulls(const sg_analysis *a);

/** Returns the model behind SG_NULL_DEGREES. */
SG_API sg_null_model sg_analysis_degrees_model(const sg_analysis *a);

/** Returns the zeta whose core was measured, or NaN where all connections were. */
SG_API double sg_analysis_core_zeta(const sg_analysis *a);

/** Returns whether a network of epoch 0, the untrained start, was there to compare with. */
SG_API bool sg_analysis_has_untrained(const sg_analysis *a);

/** Return the values: their number, and the i-th, by epoch, scope, subject and registry order. */
SG_API size_t sg_analysis_n_rows(const sg_analysis *a);
SG_API const sg_analysis_row *sg_analysis_row_at(const sg_analysis *a, size_t i);

/** Returns the row of a listed epoch, subject and measure, or NULL. */
SG_API const sg_analysis_row *sg_analysis_row_of(const sg_analysis *a, long epoch,
                                                 const char *subject, const char *measure);

/** Returns one value, or NaN where there is no such row. */
SG_API double sg_analysis_value(const sg_analysis *a, long epoch, const char *subject,
                                const char *measure);

/** Return the power-law fits: their number, the i-th, and the one of an epoch, link and side (NULL
 * where there is none). */
SG_API size_t sg_analysis_n_fits(const sg_analysis *a);
SG_API const sg_analysis_fit *sg_analysis_fit_at(const sg_analysis *a, size_t i);
SG_API const sg_analysis_fit *sg_analysis_find_fit(const sg_analysis *a, long epoch,
                                                   const char *link, sg_side side);

/** Return the warnings for the reader of the results, one sentence each. */
SG_API size_t sg_analysis_n_warnings(const sg_analysis *a);
SG_API const char *sg_analysis_warning(const sg_analysis *a, size_t i);

/** Makes the text of analysis.json, one line; *ret is the caller's, sg_free(). @retval SG_ENOMEM no
 * memory.
 */
SG_API SG_CHECKED sg_status sg_analysis_json(const sg_analysis *a, char **ret, sg_error *err);

/** Make the text of measures.csv, fits.csv and degrees.csv; *ret is the caller's, sg_free().
 * @retval SG_ENOMEM no memory. */
SG_API SG_CHECKED sg_status sg_analysis_csv(const sg_analysis *a, char **ret, sg_error *err);
SG_API SG_CHECKED sg_status sg_analysis_fits_csv(const sg_analysis *a, char **ret, sg_error *err);
SG_API SG_CHECKED sg_status sg_analysis_degrees_csv(const sg_analysis *a, char **ret,
                                                    sg_error *err);

/**
 * Makes a plain-text summary for a terminal: the first against the last epoch, without the
 * warnings. Of an analysis of named measures, just made, it lists those.
 *
 * @param width  columns of the terminal, at least 60 (less is taken as 60); 0 = 80. Longer reasons
 * wrap.
 * @param[out] ret  the caller's, sg_free().
 */
SG_API SG_CHECKED sg_status sg_analysis_table(const sg_analysis *a, size_t width, char **ret,
                                              sg_error *err);

/** Writes the four files into a folder, made where it is missing, each file atomically. @retval
 * SG_EIO the system refused. */
SG_API SG_CHECKED sg_status sg_analysis_write(const sg_analysis *a, const char *dir, sg_error *err);

/**
 * Reads analysis.json of a folder back, or of a file of any name.
 *
 * @retval SG_ENOTFOUND  no such file.
 * @retval SG_EFORMAT    it is no analysis, or one of another version; the message names the entry.
 */
SG_API SG_CHECKED sg_status sg_analysis_read(const char *path, sg_analysis **ret, sg_error *err);

SG_END_DECLS

#endif
