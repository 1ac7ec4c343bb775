/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <string.h>

static void new_memory_is_zeroed(void **state)
{
    (void)state;
    unsigned char *bytes = sg_alloc(1000, 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(bytes[i], 0);
    sg_free(bytes);
}

static void nothing_is_still_a_valid_pointer(void **state)
{
    (void)state;
    void *a = sg_alloc(0, 8);
    void *b = sg_alloc(8, 0);
    void *c = sg_alloc_aligned(0, 4);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    sg_free(a);
    sg_free(b);
    sg_free(c);
    sg_free(NULL);
}

static void refuses_a_product_that_overflows(void **state)
{
    (void)state;
    assert_null(sg_alloc(SIZE_MAX / 4 + 1, 8));
    assert_null(sg_alloc((size_t)PTRDIFF_MAX + 1, 1));
    assert_null(sg_alloc_aligned(SIZE_MAX, SIZE_MAX));
    assert_null(sg_alloc_aligned(PTRDIFF_MAX, 1)); /* the rounding up would overflow */
    char *block = sg_alloc(4, 1);
    assert_non_null(block);
    assert_null(sg_resize(block, SIZE_MAX, 2));
    block[3] = 'x'; /* the old block is still there */
    sg_free(block);
}

static void aligned_memory_starts_on_a_cache_line(void **state)
{
    (void)state;
    for (size_t n = 1; n < 300; n += 7) {
        char *block = sg_alloc_aligned(n, 3);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 64, 0);
        memset(block, 1, n * 3);
        sg_free(block);
    }
}

static void copies_end_in_a_nul(void **state)
{
    (void)state;
    char *text = sg_strdup("text");
    char *bytes = sg_memdup("abcdef", 3);
    char *nothing = sg_memdup(NULL, 0);
    assert_string_equal(text, "text");
    assert_string_equal(bytes, "abc");
    assert_string_equal(nothing, "");
    sg_free(text);
    sg_free(bytes);
    sg_free(nothing);
}

static void the_budget_lets_that_many_allocations_pass(void **state)
{
    (void)state;
    sg_test_alloc_budget(2);
    void *a = sg_alloc(1, 1);
    void *b = sg_alloc_aligned(1, 1);
    void *c = sg_alloc(1, 1);
    void *d = sg_strdup("d");
    sg_test_alloc_budget(-1);
    void *e = sg_alloc(1, 1);
    assert_non_null(a);
    assert_non_null(b);
    assert_null(c);
    assert_null(d);
    assert_non_null(e);
    sg_free(a);
    sg_free(b);
    sg_free(e);
}

static void hand_over(char **ret)
{
    SG_AUTOFREE char *made = sg_strdup("made");
    *ret = SG_TAKE(made);
    assert_null(made);
}

static void what_was_taken_is_not_freed(void **state)
{
    (void)state;
    char *made = NULL;
    hand_over(&made);
    assert_string_equal(made, "made");
    sg_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_memory_is_zeroed),
        cmocka_unit_test(nothing_is_still_a_valid_pointer),
        cmocka_unit_test(refuses_a_product_that_overflows),
        cmocka_unit_test(aligned_memory_starts_on_a_cache_line),
        cmocka_unit_test(copies_end_in_a_nul),
        cmocka_unit_test(the_budget_lets_that_many_allocations_pass),
        cmocka_unit_test(what_was_taken_is_not_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
