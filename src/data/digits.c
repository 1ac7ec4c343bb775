/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/digits.h"

#include "base/random.h"
#include "data/digit_shapes.h"

#include <math.h>
#include <string.h>

/*
 * How far writers differ. Angles are given as slopes, lengths inside the digit's box as fractions
 * of half its height, lengths on the paper in pixels. Chosen by eye against MNIST, then so that a
 * linear classifier has a hard time (datasets/README.md has the measurements).
 */
static const double knot_jitter = 0.085;   /* deviation of each point, carried over to the next */
static const double jitter_carry = 0.6;    /* share of a point's shift that the next one inherits */
static const double warp_deviation = 0.07; /* of each coefficient of the smooth deformation */
static const double slant_mean = 0.13;     /* most hands lean to the right */
static const double slant_deviation = 0.24;
static const double turn_deviation = 0.12;
static const double aspect_deviation = 0.17;
static const double trim_max = 0.35; /* of a stroke's first and last piece */
static const double size_px = 19.0;
static const double size_deviation_px = 1.5;
static const double place_deviation_px = 1.0;
static const double margin_px = 2.0; /* paper that the pen stays off */
static const double pen_min_px = 0.85;
static const double pen_range_px = 1.05;
static const double edge_min_px = 0.9; /* width of the soft edge of a stroke */
static const double edge_range_px = 0.8;
static const double pressure_deviation = 0.13;
static const double level_range = 0.1; /* how much paler than full ink a pen may be */
static const double grain = 0.12;      /* share of the ink that the paper's roughness may take */

enum {
    PIECES = 8, /* straight pieces of a curve between two knots */
    PATH_MAX_POINTS = SG_DIGIT_KNOTS_MAX * (PIECES + 1),
    /* Splits use streams (layer) 0 and 1 for their samples, 2 and 3 for the order of classes. */
    ORDER_STREAM = 2,
};

typedef struct point {
    double x;
    double y;
} point;

/* A point of the pen's way; the pen comes from the one before unless it is put down here. */
typedef struct pen_point {
    point at;
    double along; /* 0 where the stroke begins, 1 where it ends */
    double radius;
    int is_down;
} pen_point;

typedef struct pen_path {
    size_t n;
    pen_point points[PATH_MAX_POINTS];
} pen_path;

typedef struct pen {
    double radius;
    double edge;
    double level; /* of full ink, in (0, 1] */
} pen;

static double unit(sg_random *r)
{
    return (double)sg_random_u32(r) * 0x1p-32;
}

