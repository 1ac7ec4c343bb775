/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/zip_read.h"
#include "snapshot/names.h"
#include "snapshot/npy.h"
#include "snapshot/npz.h"
#include "snapshot/read_formats.h"
#include "snapshot/snapshot_read.h"

#include <stdlib.h>
#include <string.h>

sg_status sg_npy_read(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    sg_npy npy = {0};
    SG_TRY(sg_npy_parse(f.bytes, f.n, &npy, err));
    if (npy.kind != SG_NPY_NUMBERS)
        return sg_fail(err, SG_EUNSUPPORTED, "it holds text, not numbers");
    return sg_arrays_add(ret, f.name, &npy.array, err);
}

static void members_clear(sg_npz_members *m)
{
    for (size_t i = 0; i < m->n; i++)
        sg_free(m->at[i].name);
    sg_free(m->at);
    *m = (sg_npz_members){0};
}

const sg_npz_member *sg_npz_find(const sg_npz_members *m, const char *name)
{
    for (size_t low = 0, high = m->n; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(m->at[middle].name, name);
        if (order == 0)
            return &m->at[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Inflates an entry and reads its header. */
static sg_status read_member(const sg_zip *z, const sg_zip_entry *e, sg_npz_member *member,
                             sg_arrays *keeper, sg_error *err)
{
    const unsigned char *bytes = NULL;
    void *owned = NULL;
    const size_t n_name = strlen(e->name);
    if (n_name <= 4 || strcmp(e->name + n_name - 4, ".npy") != 0)
        return sg_fail(err, SG_EUNSUPPORTED,
                       "the zip archive has an entry '%.100s', which no .npz has", e->name);
    member->name = sg_memdup(e->name, n_name - 4);
    if (!member->name)
        return sg_fail_memory(err, "reading arrays");
    SG_TRY(sg_blame_content(sg_name_check("array", member->name, err), err));
    SG_TRY(sg_zip_read(z, e, &bytes, &owned, err));
    if (owned)
        SG_TRY(sg_arrays_keep(keeper, owned, sg_free, err));
    const sg_status status = sg_npy_parse(bytes, (size_t)e->n_bytes, &member->npy, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "array '%.100s'", member->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const sg_npz_member *)a)->name, ((const sg_npz_member *)b)->name);
}

/* Adds the dense arrays, and the sparse matrices that several members make. */
static sg_status add_members(const sg_npz_members *all, sg_file_bytes f, sg_arrays *ret,
                             sg_error *err)
{
    for (size_t i = 0; i < all->n; i++) {
        const sg_npz_member *member = &all->at[i];
        bool is_part = false;
        SG_TRY(sg_npz_is_part(all, member->name, &is_part, err));
        if (sg_npz_is_sparse(member))
            SG_TRY(sg_npz_add_sparse(all, member, f, ret, err));
        else if (!is_part && member->npy.kind == SG_NPY_NUMBERS)
            SG_TRY(sg_arrays_add(ret, member->name, &member->npy.array, err));
    }
    return SG_OK;
}

sg_status sg_npz_read(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    SG_CLEANUP(sg_zip_free_cleanup_) sg_zip *z = NULL;
    SG_CLEANUP(members_clear) sg_npz_members all = {0};
    SG_TRY(sg_zip_open(f.bytes, f.n, f.max_bytes, &z, err));
    all.at = SG_NEW_ARRAY(sg_npz_member, sg_zip_count(z));
    if (!all.at)
        return sg_fail_memory(err, "reading arrays");
    all.n = sg_zip_count(z); /* those without a name yet have none to free */
    for (size_t i = 0; i < all.n; i++)
        SG_TRY(read_member(z, sg_zip_at(z, i), &all.at[i], ret, err));
    if (all.n > 1)
        qsort(all.at, all.n, sizeof *all.at, by_name);
    return add_members(&all, f, ret, err);
}
