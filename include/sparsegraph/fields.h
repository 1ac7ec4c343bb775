/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_FIELDS_H
#define SPARSEGRAPH_FIELDS_H

/**
 * @file fields.h  What one neuron hears and what it reaches, along paths of connections through any
 * number of links; and how many paths lead to and from every neuron.
 *
 * A path follows connections from layer to layer and may use any links, skips included. Stored zero
 * weights are connections. The path from a neuron to itself, of no connection, counts once: a
 * neuron is in its own field.
 */

#include "snapshot.h"

SG_BEGIN_DECLS

/** One neuron of a network. */
typedef struct sg_neuron {
    size_t layer; /**< index of its layer */
    size_t index; /**< below the layer's size */
} sg_neuron;

/** What a path contributes to a weighted field. */
typedef enum sg_path_weight {
    SG_PATH_COUNT = 0, /**< 1: the sum is the number of paths */
    SG_PATH_ABSOLUTE,  /**< the product of its |weights| */
    SG_PATH_SIGNED,    /**< the product of its weights: the sum is the response of the linear
                            network, activation functions left out */
} sg_path_weight;

/**
 * Finds the neurons of a layer from which a path leads to one neuron: its receptive field there.
 *
 * @param layer     where to look, normally an input layer.
 * @param[out] ret  (size of `layer`) true where a path begins; caller's buffer.
 * @retval SG_EINVAL  no such neuron or layer.
 * @retval SG_ENOMEM  no memory.
 *
 * On failure ret is untouched. Thread-safe. O(neurons + connections).
 */
SG_API SG_CHECKED sg_status sg_receptive_field(const sg_snapshot *s, sg_neuron of, size_t layer,
                                               bool *ret, sg_error *err);

/** Finds the neurons of a layer, normally an output layer, to which a path leads from one neuron.
 * Otherwise as sg_receptive_field(). */
SG_API SG_CHECKED sg_status sg_projective_field(const sg_snapshot *s, sg_neuron of, size_t layer,
                                                bool *ret, sg_error *err);

/**
 * Sums the paths that lead to one neuron from each neuron of a layer: its weighted receptive field.
 *
 * @param weight    what a path contributes, dimensionless (a product of weights).
 * @param[out] ret  (size of `layer`) the sums, 0 where no path begins; caller's buffer.
 * @retval SG_EINVAL  no such neuron or layer, or a sum is beyond the range of double.
 * @retval SG_ENOMEM  no memory.
 *
 * On failure ret is untouched. Thread-safe. O(neurons + connections).
 */
SG_API SG_CHECKED sg_status sg_receptive_weights(const sg_snapshot *s, sg_neuron of, size_t layer,
                                                 sg_path_weight weight, double *ret, sg_error *err);

/** Sums the paths that lead from one neuron to each neuron of a layer. Otherwise as
 * sg_receptive_weights(). */
SG_API SG_CHECKED sg_status sg_projective_weights(const sg_snapshot *s, sg_neuron of, size_t layer,
                                                  sg_path_weight weight, double *ret,
                                                  sg_error *err);

/** Paths through every neuron; the arrays are the caller's, (neurons of all layers) in the order of
 * the layers, and any of them may be NULL. */
typedef struct sg_path_counts {
    double *log10_in;   /**< log10 of the paths that lead from an input here; -infinity: none */
    double *log10_out;  /**< log10 of the paths that lead from here to an output; -infinity: none */
    double *centrality; /**< share of all input-output paths that pass here, in [0, 1]; NaN where
                             the network has none */
} sg_path_counts;

/**
 * Counts paths through every neuron.
 *
 * Inputs are the neurons of layers that send and do not receive, outputs those of layers that
 * receive and do not send. Counts have no upper limit: they are kept with an exponent of their own.
 *
 * @param[out] log10_total  log10 of all paths from an input to an output; -infinity: none; may be
 * NULL.
 * @retval SG_ENOMEM  no memory.
 *
 * On failure the outputs are untouched. Thread-safe. O(neurons + connections).
 */
SG_API SG_CHECKED sg_status sg_count_paths(const sg_snapshot *s, const sg_path_counts *ret,
                                           double *log10_total, sg_error *err);

SG_END_DECLS

#endif
