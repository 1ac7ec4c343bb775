/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_SMALL_CCDF_H
#define SG_TEST_SMALL_CCDF_H

#include <math.h>

#include "sparsegraph/figure.h"

/* Two series of a few degrees with a fit each; the first has neurons without links. */
static inline sg_status small_ccdf(double width_mm, sg_scene **ret, sg_error *err)
{
    static const uint64_t degree[] = {0, 3, 5, 10, 200};
    static const uint64_t count[] = {2, 6, 4, 3, 1};
    static const uint64_t start[] = {4, 5, 5, 6, 6, 6, 7, 7, 8};
    const sg_ccdf_fit fits[] = {
        {2.5, 3.0, 14.0, 0.35, false, "not scale-free: 14 values in the tail, 50 are needed"},
        {15.2, 5.0, 8.0, NAN, false, NULL},
    };
    const sg_ccdf_series series[] = {
        {.label = "epoch 10", .degree = degree, .count = count, .n = 5, .fit = &fits[0]},
        {.label = "epoch 0", .degree = start, .n = 9, .fit = &fits[1], .reference = true},
    };
    sg_ccdf_params p = SG_CCDF_PARAMS_DEFAULT;
    p.series = series;
    p.n_series = 2;
    p.title = "Degrees of input";
    p.width_mm = width_mm;
    return sg_figure_ccdf(&p, ret, err);
}

#endif
