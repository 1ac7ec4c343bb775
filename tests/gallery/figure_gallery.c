/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Draws every figure, with made-up but lifelike data, at both column widths and in every format
 * into a folder: what a person looks at before a change to the drawing is accepted.
 *
 *     figure_gallery FOLDER [DPI]
 */

#include "base/random.h"
#include "base/text.h"
#include "sparsegraph/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 28, INPUTS = SIDE * SIDE, HIDDEN = 1000, OUTPUTS = 10, EPOCHS = 51 };

static const double widths[] = {SG_WIDTH_ONE_COLUMN_MM, SG_WIDTH_TWO_COLUMN_MM};
static const char *folder;
static double dpi = 300.0;

static void stop_on(sg_status status, const sg_error *err)
{
    if (status == SG_OK)
        return;
    fprintf(stderr, "figure_gallery: %s\n", err->message);
    exit(EXIT_FAILURE);
}

/* Writes FOLDER/NAME-WIDTH.png, .svg and .pdf, and frees the scene. */
static void write_scene(sg_scene *scene, const char *name)
{
    static const char *const suffixes[] = {"png", "svg", "pdf"};
    sg_error err = {0};
    for (size_t i = 0; i < 3; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s-%.0f.%s", folder, name, sg_scene_width_mm(scene),
                 suffixes[i]);
        const sg_scene_write_params p = {SG_SCENE_BY_SUFFIX, dpi};
        stop_on(sg_scene_write(scene, path, &p, &err), &err);
    }
    sg_scene_free(scene);
}

static double bell(double x, double width)
{
    return exp(-x * x / (2.0 * width * width));
}

/* Links of each pixel: flat at first, later gathered where the digits are. */
static void fill_links(double *value, double progress, sg_random *r)
{
    for (size_t i = 0; i < INPUTS; i++) {
        const size_t row = i / SIDE;
        const double dx = (double)(i % SIDE) - 13.5;
        const double dy = (double)row - 13.5;
        const double centre = 46.0 * bell(dx, 5.0) * bell(dy, 6.0);
        const double mean = (1.0 - progress) * 20.0 + progress * centre;
        value[i] = fmax(0.0, round(mean + sqrt(mean) * sg_random_normal(r)));
    }
}

static void draw_heatmaps(void)
{
    static double value[12][INPUTS];
    static const char *const titles[12] = {"epoch 0",   "epoch 1",   "epoch 5",   "epoch 10",
                                           "epoch 20",  "epoch 50",  "epoch 100", "epoch 150",
                                           "epoch 200", "epoch 300", "epoch 400", "epoch 500"};
    sg_heatmap_panel panel[12];
    sg_random r;
    sg_error err = {0};

    sg_random_open(&r, 1, SG_RANDOM_DIGITS, 0, 0);
    for (size_t i = 0; i < 12; i++) {
        fill_links(value[i], fmin(1.0, (double)i / 6.0), &r);
        panel[i] = (sg_heatmap_panel){titles[i], value[i]};
    }
    static const size_t counts[] = {1, 4, 12};
    static const char *const names[] = {"heatmap-one", "heatmap", "heatmap-many"};
    for (size_t w = 0; w < 2; w++) {
        for (size_t c = 0; c < 3; c++) {
            sg_scene *scene = NULL;
            sg_heatmap_params p = SG_HEATMAP_PARAMS_DEFAULT;
            p.n_rows = p.n_cols = SIDE;
            p.panels = panel;
            p.n_panels = counts[c];
            p.value_label = "Links per input neuron";
            p.width_mm = widths[w];
            stop_on(sg_figure_heatmap(&p, &scene, &err), &err);
            write_scene(scene, names[c]);
        }
    }
}

