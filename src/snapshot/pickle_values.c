/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/pickle.h"

#include <string.h>

void sg_pickle_clear(sg_pickle *p)
{
    for (size_t i = 0; i < p->n; i++)
        sg_free(p->value[i].item);
    sg_free(p->value);
    *p = (sg_pickle){0};
}

sg_status sg_pickle_add(sg_pickle *p, sg_pickle_value value, sg_pickle_ref *ret, sg_error *err)
{
    if (p->n == SG_PICKLE_VALUES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "the pickle holds more than %d values",
                       SG_PICKLE_VALUES_MAX);
    if (p->n == p->capacity) {
        const size_t capacity = p->capacity ? 2 * p->capacity : 64;
        sg_pickle_value *grown = sg_resize(p->value, capacity, sizeof *grown);
        if (!grown)
            return sg_fail_memory(err, "reading a pickle");
        p->value = grown;
        p->capacity = capacity;
    }
    p->value[p->n] = value;
    *ret = (sg_pickle_ref)p->n++;
    return SG_OK;
}

sg_status sg_pickle_append(sg_pickle *p, sg_pickle_ref to, sg_pickle_ref item, sg_error *err)
{
    sg_pickle_value *v = &p->value[to];
    if (p->n_items == SG_PICKLE_VALUES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "the pickle holds more than %d items",
                       SG_PICKLE_VALUES_MAX);
    p->n_items++;
    if (v->n == v->capacity) {
        const size_t capacity = v->capacity ? 2 * v->capacity : 4;
        sg_pickle_ref *grown = sg_resize(v->item, capacity, sizeof *grown);
        if (!grown)
            return sg_fail_memory(err, "reading a pickle");
        v->item = grown;
        v->capacity = capacity;
    }
    v->item[v->n++] = item;
    return SG_OK;
}

const sg_pickle_value *sg_pickle_item(const sg_pickle *p, const sg_pickle_value *of, size_t i)
{
    return i < of->n ? &p->value[of->item[i]] : NULL;
}

static const struct {
    const char *module;
    const char *name;
    sg_pickle_name is;
} NAMES[] = {
    {"collections", "OrderedDict", SG_NAME_DICT},
    {"collections", "defaultdict", SG_NAME_DICT},
    {"torch", "Size", SG_NAME_SIZE},
    {"torch._utils", "_rebuild_tensor", SG_NAME_TENSOR},
    {"torch._utils", "_rebuild_tensor_v2", SG_NAME_TENSOR},
    {"torch._utils", "_rebuild_tensor_v3", SG_NAME_TENSOR_V3},
    {"torch._utils", "_rebuild_parameter", SG_NAME_PARAMETER},
    {"torch._utils", "_rebuild_sparse_tensor", SG_NAME_SPARSE},
    {"torch._utils", "_rebuild_sparse_csr_tensor", SG_NAME_SPARSE},
    {"torch.serialization", "_get_layout", SG_NAME_LAYOUT},
    /* what checkpoints hold beside the weights; all of it stays inert */
    {"torch.nn.parameter", "Parameter", SG_NAME_OTHER},
    {"torch", "device", SG_NAME_OTHER},
    {"argparse", "Namespace", SG_NAME_OTHER},
    {"_codecs", "encode", SG_NAME_OTHER},
    {"builtins", "dict", SG_NAME_OTHER},
    {"builtins", "float", SG_NAME_OTHER},
    {"builtins", "int", SG_NAME_OTHER},
    {"builtins", "list", SG_NAME_OTHER},
    {"builtins", "set", SG_NAME_OTHER},
    {"__builtin__", "dict", SG_NAME_OTHER},
    {"__builtin__", "set", SG_NAME_OTHER},
    {"numpy", "dtype", SG_NAME_OTHER},
    {"numpy", "ndarray", SG_NAME_OTHER},
    {"numpy.core.multiarray", "_reconstruct", SG_NAME_OTHER},
    {"numpy.core.multiarray", "scalar", SG_NAME_OTHER},
    {"numpy._core.multiarray", "_reconstruct", SG_NAME_OTHER},
    {"numpy._core.multiarray", "scalar", SG_NAME_OTHER},
};

/* PyTorch's names of types, as storages and as dtypes. */
static const struct {
    const char *storage;
    const char *name;
    sg_dtype dtype;
} TYPES[] = {
    {"FloatStorage", "float32", SG_DTYPE_F32},  {"DoubleStorage", "float64", SG_DTYPE_F64},
    {"HalfStorage", "float16", SG_DTYPE_F16},   {"BFloat16Storage", "bfloat16", SG_DTYPE_BF16},
    {"LongStorage", "int64", SG_DTYPE_I64},     {"IntStorage", "int32", SG_DTYPE_I32},
    {"ShortStorage", "int16", SG_DTYPE_I16},    {"CharStorage", "int8", SG_DTYPE_I8},
    {"ByteStorage", "uint8", SG_DTYPE_U8},      {"BoolStorage", "bool", SG_DTYPE_BOOL},
    {"UntypedStorage", "uint16", SG_DTYPE_U16},
};

static bool is_exactly(sg_span s, const char *word)
{
    return strlen(word) == s.n && memcmp(s.at, word, s.n) == 0;
}

static bool find_type(sg_span module, sg_span name, sg_pickle_value *ret)
{
    const bool has_storages = is_exactly(module, "torch") || is_exactly(module, "torch.cuda") ||
                              is_exactly(module, "torch.storage");
    for (size_t i = 0; i < SG_COUNT(TYPES); i++) {
        const bool is_storage = has_storages && is_exactly(name, TYPES[i].storage);
        if (!is_storage && !(is_exactly(module, "torch") && is_exactly(name, TYPES[i].name)))
            continue;
        ret->name = is_storage ? SG_NAME_STORAGE : SG_NAME_DTYPE;
        ret->dtype = TYPES[i].dtype;
        if (is_storage && is_exactly(name, "UntypedStorage"))
            ret->dtype = SG_DTYPE_U8; /* counted in bytes */
        ret->has_dtype = true;
        return true;
    }
    return false;
}

bool sg_pickle_name_find(sg_span module, sg_span name, sg_pickle_value *ret)
{
    *ret = (sg_pickle_value){.kind = SG_PICKLE_NAME};
    if (find_type(module, name, ret))
        return true;
    for (size_t i = 0; i < SG_COUNT(NAMES); i++) {
        if (is_exactly(module, NAMES[i].module) && is_exactly(name, NAMES[i].name)) {
            ret->name = NAMES[i].is;
            return true;
        }
    }
    return false;
}
