/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_SOURCE_H
#define SG_REPORT_SOURCE_H

/* Where figures get their networks from: one run directory, or snapshot files, read the same way.
 */

#include "base/memory.h"
#include "sparsegraph/run.h"

typedef struct sg_source sg_source;

/* Opens one run, or n snapshot files; the paths are borrowed. A run among files is SG_EINVAL. */
sg_status sg_source_open(const char *const *inputs, size_t n_inputs, sg_source **ret,
                         sg_error *err) SG_CHECKED;
void sg_source_free(sg_source *source); /* NULL is allowed */
SG_DEFINE_CLEANUP(sg_source, sg_source_free)

const sg_run *sg_source_run(const sg_source *source); /* NULL where it is files */

/* The networks, in ascending order of epochs (files: as given). */
size_t sg_source_count(const sg_source *source);
const char *sg_source_path(const sg_source *source, size_t i);

/*
 * Reads the i-th network, reduced to the links that a removal of core_zeta would keep unless that
 * is NaN. *epoch is -1 where the file names none; may be NULL.
 */
sg_status sg_source_load(const sg_source *source, size_t i, double core_zeta, sg_snapshot **ret,
                         long *epoch, sg_error *err) SG_CHECKED;

/*
 * Picks at most n_most networks, ascending: those of the wanted epochs where there are any
 * (SG_ENOTFOUND lists what there is), else evenly from the first to the last. *n_ret is how many.
 */
typedef struct sg_source_wish {
    const long *epochs;
    size_t n_epochs;
    size_t n_most;
} sg_source_wish;
sg_status sg_source_pick(const sg_source *source, const sg_source_wish *wish, size_t *ret,
                         size_t *n_ret, sg_error *err) SG_CHECKED;

/* Returns the index of a link by name (NULL = 0); SG_ENOTFOUND lists the names there are. */
sg_status sg_source_find_link(const sg_snapshot *s, const char *name, size_t *ret,
                              sg_error *err) SG_CHECKED;

/* Counts the links of each neuron of the sending (out) or receiving side; ret has its size. */
void sg_source_degrees(const sg_csr *m, bool is_out, uint32_t *ret);

/* Returns the last part of a path, slashes at its end left out: a new string, or NULL. */
char *sg_source_label(const char *path) SG_CHECKED;

#endif
