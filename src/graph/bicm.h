/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_GRAPH_BICM_H
#define SG_GRAPH_BICM_H

#include "base/random.h"
#include "base/status.h"
#include "sparsegraph/csr.h"

/*
 * The bipartite configuration model: links independent, p_ij = x_i y_j / (1 + x_i y_j), expected
 * degrees those of a matrix. Equal degrees have equal fitness, so everything is kept by classes.
 *
 * Source: Saracco et al., Sci. Rep. 5:10595 (2015), doi:10.1038/srep10595.
 */

/* One side: neurons of one degree form a class. */
typedef struct sg_bicm_side {
    size_t n;         /* neurons */
    size_t n_classes; /* distinct degrees */
    uint64_t *degree; /* (n_classes) ascending */
    size_t *count;    /* (n_classes) neurons of that degree */
    uint32_t *member; /* (n) the neurons, class after class, ascending within each */
    double *fitness;  /* (n_classes) x or y */
    uint32_t *forced; /* (n_classes) 0, or when it was found that the class is linked to all
                         (fitness infinite) or to none (0) of those not forced before */
} sg_bicm_side;

typedef struct sg_bicm {
    sg_bicm_side row;
    sg_bicm_side col;
    double error; /* largest difference of an expected degree from the degree, in links */
} sg_bicm;

/* Solves the model for a matrix, by iteration over the classes. SG_ENOMEM. */
sg_status sg_bicm_fit(const sg_csr *m, sg_bicm *ret, sg_error *err) SG_CHECKED;
void sg_bicm_clear(sg_bicm *b);

/* Returns the probability of a link between a row of class i and a column of class j. */
double sg_bicm_probability(const sg_bicm *b, size_t i, size_t j);

/* Draws a matrix without values, in O(rows * classes of columns + links). SG_ENOMEM. */
sg_status sg_bicm_draw(const sg_bicm *b, sg_random *random, sg_csr **ret, sg_error *err) SG_CHECKED;

/*
 * Returns the expected number of butterflies: over all pairs of rows and of columns, the
 * probability that all four links are there. Exact, in O(classes of rows^2 * classes of columns).
 */
double sg_bicm_butterflies(const sg_bicm *b);

#endif
