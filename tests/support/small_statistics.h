/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_SMALL_STATISTICS_H
#define SG_TEST_SMALL_STATISTICS_H

#include <math.h>

#include "sparsegraph/figure.h"

/* The untrained network and a later one, against a Poisson distribution of mean 4. */
static inline sg_status small_ridgelines(double width_mm, sg_scene **ret, sg_error *err)
{
    static const uint64_t start[] = {2, 3, 4, 4, 5, 6};
    static const uint64_t degree[] = {0, 1, 4, 30};
    static const uint64_t count[] = {3, 1, 5, 1};
    static const double poisson[] = {0.0183, 0.0733, 0.1465, 0.1954, 0.1954, 0.1563,
                                     0.1042, 0.0595, 0.0298, 0.0132, 0.0053};
    const sg_ridge ridges[] = {
        {.label = "0", .degree = start, .n = 6, .marked = true},
        {.label = "10", .degree = degree, .count = count, .n = 4},
    };
    sg_ridgelines_params p = SG_RIDGELINES_PARAMS_DEFAULT;
    p.ridges = ridges;
    p.n_ridges = 2;
    p.reference = poisson;
    p.n_reference = 11;
    p.reference_label = "Poisson";
    p.width_mm = width_mm;
    return sg_figure_ridgelines(&p, ret, err);
}

/* Two links: no finding, findings of both signs, one beyond the scale, one that is not defined. */
static inline sg_status small_zscores(double width_mm, sg_scene **ret, sg_error *err)
{
    static const double first[] = {0.3, -1.9, 5.0, -12.0, NAN, 3000.0};
    static const double second[] = {NAN, NAN, NAN, 2.0, -2.0, 0.0};
    static const long epochs[] = {0, 5, 10};
    static const sg_zscores_row rows[] = {{"in-degree, Gini", "Random links"},
                                          {"butterflies", "Links of the same degrees"}};
    const sg_zscores_panel panels[] = {{"input-hidden1", first}, {"hidden1-output", second}};
    sg_zscores_params p = SG_ZSCORES_PARAMS_DEFAULT;
    p.rows = rows;
    p.n_rows = 2;
    p.epochs = epochs;
    p.n_epochs = 3;
    p.panels = panels;
    p.n_panels = 2;
    p.width_mm = width_mm;
    return sg_figure_zscores(&p, ret, err);
}

/* A matrix as it is, and with its rows turned round and in two groups. */
static inline sg_status small_adjacency(double width_mm, sg_scene **ret, sg_error *err)
{
    static const uint32_t row[] = {0, 0, 1, 2, 3};
    static const uint32_t col[] = {0, 4, 1, 2, 2};
    static const uint32_t row_at[] = {3, 2, 1, 0};
    static const uint32_t cut[] = {2};
    const sg_adjacency_panel panels[] = {
        {.title = "Epoch 0", .n_links = 5, .row = row, .col = col},
        {.title = "Epoch 10",
         .n_links = 4,
         .row = row,
         .col = col,
         .row_at = row_at,
         .row_cut = cut,
         .col_cut = cut,
         .n_cuts = 1},
    };
    sg_adjacency_params p = SG_ADJACENCY_PARAMS_DEFAULT;
    p.n_rows = 4;
    p.n_cols = 5;
    p.panels = panels;
    p.n_panels = 2;
    p.width_mm = width_mm;
    return sg_figure_adjacency(&p, ret, err);
}

#endif
