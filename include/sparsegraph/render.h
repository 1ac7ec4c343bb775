/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_RENDER_H
#define SPARSEGRAPH_RENDER_H

/**
 * @file render.h  Figures from runs, snapshots and graphs.
 *
 * A rendering is named in one table, so that the command and the report offer the same ones:
 *
 *     const sg_rendering *heatmap = sg_rendering_find("heatmap");
 *     const char *inputs[] = {"output/set"};
 *     sg_rendered figure = {0};
 *     if (sg_render(heatmap, inputs, 1, NULL, &figure, &err) == SG_OK)
 *         ... sg_scene_write(figure.scene, "heatmap.svg", ...) ...
 *     sg_rendered_clear(&figure);
 */

#include "error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

SG_BEGIN_DECLS

typedef struct sg_scene sg_scene;

/** Which degrees of a link's neurons a figure is about. */
typedef enum sg_render_side {
    SG_RENDER_BOTH = 0, /**< sending and receiving */
    SG_RENDER_OUT,      /**< links that each neuron of the sending layer sends */
    SG_RENDER_IN,       /**< links that each neuron of the receiving layer receives */
} sg_render_side;

/** In which order the neurons of an adjacency matrix stand. */
typedef enum sg_render_order {
    SG_RENDER_BY_DEGREE = 0, /**< most links first, each network by its own degrees */
    SG_RENDER_BY_COMMUNITY,  /**< communities together, the largest first; by degree within each */
    SG_RENDER_NATURAL,       /**< by index */
} sg_render_order;

/** How a figure is made. Start from SG_RENDER_PARAMS_DEFAULT; each figure reads what it needs. */
typedef struct sg_render_params {
    /** Title, or NULL for the figure's own; "" for none. */
    const char *title;
    /** Width of the figure, mm: 85 fits one journal column, 180 the page; in [40, 400]. */
    double width_mm;
    /** (n_epochs) epochs to show, of those that have a snapshot; NULL = chosen: the first, some
     * between, the last. topology and ccdf show the last of them against the first. */
    const long *epochs;
    size_t n_epochs;
    /** Name of the link between two layers, e.g. "input-hidden1"; NULL = the first (zscores and
     * turnover: each). zscores also takes "network", for the measures of the whole. */
    const char *link;
    sg_render_side side; /**< ccdf, heatmap and ridgelines; BOTH shows the sending side in the last
                            two */
    /** NaN = every link; else only those which a removal of this share would keep, in [0, 1]. */
    double core_zeta;
    uint64_t seed;         /**< of samples, layouts, generated graphs and bootstraps */
    size_t n_sample;       /**< topology: neurons drawn of each layer, 0 = as many as are legible */
    size_t n_bootstrap;    /**< ccdf: replicates of fits that no stored analysis holds */
    size_t n_nulls;        /**< ccdf: random links behind the envelope, 0 = none; zscores: random
                                networks where no stored analysis has any, 20 at most */
    sg_render_order order; /**< adjacency */
    /** fields: the neurons, "hidden1:5,hidden1:17" (layer:index, from 0); NULL = chosen: those of
     * the last hidden layer with the most links. */
    const char *neurons;
} sg_render_params;

#define SG_RENDER_PARAMS_DEFAULT                                                                   \
    {                                                                                              \
        .title = 0, .width_mm = 180.0, .epochs = 0, .n_epochs = 0, .link = 0,                      \
        .side = SG_RENDER_BOTH, .core_zeta = __builtin_nan(""), .seed = 1, .n_sample = 0,          \
        .n_bootstrap = 100, .n_nulls = 100, .order = SG_RENDER_BY_DEGREE, .neurons = 0             \
    }

enum { SG_RENDER_INPUTS_MAX = 8 };

/** One kind of figure; all members are borrowed and constant. */
typedef struct sg_rendering {
    const char *name;    /**< e.g. "heatmap" */
    const char *summary; /**< what it shows, in one line without a full stop */
    const char *inputs;  /**< what it takes, e.g. "RUN|FILE..." */
    size_t min_inputs;   /**< how many of them, at least; 0 = it can do without */
    size_t max_inputs;   /**< and at most; never above SG_RENDER_INPUTS_MAX */
} sg_rendering;