/* Weights of a 300 x 500 layer, binned, around zero. */
static void draw_weights(void)
{
    enum { ROWS = 300, COLS = 500 };
    static double value[ROWS * COLS];
    sg_random r;
    sg_error err = {0};

    sg_random_open(&r, 2, SG_RANDOM_WEIGHTS, 0, 0);
    for (size_t i = 0; i < (size_t)ROWS * COLS; i++) {
        const size_t row = i / COLS;
        const double wave = sin((double)(i % COLS) / 40.0) * cos((double)row / 30.0);
        value[i] = i % 97 < 3 ? (double)NAN : 0.1 * sg_random_normal(&r) + 0.3 * wave;
    }
    const sg_heatmap_panel panel = {"hidden1 to hidden2", value};
    for (size_t w = 0; w < 2; w++) {
        sg_scene *scene = NULL;
        sg_heatmap_params p = SG_HEATMAP_PARAMS_DEFAULT;
        p.n_rows = ROWS;
        p.n_cols = COLS;
        p.panels = &panel;
        p.n_panels = 1;
        p.map = SG_MAP_DIVERGING;
        p.value_label = "Mean weight";
        p.width_mm = widths[w];
        stop_on(sg_figure_heatmap(&p, &scene, &err), &err);
        write_scene(scene, "weights");
    }
}

typedef struct links {
    uint32_t *from, *to;
    float *weight;
    size_t n;
} links;

static links random_links(size_t n_from, size_t n_to, double density, sg_random *r)
{
    links l = {malloc(n_from * n_to * sizeof(uint32_t)), malloc(n_from * n_to * sizeof(uint32_t)),
               malloc(n_from * n_to * sizeof(float)), 0};
    for (size_t i = 0; l.from && l.to && l.weight && i < n_from * n_to; i++) {
        const double centre =
            n_from == INPUTS ? bell((double)(i / n_to % SIDE) - 13.5, 7.0) * 1.6 : 1;
        if (sg_random_unit(r) >= density * centre)
            continue;
        l.from[l.n] = (uint32_t)(i / n_to);
        l.to[l.n] = (uint32_t)(i % n_to);
        l.weight[l.n++] = (float)sg_random_normal(r);
    }
    return l;
}

static void draw_layers(void)
{
    static const size_t wide[] = {INPUTS, HIDDEN, HIDDEN, OUTPUTS};
    static const size_t small[] = {8, 12, 6, 3};
    static const char *const names[] = {"input", "hidden1", "hidden2", "output"};
    sg_random r;
    sg_error err = {0};

    sg_random_open(&r, 3, SG_RANDOM_TOPOLOGY, 0, 0);
    for (size_t kind = 0; kind < 2; kind++) {
        const size_t *size = kind == 0 ? wide : small;
        links l[3];
        sg_layers_link link[3];
        for (size_t i = 0; i < 3; i++) {
            l[i] = random_links(size[i], size[i + 1], kind == 0 ? 0.05 : 0.3, &r);
            link[i] = (sg_layers_link){i,         i + 1,   l[i].n,
                                       l[i].from, l[i].to, kind == 0 ? l[i].weight : NULL};
        }
        for (size_t w = 0; w < 2; w++) {
            sg_scene *scene = NULL;
            sg_layers_params p = SG_LAYERS_PARAMS_DEFAULT;
            p.layer_size = size;
            p.layer_name = names;
            p.n_layers = 4;
            p.links = link;
            p.n_link_sets = 3;
            p.sparse_title = "As learned by SET, epoch 10";
            p.dense_title = "Fully connected";
            p.width_mm = widths[w];
            stop_on(sg_figure_layers(&p, &scene, &err), &err);
            write_scene(scene, kind == 0 ? "layers" : "layers-small");
        }
        for (size_t i = 0; i < 3; i++) {
            free(l[i].from);
            free(l[i].to);
            free(l[i].weight);
        }
    }
}

