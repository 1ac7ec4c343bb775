/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_FIGURE_H
#define SPARSEGRAPH_FIGURE_H

/**
 * @file figure.h  The figures of a paper, from plain arrays.
 *
 * Every builder copies what it needs, so the arrays may go once it returns. The figures are made
 * for a journal's columns (85 or 180 mm wide, text of 6 to 8 pt) and for every kind of colour
 * vision: cividis for magnitudes, blue to red around 0 for signed values, Okabe and Ito's colours
 * for categories, and never colour alone.
 *
 * Titles and labels are UTF-8 (bytes that are not become U+FFFD) and understand three signs:
 * `^{2}` raises, `_{min}` lowers, `~{k}` sets in italics.
 *
 * Errors of every builder: SG_EINVAL (width_mm outside [40, 400], an array missing, a number out
 * of its domain; the message names it), SG_ENOMEM. On failure *ret is untouched. Thread-safe.
 */

#include "scene.h"
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

SG_BEGIN_DECLS

#define SG_WIDTH_ONE_COLUMN_MM 85.0
#define SG_WIDTH_TWO_COLUMN_MM 180.0

/** Colour maps for numbers. */
typedef enum sg_color_map {
    SG_MAP_CIVIDIS = 0, /**< magnitudes; Nunez et al. 2018, doi:10.1371/journal.pone.0199239 */
    SG_MAP_VIRIDIS,     /**< magnitudes; Smith and van der Walt 2015, CC0 */
    SG_MAP_DIVERGING,   /**< signed, white at 0; ColorBrewer RdBu, Harrower and Brewer 2003,
                           doi:10.1179/000870403235002042 */
} sg_color_map;

/* ---- (a) heatmaps ------------------------------------------------------------------------- */

/** One matrix of a heatmap figure. */
typedef struct sg_heatmap_panel {
    const char *title;   /**< e.g. "epoch 10"; NULL for none */
    const double *value; /**< (n_rows, n_cols) row-major; NaN = no value, drawn grey */
} sg_heatmap_panel;

/** Several matrices of one shape side by side on ONE colour scale. */
typedef struct sg_heatmap_params {
    size_t n_rows, n_cols;          /**< shape of every panel, e.g. 28 x 28 */
    const sg_heatmap_panel *panels; /**< (n_panels) */
    size_t n_panels;                /**< 1 to 64; wrapped into rows where they do not fit */
    const char *title;              /**< NULL for none */
    const char *value_label; /**< beside the colour bar, with unit: "Links per input neuron" */
    const char *note;        /**< put before the figure's own caption; NULL for none */
    sg_color_map map;
    double low, high; /**< ends of the scale; NaN = from the data: 0 to max (min to max where
                         negative), -max|v| to +max|v| for SG_MAP_DIVERGING */
    double width_mm;
} sg_heatmap_params;
#define SG_HEATMAP_PARAMS_DEFAULT                                                                  \
    ((sg_heatmap_params){                                                                          \
        .low = (double)NAN, .high = (double)NAN, .width_mm = SG_WIDTH_TWO_COLUMN_MM})

/**
 * Draws matrices as heatmaps, e.g. the links of each input neuron laid out as the image that the
 * neurons see. Matrices of more than 10^5 cells are binned by the mean of each block; the caption
 * says so.
 */
SG_API SG_CHECKED sg_status sg_figure_heatmap(const sg_heatmap_params *params, sg_scene **ret,
                                              sg_error *err);

/* ---- (b) layers --------------------------------------------------------------------------- */

/** The links between two layers. */
typedef struct sg_layers_link {
    size_t from_layer, to_layer; /**< positions in layer_size */
    size_t n_links;
    const uint32_t *from; /**< (n_links) neuron in from_layer */
    const uint32_t *to;   /**< (n_links) neuron in to_layer */
    const float *weight;  /**< (n_links) colours links by sign; NULL = one colour */
} sg_layers_link;

