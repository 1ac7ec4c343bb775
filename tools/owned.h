/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_OWNED_H
#define SG_TOOLS_OWNED_H

/* Variables that free what the library handed over when they leave their scope. */

#include <sparsegraph/sparsegraph.h>

/* NOLINTBEGIN(bugprone-macro-parentheses): a type in parentheses declares nothing. */
#define OWNED_CLEANUP(type, free_it)                                                               \
    static inline void owned_##type##_cleanup(type **thing)                                        \
    {                                                                                              \
        free_it(*thing);                                                                           \
    }

/* OWNED(sg_run) run = NULL; declares an sg_run * that is freed in the end. */
#define OWNED(type) __attribute__((cleanup(owned_##type##_cleanup))) type *

/* NOLINTEND(bugprone-macro-parentheses) */

OWNED_CLEANUP(char, sg_free)
OWNED_CLEANUP(sg_analysis, sg_analysis_free)
OWNED_CLEANUP(sg_comparison, sg_comparison_free)
OWNED_CLEANUP(sg_dataset, sg_dataset_free)
OWNED_CLEANUP(sg_ranks, sg_ranks_free)
OWNED_CLEANUP(sg_run, sg_run_free)
OWNED_CLEANUP(sg_scene, sg_scene_free)
OWNED_CLEANUP(sg_snapshot, sg_snapshot_free)
OWNED_CLEANUP(sg_sweep, sg_sweep_free)

#endif
