/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "base/text.h"
#include "container.h"
#include "folder.h"
#include "golden.h"
#include "patterned.h"
#include "sparsegraph/convert.h"
#include "sparsegraph/graph.h"

#include <sys/stat.h>
#include <unistd.h>

static sg_status collect(void *user, const void *bytes, size_t n, sg_error *err)
{
    (void)err;
    sg_text_append_bytes(user, bytes, n);
    return SG_OK;
}

/* Returns a network as a text; sg_free(). */
static char *text_of(const sg_snapshot *s, const sg_convert_params *params)
{
    sg_text t = {0};
    const sg_convert_target target = {NULL, collect, &t};
    char *ret = NULL;
    sg_error err = {0};
    assert_ok(sg_convert_write(s, &target, params, &err), &err);
    assert_ok(sg_text_take(&t, &ret, &err), &err);
    return ret;
}

static sg_status write_path(const sg_snapshot *s, const char *path, sg_error *err)
{
    return sg_convert_write(s, &(sg_convert_target){.path = path}, NULL, err);
}

static void finds_formats_by_name_and_by_suffix(void **state)
{
    (void)state;
    for (size_t i = 0; i < sg_convert_n_formats(); i++) {
        const sg_convert_info *info = sg_convert_format_at(i);
        char path[64];
        (void)snprintf(path, sizeof path, "some/where.x%.*s", (int)strcspn(info->suffixes, " "),
                       info->suffixes);
        assert_ptr_equal(sg_convert_find(info->name), info);
        assert_ptr_equal(sg_convert_of_path(path), info);
        assert_int_equal(info->format, i + 1);
    }
    assert_int_equal(sg_convert_of_path("A.GraphML")->format, SG_CONVERT_GRAPHML);
    assert_int_equal(sg_convert_of_path("a.b.tsv")->format, SG_CONVERT_EDGES);
    assert_null(sg_convert_find("xlsx"));
    assert_null(sg_convert_of_path("a.xlsx"));
    assert_null(sg_convert_of_path(".gml"));
    assert_null(sg_convert_of_path("graphml"));
}

/* The version of the library stands in some files; the expected ones have VERSION there. */
static void hide_version(char *text)
{
    const char *mark = "sparsegraph " SG_VERSION;
    char *at = strstr(text, mark);
    if (!at)
        return;
    const size_t n = strlen("VERSION");
    char *version = at + strlen("sparsegraph ");
    const char *after = at + strlen(mark);
    assert_true(strlen(SG_VERSION) <= n); /* the text has room for this much more */
    memmove(version + n, after, strlen(after) + 1);
    memcpy(version, "VERSION", n);
}

/* The expected files were read by NetworkX 2.8.8, igraph 0.10.2 (Python), SciPy 1.10.1 and, as far
 * as well-formedness goes, by xmllint and Python's json, with the numbers of the network. */
static void writes_each_format_to_the_letter(void **state)
{
    (void)state;
    sg_snapshot *s = every_kind_of_part();
    for (size_t i = 0; i < sg_convert_n_formats(); i++) {
        const sg_convert_info *info = sg_convert_format_at(i);
        char name[64];
        if (info->per_link || !info->text)
            continue;
        SG_AUTOFREE char *text = text_of(s, &(sg_convert_params){.format = info->format});
        text = sg_resize(text, strlen(text) + 16, 1);
        assert_non_null(text);
        hide_version(text);
        (void)snprintf(name, sizeof name, "convert/small.%s", info->name);
        assert_golden(name, text);
    }
    sg_snapshot_free(s);
}

/* A chain of one link, 3 receivers of 28 x 2 x 2 = 112 senders, in channels. */
static sg_snapshot *one_link(const char *input, bool weighted)
{
    static const size_t CELLS[] = {0, 5, 111, 112, 335};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    const sg_layer in = {.name = input, .size = 112, .n_dims = 3, .shape = {28, 2, 2}};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &in, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "out", .size = 3}, &err), &err);
    assert_ok(sg_snapshot_add_link(s, "a/b%c", 0, 1, matrix_of(3, 112, CELLS, 5, weighted), &err),
              &err);
    return s;
}

