/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "snapshot/mlp_order.h"
#include "snapshot/names.h"
#include "snapshot/snapshot_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    CHUNK_VALUES = 1 << 12,
    IMAGE_PIXELS = 28 * 28, /* an input of 784 neurons is drawn as the 28 x 28 image it nearly
                               always is: MNIST and its kin; a hint for display, nothing more */
    IMAGE_SIDE = 28,
};

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text);
    const size_t n_end = strlen(end);
    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

/* Finds the tensor whose name has `suffix` in the place of `old`, with which `name` ends. */
static sg_status find_sibling(const sg_safetensors *f, const char *name, const char *old,
                              const char *suffix, const sg_stored **ret, sg_error *err)
{
    SG_AUTOFREE char *sibling =
        sg_format("%.*s%s", (int)(strlen(name) - strlen(old)), name, suffix);
    if (!sibling)
        return sg_fail_memory(err, "reading dense weights");
    *ret = sg_safetensors_find(f, sibling);
    return SG_OK;
}

/* Whether a tensor is the mask of another one, which names it. */
static sg_status is_mask(const sg_safetensors *f, const sg_stored *t, bool *ret, sg_error *err)
{
    const sg_stored *original = NULL;
    if (ends_with(t->name, "_mask"))
        SG_TRY(find_sibling(f, t->name, "_mask", "_orig", &original, err));
    *ret = original != NULL;
    return SG_OK;
}

static sg_status find_mask(const sg_safetensors *f, const sg_stored *t, const sg_stored **ret,
                           sg_error *err)
{
    *ret = NULL;
    if (!ends_with(t->name, "_orig"))
        return SG_OK;
    SG_TRY(find_sibling(f, t->name, "_orig", "_mask", ret, err));
    const sg_stored *mask = *ret;
    if (mask && (mask->n_dims != t->n_dims || mask->n_values != t->n_values ||
                 memcmp(mask->shape, t->shape, sizeof t->shape) != 0))
        return sg_fail(err, SG_EFORMAT, "mask '%.100s' has another shape than '%.100s'", mask->name,
                       t->name);
    return SG_OK;
}

/* Takes a tensor up among the weights, passes over it, or says why the file is no MLP. */
static sg_status sort_out(const sg_safetensors *f, const sg_stored *t, sg_dense_weight *weights,
                          size_t *n, sg_error *err)
{
    bool mask = false;
    SG_TRY(is_mask(f, t, &mask, err));
    if (mask || t->n_dims < 2)
        return SG_OK;
    if (t->n_dims > 2)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "tensor '%.100s' has %zu dimensions; only the 2-D "
                       "weights of an MLP are read",
                       t->name, t->n_dims);
    if (!sg_dtype_is_float(t->dtype))
        return sg_fail(err, SG_EUNSUPPORTED,
                       "tensor '%.100s' is 2-D %s; only weights of F16, BF16, "
                       "F32 or F64 are read",
                       t->name, sg_dtype_name(t->dtype));
    sg_dense_weight *w = &weights[(*n)++];
    *w = (sg_dense_weight){.value = t, .n_out = t->shape[0], .n_in = t->shape[1]};
    return find_mask(f, t, &w->mask, err);
}

/* Walks over the values of a weight in the order in which they are stored, a chunk at a time. */
typedef struct walk {
    const sg_safetensors *file;
    const sg_dense_weight *weight;
    size_t first; /* number of the chunk's first value */
    size_t n;     /* values in the chunk */
    float value[CHUNK_VALUES];
    float mask[CHUNK_VALUES];
} walk;

/* Reads the next chunk; n is 0 at the end. */
static sg_status next_chunk(walk *at, sg_error *err)
{
    const sg_stored *t = at->weight->value;
    at->first += at->n;
    const size_t left = t->n_values - at->first;
    at->n = left < CHUNK_VALUES ? left : CHUNK_VALUES;
    SG_TRY(sg_safetensors_read_f32(at->file, t, at->first, at->n, at->value, err));
    if (at->weight->mask)
        return sg_safetensors_read_f32(at->file, at->weight->mask, at->first, at->n, at->mask, err);
    return SG_OK;
}

/* Whether value i of the chunk is a link: unmasked, or where there is no mask, not zero. */
static bool is_link(const walk *at, size_t i)
{
    return at->weight->mask ? at->mask[i] != 0.0F : at->value[i] != 0.0F;
}

