/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPARSEGRAPH_SNAPSHOT_H
#define SPARSEGRAPH_SNAPSHOT_H

/** @file snapshot.h  A network at one moment: layers, and links between any two of them, acyclic.
 */

#include "csr.h"

SG_BEGIN_DECLS

typedef struct sg_snapshot sg_snapshot;

enum { SG_LAYER_DIMS_MAX = 4 };

/** One layer of neurons; borrowed from its snapshot. */
typedef struct sg_layer {
    const char *name;                /**< unique, e.g. "input", "hidden1", "output" */
    size_t size;                     /**< neurons */
    size_t n_dims;                   /**< 1 to SG_LAYER_DIMS_MAX; when adding, 0 means {size} */
    size_t shape[SG_LAYER_DIMS_MAX]; /**< e.g. {28, 28}; the product is `size` */
    const float *bias;               /**< (size), or NULL */
} sg_layer;

/** One bundle of connections from a layer to another; borrowed from its snapshot. */
typedef struct sg_link {
    const char *name; /**< unique, e.g. "input-hidden1" */
    size_t from;      /**< index of the sending layer */
    size_t
        to; /**< index of the receiving layer; from < to: layers are stored in topological order */
    const sg_csr *matrix; /**< (size of `to`, size of `from`) */
} sg_link;

/** One further array that belongs to a network, such as the parameters of SReLU; borrowed. */
typedef struct sg_tensor {
    const char *name;                /**< unique among the extra tensors */
    size_t n_dims;                   /**< 0 to SG_LAYER_DIMS_MAX */
    size_t shape[SG_LAYER_DIMS_MAX]; /**< row-major */
    const float *value;              /**< product(shape) values */
} sg_tensor;

/** Creates an empty network. The caller frees it. @retval SG_ENOMEM no memory. */
SG_API SG_CHECKED sg_status sg_snapshot_new(sg_snapshot **ret, sg_error *err);

/** Frees a network and everything borrowed from it; NULL is allowed. */
SG_API void sg_snapshot_free(sg_snapshot *s);

/**
 * Appends a layer; everything is copied. The index is the number of layers before the call.
 *
 * Names, here and below, are 1 to 255 bytes of UTF-8 without control characters, and do not start
 * with "extra.", which the file format uses. Layers, links, extra tensors and metadata entries are
 * each at most 65,536; one more is SG_EINVAL.
 *
 * @retval SG_EINVAL  the name is not such a text or is taken, the size is 0 or above 2^32 - 1, the
 * shape's product differs from the size, or a bias is not finite.
 */
SG_API SG_CHECKED sg_status sg_snapshot_add_layer(sg_snapshot *s, const sg_layer *layer,
                                                  sg_error *err);

/**
 * Appends a link and takes over link->matrix (freed with the snapshot) on success only; the name is
 * copied.
 *
 * @retval SG_EINVAL   the layers do not exist or from >= to, or the name is empty or taken.
 * @retval SG_EFORMAT  the matrix breaks an invariant or its shape differs from the layers' sizes.
 */
SG_API SG_CHECKED sg_status sg_snapshot_add_link(sg_snapshot *s, const char *name, size_t from,
                                                 size_t to, sg_csr *matrix, sg_error *err);

/** Appends an extra tensor; everything is copied. @retval SG_EINVAL bad or taken name, an
 * impossible shape, or a value that is not finite. */
SG_API SG_CHECKED sg_status sg_snapshot_add_tensor(sg_snapshot *s, const sg_tensor *tensor,
                                                   sg_error *err);

/**
 * Sets a metadata entry (copied), replacing an older one.
 *
 * @retval SG_EINVAL  key or value is not UTF-8, the key is empty, or it is one of those that the
 * file format uses itself: format, format_version, layers, links.
 * @retval SG_ENOMEM  no memory.
 */
SG_API SG_CHECKED sg_status sg_snapshot_set_meta(sg_snapshot *s, const char *key, const char *value,
                                                 sg_error *err);

/** Returns a metadata entry, borrowed, or NULL. Known keys: epoch, method, seed, dataset,
 * test_accuracy. */
SG_API const char *sg_snapshot_meta(const sg_snapshot *s, const char *key);

/** Returns the number of metadata entries; sg_snapshot_meta_at() lists them in the order of their
 * keys. */
