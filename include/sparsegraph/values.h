/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_VALUES_H
#define SPARSEGRAPH_VALUES_H

/** @file values.h  Lists of numbers in text files, and the whole of what is said of their tail. */

#include "tail.h"

SG_BEGIN_DECLS

/** Numbers in the order of their file. */
typedef struct sg_values {
    size_t n;
    double *value; /**< (n) finite; owned */
    bool counts;   /**< all are integers of at least 0 and at most 2^53 */
} sg_values;

/**
 * Reads a text file of numbers, gzipped or not: one or more a line, separated by blanks, tabs,
 * commas or semicolons; what follows # or % on a line is a comment.
 *
 * @param path     "-" reads standard input.
 * @param[out] ret untouched on failure; sg_values_clear() frees what it owns.
 *
 * @retval SG_ENOTFOUND  no such file.
 * @retval SG_EIO        the system would not read it.
 * @retval SG_EFORMAT    a word that is no finite number (the message names file, line and word), no
 *                       number at all, more than 2^30 bytes, a broken gzip.
 * @retval SG_ENOMEM     no memory.
 */
SG_API SG_CHECKED sg_status sg_values_read(const char *path, sg_values *ret, sg_error *err);

/** Frees the numbers and empties v; NULL is allowed. */
SG_API void sg_values_clear(sg_values *v);

/** What the numbers are taken for. */
typedef enum sg_values_kind {
    SG_VALUES_DETECT = 0, /**< counts where all are, else reals */
    SG_VALUES_DISCRETE,   /**< counts: fitted on the integers */
    SG_VALUES_CONTINUOUS, /**< reals */
} sg_values_kind;

typedef struct sg_values_fit_params {
    sg_values_kind kind;
    sg_powerlaw_params powerlaw;
    sg_tail_index_params index; /**< its `integers` is set from the kind */
} sg_values_fit_params;

#define SG_VALUES_FIT_PARAMS_DEFAULT                                                               \
    {                                                                                              \
        .powerlaw = SG_POWERLAW_PARAMS_DEFAULT, .index = SG_TAIL_INDEX_PARAMS_DEFAULT              \
    }

/** All that is said of the tail of a list of numbers. */
typedef struct sg_values_fit {
    bool discrete;                     /**< which of the two fits holds; the other is zero */
    sg_powerlaw fit;                   /**< judged, with its favoured alternative */
    sg_powerlaw_continuous continuous; /**< the same of reals */
    sg_tail_indices index;
    sg_scale_free_class scale_free; /**< of this list alone */
} sg_values_fit;

/**
 * Fits a power law and its alternatives, estimates the tail index, and judges.
 *
 * @param params  may be NULL: the defaults.
 * @param[out] ret  untouched on failure.
 *
 * @retval SG_EINVAL  a value is not finite; counts were asked for and a value is none; a setting of
 *                    the power law or the tail index is out of range.
 * @retval SG_ENOMEM  no memory.
 *
 * Thread-safe. The same input and seeds give the same result.
 */
SG_API SG_CHECKED sg_status sg_values_fit_tail(const double *values, size_t n,
                                               const sg_values_fit_params *params,
                                               sg_values_fit *ret, sg_error *err);

SG_END_DECLS

#endif
