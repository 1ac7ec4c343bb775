/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/network_load.h"

#include "base/file.h"
#include <math.h>
#include <string.h>
#include <strings.h>

void sg_loaded_clear(sg_loaded *l)
{
    sg_graph_free(l->graph);
    sg_snapshot_free(l->snapshot);
    *l = (sg_loaded){0};
}

static sg_status load_snapshot(const sg_compare_source *source, sg_loaded *ret, sg_error *err)
{
    SG_CLEANUP(sg_snapshot_free_cleanup_) sg_snapshot *s = NULL;
    SG_TRY(sg_snapshot_read(source->path, &s, err));
    if (!isnan(source->core_zeta)) {
        sg_snapshot *core = NULL;
        SG_TRY(sg_snapshot_core(s, source->core_zeta, &core, err));
        sg_snapshot_free(s);
        s = core;
    }
    SG_TRY(sg_graph_from_snapshot(s, &ret->graph, err));
    ret->snapshot = SG_TAKE(s);
    return SG_OK;
}

static const char *citation_of(const char *name)
{
    for (size_t i = 0; i < sg_graph_n_named(); i++) {
        const sg_named_graph *g = sg_graph_named_at(i);
        if (strcasecmp(g->name, name) == 0 || (g->alias && strcasecmp(g->alias, name) == 0))
            return g->citation;
    }
    return "";
}

/* Whether a missing file was meant, rather than a name. */
static bool looks_like_path(const char *text)
{
    return strchr(text, '/') || strchr(text, '.');
}

sg_status sg_compared_load(const sg_compare_source *source, const sg_graph_read_params *read,
                           sg_loaded *ret, sg_error *err)
{
    ret->citation = "";
    if (sg_snapshot_is(source->path))
        return load_snapshot(source, ret, err);
    if (sg_file_exists(source->path) || looks_like_path(source->path))
        return sg_graph_read(source->path, read, &ret->graph, err); /* which says what is wrong */
    ret->citation = citation_of(source->path);
    return sg_graph_named(source->path, &ret->graph, err);
}
