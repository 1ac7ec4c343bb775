/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_GROUP_H
#define SPARSEGRAPH_GROUP_H

/**
 * @file group.h  Several runs of one setting under different seeds, measured as one sample.
 *
 * Epochs of one run are not independent of each other; runs of different seeds are. So this is
 * where the uncertainty of a measure comes from.
 *
 *     DIR/group.json  everything below
 *     DIR/group.csv   epoch,scope,subject,measure,n,mean,sd,ci_low,ci_high,min,max
 *
 * A value that is not defined is an empty field in CSV and null in JSON.
 */

#include "analysis.h"

SG_BEGIN_DECLS

typedef struct sg_group sg_group;

/** One measure of one subject at one epoch, over the runs; borrowed from its group. */
typedef struct sg_group_row {
    long epoch;
    sg_scope scope;
    const char *subject; /**< "input-hidden1", "hidden1" or "network" */
    const char *measure; /**< name of the measure */
    const double *value; /**< (sg_group_n_runs()) of each run; NaN where it is not defined */
    size_t n;            /**< runs where it is defined; the rest is about these */
    double mean;         /**< NaN where n is 0 */
    double sd;           /**< sample standard deviation, divisor n - 1; NaN below 2 runs */
    double ci_low;       /**< 95 % confidence interval of the mean by Student's t; two runs give */
    double ci_high;      /**< no interval worth the name, so it is NaN below SG_GROUP_RUNS_MIN */
    double min;
    double max;
} sg_group_row;

/** Fewer runs give no confidence interval. */
enum { SG_GROUP_RUNS_MIN = 3 };

/** How alike the networks of different runs are, over all pairs of runs; borrowed. The pairs share
 * their runs and are not independent: there is no interval. */
typedef struct sg_group_pairs {
    long epoch;       /**< the first or the last measured */
    const char *link; /**< "input-hidden1" */
    /** "jaccard": shared connections / connections of either, neurons by their numbers; "nnstd":
     * topology distance, hidden neurons matched (arXiv:2006.14085), NaN above 4,096 of them. */
    const char *measure;
    size_t n;    /**< pairs where it is defined */
    double mean; /**< NaN where n is 0 */
    double min;
    double max;
} sg_group_pairs;

/**
 * Measures each of several runs, as sg_analyze() does, and puts their values side by side.
 *
 * The runs' manifests must agree in everything that shapes the result but the seed: the settings,
 * the data set and its files, the numbers of samples. A run without a manifest cannot be checked: a
 * warning says so.
 *
 * @param paths     n_paths run directories, at least 2.
 * @param params    as of sg_analyze(), but no random networks are drawn; may be NULL.
 * @param progress  may be NULL; the stages are those of sg_analyze(), once a run, and "pairs".
 * @param[out] ret  the group; the caller's, sg_group_free().
 *
 * @retval SG_EINVAL  fewer than 2 paths, a path that is no run, two runs of one seed, or runs that
 *                    differ in a setting (the message names it), in their layers, or in the epochs
 *                    measured.
 * And each error of sg_analyze(), with the run before it.
 *
 * The same input gives the same group, byte for byte.
 */
SG_API SG_CHECKED sg_status sg_group_analyze(const char *const *paths, size_t n_paths,
                                             const sg_analysis_params *params,
                                             const sg_progress *progress, sg_group **ret,
                                             sg_error *err);

/** Frees a group; NULL is allowed. */
SG_API void sg_group_free(sg_group *g);

/** Return the runs: their number, the i-th's path as given, and its seed ("" where it is not
 * known). */
SG_API size_t sg_group_n_runs(const sg_group *g);
SG_API const char *sg_group_run(const sg_group *g, size_t i);
SG_API const char *sg_group_seed(const sg_group *g, size_t i);

/** Return the epochs measured: their number, and the i-th. */
SG_API size_t sg_group_n_epochs(const sg_group *g);
SG_API long sg_group_epoch(const sg_group *g, size_t i);

/** Return the rows: their number, and the i-th, by epoch, scope, subject and registry order. */
SG_API size_t sg_group_n_rows(const sg_group *g);
SG_API const sg_group_row *sg_group_row_at(const sg_group *g, size_t i);

/** Returns one row, borrowed, or NULL where there is none. */
SG_API const sg_group_row *sg_group_find(const sg_group *g, long epoch, const char *subject,
                                         const char *measure);

/** Return the comparisons between runs: their number, and the i-th, by epoch, link and measure. */
SG_API size_t sg_group_n_pairs(const sg_group *g);
SG_API const sg_group_pairs *sg_group_pairs_at(const sg_group *g, size_t i);

/** Return the warnings for the reader of the results, one sentence each. */
SG_API size_t sg_group_n_warnings(const sg_group *g);
SG_API const char *sg_group_warning(const sg_group *g, size_t i);

/** Make the text of group.json (one line) and of group.csv; *ret is the caller's, sg_free(). The
 * CSV's rows of the measures "between_runs_jaccard" and "between_runs_nnstd" are about pairs of
 * runs. @retval SG_ENOMEM no memory. */
SG_API SG_CHECKED sg_status sg_group_json(const sg_group *g, char **ret, sg_error *err);
SG_API SG_CHECKED sg_status sg_group_csv(const sg_group *g, char **ret, sg_error *err);

/**
 * Makes a plain-text summary for a terminal: each measure as mean ± half the confidence interval at
 * the first and the last epoch, and the comparisons between runs; without the warnings.
 *
 * @param[out] ret  the caller's, sg_free().
 */
SG_API SG_CHECKED sg_status sg_group_table(const sg_group *g, char **ret, sg_error *err);

/** Writes the two files into a folder, made where it is missing, each file atomically. @retval
 * SG_EIO the system refused. */
SG_API SG_CHECKED sg_status sg_group_write(const sg_group *g, const char *dir, sg_error *err);

SG_END_DECLS

#endif
