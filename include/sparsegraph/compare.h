/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_COMPARE_H
#define SPARSEGRAPH_COMPARE_H

/**
 * @file compare.h  A learned network beside protein, neural and social ones, measure by measure.
 *
 * A comparison is a table: one column a network, one row a measure. The first columns are the
 * subject's (a run at its first and last epoch, or snapshot files), the others the networks that it
 * is held against. A cell that says nothing in a network is NaN, and its note says why: a layered
 * network has no triangles, and its degree assortativity is an artefact of the layers' widths.
 *
 * How each network is taken: self-loops dropped, parallel edges merged (both counted), directions
 * ignored but for the counts of arcs. Degree distributions are those of the *relative degree* k/<k>
 * over the nodes that have a link at all, since an edge list cannot hold others. In a layered
 * network every neuron is taken once for each side of a link that it is on, k being its links there
 * and <k> the mean of that side: pooled over layers of different width, plain degrees fake a heavy
 * tail.
 *
 *     analysis/compare.json  everything; what sg_comparison_read() reads
 *     analysis/compare.csv   measure,network,value,note           one cell a line
 */

#include "graph.h"
#include "powerlaw.h"
#include "progress.h"

SG_BEGIN_DECLS

typedef struct sg_comparison sg_comparison;

/** What to compare, and how. Start from SG_COMPARE_PARAMS_DEFAULT. */
typedef struct sg_compare_params {
    /** (n_with) networks to hold the subject against: graph files, names of built-in graphs, run
     * directories (their last epoch) or snapshot files. A file goes before a name. */
    const char *const *with;
    size_t n_with;
    long epoch_first; /**< of a run, beside the last; -1 = its first snapshot */
    long epoch_last;  /**< of a run, the one distances are measured from; -1 = its last snapshot */
    double core_zeta; /**< NaN, or in [0, 1]: a further column with what that removal keeps */
    size_t n_bootstrap;        /**< replicates behind each power law's p-value; 0 = no p-value */
    size_t max_sources;        /**< as for sg_graph_path_lengths() */
    size_t n_workers;          /**< processes; 0 = one a processor. No influence on the result */
    uint64_t seed;             /**< of bootstraps and sampled sources */
    sg_graph_read_params read; /**< how graph files are read */
} sg_compare_params;

#define SG_COMPARE_PARAMS_DEFAULT                                                                  \
    {                                                                                              \
        .with = 0, .n_with = 0, .epoch_first = -1, .epoch_last = -1,                               \
        .core_zeta = __builtin_nan(""), .n_bootstrap = 100, .max_sources = 0, .n_workers = 0,      \
        .seed = 1, .read = SG_GRAPH_READ_DEFAULT                                                   \
    }

/** One network of a comparison; borrowed. */
typedef struct sg_compare_column {
    const char *label;  /**< unique, e.g. "set epoch 10", "karate" */
    const char *source; /**< path or name as given */
    bool subject;       /**< one of the subject's columns, which come first */
    bool start;         /**< the subject at epoch 0, untrained */
    bool layered;       /**< made of layers, from a snapshot */
    bool directed;      /**< its edges are arcs */
} sg_compare_column;

/** How the numbers of a row are to be printed. */
typedef enum sg_compare_kind {
    SG_COMPARE_COUNT, /**< an integer */
    SG_COMPARE_REAL,  /**< a number of about four digits */
    SG_COMPARE_YES_NO /**< 1 or 0 */
} sg_compare_kind;

/** One measure of a comparison; constant. */
typedef struct sg_compare_row {
    const char *key;     /**< e.g. "mean_path", for files */
    const char *label;   /**< e.g. "mean path length", for people */
    const char *group;   /**< heading it stands under, e.g. "paths" */
    const char *summary; /**< what it is, in one line */
    sg_compare_kind kind;
} sg_compare_row;

/** One cell; borrowed. */
typedef struct sg_compare_cell {
    double value;     /**< NaN where the measure says nothing here */
    const char *text; /**< the value as people read it; "-" for NaN */
    const char *note; /**< why it is NaN, or what to mind about it; "" for nothing */
} sg_compare_cell;

/** The degrees on one side of one link of a layered column; borrowed. */
typedef struct sg_compare_side {
    size_t column;
    const char *link;  /**< "input-hidden1" */
    bool in;           /**< receiving neurons; else the sending ones */
    size_t n;          /**< neurons, those without a link included */
    double mean;       /**< links a neuron */
    double dispersion; /**< variance / mean; 1 for Poisson */
    double gini;
    sg_powerlaw fit;
    const char *reasons; /**< why the fit does not pass; "" when it passes */
} sg_compare_side;

