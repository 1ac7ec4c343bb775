/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_NETWORK_FILES_H
#define SG_TEST_NETWORK_FILES_H

/*
 * One small network in the formats of other programs:
 *
 *     input 3 -> hidden1 2 -> output 2; W1 = [[1, 0, 2], [0, -3, 0]], b1 = [0.5, 0], W2 = [[0, 4],
 *     [5, 0]]; 3 + 2 links
 */

#include "byte_builder.h"

static const float NET_W1[] = {1.0F, 0.0F, 2.0F, 0.0F, -3.0F, 0.0F};
static const float NET_B1[] = {0.5F, 0.0F};
static const float NET_W2[] = {0.0F, 4.0F, 5.0F, 0.0F};

static inline void build_npz(zip_build *z)
{
    zip_build_npy(z, "fc1.weight.npy", "<f4", "2, 3", NET_W1, sizeof NET_W1);
    zip_build_npy(z, "fc1.bias.npy", "<f4", "2,", NET_B1, sizeof NET_B1);
    zip_build_npy(z, "fc2.weight.npy", "<f4", "2, 2", NET_W2, sizeof NET_W2);
    zip_build_end(z);
}

/* W1 as scipy.sparse.save_npz() of SciPy 1.10 writes it. */
static inline void build_csr_npz(zip_build *z)
{
    const int32_t indices[] = {0, 2, 1};
    const int32_t indptr[] = {0, 2, 3};
    const int64_t shape[] = {2, 3};
    const float data[] = {1.0F, 2.0F, -3.0F};
    zip_build_npy(z, "indices.npy", "<i4", "3,", indices, sizeof indices);
    zip_build_npy(z, "indptr.npy", "<i4", "3,", indptr, sizeof indptr);
    zip_build_npy(z, "format.npy", "|S3", "", "csr", 3);
    zip_build_npy(z, "shape.npy", "<i8", "2,", shape, sizeof shape);
    zip_build_npy(z, "data.npy", "<f4", "3,", data, sizeof data);
    zip_build_end(z);
}

static inline void build_coo_npz(zip_build *z)
{
    const int32_t row[] = {1, 0, 0, 0};
    const int32_t col[] = {1, 2, 0, 2};
    const int64_t shape[] = {2, 3};
    const double data[] = {-3.0, 1.5, 1.0, 0.5}; /* (0, 2) twice: the two are added */
    zip_build_npy(z, "row.npy", "<i4", "4,", row, sizeof row);
    zip_build_npy(z, "col.npy", "<i4", "4,", col, sizeof col);
    zip_build_npy(z, "format.npy", "<U3", "", "c\0\0\0o\0\0\0o\0\0\0", 12);
    zip_build_npy(z, "shape.npy", "<i8", "2,", shape, sizeof shape);
    zip_build_npy(z, "data.npy", "<f8", "4,", data, sizeof data);
    zip_build_end(z);
}

/* W1 in blocks of 1 x 3. */
static inline void build_bsr_npz(zip_build *z)
{
    const int32_t indices[] = {0, 0};
    const int32_t indptr[] = {0, 1, 2};
    const int64_t shape[] = {2, 3};
    zip_build_npy(z, "indices.npy", "<i4", "2,", indices, sizeof indices);
    zip_build_npy(z, "indptr.npy", "<i4", "3,", indptr, sizeof indptr);
    zip_build_npy(z, "format.npy", "|S3", "", "bsr", 3);
    zip_build_npy(z, "shape.npy", "<i8", "2,", shape, sizeof shape);
    zip_build_npy(z, "data.npy", "<f4", "2, 1, 3", NET_W1, sizeof NET_W1);
    zip_build_end(z);
}

/* The state dict: the tensors of W1 and W2 share no storage; W1 is stored transposed. */
static inline void put_state_dict(built *b)
{
    const pickled_tensor w1 = {"FloatStorage", "0", 6, 0, {2, 3}, {1, 2}, 2};
    const pickled_tensor b1 = {"FloatStorage", "1", 2, 0, {2}, {1}, 1};
    const pickled_tensor w2 = {"FloatStorage", "2", 5, 1, {2, 2}, {2, 1}, 2};
    put_dict_begin(b);
    put_entry(b, "fc1.weight", &w1);
    put_entry(b, "fc1.bias", &b1);
    put_entry(b, "fc2.weight", &w2);
    put_dict_end(b);
}

