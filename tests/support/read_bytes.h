/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_READ_BYTES_H
#define SG_TEST_READ_BYTES_H

/* Networks read from bytes in memory, and what is asked of them. */

#include "unit.h"

#include <string.h>

#include "network_files.h"
#include "snapshot/read_file.h"
#include "snapshot/snapshot_read.h"

static inline sg_status read_bytes(const void *bytes, size_t n, const char *name, sg_snapshot **ret,
                                   sg_error *err)
{
    const sg_file_bytes f = {bytes, n, name, (uint64_t)1 << 24};
    return sg_snapshot_from_bytes(f, SG_ORIENTATION_AUTO, ret, err);
}

static inline sg_snapshot *read_good(const void *bytes, size_t n, const char *name)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(read_bytes(bytes, n, name, &s, &err), &err);
    return s;
}

/* That the bytes are refused with this status and message. */
static inline void assert_bytes_refused(const void *bytes, size_t n, const char *name,
                                        sg_status status, const char *message)
{
    sg_snapshot *s = NULL;
    sg_error err = {0};
    const sg_status got = read_bytes(bytes, n, name, &s, &err);
    assert_null(s);
    assert_string_equal(err.message, message);
    assert_int_equal(got, status);
}

static inline void assert_text_refused(const char *text, const char *name, sg_status status,
                                       const char *message)
{
    assert_bytes_refused(text, strlen(text), name, status, message);
}

/* That a link has these rows, columns and values; value NULL: it has none. */
static inline void assert_matrix(const sg_snapshot *s, size_t link, const uint64_t *row_start,
                                 const uint32_t *col, const float *value)
{
    const sg_csr *m = sg_snapshot_link(s, link)->matrix;
    assert_memory_equal(m->row_start, row_start, (m->n_rows + 1) * sizeof *row_start);
    assert_memory_equal(m->col, col, m->n_links * sizeof *col);
    assert_int_equal(m->value != NULL, value != NULL);
    if (value)
        assert_memory_equal(m->value, value, m->n_links * sizeof *value);
}

/* That a link is W1 of network_files.h. */
static inline void assert_first_matrix(const sg_snapshot *s, bool is_weighted)
{
    const uint64_t start[] = {0, 2, 3};
    const uint32_t col[] = {0, 2, 1};
    const float value[] = {1.0F, 2.0F, -3.0F};
    assert_int_equal(sg_snapshot_link(s, 0)->matrix->n_rows, 2);
    assert_int_equal(sg_snapshot_link(s, 0)->matrix->n_cols, 3);
    assert_matrix(s, 0, start, col, is_weighted ? value : NULL);
}

/* That a network is the whole one of network_files.h. */
static inline void assert_whole_network(const sg_snapshot *s, bool has_bias)
{
    const uint64_t start[] = {0, 1, 2};
    const uint32_t col[] = {1, 0};
    const float value[] = {4.0F, 5.0F};
    assert_int_equal(sg_snapshot_n_layers(s), 3);
    assert_int_equal(sg_snapshot_n_links(s), 2);
    assert_first_matrix(s, true);
    assert_matrix(s, 1, start, col, value);
    assert_int_equal(sg_snapshot_layer(s, 1)->bias != NULL, has_bias);
    if (has_bias)
        assert_memory_equal(sg_snapshot_layer(s, 1)->bias, NET_B1, sizeof NET_B1);
    assert_null(sg_snapshot_layer(s, 2)->bias);
}

/* Lets every allocation of a reading fail once. */
static inline void assert_survives_failed_allocations(const void *bytes, size_t n, const char *name)
{
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_snapshot *s = NULL;
        sg_test_alloc_budget(budget);
        status = read_bytes(bytes, n, name, &s, NULL);
        sg_test_alloc_budget(-1);
        assert_int_equal(s != NULL, status == SG_OK);
        sg_snapshot_free(s);
        assert_true(budget < 2000);
    }
    assert_int_equal(status, SG_OK);
}

/* Cuts a good file at every length: it must be refused, or be as good as whole. */
static inline void assert_cut_files_are_refused(const uint8_t *bytes, size_t n, const char *name)
{
    for (size_t cut = 0; cut < n; cut++) {
        sg_snapshot *s = NULL;
        sg_error err = {0};
        SG_AUTOFREE uint8_t *exact = sg_memdup(bytes, cut);
        const sg_status status = read_bytes(exact, cut, name, &s, &err);
        if (status != SG_EFORMAT && status != SG_EUNSUPPORTED)
            fail_msg("cut to %zu bytes: status %d", cut, (int)status);
        assert_null(s);
    }
}

#endif