static void writes_a_matrix_as_matrix_market(void **state)
{
    (void)state;
    const sg_convert_params params = {.format = SG_CONVERT_MATRIX_MARKET};
    for (int weighted = 0; weighted <= 1; weighted++) {
        sg_snapshot *s = one_link("in", weighted);
        SG_AUTOFREE char *text = text_of(s, &params);
        assert_string_equal(
            text, weighted ? "%%MatrixMarket matrix coordinate real general\n"
                             "% sparsegraph: link a/b%c\n"
                             "% rows receive: layer out\n% columns send: layer in\n"
                             "3 112 5\n1 1 1.0\n1 6 -2.0\n1 112 3.0\n2 1 -4.0\n3 112 5.0\n"
                           : "%%MatrixMarket matrix coordinate pattern general\n"
                             "% sparsegraph: link a/b%c\n"
                             "% rows receive: layer out\n% columns send: layer in\n"
                             "3 112 5\n1 1\n1 6\n1 112\n2 1\n3 112\n");
        sg_snapshot_free(s);
    }
}

static void tells_channel_row_and_column(void **state)
{
    (void)state;
    sg_snapshot *s = one_link("in", false);
    SG_AUTOFREE char *text = text_of(s, &(sg_convert_params){.format = SG_CONVERT_GRAPHML});
    /* node 111: the last channel of 28, the last of 2 rows, the last of 2 columns */
    assert_non_null(strstr(text, "<key id=\"channel\""));
    assert_non_null(strstr(text, "<data key=\"index\">111</data><data key=\"channel\">27</data>"
                                 "<data key=\"row\">1</data><data key=\"column\">1</data>"));
    assert_null(strstr(text, "weight"));
    assert_null(strstr(text, "bias"));
    sg_snapshot_free(s);
}

static void writes_numbers_and_absolute_weights_where_asked(void **state)
{
    (void)state;
    sg_snapshot *s = one_link("in", true);
    SG_AUTOFREE char *text = text_of(s, &(sg_convert_params){SG_CONVERT_EDGES, true, true});
    assert_string_equal(text, "0\t112\t1.0\n5\t112\t2.0\n111\t112\t3.0\n0\t113\t4.0\n"
                              "111\t114\t5.0\n");
    sg_snapshot_free(s);
}

/* --- what our own readers make of the files ----------------------------------------------------
 */

static sg_graph *read_back(const char *path)
{
    sg_graph *g = NULL;
    sg_error err = {0};
    sg_graph_read_params params = SG_GRAPH_READ_DEFAULT;
    params.directed = true;
    assert_ok(sg_graph_read(path, &params, &g, &err), &err);
    assert_int_equal(unlink(path), 0);
    return g;
}

/* The node of a graph that has this name. */
static size_t find_node(const sg_graph *g, const char *name)
{
    for (size_t v = 0; v < sg_graph_n_nodes(g); v++)
        if (strcmp(sg_graph_node_name(g, v), name) == 0)
            return v;
    fail_msg("no node is named '%s'", name);
    return 0;
}

/* Returns the numbers in g of the nodes of the graph `expected`, by LAYER:INDEX; sg_free(). */
static size_t *match_nodes(const sg_snapshot *s, const sg_graph *g, bool has_isolates)
{
    size_t n = 0;
    for (size_t l = 0; l < sg_snapshot_n_layers(s); l++)
        n += sg_snapshot_layer(s, l)->size;
    size_t *number = SG_NEW_ARRAY(size_t, n);
    assert_non_null(number);
    if (has_isolates)
        assert_int_equal(sg_graph_n_nodes(g), n);
    n = 0;
    for (size_t l = 0; l < sg_snapshot_n_layers(s); l++)
        for (size_t i = 0; i < sg_snapshot_layer(s, l)->size; i++, n++) {
            char name[300];
            (void)snprintf(name, sizeof name, "%s:%zu", sg_snapshot_layer(s, l)->name, i);
            if (has_isolates)
                assert_int_equal(number[n] = find_node(g, name), n);
            else
                for (size_t v = 0; v < sg_graph_n_nodes(g); v++)
                    if (strcmp(sg_graph_node_name(g, v), name) == 0)
                        number[n] = v;
        }
    return number;
}