/** The same layers fully connected and as learned. */
typedef struct sg_layers_params {
    const size_t *layer_size;      /**< (n_layers) neurons */
    const char *const *layer_name; /**< (n_layers); NULL or NULL entries for none */
    size_t n_layers;               /**< 2 to 16 */
    const sg_layers_link *links;   /**< (n_link_sets) what the right panel shows */
    size_t n_link_sets;            /**< pairs of layers that are linked; the left panel links the
                                      same pairs fully */
    size_t max_neurons;            /**< drawn in each layer at most, 2 to 100; a wider layer is
                                      sampled uniformly at random */
    uint64_t seed;                 /**< of the sample */
    const char *title;             /**< NULL for none */
    const char *dense_title;       /**< of the left panel; NULL = "Densely connected" */
    const char *sparse_title;      /**< of the right panel; NULL = "Sparsely connected" */
    const char *note;              /**< put before the figure's own caption; NULL for none */
    double width_mm;
} sg_layers_params;
#define SG_LAYERS_PARAMS_DEFAULT                                                                   \
    ((sg_layers_params){.max_neurons = 24, .seed = 1, .width_mm = SG_WIDTH_TWO_COLUMN_MM})

/**
 * Draws dense beside sparse layers: neurons as dots in columns, links as thin lines. Where layers
 * are sampled, all links between the drawn neurons are drawn and no other, so that the picture has
 * the density of the network; the caption says how many of how many.
 *
 * Also SG_EINVAL: a link names a layer or a neuron that does not exist.
 */
SG_API SG_CHECKED sg_status sg_figure_layers(const sg_layers_params *params, sg_scene **ret,
                                             sg_error *err);

/* ---- (c) networks ------------------------------------------------------------------------- */

/** One graph diagram. */
typedef struct sg_network_panel {
    const char *title; /**< e.g. "Zachary's karate club" */
    size_t n_nodes;    /**< 1 to 20000 */
    size_t n_edges;
    const uint32_t *from, *to;     /**< (n_edges) node ids */
    const double *x, *y;           /**< (n_nodes) positions in any unit; NULL = laid out here */
    const uint32_t *degree;        /**< (n_nodes); NULL = counted from the edges */
    const unsigned char *category; /**< (n_nodes) colours and shapes nodes, 0 to 7; NULL = one */
    bool directed;                 /**< changes only the density that the panel states */
} sg_network_panel;

/** Graph diagrams side by side, e.g. a dense and a sparse social network. */
typedef struct sg_networks_params {
    const sg_network_panel *panels;   /**< (n_panels) */
    size_t n_panels;                  /**< 1 to 6 */
    const char *const *category_name; /**< (8) NULL, or NULL entries, for none: the legend */
    uint64_t seed;                    /**< of the layout's starting positions */
    const char *title;                /**< NULL for none */
    const char *note;                 /**< put before the figure's own caption; NULL for none */
    double width_mm;
} sg_networks_params;
#define SG_NETWORKS_PARAMS_DEFAULT                                                                 \
    ((sg_networks_params){.seed = 1, .width_mm = SG_WIDTH_TWO_COLUMN_MM})

/**
 * Draws graphs as dots and lines, the dot's area growing with the degree; under each its number of
 * nodes n, of edges m, and its density. Positions come from a force-directed layout, the same for
 * the same input: O(n^1.5) a step, a few hundred steps.
 *
 * Source: Fruchterman and Reingold, Softw. Pract. Exper. 21:1129 (1991),
 * doi:10.1002/spe.4380211102. We add a pull to the centre, so that components stay together, and
 * replace far cells of a grid by their centres of mass.
 */
SG_API SG_CHECKED sg_status sg_figure_networks(const sg_networks_params *params, sg_scene **ret,
                                               sg_error *err);

/* ---- (d) degree distributions ------------------------------------------------------------- */

