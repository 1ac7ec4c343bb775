/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/file.h"
#include "base/status.h"
#include "base/text.h"
#include "files.h"
#include "folder.h"
#include "sparsegraph/graph.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

SG_DEFINE_CLEANUP(sg_graph, sg_graph_free)
#define AUTO_GRAPH SG_CLEANUP(sg_graph_free_cleanup_) sg_graph

/* Writes bytes under a name, reads them as a graph, removes the file. */
static sg_status read_bytes(const char *name, const void *bytes, size_t n,
                            const sg_graph_read_params *params, sg_graph **ret, sg_error *err)
{
    char path[TEST_PATH_MAX];
    in_folder(path, folder, name);
    sg_error write_err = {0};
    assert_ok(sg_file_write(path, bytes, n, &write_err), &write_err);
    const sg_status status = sg_graph_read(path, params, ret, err);
    assert_int_equal(unlink(path), 0);
    return status;
}

static sg_graph *graph_of(const char *name, const char *text)
{
    sg_graph *g = NULL;
    sg_error err = {0};
    assert_ok(read_bytes(name, text, strlen(text), NULL, &g, &err), &err);
    return g;
}

static void assert_shape(const sg_graph *g, size_t n_nodes, size_t n_edges, size_t loops,
                         size_t multi)
{
    assert_int_equal(sg_graph_n_nodes(g), n_nodes);
    assert_int_equal(sg_graph_n_edges(g), n_edges);
    assert_int_equal(sg_graph_n_loops_dropped(g), loops);
    assert_int_equal(sg_graph_n_multi_dropped(g), multi);
}

static void reads_edge_lists_as_people_write_them(void **state)
{
    (void)state;
    const struct {
        const char *text;
        size_t n_nodes;
        size_t n_edges;
        size_t loops;
        size_t multi;
    } cases[] = {
        {"a b\nb c\n", 3, 2, 0, 0},
        {"a\tb\r\nb\tc\r\n\r\n", 3, 2, 0, 0},
        {"# comment\n% another\n  # a third\n1 2\n2 1\n2 2\n2 3", 3, 2, 1, 1},
        {"Source,Target,Weight\nx,y,0.5\ny,z,2\n", 3, 2, 0, 0},
        {"\"New York\",\"San, Francisco\"\n\"New York\",Boston\n", 3, 2, 0, 0},
        {"\xef\xbb\xbf"
         "1;2\n1;3\n",
         3, 2, 0, 0},
        {"DOE,_J ROE,_R\nROE,_R POE,_E;x\n", 3, 2, 0, 0}, /* commas in names */
        {"New York\tLos Angeles\nNew York\tBoston\n", 3, 2, 0, 0},
        {"a, b\nb, c\n", 3, 2, 0, 0},
        {"a b\nb,c\n", 3, 2, 0, 0},           /* each line as it comes */
        {"a\tb c\nb d\n", 3, 2, 0, 0},        /* tabs are blanks where not every line has one */
        {"01 1\n1 001\n", 3, 2, 0, 0},        /* ids are strings */
        {"4 3\na b\nb c\nc d\n", 4, 3, 0, 0}, /* counts before the edges */
        {"4 3\n4 5\n3 5\n5 6\n", 4, 3, 0, 0}, /* counts that are also ids */
        {"4 3\n3 9\n9 7\n", 4, 3, 0, 0},      /* not the counts: an edge */
        {"\xc3\xa9 b\nb \xc3\xa9\n", 2, 1, 0, 1},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        AUTO_GRAPH *g = graph_of("case.txt", cases[i].text);
        if (sg_graph_n_nodes(g) != cases[i].n_nodes || sg_graph_n_edges(g) != cases[i].n_edges)
            fail_msg("case %zu: %zu nodes, %zu edges", i, sg_graph_n_nodes(g), sg_graph_n_edges(g));
        assert_shape(g, cases[i].n_nodes, cases[i].n_edges, cases[i].loops, cases[i].multi);
    }
}

