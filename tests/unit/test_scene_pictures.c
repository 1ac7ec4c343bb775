/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <cairo.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "golden.h"
#include "shapes.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(png_has_its_size_and_its_resolution),
        cmocka_unit_test(pdf_is_the_same_bytes_at_any_time),
        cmocka_unit_test(several_threads_draw_one_scene),
        cmocka_unit_test(draws_the_picture_that_a_person_accepted),
        cmocka_unit_test(a_drawn_text_leaves_no_line_behind),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
