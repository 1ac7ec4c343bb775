/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_NETWORK_H
#define SG_TRAIN_NETWORK_H

/* A multilayer perceptron in training: truly sparse links and what the optimiser keeps beside them.
 */

#include "sparse/dense.h"
#include "sparse/kernels.h"
#include "sparse/topology.h"
#include "sparsegraph/snapshot.h"
#include "sparsegraph/train.h"
#include "train/ranks_internal.h"

/* A trained array with its momentum, both (n), and its gradients. */
typedef struct parameter {
    size_t n;
    size_t n_groups; /* those of the network that this rank has, at least 1 */
    float *value;    /* a link's: its own, or borrowed from its matrix */
    float *velocity;
    float *gradient; /* (n_groups, n) one for each group of a batch's samples */
} parameter;

/* Returns the gradient of a group, (n). */
static inline float *sg_parameter_gradient(const parameter *p, size_t group)
{
    return p->gradient ? p->gradient + group * p->n : NULL;
}

/* The parameters of SReLU (arXiv:1512.07030) lie one after the other in one array, each (size). */
enum { SRELU_T_LEFT, SRELU_A_LEFT, SRELU_T_RIGHT, SRELU_A_RIGHT, N_SRELU };

typedef struct train_layer {
    size_t size;
    parameter bias;  /* empty in the input layer */
    parameter srelu; /* (N_SRELU * size) in hidden layers under SReLU, else empty */
} train_layer;

typedef struct train_link {
    sg_csr *matrix;   /* (size of the next layer, size of this) */
    parameter weight; /* in the order that train/link.h tells of */
    bool evolves;
    /* All cells where the link multiplies by them, else NULL: (n_rows, n_cols) weights, the
     * matrix's own values if it is full; and of another one the groups' gradients, (n_groups,
     * n_rows, n_cols). Remade when the topology changes. */
    float *cell;
    float *cell_gradient;
    /* The transposed index: rows send. Rebuilt when the topology changes; none where there are
     * cells. */
    uint64_t *t_start;    /* (n_cols + 1) */
    uint32_t *t_row;      /* (n_links) receiving neuron */
    uint32_t *t_position; /* (n_links) where the link stands in the matrix */
} train_link;

typedef struct sg_network {
    size_t n_groups; /* into which a batch is cut; follows from the settings alone */
    sg_ranks *ranks; /* that train together; NULL: one alone */
    sg_range own;    /* the groups of this rank: all where there is but one */
    size_t n_layers; /* input and output included; link l leads from layer l to l + 1 */
    train_layer *layers;
    train_link *links; /* (n_layers - 1) */
    sg_activation activation;
    sg_loss loss;
    const sg_dense *dense; /* how cells multiply; NULL: no link has any */
    bool turns;            /* whether links keep their arrays in the order of their index */
} sg_network;

/* Returns into how many groups a batch is cut where the settings do not say it. */
size_t sg_network_choose_groups(const sg_train_params *p, size_t n_inputs, size_t n_classes);

/* Allocates value (unless borrowed), velocity and gradients, zeroed. SG_ENOMEM. */
sg_status sg_parameter_new(size_t n, size_t n_groups, float *borrowed_value, parameter *ret,
                           sg_error *err) SG_CHECKED;

/* Draws the untrained network of the settings. SG_ENOMEM, SG_EINVAL (more than 2^32 - 1 links a
 * layer). */
sg_status sg_network_new(const sg_train_params *p, size_t n_inputs, size_t n_classes,
                         sg_network **ret, sg_error *err) SG_CHECKED;
void sg_network_free(sg_network *net);

/* Layers with biases of 0, and links without matrices, for sg_network_set_matrix() to fill.
 * SG_ENOMEM. */
sg_status sg_network_skeleton(const sg_train_params *p, size_t n_inputs, size_t n_classes,
                              sg_network **ret, sg_error *err) SG_CHECKED;

/* Takes over a matrix as link l with a zero velocity, and builds its index. On failure the matrix
 * stays the caller's, and the network is fit to be freed only. */
sg_status sg_network_set_matrix(sg_network *net, size_t l, sg_csr *matrix,
                                sg_error *err) SG_CHECKED;

/*
 * Frees all that follows from the matrix of link l, its index and gradients; and makes it anew,
 * once the matrix has changed. In between, the network is fit to be freed only. SG_ENOMEM.
 */
void sg_network_forget_index(sg_network *net, size_t l);
sg_status sg_network_index(sg_network *net, size_t l, sg_error *err) SG_CHECKED;

/* Returns the links stored, and those of the same layers fully connected. */
size_t sg_network_n_links(const sg_network *net);
double sg_network_n_cells(const sg_network *net);

/* Returns a number that tells two networks apart: of every link, value and velocity. */
uint64_t sg_network_digest(const sg_network *net);

/*
 * The network as a snapshot (input_shape: n_dims entries whose product is the input's size), and
 * with with_velocities everything that a checkpoint needs of it. The arrays stay the network's: the
 * snapshot is to be written and freed before the network moves on.
 */
typedef struct sg_input_shape {
    size_t n_dims;
    const size_t *shape;
} sg_input_shape;
sg_status sg_network_to_snapshot(const sg_network *net, sg_input_shape input, bool with_velocities,
                                 sg_snapshot **ret, sg_error *err) SG_CHECKED;

/*
 * The network of a checkpoint, whose arrays it takes: free the snapshot next, on failure too.
 * SG_EFORMAT: it does not fit the settings.
 */
sg_status sg_network_from_checkpoint(const sg_train_params *p, size_t n_inputs, size_t n_classes,
                                     sg_snapshot *s, sg_network **ret, sg_error *err) SG_CHECKED;

#endif