static void keeps_names_weights_and_direction(void **state)
{
    (void)state;
    const char *text = "alpha beta 0.5\nbeta alpha -2\nbeta gamma 1e3\n";
    sg_graph_read_params params = SG_GRAPH_READ_DEFAULT;
    params.directed = true;
    AUTO_GRAPH *g = NULL;
    sg_error err = {0};
    assert_ok(read_bytes("net.csv", text, strlen(text), &params, &g, &err), &err);
    assert_shape(g, 3, 3, 0, 0);
    assert_true(sg_graph_is_directed(g));
    assert_int_equal(sg_graph_n_pairs(g), 2);
    assert_string_equal(sg_graph_node_name(g, 0), "alpha");
    assert_string_equal(sg_graph_node_name(g, 2), "gamma");
    assert_null(sg_graph_node_name(g, 3));
    const float *w = NULL;
    sg_graph_edges(g, NULL, NULL, &w);
    assert_true(w[0] == 0.5F && w[1] == -2.0F && w[2] == 1000.0F);

    /* a third column that is not numeric throughout is no weight */
    AUTO_GRAPH *typed = graph_of("net.txt", "a b 1\nb c physical\n");
    sg_graph_edges(typed, NULL, NULL, &w);
    assert_null(w);
}

static void reads_gzip_whatever_its_name(void **state)
{
    (void)state;
    const char *text = "1 2\n2 3\n3 1\n";
    char path[TEST_PATH_MAX];
    in_folder(path, folder, "net.edges");
    gzFile f = gzopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(gzwrite(f, text, (unsigned)strlen(text)), strlen(text));
    assert_int_equal(gzclose(f), Z_OK);
    AUTO_GRAPH *g = NULL;
    sg_error err = {0};
    assert_ok(sg_graph_read(path, NULL, &g, &err), &err);
    assert_shape(g, 3, 3, 0, 0);

    size_t n = 0;
    SG_AUTOFREE char *bytes = read_whole(path, &n);
    sg_graph *none = NULL;
    assert_int_equal(read_bytes("cut.gz", bytes, n - 6, NULL, &none, &err), SG_EFORMAT);
    assert_non_null(strstr(err.message, "cut.gz"));
    assert_null(none);
    assert_int_equal(unlink(path), 0);
}

static const char graphml[] =
    "<?xml version=\"1.0\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
    "<key id=\"w\" for=\"edge\" attr.name=\"weight\" attr.type=\"double\"/>\n"
    "<graph edgedefault=\"directed\"><node id=\"x\"/><node id=\"y\"/><node id=\"lone\"/>\n"
    "<edge source=\"x\" target=\"y\"><data key=\"w\">2.5</data></edge>\n"
    "<edge source=\"y\" target=\"x\"><data key=\"w\">1</data></edge></graph></graphml>\n";

static const char gml[] =
    "Creator \"somebody\"\ngraph\n[\n  directed 0\n  node [ id 10 label \"A\" ]\n"
    "  node [ id 20 label \"B\" ]\n  node [ id 30 label \"C\" ]\n"
    "  edge [ source 10 target 20 ]\n  edge [ source 20 target 30 ]\n"
    "  edge [ source 20 target 10 ]\n]\n";

static const char pajek[] =
    "% made by hand\n*Vertices 4\n1 \"a\" 0.1 0.2 0.5\n2 \"b\"\n3 \"c\"\n4 \"d\"\n"
    "*Edges\n1 2 1.0\n2 3 2.0\n3 3 1.0\n";