static sg_status check_chunk(const walk *at, sg_error *err)
{
    for (size_t i = 0; i < at->n; i++) {
        const size_t place = at->first + i;
        if (!isfinite(at->value[i]))
            return sg_fail(err, SG_EFORMAT, "tensor '%.100s': the weight at [%zu, %zu] is %s",
                           at->weight->value->name, place / at->weight->n_in,
                           place % at->weight->n_in,
                           isnan(at->value[i]) ? "NaN" : "infinite in 32 bits");
    }
    return SG_OK;
}

static sg_status count_links(walk *at, size_t *ret, sg_error *err)
{
    size_t n_links = 0;
    do {
        SG_TRY(next_chunk(at, err));
        SG_TRY(check_chunk(at, err));
        for (size_t i = 0; i < at->n; i++)
            n_links += is_link(at, i);
    } while (at->n > 0);
    *ret = n_links;
    return SG_OK;
}

/* Appends link number k to a matrix whose row_start[row + 1] counts, for now, the links of row. */
static void put_link(sg_csr *m, uint64_t k, size_t place, float value)
{
    m->col[k] = (uint32_t)(place % m->n_cols);
    m->value[k] = value;
    m->row_start[place / m->n_cols + 1]++;
}

/* Fills a matrix that has room for the links; a file that changed meanwhile cannot overrun it. */
static sg_status fill(walk *at, sg_csr *m, sg_error *err)
{
    uint64_t k = 0;
    do {
        SG_TRY(next_chunk(at, err));
        for (size_t i = 0; i < at->n; i++) {
            if (!is_link(at, i))
                continue;
            if (k < m->n_links)
                put_link(m, k, at->first + i, at->value[i]);
            k++;
        }
    } while (at->n > 0);
    if (k != m->n_links)
        return sg_fail(err, SG_EIO, "the file changed while it was read");
    for (size_t row = 0; row < m->n_rows; row++)
        m->row_start[row + 1] += m->row_start[row];
    return SG_OK;
}

static sg_status read_weight(const sg_safetensors *f, const sg_dense_weight *w, sg_csr **ret,
                             sg_error *err)
{
    SG_AUTOFREE walk *at = SG_NEW(walk);
    if (!at)
        return sg_fail_memory(err, "reading dense weights");
    *at = (walk){.file = f, .weight = w};
    size_t n_links = 0;
    SG_TRY(count_links(at, &n_links, err));
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_TRY(sg_blame_content(sg_csr_new(w->n_out, w->n_in, n_links, true, &m, err), err));
    *at = (walk){.file = f, .weight = w};
    SG_TRY(fill(at, m, err));
    *ret = SG_TAKE(m);
    return SG_OK;
}

/* Returns the name that a weight's bias would have: "fc1.bias" of "fc1.weight" or
 * "fc1.weight_orig", "b1" of "W1"; NULL when out of memory. */
static char *name_bias(const char *name)
{
    const char *word = NULL;
    for (const char *p = strstr(name, "weight"); p; p = strstr(p + 1, "weight"))
        word = p;
    const char *letter = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;
    if (word)
        return sg_format("%.*sbias%s", (int)(word - name), name, word + strlen("weight"));
    if (*letter == 'W' || *letter == 'w')
        return sg_format("%.*sb%s", (int)(letter - name), name, letter + 1);
    return sg_format("%s.bias", name);
}

/* Finds a weight's bias; torch.nn.utils.prune may have renamed one of the two, or both. */
static sg_status find_bias(const sg_safetensors *f, const sg_dense_weight *w, const sg_stored **ret,
                           sg_error *err)
{
    SG_AUTOFREE char *bias = name_bias(w->value->name);
    if (!bias)
        return sg_fail_memory(err, "reading dense weights");
    const char *suffix = ends_with(bias, "_orig") ? "_orig" : "";
    const sg_stored *t = NULL;
    SG_TRY(find_sibling(f, bias, suffix, "", &t, err));
    if (!t)
        SG_TRY(find_sibling(f, bias, suffix, "_orig", &t, err));
    if (!t || t->n_dims != 1)
        return SG_OK;
    if (t->n_values != w->n_out)
        return sg_fail(err, SG_EFORMAT, "bias '%.100s' holds %zu values, its weight %zu rows",
                       t->name, t->n_values, w->n_out);
    *ret = t;
    return SG_OK;
}