/* Whether g has exactly the edges of the network, with their weights. */
static void assert_same_edges(const sg_snapshot *s, const sg_graph *g, bool has_isolates)
{
    sg_graph *expected = NULL;
    sg_error err = {0};
    const uint32_t *from[2];
    const uint32_t *to[2];
    const float *weight[2];
    assert_ok(sg_graph_from_snapshot(s, &expected, &err), &err);
    SG_AUTOFREE size_t *number = match_nodes(s, g, has_isolates);
    assert_true(sg_graph_is_directed(g));
    assert_int_equal(sg_graph_n_edges(g), sg_graph_n_edges(expected));
    sg_graph_edges(expected, &from[0], &to[0], &weight[0]);
    sg_graph_edges(g, &from[1], &to[1], &weight[1]);
    for (size_t i = 0; i < sg_graph_n_edges(g); i++) {
        size_t k = 0;
        while (k < sg_graph_n_edges(g) &&
               (from[1][k] != number[from[0][i]] || to[1][k] != number[to[0][i]]))
            k++;
        assert_true(k < sg_graph_n_edges(g));
        assert_true(weight[0][i] == weight[1][k]);
    }
    sg_graph_free(expected);
}

static void reads_back_the_same_graph(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool has_isolates;
    } cases[] = {{"a.graphml", true}, {"a.gml", true}, {"a.edges", false}};
    sg_snapshot *s = patterned_network(1, 3);
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char path[TEST_PATH_MAX];
        sg_error err = {0};
        assert_ok(write_path(s, in_folder(path, folder, cases[i].name), &err), &err);
        sg_graph *g = read_back(path);
        assert_same_edges(s, g, cases[i].has_isolates);
        sg_graph_free(g);
    }
    sg_snapshot_free(s);
}

static void reads_back_names_that_need_escapes(void **state)
{
    (void)state;
    static const char *const names[] = {"a<b>&\"c\"", "\xC3\xA9t\xC3\xA9 \xF0\x9F\x99\x82", "#x",
                                        "&amp;", "it's; [1]"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        sg_snapshot *s = one_link(names[i], true);
        sg_error err = {0};
        assert_ok(sg_snapshot_set_meta(s, "note", "<&>\"\x01\n\xEF\xBF\xBF", &err), &err);
        assert_ok(sg_snapshot_set_meta(s, "node", "x", &err), &err);
        char path[TEST_PATH_MAX];
        assert_ok(write_path(s, in_folder(path, folder, "a.graphml"), &err), &err);
        sg_graph *g = read_back(path);
        assert_same_edges(s, g, true);
        sg_graph_free(g);
        sg_snapshot_free(s);
    }
}

static void refuses_names_that_a_list_would_misread(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *file;
        bool refused;
    } cases[] = {
        {"#x", "a.edges", true},   {"%x", "a.sif", true},     {" x", "a.edges", true},
        {"x\"y", "a.edges", true}, {"x,y", "a.csv", true},    {"x\"y", "a.csv", true},
        {"x,y", "a.edges", false}, {"x y#%", "a.sif", false}, {"#x", "a.gml", false},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char path[TEST_PATH_MAX];
        sg_error err = {0};
        sg_snapshot *s = one_link(cases[i].name, true);
        const sg_status status = write_path(s, in_folder(path, folder, cases[i].file), &err);
        assert_int_equal(status, cases[i].refused ? SG_EUNSUPPORTED : SG_OK);
        assert_int_equal(access(path, F_OK), cases[i].refused ? -1 : 0);
        if (!cases[i].refused)
            assert_int_equal(unlink(path), 0);
        sg_snapshot_free(s);
    }
}

