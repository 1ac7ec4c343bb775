/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"
#include "sparse/set_removal.h"

#include <math.h>
#include <stdlib.h>

static void removes_the_weakest_of_each_sign_and_every_zero(void **state)
{
    (void)state;
    const float w[] = {0.5F, -0.1F, 0.0F, 0.2F, -0.4F, 0.1F, -0.3F, 0.9F, -0.0F, -0.2F};
    const bool expected[] = {true, false, false, true, true, false, true, true, false, true};
    bool keep[10];
    sg_set_removal r;
    sg_error err = {0};

    assert_ok(sg_set_removal_mask(w, 10, 0.3, keep, &r, &err), &err);
    assert_memory_equal(keep, expected, sizeof keep);
    assert_int_equal(r.positive, 1);
    assert_int_equal(r.negative, 1);
    assert_int_equal(r.zero, 2);
}

static void breaks_ties_by_the_lower_index(void **state)
{
    (void)state;
    const float w[] = {0.25F, 0.25F, 0.25F, 0.25F};
    const bool expected[] = {false, false, true, true};
    bool keep[4];
    sg_error err = {0};

    assert_ok(sg_set_removal_mask(w, 4, 0.5, keep, NULL, &err), &err);
    assert_memory_equal(keep, expected, sizeof keep);
}

typedef struct entry {
    float magnitude;
    size_t index;
} entry;

static int by_magnitude_then_index(const void *left, const void *right)
{
    const entry *a = left;
    const entry *b = right;
    if (a->magnitude != b->magnitude)
        return a->magnitude < b->magnitude ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

/* The definition by a full sort, for one sign. */
static void drop_by_sorting(const float *w, size_t n, float sign, double zeta, bool *keep)
{
    entry *ranking = malloc((n + 1) * sizeof *ranking);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (w[i] * sign > 0.0F)
            ranking[count++] = (entry){w[i] * sign, i};
    qsort(ranking, count, sizeof *ranking, by_magnitude_then_index);
    for (size_t i = 0; i < (size_t)floor(zeta * (double)count); i++)
        keep[ranking[i].index] = false;
    free(ranking);
}

static void agrees_with_a_full_sort_on_random_weights(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 200; seed++) {
        sg_random r;
        sg_random_open(&r, seed, SG_RANDOM_WEIGHTS, 0, 0);
        float w[300];
        bool keep[300];
        bool expected[300];
        const size_t n = (size_t)sg_random_below(&r, 301);
        const double zeta = sg_random_unit(&r);
        for (size_t i = 0; i < n; i++) {
            /* coarse values make ties common */
            const double x = sg_random_normal(&r);
            w[i] = seed % 2 ? (float)x : (float)(round(x * 4.0) / 4.0);
            expected[i] = w[i] != 0.0F;
        }
        drop_by_sorting(w, n, 1.0F, zeta, expected);
        drop_by_sorting(w, n, -1.0F, zeta, expected);
        sg_error err = {0};
        assert_ok(sg_set_removal_mask(w, n, zeta, keep, NULL, &err), &err);
        for (size_t i = 0; i < n; i++)
            if (keep[i] != expected[i])
                fail_msg("seed %u: weight %zu = %g", seed, i, (double)w[i]);
    }
}

static void refuses_a_zeta_outside_its_domain_and_weights_that_are_not_finite(void **state)
{
    (void)state;
    const float w[] = {1.0F, INFINITY};
    bool keep[2];
    assert_int_equal(sg_set_removal_mask(w, 1, 1.5, keep, NULL, NULL), SG_EINVAL);
    assert_int_equal(sg_set_removal_mask(w, 1, NAN, keep, NULL, NULL), SG_EINVAL);
    assert_int_equal(sg_set_removal_mask(w, 2, 0.5, keep, NULL, NULL), SG_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(removes_the_weakest_of_each_sign_and_every_zero),
        cmocka_unit_test(breaks_ties_by_the_lower_index),
        cmocka_unit_test(agrees_with_a_full_sort_on_random_weights),
        cmocka_unit_test(refuses_a_zeta_outside_its_domain_and_weights_that_are_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