static const float NET_W1_TRANSPOSED[] = {1.0F, 0.0F, 0.0F, -3.0F, 2.0F, 0.0F};
static const float NET_W2_STORED[] = {9.0F, 0.0F, 4.0F, 5.0F, 0.0F};

/* Ends an archive whose data.pkl is given. */
static inline void build_torch_of(zip_build *z, const built *pickle)
{
    zip_build_add(z, "net/data.pkl", pickle->at, pickle->n);
    zip_build_add(z, "net/byteorder", "little", 6);
    zip_build_add(z, "net/data/0", NET_W1_TRANSPOSED, sizeof NET_W1_TRANSPOSED);
    zip_build_add(z, "net/data/1", NET_B1, sizeof NET_B1);
    zip_build_add(z, "net/data/2", NET_W2_STORED, sizeof NET_W2_STORED);
    zip_build_add(z, "net/version", "3\n", 2);
    zip_build_end(z);
}

static inline void build_torch(zip_build *z)
{
    built b = {.n = 0};
    put_text(&b, "\x80\x02");
    put_state_dict(&b);
    put_text(&b, ".");
    build_torch_of(z, &b);
}

/* What torch.nn.utils.prune leaves: fc1.weight_orig [[1, 0], [0, -3]] and fc1.weight_mask [[9, 0],
 * [4, 5]], whose zero alone is no link. */
static inline void build_pruned(zip_build *z)
{
    const pickled_tensor mask = {"FloatStorage", "2", 5, 0, {2, 2}, {2, 1}, 2};
    const pickled_tensor small = {"FloatStorage", "0", 6, 0, {2, 2}, {2, 1}, 2};
    built b = {.n = 0};
    put_text(&b, "\x80\x02");
    put_dict_begin(&b);
    put_entry(&b, "fc1.weight_orig", &small);
    put_entry(&b, "fc1.weight_mask", &mask);
    put_dict_end(&b);
    put_text(&b, ".");
    build_torch_of(z, &b);
}

/* {"epoch": 3, "model": state dict, "optimizer": {}} */
static inline void build_checkpoint(zip_build *z)
{
    built b = {.n = 0};
    put_text(&b, "\x80\x02}(");
    put_unicode(&b, "epoch");
    put_int(&b, 3);
    put_unicode(&b, "model");
    put_state_dict(&b);
    put_unicode(&b, "optimizer");
    put_text(&b, "}u.");
    build_torch_of(z, &b);
}

static inline void put_legacy_storage(built *b, const float *values, size_t n)
{
    put_number(b, n, 8);
    put_bytes(b, values, n * sizeof *values);
}

/* The same as torch.save() wrote it before PyTorch 1.6. */
static inline void put_legacy_torch(built *b)
{
    put_bytes(b, "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.", 15);
    put_text(b, "\x80\x02M\xE9\x03.");
    put_text(b, "\x80\x02}(");
    put_unicode(b, "little_endian");
    put_text(b, "\x88u.");
    put_text(b, "\x80\x02");
    put_state_dict(b);
    put_text(b, ".\x80\x02](");
    put_unicode(b, "0");
    put_unicode(b, "1");
    put_unicode(b, "2");
    put_text(b, "e.");
    put_legacy_storage(b, NET_W1_TRANSPOSED, 6);
    put_legacy_storage(b, NET_B1, 2);
    put_legacy_storage(b, NET_W2_STORED, 5);
}

static const char NET_MTX[] = "%%MatrixMarket matrix coordinate real general\n"
                              "% a comment\n"
                              "2 3 3\n"
                              "1 1 1.0\n"
                              "1 3 2\n"
                              "2 2 -3e0\n";
static const char NET_SMTX[] = "2, 3, 3\n0 2 3\n0 2 1\n";
static const char NET_CSV[] = "# layer input 3\n"
                              "from_layer,from,to_layer,to,weight\n"
                              "input,0,hidden1,0,1\n"
                              "input,2,hidden1,0,2\n"
                              "input,1,hidden1,1,-3\n"
                              "hidden1,1,output,0,4\n"
                              "hidden1,0,output,1,5\n";
static const char NET_EDGES[] = "input:0\thidden1:0\t1.0\n"
                                "input:2\thidden1:0\t2.0\n"
                                "input:1\thidden1:1\t-3.0\n"
                                "hidden1:1\toutput:0\t4.0\n"
                                "hidden1:0\toutput:1\t5.0\n";

#endif
