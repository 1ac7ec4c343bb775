/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare_internal.h"
#include "compare/network_load.h"

#include "measure/side_seed.h"
#include "measure/summary.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A side of fewer neurons is no distribution: the ten classes of an output layer, say. */
enum { SIDE_MIN = 50 };

static const char relative_note[] = "k and <k> of each side of each link, pooled; left out are "
                                    "full links, where all are equal, and "
                                    "sides of fewer than 50 neurons, and neurons without a link";
static const char pooled_note[] =
    "total degrees pooled over layers of different width, which fakes a heavy tail: read the fits "
    "of each side of each link";

void sg_compared_clear(sg_compared *n)
{
    for (size_t row = 0; row < SG_N_ROWS; row++)
        sg_free(n->cell[row].note);
    for (size_t i = 0; i < n->n_sides; i++) {
        sg_free((char *)n->sides[i].link);
        sg_free((char *)n->sides[i].reasons);
    }
    sg_free(n->sides);
    sg_free(n->degree);
    sg_free(n->count);
    sg_free(n->label);
    sg_free(n->source);
    sg_free(n->citation);
    sg_relative_clear(&n->relative);
    *n = (sg_compared){0};
}

static int by_degree(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* The histogram of degrees; sorts them. */
static sg_status count_degrees(uint32_t *degree, size_t n, sg_compared *net, sg_error *err)
{
    qsort(degree, n, sizeof *degree, by_degree);
    size_t n_distinct = 0;
    for (size_t i = 0; i < n; i++)
        n_distinct += i == 0 || degree[i] != degree[i - 1];
    net->degree = SG_NEW_ARRAY(uint64_t, n_distinct);
    net->count = SG_NEW_ARRAY(uint64_t, n_distinct);
    if (!net->degree || !net->count)
        return sg_fail_memory(err, "counting degrees");
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || degree[i] != degree[i - 1])
            net->degree[net->n_degrees++] = degree[i];
        net->count[net->n_degrees - 1]++;
    }
    return SG_OK;
}

/* Appends k/<k> of the linked ones among n degrees; returns how many. */
static size_t append_relative(const uint64_t *degree, size_t n, double *x)
{
    double sum = 0.0;
    size_t n_linked = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)degree[i];
        n_linked += degree[i] > 0;
    }
    size_t n_x = 0;
    for (size_t i = 0; i < n; i++)
        if (degree[i] > 0)
            x[n_x++] = (double)degree[i] * (double)n_linked / sum;
    return n_x;
}

/* Degrees, relative degrees and power law of a graph that has no layers, or of all layers pooled.
 */
static sg_status measure_degrees(const sg_graph *g, const sg_compare_params *params,
                                 sg_compared *net, sg_error *err)
{
    const size_t n = sg_graph_n_nodes(g);
    SG_AUTOFREE uint32_t *narrow = SG_NEW_ARRAY(uint32_t, n);
    SG_AUTOFREE uint64_t *degree = SG_NEW_ARRAY(uint64_t, n);
    SG_AUTOFREE double *x = SG_NEW_ARRAY(double, n);
    if (!narrow || !degree || !x)
        return sg_fail_memory(err, "comparing degrees");
    sg_graph_degrees(g, SG_DEGREE_NEIGHBORS, narrow);
    uint64_t largest = 0;
    size_t n_isolated = 0;
    for (size_t v = 0; v < n; v++) {
        degree[v] = narrow[v];
        largest = degree[v] > largest ? degree[v] : largest;
        n_isolated += degree[v] == 0;
    }
    SG_TRY(count_degrees(narrow, n, net, err));
    net->cell[SG_ROW_ISOLATED].value = (double)n_isolated;
    net->cell[SG_ROW_MAX_DEGREE].value = (double)largest;
    net->cell[SG_ROW_MEAN_DEGREE].value =
        n > 0 ? 2.0 * (double)sg_graph_n_pairs(g) / (double)n : NAN;
    const sg_powerlaw_params how = {.n_replicates = params->n_bootstrap, .seed = params->seed};
    SG_TRY(sg_powerlaw_fit(degree, n, &how, &net->fit, err));
    if (net->column.layered)
        return SG_OK;
    return sg_relative_make(x, append_relative(degree, n, x), &net->relative, err);
}

