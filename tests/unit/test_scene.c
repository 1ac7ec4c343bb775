/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "draw/digits.h"
#include "draw/label.h"
#include "draw/marks.h"
#include "draw/plot.h"
#include "sparsegraph/scene.h"

#include <cairo.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "golden.h"
#include "xml.h"

static sg_font black(double size_pt, sg_halign halign)
{
    return sg_font_of(size_pt, halign, SG_BASELINE);
}

/* One mark of every kind, without text. */
static sg_scene *shapes(void)
{
    const sg_point wave[] = {{2, 12}, {6, 8}, {10, 12}, {14, 8}};
    const sg_point area[] = {{16, 12}, {20, 7}, {24, 12}};
    const sg_segment cross[] = {{{2, 14}, {10, 18}}, {{2, 18}, {10, 14}}};
    sg_ink cell[12];
    sg_scene *s = sg_scene_new(30.0);
    assert_non_null(s);

    sg_scene_set_height(s, 24.0);
    sg_scene_set_title(s, "Shapes");
    sg_add_rect(s, (sg_rect){1, 1, 28, 22}, SG_INK_NONE, (sg_pen){SG_INK_GREY, 0.5, SG_DASHED});
    sg_add_polyline(s, wave, 4, (sg_pen){sg_ink_category(0), 1.0, SG_SOLID});
    sg_add_polygon(s, area, 3, sg_ink_faded(sg_ink_category(1), 0.5), SG_NO_PEN);
    sg_add_segments(s, cross, 2, (sg_pen){sg_ink_faded(SG_INK_BLACK, 0.3), 2.0, SG_SOLID});
    for (size_t i = 0; i < SG_N_SYMBOLS; i++) {
        const sg_spot spot = {3.0 + 3.0 * (double)i, 4.5, 2.0};
        sg_add_symbols(s, &spot, 1, (sg_symbol)i, sg_ink_category(i),
                       (sg_pen){SG_INK_BLACK, 0.4, SG_SOLID});
    }
    for (size_t i = 0; i < 12; i++)
        cell[i] = i == 5 ? SG_INK_NONE : sg_ink_map(SG_MAP_CIVIDIS, (double)i / 11.0);
    sg_add_cells(s, (sg_rect){13, 14, 8, 6}, 3, 4, cell);
    sg_add_clip(s, (sg_rect){22, 14, 4, 4});
    sg_add_rect(s, (sg_rect){23, 15, 9, 9}, sg_ink_category(2), SG_NO_PEN);
    sg_add_unclip(s);
    assert_false(s->failed);
    return s;
}

static sg_scene *with_text(const char *label)
{
    sg_scene *s = shapes();
    sg_add_text(s, 15.0, 22.0, label, black(7.0, SG_CENTRE));
    sg_font turned = black(6.0, SG_LEFT);
    turned.turn_deg = 90.0;
    turned.bold = true;
    sg_add_text(s, 29.0, 20.0, "up", turned);
    assert_false(s->failed);
    return s;
}

static void encode(const sg_scene *s, sg_scene_format format, double dpi, char **ret, size_t *n)
{
    sg_error err = {0};
    const sg_scene_write_params p = {format, dpi};
    assert_ok(sg_scene_encode(s, &p, ret, n, &err), &err);
}

