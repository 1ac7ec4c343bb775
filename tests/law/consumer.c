/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program of somebody else, built against the installed library alone. */
#include <sparsegraph/sparsegraph.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    sg_csr *m = NULL;
    sg_error err = {SG_OK, ""};
    if (sg_csr_new(2, 2, 5, false, &m, &err) != SG_EINVAL || strlen(err.message) == 0)
        return 1;
    if (sg_csr_new(2, 3, 0, true, &m, &err) != SG_OK || sg_csr_density(m) != 0.0)
        return 1;
    sg_csr_free(m);
    return puts(sg_version()) < 0;
}
