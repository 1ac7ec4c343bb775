/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"
#include "base/zip_read.h"
#include "snapshot/read_formats.h"
#include "snapshot/torch.h"

#include <string.h>

/*
 * torch.save(): since PyTorch 1.6 a zip archive with one folder, <root>/data.pkl, <root>/data/KEY
 * for each storage, <root>/byteorder. Before that, and still on demand: the pickles of a magic
 * number, a protocol version, facts about the system, the object, and the list of storage keys;
 * then for each key the number of values (u64) and the values. Source: torch/serialization.py of
 * PyTorch 1.13.
 */

static const char LEGACY_MAGIC[] = "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.";
enum { LEGACY_MAGIC_BYTES = sizeof LEGACY_MAGIC - 1, LEGACY_PROTOCOL = 1001 };

enum { SHARED_FACTOR = 16 /* times that tensors may use the bytes of a file */ };

bool sg_torch_legacy_is(const void *bytes, size_t n)
{
    return n >= LEGACY_MAGIC_BYTES && memcmp(bytes, LEGACY_MAGIC, LEGACY_MAGIC_BYTES) == 0;
}

/* The folder of an archive that holds data.pkl: its name with the slash, or NULL. */
static const sg_zip_entry *find_pickle(const sg_zip *z, size_t *n_root)
{
    static const char PICKLE[] = "data.pkl";
    for (size_t i = 0; i < sg_zip_count(z); i++) {
        const sg_zip_entry *e = sg_zip_at(z, i);
        const char *slash = strrchr(e->name, '/');
        const char *name = slash ? slash + 1 : e->name;
        if (strcmp(name, PICKLE) != 0)
            continue;
        *n_root = (size_t)(name - e->name);
        return e;
    }
    return NULL;
}

sg_status sg_zip_arrays_read(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    size_t n_root = 0;
    SG_CLEANUP(sg_zip_free_cleanup_) sg_zip *z = NULL;
    SG_TRY(sg_zip_open(f.bytes, f.n, f.max_bytes, &z, err));
    if (find_pickle(z, &n_root))
        return sg_torch_zip_read(f, ret, err);
    return sg_npz_read(f, ret, err);
}

/* Reads an entry that the arrays keep. */
static sg_status read_entry(const sg_zip *z, const sg_zip_entry *e, sg_arrays *keeper,
                            const unsigned char **ret, sg_error *err)
{
    void *owned = NULL;
    SG_TRY(sg_zip_read(z, e, ret, &owned, err));
    return owned ? sg_arrays_keep(keeper, owned, sg_free, err) : SG_OK;
}

/* Finds the bytes of every storage. */
static sg_status find_storages(const sg_zip *z, const char *root, size_t n_root, sg_torch *t,
                               sg_arrays *keeper, sg_error *err)
{
    for (size_t i = 0; i < t->n_storages; i++) {
        sg_torch_storage *s = &t->storage[i];
        char shown[48];
        SG_AUTOFREE char *name =
            sg_format("%.*sdata/%.*s", (int)n_root, root, (int)s->key.n, s->key.at);
        if (!name)
            return sg_fail_memory(err, "reading storages");
        const sg_zip_entry *e = sg_zip_find(z, name);
        const size_t size = sg_dtype_size(s->dtype);
        if (!e || s->n_values > e->n_bytes / size)
            return sg_fail(err, SG_EFORMAT, "storage '%s' %s",
                           sg_span_show(s->key, shown, sizeof shown),
                           e ? "is shorter than its tensors" : "is missing");
        SG_TRY(read_entry(z, e, keeper, &s->bytes, err));
    }
    return SG_OK;
}

static sg_status read_order(const sg_zip *z, const char *root, size_t n_root, sg_torch *t,
                            sg_arrays *keeper, sg_error *err)
{
    SG_AUTOFREE char *name = sg_format("%.*sbyteorder", (int)n_root, root);
    const unsigned char *text = NULL;
    if (!name)
        return sg_fail_memory(err, "reading storages");
    const sg_zip_entry *e = sg_zip_find(z, name);
    if (!e)
        return SG_OK; /* files of older versions are little-endian */
    SG_TRY(read_entry(z, e, keeper, &text, err));
    t->is_swapped = e->n_bytes == 3 && memcmp(text, "big", 3) == 0;
    return SG_OK;
}

static size_t values_allowed(sg_file_bytes f)
{
    return f.n < SIZE_MAX / SHARED_FACTOR ? SHARED_FACTOR * f.n : SIZE_MAX;
}

