/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_IGRAPH_FIT_H
#define SG_TEST_IGRAPH_FIT_H

/* The power-law fit of igraph (plfit): an independent implementation to hold ours against. */

#include "unit.h"

#include <igraph/igraph.h>

/* Fits the positive ones of n reals; xmin is found where it is below zero. */
static inline igraph_plfit_result_t igraph_fit(const double *values, size_t n, double xmin,
                                               bool continuous)
{
    SG_AUTOFREE double *positive = SG_NEW_ARRAY(double, n);
    assert_non_null(positive);
    size_t n_positive = 0;
    for (size_t i = 0; i < n; i++)
        if (values[i] > 0)
            positive[n_positive++] = values[i];

    igraph_vector_t view;
    igraph_plfit_result_t ret = {0};
    (void)igraph_vector_view(&view, positive, (igraph_integer_t)n_positive);
    assert_int_equal(igraph_power_law_fit(&view, &ret, xmin, continuous), IGRAPH_SUCCESS);
    return ret;
}

/* The same for counts, with the discrete power law. */
static inline igraph_plfit_result_t igraph_fit_counts(const uint64_t *values, size_t n)
{
    SG_AUTOFREE double *reals = SG_NEW_ARRAY(double, n);
    assert_non_null(reals);
    for (size_t i = 0; i < n; i++)
        reals[i] = (double)values[i];
    return igraph_fit(reals, n, -1, false);
}

#endif