/* A hospital ward's contacts: groups of staff and patients, each a near-complete graph. */
static size_t ward_edges(uint32_t *from, uint32_t *to, unsigned char *category, double scale)
{
    enum { N = 75 };
    sg_random r;
    size_t m = 0;
    sg_random_open(&r, 4, SG_RANDOM_TOPOLOGY, 0, 0);
    for (uint32_t i = 0; i < N; i++)
        category[i] = (unsigned char)(i < 27 ? 0 : i < 38 ? 1 : i < 46 ? 2 : 3);
    for (uint32_t i = 0; i < N; i++) {
        for (uint32_t j = i + 1; j < N; j++) {
            const double near = category[i] == category[j] ? 0.75 : 0.25;
            if (sg_random_unit(&r) < near * scale) {
                from[m] = i;
                to[m++] = j;
            }
        }
    }
    return m;
}

static void draw_networks(void)
{
    enum { N = 75, BIG = 600 };
    static uint32_t from[3][N * N];
    static uint32_t to[3][N * N];
    static unsigned char category[N];
    static const char *const names[8] = {"nurses", "doctors", "staff", "patients"};
    sg_error err = {0};
    sg_random r;

    sg_network_panel panel[3] = {
        {.title = "Contacts within a ward", .n_nodes = N, .category = category},
        {.title = "Contacts of over an hour", .n_nodes = N, .category = category},
        {.title = "Preferential attachment", .n_nodes = BIG},
    };
    panel[0].n_edges = ward_edges(from[0], to[0], category, 1.0);
    panel[1].n_edges = ward_edges(from[1], to[1], category, 0.08);
    sg_random_open(&r, 5, SG_RANDOM_TOPOLOGY, 0, 0);
    for (uint32_t i = 1; i < BIG; i++) {
        const size_t e = panel[2].n_edges++;
        from[2][e] = i;
        to[2][e] = e == 0 || sg_random_unit(&r) < 0.5 ? (uint32_t)sg_random_below(&r, i)
                                                      : to[2][sg_random_below(&r, e)];
    }
    for (size_t i = 0; i < 3; i++) {
        panel[i].from = from[i];
        panel[i].to = to[i];
    }
    for (size_t w = 0; w < 2; w++) {
        for (size_t n = 2; n <= 3; n++) {
            sg_scene *scene = NULL;
            sg_networks_params p = SG_NETWORKS_PARAMS_DEFAULT;
            p.panels = panel;
            p.n_panels = n;
            p.category_name = names;
            p.width_mm = widths[w];
            stop_on(sg_figure_networks(&p, &scene, &err), &err);
            write_scene(scene, n == 2 ? "networks" : "networks-three");
        }
    }
}

