/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/render_job.h"

#include "base/status.h"
#include "report/source.h"
#include "sparsegraph/graph.h"
#include <math.h>
#include <strings.h>

/* Above this a complete graph is a blot of ink and a long wait. */
enum { COMPLETE_NODES_MAX = 400 };

static void graph_cleanup(sg_graph **g)
{
    sg_graph_free(*g);
}

/* A graph by its name where it has one of the built-in, else from a file. */
static sg_status open_graph(const char *input, sg_graph **ret, sg_error *err)
{
    for (size_t i = 0; i < sg_graph_n_named(); i++) {
        const sg_named_graph *named = sg_graph_named_at(i);
        if (strcasecmp(named->name, input) == 0 ||
            (named->alias && strcasecmp(named->alias, input) == 0))
            return sg_graph_named(input, ret, err);
    }
    return sg_graph_read(input, NULL, ret, err);
}

/* Links every pair of n nodes. */
static sg_status complete_graph(size_t n, sg_graph **ret, sg_error *err)
{
    if (n < 2 || n > COMPLETE_NODES_MAX)
        return sg_fail(
            err, SG_EINVAL,
            "a complete graph on %zu nodes cannot be drawn (2 to %d can); give the dense "
            "network as well",
            n, COMPLETE_NODES_MAX);
    const size_t n_edges = n * (n - 1) / 2;
    SG_AUTOFREE uint32_t *from = SG_NEW_ARRAY(uint32_t, n_edges);
    SG_AUTOFREE uint32_t *to = SG_NEW_ARRAY(uint32_t, n_edges);
    if (!from || !to)
        return sg_fail_memory(err, "linking every pair of nodes");

    size_t k = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            from[k] = (uint32_t)a;
            to[k++] = (uint32_t)b;
        }
    const sg_graph_arrays arrays = {.n_nodes = n, .n_edges = n_edges, .from = from, .to = to};
    return sg_graph_new(&arrays, ret, err);
}

static sg_network_panel panel_of(const sg_graph *g, const char *title)
{
    sg_network_panel panel = {.title = title,
                              .n_nodes = sg_graph_n_nodes(g),
                              .n_edges = sg_graph_n_edges(g),
                              .directed = sg_graph_is_directed(g)};
    sg_graph_edges(g, &panel.from, &panel.to, NULL);
    return panel;
}

/* Places n nodes on a circle: what shows best that everyone is linked to everyone. */
static void circle(size_t n, double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        const double angle = 2.0 * 3.14159265358979323846 * (double)i / (double)n;
        x[i] = sin(angle);
        y[i] = -cos(angle);
    }
}

static void describe(const sg_graph *dense, const sg_graph *sparse, bool is_complete,
                     sg_text *caption)
{
    if (is_complete)
        sg_text_append(caption, "Left: every node linked to every other. Right: the links observed "
                                "among the same nodes, ");
    else
        sg_text_printf(caption,
                       "Left: %zu nodes and %zu links, density %.3g (links over possible links). "
                       "Right: %zu nodes and ",
                       sg_graph_n_nodes(dense), sg_graph_n_edges(dense), sg_graph_density(dense),
                       sg_graph_n_nodes(sparse));
    sg_text_printf(
        caption,
        "%zu links, density %.3g. Self-loops and repeated links are left out; positions carry no "
        "meaning beyond who is near whom.",
        sg_graph_n_edges(sparse), sg_graph_density(sparse));
}

sg_status sg_render_networks(const sg_render_job *job, sg_scene **ret, sg_text *caption,
                             sg_error *err)
{
    static const char *const usual[] = {"karate"};
    const char *const *inputs = job->n_inputs ? job->inputs : usual;
    const size_t n_inputs = job->n_inputs ? job->n_inputs : 1;
    const bool is_complete = n_inputs == 1;
    SG_CLEANUP(graph_cleanup) sg_graph *sparse = NULL;
    SG_CLEANUP(graph_cleanup) sg_graph *dense = NULL;

    SG_TRY(open_graph(inputs[n_inputs - 1], &sparse, err));
    if (is_complete)
        SG_TRY(complete_graph(sg_graph_n_nodes(sparse), &dense, err));
    else
        SG_TRY(open_graph(inputs[0], &dense, err));

    const size_t n = sg_graph_n_nodes(dense);
    SG_AUTOFREE char *sparse_title = job->n_inputs ? sg_source_label(inputs[n_inputs - 1])
                                                   : sg_strdup("Zachary\xE2\x80\x99s karate club");
    SG_AUTOFREE char *dense_title =
        is_complete ? sg_strdup("Everyone linked to everyone") : sg_source_label(inputs[0]);
    SG_AUTOFREE double *x = SG_NEW_ARRAY(double, n);
    SG_AUTOFREE double *y = SG_NEW_ARRAY(double, n);
    if (!sparse_title || !dense_title || !x || !y)
        return sg_fail_memory(err, "drawing networks");

    sg_network_panel panels[2] = {panel_of(dense, dense_title), panel_of(sparse, sparse_title)};
    if (is_complete) {
        circle(n, x, y);
        panels[0].x = x;
        panels[0].y = y;
    }
    sg_networks_params figure = SG_NETWORKS_PARAMS_DEFAULT;
    figure.panels = panels;
    figure.n_panels = 2;
    figure.seed = job->params->seed;
    figure.title = sg_render_title(job->params, "A dense and a sparse network");
    figure.width_mm = job->params->width_mm;
    describe(dense, sparse, is_complete, caption);
    return sg_figure_networks(&figure, ret, err);
}
