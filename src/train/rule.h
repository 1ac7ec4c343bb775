/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_RULE_H
#define SG_TRAIN_RULE_H

/* The rules by which a topology changes between epochs: one file a rule. */

#include "train/network.h"

/* When a rule is asked: after epoch `epoch` of the run, counted from 1. */
typedef struct sg_rule_when {
    uint64_t seed;
    uint32_t epoch;
    bool last; /* no training follows */
    double zeta;
    size_t n_threads; /* 0 is taken for 1; no influence on the result */
} sg_rule_when;

typedef struct sg_rule {
    sg_method method;
    /* Changes the links of a network; on failure it is fit to be freed only. NULL: never changes.
     */
    sg_status (*evolve)(sg_network *net, const sg_rule_when *when, sg_error *err);
    bool leaves_final; /* the last evolution gives a network of its own, final.safetensors */
} sg_rule;

/* Returns the rule of a method, never NULL. */
const sg_rule *sg_rule_of(sg_method method);

/*
 * SET: per evolving layer removes the fraction zeta of the positive weights closest to zero and of
 * the negative ones, and exact zeros, then grows as many links uniformly on empty cells with
 * weights N(0, 0.1^2) and velocity 0; after the last epoch it removes only.
 * doi:10.1038/s41467-018-04316-3, Algorithm 1.
 */
sg_status sg_set_evolve(sg_network *net, const sg_rule_when *when, sg_error *err) SG_CHECKED;

#endif