/**
 * Compares networks.
 *
 * @param subjects  one run directory, or n_subjects snapshot or graph files; the last is the one
 * that the distances are measured from (of a run, its last epoch).
 * @param params    NULL = SG_COMPARE_PARAMS_DEFAULT.
 * @param progress  may be NULL; the stage is "networks".
 * @param[out] ret  the comparison; the caller frees it with sg_comparison_free().
 *
 * @retval SG_EINVAL        no subject, a run among several subjects, or a setting out of its
 * domain.
 * @retval SG_ENOTFOUND     no such file, run, epoch, or built-in graph.
 * @retval SG_EFORMAT       a file is broken; the message names it.
 * @retval SG_EUNSUPPORTED  a file of a kind that is not read.
 * @retval SG_EWORKER       a worker process died; the message names its network.
 * @retval SG_EINTERRUPTED  *progress->stop became nonzero.
 *
 * The same input gives the same comparison for any number of workers.
 */
SG_API SG_CHECKED sg_status sg_compare(const char *const *subjects, size_t n_subjects,
                                       const sg_compare_params *params, const sg_progress *progress,
                                       sg_comparison **ret, sg_error *err);

/** Frees a comparison; NULL is allowed. */
SG_API void sg_comparison_free(sg_comparison *c);

/** Return the columns: their number, and the i-th. */
SG_API size_t sg_comparison_n_columns(const sg_comparison *c);
SG_API const sg_compare_column *sg_comparison_column(const sg_comparison *c, size_t i);

/** Returns the column that distances are measured from, and the one of epoch 0 (SIZE_MAX: none). */
SG_API size_t sg_comparison_subject(const sg_comparison *c);
SG_API size_t sg_comparison_start(const sg_comparison *c);

/** Return the rows: their number (the same for all comparisons), and the i-th. */
SG_API size_t sg_comparison_n_rows(void);
SG_API const sg_compare_row *sg_comparison_row(size_t i);

/** Returns the cell of a row and a column, both below their counts. */
SG_API sg_compare_cell sg_comparison_cell(const sg_comparison *c, size_t row, size_t column);

/** Returns the value of a row by its key; NaN where there is none such. */
SG_API double sg_comparison_value(const sg_comparison *c, const char *key, size_t column);

/** Returns the power law of a column's degrees; in a layered network pooled over its layers. */
SG_API const sg_powerlaw *sg_comparison_fit(const sg_comparison *c, size_t column);

/** Return the sides of links of the layered columns: their number, and the i-th. */
SG_API size_t sg_comparison_n_sides(const sg_comparison *c);
SG_API const sg_compare_side *sg_comparison_side(const sg_comparison *c, size_t i);

/** Returns the distinct degrees of a column (directions ignored), ascending, and how many nodes
 * have each; (n) both, borrowed. */
SG_API size_t sg_comparison_degrees(const sg_comparison *c, size_t column, const uint64_t **degree,
                                    const uint64_t **count);

/** Returns the distribution of relative degrees: (n) values x = k/<k> ascending and P(X >= x), from
 * 1 downwards; borrowed. */
SG_API size_t sg_comparison_ccdf(const sg_comparison *c, size_t column, const double **x,
                                 const double **p);

/** Returns a few sentences on what may be concluded and what may not, borrowed. */
SG_API const char *sg_comparison_verdict(const sg_comparison *c);

/** Returns the citation of a built-in column, or "", borrowed. */
SG_API const char *sg_comparison_citation(const sg_comparison *c, size_t column);

/**
 * Makes the table as plain UTF-8 text for a terminal; columns that do not fit beside each other go
 * below.
 *
 * @param width  columns of the terminal, at least 60; 0 = 80.
 * @param[out] ret  the caller's, sg_free().
 */
SG_API SG_CHECKED sg_status sg_comparison_table(const sg_comparison *c, size_t width, char **ret,
                                                sg_error *err);

/** Make the texts of compare.json and compare.csv; *ret is the caller's, sg_free(). */
SG_API SG_CHECKED sg_status sg_comparison_json(const sg_comparison *c, char **ret, sg_error *err);
SG_API SG_CHECKED sg_status sg_comparison_csv(const sg_comparison *c, char **ret, sg_error *err);

/** Writes compare.json and compare.csv into a folder, made where it is missing. @retval SG_EIO the
 * system refused. */
SG_API SG_CHECKED sg_status sg_comparison_write(const sg_comparison *c, const char *dir,
                                                sg_error *err);

/**
 * Reads compare.json of a folder back, or of a file of any name.
 *
 * @retval SG_ENOTFOUND  no such file.
 * @retval SG_EFORMAT    it is no comparison, or one of another version; the message names the
 * entry.
 */
SG_API SG_CHECKED sg_status sg_comparison_read(const char *path, sg_comparison **ret,
                                               sg_error *err);

SG_END_DECLS

#endif