static void draw_ccdf(void)
{
    static uint64_t degree[4][HIDDEN];
    sg_random r;
    sg_error err = {0};

    sg_random_open(&r, 6, SG_RANDOM_NULL, 0, 0);
    for (size_t i = 0; i < HIDDEN; i++) {
        const double u = sg_random_unit(&r);
        degree[0][i] = (uint64_t)fmax(0.0, round(20.0 + 4.5 * sg_random_normal(&r)));
        degree[1][i] = (uint64_t)round(fmax(0.0, exp(2.5 + 0.8 * sg_random_normal(&r)) - 2.0));
        degree[2][i] = (uint64_t)(3.0 * pow(1.0 - u, -1.0 / 1.5));
        degree[3][i] = i < 40 ? 0 : (uint64_t)round(6.0 - 5.0 * log(1.0 - u));
    }
    const sg_ccdf_fit fit[4] = {
        {15.2, 24, 210, 0.52, false, "not scale-free: α outside 2 to 3, under a decade of tail"},
        {3.4, 31, 86, 0.04, false, "not scale-free: α outside 2 to 3, p below 0.1"},
        {2.51, 3, 1000, 0.61, true, "scale-free, and epoch 0 is not"},
        {4.9, 20, 61, (double)NAN, false, "not scale-free: α outside 2 to 3"},
    };
    /* 95 % of Poisson samples of 1,000, near enough, and a lognormal for the eye. */
    static double k_at[60];
    static double band_low[60];
    static double band_high[60];
    static double lognormal[60];
    double above = 1.0;
    for (size_t i = 0; i < 60; i++) {
        const double k = k_at[i] = (double)i + 1.0;
        above -= exp((k - 1.0) * log(20.0) - 20.0 - lgamma(k));
        const double sd = sqrt(fmax(above * (1.0 - above), 0.0) / HIDDEN);
        band_low[i] = fmin(fmax(above - 2.0 * sd, 0.0), 1.0);
        band_high[i] = fmin(fmax(above, 0.0) + 2.0 * sd, 1.0);
        lognormal[i] = 0.5 * erfc((log(k) - 2.5) / (0.8 * sqrt(2.0)));
    }
    const sg_ccdf_band band = {"95 % of 100 random links", k_at, band_low, band_high, 60};
    const sg_ccdf_curve curve = {"lognormal", k_at, lognormal, 60};
    const sg_ccdf_series series[4] = {
        {.label = "epoch 0, out",
         .degree = degree[0],
         .n = HIDDEN,
         .fit = &fit[0],
         .reference = true},
        {.label = "epoch 10, out",
         .degree = degree[1],
         .n = HIDDEN,
         .fit = &fit[1],
         .band = &band,
         .curves = &curve,
         .n_curves = 1},
        {.label = "epoch 100, out", .degree = degree[2], .n = HIDDEN, .fit = &fit[2]},
        {.label = "epoch 100, in", .degree = degree[3], .n = HIDDEN, .fit = &fit[3]},
    };
    for (size_t w = 0; w < 2; w++) {
        for (size_t n = 2; n <= 4; n += 2) {
            sg_scene *scene = NULL;
            sg_ccdf_params p = SG_CCDF_PARAMS_DEFAULT;
            p.series = series;
            p.n_series = n;
            p.title = n == 4 ? "Degrees of the links from input to hidden1" : NULL;
            p.width_mm = widths[w];
            stop_on(sg_figure_ccdf(&p, &scene, &err), &err);
            write_scene(scene, n == 4 ? "ccdf" : "ccdf-two");
        }
    }
}

static void draw_timeline(void)
{
    static double epoch[EPOCHS];
    static double value[8][EPOCHS];
    sg_random r;
    sg_error err = {0};

    sg_random_open(&r, 7, SG_RANDOM_NULL, 0, 0);
    for (size_t i = 0; i < EPOCHS; i++) {
        const double e = epoch[i] = (double)i;
        value[0][i] = 0.99 - 0.89 * exp(-e / 3.0) + 0.002 * sg_random_normal(&r);
        value[1][i] = 0.89 - 0.79 * exp(-e / 2.5) + 0.003 * sg_random_normal(&r);
        value[2][i] = 0.874 - 0.774 * exp(-e / 2.5) + 0.003 * sg_random_normal(&r);
        value[3][i] = i == 20 || i == 21 ? (double)NAN : 57034.0 - 12.0 * e;
        value[4][i] = 57034.0;
        value[5][i] = 1.0 + 8.0 * (1.0 - exp(-e / 12.0)) + 0.05 * sg_random_normal(&r);
        value[6][i] = 1.0 + 0.02 * sg_random_normal(&r);
    }
    const sg_timeline_series accuracy[] = {
        {"SET, training", epoch, value[0], EPOCHS, false, true, 1},
        {"SET, test", epoch, value[1], EPOCHS, false, false, 1},
        {"fixed topology, test", epoch, value[2], EPOCHS, false, false, 2},
    };
    const sg_timeline_series n_links[] = {
        {"SET", epoch, value[3], EPOCHS, false, false, 1},
        {"fixed topology", epoch, value[4], EPOCHS, false, false, 2}};
    const sg_timeline_series spread[] = {
        {"SET", epoch, value[5], EPOCHS, false, false, 1},
        {"fixed topology", epoch, value[6], EPOCHS, false, false, 2}};
    sg_timeline_panel panel[3] = {SG_TIMELINE_PANEL_DEFAULT, SG_TIMELINE_PANEL_DEFAULT,
                                  SG_TIMELINE_PANEL_DEFAULT};
    panel[0].label = "Accuracy (%)";
    panel[0].series = accuracy;
    panel[0].n_series = 3;
    panel[0].scale = 100.0;
    panel[1].label = "Links";
    panel[1].series = n_links;
    panel[1].n_series = 2;
    panel[2].label = "Variance / mean degree";
    panel[2].series = spread;
    panel[2].n_series = 2;
    panel[2].log = true;
    for (size_t w = 0; w < 2; w++) {
        sg_scene *scene = NULL;
        sg_timeline_params p = SG_TIMELINE_PARAMS_DEFAULT;
        p.panels = panel;
        p.n_panels = 3;
        p.width_mm = widths[w];
        for (size_t direct = 0; direct < 2; direct++) {
            p.direct_labels = direct == 1;
            stop_on(sg_figure_timeline(&p, &scene, &err), &err);
            write_scene(scene, direct ? "timeline-direct" : "timeline");
        }
    }
}

