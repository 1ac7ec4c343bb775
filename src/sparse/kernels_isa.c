/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparse/kernels_isa.h"

extern const sg_kernels SG_FOR_ISA(sg_kernels);
const sg_kernels SG_FOR_ISA(sg_kernels) = {
    .name = SG_ISA_NAME,
    .multiply = SG_FOR_ISA(sg_multiply),
    .backward = SG_FOR_ISA(sg_backward),
    .elementwise = &SG_FOR_ISA(sg_elementwise),
};