static void reads_graphml_gml_and_pajek_told_by_their_content(void **state)
{
    (void)state;
    AUTO_GRAPH *a = graph_of("one.data", graphml);
    assert_shape(a, 3, 2, 0, 0);
    assert_true(sg_graph_is_directed(a));
    assert_string_equal(sg_graph_node_name(a, 2), "lone");
    const float *w = NULL;
    sg_graph_edges(a, NULL, NULL, &w);
    assert_non_null(w);
    assert_true(w[0] == 2.5F);

    AUTO_GRAPH *b = graph_of("two.data", gml);
    assert_shape(b, 3, 2, 0, 1);
    assert_false(sg_graph_is_directed(b));
    assert_string_equal(sg_graph_node_name(b, 2), "C");

    AUTO_GRAPH *c = graph_of("three.data", pajek);
    assert_shape(c, 4, 2, 1, 0);
    assert_string_equal(sg_graph_node_name(c, 3), "d");
}

static void obeys_a_format_that_was_asked_for(void **state)
{
    (void)state;
    sg_graph_read_params params = SG_GRAPH_READ_DEFAULT;
    params.format = SG_GRAPH_EDGES;
    sg_graph *g = NULL;
    sg_error err = {0};
    assert_ok(read_bytes("x.gml", "graph [\n", 8, &params, &g, &err), &err);
    assert_shape(g, 2, 1, 0, 0);
    sg_graph_free(g);

    g = NULL;
    params.format = SG_GRAPH_GML;
    assert_int_equal(read_bytes("x.txt", "1 2\n", 4, &params, &g, &err), SG_EFORMAT);
    assert_null(g);
}

