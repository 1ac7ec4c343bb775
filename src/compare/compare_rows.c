/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
const sg_compare_row sg_compare_rows[SG_N_ROWS] = {
    [SG_ROW_NODES] = {"nodes", "nodes", "size", "nodes, isolated ones included", SG_COMPARE_COUNT},
    [SG_ROW_EDGES] = {"edges", "edges", "size", "pairs of nodes that are joined, directions ignored", SG_COMPARE_COUNT},
    [SG_ROW_ARCS] = {"arcs", "arcs", "size", "directed edges, where edges have directions", SG_COMPARE_COUNT},
    [SG_ROW_ISOLATED] = {"isolated", "isolated nodes", "size", "nodes without an edge; an edge list holds none", SG_COMPARE_COUNT},
    [SG_ROW_LOOPS] = {"loops_dropped", "self-loops dropped", "size", "edges from a node to itself, left out", SG_COMPARE_COUNT},
    [SG_ROW_MULTI] = {"multi_dropped", "parallel edges merged", "size", "edges beyond the first between two nodes, left out", SG_COMPARE_COUNT},
    [SG_ROW_DENSITY] = {"density", "density", "size", "edges over possible ones; between layers, over the pairs that a link could join", SG_COMPARE_REAL},
    [SG_ROW_MEAN_DEGREE] = {"mean_degree", "mean degree", "degrees", "2 edges / nodes", SG_COMPARE_REAL},
    [SG_ROW_MAX_DEGREE] = {"max_degree", "largest degree", "degrees", "neighbours of the best connected node", SG_COMPARE_COUNT},
    [SG_ROW_GINI] = {"gini", "Gini of k/<k>", "degrees", "inequality of the relative degrees: 0 all equal, towards 1 one node has all", SG_COMPARE_REAL},
    [SG_ROW_CV] = {"degree_cv", "deviation of k/<k>", "degrees", "standard deviation of the relative degrees", SG_COMPARE_REAL},
    [SG_ROW_KS_SUBJECT] = {"ks_to_subject", "KS to the subject", "degrees", "Kolmogorov-Smirnov distance of the relative degrees to the subject's, in [0, 1]", SG_COMPARE_REAL},
    [SG_ROW_JS_SUBJECT] = {"js_to_subject", "JS to the subject", "degrees", "Jensen-Shannon divergence of the relative degrees from the subject's, bits, in [0, 1], over octaves", SG_COMPARE_REAL},
    [SG_ROW_KS_START] = {"ks_to_start", "KS to epoch 0", "degrees", "the same distance to the untrained network", SG_COMPARE_REAL},
    [SG_ROW_JS_START] = {"js_to_start", "JS to epoch 0", "degrees", "the same divergence from the untrained network", SG_COMPARE_REAL},
    [SG_ROW_ALPHA] = {"alpha", "alpha", "power law of the degrees", "exponent, maximum likelihood", SG_COMPARE_REAL},
    [SG_ROW_ALPHA_SE] = {"alpha_se", "its standard error", "power law of the degrees", "standard error of alpha at the xmin found", SG_COMPARE_REAL},
    [SG_ROW_XMIN] = {"xmin", "xmin", "power law of the degrees", "degree where the tail begins", SG_COMPARE_COUNT},
    [SG_ROW_TAIL] = {"n_tail", "nodes in the tail", "power law of the degrees", "nodes of at least that degree", SG_COMPARE_COUNT},
    [SG_ROW_FIT_D] = {"ks_d", "D", "power law of the degrees", "Kolmogorov-Smirnov distance of tail and fit", SG_COMPARE_REAL},
    [SG_ROW_FIT_P] = {"p_value", "goodness-of-fit p", "power law of the degrees", "bootstrap; a small p rejects the power law, a large one does not confirm it", SG_COMPARE_REAL},
    [SG_ROW_PASSES] = {"passes", "passes the gate", "power law of the degrees", "2 < alpha < 3, 50 nodes and a decade in the tail, p >= 0.1", SG_COMPARE_YES_NO},
    [SG_ROW_ASSORTATIVITY] = {"assortativity", "degree assortativity", "mixing", "correlation of the degrees at both ends of an edge", SG_COMPARE_REAL},
    [SG_ROW_TRANSITIVITY] = {"transitivity", "transitivity", "mixing", "3 triangles / connected triples", SG_COMPARE_REAL},
    [SG_ROW_CLUSTERING] = {"local_clustering", "mean local clustering", "mixing", "mean over nodes; fewer than two neighbours count as 0", SG_COMPARE_REAL},
    [SG_ROW_COMPONENTS] = {"components", "components", "paths", "connected components, isolated nodes included", SG_COMPARE_COUNT},
    [SG_ROW_GIANT] = {"giant_share", "share of the largest", "paths", "nodes of the largest component / nodes", SG_COMPARE_REAL},
    [SG_ROW_MEAN_PATH] = {"mean_path", "mean path length", "paths", "steps between two nodes of the largest component", SG_COMPARE_REAL},
    [SG_ROW_MEAN_PATH_SE] = {"mean_path_se", "its standard error", "paths", "from sampling sources; 0 when exact", SG_COMPARE_REAL},
    [SG_ROW_LONGEST] = {"longest_path", "longest path seen", "paths", "the diameter when every node is a source", SG_COMPARE_COUNT},
    [SG_ROW_SOURCES] = {"path_sources", "sources of paths", "paths", "nodes that paths were measured from", SG_COMPARE_COUNT},
    [SG_ROW_CORE] = {"core", "largest k-core", "paths", "the largest k of a subgraph where every node has k neighbours", SG_COMPARE_COUNT},
};
/* clang-format on */