/** A power law fitted to the tail of a series. */
typedef struct sg_ccdf_fit {
    double alpha;
    double xmin;         /**< where the tail begins */
    double n_tail;       /**< values in the tail, at or above xmin */
    double p_value;      /**< goodness of fit; NaN = not computed */
    bool passes;         /**< draws a tick, else a cross, before the verdict */
    const char *verdict; /**< e.g. "not scale-free: alpha outside 2 to 3"; NULL for none */
} sg_ccdf_fit;

/** Another law fitted to the same tail, e.g. a lognormal. */
typedef struct sg_ccdf_curve {
    const char *label;   /**< "lognormal"; equal labels share a dash and an entry of the legend */
    const double *k, *p; /**< (n) k > 0 ascending, and P(K >= k) over all values, in [0, 1] */
    size_t n;
} sg_ccdf_curve;

/** What random networks would show: where P(K >= k) lies in most of them. */
typedef struct sg_ccdf_band {
    const char *label;        /**< "95 % of 100 random links" */
    const double *k;          /**< (n) ascending, above 0 */
    const double *low, *high; /**< (n) P(K >= k), in [0, 1], low <= high */
    size_t n;
} sg_ccdf_band;

/** The degrees of one set of neurons. */
typedef struct sg_ccdf_series {
    const char *label;
    const uint64_t *degree; /**< (n) degrees in any order */
    const uint64_t *count;  /**< (n) how many neurons have that degree; NULL = one each */
    size_t n;
    const sg_ccdf_fit *fit;   /**< NULL = no line */
    bool reference;           /**< drawn in grey, behind: the untrained network, a null model */
    const sg_ccdf_band *band; /**< of its null model, drawn pale behind everything; NULL = none */
    const sg_ccdf_curve *curves; /**< (n_curves) thin lines in the series' colour, each label with
                                    a dash of its own; NULL = none */
    size_t n_curves;             /**< 0 to 3 */
} sg_ccdf_series;

/** Degree distributions on log-log axes. */
typedef struct sg_ccdf_params {
    const sg_ccdf_series *series; /**< (n_series) */
    size_t n_series;              /**< 1 to 8 */
    const char *title;            /**< NULL for none */
    const char *x_label;          /**< NULL = "Degree ~{k}" */
    const char *y_label;          /**< NULL = "~{P}(~{K} ≥ ~{k})" */
    const char *note;             /**< put before the figure's own caption; NULL for none */
    double width_mm;
} sg_ccdf_params;
#define SG_CCDF_PARAMS_DEFAULT ((sg_ccdf_params){.width_mm = SG_WIDTH_TWO_COLUMN_MM})

/**
 * Draws the complementary cumulative distribution P(K >= k) of each series, over all its values:
 * zero degrees count in the denominator, cannot be drawn on a log axis, and are stated in the
 * caption. A fit is the line (n_tail / n) zeta(alpha, k) / zeta(alpha, xmin) from xmin to the
 * largest degree, always solid. Beside the plot a table of alpha, xmin, n_tail, p and the verdict.
 *
 * Source of the form: Clauset, Shalizi and Newman 2009, doi:10.1137/070710111.
 */
SG_API SG_CHECKED sg_status sg_figure_ccdf(const sg_ccdf_params *params, sg_scene **ret,
                                           sg_error *err);

/* ---- (e) timelines ------------------------------------------------------------------------ */

/** One line over the epochs. */
typedef struct sg_timeline_series {
    const char *label;   /**< in the legend; equal labels share an entry and a look */
    const double *epoch; /**< (n) ascending, finite */
    const double *value; /**< (n) NaN or infinite = a gap */
    size_t n;
    bool reference; /**< drawn in grey, behind */
    bool secondary; /**< drawn dashed with hollow marks: the training beside the test accuracy */
    unsigned color; /**< 1 to 8: one of the colours for categories, so that a run keeps its colour
                       under several labels; 0 = the next one */
} sg_timeline_series;

