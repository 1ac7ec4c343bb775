/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_LINK_H
#define SG_TRAIN_LINK_H

/*
 * In which order a link's weights, velocities and gradients lie, and how its products come to know
 * of changed weights.
 *
 * Backward products go through the links in the order of the transposed index, forward products in
 * that of the matrix. Where one of the arrays fits a core's second-level cache, all lie in the
 * order of the matrix, the weights are the matrix's, and backward products look each link up. Where
 * it does not, that would take half of the time: the arrays are turned into the order of the index,
 * and the matrix has a copy of the weights, 4 bytes a link. The largest networks have no room for
 * that, and links that multiply by their cells no index.
 */

#include "train/network.h"
#include "train/sgd.h"

/* Links up to which an array fits half of a core's second-level cache, 1 MiB. */
enum { SG_LINKS_IN_CACHE = 1 << 18 };

/* Returns whether the arrays lie in the order of the transposed index. */
static inline bool sg_link_is_turned(const train_link *link)
{
    return link->weight.value != link->matrix->value;
}

/* Puts the arrays, in the order of the matrix, into that of its index, which is there, where that
 * pays. The gradient is lost. SG_ENOMEM. */
sg_status sg_link_turn(const sg_network *net, train_link *link, sg_error *err) SG_CHECKED;

/* Puts them back; nothing where they are not turned. The gradient is lost. */
void sg_link_turn_back(train_link *link);

/* Returns the velocities in the order of the matrix, (n_links): those themselves, or a copy in the
 * place of the gradient, good until that is written again. */
const float *sg_link_velocity(const train_link *link);

/* Copies the weights of a share of the links to where the products read them; the shares are those
 * of sg_sgd_step(), and whoever changed a weight copies it. */
void sg_link_refresh(const train_link *link, sg_share share);

#endif