/* A random side of a link: n_values degrees around a mean, the later the broader. */
static void fill_degrees(uint64_t *degree, size_t n, double progress, sg_random *r)
{
    for (size_t i = 0; i < n; i++) {
        const double gone = i % 5 == 0 ? progress : 0.0;
        const double wide = exp((0.23 + 0.6 * progress) * sg_random_normal(r));
        degree[i] = (uint64_t)round(20.0 * wide * (1.0 - 0.97 * gone));
    }
}

static void draw_ridgelines(void)
{
    enum { MOST = 20 };
    static uint64_t degree[MOST][INPUTS];
    static char label[MOST][8];
    static double poisson[80];
    sg_ridge ridge[MOST];
    sg_random r;
    sg_error err = {0};

    sg_random_open(&r, 8, SG_RANDOM_NULL, 0, 0);
    for (size_t k = 0; k < 80; k++)
        poisson[k] = exp((double)k * log(20.5) - 20.5 - lgamma((double)k + 1.0));
    for (size_t i = 0; i < MOST; i++) {
        fill_degrees(degree[i], INPUTS, fmin(1.0, (double)i / 9.0), &r);
        snprintf(label[i], sizeof label[i], "%zu", i < 12 ? i : 10 * (i - 10));
        ridge[i] = (sg_ridge){label[i], degree[i], NULL, INPUTS, i == 0};
    }
    for (size_t w = 0; w < 2; w++) {
        for (size_t n = 4; n <= 20; n += 8) {
            sg_scene *scene = NULL;
            sg_ridgelines_params p = SG_RIDGELINES_PARAMS_DEFAULT;
            p.ridges = ridge;
            p.n_ridges = n;
            p.reference = poisson;
            p.n_reference = 80;
            p.reference_label = "Poisson of the same mean";
            p.width_mm = widths[w];
            stop_on(sg_figure_ridgelines(&p, &scene, &err), &err);
            write_scene(scene, n == 4    ? "ridgelines-few"
                               : n == 12 ? "ridgelines"
                                         : "ridgelines-many");
        }
    }
}

