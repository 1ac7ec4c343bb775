/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "sparsegraph/csr.h"

/* [ . 1 2 ]
 * [ . . . ]
 * [ 3 . 4 ] */
static sg_csr *three_by_three(void)
{
    sg_csr *m = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(3, 3, 4, true, &m, &err), &err);
    const uint64_t start[] = {0, 2, 2, 4};
    const uint32_t col[] = {1, 2, 0, 2};
    for (size_t i = 0; i < 4; i++) {
        m->row_start[i] = start[i];
        m->col[i] = col[i];
        m->value[i] = (float)(i + 1);
    }
    return m;
}

static void transposes_and_tells_where_each_link_came_from(void **state)
{
    (void)state;
    sg_csr *m = three_by_three();
    sg_csr *t = NULL;
    uint64_t from[4];
    sg_error err = {0};

    assert_ok(sg_csr_transpose(m, from, &t, &err), &err);
    assert_ok(sg_csr_check(t, &err), &err);
    const uint64_t start[] = {0, 1, 2, 4};
    const uint64_t expected_from[] = {2, 0, 1, 3};
    assert_memory_equal(t->row_start, start, sizeof start);
    assert_memory_equal(from, expected_from, sizeof from);
    for (size_t k = 0; k < 4; k++)
        assert_true(t->value[k] == m->value[from[k]]);
    sg_csr_free(t);
    sg_csr_free(m);
}

static void refuses_what_breaks_an_invariant(void **state)
{
    (void)state;
    sg_csr *m = three_by_three();
    sg_error err = {0};

    assert_ok(sg_csr_check(m, &err), &err);
    m->col[1] = 3;
    assert_int_equal(sg_csr_check(m, &err), SG_EFORMAT);
    m->col[1] = 1;
    assert_int_equal(sg_csr_check(m, &err), SG_EFORMAT);
    m->col[1] = 2;
    m->value[3] = __builtin_nanf("");
    assert_int_equal(sg_csr_check(m, &err), SG_EFORMAT);
    assert_string_equal(err.message, "the weight at row 2, column 2 is NaN");
    m->value[3] = 1.0F;
    m->row_start[1] = 9;
    assert_int_equal(sg_csr_check(m, &err), SG_EFORMAT);
    sg_csr_free(m);
}

static void refuses_more_links_than_cells(void **state)
{
    (void)state;
    sg_csr *m = NULL;
    assert_int_equal(sg_csr_new(2, 2, 5, false, &m, NULL), SG_EINVAL);
    assert_null(m);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_csr *m = three_by_three();
    sg_status status = SG_ENOMEM;
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        sg_csr *t = NULL;
        sg_test_alloc_budget(budget);
        status = sg_csr_transpose(m, NULL, &t, NULL);
        sg_test_alloc_budget(-1);
        sg_csr_free(t);
        assert_true(budget < 10);
    }
    assert_int_equal(status, SG_OK);
    sg_csr_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transposes_and_tells_where_each_link_came_from),
        cmocka_unit_test(refuses_what_breaks_an_invariant),
        cmocka_unit_test(refuses_more_links_than_cells),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
