/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_MEASURED_H
#define SG_MEASURE_MEASURED_H

/* A network being measured: what several measures share is computed once, when first asked for. */

#include "measure/summary.h"
#include "sparsegraph/measure.h"
#include "sparsegraph/powerlaw.h"

enum { SG_N_SIDES = 2 };

/* Degrees and strengths on one side of a link. */
typedef struct sg_measured_side {
    size_t n;         /* neurons */
    uint64_t *degree; /* (n) in the order of the neurons */
    sg_summary by_degree;
    sg_summary by_strength;
    sg_powerlaw fit;
    bool fitted;
    bool compared; /* the fit was held against the alternatives, too */
} sg_measured_side;

/* What became of the connections since another network. */
typedef struct sg_change {
    uint64_t kept;
    uint64_t added;
    uint64_t removed;
    bool known; /* there is another network, and it has this link */
} sg_change;

typedef enum sg_since {
    SG_SINCE_PREVIOUS = 0,
    SG_SINCE_START,
    SG_N_SINCE,
} sg_since;

/* What components, cores and total degrees say of the whole network. */
typedef struct sg_measured_whole {
    size_t n_nodes;
    size_t n_components;
    size_t n_isolated;
    size_t n_giant;
    uint32_t core_max;
    sg_summary degree;
} sg_measured_whole;

/* What a family keeps between its measures: one slot each. */
typedef enum sg_kept {
    SG_KEPT_BIPARTITE = 0, /* overlaps, butterflies, clusterings of the links */
    SG_KEPT_SPECTRUM,      /* singular values of the links */
    SG_KEPT_MODULARITY,    /* partitions of the links */
    SG_KEPT_INPUTS,        /* what the variance of the inputs tells */
    SG_KEPT_PATHS,         /* path counts */
    SG_KEPT_FIELDS,        /* receptive and projective fields */
    SG_KEPT_DIAMONDS,
    SG_KEPT_PERSISTENCE,
    SG_KEPT_DISTANCES,
    SG_KEPT_COMMUNITIES,
    SG_KEPT_HUBS,
    SG_KEPT_NNSTD,
    SG_N_KEPT,
} sg_kept;

typedef struct sg_kept_slot {
    void *data;
    void (*release)(void *data);
} sg_kept_slot;

struct sg_measured {
    const sg_snapshot *snapshot;
    sg_measured_params params;
    size_t n_layers;
    size_t n_links;
    sg_measured_side (*side)[SG_N_SIDES]; /* (n_links) */
    bool *has_sides;                      /* (n_links) */
    sg_change (*change)[SG_N_SINCE];      /* (n_links) */
    bool has_changes;
    size_t *n_active; /* (n_layers) neurons on a path from an input to an output */
    bool has_active;
    sg_measured_whole whole;
    bool has_whole;
    sg_kept_slot kept[SG_N_KEPT];
};

/* Returns what a family kept, borrowed, or NULL before it keeps something. */
void *sg_measured_kept(const sg_measured *m, sg_kept slot);

/* Keeps a family's data until sg_measured_free(), which calls `free` on it; once a slot. */
void sg_measured_keep(sg_measured *m, sg_kept slot, void *data, void (*free)(void *data));

/* The families fill these in, each once. */
sg_status sg_measured_sides(sg_measured *m, size_t link, sg_error *err) SG_CHECKED;
sg_status sg_measured_fit(sg_measured *m, size_t link, sg_side side, sg_error *err) SG_CHECKED;
sg_status sg_measured_compare(sg_measured *m, size_t link, sg_side side, sg_error *err) SG_CHECKED;
void sg_measured_changes(sg_measured *m);
/* Compares two matrices of one shape; older may be NULL. O(rows + connections). */
sg_change sg_change_between(const sg_csr *older, const sg_csr *newer);
/* Returns the same link of the network it is measured against, borrowed, or NULL. */
const sg_csr *sg_measured_before(const sg_measured *m, size_t link, sg_since since);
sg_status sg_measured_active(sg_measured *m, sg_error *err) SG_CHECKED;
sg_status sg_measured_whole_network(sg_measured *m, sg_error *err) SG_CHECKED;

/* One family of the registry. */
typedef struct sg_measure_family {
    const sg_measure *measures;
    size_t n;
} sg_measure_family;

extern const sg_measure_family sg_family_degree;
extern const sg_measure_family sg_family_bipartite;
extern const sg_measure_family sg_family_spectrum;
extern const sg_measure_family sg_family_modules;
extern const sg_measure_family sg_family_inputs;
extern const sg_measure_family sg_family_powerlaw;
extern const sg_measure_family sg_family_change;
extern const sg_measure_family sg_family_history;
extern const sg_measure_family sg_family_network_history;
extern const sg_measure_family sg_family_hubs;
extern const sg_measure_family sg_family_nnstd;
extern const sg_measure_family sg_family_network_nnstd;
extern const sg_measure_family sg_family_active;
extern const sg_measure_family sg_family_whole;
extern const sg_measure_family sg_family_bicm;
extern const sg_measure_family sg_family_graph;
extern const sg_measure_family sg_family_persistence;
extern const sg_measure_family sg_family_layer_paths;
extern const sg_measure_family sg_family_fields;
extern const sg_measure_family sg_family_layer_diamonds;
extern const sg_measure_family sg_family_paths;
extern const sg_measure_family sg_family_diamonds;
extern const sg_measure_family sg_family_distances;
extern const sg_measure_family sg_family_small_world;
extern const sg_measure_family sg_family_communities;
extern const sg_measure_family sg_family_network_persistence;

#endif