/* Degrees of both sides of a link: neurons that receive (in) and that send. */
static void side_degrees(const sg_csr *m, bool in, uint64_t *degree)
{
    if (in)
        for (size_t i = 0; i < m->n_rows; i++)
            degree[i] = m->row_start[i + 1] - m->row_start[i];
    else
        for (size_t k = 0; k < m->n_links; k++)
            degree[m->col[k]]++;
}

/* Relative degrees of several sides, one after the other. */
typedef struct pooled {
    double *x;
    size_t n;
} pooled;

static sg_status measure_side(const sg_link *link, bool in, const sg_compare_params *params,
                              sg_compared *net, pooled *pool, sg_error *err)
{
    const size_t n = in ? link->matrix->n_rows : link->matrix->n_cols;
    SG_AUTOFREE uint64_t *degree = SG_NEW_ARRAY(uint64_t, n);
    SG_AUTOFREE double *reals = SG_NEW_ARRAY(double, n);
    if (!degree || !reals)
        return sg_fail_memory(err, "comparing degrees");
    side_degrees(link->matrix, in, degree);
    for (size_t i = 0; i < n; i++)
        reals[i] = (double)degree[i];
    const sg_summary summary = sg_summarise(reals, n);

    sg_compare_side side = {.in = in,
                            .n = n,
                            .mean = summary.mean,
                            .dispersion = summary.dispersion,
                            .gini = summary.gini};
    const sg_powerlaw_params how = {
        .n_replicates = params->n_bootstrap,
        .seed = sg_side_seed(params->seed, net->n_sides / 2, in ? SG_SIDE_IN : SG_SIDE_OUT),
    };
    SG_TRY(sg_powerlaw_fit(degree, n, &how, &side.fit, err));
    side.link = sg_strdup(link->name);
    if (!side.link)
        return sg_fail_memory(err, "comparing degrees");
    net->sides[net->n_sides++] = side;
    pool->n += append_relative(degree, n, pool->x + pool->n);
    return SG_OK;
}

static bool is_full(const sg_csr *m)
{
    return m->n_links == m->n_rows * m->n_cols;
}

/* Whether the degrees of a side are a distribution that says something. */
static bool side_counts(const sg_csr *m, bool in)
{
    return !is_full(m) && (in ? m->n_rows : m->n_cols) >= SIDE_MIN;
}

/* Whether any side counts; where none does, all are taken. */
static bool any_side_counts(const sg_snapshot *s)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_csr *m = sg_snapshot_link(s, i)->matrix;
        if (side_counts(m, false) || side_counts(m, true))
            return true;
    }
    return false;
}

static sg_status measure_sides(const sg_snapshot *s, const sg_compare_params *params,
                               sg_compared *net, sg_error *err)
{
    const size_t n_links = sg_snapshot_n_links(s);
    const bool selective = any_side_counts(s);
    size_t n_neurons = 0;
    for (size_t i = 0; i < n_links; i++) {
        const sg_csr *m = sg_snapshot_link(s, i)->matrix;
        n_neurons += m->n_rows + m->n_cols;
    }
    SG_AUTOFREE double *x = SG_NEW_ARRAY(double, n_neurons);
    net->sides = SG_NEW_ARRAY(sg_compare_side, 2 * n_links);
    if (!x || !net->sides)
        return sg_fail_memory(err, "comparing degrees");
    pooled pool = {.x = x};
    for (size_t i = 0; i < n_links; i++)
        for (int in = 0; in < 2; in++) {
            const sg_link *link = sg_snapshot_link(s, i);
            const size_t before = pool.n;
            SG_TRY(measure_side(link, in == 1, params, net, &pool, err));
            if (selective && !side_counts(link->matrix, in == 1))
                pool.n = before;
        }
    return sg_relative_make(x, pool.n, &net->relative, err);
}

