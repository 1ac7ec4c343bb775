/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_NEURONS_H
#define SG_MEASURE_NEURONS_H

/* The neurons of all layers in one row, and which layers begin and end paths. */

#include "base/status.h"
#include "sparsegraph/snapshot.h"

/* Makes (n_layers + 1) numbers: the first neuron of each layer, then how many there are in all. The
 * caller frees *ret with sg_free(). */
sg_status sg_neurons_first(const sg_snapshot *s, size_t **ret, sg_error *err) SG_CHECKED;

/* Whether the layer sends and does not receive: paths begin there. */
bool sg_layer_is_input(const sg_snapshot *s, size_t layer);

/* Whether the layer receives and does not send: paths end there. */
bool sg_layer_is_output(const sg_snapshot *s, size_t layer);

#endif