/** One of the panels stacked over a shared axis of epochs. */
typedef struct sg_timeline_panel {
    const char *label;                /**< of the vertical axis, with unit: "Accuracy (%)" */
    const sg_timeline_series *series; /**< (n_series) */
    size_t n_series;                  /**< 1 to 8 */
    double low, high;                 /**< ends of the axis; NaN = from the data */
    double scale;                     /**< factor on the values, 100 for percent; 0 = 1 */
    bool log;                         /**< logarithmic; values <= 0 become gaps, and are stated */
} sg_timeline_panel;
#define SG_TIMELINE_PANEL_DEFAULT                                                                  \
    ((sg_timeline_panel){.low = (double)NAN, .high = (double)NAN, .scale = 1.0})

/** Panels over epochs. */
typedef struct sg_timeline_params {
    const sg_timeline_panel *panels; /**< (n_panels), from top to bottom */
    size_t n_panels;                 /**< 1 to 8 */
    const char *title;               /**< NULL for none */
    const char *x_label;             /**< NULL = "Epoch" */
    const char *note;                /**< put before the figure's own caption; NULL for none */
    double width_mm;
    double panel_mm;    /**< height of each panel, in [10, 100]; 0 = 27 */
    bool direct_labels; /**< names beside the ends of the curves, in place of a legend */
} sg_timeline_params;
#define SG_TIMELINE_PARAMS_DEFAULT ((sg_timeline_params){.width_mm = SG_WIDTH_TWO_COLUMN_MM})

/** Draws what changes over training: stacked panels that share the axis of epochs. */
SG_API SG_CHECKED sg_status sg_figure_timeline(const sg_timeline_params *params, sg_scene **ret,
                                               sg_error *err);

/* ---- (f) distributions over epochs -------------------------------------------------------- */

/** One distribution of degrees. */
typedef struct sg_ridge {
    const char *label;      /**< to the left, e.g. "10" */
    const uint64_t *degree; /**< (n) degrees in any order, each below 2^53 */
    const uint64_t *count;  /**< (n) how many neurons have that degree; NULL = one each */
    size_t n;
    bool marked; /**< drawn in grey: the untrained network */
} sg_ridge;

/** Distributions below each other, overlapping like mountain ridges. */
typedef struct sg_ridgelines_params {
    const sg_ridge *ridges;  /**< (n_ridges), from top to bottom */
    size_t n_ridges;         /**< 1 to 24 */
    const double *reference; /**< (n_reference) P(K = k) for k = 0, 1, ..., drawn dashed on every
                                ridge; NULL = none */
    size_t n_reference;
    const char *reference_label; /**< "binomial"; NULL = "reference" */
    const char *title;           /**< NULL for none */
    const char *x_label;         /**< NULL = "Degree ~{k}" */
    const char *y_label;         /**< of the labels, NULL = "Epoch" */
    const char *note;            /**< put before the figure's own caption; NULL for none */
    double width_mm;
} sg_ridgelines_params;
#define SG_RIDGELINES_PARAMS_DEFAULT ((sg_ridgelines_params){.width_mm = SG_WIDTH_TWO_COLUMN_MM})

/**
 * Draws distributions of degrees as ridges on a square-root axis, on which every Poisson
 * distribution is nearly of one width, wherever its mean lies (Bartlett, J. R. Stat. Soc. Suppl.
 * 3:68 (1936), doi:10.2307/2983678). Densities in sqrt(k) are smoothed by a Gaussian of standard
 * deviation 0.25, half a Poisson's, reflected at 0, the reference as well; all share one scale.
 *
 * Also SG_EINVAL: a ridge without any neuron.
 */
SG_API SG_CHECKED sg_status sg_figure_ridgelines(const sg_ridgelines_params *params, sg_scene **ret,
                                                 sg_error *err);

/* ---- (g) z-scores over epochs -------------------------------------------------------------- */

