/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_FIT_PRINT_H
#define SG_TOOLS_FIT_PRINT_H

/* What `sparsegraph fit` found, for a person, as CSV and as JSON. */

#include <sparsegraph/sparsegraph.h>
#include <stdbool.h>
#include <stddef.h>

/* One list of numbers and its fit. */
typedef struct fit_item {
    const char *file;   /* as the user named it, "standard input" for "-" */
    const char *degree; /* "degrees", "in-degrees", "out-degrees"; NULL: plain numbers */
    size_t n_nodes;     /* of the graph whose degrees they are */
    size_t n_edges;
    size_t n_dropped; /* loops and multiple edges left out */
    sg_values_fit fit;
} fit_item;

/* The two kinds of fits in the same words. */
typedef struct fit_view {
    double alpha, alpha_se, xmin, max, ks_d, log_likelihood, p_value, p_thin_tail;
    size_t n_tail, n, n_left_out, n_replicates;
    sg_powerlaw_alternative favoured;
    const sg_alternatives *alternatives;
    bool fitted, passes;
} fit_view;

fit_view fit_view_of(const sg_values_fit *f);

/* Makes the sentences of sg_powerlaw_reasons(), of either kind. */
sg_status fit_reasons(const sg_values_fit *f, char **ret, sg_error *err) SG_CHECKED;

/* Print all of them on stdout; all->n is 1 where there is no set to be classed. SG_ENOMEM. */
sg_status fit_print_text(const fit_item *items, size_t n, const sg_scale_free_class *all,
                         sg_error *err) SG_CHECKED;
sg_status fit_print_csv(const fit_item *items, size_t n, sg_error *err) SG_CHECKED;
sg_status fit_print_json(const fit_item *items, size_t n, const sg_scale_free_class *all,
                         sg_error *err) SG_CHECKED;

#endif
