/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_PASS_GROUP_H
#define SG_TRAIN_PASS_GROUP_H

/* A group of a batch's samples on its way through the network. */

#include "train/pass.h"
#include "train/team.h"

/* The group at one layer, each (size, stride). */
typedef struct layer_buffer {
    float *z; /* before the activation; the same array as y under ReLU and in the output layer */
    float *y; /* what the next layer reads */
    /* gradient by z; none in the input layer. It takes the place of y where the links to the next
     * layer multiply by themselves: each row of y is then read last by what writes it. */
    float *d;
    float *mask; /* the factors of dropout, or NULL */
} layer_buffer;

typedef struct sg_group {
    sg_network *net;
    const sg_kernels *kernels;
    size_t index;           /* among the network's groups: which part of each gradient is written */
    size_t first;           /* the group's first column among all groups' */
    size_t stride;          /* columns of a part: samples that go through the layers together */
    size_t n_columns;       /* of all parts of all groups */
    size_t n;               /* samples in it */
    size_t n_batch;         /* samples of the whole batch */
    uint8_t *label;         /* (stride) of the part at hand */
    const uint32_t *chosen; /* (n) which samples are in it, or NULL: they start at first_sample */
    size_t first_sample;
    const uint32_t *next; /* (n_next) its samples of the next batch */
    size_t n_next;
    layer_buffer *layers; /* (n_layers) */
    const sg_dropout *dropout;
    sg_score score;
    sg_team team;
} sg_group;

/* How groups of n samples go through the layers: in parts of `stride` columns. */
typedef struct sg_columns {
    size_t n_parts;
    size_t stride;
} sg_columns;
sg_columns sg_group_columns(const sg_network *net, size_t n);

/* Makes room for n samples; `group` is zeroed but for the network and the kernels. SG_ENOMEM: clear
 * it. */
sg_status sg_group_open(sg_group *group, size_t n, bool with_dropout, sg_error *err) SG_CHECKED;
void sg_group_clear(sg_group *group);

/* Samples of a group that go through the layers together: n of them, from column `at` on. */
typedef struct sg_part {
    sg_group *group;
    size_t at;
    size_t n;
} sg_part;

/* Returns the i-th part; the first exists even if it is empty. */
static inline sg_part sg_group_part(sg_group *group, size_t i)
{
    const size_t at = i * group->stride;
    const size_t left = group->n > at ? group->n - at : 0;
    return (sg_part){group, at, left < group->stride ? left : group->stride};
}

/* Each is called by every member of the group's team, one after the other. */
void sg_part_load(const sg_part *part, sg_member member, const sg_dataset *data, sg_split split);
void sg_part_forward(const sg_part *part, sg_member member);
/* Adds to group->score; d of the output layer where `backward`. */
void sg_part_loss(const sg_part *part, sg_member member, bool backward);
/* Writes the gradients; from the second part on it adds to them. */
void sg_part_backward(const sg_part *part, sg_member member);
/* Starts to fetch the samples of the next batch; no influence on any result. */
void sg_group_fetch_next(const sg_group *group, sg_member member, const sg_dataset *data,
                         sg_split split);

#endif