/** One measure: a row of every panel. */
typedef struct sg_zscores_row {
    const char *label; /**< "in-degree, Gini" */
    const char *group; /**< rows of one group are adjacent and headed by it; NULL = none */
} sg_zscores_row;

/** One link: what its measures show. */
typedef struct sg_zscores_panel {
    const char *title; /**< NULL for none */
    const double *z;   /**< (n_rows, n_epochs) row-major; NaN = not defined, drawn hatched */
} sg_zscores_panel;

/** z-scores of measures against a null model over epochs. */
typedef struct sg_zscores_params {
    const sg_zscores_row *rows;     /**< (n_rows) */
    size_t n_rows;                  /**< 1 to 64 */
    const long *epochs;             /**< (n_epochs) ascending */
    size_t n_epochs;                /**< 1 to 1000 */
    const sg_zscores_panel *panels; /**< (n_panels) */
    size_t n_panels;                /**< 1 to 16 */
    const char *title;              /**< NULL for none */
    const char *x_label;            /**< NULL = "Epoch" */
    const char *note;               /**< put before the figure's own caption; NULL for none */
    double width_mm;
} sg_zscores_params;
#define SG_ZSCORES_PARAMS_DEFAULT ((sg_zscores_params){.width_mm = SG_WIDTH_TWO_COLUMN_MM})

/**
 * Draws z-scores as cells, measures by epochs, one panel a link. Cells with |z| < 2 are white; from
 * there the colour grows with log |z|, blue below and red above, to an end that holds the largest
 * |z|, at most 1000 (beyond it the colour is that of the end, and the caption says so). Numbers are
 * printed where they fit.
 */
SG_API SG_CHECKED sg_status sg_figure_zscores(const sg_zscores_params *params, sg_scene **ret,
                                              sg_error *err);

/* ---- (h) adjacency matrices ---------------------------------------------------------------- */

/** One matrix: the links between two layers, or two moments of them. */
typedef struct sg_adjacency_panel {
    const char *title; /**< NULL for none */
    size_t n_links;
    const uint32_t *row;     /**< (n_links) receiving neuron of each link */
    const uint32_t *col;     /**< (n_links) sending neuron of each link */
    const uint32_t *row_at;  /**< (n_rows) where each neuron is drawn, 0 = top; NULL = its index */
    const uint32_t *col_at;  /**< (n_cols) the same from the left; NULL = its index */
    const uint32_t *row_cut; /**< (n_cuts) ascending: first place of each group but the first */
    const uint32_t *col_cut; /**< (n_cuts) the same of the columns */
    size_t n_cuts;           /**< frames are drawn round each group's links with itself; 0 = none */
} sg_adjacency_panel;

/** Adjacency matrices of one shape side by side on ONE colour scale. */
typedef struct sg_adjacency_params {
    size_t n_rows, n_cols;            /**< receiving and sending neurons */
    const sg_adjacency_panel *panels; /**< (n_panels) */
    size_t n_panels;                  /**< 1 to 8 */
    const char *title;                /**< NULL for none */
    const char *row_label,
        *col_label;   /**< of the axes; NULL = "Receiving neuron", "Sending neuron" */
    const char *note; /**< put before the figure's own caption; NULL for none */
    double width_mm;
} sg_adjacency_params;
#define SG_ADJACENCY_PARAMS_DEFAULT ((sg_adjacency_params){.width_mm = SG_WIDTH_TWO_COLUMN_MM})

/**
 * Draws which neurons are linked. A matrix too wide or tall for cells that print (about 200), or of
 * more than 10^4 cells with few links each, is binned: each cell is then the share of linked pairs
 * in its block, so that no link is dropped and the picture's mean is the density; the caption says
 * how large the blocks are.
 *
 * Also SG_EINVAL: a link, place or cut outside the matrix; places that are not a permutation.
 */
SG_API SG_CHECKED sg_status sg_figure_adjacency(const sg_adjacency_params *params, sg_scene **ret,
                                                sg_error *err);

SG_END_DECLS

#endif
