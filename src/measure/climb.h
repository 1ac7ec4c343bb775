/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_MEASURE_CLIMB_H
#define SG_MEASURE_CLIMB_H

/* The highest point of a smooth function of two parameters within a box. */

#include <stdbool.h>

typedef struct sg_slope {
    double (*height)(const void *context, const double at[2]); /* -infinity where it has none */
    const void *context;
    double low[2];
    double high[2];
} sg_slope;

/*
 * Climbs from *at, which is moved to the top; returns the height there. Newton's steps with
 * differences for derivatives, damped as Levenberg and Marquardt do, kept within the box. The
 * parameters should be of order 1: differences are taken over 10^-4.
 */
double sg_climb(const sg_slope *s, double at[2]);

#endif