SG_API size_t sg_snapshot_n_meta(const sg_snapshot *s);
SG_API void sg_snapshot_meta_at(const sg_snapshot *s, size_t i, const char **key,
                                const char **value);

SG_API size_t sg_snapshot_n_layers(const sg_snapshot *s);
SG_API size_t sg_snapshot_n_links(const sg_snapshot *s);
SG_API size_t sg_snapshot_n_tensors(const sg_snapshot *s);

/** Return the i-th part, borrowed; i must be below the count. */
SG_API const sg_layer *sg_snapshot_layer(const sg_snapshot *s, size_t i);
SG_API const sg_link *sg_snapshot_link(const sg_snapshot *s, size_t i);
SG_API const sg_tensor *sg_snapshot_tensor(const sg_snapshot *s, size_t i);

/** Returns the index of the layer of that name, or SIZE_MAX. */
SG_API size_t sg_snapshot_find_layer(const sg_snapshot *s, const char *name);

/** Returns the extra tensor of that name, borrowed, or NULL. */
SG_API const sg_tensor *sg_snapshot_find_tensor(const sg_snapshot *s, const char *name);

/** Returns the number of connections over all links. */
SG_API size_t sg_snapshot_n_connections(const sg_snapshot *s);

/** Returns the epoch of the metadata, or -1 where none is given. */
SG_API long sg_snapshot_epoch(const sg_snapshot *s);

/**
 * Describes a network as one JSON object on one line, without a newline at its end.
 *
 * Members: connections, density (over all links; 0 where there are none), layers [{name, size,
 * shape, bias}], links [{name, from, to, connections, density, weighted}], metadata {key: text},
 * tensors [{name, shape}], the extra ones. Densities are dimensionless.
 *
 * @param[out] ret     the text; the caller frees it with sg_free().
 * @retval SG_ENOMEM   no memory.
 */
SG_API SG_CHECKED sg_status sg_snapshot_describe_json(const sg_snapshot *s, char **ret,
                                                      sg_error *err);

/**
 * Makes the network of the core connections: what SET's next removal would keep.
 *
 * Per link of the network, drops the floor(zeta * n_pos) smallest positive weights,
 * the floor(zeta * n_neg) negative weights closest to zero, and every exact zero.
 * Among equal weights the lower position goes first. Links whose matrix is full (density 1) are
 * kept whole, as SET never evolves a dense layer. Layers, biases, extra tensors and metadata are
 * copied; the metadata entry core_zeta is added.
 *
 * @retval SG_EINVAL  zeta outside [0, 1], or a link without weights. Time O(connections).
 *
 * Source: Mocanu et al., Nat. Commun. 9:2383 (2018), doi:10.1038/s41467-018-04316-3.
 */
SG_API SG_CHECKED sg_status sg_snapshot_core(const sg_snapshot *s, double zeta, sg_snapshot **ret,
                                             sg_error *err);

/** How matrices are stored: what their rows are. */
typedef enum sg_orientation {
    SG_ORIENTATION_AUTO = 0, /**< the chain of sizes, then the sizes of biases tell */
    SG_ORIENTATION_OUT_IN,   /**< rows receive, as PyTorch stores linear layers */
    SG_ORIENTATION_IN_OUT,   /**< rows send, as Keras and the authors of SET store them */
} sg_orientation;

/** How a file from elsewhere is read; our own snapshots need none of it. */
typedef struct sg_snapshot_read_params {
    sg_orientation orientation;
    uint64_t max_bytes; /**< most bytes read of a file other than safetensors, and most that its
                           compressed parts may become */
} sg_snapshot_read_params;

#define SG_SNAPSHOT_READ_DEFAULT                                                                   \
    {                                                                                              \
        .orientation = SG_ORIENTATION_AUTO, .max_bytes = (uint64_t)1 << 32                         \
    }

