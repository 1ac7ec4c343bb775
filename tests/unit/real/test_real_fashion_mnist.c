/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "real_data.h"
#include "real_images.h"

static void the_real_fashion_mnist_is_recognised(void **state)
{
    (void)state;
    assert_real("fashion-mnist", NULL);
}

int main(void)
{
    if (skips_without_folder("/usr/share/datasets/fashion-mnist")) /* where Debian keeps it */
        return 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_real_fashion_mnist_is_recognised),
    };
    return cmocka_run_group_tests(tests, setup, remove_folder);
}