static void describe_relative(const sg_relative *r, sg_cell *cell)
{
    double n = 0.0;
    double sum = 0.0;
    for (size_t i = 0; i < r->n; i++) {
        n += (double)r->count[i];
        sum += (double)r->count[i] * r->x[i];
    }
    const double mean = sum / n;
    double squares = 0.0;
    double ranked = 0.0;
    double seen = 0.0;
    for (size_t i = 0; i < r->n; i++) {
        const double count = (double)r->count[i];
        const double deviation = r->x[i] - mean;
        squares += count * deviation * deviation;
        /* the mean of 2 rank - 1 - n over equal values is 2 seen + count - n */
        ranked += count * (2.0 * seen + count - n) * deviation;
        seen += count;
    }
    cell[SG_ROW_GINI].value = n > 0.0 ? ranked / (n * sum) : NAN;
    cell[SG_ROW_CV].value = n > 0.0 ? sqrt(squares / n) / mean : NAN;
}

static sg_status measure_structure(const sg_graph *g, const sg_compare_params *params,
                                   sg_compared *net, sg_error *err)
{
    sg_cell *cell = net->cell;
    sg_components parts;
    sg_path_lengths paths;
    const size_t n = sg_graph_n_nodes(g);
    SG_AUTOFREE uint32_t *core = SG_NEW_ARRAY(uint32_t, n);
    if (!core)
        return sg_fail_memory(err, "measuring the k-core");
    SG_TRY(sg_graph_components(g, NULL, &parts, err));
    SG_TRY(sg_graph_path_lengths(g, params->max_sources, params->seed, &paths, err));
    SG_TRY(sg_graph_coreness(g, core, err));
    uint32_t largest = 0;
    for (size_t v = 0; v < n; v++)
        largest = core[v] > largest ? core[v] : largest;

    cell[SG_ROW_COMPONENTS].value = (double)parts.n;
    cell[SG_ROW_GIANT].value = n > 0 ? (double)parts.giant / (double)n : NAN;
    cell[SG_ROW_MEAN_PATH].value = paths.mean;
    cell[SG_ROW_MEAN_PATH_SE].value = paths.se;
    cell[SG_ROW_LONGEST].value = (double)paths.longest;
    cell[SG_ROW_SOURCES].value = (double)paths.n_sources;
    cell[SG_ROW_CORE].value = (double)largest;
    if (net->column.layered)
        return SG_OK;
    SG_TRY(sg_graph_assortativity(g, &cell[SG_ROW_ASSORTATIVITY].value, err));
    SG_TRY(sg_graph_transitivity(g, &cell[SG_ROW_TRANSITIVITY].value, err));
    return sg_graph_local_clustering(g, &cell[SG_ROW_CLUSTERING].value, err);
}

static void fill_size(const sg_graph *g, sg_cell *cell)
{
    const double n = (double)sg_graph_n_nodes(g);
    const bool layered = sg_graph_n_layers(g) > 0;

    cell[SG_ROW_NODES].value = n;
    cell[SG_ROW_EDGES].value = (double)sg_graph_n_pairs(g);
    cell[SG_ROW_ARCS].value = sg_graph_is_directed(g) ? (double)sg_graph_n_edges(g) : NAN;
    cell[SG_ROW_LOOPS].value = (double)sg_graph_n_loops_dropped(g);
    cell[SG_ROW_MULTI].value = (double)sg_graph_n_multi_dropped(g);
    cell[SG_ROW_DENSITY].value = layered   ? sg_graph_density(g)
                                 : n > 1.0 ? 2.0 * (double)sg_graph_n_pairs(g) / (n * (n - 1.0))
                                           : NAN;
}

static void fill_fit(const sg_powerlaw *fit, sg_cell *cell)
{
    const bool fitted = isfinite(fit->alpha) && fit->xmin > 0;

    cell[SG_ROW_ALPHA].value = fit->alpha;
    cell[SG_ROW_ALPHA_SE].value = fitted ? fit->alpha_se : NAN;
    cell[SG_ROW_XMIN].value = fitted ? (double)fit->xmin : NAN;
    cell[SG_ROW_TAIL].value = fitted ? (double)fit->n_tail : NAN;
    cell[SG_ROW_FIT_D].value = fit->ks_d;
    cell[SG_ROW_FIT_P].value = fit->p_value;
    cell[SG_ROW_PASSES].value = fit->passes;
}

/* Whether some link goes over a layer, so that triangles are possible. */
static bool skips_layers(const sg_snapshot *s)
{
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        if (link->to != link->from + 1)
            return true;
    }
    return false;
}

