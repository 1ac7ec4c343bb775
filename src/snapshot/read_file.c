/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/read_file.h"

#include "base/file.h"
#include "base/text.h"
#include "base/zip_read.h"
#include "snapshot/names.h"
#include "snapshot/npy.h"
#include "snapshot/snapshot_read.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* Told by content before name: what each kind of file begins with. */

static bool has_suffix(const char *name, const char *suffix)
{
    const size_t n = strlen(name);
    const size_t n_suffix = strlen(suffix);
    return n >= n_suffix && strcasecmp(name + n - n_suffix, suffix) == 0;
}

/* safetensors begin with a length of eight bytes, of which no header needs more than four, and an
 * object. No text does. */
static bool is_safetensors(const char *bytes, size_t n)
{
    return n >= 9 && bytes[8] == '{' && !bytes[4] && !bytes[5] && !bytes[6] && !bytes[7];
}

sg_file_kind sg_file_kind_tell(const char *bytes, size_t n, const char *name)
{
    if (is_safetensors(bytes, n) || has_suffix(name, ".safetensors"))
        return SG_FILE_SAFETENSORS;
    if (sg_npy_is(bytes, n))
        return SG_FILE_NPY;
    if (sg_zip_is(bytes, n))
        return SG_FILE_ZIP;
    if (sg_torch_legacy_is(bytes, n))
        return SG_FILE_TORCH_LEGACY;
    if (sg_mtx_is(bytes, n))
        return SG_FILE_MTX;
    if (sg_smtx_is(bytes, n, name))
        return SG_FILE_SMTX;
    if (sg_layered_edges_is(bytes, n))
        return SG_FILE_LAYERED_EDGES;
    return SG_FILE_OTHER;
}

/* Kinds that are told only to be refused with a remedy. */
static sg_status refuse(const char *bytes, size_t n, sg_error *err)
{
    static const struct {
        const char *begin;
        size_t n;
        const char *what;
    } KNOWN[] = {
        {"\x89HDF\r\n\x1A\n", 8,
         "it is HDF5, which is not read; save its weights by numpy.savez(FILE, *weights)"},
        {"\x80\x02", 2,
         "it is a pickle that torch.save() did not write; save the weights by torch.save() or "
         "numpy.savez()"},
        {"\x80\x03", 2,
         "it is a pickle that torch.save() did not write; save the weights by torch.save() or "
         "numpy.savez()"},
        {"\x80\x04", 2,
         "it is a pickle that torch.save() did not write; save the weights by torch.save() or "
         "numpy.savez()"},
        {"\x80\x05", 2,
         "it is a pickle that torch.save() did not write; save the weights by torch.save() or "
         "numpy.savez()"},
        {"MATLAB 5.0", 10,
         "it is a MATLAB file, which is not read; save its matrices as .npz or "
         "Matrix Market"},
    };
    for (size_t i = 0; i < SG_COUNT(KNOWN); i++)
        if (n >= KNOWN[i].n && memcmp(bytes, KNOWN[i].begin, KNOWN[i].n) == 0)
            return sg_fail(err, SG_EUNSUPPORTED, "%s", KNOWN[i].what);
    if (n == 0)
        return sg_fail(err, SG_EFORMAT, "it is empty");
    if (memchr(bytes, '\0', n))
        return sg_fail(err, SG_EFORMAT,
                       "it is binary, and none of the formats that are read: safetensors, PyTorch, "
                       "NumPy");
    return SG_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return sg_name_check("file", name, NULL) == SG_OK ? name : "matrix";
}

/* Appends what a file of matrices holds. */
static sg_status read_matrices(sg_file_kind kind, sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    switch (kind) {
    case SG_FILE_NPY:
        return sg_npy_read(f, ret, err);
    case SG_FILE_ZIP:
        return sg_zip_arrays_read(f, ret, err);
    case SG_FILE_TORCH_LEGACY:
        return sg_torch_legacy_read(f, ret, err);
    case SG_FILE_MTX:
        return sg_mtx_read(f, ret, err);
    default:
        return sg_smtx_read(f, ret, err);
    }
}

