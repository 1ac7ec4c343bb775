/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "measure/bipartite_modules.h"
#include <math.h>

typedef struct link_modules {
    sg_modules found;
    bool known;
} link_modules;

typedef struct all_modules {
    size_t n;
    link_modules *link; /* (n) */
} all_modules;

static void all_modules_free(void *data)
{
    all_modules *all = data;
    for (size_t i = 0; all->link && i < all->n; i++)
        sg_modules_clear(&all->link[i].found);
    sg_free(all->link);
    sg_free(all);
}

static sg_status keep_modules(sg_measured *m, sg_error *err)
{
    SG_AUTOFREE all_modules *all = SG_NEW(all_modules);
    SG_AUTOFREE link_modules *link = SG_NEW_ARRAY(link_modules, m->n_links);
    if (!all || !link)
        return sg_fail_memory(err, "looking for modules");
    *all = (all_modules){m->n_links, SG_TAKE(link)};
    sg_measured_keep(m, SG_KEPT_MODULARITY, SG_TAKE(all), all_modules_free);
    return SG_OK;
}

static sg_status modules_of(sg_measured *m, size_t link, const sg_modules **ret, sg_error *err)
{
    if (!sg_measured_kept(m, SG_KEPT_MODULARITY))
        SG_TRY(keep_modules(m, err));
    all_modules *all = sg_measured_kept(m, SG_KEPT_MODULARITY);
    link_modules *modules = &all->link[link];
    if (!modules->known) {
        const sg_modules_params params = {SG_MODULES_STARTS, m->params.seed, (uint32_t)link};
        const sg_csr *matrix = sg_snapshot_link(m->snapshot, link)->matrix;
        SG_TRY(sg_modules_find(matrix, &params, &modules->found, err));
        modules->known = true;
    }
    *ret = &modules->found;
    return SG_OK;
}

enum { MODULARITY, N_MODULES };

static sg_status module_measure(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                                sg_error *err)
{
    const sg_modules *modules = NULL;
    SG_TRY(modules_of(m, subject, &modules, err));
    *ret = self->which == MODULARITY ? modules->modularity : (double)modules->n;
    return SG_OK;
}

#define MODULES_SOURCE                                                                             \
    "Barber, Phys. Rev. E 76:066102 (2007), doi:10.1103/PhysRevE.76.066102; found as in Beckett, " \
    "R. Soc. Open Sci. 3:140536 (2016), doi:10.1098/rsos.140536"

static const sg_measure measures[] = {
    {"barber_modularity", "dimensionless",
     "Barber's modularity Q of the best of 8 partitions by label propagation and merging",
     MODULES_SOURCE, SG_SCOPE_LINK, SG_COST_COMMUNITIES, SG_NULL_DEGREES, MODULARITY,
     module_measure},
    {"barber_modules", "modules", "modules of that partition", MODULES_SOURCE, SG_SCOPE_LINK,
     SG_COST_COMMUNITIES, SG_NULL_DEGREES, N_MODULES, module_measure},
};

const sg_measure_family sg_family_modules = {measures, SG_COUNT(measures)};
