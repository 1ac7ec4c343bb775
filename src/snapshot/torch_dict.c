/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "snapshot/names.h"
#include "snapshot/snapshot_read.h"
#include "snapshot/torch.h"

#include <stdio.h>
#include <string.h>

enum {
    DEPTH_MAX = 4,           /* of dicts in which weights are looked for */
    LOOKED_AT_MAX = 1 << 20, /* values: a hostile pickle can hold one dict very often */
    LISTED_MAX = 6,
};

/* The dicts at one depth of a checkpoint that hold tensors. */
typedef struct found {
    const sg_pickle_value *dict;
    const sg_pickle_value *key; /* or NULL: it is the pickle itself */
    size_t n;
    int rank; /* of the key among the usual names; the lowest wins */
    bool is_tie;
    size_t n_left; /* values that may still be looked at */
    sg_text names;
} found;

static bool is_text(const sg_pickle_value *v, const char *text)
{
    return v->kind == SG_PICKLE_TEXT && v->text.n == strlen(text) &&
           memcmp(v->text.at, text, v->text.n) == 0;
}

/* Under which names checkpoints keep their weights. */
static int rank_of(const sg_pickle_value *key)
{
    static const char *const USUAL[] = {"state_dict", "model_state_dict", "model", "net",
                                        "network",    "weights",          "params"};
    for (int i = 0; i < (int)SG_COUNT(USUAL); i++)
        if (key && is_text(key, USUAL[i]))
            return i;
    return (int)SG_COUNT(USUAL);
}

/* What an optimiser keeps has the shapes of the weights and is none. */
static bool is_optimizer(const sg_pickle_value *key)
{
    return key->kind == SG_PICKLE_TEXT && key->text.n >= 5 && memcmp(key->text.at, "optim", 5) == 0;
}

static sg_status has_tensors(sg_torch *t, const sg_pickle_value *dict, size_t *left, bool *ret,
                             sg_error *err)
{
    const size_t step = dict->kind == SG_PICKLE_DICT ? 2 : 1;
    *ret = false;
    for (size_t i = step - 1; i < dict->n && !*ret && *left > 0; i += step, (*left)--)
        SG_TRY(sg_torch_tensor(t, sg_pickle_item(&t->pickle, dict, i), NULL, ret, err));
    return SG_OK;
}

static bool is_container(const sg_pickle_value *v)
{
    return v->kind == SG_PICKLE_DICT || v->kind == SG_PICKLE_LIST || v->kind == SG_PICKLE_TUPLE;
}

static void take_up(found *f, const sg_pickle_value *dict, const sg_pickle_value *key)
{
    char shown[48] = "";
    const int rank = rank_of(key);
    if (key && key->kind == SG_PICKLE_TEXT)
        (void)sg_span_show(key->text, shown, sizeof shown);
    if (f->n < LISTED_MAX)
        sg_text_printf(&f->names, "%s'%s'", f->n > 0 ? ", " : "", shown);
    if (f->n > 0 && f->dict != dict && rank == f->rank)
        f->is_tie = true;
    if (f->n == 0 || rank < f->rank) {
        f->dict = dict;
        f->key = key;
        f->rank = rank;
        f->is_tie = false;
    }
    f->n++;
}

/* Looks for dicts with tensors at a depth below a value. */
static sg_status look(sg_torch *t, const sg_pickle_value *v, const sg_pickle_value *key, int depth,
                      found *ret, sg_error *err)
{
    bool has = false;
    if (!is_container(v) || ret->n_left == 0)
        return SG_OK;
    ret->n_left--;
    if (depth == 0) {
        SG_TRY(has_tensors(t, v, &ret->n_left, &has, err));
        if (has)
            take_up(ret, v, key);
        return SG_OK;
    }
    for (size_t i = 1; v->kind == SG_PICKLE_DICT && i < v->n; i += 2) {
        const sg_pickle_value *inner = sg_pickle_item(&t->pickle, v, i - 1);
        if (!is_optimizer(inner))
            SG_TRY(look(t, sg_pickle_item(&t->pickle, v, i), inner, depth - 1, ret, err));
    }
    return SG_OK;
}