static void draw_zscores(void)
{
    enum { ROWS = 14, LINKS = 3, MOST = 101 };
    static double z[LINKS][ROWS * MOST];
    static long epoch[MOST];
    static const sg_zscores_row rows[ROWS] = {
        {"in-degree, Gini coefficient", "Against Erdős–Rényi links"},
        {"in-degree, variance / mean", "Against Erdős–Rényi links"},
        {"out-degree, Gini coefficient", "Against Erdős–Rényi links"},
        {"out-degree, variance / mean", "Against Erdős–Rényi links"},
        {"isolated neurons, sending", "Against Erdős–Rényi links"},
        {"butterflies", "Against links of the same degrees"},
        {"Robins–Alexander clustering", "Against links of the same degrees"},
        {"Latapy clustering", "Against links of the same degrees"},
        {"nestedness (NODF)", "Against links of the same degrees"},
        {"Barber modularity", "Against links of the same degrees"},
        {"degree correlation", "Against links of the same degrees"},
        {"rich club", "Against links of the same degrees"},
        {"spectral gap", "Against links of the same degrees"},
        {"neural persistence", "Against links of the same degrees"},
    };
    static const char *const names[LINKS] = {"input–hidden1", "hidden1–hidden2", "hidden2–output"};
    sg_zscores_panel panel[LINKS];
    sg_random r;
    sg_error err = {0};

    for (size_t w = 0; w < 2; w++) {
        for (size_t size = 0; size < 3; size++) {
            const size_t n = size == 0 ? 5 : size == 1 ? 13 : MOST;
            sg_random_open(&r, 9, SG_RANDOM_NULL, 0, 0);
            for (size_t k = 0; k < LINKS; k++) {
                panel[k] = (sg_zscores_panel){names[k], z[k]};
                for (size_t i = 0; i < ROWS * n; i++) {
                    const double epoch_share = (double)(i % n) / (double)n;
                    const double sign = i / n % 3 == 0 ? -1.0 : 1.0;
                    z[k][i] = i / n == 4 && i % n < 3
                                  ? (double)NAN
                                  : sg_random_normal(&r) + (3.0 - (double)k) * sign * 14.0 *
                                                               epoch_share * (double)(i / n % 4);
                }
            }
            for (size_t i = 0; i < n; i++)
                epoch[i] = (long)i;
            sg_scene *scene = NULL;
            sg_zscores_params p = SG_ZSCORES_PARAMS_DEFAULT;
            p.rows = rows;
            p.n_rows = ROWS;
            p.epochs = epoch;
            p.n_epochs = n;
            p.panels = panel;
            p.n_panels = size == 0 ? 1 : LINKS;
            p.width_mm = widths[w];
            stop_on(sg_figure_zscores(&p, &scene, &err), &err);
            write_scene(scene, size == 0 ? "zscores-few" : size == 1 ? "zscores" : "zscores-many");
        }
    }
}

static void draw_adjacency(void)
{
    static const size_t shapes[3][2] = {{300, INPUTS}, {40, 60}, {HIDDEN, HIDDEN}};
    static const char *const names[3] = {"adjacency", "adjacency-small", "adjacency-large"};
    sg_random r;
    sg_error err = {0};

    for (size_t k = 0; k < 3; k++) {
        sg_random_open(&r, 10, SG_RANDOM_TOPOLOGY, 0, 0);
        links l[2] = {random_links(shapes[k][1], shapes[k][0], 0.05, &r),
                      random_links(shapes[k][1], shapes[k][0], 0.08, &r)};
        const uint32_t cut[] = {(uint32_t)shapes[k][0] / 4};
        const sg_adjacency_panel panels[2] = {
            {.title = "epoch 0", .n_links = l[0].n, .row = l[0].to, .col = l[0].from},
            {.title = "epoch 100",
             .n_links = l[1].n,
             .row = l[1].to,
             .col = l[1].from,
             .row_cut = cut,
             .col_cut = cut,
             .n_cuts = 1},
        };
        for (size_t w = 0; w < 2; w++) {
            sg_scene *scene = NULL;
            sg_adjacency_params p = SG_ADJACENCY_PARAMS_DEFAULT;
            p.n_rows = shapes[k][0];
            p.n_cols = shapes[k][1];
            p.panels = panels;
            p.n_panels = k == 2 ? 1 : 2;
            p.width_mm = widths[w];
            stop_on(sg_figure_adjacency(&p, &scene, &err), &err);
            write_scene(scene, names[k]);
        }
        for (size_t i = 0; i < 2; i++) {
            free(l[i].from);
            free(l[i].to);
            free(l[i].weight);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3 || (argc == 3 && !sg_parse_double(argv[2], &dpi))) {
        fprintf(stderr, "usage: figure_gallery FOLDER [DPI]\n");
        return 2;
    }
    folder = argv[1];
    draw_heatmaps();
    draw_weights();
    draw_layers();
    draw_networks();
    draw_ccdf();
    draw_timeline();
    draw_ridgelines();
    draw_zscores();
    draw_adjacency();
    return EXIT_SUCCESS;
}
