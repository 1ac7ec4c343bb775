/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_CONVERT_H
#define SPARSEGRAPH_CONVERT_H

/**
 * @file convert.h  A network in the formats of other programs.
 *
 * In the formats of graphs each neuron is a node, numbered from 0 through the layers in their
 * order, named LAYER:INDEX (INDEX from 0 within the layer), and each connection an edge from its
 * sender to its receiver. Nodes carry the attributes layer, index, row and column (channel too)
 * where the layer has such a shape, and bias where it has one; edges carry weight, except in
 * networks where no link has weights. Numbers are written with as few digits (9 at most) as read
 * back as the same 32-bit float, with a decimal point in every locale.
 *
 * The formats of matrices hold one link a file: (neurons of the receiving layer, neurons of the
 * sending layer), as in the snapshot.
 */

#include "progress.h"
#include "run.h"
#include "snapshot.h"

SG_BEGIN_DECLS

typedef enum sg_convert_format {
    SG_CONVERT_AUTO = 0, /**< told by the file's suffix */
    SG_CONVERT_SAFETENSORS,
    SG_CONVERT_NPZ,           /**< SciPy's sparse matrices, CSR */
    SG_CONVERT_MATRIX_MARKET, /**< coordinates; a link without weights is a pattern */
    SG_CONVERT_GRAPHML,
    SG_CONVERT_GML,
    SG_CONVERT_GEXF,  /**< GEXF 1.3 */
    SG_CONVERT_CX2,   /**< Cytoscape's exchange format, version 2.0 */
    SG_CONVERT_SIF,   /**< sender, name of the link, receiver; no weights */
    SG_CONVERT_EDGES, /**< sender, receiver, weight, between tabs, without a header; no isolates */
    SG_CONVERT_CSV,   /**< from_layer, from, to_layer, to, weight: sg_snapshot_read() reads it */
} sg_convert_format;

/** What there is to say of a format; for ever valid. */
typedef struct sg_convert_info {
    sg_convert_format format;
    const char *name;     /**< e.g. "graphml" */
    const char *suffixes; /**< e.g. ".edges .tsv .txt", the first preferred */
    const char *summary;  /**< one line */
    bool per_link;        /**< a file holds one link: a network of several becomes several files */
    bool text;            /**< else binary */
} sg_convert_info;

/** How a network is written. Start from SG_CONVERT_PARAMS_DEFAULT. */
typedef struct sg_convert_params {
    sg_convert_format format;
    bool numbers;  /**< edge lists and SIF name nodes by their numbers instead of LAYER:INDEX */
    bool absolute; /**< write |weight|, for programs that lay out by it */
} sg_convert_params;

/* clang-format off */
#define SG_CONVERT_PARAMS_DEFAULT { SG_CONVERT_AUTO, false, false }
/* clang-format on */

/** Which epochs of a run go into a timeline. Start from SG_CONVERT_TIMELINE_DEFAULT. */
typedef struct sg_convert_timeline_params {
    long epoch_first; /**< the first epoch taken */
    long epoch_last;  /**< the last; -1 = the last there is */
    long epoch_step;  /**< of the snapshots in between every such epoch, at least 1 */
    double core_zeta; /**< take sg_snapshot_core() of each epoch; NaN: whole networks */
    bool all_weights; /**< write each edge's weight of every epoch, not of its last alone */
    bool absolute;    /**< write |weight| */
} sg_convert_timeline_params;

/* clang-format off */
#define SG_CONVERT_TIMELINE_DEFAULT { 0, -1, 1, __builtin_nan(""), false, false }
/* clang-format on */

/** Where a text goes: a file, written whole or not at all; or, where path is NULL, a function. */
typedef struct sg_convert_target {
    const char *path;
    /** Takes n bytes; what it returns other than SG_OK ends the writing. */
    sg_status (*write)(void *user, const void *bytes, size_t n, sg_error *err);
    void *user;
} sg_convert_target;

/** Returns the number of formats, and the i-th, borrowed. */
SG_API size_t sg_convert_n_formats(void);
SG_API const sg_convert_info *sg_convert_format_at(size_t i);

/** Returns the format of that name, or NULL. */
SG_API const sg_convert_info *sg_convert_find(const char *name);

/** Returns the format that a file's suffix means, without regard to case, or NULL. */
SG_API const sg_convert_info *sg_convert_of_path(const char *path);

/**
 * Writes a network.
 *
 * A format that holds one link a file makes of "OUT.npz" the file of that name where the network
 * has one link, else one file a link, as sg_convert_link_path() names them: all of them or none.
 *
 * @param params  NULL for SG_CONVERT_PARAMS_DEFAULT.
 * @retval SG_EINVAL        the suffix names no format, or a binary format goes to a function.
 * @retval SG_EUNSUPPORTED  the format cannot hold this network; the message says why.
 * @retval SG_EIO           the system refused to write.
 * @retval SG_ENOMEM        no memory.
 *
 * Memory: a buffer, and for .npz the offsets of one link. Time O(neurons + connections).
 */
SG_API SG_CHECKED sg_status sg_convert_write(const sg_snapshot *s, const sg_convert_target *target,
                                             const sg_convert_params *params, sg_error *err);

/**
 * Makes the path of a link's file among several: "OUT-1-input-hidden1.npz" for "OUT.npz".
 *
 * The number counts the links from 1, with leading zeros, so that a shell lists the files in the
 * order of the links; '/' and '%' in a link's name become %2F and %25. Of a network with one link
 * it is the path itself.
 *
 * @param[out] ret   the caller frees it with sg_free().
 * @retval SG_ENOMEM no memory.
 */
SG_API SG_CHECKED sg_status sg_convert_link_path(const sg_snapshot *s, size_t link,
                                                 const char *path, char **ret, sg_error *err);

/**
 * Writes the snapshots of a run as one dynamic GEXF 1.3 graph: the epochs are a timeline.
 *
 * The time is the epoch, an integer; both ends of an interval are included. A node is there always.
 * An edge has a spell for each stretch of epochs in which the connection is; between two snapshots
 * the earlier one holds. The bias of a node and, without all_weights, the weight of an edge are
 * those of the last snapshot that has it.
 *
 * @param run       an open run, or one made of snapshots alone.
 * @param params    NULL for SG_CONVERT_TIMELINE_DEFAULT.
 * @param progress  counts snapshots; may be NULL.
 * @retval SG_EINVAL        no snapshot lies within the epochs asked for, or the step is below 1.
 * @retval SG_EUNSUPPORTED  the layers or links differ between snapshots.
 * @retval SG_EINTERRUPTED  the stop flag was set; nothing is written.
 * @return or the failure of reading a snapshot or of writing.
 *
 * Memory: about 32 bytes for each connection that ever was, and 16 for each further spell (with
 * all_weights: for each weight).
 */
SG_API SG_CHECKED sg_status sg_convert_timeline(const sg_run *run, const sg_convert_target *target,
                                                const sg_convert_timeline_params *params,
                                                const sg_progress *progress, sg_error *err);

SG_END_DECLS

#endif
