/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "measure/analysis_internal.h"
#include "sparse/topology.h"
#include <string.h>

/* What an analysis leaves out of a network for its size. */

static sg_snapshot *full_link(size_t n_rows, size_t n_cols)
{
    sg_snapshot *s = NULL;
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "a", .size = n_cols}, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "b", .size = n_rows}, &err), &err);
    assert_ok(sg_topology_full(n_rows, n_cols, &m, &err), &err);
    assert_ok(sg_snapshot_add_link(s, "a-b", 0, 1, m, &err), &err);
    return s;
}

static void looks_for_no_communities_in_large_networks_unless_named(void **state)
{
    (void)state;
    const sg_measure *at[] = {sg_measure_find("connections"), sg_measure_find("communities")};
    bool has_nulls[] = {false, false};
    const struct {
        size_t n_rows;
        size_t n_cols;
        bool by_name;
        bool is_looked_for;
    } cases[] = {
        {1025, 1024, false, false}, /* above 2^20 connections */
        {25, 20, false, true},
        {25, 20, true, true},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        const sg_measure_list list = {
            .n = 2, .at = at, .has_nulls = has_nulls, .by_name = cases[i].by_name};
        sg_snapshot *s = full_link(cases[i].n_rows, cases[i].n_cols);
        SG_AUTOFREE char *json = NULL;
        sg_error err = {0};
        assert_ok(sg_analysis_describe(s, NULL, &list, &json, &err), &err);
        assert_non_null(strstr(json, "\"communities\":"));
        assert_int_equal(strstr(json, "\"communities\":null") == NULL, cases[i].is_looked_for);
        sg_snapshot_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_for_no_communities_in_large_networks_unless_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
