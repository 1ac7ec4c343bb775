/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_NNSTD_H
#define SG_MEASURE_NNSTD_H

/*
 * Neural network sparse topology distance: how different two networks are once the hidden neurons
 * of one are told apart by their connections alone, not by their numbers.
 *
 * Layer after layer, in the order of the network: the inputs of a neuron are the sending neurons of
 * all its connections, those of `b` renamed to the neurons of `a` that they were matched with. The
 * distance of two neurons is |symmetric difference| / |union| of their inputs, 0 where neither has
 * any. Neurons of a hidden layer (one that receives and sends) are matched one to one at the least
 * sum of distances, exactly and not greedily; inputs and outputs stand for something and keep their
 * places. A link's distance is the mean over its receiving neurons, matched so, of the distance by
 * that link's connections alone; the network's is the mean of its links'. 0 = equal up to the order
 * of hidden neurons, if the least sum is 0 in each layer in turn; 1 = nothing in common.
 *
 * Source: Liu et al., ECML PKDD 2020, arXiv:2006.14085, and the authors' code, which matches the
 * neurons of the last layer, too, and knows chains of layers only.
 */

#include "sparsegraph/snapshot.h"

/* Wider hidden layers are not matched: time goes with the third power of the neurons. */
enum { SG_NNSTD_NEURONS_MAX = 4096 };

typedef struct sg_nnstd {
    size_t n_links;
    double *of_link; /* (n_links) in the order of `a`; NaN where a layer is too wide to be matched,
                        and for the links from it */
    double network;  /* NaN where a link's is */
} sg_nnstd;

/*
 * Compares two networks. Where their layers or links differ all distances are NaN. The array in
 * *ret is the caller's: sg_nnstd_clear(). SG_ENOMEM.
 */
sg_status sg_nnstd_make(const sg_snapshot *a, const sg_snapshot *b, sg_nnstd *ret,
                        sg_error *err) SG_CHECKED;
void sg_nnstd_clear(sg_nnstd *d);

#endif