/* Roughly normal with the given deviation and no tail beyond 3.5 of it: four uniform numbers. */
static double spread(sg_random *r, double deviation)
{
    double sum = -2.0;
    for (int i = 0; i < 4; i++)
        sum += unit(r);
    return sum * deviation * 1.7320508075688772; /* the sum's variance is 1/3 */
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* Writes where this writer puts the shape's knots, in [-1, 1] on both axes. */
static void place_knots(const sg_digit_shape *shape, sg_random *r, point *knots)
{
    point shift = {0.0, 0.0};
    for (size_t k = 0; k < shape->n_knots; k++) {
        shift.x = shift.x * jitter_carry + spread(r, knot_jitter);
        shift.y = shift.y * jitter_carry + spread(r, knot_jitter);
        knots[k].x = (double)shape->knots[k].x / 50.0 - 1.0 + shift.x;
        knots[k].y = (double)shape->knots[k].y / 50.0 - 1.0 + shift.y;
    }
}

/* A point of the cubic Bezier curve that leaves b for c, a and d being its neighbours. */
static point curve_at(const point p[4], double t)
{
    const point leave = {p[1].x + (p[2].x - p[0].x) / 6.0, p[1].y + (p[2].y - p[0].y) / 6.0};
    const point reach = {p[2].x - (p[3].x - p[1].x) / 6.0, p[2].y - (p[3].y - p[1].y) / 6.0};
    const double s = 1.0 - t;
    const double w0 = s * s * s;
    const double w1 = 3.0 * s * s * t;
    const double w2 = 3.0 * s * t * t;
    const double w3 = t * t * t;
    return (point){w0 * p[1].x + w1 * leave.x + w2 * reach.x + w3 * p[2].x,
                   w0 * p[1].y + w1 * leave.y + w2 * reach.y + w3 * p[2].y};
}

/* Appends the stroke of knots [begin, end) as short straight pieces. */
static void add_stroke(const sg_digit_shape *shape, const point *knots, size_t begin, size_t end,
                       const double trim[2], pen_path *path)
{
    const size_t first = path->n;
    for (size_t k = begin; k + 1 < end; k++) {
        const int from_corner = k == begin || shape->knots[k].kind == SG_KNOT_CORNER;
        const int to_corner = k + 2 == end || shape->knots[k + 1].kind == SG_KNOT_CORNER;
        const point p[4] = {knots[from_corner ? k : k - 1], knots[k], knots[k + 1],
                            knots[to_corner ? k + 1 : k + 2]};
        const double t0 = k == begin ? trim[0] : 0.0;
        const double t1 = k + 2 == end ? 1.0 - trim[1] : 1.0;
        for (int i = k == begin ? 0 : 1; i <= PIECES; i++)
            path->points[path->n++] = (pen_point){
                .at = curve_at(p, t0 + (t1 - t0) * (double)i / (double)PIECES),
                .is_down = k == begin && i == 0,
            };
    }
    for (size_t i = first; i < path->n; i++)
        path->points[i].along = (double)(i - first) / (double)(path->n - first - 1);
}

static void write_strokes(const sg_digit_shape *shape, sg_random *r, pen_path *path)
{
    point knots[SG_DIGIT_KNOTS_MAX];
    place_knots(shape, r, knots);

    path->n = 0;
    for (size_t begin = 0; begin < shape->n_knots;) {
        size_t end = begin + 1;
        while (end < shape->n_knots && shape->knots[end].kind != SG_KNOT_DOWN)
            end++;
        double trim[2];
        trim[0] = trim_max * unit(r);
        trim[1] = trim_max * unit(r);
        add_stroke(shape, knots, begin, end, trim, path);
        begin = end;
    }
}

/* Bends the plane smoothly: adds a random polynomial of degree 2 and 3 to both coordinates. */
static void bend(sg_random *r, pen_path *path)
{
    double c[8];
    for (size_t i = 0; i < 8; i++)
        c[i] = spread(r, warp_deviation);
    for (size_t i = 0; i < path->n; i++) {
        point *at = &path->points[i].at;
        const double u = at->x;
        const double v = at->y;
        at->x = u + c[0] * u * u + c[1] * u * v + c[2] * v * v + c[3] * v * v * v;
        at->y = v + c[4] * u * u + c[5] * u * v + c[6] * v * v + c[7] * u * u * u;
    }
}

/* Gives the box its aspect, leans it and turns it. */
static void lean_and_turn(const sg_digit_shape *shape, sg_random *r, pen_path *path)
{
    const double wide = clamp(1.0 + spread(r, aspect_deviation), 0.6, 1.5);
    const double aspect = (double)shape->aspect / 100.0 * wide;
    const double slant = slant_mean + spread(r, slant_deviation);
    /* With t = tan(angle / 2): a rotation without sine and cosine, whose last bits differ. */
    const double t = 0.5 * spread(r, turn_deviation);
    const double cosine = (1.0 - t * t) / (1.0 + t * t);
    const double sine = 2.0 * t / (1.0 + t * t);

    for (size_t i = 0; i < path->n; i++) {
        point *at = &path->points[i].at;
        const double x = at->x * aspect - at->y * slant;
        const double y = at->y;
        at->x = cosine * x - sine * y;
        at->y = sine * x + cosine * y;
    }
}

/* The path's bounding box, and its centre of mass as if drawn with an even pen. */
static void measure(const pen_path *path, point *low, point *high, point *mass)
{
    double length = 0.0;
    point sum = {0.0, 0.0};
    *low = *high = path->points[0].at;
    for (size_t i = 0; i < path->n; i++) {
        const point b = path->points[i].at;
        low->x = b.x < low->x ? b.x : low->x;
        low->y = b.y < low->y ? b.y : low->y;
        high->x = b.x > high->x ? b.x : high->x;
        high->y = b.y > high->y ? b.y : high->y;
        if (path->points[i].is_down)
            continue;
        const point a = path->points[i - 1].at;
        const double dx = b.x - a.x;
        const double dy = b.y - a.y;
        const double piece = sqrt(dx * dx + dy * dy);
        length += piece;
        sum.x += piece * 0.5 * (a.x + b.x);
        sum.y += piece * 0.5 * (a.y + b.y);
    }
    *mass = (point){sum.x / length, sum.y / length};
}

/* Scales the path to the paper and moves its centre of mass near the middle, inside the margin. */
static void fit_to_paper(sg_random *r, const pen *with, pen_path *path)
{
    point low;
    point high;
    point mass;
    measure(path, &low, &high, &mass);

    const double free_px = SG_DIGITS_SIDE - 1 - 2.0 * (margin_px + with->radius);
    const double wanted_px = size_px + spread(r, size_deviation_px) - 2.0 * with->radius;
    const double width = high.x - low.x;
    const double height = high.y - low.y;
    const double scale = clamp(wanted_px, 8.0, free_px) / (width > height ? width : height);

    const double middle = (SG_DIGITS_SIDE - 1) / 2.0;
    const double edge_low = margin_px + with->radius;
    const double edge_high = SG_DIGITS_SIDE - 1 - edge_low;
    point move = {middle - scale * mass.x, middle - scale * mass.y};
    move.x += spread(r, place_deviation_px);
    move.y += spread(r, place_deviation_px);
    move.x = clamp(move.x, edge_low - scale * low.x, edge_high - scale * high.x);
    move.y = clamp(move.y, edge_low - scale * low.y, edge_high - scale * high.y);

    for (size_t i = 0; i < path->n; i++) {
        point *at = &path->points[i].at;
        at->x = scale * at->x + move.x;
        at->y = scale * at->y + move.y;
    }
}

static pen pick_pen(sg_random *r)
{
    /* The mean of two numbers: medium pens are the most frequent. */
    const double a = unit(r);
    const double b = unit(r);
    pen picked = {.radius = pen_min_px + pen_range_px * 0.5 * (a + b)};
    picked.edge = edge_min_px + edge_range_px * unit(r);
    picked.level = 1.0 - level_range * unit(r);
    return picked;
}

/* Writes the pen's radius along the path: pressure rises or falls, and swells or thins midway. */
static void press(sg_random *r, const pen *with, pen_path *path)
{
    const double slope = spread(r, pressure_deviation);
    const double swell = spread(r, pressure_deviation);
    for (size_t i = 0; i < path->n; i++) {
        const double t = 2.0 * path->points[i].along - 1.0;
        const double pressure = 1.0 + slope * t + swell * (0.5 - t * t);
        path->points[i].radius = with->radius * clamp(pressure, 0.5, 1.5);
    }
}

/* Returns how much of a pixel the piece from a to b covers, in [0, 1]. */
static double coverage(const pen_point *a, const pen_point *b, double edge, double x, double y)
{
    const double dx = b->at.x - a->at.x;
    const double dy = b->at.y - a->at.y;
    const double square = dx * dx + dy * dy;
    const double dot = (x - a->at.x) * dx + (y - a->at.y) * dy;
    const double t = square > 0.0 ? clamp(dot / square, 0.0, 1.0) : 0.0;
    const double ex = x - (a->at.x + t * dx);
    const double ey = y - (a->at.y + t * dy);
    const double radius = a->radius + t * (b->radius - a->radius);
    const double c = clamp((radius - sqrt(ex * ex + ey * ey)) / edge + 0.5, 0.0, 1.0);
    return c * c * (3.0 - 2.0 * c);
}

/* The first and last pixel of an axis that a piece from a to b can reach. */
static void pixel_range(double a, double b, double reach, int *first, int *last)
{
    const double low = (a < b ? a : b) - reach;
    const double high = (a < b ? b : a) + reach;
    *first = (int)clamp(low, 0.0, SG_DIGITS_SIDE - 1);
    *last = (int)clamp(high + 1.0, 0.0, SG_DIGITS_SIDE - 1);
}

static void ink_piece(const pen_point *a, const pen_point *b, double edge, double *ink)
{
    const double reach = (a->radius > b->radius ? a->radius : b->radius) + 0.5 * edge;
    int first_x;
    int last_x;
    int first_y;
    int last_y;
    pixel_range(a->at.x, b->at.x, reach, &first_x, &last_x);
    pixel_range(a->at.y, b->at.y, reach, &first_y, &last_y);
    for (int y = first_y; y <= last_y; y++) {
        for (int x = first_x; x <= last_x; x++) {
            double *cell = &ink[y * SG_DIGITS_SIDE + x];
            const double c = coverage(a, b, edge, (double)x, (double)y);
            *cell = c > *cell ? c : *cell;
        }
    }
}

uint8_t sg_digits_label(uint64_t seed, sg_split split, uint32_t i)
{
    uint32_t order[SG_DIGITS_CLASSES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_DIGITS, ORDER_STREAM + (uint32_t)split,
                   i / SG_DIGITS_CLASSES);
    sg_random_shuffle_u32(&r, order, SG_DIGITS_CLASSES);
    return (uint8_t)order[i % SG_DIGITS_CLASSES];
}

void sg_digits_draw(uint64_t seed, sg_split split, uint32_t i, uint8_t pixels[SG_DIGITS_PIXELS])
{
    sg_random r;
    sg_random_open(&r, seed, SG_RANDOM_DIGITS, (uint32_t)split, i);

    const sg_digit_shape *shape = sg_digit_shape_pick(sg_digits_label(seed, split, i), unit(&r));
    const pen with = pick_pen(&r);
    pen_path path;
    write_strokes(shape, &r, &path);
    bend(&r, &path);
    lean_and_turn(shape, &r, &path);
    fit_to_paper(&r, &with, &path);
    press(&r, &with, &path);

    double ink[SG_DIGITS_PIXELS] = {0.0};
    for (size_t k = 1; k < path.n; k++)
        if (!path.points[k].is_down)
            ink_piece(&path.points[k - 1], &path.points[k], with.edge, ink);

    memset(pixels, 0, SG_DIGITS_PIXELS);
    for (size_t k = 0; k < SG_DIGITS_PIXELS; k++)
        if (ink[k] > 0.0)
            pixels[k] = (uint8_t)(255.0 * ink[k] * (with.level - grain * unit(&r)) + 0.5);
}