/**
 * Reads a network from a file, told by its content and not by its name.
 *
 * - safetensors: our own snapshots, or 2-D weights;
 * - PyTorch's .pt, .pth and old .pkl: the state dict, alone or in a checkpoint, read as data by a
 *   machine that calls nothing;
 * - NumPy .npy and .npz, and SciPy's sparse .npz (csr, csc, coo, bsr);
 * - Matrix Market .mtx (rows are out), and DLMC's .smtx, gzipped or not;
 * - edge lists with layers: text, a connection a line, gzipped or not, whose first line names the
 *   columns from_layer, from, to_layer, to and, if there are any, weight; or, without such a line,
 *   two neurons LAYER:NUMBER or LAYER_NUMBER a line and perhaps a weight. Neurons are numbered from
 *   0; a comment "# layer NAME SIZE" tells the size of a layer, which otherwise ends with its last
 *   connected neuron.
 *
 * But for our own snapshots and edge lists, the file is read as an MLP:
 *
 * - its 2-D arrays of floats are the weights, in the natural order of their names ("fc2" before
 *   "fc10") or, where that makes no chain of layers, in the only order that does. They are (out,
 *   in) or (in, out), whichever chains. Where both do, the sizes of the biases tell; one matrix
 *   alone, PyTorch's files and names that end in ".weight" are then (out, in), and everything else
 *   needs an orientation. A 2-D array of booleans is a topology without weights;
 * - exact zeros of dense weights are absent links; stored entries of sparse ones are links, and
 *   entries that are stored twice are added. With a mask the links are where it is not 0. Masks are
 * NAME_mask beside NAME_orig (torch.nn.utils .prune) or NAME, parametrizations.NAME.0.mask, and
 * X.mask beside X.weight; of nupic's zero_mask the links are where it is 0;
 * - the 1-D tensors of matching name and size are biases; other small tensors are passed over;
 * - the layers are named input, hidden1, ..., output, the metadata entry "tensor.LINK" tells each
 *   link's tensor, "orientation" is set to in-out where matrices were turned round, "epoch" comes
 *   from a checkpoint, and an input of 784 neurons gets the shape {28, 28}, as a hint for drawing.
 *
 * Where no file has that name, `path` may also be `[in-out:|out-in:][layers:]FILE[,FILE...]`, as
 * sg_snapshot_spec() writes it: an orientation, or several files as the layers of one network.
 *
 * Files are taken as hostile. Memory: the network itself and, but for safetensors, the file.
 *
 * @retval SG_ENOTFOUND     no such file.
 * @retval SG_EIO           the system would not read it.
 * @retval SG_EFORMAT       the content breaks the format; the message names tensor and reason.
 * @retval SG_EUNSUPPORTED  a dtype, an unknown name in a pickle, a structure that is no chain of
 * layers, or a chain in both orientations.
 */
SG_API SG_CHECKED sg_status sg_snapshot_read(const char *path, sg_snapshot **ret, sg_error *err);

/** The same with params; NULL means SG_SNAPSHOT_READ_DEFAULT. @retval SG_EINVAL an orientation that
 * is none. */
SG_API SG_CHECKED sg_status sg_snapshot_read_with(const char *path,
                                                  const sg_snapshot_read_params *params,
                                                  sg_snapshot **ret, sg_error *err);

/**
 * Reads several files as the layers of one network, from its input to its output.
 *
 * Each file gives its matrices (one, or those of a dict in natural order); they must chain in that
 * order, all in one orientation. The metadata entry "tensor.LINK" tells file and array.
 *
 * @param paths   (n) files of any kind that sg_snapshot_read() reads; n is 1 or more.
 * @param params  NULL means SG_SNAPSHOT_READ_DEFAULT.
 */
SG_API SG_CHECKED sg_status sg_snapshot_read_layers(const char *const *paths, size_t n,
                                                    const sg_snapshot_read_params *params,
                                                    sg_snapshot **ret, sg_error *err);

/**
 * Writes what sg_snapshot_read(), sg_analyze() and all that take snapshots understand as files to
 * be read so: "in-out:layers:a.npz,b.npz". Commas and backslashes in names get a backslash.
 *
 * @param n         1 or more; more than one are the layers of one network.
 * @param[out] ret  the text; the caller frees it with sg_free().
 */
SG_API SG_CHECKED sg_status sg_snapshot_spec(const char *const *paths, size_t n,
                                             sg_orientation orientation, char **ret, sg_error *err);

/**
 * Returns whether a path names what sg_snapshot_read() would take for a network with layers, rather
 * than a graph: it looks at the beginning of the file. An edge list counts where its first line
 * names columns of layers. False where there is no such file.
 */
SG_API bool sg_snapshot_is(const char *path);

/** Writes a network as safetensors, atomically; equal networks give equal bytes. @retval SG_EIO the
 * system refused. */
SG_API SG_CHECKED sg_status sg_snapshot_write(const sg_snapshot *s, const char *path,
                                              sg_error *err);

SG_END_DECLS

#endif
