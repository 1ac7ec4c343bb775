/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/climb.h"

#include <math.h>

enum { STEPS_MAX = 200 };

static const double width = 1e-4; /* of differences: balances rounding and curvature in doubles */

typedef struct shape {
    double gradient[2];
    double curve[2]; /* second derivatives by each parameter, not positive at a top */
    double twist;    /* the mixed one */
} shape;

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double height(const sg_slope *s, double x, double y)
{
    const double at[2] = {x, y};
    const double h = s->height(s->context, at);

    return isnan(h) ? -INFINITY : h;
}

/* Derivatives at the point, or just inside where it lies at the edge of the box. */
static shape measure_shape(const sg_slope *s, const double at[2])
{
    const double x = clamp(at[0], s->low[0] + width, s->high[0] - width);
    const double y = clamp(at[1], s->low[1] + width, s->high[1] - width);
    const double here = height(s, x, y);
    const double east = height(s, x + width, y);
    const double west = height(s, x - width, y);
    const double north = height(s, x, y + width);
    const double south = height(s, x, y - width);
    const double north_east = height(s, x + width, y + width);
    const double south_west = height(s, x - width, y - width);
    const double area = width * width;

    return (shape){
        .gradient = {(east - west) / (2 * width), (north - south) / (2 * width)},
        .curve = {(east + west - 2 * here) / area, (north + south - 2 * here) / area},
        .twist = (north_east + south_west + 2 * here - east - west - north - south) / (2 * area),
    };
}

/* Whether the way up leads out of the box here. */
static bool blocked(const sg_slope *s, const double at[2], const shape *f, int i)
{
    return (at[i] <= s->low[i] && f->gradient[i] < 0) ||
           (at[i] >= s->high[i] && f->gradient[i] > 0);
}

/* The damped Newton step; a parameter that is blocked stays where it is. */
static void find_step(const sg_slope *s, const double at[2], const shape *f, double damping,
                      double step[2])
{
    double diagonal[2];
    bool fixed[2];
    for (int i = 0; i < 2; i++) {
        const double steepness = fabs(f->curve[i]) + fabs(f->gradient[i]) * width + 1e-12;
        diagonal[i] = fmax(-f->curve[i], 0) + damping * steepness;
        fixed[i] = blocked(s, at, f, i);
        step[i] = 0;
    }
    const double determinant = diagonal[0] * diagonal[1] - f->twist * f->twist;
    if (!fixed[0] && !fixed[1] && determinant > 1e-14 * diagonal[0] * diagonal[1]) {
        step[0] = (diagonal[1] * f->gradient[0] + f->twist * f->gradient[1]) / determinant;
        step[1] = (diagonal[0] * f->gradient[1] + f->twist * f->gradient[0]) / determinant;
        return;
    }
    for (int i = 0; i < 2; i++)
        if (!fixed[i] && diagonal[i] > 0)
            step[i] = f->gradient[i] / diagonal[i];
}

double sg_climb(const sg_slope *s, double at[2])
{
    const double reach = 1; /* no parameter moves further in one step, by 1 + |x| */
    double damping = 1e-3;
    double best = height(s, at[0], at[1]);

    for (int i = 0; i < STEPS_MAX && damping < 1e12; i++) {
        const shape f = measure_shape(s, at);
        double gain = 0;
        double moved = 0;
        while (damping < 1e12) {
            double step[2];
            double to[2];
            find_step(s, at, &f, damping, step);
            moved = 0;
            for (int j = 0; j < 2; j++) {
                const double most = reach * (1 + fabs(at[j]));
                to[j] = clamp(at[j] + clamp(step[j], -most, most), s->low[j], s->high[j]);
                moved = fmax(moved, fabs(to[j] - at[j]));
            }
            const double there = height(s, to[0], to[1]);
            if (there > best) {
                gain = there - best;
                best = there;
                at[0] = to[0];
                at[1] = to[1];
                damping = fmax(damping / 10, 1e-9);
                break;
            }
            if (moved < 1e-12)
                return best;
            damping *= 10;
        }
        if (gain < 1e-10 * (1 + fabs(best) * 1e-3) && moved < 1e-6)
            break;
    }
    return best;
}
