/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_SNAPSHOT_PICKLE_H
#define SG_SNAPSHOT_PICKLE_H

/*
 * Python's pickles as plain data. The machine knows the opcodes that torch.save() uses and an
 * enumerated list of names; calls are written down with their arguments and never made, so a pickle
 * can do nothing. All it holds stays in proportion to its bytes.
 *
 * Opcodes: https://github.com/python/cpython/blob/3.11/Lib/pickletools.py; names: those of
 * PyTorch's torch/_weights_only_unpickler.py, and a few that checkpoints hold beside the weights.
 */

#include "base/memory.h"
#include "base/status.h"
#include "snapshot/safetensors.h"
#include "snapshot/text_scan.h"

enum { SG_PICKLE_VALUES_MAX = 1 << 22 }; /* values, and items of all of them together */

typedef enum sg_pickle_kind {
    SG_PICKLE_NONE = 0,
    SG_PICKLE_BOOL,    /* integer */
    SG_PICKLE_INT,     /* integer; what does not fit in 64 bits is OTHER */
    SG_PICKLE_TEXT,    /* text, or bytes */
    SG_PICKLE_TUPLE,   /* items */
    SG_PICKLE_LIST,    /* items */
    SG_PICKLE_DICT,    /* items: key, value, key, value, ... */
    SG_PICKLE_NAME,    /* name, and dtype where it stands for one */
    SG_PICKLE_CALL,    /* name, and items: the arguments */
    SG_PICKLE_STORAGE, /* items: the parts of a persistent id */
    SG_PICKLE_OTHER,   /* a value that nothing here needs */
} sg_pickle_kind;

typedef enum sg_pickle_name {
    SG_NAME_OTHER = 0,
    SG_NAME_DICT,      /* collections.OrderedDict, defaultdict */
    SG_NAME_STORAGE,   /* torch.FloatStorage and its kin */
    SG_NAME_DTYPE,     /* torch.float32 and its kin */
    SG_NAME_SIZE,      /* torch.Size */
    SG_NAME_PARAMETER, /* torch._utils._rebuild_parameter */
    SG_NAME_TENSOR,    /* torch._utils._rebuild_tensor, _rebuild_tensor_v2 */
    SG_NAME_TENSOR_V3, /* with a dtype of its own */
    SG_NAME_SPARSE,    /* torch._utils._rebuild_sparse_tensor */
    SG_NAME_LAYOUT,    /* torch.serialization._get_layout */
} sg_pickle_name;

typedef uint32_t sg_pickle_ref; /* number of a value */

typedef struct sg_pickle_value {
    sg_pickle_kind kind;
    sg_pickle_name name;
    sg_dtype dtype;
    bool has_dtype;
    int64_t integer;
    sg_span text; /* within the pickle */
    sg_pickle_ref *item;
    size_t n;
    size_t capacity;
} sg_pickle_value;

typedef struct sg_pickle {
    sg_pickle_value *value;
    size_t n;
    size_t capacity;
    size_t n_items; /* of all values together */
    sg_pickle_ref root;
} sg_pickle;

void sg_pickle_clear(sg_pickle *p);

/*
 * Reads one pickle from the beginning of n bytes, which must outlive *ret; *used is where it ends.
 * SG_EFORMAT; SG_EUNSUPPORTED: an opcode or a name that is not in the lists, more than
 * SG_PICKLE_VALUES_MAX values.
 */
sg_status sg_pickle_read(const void *bytes, size_t n, sg_pickle *ret, size_t *used,
                         sg_error *err) SG_CHECKED;

/* Finds a name; false where it is not in the list. */
bool sg_pickle_name_find(sg_span module, sg_span name, sg_pickle_value *ret);

/* Adds a value, or an item to one. */
sg_status sg_pickle_add(sg_pickle *p, sg_pickle_value value, sg_pickle_ref *ret,
                        sg_error *err) SG_CHECKED;
sg_status sg_pickle_append(sg_pickle *p, sg_pickle_ref to, sg_pickle_ref item,
                           sg_error *err) SG_CHECKED;

/* Item number i of a value, or NULL where there are fewer. */
const sg_pickle_value *sg_pickle_item(const sg_pickle *p, const sg_pickle_value *of, size_t i);

#endif
