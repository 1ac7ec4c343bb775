/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_PASS_GROUP_H
#define SG_TRAIN_PASS_GROUP_H

/* A group of a batch's samples on its way through the network. */

#include "train/pass.h"
#include "train/team.h"

/* The group at one layer, each (size, stride). */
typedef struct layer_buffer {
    float *z;    /* before the activation; the same array as y under ReLU and in the output layer */
    float *y;    /* what the next layer reads */
    float *d;    /* gradient by z; none in the input layer */
    float *mask; /* the factors of dropout, or NULL */
} layer_buffer;

typedef struct sg_group {
    sg_network *net;
    const sg_kernels *kernels;
    size_t index;         /* among the network's groups: which part of each gradient is written */
    size_t first;         /* the group's first column among all groups' */
    size_t stride;        /* columns */
    size_t n_columns;     /* of all groups */
    size_t n;             /* samples in it */
    size_t n_batch;       /* samples of the whole batch */
    uint8_t *label;       /* (stride) */
    uint32_t *sample;     /* (stride) which samples are in it */
    layer_buffer *layers; /* (n_layers) */
    const sg_dropout *dropout;
    sg_score score;
    sg_team team;
} sg_group;

/* Makes room for n samples; `group` is zeroed. SG_ENOMEM: clear it. */
sg_status sg_group_open(sg_group *group, sg_network *net, size_t n, bool with_dropout,
                        sg_error *err) SG_CHECKED;
void sg_group_clear(sg_group *group);

/* Each is called by every member of the group's team, one after the other. */
void sg_group_load(sg_group *group, sg_member member, const sg_dataset *data, sg_split split);
void sg_group_forward(sg_group *group, sg_member member);
/* Fills group->score; d of the output layer where `backward`. */
void sg_group_loss(sg_group *group, sg_member member, bool backward);
void sg_group_backward(sg_group *group, sg_member member);

#endif
