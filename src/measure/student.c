/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/student.h"

#include <math.h>

/* The probability of |x| <= sqrt(n) tan(angle). */
static double within(double angle, unsigned n)
{
    const double c = cos(angle);
    const unsigned odd = n % 2;
    double term = odd ? c : 1;
    double sum = n > 1 ? term : 0;
    for (unsigned k = 2 + odd; k + 1 < n; k += 2) {
        term *= c * c * ((double)k - 1) / (double)k;
        sum += term;
    }
    return odd ? M_2_PI * (angle + sin(angle) * sum) : sin(angle) * sum;
}

double sg_student_within(double probability, unsigned n)
{
    double low = 0;
    double high = M_PI_2;
    for (int i = 0; i < 60; i++) { /* 2^-60 of a right angle: below a double's precision */
        const double middle = (low + high) / 2;
        if (within(middle, n) < probability)
            low = middle;
        else
            high = middle;
    }
    return sqrt((double)n) * tan((low + high) / 2);
}