/* Whether two matrices hold the same connections with the same weights. */
static void assert_same_matrix(const sg_csr *a, const sg_csr *b)
{
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_cols, b->n_cols);
    assert_int_equal(a->n_links, b->n_links);
    assert_memory_equal(a->row_start, b->row_start, (a->n_rows + 1) * sizeof *a->row_start);
    assert_memory_equal(a->col, b->col, a->n_links * sizeof *a->col);
    for (size_t k = 0; k < a->n_links; k++)
        assert_true((a->value ? a->value[k] : 1.0F) == (b->value ? b->value[k] : 1.0F));
}

static void assert_same_links(const sg_snapshot *s, const sg_snapshot *back)
{
    assert_int_equal(sg_snapshot_n_links(back), sg_snapshot_n_links(s));
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        const sg_link *other = NULL;
        for (size_t j = 0; j < sg_snapshot_n_links(back); j++)
            if (sg_snapshot_link(back, j)->from == link->from &&
                sg_snapshot_link(back, j)->to == link->to)
                other = sg_snapshot_link(back, j);
        assert_non_null(other);
        assert_same_matrix(link->matrix, other->matrix);
    }
}

/* Square and odd weights, one of them that nine digits are needed for. */
static sg_snapshot *chain(bool weighted)
{
    static const size_t CELLS[] = {0, 3, 4, 8, 11, 15};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"input", "hidden1", "output"};
        assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = names[i], .size = 4}, &err), &err);
    }
    for (size_t i = 0; i < 2; i++) {
        sg_csr *m = matrix_of(4, 4, CELLS + i, 5, weighted);
        if (weighted)
            m->value[2] = 0x1.0000a8p-20F;
        assert_ok(sg_snapshot_add_link(s, i ? "b" : "a", i, i + 1, m, &err), &err);
    }
    return s;
}

static void reads_back_the_same_network_from_its_matrices(void **state)
{
    (void)state;
    static const char *const names[] = {"chain.npz", "chain.mtx"};
    sg_snapshot_read_params params = SG_SNAPSHOT_READ_DEFAULT;
    params.orientation = SG_ORIENTATION_OUT_IN; /* the matrices are square */
    for (size_t i = 0; i < 2 * SG_COUNT(names); i++) {
        char path[TEST_PATH_MAX];
        sg_error err = {0};
        sg_snapshot *s = chain(i % 2);
        sg_snapshot *back = NULL;
        char *file[2] = {NULL, NULL};
        assert_ok(write_path(s, in_folder(path, folder, names[i / 2]), &err), &err);
        for (size_t k = 0; k < 2; k++)
            assert_ok(sg_convert_link_path(s, k, path, &file[k], &err), &err);
        const char *const paths[] = {file[0], file[1]};
        assert_ok(sg_snapshot_read_layers(paths, 2, &params, &back, &err), &err);
        assert_same_links(s, back);
        sg_snapshot_free(back);
        sg_snapshot_free(s);
        sg_free(file[0]);
        sg_free(file[1]);
    }
}

static void reads_back_the_same_network_from_lists(void **state)
{
    (void)state;
    static const char *const names[] = {"back.csv", "back.tsv"};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char path[TEST_PATH_MAX];
        sg_error err = {0};
        sg_snapshot *s = patterned_network(2, -1);
        sg_snapshot *back = NULL;
        assert_ok(write_path(s, in_folder(path, folder, names[i]), &err), &err);
        assert_ok(sg_snapshot_read(path, &back, &err), &err);
        assert_same_links(s, back);
        for (size_t k = 0; k < sg_snapshot_n_layers(s); k++)
            assert_string_equal(sg_snapshot_layer(back, k)->name, sg_snapshot_layer(s, k)->name);
        sg_snapshot_free(back);
        sg_snapshot_free(s);
    }
}

