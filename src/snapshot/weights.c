/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/weights.h"

#include "base/text.h"

#include <string.h>

/*
 * How the names of a mask and of what it masks differ: their ends.
 *
 * torch.nn.utils.prune keeps NAME_orig and NAME_mask; torch.nn.utils.parametrize keeps
 * parametrizations.NAME.original and the buffers of its first parametrization, of which
 * torch.ao.pruning calls one "mask"; nupic.torch wraps a module and marks its zeros.
 */
static const struct {
    const char *mask;
    const char *value;
    bool marks_pruned;
    bool is_certain; /* another shape is an error, not another meaning */
} PAIRS[] = {
    {"_mask", "_orig", false, true},
    {".0.mask", ".original", false, true},
    {".zero_mask", ".module.weight", true, true},
    {".zero_mask", ".weight", true, false},
    {"_mask", "", false, false},
    {".mask", ".weight", false, false},
};

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text);
    const size_t n_end = strlen(end);
    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

/* Finds the array of the same file whose name has `suffix` in the place of `old`, with which the
 * name ends. */
static sg_status find_sibling(const sg_arrays *a, const sg_array *of, const char *old,
                              const char *suffix, const sg_array **ret, sg_error *err)
{
    SG_AUTOFREE char *sibling =
        sg_format("%.*s%s", (int)(strlen(of->name) - strlen(old)), of->name, suffix);
    if (!sibling)
        return sg_fail_memory(err, "reading dense weights");
    *ret = sg_arrays_find(a, of->of_file, sibling);
    return SG_OK;
}

static bool have_same_shape(const sg_array *a, const sg_array *b)
{
    return a->n_dims == b->n_dims && a->n_values == b->n_values &&
           memcmp(a->shape, b->shape, sizeof a->shape) == 0;
}

/* Whether an array is the mask of another one. */
static sg_status is_mask(const sg_arrays *a, const sg_array *t, bool *ret, sg_error *err)
{
    *ret = false;
    for (size_t i = 0; i < SG_COUNT(PAIRS) && !*ret; i++) {
        const sg_array *masked = NULL;
        if (!ends_with(t->name, PAIRS[i].mask))
            continue;
        SG_TRY(find_sibling(a, t, PAIRS[i].mask, PAIRS[i].value, &masked, err));
        *ret = masked && masked != t && (PAIRS[i].is_certain || have_same_shape(t, masked));
    }
    return SG_OK;
}

sg_status sg_mask_find(const sg_arrays *a, const sg_array *array, const sg_array **ret,
                       bool *marks_pruned, sg_error *err)
{
    *ret = NULL;
    for (size_t i = 0; i < SG_COUNT(PAIRS) && !array->sparse; i++) {
        const sg_array *mask = NULL;
        if (!ends_with(array->name, PAIRS[i].value))
            continue;
        SG_TRY(find_sibling(a, array, PAIRS[i].value, PAIRS[i].mask, &mask, err));
        if (!mask || mask->sparse)
            continue;
        if (have_same_shape(array, mask)) {
            *marks_pruned = PAIRS[i].marks_pruned;
            *ret = mask;
            return SG_OK;
        }
        if (PAIRS[i].is_certain)
            return sg_fail(err, SG_EFORMAT, "mask '%.100s' has another shape than '%.100s'",
                           mask->name, array->name);
    }
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

/* Finds the 1-D array named `name` without its end, and with another one. */
static sg_status find_vector(const sg_arrays *a, size_t of_file, const char *name, const char *end,
                             const sg_array **ret, sg_error *err)
{
    const char *cut = *end && ends_with(name, end) ? end : "";
    for (int i = 0; i < 2 && !*ret; i++) {
        SG_AUTOFREE char *plain =
            sg_format("%.*s%s", (int)(strlen(name) - strlen(cut)), name, i == 0 ? "" : "_orig");
        if (!plain)
            return sg_fail_memory(err, "reading dense weights");
        const sg_array *t = sg_arrays_find(a, of_file, plain);
        if (t && t->n_dims == 1)
            *ret = t;
    }
    return SG_OK;
}

/* Finds a weight's bias; pruning or a parametrization may have renamed one of the two, or both. */
static sg_status find_bias(const sg_arrays *a, sg_weight *w, sg_error *err)
{
    static const char PARAMETRIZED[] = "parametrizations.bias.original";
    SG_AUTOFREE char *bias = name_bias(w->value->name);
    if (!bias)
        return sg_fail_memory(err, "reading dense weights");
    SG_TRY(find_vector(a, w->value->of_file, bias, "_orig", &w->bias, err));
    if (w->bias || !ends_with(bias, PARAMETRIZED))
        return SG_OK;
    memcpy(bias + strlen(bias) - strlen(PARAMETRIZED), "bias", sizeof "bias");
    return find_vector(a, w->value->of_file, bias, "", &w->bias, err);
}

/* Whether a 2-D array of this kind is a weight. */
static bool is_weight(const sg_array *t, bool takes_bool)
{
    return t->sparse || sg_dtype_is_float(t->dtype) || (takes_bool && t->dtype == SG_DTYPE_BOOL);
}

/* Takes an array up among the weights, passes over it, or says why the file is no MLP. */
static sg_status sort_out(const sg_arrays *a, const sg_array *t, bool takes_bool, sg_weight *ret,
                          size_t *n, sg_error *err)
{
    bool mask = false;
    SG_TRY(is_mask(a, t, &mask, err));
    if (mask || t->n_dims < 2)
        return SG_OK;
    if (t->n_dims > 2)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "tensor '%.100s' has %zu dimensions; only the 2-D weights of an MLP are "
                       "read",
                       t->name, t->n_dims);
    if (!is_weight(t, takes_bool))
        return sg_fail(err, SG_EUNSUPPORTED,
                       "tensor '%.100s' is 2-D %s; only weights of F16, BF16, F32 or F64 are read",
                       t->name, sg_dtype_name(t->dtype));
    sg_weight *w = &ret[(*n)++];
    *w = (sg_weight){.value = t, .n_out = t->shape[0], .n_in = t->shape[1]};
    SG_TRY(sg_mask_find(a, t, &w->mask, &w->marks_pruned, err));
    return find_bias(a, w, err);
}

sg_status sg_weights_find(const sg_arrays *a, sg_weight *ret, size_t *n, sg_error *err)
{
    bool takes_bool = true;
    for (size_t i = 0; i < a->n; i++)
        takes_bool = takes_bool && (a->at[i].n_dims != 2 || !is_weight(&a->at[i], false));
    *n = 0;
    for (size_t i = 0; i < a->n; i++)
        SG_TRY(sort_out(a, &a->at[i], takes_bool, ret, n, err));
    if (*n == 0)
        return sg_fail(err, SG_EUNSUPPORTED, "it holds no 2-D weights, so no layers of an MLP");
    return SG_OK;
}
