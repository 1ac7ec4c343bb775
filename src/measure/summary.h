/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_SUMMARY_H
#define SG_MEASURE_SUMMARY_H

/* What is said of a list of degrees or strengths; the definitions stand in measure.h. */

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

typedef struct sg_summary {
    size_t n;
    size_t n_zeros;
    double mean;
    double dispersion; /* variance / mean; NaN where the mean is 0 */
    double gini;       /* NaN where the sum is 0 */
    double entropy; /* of the shares of the sum, over log2(n); NaN where the sum is 0 or n is 1 */
    double max;     /* 0 of an empty list */
} sg_summary;

/* Summarises n values, none negative, in O(n log n); sorts them in place. */
sg_summary sg_summarise(double *values, size_t n);

#endif