static void keeps_isolated_neurons_in_a_table_of_layers(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_error err = {0};
    sg_snapshot *s = one_link("in", true);
    sg_snapshot *back = NULL;
    assert_ok(write_path(s, in_folder(path, folder, "one.csv"), &err), &err);
    assert_ok(sg_snapshot_read(path, &back, &err), &err);
    assert_int_equal(sg_snapshot_layer(back, 0)->size, 112);
    assert_int_equal(sg_snapshot_layer(back, 1)->size, 3);
    assert_same_links(s, back);
    sg_snapshot_free(back);
    sg_snapshot_free(s);
}

/* --- files of links -----------------------------------------------------------------------------
 */

static void numbers_the_files_of_several_links(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    sg_snapshot *one = one_link("in", true);
    static const struct {
        const char *path;
        const char *expected;
    } cases[] = {{"x/a.npz", "x/a-2-hidden1-output.npz"},
                 {"x.y/a", "x.y/a-2-hidden1-output"},
                 {"x/.npz", "x/.npz-2-hidden1-output"}};
    sg_error err = {0};
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        SG_AUTOFREE char *path = NULL;
        assert_ok(sg_convert_link_path(s, 1, cases[i].path, &path, &err), &err);
        assert_string_equal(path, cases[i].expected);
    }
    SG_AUTOFREE char *same = NULL;
    assert_ok(sg_convert_link_path(one, 0, "x/a.npz", &same, &err), &err);
    assert_string_equal(same, "x/a.npz");
    sg_snapshot_free(one);
    sg_snapshot_free(s);
}

static void keeps_slashes_out_of_the_names_of_files(void **state)
{
    (void)state;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "a", .size = 1}, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "b", .size = 1}, &err), &err);
    for (size_t i = 0; i < 12; i++) {
        char name[16];
        const size_t cell = 0;
        (void)snprintf(name, sizeof name, "../%zu%%", i);
        assert_ok(sg_snapshot_add_link(s, name, 0, 1, matrix_of(1, 1, &cell, 1, true), &err), &err);
    }
    SG_AUTOFREE char *path = NULL;
    assert_ok(sg_convert_link_path(s, 2, "m.mtx", &path, &err), &err);
    assert_string_equal(path, "m-03-..%2F2%25.mtx");
    SG_AUTOFREE char *gml = text_of(s, &(sg_convert_params){.format = SG_CONVERT_GML});
    assert_non_null(strstr(gml, "multigraph 1")); /* twelve edges join the same two nodes */
    SG_AUTOFREE char *gexf = text_of(s, &(sg_convert_params){.format = SG_CONVERT_GEXF});
    assert_non_null(strstr(gexf, "target=\"1\" kind=\"../11%\" weight=\"1.0\"/>"));
    sg_snapshot_free(s);
}

static void writes_all_files_of_the_links_or_none(void **state)
{
    (void)state;
    char where[TEST_PATH_MAX];
    char path[TEST_PATH_MAX];
    char obstacle[TEST_PATH_MAX];
    sg_error err = {0};
    sg_snapshot *s = patterned_network(0, -1);
    assert_int_equal(mkdir(in_folder(where, folder, "links"), 0700), 0);
    in_folder(path, where, "a.npz");
    assert_int_equal(mkdir(in_folder(obstacle, where, "a-3-input-output.npz"), 0700), 0);
    assert_int_equal(write_path(s, path, &err), SG_EIO);
    assert_non_null(strstr(err.message, "a-3-input-output.npz"));
    assert_int_equal(count_entries(where), 1);
    assert_int_equal(rmdir(obstacle), 0);
    assert_ok(write_path(s, path, &err), &err);
    assert_int_equal(count_entries(where), 3);
    sg_snapshot_free(s);
}

