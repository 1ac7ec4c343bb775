/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_LINK_ORDER_H
#define SG_REPORT_LINK_ORDER_H

/* Where the neurons of a link stand in a picture of its matrix. */

#include "base/memory.h"
#include "sparsegraph/csr.h"
#include "sparsegraph/render.h"

typedef struct sg_link_order {
    uint32_t *row_at;  /* (n_rows) place of each receiving neuron */
    uint32_t *col_at;  /* (n_cols) place of each sending neuron */
    uint32_t *row_cut; /* (n_communities - 1) first place of each community but the first */
    uint32_t *col_cut;
    size_t n_communities; /* drawn apart; 0 where neurons are not ordered by community */
    double modularity;    /* Barber's, of the partition; NaN without one */
} sg_link_order;

void sg_link_order_clear(sg_link_order *o); /* zeroed is fine */

/*
 * Orders the neurons. Ties go to the lower index. Communities are the modules that
 * sg_modules_find() sees: a local optimum, the same for the same input. SG_ENOMEM.
 */
sg_status sg_link_order_of(const sg_csr *m, sg_render_order order, sg_link_order *ret,
                           sg_error *err) SG_CHECKED;

#endif
