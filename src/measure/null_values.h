/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_NULL_VALUES_H
#define SG_MEASURE_NULL_VALUES_H

/* The measures of a network taken again on random ones, in a worker, and what they come to. */

#include "base/json.h"
#include "measure/analysis_internal.h"

/* Which random networks a worker measures: [first, first + n). */
typedef struct sg_null_batch {
    uint32_t first;
    uint32_t n;
    sg_null_model degrees_model;
} sg_null_batch;

/*
 * Draws random networks for s and measures them, as JSON: {"values": [[…], …], "levelled": bool},
 * a list for each network of the values with nulls, in the order of the analysis's rows.
 */
sg_status sg_null_values(const sg_snapshot *s, const sg_measured_params *against,
                         const sg_measure_list *list, const sg_null_batch *batch, char **ret,
                         sg_error *err) SG_CHECKED;

/* The values of one snapshot's rows on random networks, as they come in from the workers. */
typedef struct sg_null_sample {
    size_t n_rows;  /* rows that have nulls */
    size_t n_nulls; /* networks there is room for */
    size_t n;       /* networks that are in */
    double *value;  /* (n_rows, n_nulls) */
} sg_null_sample;

void sg_null_sample_clear(sg_null_sample *sample);

/* Makes room for the rows of the snapshot that an analysis took last. SG_ENOMEM. */
sg_status sg_null_sample_open(const sg_analysis *a, const sg_measure_list *list, size_t n_nulls,
                              sg_null_sample *ret, sg_error *err) SG_CHECKED;

/* Adds what sg_null_values() made. SG_EFORMAT: it is something else. */
sg_status sg_null_sample_add(sg_null_sample *sample, const sg_json *values,
                             sg_error *err) SG_CHECKED;

/* Summarises the values into the rows of the snapshot that the analysis took last. */
void sg_null_sample_close(sg_null_sample *sample, const sg_measure_list *list, sg_analysis *a);

/* Works out z and effect from value, null_mean and null_sd. */
void sg_row_compare_to_nulls(sg_analysis_row *row);

#endif
