/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "compared_run.h"
#include "real_data.h"

static void reproduces_the_real_protein_network(void **state)
{
    (void)state;
    char yeast[TEST_PATH_MAX];
    in_real_data(yeast, "ppi/yeast_vonmering2002/yeast_vonmering2002.edges");
    const char *const with[] = {yeast};
    AUTO_COMPARISON *c = compare("set", with, 1, 2);
    assert_string_equal(sg_comparison_column(c, 2)->label, "yeast_vonmering2002");
    assert_true(value(c, "nodes", 2) == 2617 && value(c, "edges", 2) == 11855);
    assert_true(near(value(c, "assortativity", 2), 0.4611, 5e-5));
    assert_true(near(value(c, "mean_path", 2), 5.0960, 5e-5));
    assert_true(value(c, "components", 2) == 92);
    SG_AUTOFREE char *table = NULL;
    sg_error err = {0};
    assert_ok(sg_comparison_table(c, 100, &table, &err), &err);
    assert_non_null(strstr(table, " 2617"));
    assert_non_null(strstr(table, " 11855"));
}

int main(void)
{
    if (skips_without("ppi"))
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reproduces_the_real_protein_network),
    };
    return cmocka_run_group_tests(tests, make_compared_run, remove_folder);
}