sg_status sg_torch_zip_read(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    SG_CLEANUP(sg_zip_free_cleanup_) sg_zip *z = NULL;
    SG_CLEANUP(sg_torch_clear) sg_torch t = {.n_left = values_allowed(f)};
    const unsigned char *bytes = NULL;
    size_t n_root = 0;
    size_t used = 0;
    SG_TRY(sg_zip_open(f.bytes, f.n, f.max_bytes, &z, err));
    const sg_zip_entry *e = find_pickle(z, &n_root);
    if (!e)
        return sg_fail(err, SG_EFORMAT, "the zip archive has no data.pkl");
    SG_TRY(read_entry(z, e, ret, &bytes, err));
    SG_TRY(sg_pickle_read(bytes, (size_t)e->n_bytes, &t.pickle, &used, err));
    SG_TRY(sg_torch_list_storages(&t, err));
    SG_TRY(read_order(z, e->name, n_root, &t, ret, err));
    SG_TRY(find_storages(z, e->name, n_root, &t, ret, err));
    return sg_torch_arrays(&t, ret, err);
}

/* What is left of a file of pickles one behind the other. */
typedef struct rest {
    const unsigned char *at;
    size_t n;
} rest;

static sg_status next_pickle(rest *r, sg_pickle *ret, sg_error *err)
{
    size_t used = 0;
    SG_TRY(sg_pickle_read(r->at, r->n, ret, &used, err));
    r->at += used;
    r->n -= used;
    return SG_OK;
}

static sg_status check_protocol(rest *r, sg_error *err)
{
    SG_CLEANUP(sg_pickle_clear) sg_pickle p = {0};
    SG_TRY(next_pickle(r, &p, err));
    const sg_pickle_value *v = &p.value[p.root];
    if (v->kind != SG_PICKLE_INT || v->integer != LEGACY_PROTOCOL)
        return sg_fail(err, SG_EUNSUPPORTED, "its protocol is not %d; save it by a newer PyTorch",
                       LEGACY_PROTOCOL);
    return SG_OK;
}

/* Whether the system was big-endian: {"little_endian": False}. */
static sg_status read_system(rest *r, bool *is_swapped, sg_error *err)
{
    SG_CLEANUP(sg_pickle_clear) sg_pickle p = {0};
    SG_TRY(next_pickle(r, &p, err));
    const sg_pickle_value *dict = &p.value[p.root];
    for (size_t i = 1; dict->kind == SG_PICKLE_DICT && i < dict->n; i += 2) {
        const sg_pickle_value *key = sg_pickle_item(&p, dict, i - 1);
        const sg_pickle_value *value = sg_pickle_item(&p, dict, i);
        if (key->kind == SG_PICKLE_TEXT && key->text.n == 13 &&
            memcmp(key->text.at, "little_endian", 13) == 0)
            *is_swapped = value->kind == SG_PICKLE_BOOL && value->integer == 0;
    }
    return SG_OK;
}

/* Finds the storages behind the pickles, in the order of the list of their keys. */
static sg_status cut_storages(rest *r, const sg_pickle *keys, sg_torch *t, sg_error *err)
{
    const sg_pickle_value *list = &keys->value[keys->root];
    for (size_t i = 0; i < list->n; i++) {
        const sg_pickle_value *key = sg_pickle_item(keys, list, i);
        sg_torch_storage *s =
            key->kind == SG_PICKLE_TEXT ? sg_torch_find_storage(t, key->text) : NULL;
        uint64_t n = 0;
        if (!s || r->n < sizeof n)
            return sg_fail(err, SG_EFORMAT, "its storages do not match its tensors");
        for (size_t k = 0; k < sizeof n; k++)
            n |= (uint64_t)r->at[k] << 8 * (t->is_swapped ? sizeof n - 1 - k : k);
        r->at += sizeof n;
        r->n -= sizeof n;
        const size_t size = sg_dtype_size(s->dtype);
        if (n > r->n / size || n < s->n_values)
            return sg_fail(err, SG_EFORMAT, "its storages are cut short");
        s->bytes = r->at;
        r->at += n * size;
        r->n -= (size_t)n * size;
    }
    return SG_OK;
}

sg_status sg_torch_legacy_read(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    SG_CLEANUP(sg_torch_clear) sg_torch t = {.n_left = values_allowed(f)};
    SG_CLEANUP(sg_pickle_clear) sg_pickle keys = {0};
    if (!sg_torch_legacy_is(f.bytes, f.n))
        return sg_fail(err, SG_EFORMAT, "it does not begin as torch.save() begins");
    rest r = {(const unsigned char *)f.bytes + LEGACY_MAGIC_BYTES, f.n - LEGACY_MAGIC_BYTES};
    SG_TRY(check_protocol(&r, err));
    SG_TRY(read_system(&r, &t.is_swapped, err));
    SG_TRY(next_pickle(&r, &t.pickle, err));
    SG_TRY(sg_torch_list_storages(&t, err));
    SG_TRY(next_pickle(&r, &keys, err));
    SG_TRY(cut_storages(&r, &keys, &t, err));
    return sg_torch_arrays(&t, ret, err);
}