/* Runs first: a process that has asked for fonts once remembers them. */
static void says_what_to_install_when_there_is_no_font(void **state)
{
    (void)state;
    char conf[TEST_PATH_MAX];
    in_folder(conf, folder, "no-fonts.conf");
    write_text(conf, "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM "
                     "\"urn:fontconfig:fonts.dtd\"><fontconfig></fontconfig>");

    const pid_t child = fork();
    if (child == 0) {
        sg_error err = {0};
        char *bytes = NULL;
        size_t n = 0;
        const sg_scene_write_params p = {SG_SCENE_PNG, 100.0};
        sg_scene *s = with_text("a label");
        sg_scene *silent = shapes();
        setenv("FONTCONFIG_FILE", conf, 1);
        const bool told = sg_scene_encode(s, &p, &bytes, &n, &err) == SG_EUNSUPPORTED &&
                          strstr(err.message, "fonts-dejavu-core");
        const bool drawn = sg_scene_encode(silent, &p, &bytes, &n, &err) == SG_OK;
        sg_scene_free(s);
        sg_scene_free(silent);
        const bool written = bytes != NULL;
        sg_free(bytes);
        _exit(told && drawn && written ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void dumps_every_kind_of_mark(void **state)
{
    (void)state;
    sg_scene *s = with_text("P(~{K} ≥ ~{k}) of 10^{3}");
    sg_error err = {0};
    char *text = NULL;
    sg_scene_set_caption(s, "24 of 784 neurons");
    assert_ok(sg_scene_dump(s, &text, &err), &err);
    assert_golden("draw/marks.txt", text);
    sg_free(text);
    sg_scene_free(s);
}

static void writes_svg_by_hand_with_text_as_text(void **state)
{
    (void)state;
    sg_scene *s = with_text("P(~{K} ≥ ~{k}) of 10^{3}");
    sg_error err = {0};
    char *svg = NULL;
    xml_reader *x = malloc(sizeof *x);

    assert_ok(sg_scene_svg(s, "fig1", &svg, &err), &err);
    xml_check(x, svg);
    assert_non_null(strstr(svg, "<tspan font-style=\"italic\">K</tspan>"));
    assert_null(strstr(svg, "<?xml"));
    assert_true(x->n_ids >= 3);
    for (size_t i = 0; i < x->n_ids; i++)
        assert_memory_equal(x->id[i], "fig1-", 5);
    assert_golden("draw/marks.svg", svg);
    free(x);
    sg_free(svg);
    sg_scene_free(s);
}

static void puts_two_figures_into_one_page_without_sharing_an_id(void **state)
{
    (void)state;
    sg_scene *s = with_text("twice");
    sg_error err = {0};
    char *a = NULL;
    char *b = NULL;
    xml_reader *x = malloc(sizeof *x);

    assert_ok(sg_scene_svg(s, "fig1", &a, &err), &err);
    assert_ok(sg_scene_svg(s, "fig10", &b, &err), &err);
    char *page = sg_alloc(strlen(a) + strlen(b) + 32, 1);
    snprintf(page, strlen(a) + strlen(b) + 32, "<body>%s%s</body>", a, b);
    xml_check(x, page);
    free(x);
    sg_free(page);
    sg_free(a);
    sg_free(b);
    sg_scene_free(s);
}

static void escapes_what_means_something_in_xml(void **state)
{
    (void)state;
    sg_scene *s = with_text("a<b & \"c\" > 'd' </text><script>");
    sg_scene_set_title(s, "<title> & more");
    sg_error err = {0};
    char *svg = NULL;
    xml_reader *x = malloc(sizeof *x);

    assert_ok(sg_scene_svg(s, "x", &svg, &err), &err);
    xml_check(x, svg);
    assert_non_null(
        strstr(svg, ">a&lt;b &amp; &quot;c&quot; &gt; 'd' &lt;/text&gt;&lt;script&gt;<"));
    assert_null(strstr(svg, "<script>"));
    free(x);
    sg_free(svg);
    sg_scene_free(s);
}

static void replaces_bytes_that_are_no_text(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain", "plain"},
        {"\xff", "\xef\xbf\xbd"},
        {"a\xc3", "a\xef\xbf\xbd"},                                               /* cut short */
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                                 /* overlong '/' */
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},                 /* a surrogate */
        {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* > 10FFFF */
        {"tab\tbell\a", "tab bell "},
        {"\xef\xbf\xbe", " "}, /* U+FFFE, forbidden in XML */
        {"\xce\xb1 \xe4\xb8\xad \xf0\x9f\x98\x80", "\xce\xb1 \xe4\xb8\xad \xf0\x9f\x98\x80"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        char *clean = sg_label_clean(cases[i].in);
        assert_string_equal(clean, cases[i].out);
        sg_free(clean);
    }
    /* And all the way to the page. */
    sg_scene *s = with_text("bad \xff\x01 end");
    char *svg = NULL;
    xml_reader *x = malloc(sizeof *x);
    sg_error err = {0};
    assert_ok(sg_scene_svg(s, "x", &svg, &err), &err);
    xml_check(x, svg);
    free(x);
    sg_free(svg);
    sg_scene_free(s);
}

static void reads_the_signs_of_a_label(void **state)
{
    (void)state;
    const char *rest = "~{n}_{tail} = 10^{3";
    static const struct {
        const char *text;
        bool italic;
        int rise;
    } expected[] = {{"n", true, 0}, {"tail", false, -1}, {" = 10", false, 0}, {"3", false, 1}};
    sg_label_run run;
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        assert_true(sg_label_next(&rest, &run));
        assert_int_equal(run.n, strlen(expected[i].text));
        assert_memory_equal(run.bytes, expected[i].text, run.n);
        assert_true(run.italic == expected[i].italic);
        assert_int_equal((run.rise > 0.0) - (run.rise < 0.0), expected[i].rise);
    }
    assert_false(sg_label_next(&rest, &run));
}

static void breaks_lines_between_words_and_never_inside_a_sign(void **state)
{
    (void)state;
    const char *rest = "one two  three ~{a b} unbreakablylongword x";
    static const char *const expected[] = {"one two", "three ~{a b}", "unbreakablylongword", "x"};
    const char *line = NULL;
    size_t n = 0;
    for (size_t i = 0; i < SG_COUNT(expected); i++) {
        assert_true(sg_label_next_line(&rest, 5.0, false, &line, &n));
        assert_int_equal(n, strlen(expected[i]));
        assert_memory_equal(line, expected[i], n);
    }
    assert_false(sg_label_next_line(&rest, 5.0, false, &line, &n));
}

static void prints_numbers_the_same_everywhere(void **state)
{
    (void)state;
    static const struct {
        double v;
        int decimals;
        const char *text;
    } cases[] = {
        {0.0, 3, "0"},         {-0.0001, 3, "0"},           {1.5, 0, "2"},
        {-2.25, 1, "-2.3"},    {0.05, 2, "0.05"},           {10.0, 3, "10"},
        {100.25, 2, "100.25"}, {1e300, 0, "1000000000000"}, {-1.0, 0, "-1"},
        {0.999999, 3, "1"},    {123.4560001, 6, "123.456"}, {1200.0, 2, "1200"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_put_fixed(&t, cases[i].v, cases[i].decimals);
        assert_string_equal(t.bytes, cases[i].text);
    }
    static const struct {
        double v;
        int digits;
        const char *text;
    } rounded[] = {
        {0.0, 3, "0"},
        {2.514, 3, "2.51"},
        {1234567.0, 3, "1.23×10^{6}"},
        {0.00012, 2, "1.2×10^{−4}"},
        {-12345.0, 2, "−12,345"},
        {4.92, 3, "4.92"},
        {100.0, 3, "100"},
        {(double)NAN, 3, "n/a"},
        {9.999e9, 2, "1×10^{10}"},
    };
    for (size_t i = 0; i < SG_COUNT(rounded); i++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_put_number(&t, rounded[i].v, rounded[i].digits);
        assert_string_equal(t.bytes, rounded[i].text);
    }
}

static void png_has_its_size_and_its_resolution(void **state)
{
    (void)state;
    sg_scene *s = with_text("a label");
    unsigned char *png = NULL;
    size_t n = 0;

    encode(s, SG_SCENE_PNG, 300.0, (char **)&png, &n);
    assert_memory_equal(png, "\x89PNG\r\n\x1a\n", 8);
    /* 30 x 24 mm at 300 dpi: 354.3 x 283.5, rounded up. */
    assert_memory_equal(png + 16, "\0\0\x01\x63\0\0\x01\x1c", 8);
    /* 300 / 0.0254 = 11811 pixels a metre. */
    assert_memory_equal(png + 37, "pHYs\0\0\x2e\x23\0\0\x2e\x23\x01", 13);
    sg_free(png);
    sg_scene_free(s);
}

static void pdf_is_the_same_bytes_at_any_time(void **state)
{
    (void)state;
    sg_scene *s = with_text("a label");
    char *first = NULL;
    char *second = NULL;
    size_t n_first = 0;
    size_t n_second = 0;

    encode(s, SG_SCENE_PDF, 300.0, &first, &n_first);
    sleep(1); /* a creation date would have seconds */
    encode(s, SG_SCENE_PDF, 300.0, &second, &n_second);
    assert_int_equal(n_first, n_second);
    assert_memory_equal(first, second, n_first);
    assert_memory_equal(first, "%PDF-", 5);
    assert_null(memmem(first, n_first, "CreationDate", 12));
    sg_free(first);
    sg_free(second);
    sg_scene_free(s);
}

typedef struct drawn {
    const sg_scene *scene;
    char *bytes;
    size_t n;
} drawn;

static void *draw_it(void *argument)
{
    drawn *d = argument;
    const sg_scene_write_params p = {SG_SCENE_PNG, 200.0};
    return sg_scene_encode(d->scene, &p, &d->bytes, &d->n, NULL) == SG_OK ? d : NULL;
}

static void several_threads_draw_one_scene(void **state)
{
    (void)state;
    enum { N = 3 };
    sg_scene *s = with_text("a label");
    drawn d[N];
    pthread_t thread[N];

    for (size_t i = 0; i < N; i++) {
        d[i] = (drawn){s, NULL, 0};
        assert_int_equal(pthread_create(&thread[i], NULL, draw_it, &d[i]), 0);
    }
    for (size_t i = 0; i < N; i++) {
        void *done = NULL;
        pthread_join(thread[i], &done);
        assert_non_null(done);
        assert_int_equal(d[i].n, d[0].n);
        assert_memory_equal(d[i].bytes, d[0].bytes, d[0].n);
    }
    for (size_t i = 0; i < N; i++)
        sg_free(d[i].bytes);
    sg_scene_free(s);
}

static cairo_surface_t *read_png(const char *path)
{
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        fail_msg("cannot read the picture %s", path);
    return surface;
}

static unsigned char *row_of(cairo_surface_t *s, int y)
{
    return cairo_image_surface_get_data(s) + (ptrdiff_t)y * cairo_image_surface_get_stride(s);
}

/* Compares two pictures; paints what differs by more than `tolerance` into a. */
static size_t count_differences(cairo_surface_t *a, cairo_surface_t *b, int tolerance)
{
    const int width = cairo_image_surface_get_width(a);
    const int height = cairo_image_surface_get_height(a);
    size_t n = 0;

    assert_int_equal(width, cairo_image_surface_get_width(b));
    assert_int_equal(height, cairo_image_surface_get_height(b));
    for (int y = 0; y < height; y++) {
        unsigned char *pixel = row_of(a, y);
        const unsigned char *other = row_of(b, y);
        for (int x = 0; x < width; x++, pixel += 4, other += 4) {
            const bool differs = abs(pixel[0] - other[0]) > tolerance ||
                                 abs(pixel[1] - other[1]) > tolerance ||
                                 abs(pixel[2] - other[2]) > tolerance;
            pixel[0] = pixel[1] = differs ? 0 : 255; /* red on white */
            pixel[2] = 255;
            n += differs ? 1 : 0;
        }
    }
    return n;
}

static void draws_the_picture_that_a_person_accepted(void **state)
{
    (void)state;
    char golden[4096];
    char path[TEST_PATH_MAX];
    sg_scene *s = shapes();
    sg_error err = {0};
    const sg_scene_write_params p = {SG_SCENE_PNG, 100.0};

    golden_path(golden, "draw/marks.png");
    assert_ok(sg_scene_write(s, in_folder(path, folder, "marks.png"), &p, &err), &err);
    if (getenv("SPARSEGRAPH_UPDATE_GOLDEN"))
        assert_ok(sg_scene_write(s, golden, &p, &err), &err);
    cairo_surface_t *own = read_png(path);
    cairo_surface_t *expected = read_png(golden);
    const size_t n = count_differences(own, expected, 2);
    if (n > 0) {
        cairo_surface_write_to_png(own, "marks-difference.png");
        fail_msg("%zu pixels differ from %s: see marks-difference.png", n, golden);
    }
    cairo_surface_destroy(own);
    cairo_surface_destroy(expected);
    sg_scene_free(s);
}

static void a_drawn_text_leaves_no_line_behind(void **state)
{
    (void)state;
    /* Cairo keeps the end of a text as the current point: a path after it must not start there. */
    sg_scene *s = sg_scene_new(40.0);
    const sg_point flat[] = {{30, 18}, {38, 18}};
    const sg_spot spot = {34, 10, 2.0};
    unsigned char *png = NULL;
    size_t n = 0;
    char path[TEST_PATH_MAX];
    sg_scene_set_height(s, 20.0);
    sg_add_text(s, 2.0, 4.0, "text", black(7.0, SG_LEFT));
    sg_add_polyline(s, flat, 2, (sg_pen){SG_INK_BLACK, 1.0, SG_SOLID});
    sg_add_text(s, 2.0, 4.0, "text", black(7.0, SG_LEFT));
    sg_add_symbols(s, &spot, 1, SG_CIRCLE, SG_INK_BLACK, SG_NO_PEN);
    encode(s, SG_SCENE_PNG, 100.0, (char **)&png, &n);
    sg_error err = {0};
    assert_ok(sg_file_write(in_folder(path, folder, "text.png"), png, n, &err), &err);
    cairo_surface_t *picture = read_png(path);
    /* Between the text and the marks the page is white: x from 15 to 27 mm, 3.94 pixels a mm. */
    for (int y = 0; y < cairo_image_surface_get_height(picture); y++)
        for (size_t x = 60; x < 107; x++)
            assert_int_equal(row_of(picture, y)[4 * x], 255);
    cairo_surface_destroy(picture);
    sg_free(png);
    sg_scene_free(s);
}

static void tells_the_format_from_the_suffix(void **state)
{
    (void)state;
    sg_scene_format format = SG_SCENE_BY_SUFFIX;
    sg_error err = {0};
    assert_ok(sg_scene_format_of("a/b.PNG", &format, &err), &err);
    assert_int_equal(format, SG_SCENE_PNG);
    assert_ok(sg_scene_format_of("x.svg", &format, &err), &err);
    assert_int_equal(format, SG_SCENE_SVG);
    assert_ok(sg_scene_format_of("x.png.pdf", &format, &err), &err);
    assert_int_equal(format, SG_SCENE_PDF);
    assert_int_equal(sg_scene_format_of(".png", &format, &err), SG_EINVAL);
    assert_int_equal(sg_scene_format_of("", &format, &err), SG_EINVAL);
    assert_int_equal(sg_scene_format_of("figure.jpg", &format, &err), SG_EINVAL);
    assert_string_equal(err.message,
                        "cannot tell the format of 'figure.jpg': end it in .png, .svg or .pdf");
}

static void writes_a_file_whole_or_not_at_all(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char sub[TEST_PATH_MAX];
    sg_scene *s = shapes();
    sg_error err = {0};
    struct stat about;

    assert_ok(sg_scene_write(s, in_folder(path, folder, "whole.svg"), NULL, &err), &err);
    assert_int_equal(stat(path, &about), 0);
    assert_true(about.st_size > 100);
    assert_int_not_equal(
        sg_scene_write(s, in_folder(path, folder, "missing/figure.png"), NULL, &err), SG_OK);
    assert_non_null(strstr(err.message, "missing/figure.png"));

    /* A folder stands where the file should go: nothing is left beside it. */
    in_folder(sub, folder, "taken");
    assert_int_equal(mkdir(sub, 0700), 0);
    in_folder(path, sub, "figure.pdf");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_not_equal(sg_scene_write(s, path, NULL, &err), SG_OK);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(sub), 0);
    sg_scene_free(s);
}

static void refuses_pictures_of_absurd_size(void **state)
{
    (void)state;
    sg_scene *s = shapes();
    sg_error err = {0};
    char *bytes = NULL;
    size_t n = 0;
    static const double bad[] = {0.0, 9.0, -300.0, 2401.0};

    for (size_t i = 0; i < SG_COUNT(bad); i++)
        assert_int_equal(
            sg_scene_encode(s, &(sg_scene_write_params){SG_SCENE_PNG, bad[i]}, &bytes, &n, &err),
            SG_EINVAL);
    assert_int_equal(
        sg_scene_encode(s, &(sg_scene_write_params){SG_SCENE_PNG, (double)NAN}, &bytes, &n, &err),
        SG_EINVAL);
    sg_scene_set_height(s, 4000.0);
    s->width_mm = 400.0;
    assert_int_equal(
        sg_scene_encode(s, &(sg_scene_write_params){SG_SCENE_PNG, 2400.0}, &bytes, &n, &err),
        SG_EINVAL);
    assert_non_null(strstr(err.message, "lower the dpi"));
    assert_null(bytes);
    sg_scene_free(s);
}

static void refuses_prefixes_that_are_no_ids(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "1a", "-a", "a b", "a\"b", "a<", "\xc3\xa9"};
    sg_scene *s = shapes();
    char *svg = NULL;
    for (size_t i = 0; i < SG_COUNT(bad); i++)
        assert_int_equal(sg_scene_svg(s, bad[i], &svg, NULL), SG_EINVAL);
    assert_int_equal(sg_scene_svg(s, NULL, &svg, NULL), SG_EINVAL);
    assert_null(svg);
    sg_scene_free(s);
}

/* Values published for the maps: the ends, and the middle of cividis. */
static void colour_maps_have_the_published_colours(void **state)
{
    (void)state;
    static const struct {
        double t;
        sg_color_map map;
        uint8_t r, g, b;
    } cases[] = {
        {0.0, SG_MAP_CIVIDIS, 0, 34, 78},               /* .000000 .135112 .304751 */
        {127.0 / 255.0, SG_MAP_CIVIDIS, 124, 123, 120}, /* .485141 .482451 .470384 */
        {1.0, SG_MAP_CIVIDIS, 254, 232, 56},            /* .995737 .909344 .217772 */
        {0.0, SG_MAP_VIRIDIS, 68, 1, 84},               /* #440154 */
        {127.0 / 255.0, SG_MAP_VIRIDIS, 33, 144, 141},  /* #21908d */
        {1.0, SG_MAP_VIRIDIS, 253, 231, 37},            /* #fde725 */
        {0.0, SG_MAP_DIVERGING, 5, 48, 97},
        {0.5, SG_MAP_DIVERGING, 255, 255, 255},
        {1.0, SG_MAP_DIVERGING, 103, 0, 31},
        {7.0, SG_MAP_DIVERGING, 103, 0, 31},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        const sg_ink ink = sg_ink_map(cases[i].map, cases[i].t);
        const bool near = abs(ink.r - cases[i].r) <= 1 && abs(ink.g - cases[i].g) <= 1 &&
                          abs(ink.b - cases[i].b) <= 1;
        if (!near)
            fail_msg("case %zu: %u %u %u", i, ink.r, ink.g, ink.b);
    }
    assert_int_equal(sg_ink_map(SG_MAP_CIVIDIS, (double)NAN).a, 0);
}

static double luminance(sg_ink ink)
{
    return 0.2126 * pow(ink.r / 255.0, 2.2) + 0.7152 * pow(ink.g / 255.0, 2.2) +
           0.0722 * pow(ink.b / 255.0, 2.2);
}

static void magnitudes_only_grow_lighter(void **state)
{
    (void)state;
    for (int map = SG_MAP_CIVIDIS; map <= SG_MAP_VIRIDIS; map++)
        for (int i = 1; i <= 100; i++)
            assert_true(luminance(sg_ink_map((sg_color_map)map, i / 100.0)) >
                        luminance(sg_ink_map((sg_color_map)map, (i - 1) / 100.0)));
}

static void chooses_round_ticks(void **state)
{
    (void)state;
    static const struct {
        double low, high, wanted;
        const char *labels;
        bool log;
    } cases[] = {
        {0.0, 1.0, 5.0, "0 0.2 0.4 0.6 0.8 1.0 ", false},
        {-0.47, 0.47, 4.0, "−0.4 −0.2 0 0.2 0.4 ", false},
        {0.0, 60000.0, 4.0, "0 20,000 40,000 60,000 ", false},
        {0.0, 3e6, 3.0, "0 1×10^{6} 2×10^{6} 3×10^{6} ", false},
        {0.9, 200.0, 6.0, "1 10 100 ", true},
        {1e-5, 1.0, 6.0, "10^{−5} 10^{−4} 10^{−3} 10^{−2} 10^{−1} 10^{0} ", true},
        {10.0, 70.0, 6.0, "10 20 50 ", true},
        {15.0, 18.0, 4.0, "15 16 17 18 ", true},
        {1.0, 1.0, 5.0, "", false},
        {0.0, (double)INFINITY, 5.0, "", false},
        {0.0, 10.0, 5.0, "", true},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        SG_AUTO_TEXT sg_text t = {0};
        sg_ticks ticks;
        if (cases[i].log)
            sg_ticks_log(cases[i].low, cases[i].high, cases[i].wanted, &ticks);
        else
            sg_ticks_linear(cases[i].low, cases[i].high, cases[i].wanted, false, &ticks);
        sg_text_append(&t, "");
        for (size_t k = 0; k < ticks.n; k++) {
            assert_true(ticks.tick[k].value >= cases[i].low - 1e-9 * fabs(cases[i].low));
            assert_true(ticks.tick[k].value <= cases[i].high * (1.0 + 1e-6));
            if (*ticks.tick[k].label)
                sg_text_printf(&t, "%s ", ticks.tick[k].label);
        }
        assert_string_equal(t.bytes, cases[i].labels);
    }
}

static void epochs_have_whole_ticks(void **state)
{
    (void)state;
    sg_ticks ticks;
    sg_ticks_linear(-0.04, 2.04, 12.0, true, &ticks);
    assert_int_equal(ticks.n, 3);
    assert_string_equal(ticks.tick[2].label, "2");
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    sg_scene *s = with_text("P(~{K})");
    for (int kind = 0; kind < 4; kind++) {
        sg_status status = SG_ENOMEM;
        for (long budget = 0; status == SG_ENOMEM; budget++) {
            char *text = NULL;
            size_t n = 0;
            const sg_scene_write_params p = {kind == 2 ? SG_SCENE_PNG : SG_SCENE_PDF, 72.0};
            sg_test_alloc_budget(budget);
            status = kind == 0   ? sg_scene_dump(s, &text, NULL)
                     : kind == 1 ? sg_scene_svg(s, "a", &text, NULL)
                                 : sg_scene_encode(s, &p, &text, &n, NULL);
            sg_test_alloc_budget(-1);
            assert_true((status == SG_OK) == (text != NULL));
            sg_free(text);
            assert_true(budget < 200);
        }
        assert_int_equal(status, SG_OK);
    }
    sg_scene_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_to_install_when_there_is_no_font),
        cmocka_unit_test(dumps_every_kind_of_mark),
        cmocka_unit_test(writes_svg_by_hand_with_text_as_text),
        cmocka_unit_test(puts_two_figures_into_one_page_without_sharing_an_id),
        cmocka_unit_test(escapes_what_means_something_in_xml),
        cmocka_unit_test(replaces_bytes_that_are_no_text),
        cmocka_unit_test(reads_the_signs_of_a_label),
        cmocka_unit_test(breaks_lines_between_words_and_never_inside_a_sign),
        cmocka_unit_test(prints_numbers_the_same_everywhere),
        cmocka_unit_test(png_has_its_size_and_its_resolution),
        cmocka_unit_test(pdf_is_the_same_bytes_at_any_time),
        cmocka_unit_test(several_threads_draw_one_scene),
        cmocka_unit_test(draws_the_picture_that_a_person_accepted),
        cmocka_unit_test(a_drawn_text_leaves_no_line_behind),
        cmocka_unit_test(tells_the_format_from_the_suffix),
        cmocka_unit_test(writes_a_file_whole_or_not_at_all),
        cmocka_unit_test(refuses_pictures_of_absurd_size),
        cmocka_unit_test(refuses_prefixes_that_are_no_ids),
        cmocka_unit_test(colour_maps_have_the_published_colours),
        cmocka_unit_test(magnitudes_only_grow_lighter),
        cmocka_unit_test(chooses_round_ticks),
        cmocka_unit_test(epochs_have_whole_ticks),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