/** A figure made; zero-initialise it. Both members are the caller's: sg_rendered_clear(). */
typedef struct sg_rendered {
    sg_scene *scene; /**< the figure (scene.h) */
    char *caption;   /**< plain text for below it: what, n, epochs, seed, treatment */
} sg_rendered;

/** Frees what a figure holds, and zeroes it. */
SG_API void sg_rendered_clear(sg_rendered *figure);

/** Returns the number of renderings: heatmap, topology, networks, ccdf, timeline, ridgelines,
 * zscores, turnover, adjacency, fields. */
SG_API size_t sg_rendering_count(void);

/** Returns the i-th rendering; i must be below the count. */
SG_API const sg_rendering *sg_rendering_at(size_t i);

/** Returns the rendering of that name, or NULL. */
SG_API const sg_rendering *sg_rendering_find(const char *name);

/**
 * Makes a figure.
 *
 * - heatmap: links per neuron, in the layer's own shape, for chosen epochs on one colour scale;
 *   inputs: one run, or one or more snapshot files, each a panel.
 * - topology: a network's layers fully connected beside the same layers as they are; neurons are
 *   sampled where a layer is wide, and the caption says how. Input: one run or snapshot file.
 * - networks: two graphs side by side, the first dense, the second sparse. Inputs: none (people of
 *   Zachary's karate club, everyone linked to everyone against the friendships observed), one
 *   graph (against the complete graph on its nodes), or two; each a file or a built-in name.
 * - ccdf: the degrees' complementary cumulative distribution, log-log, of the last epoch against
 *   the first, with the fitted power law from xmin on and the verdict. Input: one run or file.
 *   A run's stored analysis is used where it has one that covers the two epochs; else fits are
 *   made. Behind them, where 95 % of random (Erdős–Rényi) links of as many connections lie.
 * - timeline: test accuracy, density and degree heterogeneity (variance / mean) over the epochs.
 *   Inputs: one to SG_RENDER_INPUTS_MAX runs, overlaid.
 * - ridgelines: the degrees' distributions over the epochs, about 12 of them, against the binomial
 *   distribution of as many random links. Input: one run, or one or more snapshot files.
 * - zscores: measures against their null models over the epochs, a panel a link. Input: one run or
 *   snapshot file. A run's stored analysis is used where it has null models; else they are drawn.
 * - turnover: what was removed and kept from epoch to epoch, what was ever explored, and how old
 *   links are. Input: one run with two snapshots at least. A stored analysis is used as above.
 * - adjacency: the matrix of a link, of the first beside the last epoch or of chosen ones, sorted,
 *   binned where it is wide. Input: one run, or one or more snapshot files, each a panel.
 * - fields: receptive fields of neurons in the shape of the input: the sum over paths of the
 *   products of weights. Input: one run (its last, or one chosen epoch) or snapshot file.
 *
 * @param kind        which figure, from the table.
 * @param inputs      (n_inputs) paths or names; NULL where n_inputs is 0.
 * @param params      NULL = SG_RENDER_PARAMS_DEFAULT.
 * @param[out] ret    the figure and its caption; untouched on failure.
 *
 * @retval SG_EINVAL     the number of inputs, or a parameter, lies outside what the figure takes.
 * @retval SG_ENOTFOUND  no such file, run, graph, epoch or link; the message lists what there is.
 * @retval SG_EFORMAT    an input breaks its format.
 * @retval SG_ENOMEM     no memory.
 *
 * The same inputs and parameters give the same scene. Not thread-safe: igraph is not.
 */
SG_API SG_CHECKED sg_status sg_render(const sg_rendering *kind, const char *const *inputs,
                                      size_t n_inputs, const sg_render_params *params,
                                      sg_rendered *ret, sg_error *err);

SG_END_DECLS

#endif
