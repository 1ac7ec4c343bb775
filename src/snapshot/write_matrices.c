/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/write_matrices.h"

#include "base/text.h"
#include "base/zip_write.h"
#include <math.h>

enum {
    NPY_PREAMBLE = 10, /* magic, version, length of the header */
    NPY_ALIGNMENT = 64
};

/* Adds an array in NumPy's format 1.0 to an archive; shape is what stands between parentheses. */
static sg_status add_array(sg_zip_writer *zip, const char *name, const char *dtype,
                           const char *shape, sg_zip_piece data, sg_error *err)
{
    SG_AUTO_TEXT sg_text t = {0};
    sg_text_printf(&t, "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", dtype, shape);
    while (!t.failed && (NPY_PREAMBLE + t.n + 1) % NPY_ALIGNMENT != 0)
        sg_text_append(&t, " ");
    sg_text_append(&t, "\n");
    if (t.failed)
        return sg_fail_memory(err, "writing an array");
    const unsigned char preamble[NPY_PREAMBLE] = {
        0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (unsigned char)(t.n & 0xFF), (unsigned char)(t.n >> 8),
    };
    const sg_zip_piece pieces[] = {{preamble, sizeof preamble}, {t.bytes, t.n}, data};
    return sg_zip_writer_add(zip, name, pieces, SG_COUNT(pieces), err);
}

static sg_status add_list(sg_zip_writer *zip, const char *name, const char *dtype,
                          sg_zip_piece data, size_t n_values, sg_error *err)
{
    SG_AUTOFREE char *shape = sg_format("%zu,", n_values);
    if (!shape)
        return sg_fail_memory(err, "writing an array");
    return add_array(zip, name, dtype, shape, data, err);
}

/* SciPy wants both index arrays of one width. Those that need no conversion are written as they
 * are: below 2^31 an unsigned number has the bits of a signed one. */
static sg_status add_narrow(sg_zip_writer *zip, const sg_csr *m, sg_error *err)
{
    SG_AUTOFREE uint32_t *starts = SG_NEW_ARRAY(uint32_t, m->n_rows + 1);
    if (!starts)
        return sg_fail_memory(err, "writing a matrix");
    for (size_t i = 0; i <= m->n_rows; i++)
        starts[i] = (uint32_t)m->row_start[i];
    SG_TRY(add_list(zip, "indices.npy", "<i4", (sg_zip_piece){m->col, 4 * m->n_links}, m->n_links,
                    err));
    return add_list(zip, "indptr.npy", "<i4", (sg_zip_piece){starts, 4 * (m->n_rows + 1)},
                    m->n_rows + 1, err);
}

static sg_status add_wide(sg_zip_writer *zip, const sg_csr *m, sg_error *err)
{
    SG_AUTOFREE uint64_t *columns = SG_NEW_ARRAY(uint64_t, m->n_links);
    if (!columns)
        return sg_fail_memory(err, "writing a matrix");
    for (size_t i = 0; i < m->n_links; i++)
        columns[i] = m->col[i];
    SG_TRY(add_list(zip, "indices.npy", "<i8", (sg_zip_piece){columns, 8 * m->n_links}, m->n_links,
                    err));
    return add_list(zip, "indptr.npy", "<i8", (sg_zip_piece){m->row_start, 8 * (m->n_rows + 1)},
                    m->n_rows + 1, err);
}

static sg_status add_values(sg_zip_writer *zip, const sg_csr *m, bool absolute, sg_error *err)
{
    SG_AUTOFREE float *changed = NULL;
    if (!m->value || absolute) {
        changed = SG_NEW_ARRAY(float, m->n_links);
        if (!changed)
            return sg_fail_memory(err, "writing a matrix");
        for (size_t i = 0; i < m->n_links; i++)
            changed[i] = m->value ? fabsf(m->value[i]) : 1.0F;
    }
    const sg_zip_piece data = {changed ? changed : m->value, sizeof(float) * m->n_links};
    return add_list(zip, "data.npy", "<f4", data, m->n_links, err);
}

sg_status sg_write_npz(const sg_csr *m, bool absolute, sg_writer *w, sg_error *err)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    return sg_fail(err, SG_EUNSUPPORTED, ".npz files are written on little-endian machines only");
#endif
    SG_CLEANUP(sg_zip_writer_free_cleanup_) sg_zip_writer *zip = NULL;
    SG_TRY(sg_zip_writer_new(w, &zip, err));
    const bool narrow = m->n_links <= INT32_MAX && m->n_rows <= INT32_MAX && m->n_cols <= INT32_MAX;
    SG_TRY(narrow ? add_narrow(zip, m, err) : add_wide(zip, m, err));
    SG_TRY(add_array(zip, "format.npy", "|S3", "", (sg_zip_piece){"csr", 3}, err));
    const uint64_t shape[] = {m->n_rows, m->n_cols};
    SG_TRY(add_list(zip, "shape.npy", "<i8", (sg_zip_piece){shape, sizeof shape}, 2, err));
    SG_TRY(add_values(zip, m, absolute, err));
    return sg_zip_writer_end(zip, err);
}

static void describe(const sg_snapshot *s, const sg_link *link, sg_out *o)
{
    const long epoch = sg_snapshot_epoch(s);
    sg_out_text(o, "% sparsegraph: link ");
    sg_out_text(o, link->name);
    if (epoch >= 0) {
        sg_out_text(o, ", epoch ");
        sg_out_u64(o, (uint64_t)epoch);
    }
    sg_out_text(o, "\n% rows receive: layer ");
    sg_out_text(o, sg_snapshot_layer(s, link->to)->name);
    sg_out_text(o, "\n% columns send: layer ");
    sg_out_text(o, sg_snapshot_layer(s, link->from)->name);
    sg_out_text(o, "\n");
}

void sg_write_matrix_market(const sg_snapshot *s, const sg_link *link, bool absolute, sg_out *o)
{
    const sg_csr *m = link->matrix;
    sg_out_text(o, "%%MatrixMarket matrix coordinate ");
    sg_out_text(o, m->value ? "real general\n" : "pattern general\n");
    describe(s, link, o);
    sg_out_u64(o, m->n_rows);
    sg_out_text(o, " ");
    sg_out_u64(o, m->n_cols);
    sg_out_text(o, " ");
    sg_out_u64(o, m->n_links);
    sg_out_text(o, "\n");
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++) {
            sg_out_u64(o, row + 1);
            sg_out_text(o, " ");
            sg_out_u64(o, (uint64_t)m->col[k] + 1);
            if (m->value) {
                sg_out_text(o, " ");
                sg_out_real(o, absolute ? fabsf(m->value[k]) : m->value[k]);
            }
            sg_out_text(o, "\n");
        }
}