/* Reads a bias, 0 where it is pruned. */
static sg_status read_bias(const sg_safetensors *f, const sg_stored *t, float **ret, sg_error *err)
{
    const sg_stored *mask = NULL;
    SG_TRY(find_mask(f, t, &mask, err));
    SG_AUTOFREE float *bias = SG_NEW_ARRAY(float, t->n_values);
    SG_AUTOFREE float *kept = mask ? SG_NEW_ARRAY(float, t->n_values) : NULL;
    if (!bias || (mask && !kept))
        return sg_fail_memory(err, "reading a bias");
    SG_TRY(sg_safetensors_read_f32(f, t, 0, t->n_values, bias, err));
    if (mask)
        SG_TRY(sg_safetensors_read_f32(f, mask, 0, t->n_values, kept, err));
    for (size_t i = 0; mask && i < t->n_values; i++)
        if (kept[i] == 0.0F)
            bias[i] = 0.0F;
    *ret = SG_TAKE(bias);
    return SG_OK;
}

static void name_layer(size_t i, size_t n_weights, char *ret, size_t n)
{
    if (i == 0)
        (void)snprintf(ret, n, "input");
    else if (i == n_weights)
        (void)snprintf(ret, n, "output");
    else
        (void)snprintf(ret, n, "hidden%zu", i);
}

enum { LAYER_NAME_BYTES = 32 };

static sg_status add_input(sg_snapshot *s, size_t size, sg_error *err)
{
    sg_layer input = {.name = "input", .size = size};
    if (size == IMAGE_PIXELS) {
        input.n_dims = 2;
        input.shape[0] = input.shape[1] = IMAGE_SIDE;
    }
    return sg_snapshot_add_layer(s, &input, err);
}

/* Adds the layer that weight number i leads to. */
static sg_status add_receiver(const sg_safetensors *f, const sg_dense_weight *w, const char *name,
                              sg_snapshot *s, sg_error *err)
{
    SG_AUTOFREE float *bias = NULL;
    const sg_stored *t = NULL;
    SG_TRY(find_bias(f, w, &t, err));
    if (t)
        SG_TRY(read_bias(f, t, &bias, err));
    const sg_layer layer = {.name = name, .size = w->n_out, .bias = bias};
    return sg_snapshot_add_layer(s, &layer, err);
}

static sg_status add_weight(const sg_safetensors *f, const sg_dense_weight *w, size_t i,
                            size_t n_weights, sg_snapshot *s, sg_error *err)
{
    char from[LAYER_NAME_BYTES];
    char to[LAYER_NAME_BYTES];
    char link[2 * LAYER_NAME_BYTES];
    char key[2 * LAYER_NAME_BYTES + 8];
    name_layer(i, n_weights, from, sizeof from);
    name_layer(i + 1, n_weights, to, sizeof to);
    (void)snprintf(link, sizeof link, "%s-%s", from, to);
    (void)snprintf(key, sizeof key, "tensor.%s", link);

    SG_TRY(sg_blame_content(add_receiver(f, w, to, s, err), err));
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *m = NULL;
    SG_TRY(read_weight(f, w, &m, err));
    SG_TRY(sg_blame_content(sg_snapshot_add_link(s, link, i, i + 1, m, err), err));
    m = NULL; /* the snapshot has taken it over */
    return sg_snapshot_set_meta(s, key, w->value->name, err);
}

/* Keeps the metadata of the file, but for "format" and the like, which would be ours. */
static sg_status copy_meta(const sg_safetensors *f, sg_snapshot *s, sg_error *err)
{
    const sg_json *e = sg_json_first(sg_safetensors_meta(f));
    for (; e; e = sg_json_next(e))
        if (!sg_meta_is_reserved(sg_json_key(e)))
            SG_TRY(sg_blame_content(sg_snapshot_set_meta(s, sg_json_key(e), sg_json_string(e), err),
                                    err));
    return SG_OK;
}

sg_status sg_snapshot_from_dense(const sg_safetensors *f, sg_snapshot **ret, sg_error *err)
{
    SG_AUTOFREE sg_dense_weight *weights = SG_NEW_ARRAY(sg_dense_weight, sg_safetensors_count(f));
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    if (!weights)
        return sg_fail_memory(err, "reading dense weights");
    size_t n = 0;
    for (size_t i = 0; i < sg_safetensors_count(f); i++)
        SG_TRY(sort_out(f, sg_safetensors_at(f, i), weights, &n, err));
    if (n == 0)
        return sg_fail(err, SG_EUNSUPPORTED, "it holds no 2-D weights, so no layers of an MLP");
    SG_TRY(sg_mlp_order(weights, n, err));

    SG_TRY(sg_snapshot_new(&s, err));
    SG_TRY(copy_meta(f, s, err));
    SG_TRY(sg_blame_content(add_input(s, weights[0].n_in, err), err));
    for (size_t i = 0; i < n; i++)
        SG_TRY(add_weight(f, &weights[i], i, n, s, err));
    *ret = SG_TAKE(s);
    return SG_OK;
}