static sg_status read_edges(sg_file_bytes f, sg_snapshot **ret, sg_error *err)
{
    SG_TRY(refuse(f.bytes, f.n, err));
    return sg_snapshot_from_edges(f, ret, err);
}

sg_status sg_snapshot_from_bytes(sg_file_bytes f, sg_orientation orientation, sg_snapshot **ret,
                                 sg_error *err)
{
    const sg_file_kind kind = sg_file_kind_tell(f.bytes, f.n, f.name);
    if (kind == SG_FILE_SAFETENSORS) {
        SG_CLEANUP(sg_safetensors_free_cleanup_) sg_safetensors *file = NULL;
        SG_TRY(sg_safetensors_open_bytes(f.bytes, f.n, &file, err));
        return sg_snapshot_from_safetensors(file, orientation, ret, err);
    }
    if (kind == SG_FILE_OTHER || kind == SG_FILE_LAYERED_EDGES)
        return read_edges(f, ret, err);
    SG_CLEANUP(sg_arrays_clear) sg_arrays a = {0};
    SG_TRY(read_matrices(kind, f, &a, err));
    SG_TRY(sg_arrays_sort(&a, err));
    return sg_snapshot_from_arrays(&a, (sg_order_known){.orientation = orientation}, ret, err);
}

sg_status sg_file_kind_open(const char *path, sg_file_kind *ret, sg_error *err)
{
    char head[64];
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not block */
    if (fd < 0)
        return sg_fail_errno(err, "read", path);
    const bool known = fstat(fd, &about) == 0;
    const ssize_t n = known && S_ISREG(about.st_mode) ? read(fd, head, sizeof head) : 0;
    (void)close(fd);
    if (!known || n < 0)
        return sg_fail_errno(err, "read", path);
    if (S_ISDIR(about.st_mode))
        return sg_fail(err, SG_EINVAL,
                       "cannot read '%s': it is a folder, and neither a run nor a snapshot file",
                       path);
    if (!S_ISREG(about.st_mode))
        return sg_fail(err, SG_EINVAL, "cannot read '%s': it is no regular file", path);
    *ret = sg_file_kind_tell(head, (size_t)n, path);
    return SG_OK;
}

static sg_status read_safetensors(const char *path, sg_orientation orientation, sg_snapshot **ret,
                                  sg_error *err)
{
    SG_CLEANUP(sg_safetensors_free_cleanup_) sg_safetensors *f = NULL;
    SG_TRY(sg_safetensors_open(path, &f, err));
    const sg_status status = sg_snapshot_from_safetensors(f, orientation, ret, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "cannot read '%s'", path);
}

sg_status sg_file_bytes_read(const char *path, uint64_t max_bytes, sg_file_bytes *ret, char **owned,
                             sg_error *err)
{
    size_t n = 0;
    const size_t most = max_bytes < SIZE_MAX ? (size_t)max_bytes : SIZE_MAX;
    SG_TRY(sg_file_read_gz(path, most, owned, &n, err));
    *ret = (sg_file_bytes){*owned, n, base_name(path), max_bytes};
    return SG_OK;
}

sg_status sg_snapshot_read_one(const char *path, const sg_snapshot_read_params *params,
                               sg_snapshot **ret, sg_error *err)
{
    sg_file_kind kind = SG_FILE_OTHER;
    SG_TRY(sg_file_kind_open(path, &kind, err));
    if (kind == SG_FILE_SAFETENSORS)
        return read_safetensors(path, params->orientation, ret, err);
    SG_AUTOFREE char *bytes = NULL;
    sg_file_bytes f = {0};
    SG_TRY(sg_file_bytes_read(path, params->max_bytes, &f, &bytes, err));
    const sg_status status = sg_snapshot_from_bytes(f, params->orientation, ret, err);
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "cannot read '%s'", path);
}

static void free_snapshot(void *s)
{
    sg_snapshot_free(s);
}