/* What a hostile or broken file must give: the status, and a word of the message. */
static void refuses_broken_files_in_one_clear_line(void **state)
{
    (void)state;
    const struct {
        const char *name;
        const char *text;
        size_t n; /* 0: strlen */
        sg_status status;
        const char *word;
    } cases[] = {
        {"e.txt", "1 2\n2 3\nalone\n", 0, SG_EFORMAT, "line 3 has one column ('alone')"},
        {"e.txt", "", 0, SG_EFORMAT, "empty"},
        {"e.txt", "# nothing\n\n", 0, SG_EFORMAT, "no edge"},
        {"e.txt", "source target\n", 0, SG_EFORMAT, "no edge"},
        {"e.txt", "1 2 nan\n", 0, SG_EFORMAT, "line 1: the weight 'nan' is not finite"},
        {"e.txt", "1 2 1\n1 3 -inf\n", 0, SG_EFORMAT, "line 2"},
        {"e.txt", "1 2 1e99\n", 0, SG_EFORMAT, "out of range"},
        {"e.txt", "1 2\0003\n", 6, SG_EUNSUPPORTED, "binary"},
        {"e.mtx", "%%MatrixMarket matrix\n2 2 1\n1 2\n", 0, SG_EUNSUPPORTED, "Matrix Market"},
        {"e.json", "{\"nodes\": []}", 0, SG_EUNSUPPORTED, "JSON"},
        {"e.xml", "<html></html>", 0, SG_EUNSUPPORTED, "no GraphML"},
        {"e.graphml", "<graphml><graph edgedefault='directed'><node id='a'", 0, SG_EFORMAT,
         "GraphML"},
        {"e.graphml", "<graphml><graph><edge source='a' target=", 0, SG_EFORMAT, "GraphML"},
        {"e.gml", "graph [ node [ id 1 ] edge [ source 1 target 2 ] ]", 0, SG_EFORMAT, "GML"},
        {"e.gml", "graph [ node [ id 1 ", 0, SG_EFORMAT, "GML"},
        {"e.gml", "not gml at all", 0, SG_EFORMAT, "GML"},
        {"e.net", "*Vertices 99999999999\n*Edges\n1 2\n", 0, SG_EFORMAT, "99999999999"},
        {"e.net", "*Vertices 2\n*Edges\n1 5\n", 0, SG_EFORMAT, "Pajek"},
        {"e.net", "*Vertices\n", 0, SG_EFORMAT, "*Vertices"},
        {"e.net", "nothing here\n", 0, SG_EFORMAT, "Pajek"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        sg_graph *g = NULL;
        sg_error err = {0};
        const size_t n = cases[i].n ? cases[i].n : strlen(cases[i].text);
        const sg_status status = read_bytes(cases[i].name, cases[i].text, n, NULL, &g, &err);
        if (status != cases[i].status || !strstr(err.message, cases[i].word) ||
            !strstr(err.message, cases[i].name) || strchr(err.message, '\n') || g)
            fail_msg("case %zu: %s: %s", i, sg_status_name(status), err.message);
    }
    sg_graph *g = NULL;
    sg_error err = {0};
    assert_int_equal(sg_graph_read("/nowhere/x.edges", NULL, &g, &err), SG_ENOTFOUND);
    assert_non_null(strstr(err.message, "/nowhere/x.edges"));
}

/* Nothing may crash on a file cut anywhere, or with a byte changed. */
static void survives_cut_and_changed_files(void **state)
{
    (void)state;
    const struct {
        const char *name;
        const char *text;
    } seeds[] = {
        {"a.graphml", graphml}, {"b.gml", gml}, {"c.net", pajek}, {"d.txt", "a b 1\nb c 2\n"}};

    for (size_t i = 0; i < SG_COUNT(seeds); i++) {
        const size_t n = strlen(seeds[i].text);
        SG_AUTOFREE char *copy = sg_strdup(seeds[i].text);
        const size_t step =
            n / 40 + 1; /* each read forks a process: some forty positions suffice */
        for (size_t at = 1; at < n; at += step) {
            sg_graph *g = NULL;
            sg_error err = {0};
            (void)!read_bytes(seeds[i].name, copy, at, NULL, &g, &err);
            sg_graph_free(g);
            g = NULL;
            const char was = copy[at];
            copy[at] = "9\"[]<>*\n-"[at % 9];
            const sg_status status = read_bytes(seeds[i].name, copy, n, NULL, &g, &err);
            assert_true((status == SG_OK) == (g != NULL));
            copy[at] = was;
            sg_graph_free(g);
        }
    }
}

static void numbers_many_names_alike_each_time(void **state)
{
    (void)state;
    SG_AUTO_TEXT sg_text text = {0};
    for (unsigned i = 0; i < 20000; i++)
        sg_text_printf(&text, "node%u node%u\n", i, (i * 7919U + 1U) % 20000U);
    AUTO_GRAPH *g = graph_of("many.txt", text.bytes);
    assert_int_equal(sg_graph_n_nodes(g), 20000);
    assert_string_equal(sg_graph_node_name(g, 0), "node0");
    assert_int_equal(
        sg_graph_n_edges(g) + sg_graph_n_loops_dropped(g) + sg_graph_n_multi_dropped(g), 20000);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    const struct {
        const char *name;
        const char *text;
    } seeds[] = {{"a.gml", gml}, {"d.txt", "a b 1\nb c 2\nc a 3\n"}};

    for (size_t i = 0; i < SG_COUNT(seeds); i++) {
        char path[TEST_PATH_MAX];
        sg_error err = {0};
        write_text(in_folder(path, folder, seeds[i].name), seeds[i].text);
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            sg_graph *g = NULL;
            sg_test_alloc_budget(budget);
            status = sg_graph_read(path, NULL, &g, &err);
            assert_true((status == SG_OK) == (g != NULL));
            sg_graph_free(g);
            assert_true(budget < 100);
        }
        sg_test_alloc_budget(-1);
        assert_int_equal(status, SG_OK);
        assert_int_equal(unlink(path), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_edge_lists_as_people_write_them),
        cmocka_unit_test(keeps_names_weights_and_direction),
        cmocka_unit_test(reads_gzip_whatever_its_name),
        cmocka_unit_test(reads_graphml_gml_and_pajek_told_by_their_content),
        cmocka_unit_test(obeys_a_format_that_was_asked_for),
        cmocka_unit_test(refuses_broken_files_in_one_clear_line),
        cmocka_unit_test(survives_cut_and_changed_files),
        cmocka_unit_test(numbers_many_names_alike_each_time),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