static sg_status find_dict(sg_torch *t, found *ret, sg_error *err)
{
    const sg_pickle_value *root = &t->pickle.value[t->pickle.root];
    ret->n_left = LOOKED_AT_MAX;
    for (int depth = 0; depth <= DEPTH_MAX && ret->n == 0; depth++)
        SG_TRY(look(t, root, NULL, depth, ret, err));
    if (ret->names.failed)
        return sg_fail_memory(err, "looking for weights");
    if (ret->n == 0)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "it holds no dict of tensors; save model.state_dict() by torch.save()");
    if (ret->is_tie)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "it holds several dicts of tensors (%s); save one of them alone",
                       ret->names.bytes);
    return SG_OK;
}

/* Adds one tensor by the name that its key gives it. */
static sg_status add_tensor(sg_torch *t, const sg_pickle_value *key, size_t i,
                            const sg_pickle_value *value, sg_arrays *ret, sg_error *err)
{
    sg_array array = {0};
    bool is_tensor = false;
    const bool has_name = key && key->kind == SG_PICKLE_TEXT;
    SG_AUTOFREE char *name = has_name ? sg_memdup(key->text.at, key->text.n) : sg_format("%zu", i);
    if (!name)
        return sg_fail_memory(err, "naming tensors");
    SG_TRY(sg_torch_tensor(t, value, NULL, &is_tensor, err));
    if (!is_tensor)
        return SG_OK;
    if (has_name && memchr(key->text.at, '\0', key->text.n))
        return sg_fail(err, SG_EFORMAT, "the tensor's name is not printable UTF-8 text");
    SG_TRY(sg_blame_content(sg_name_check("tensor", name, err), err));
    const sg_status status = sg_torch_tensor(t, value, &array, &is_tensor, err);
    if (status != SG_OK)
        return sg_fail_within(err, status, "tensor '%.100s'", name);
    if (array.sparse)
        return sg_arrays_add_sparse(ret, name, array.sparse, err);
    return sg_arrays_add(ret, name, &array, err);
}

/* The epoch that a checkpoint was made at. */
static void read_epoch(const sg_torch *t, sg_arrays *ret)
{
    const sg_pickle_value *root = &t->pickle.value[t->pickle.root];
    for (size_t i = 1; root->kind == SG_PICKLE_DICT && i < root->n; i += 2) {
        const sg_pickle_value *value = sg_pickle_item(&t->pickle, root, i);
        if (is_text(sg_pickle_item(&t->pickle, root, i - 1), "epoch") &&
            value->kind == SG_PICKLE_INT && value->integer >= 0 && value->integer <= INT32_MAX) {
            ret->epoch = (long)value->integer;
            ret->has_epoch = true;
        }
    }
}

static void found_clear(found *f)
{
    sg_text_free(&f->names);
}

sg_status sg_torch_arrays(sg_torch *t, sg_arrays *ret, sg_error *err)
{
    SG_CLEANUP(found_clear) found f = {0};
    sg_array alone = {0};
    bool is_tensor = false;
    const sg_pickle_value *root = &t->pickle.value[t->pickle.root];
    SG_TRY(sg_torch_tensor(t, root, NULL, &is_tensor, err));
    ret->is_torch = true;
    if (is_tensor) {
        SG_TRY(sg_torch_tensor(t, root, &alone, &is_tensor, err));
        if (alone.sparse)
            return sg_arrays_add_sparse(ret, "tensor", alone.sparse, err);
        return sg_arrays_add(ret, "tensor", &alone, err);
    }
    SG_TRY(find_dict(t, &f, err));
    const size_t step = f.dict->kind == SG_PICKLE_DICT ? 2 : 1;
    for (size_t i = step - 1; i < f.dict->n; i += step) {
        const sg_pickle_value *key = step == 2 ? sg_pickle_item(&t->pickle, f.dict, i - 1) : NULL;
        SG_TRY(add_tensor(t, key, i / step, sg_pickle_item(&t->pickle, f.dict, i), ret, err));
    }
    read_epoch(t, ret);
    return SG_OK;
}