static void free_safetensors(void *f)
{
    sg_safetensors_free(f);
}

/* Adds the links of a chain of layers as matrices, in their order, with the biases. */
static sg_status add_chain(sg_snapshot *s, sg_arrays *ret, sg_error *err)
{
    SG_TRY(sg_arrays_keep(ret, s, free_snapshot, err));
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        const sg_layer *to = sg_snapshot_layer(s, link->to);
        char name[64];
        if (link->from != i || link->to != i + 1)
            return sg_fail(err, SG_EUNSUPPORTED,
                           "its layers are no chain, so it cannot stand among the layers of "
                           "another network");
        sg_csr *m = NULL;
        SG_TRY(sg_csr_copy(link->matrix, &m, err));
        (void)snprintf(name, sizeof name, "link%zu.weight", i);
        SG_TRY(sg_arrays_add_sparse(ret, name, m, err));
        sg_array bias = {.dtype = SG_DTYPE_F32,
                         .n_dims = 1,
                         .shape = {to->size},
                         .n_values = to->size,
                         .stride = {1},
                         .bytes = (const unsigned char *)to->bias};
        (void)snprintf(name, sizeof name, "link%zu.bias", i);
        if (to->bias)
            SG_TRY(sg_arrays_add(ret, name, &bias, err));
    }
    return SG_OK;
}

/* What a file's own complaint becomes where the file is one of several. */
static sg_status within(const char *path, sg_status status, sg_error *err)
{
    return status == SG_OK ? SG_OK : sg_fail_within(err, status, "cannot read '%s'", path);
}

static sg_status add_tensors(const sg_safetensors *f, sg_arrays *ret, sg_error *err)
{
    sg_snapshot *s = NULL;
    if (!sg_safetensors_is_native(f))
        return sg_arrays_of_safetensors(f, ret, err);
    SG_TRY(sg_snapshot_from_native(f, &s, err));
    return add_chain(s, ret, err);
}

static sg_status add_bytes(sg_file_bytes f, sg_arrays *ret, sg_error *err)
{
    sg_snapshot *s = NULL;
    const sg_file_kind kind = sg_file_kind_tell(f.bytes, f.n, f.name);
    if (kind == SG_FILE_SAFETENSORS)
        return sg_fail(err, SG_EUNSUPPORTED, "it is a compressed safetensors file; unpack it");
    if (kind != SG_FILE_OTHER && kind != SG_FILE_LAYERED_EDGES)
        return read_matrices(kind, f, ret, err);
    SG_TRY(read_edges(f, &s, err));
    return add_chain(s, ret, err);
}

/* Names the arrays of a file after it too. */
static sg_status name_after(sg_arrays *a, const char *path, sg_error *err)
{
    const char *file = base_name(path);
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->at[i].name, file) == 0)
            continue;
        char *name = sg_format("%s:%s", file, a->at[i].name);
        if (!name)
            return sg_fail_memory(err, "naming arrays");
        sg_free(a->at[i].name);
        a->at[i].name = name;
    }
    return SG_OK;
}

sg_status sg_arrays_read_file(const char *path, uint64_t max_bytes, sg_arrays *ret, sg_error *err)
{
    sg_file_kind kind = SG_FILE_OTHER;
    SG_TRY(sg_file_kind_open(path, &kind, err));
    if (kind == SG_FILE_SAFETENSORS) {
        sg_safetensors *f = NULL;
        SG_TRY(sg_safetensors_open(path, &f, err));
        SG_TRY(sg_arrays_keep(ret, f, free_safetensors, err));
        SG_TRY(within(path, add_tensors(f, ret, err), err));
    } else {
        char *bytes = NULL;
        sg_file_bytes f = {0};
        SG_TRY(sg_file_bytes_read(path, max_bytes, &f, &bytes, err));
        SG_TRY(sg_arrays_keep(ret, bytes, sg_free, err));
        SG_TRY(within(path, add_bytes(f, ret, err), err));
    }
    return name_after(ret, path, err);
}