sg_status sg_cell_note(sg_cell *cell, sg_error *err, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char *note = sg_strdup(text);
    if (!note)
        return sg_fail_memory(err, "comparing networks");
    sg_free(cell->note);
    cell->note = note;
    return SG_OK;
}

/* Four significant digits, but four decimals at most: 2.408, 0.0181, 13.5, 0.0000. */
static void format_real(double x, char *text)
{
    const double size = fabs(x);

    if (x != 0.0 && size < 1e-4)
        (void)snprintf(text, SG_CELL_TEXT_MAX, "%.2g", x);
    else if (size < 1.0)
        (void)snprintf(text, SG_CELL_TEXT_MAX, "%.4f", x);
    else if (size < 10.0)
        (void)snprintf(text, SG_CELL_TEXT_MAX, "%.3f", x);
    else if (size < 100.0)
        (void)snprintf(text, SG_CELL_TEXT_MAX, "%.2f", x);
    else
        (void)snprintf(text, SG_CELL_TEXT_MAX, "%.4g", x);
}

static void format_cell(sg_cell *cell, sg_compare_kind kind)
{
    if (isnan(cell->value)) {
        (void)snprintf(cell->text, sizeof cell->text, "-");
        return;
    }
    switch (kind) {
    case SG_COMPARE_COUNT:
        (void)snprintf(cell->text, sizeof cell->text, "%.0f", cell->value);
        break;
    case SG_COMPARE_REAL:
        format_real(cell->value, cell->text);
        break;
    case SG_COMPARE_YES_NO:
        (void)snprintf(cell->text, sizeof cell->text, "%s", cell->value != 0.0 ? "yes" : "no");
        break;
    }
}

void sg_compared_format(sg_compared *n)
{
    for (size_t row = 0; row < SG_N_ROWS; row++)
        format_cell(&n->cell[row], sg_compare_rows[row].kind);
    /* no replicate of a hundred says "below one in a hundred", not "never" */
    sg_cell *p = &n->cell[SG_ROW_FIT_P];
    if (p->value == 0.0 && n->fit.n_replicates > 0)
        (void)snprintf(p->text, sizeof p->text, "<%.2g", 1.0 / (double)n->fit.n_replicates);
    sg_cell *se = &n->cell[SG_ROW_MEAN_PATH_SE];
    if (se->value == 0.0) /* every node was a source: there is no error, not a small one */
        (void)snprintf(se->text, sizeof se->text, "exact");
}