static void says_why_it_cannot_write(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    sg_text t = {0};
    const sg_convert_target function = {NULL, collect, &t};
    const sg_convert_target file = {"a.xyz", NULL, NULL};
    const struct {
        const sg_convert_target *target;
        sg_convert_params params;
        sg_status status;
        const char *message;
    } cases[] = {
        {&file, {0}, SG_EINVAL, "cannot tell the format of 'a.xyz' from its suffix"},
        {&function, {0}, SG_EINVAL, "name the format"},
        {&function, {SG_CONVERT_NPZ, false, false}, SG_EUNSUPPORTED, "holds one link"},
        {&function, {SG_CONVERT_SAFETENSORS, false, false}, SG_EINVAL, "is binary"},
        {&file, {SG_CONVERT_SAFETENSORS, false, true}, SG_EINVAL, "signs"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        sg_error err = {0};
        assert_int_equal(sg_convert_write(s, cases[i].target, &cases[i].params, &err),
                         cases[i].status);
        if (!strstr(err.message, cases[i].message))
            fail_msg("the message was: %s", err.message);
    }
    assert_null(t.bytes);
    sg_snapshot_free(s);
}

static void refuses_a_matrix_of_no_link(void **state)
{
    (void)state;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "a", .size = 2}, &err), &err);
    assert_int_equal(write_path(s, "never.npz", &err), SG_EUNSUPPORTED);
    SG_AUTOFREE char *sif = text_of(s, &(sg_convert_params){.format = SG_CONVERT_SIF});
    assert_string_equal(sif, "a:0\na:1\n");
    sg_snapshot_free(s);
}

static void passes_on_what_a_full_disk_says(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, -1);
    for (size_t i = 0; i < sg_convert_n_formats(); i++) {
        const sg_convert_info *info = sg_convert_format_at(i);
        const sg_convert_target full = {.path = "/dev/full"};
        const sg_convert_params params = {.format = info->format};
        sg_error err = {0};
        if (info->per_link || access("/dev/full", W_OK) != 0)
            continue;
        assert_int_equal(sg_convert_write(s, &full, &params, &err), SG_EIO);
        assert_non_null(strstr(err.message, "No space left on device"));
    }
    sg_snapshot_free(s);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_snapshot *s = patterned_network(0, 5);
    for (size_t i = 0; i < sg_convert_n_formats(); i++) {
        char where[TEST_PATH_MAX];
        char path[TEST_PATH_MAX];
        const sg_convert_target target = {.path = path};
        const sg_convert_params params = {.format = sg_convert_format_at(i)->format};
        sg_status status = SG_ENOMEM;
        in_folder(where, folder, sg_convert_format_at(i)->name);
        in_folder(path, where, "a");
        assert_int_equal(mkdir(where, 0700), 0);
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_error err = {0};
            assert_true(budget < 2000);
            sg_test_alloc_budget(budget);
            status = sg_convert_write(s, &target, &params, &err);
            sg_test_alloc_budget(-1);
            if (status == SG_ENOMEM)
                assert_int_equal(count_entries(where), 0);
        }
        assert_int_equal(status, SG_OK);
    }
    sg_snapshot_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_formats_by_name_and_by_suffix),
        cmocka_unit_test(writes_each_format_to_the_letter),
        cmocka_unit_test(writes_a_matrix_as_matrix_market),
        cmocka_unit_test(tells_channel_row_and_column),
        cmocka_unit_test(writes_numbers_and_absolute_weights_where_asked),
        cmocka_unit_test(reads_back_the_same_graph),
        cmocka_unit_test(reads_back_names_that_need_escapes),
        cmocka_unit_test(reads_back_the_same_network_from_its_matrices),
        cmocka_unit_test(reads_back_the_same_network_from_lists),
        cmocka_unit_test(keeps_isolated_neurons_in_a_table_of_layers),
        cmocka_unit_test(refuses_names_that_a_list_would_misread),
        cmocka_unit_test(numbers_the_files_of_several_links),
        cmocka_unit_test(keeps_slashes_out_of_the_names_of_files),
        cmocka_unit_test(writes_all_files_of_the_links_or_none),
        cmocka_unit_test(says_why_it_cannot_write),
        cmocka_unit_test(refuses_a_matrix_of_no_link),
        cmocka_unit_test(passes_on_what_a_full_disk_says),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
