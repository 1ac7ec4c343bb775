/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_NULL_MODEL_H
#define SPARSEGRAPH_NULL_MODEL_H

/**
 * @file null_model.h  Random networks that share something with a network, and nothing else.
 *
 * Every model is drawn link by link, so that connections stay between the layers that they join: a
 * rewiring of the whole graph would carry them into other layers. What a network has in common with
 * its null model is explained by what the model keeps; what it has not, needs another explanation.
 *
 * Full links (density 1) have no other arrangement and are copied.
 */

#include "snapshot.h"

SG_BEGIN_DECLS

/** What a random network keeps of a link. */
typedef enum sg_null_model {
    SG_NULL_MODEL_RANDOM = 0, /**< layers and the number of connections: Erdős–Rényi, G(n, m) */
    SG_NULL_MODEL_CURVEBALL,  /**< every neuron's in- and out-degree, exactly */
    SG_NULL_MODEL_BICM,       /**< every neuron's in- and out-degree, on average */
} sg_null_model;

/** Returns a model's name, "random", "curveball" or "bicm", or NULL past the last. Thread-safe. */
SG_API const char *sg_null_model_name(sg_null_model model);

/** How a random network is drawn. */
typedef struct sg_null_params {
    sg_null_model model;
    uint64_t seed;
    uint32_t index; /**< which one of the networks of this seed: 0, 1, … */
} sg_null_params;

/** What became of a draw; of all links, the worst. */
typedef struct sg_null_drawn {
    size_t n_trades;  /**< curveball: trades done on the link that needed most; else 0 */
    double in_common; /**< curveball: largest share of a link's connections that stayed; else NaN */
    bool levelled;    /**< that share had stopped falling on every link */
} sg_null_drawn;

/**
 * Draws a random network.
 *
 * Weights: `random` deals a link's weights to its connections anew; `curveball` deals each
 * receiving neuron's weights anew to its own, so that in-strengths stay as well; `bicm`, where
 * counts vary, draws each weight from the link's. Layers, biases, extra tensors and metadata are
 * copied.
 *
 * Curveball trades on the side with fewer neurons, every pair of neurons exchanging what only one
 * of them is linked to, in rounds that pair all of them at random: at least 10 trades a neuron, and
 * then until the share of connections still in their old place has levelled off.
 *
 * BiCM links every pair on its own with probability x_i y_j / (1 + x_i y_j), the law of largest
 * entropy whose expected degrees are those of the network.
 *
 * @param drawn     may be NULL.
 * @param[out] ret  the network; the caller's, sg_snapshot_free().
 *
 * @retval SG_ENOMEM  no memory.
 * @retval SG_EINVAL  no such model.
 *
 * The same network and params give the same result. Thread-safe. O(connections) a round.
 *
 * Sources: Strona et al., Nat. Commun. 5:4114 (2014), doi:10.1038/ncomms5114; global trades:
 * Carstens, Hamann et al., ESA 2018, doi:10.4230/LIPIcs.ESA.2018.11; BiCM: Saracco et al., Sci.
 * Rep. 5:10595 (2015), doi:10.1038/srep10595.
 */
SG_API SG_CHECKED sg_status sg_null_network(const sg_snapshot *s, const sg_null_params *params,
                                            sg_null_drawn *drawn, sg_snapshot **ret, sg_error *err);

SG_END_DECLS

#endif
