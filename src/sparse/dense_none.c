/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where there is no BLAS the sparse kernels do every layer. */
#include "sparse/dense.h"

const sg_dense *sg_dense_select(void)
{
    return NULL;
}
