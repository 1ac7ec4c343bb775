/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_COMPARE_COMPARE_INTERNAL_H
#define SG_COMPARE_COMPARE_INTERNAL_H

/* How a comparison is kept, and the steps that make one; for src/compare alone. */

#include "base/json.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "sparsegraph/compare.h"

SG_DEFINE_CLEANUP(sg_graph, sg_graph_free)
SG_DEFINE_CLEANUP(sg_snapshot, sg_snapshot_free)
SG_DEFINE_CLEANUP(sg_comparison, sg_comparison_free)

/* The rows, in the order of the table. */
typedef enum sg_row {
    SG_ROW_NODES,
    SG_ROW_EDGES,
    SG_ROW_ARCS,
    SG_ROW_ISOLATED,
    SG_ROW_LOOPS,
    SG_ROW_MULTI,
    SG_ROW_DENSITY,
    SG_ROW_MEAN_DEGREE,
    SG_ROW_MAX_DEGREE,
    SG_ROW_GINI,
    SG_ROW_CV,
    SG_ROW_KS_SUBJECT,
    SG_ROW_JS_SUBJECT,
    SG_ROW_KS_START,
    SG_ROW_JS_START,
    SG_ROW_ALPHA,
    SG_ROW_ALPHA_SE,
    SG_ROW_XMIN,
    SG_ROW_TAIL,
    SG_ROW_FIT_D,
    SG_ROW_FIT_P,
    SG_ROW_PASSES,
    SG_ROW_ASSORTATIVITY,
    SG_ROW_TRANSITIVITY,
    SG_ROW_CLUSTERING,
    SG_ROW_COMPONENTS,
    SG_ROW_GIANT,
    SG_ROW_MEAN_PATH,
    SG_ROW_MEAN_PATH_SE,
    SG_ROW_LONGEST,
    SG_ROW_SOURCES,
    SG_ROW_CORE,
    SG_N_ROWS,
} sg_row;

extern const sg_compare_row sg_compare_rows[SG_N_ROWS];

enum { SG_CELL_TEXT_MAX = 32 };

typedef struct sg_cell {
    double value;
    char text[SG_CELL_TEXT_MAX];
    char *note; /* NULL for none */
} sg_cell;

/* Relative degrees x = k/<k>: distinct, ascending, and how many there are of each. */
typedef struct sg_relative {
    size_t n;
    double *x;
    uint64_t *count;
    double *ccdf; /* P(X >= x) */
} sg_relative;

typedef struct sg_compared {
    char *label;
    char *source;
    char *citation; /* "" for none */
    sg_compare_column column;
    long epoch; /* -1: it has none */
    sg_cell cell[SG_N_ROWS];
    size_t n_degrees;
    uint64_t *degree;
    uint64_t *count;
    sg_relative relative;
    sg_powerlaw fit;
    size_t n_sides;
    sg_compare_side *sides; /* owns link and reasons */
} sg_compared;

struct sg_comparison {
    size_t n_bootstrap;
    uint64_t seed;
    size_t subject;
    size_t start; /* SIZE_MAX: none */
    size_t n_networks;
    sg_compared *networks;
    char *verdict;
};

/* ---- one network ------------------------------------------------------------------------- */

void sg_compared_clear(sg_compared *n);

/* What a column is to be made from. */
typedef struct sg_compare_source {
    char *path; /* of a snapshot or graph, or a built-in name */
    char *label;
    char *source;     /* as the user gave it */
    bool subject;     /* one of the subject's columns */
    double core_zeta; /* NaN, or take the core of the snapshot */
} sg_compare_source;

typedef struct sg_compare_plan {
    size_t n;
    sg_compare_source *at;
    size_t subject; /* the one that distances are measured from */
} sg_compare_plan;

void sg_compare_plan_clear(sg_compare_plan *plan);
sg_status sg_compare_plan_make(const char *const *subjects, size_t n_subjects,
                               const sg_compare_params *params, sg_compare_plan *ret,
                               sg_error *err) SG_CHECKED;

/* Measures a network. The label and what needs other columns are left open. */
sg_status sg_compared_measure(const sg_compare_source *source, const sg_compare_params *params,
                              sg_compared *ret, sg_error *err) SG_CHECKED;

/* Sets a cell's note, printf style. SG_ENOMEM. */
sg_status sg_cell_note(sg_cell *cell, sg_error *err, const char *format, ...)
    SG_PRINTF(3, 4) SG_CHECKED;

/* Writes the text of every cell from its value. */
void sg_compared_format(sg_compared *n);

/* ---- distributions ------------------------------------------------------------------------ */

void sg_relative_clear(sg_relative *r);

/* Counts n values of x, all positive; sorts them. SG_ENOMEM. */
sg_status sg_relative_make(double *x, size_t n, sg_relative *ret, sg_error *err) SG_CHECKED;

/* Fills ccdf from count. */
void sg_relative_accumulate(sg_relative *r);

/* Two-sample Kolmogorov-Smirnov distance, in [0, 1]; NaN where either is empty. */
double sg_relative_ks(const sg_relative *a, const sg_relative *b);

/* Jensen-Shannon divergence in bits, in [0, 1], over octaves of x: bin j holds
 * 2^(j - 1/2) <= x < 2^(j + 1/2). NaN where either is empty. */
double sg_relative_js(const sg_relative *a, const sg_relative *b);

/* ---- the whole ---------------------------------------------------------------------------- */

/* Fills what needs several columns: distances, judgements against the start, texts, the verdict. */
sg_status sg_comparison_finish(sg_comparison *c, sg_error *err) SG_CHECKED;

sg_status sg_comparison_make_verdict(const sg_comparison *c, char **ret, sg_error *err) SG_CHECKED;

/* A network as a JSON object under `object`, and back; what comes back is not taken on trust. */
void sg_compared_to_json(const sg_compared *n, sg_json *object);
sg_status sg_compared_from_json(const sg_json *object, sg_compared *ret, sg_error *err) SG_CHECKED;

#endif
