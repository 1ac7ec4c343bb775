/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/powerlaw_internal.h"

#include <math.h>

void sg_vuong_add(sg_vuong_sums *s, double ratio, double count)
{
    const double from_mean = ratio - s->mean;

    s->n += count;
    s->mean += from_mean * count / s->n;
    s->squares += from_mean * (ratio - s->mean) * count;
}

double sg_vuong_p_better(const sg_vuong_sums *s)
{
    /* sum of ratios / sqrt(n variance) is normal where neither model is nearer */
    if (!(s->squares > 0))
        return NAN;
    return 0.5 * erfc(s->mean * s->n / sqrt(2 * s->squares));
}
