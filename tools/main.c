/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sparsegraph/sparsegraph.h>
#include <stdio.h>

int main(void)
{
    printf("sparsegraph %s\n", sg_version());
    return 0;
}