static sg_status note_layers(const sg_snapshot *s, sg_compared *net, sg_error *err)
{
    static const sg_row relative_rows[] = {SG_ROW_GINI, SG_ROW_CV};
    static const sg_row pooled_rows[] = {SG_ROW_ALPHA, SG_ROW_FIT_P, SG_ROW_PASSES};
    static const sg_row triangle_rows[] = {SG_ROW_TRANSITIVITY, SG_ROW_CLUSTERING};
    sg_cell *cell = net->cell;

    for (size_t i = 0; i < SG_COUNT(relative_rows); i++)
        SG_TRY(sg_cell_note(&cell[relative_rows[i]], err, "%s", relative_note));
    for (size_t i = 0; i < SG_COUNT(pooled_rows); i++)
        SG_TRY(sg_cell_note(&cell[pooled_rows[i]], err, "%s", pooled_note));
    cell[SG_ROW_PASSES].value = NAN;
    const char *why =
        skips_layers(s)
            ? "links over a layer make triangles possible, but the layers decide which: "
              "no number of a network without layers compares with it"
            : "a layered network has no triangles";
    for (size_t i = 0; i < SG_COUNT(triangle_rows); i++)
        SG_TRY(sg_cell_note(&cell[triangle_rows[i]], err, "%s", why));
    SG_TRY(sg_cell_note(&cell[SG_ROW_DENSITY], err,
                        "of the pairs that a link between its layers could join"));
    return sg_cell_note(
        &cell[SG_ROW_ASSORTATIVITY], err,
        "in a layered network an artefact of the layers' widths, whatever the links");
}

static sg_status note_graph(sg_compared *net, sg_error *err)
{
    sg_cell *cell = net->cell;
    SG_AUTOFREE char *reasons = NULL;
    SG_TRY(sg_powerlaw_reasons(&net->fit, &reasons, err));
    if (reasons[0] != '\0')
        SG_TRY(sg_cell_note(&cell[SG_ROW_PASSES], err, "%s", reasons));
    if (net->fit.n < 50 && isfinite(net->fit.alpha)) /* igraph's own threshold */
        SG_TRY(sg_cell_note(&cell[SG_ROW_ALPHA], err,
                            "corrected for the small sample, as igraph does below 50 values"));
    if (isnan(cell[SG_ROW_ASSORTATIVITY].value))
        SG_TRY(sg_cell_note(&cell[SG_ROW_ASSORTATIVITY], err, "all degrees are equal"));
    return SG_OK;
}

sg_status sg_compared_measure(const sg_compare_source *source, const sg_compare_params *params,
                              sg_compared *ret, sg_error *err)
{
    SG_CLEANUP(sg_loaded_clear) sg_loaded in = {0};
    SG_TRY(sg_compared_load(source, &params->read, &in, err));
    SG_CLEANUP(sg_compared_clear) sg_compared net = {.epoch = -1};
    for (size_t row = 0; row < SG_N_ROWS; row++)
        net.cell[row].value = NAN;
    net.column.layered = in.snapshot != NULL;
    net.column.directed = sg_graph_is_directed(in.graph);
    net.citation = sg_strdup(in.citation);
    if (!net.citation)
        return sg_fail_memory(err, "comparing networks");

    fill_size(in.graph, net.cell);
    SG_TRY(measure_degrees(in.graph, params, &net, err));
    if (in.snapshot) {
        net.epoch = sg_snapshot_epoch(in.snapshot);
        SG_TRY(measure_sides(in.snapshot, params, &net, err));
    }
    describe_relative(&net.relative, net.cell);
    fill_fit(&net.fit, net.cell);
    SG_TRY(measure_structure(in.graph, params, &net, err));
    SG_TRY(in.snapshot ? note_layers(in.snapshot, &net, err) : note_graph(&net, err));
    if (net.cell[SG_ROW_MEAN_PATH_SE].value > 0.0)
        SG_TRY(sg_cell_note(&net.cell[SG_ROW_MEAN_PATH], err, "from %.0f sampled sources",
                            net.cell[SG_ROW_SOURCES].value));
    *ret = net;
    net = (sg_compared){0};
    return SG_OK;
}
