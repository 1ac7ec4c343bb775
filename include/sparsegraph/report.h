/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_REPORT_H
#define SPARSEGRAPH_REPORT_H

/**
 * @file report.h  Everything about one or several runs, as one HTML file that needs no network.
 *
 *     OUT/report.html    the report: text, tables, figures inline
 *     OUT/report_data/   what the report's numbers come from, as JSON and CSV
 *     OUT/figures/       each figure as SVG, PDF and PNG
 */

#include "progress.h"
#include <stdbool.h>
#include <stdint.h>

SG_BEGIN_DECLS

enum { SG_REPORT_RUNS_MAX = 8 };

/** How a report is made. Start from SG_REPORT_PARAMS_DEFAULT. */
typedef struct sg_report_params {
    /** Folder that receives the report, made where it is missing; NULL = the run itself, for one
     * run directory only. */
    const char *out;
    const char *title;  /**< NULL = made from the runs */
    uint64_t seed;      /**< of bootstraps, samples and layouts */
    size_t n_bootstrap; /**< replicates of each power-law fit of runs not analysed before */
    size_t n_nulls;     /**< random networks behind each z-score of runs not analysed before */
    size_t n_workers;   /**< processes for measuring; 0 = one a processor */
    double png_dpi;     /**< of the PNG figures, in [36, 1200] */
    bool analyze_again; /**< measure even where RUN/analysis holds measurements */
} sg_report_params;

#define SG_REPORT_PARAMS_DEFAULT                                                                   \
    {                                                                                              \
        .out = 0, .title = 0, .seed = 1, .n_bootstrap = 100, .n_nulls = 20, .n_workers = 0,        \
        .png_dpi = 300.0, .analyze_again = false                                                   \
    }

/**
 * Writes a report on runs, or on snapshot files from elsewhere.
 *
 * A run whose analysis/ is missing, unreadable, or does not cover the run's epochs is measured
 * first; the measurements go into report_data/, not into the run. A comparison in RUN/analysis/
 * (from sg_compare) is taken in where there is one. Nothing but the inputs decides the bytes, and
 * the page names neither time nor machine (report_data/manifest.json is the run's own, unchanged).
 *
 * @param inputs         (n_inputs) run directories or snapshot files, 1 to SG_REPORT_RUNS_MAX.
 * @param params         NULL = SG_REPORT_PARAMS_DEFAULT.
 * @param progress       told of "measuring" (snapshots) and "figures"; may be NULL.
 * @param[out] ret_path  path of report.html; the caller frees it with sg_free(); may be NULL.
 *
 * @retval SG_EINVAL        the number of inputs, a parameter, or no folder where one is needed.
 * @retval SG_ENOTFOUND     an input is neither a run nor a file.
 * @retval SG_EFORMAT       an input breaks its format.
 * @retval SG_EIO           the system refused to write; report.html is then as it was.
 * @retval SG_EINTERRUPTED  *progress->stop became nonzero.
 * @retval SG_ENOMEM        no memory.
 *
 * report.html is written last, when all it speaks of is there. Not thread-safe: igraph is not.
 */
SG_API SG_CHECKED sg_status sg_report_write(const char *const *inputs, size_t n_inputs,
                                            const sg_report_params *params,
                                            const sg_progress *progress, char **ret_path,
                                            sg_error *err);

SG_END_DECLS

#endif
