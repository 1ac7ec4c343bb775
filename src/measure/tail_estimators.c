/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/tail_index.h"

#include <math.h>

void sg_tail_moments_next(sg_tail_moments *m, double next, double threshold)
{
    if (m->n == 0)
        m->origin = next;
    const double x = next - m->origin;
    const double t = threshold - m->origin;
    m->n += 1;
    m->sum[0] += x;
    m->sum[1] += x * x;
    m->sum[2] += x * x * x;
    const double a = m->sum[0] / m->n;
    const double b = m->sum[1] / m->n;
    const double c = m->sum[2] / m->n;
    m->first = a - t;
    m->second = b - 2 * t * a + t * t;
    m->third = c - 3 * t * b + 3 * t * t * a - t * t * t;
}

double sg_tail_moments_index(const sg_tail_moments *m)
{
    return m->first + 1 - 0.5 / (1 - m->first * m->first / m->second);
}

double sg_tail_moments_third(const sg_tail_moments *m)
{
    const double rest = 1 - m->first * m->second / m->third;
    if (!(m->second > 0) || !(fabs(rest) > 1e-10) ||
        !(fabs(1 - m->first * m->first / m->second) > 1e-10))
        return NAN;
    return sqrt(0.5 * m->second) + 1 - 2.0 / 3 / rest;
}

double sg_tail_bandwidth(size_t n, size_t i)
{
    const double share = (double)i / (SG_TAIL_BANDWIDTHS - 1);
    return exp(log((double)n) * (share - 1));
}

/* The smoothing power of the kernel estimator; above 1/2. The authors' choice. */
static const double alpha = 0.6;

double *sg_tail_kernel_powers(size_t n)
{
    double *power = SG_NEW_ARRAY(double, n);
    for (size_t i = 0; power && i < n; i++)
        power[i] = pow((double)i / (double)n, alpha);
    return power;
}

/* Sums over i of u^p (ln X_i - ln X_{i+1}), u = i/n: p = 1, 3, 5, 7, and those less 1 plus alpha.
 */
typedef struct kernel_sums {
    double odd[4];
    double bent[4];
} kernel_sums;

/* xi = gamma - 1 + q2/q1 with a kernel sum_j weight[j] (u/h)^2j; the common factor cancels in q. */
static double kernel_index(const kernel_sums *s, double h, const double *weight)
{
    double gamma = 0;
    double q1 = 0;
    double q2 = 0;
    double scale = 1;

    for (int j = 0; j < 4; j++) {
        gamma += weight[j] * scale * s->odd[j];
        q1 += weight[j] * scale * s->bent[j];
        q2 += weight[j] * scale * s->bent[j] * (1 + 2 * j + alpha);
        scale /= h * h;
    }
    return gamma / h - 1 + q2 / q1;
}

static const double biweight[4] = {15.0 / 8, -30.0 / 8, 15.0 / 8, 0};
static const double triweight[4] = {35.0 / 16, -105.0 / 16, 105.0 / 16, -35.0 / 16};

void sg_tail_kernels(const double *logs, const double *power, size_t n, sg_tail_kernel_pair *ret)
{
    kernel_sums sums = {0};
    size_t i = 1;

    for (size_t j = 0; j < SG_TAIL_BANDWIDTHS; j++) {
        const double h = sg_tail_bandwidth(n, j);
        /* i/n < h; 1e-9: where h n is an integer, rounding must not make it one more */
        const size_t end = (size_t)ceil(h * (double)n - 1e-9);
        for (; i < end; i++) {
            const double u = (double)i / (double)n;
            const double gap = logs[i - 1] - logs[i];
            double odd = u * gap;
            double bent = power[i] * gap;
            for (int p = 0; p < 4; p++) {
                sums.odd[p] += odd;
                sums.bent[p] += bent;
                odd *= u * u;
                bent *= u * u;
            }
        }
        ret[j] = end < 3 ? (sg_tail_kernel_pair){NAN, NAN}
                         : (sg_tail_kernel_pair){kernel_index(&sums, h, biweight),
                                                 kernel_index(&sums, h, triweight)};
    }
}

double sg_tail_hill_factor(double n1, double k1)
{
    const double ratio = log(n1) / log(k1);
    return pow(2 * (ratio - 1), 1 / ratio - 1); /* Qi, Extremes 11:297 (2008) */
}

/* Asymptotic variances and biases of the two moments estimators, Draisma et al., Extremes 2:367
 * (1999), theorem 2.3; xi is the index, rho < 0 the second-order parameter. */
static double variance(double xi)
{
    if (xi >= 0)
        return 1 + xi * xi;
    return (1 - xi) * (1 - xi) * (1 - 2 * xi) * (1 - xi + 6 * xi * xi) /
           ((1 - 3 * xi) * (1 - 4 * xi));
}

static double variance_of_difference(double xi)
{
    if (xi >= 0)
        return 0.25 * (1 + xi * xi);
    const double x2 = xi * xi;
    return 0.25 * (1 - xi) * (1 - xi) *
           (1 - 8 * xi + 48 * x2 - 154 * x2 * xi + 263 * x2 * x2 - 222 * x2 * x2 * xi +
            72 * x2 * x2 * x2) /
           ((1 - 2 * xi) * (1 - 3 * xi) * (1 - 4 * xi) * (1 - 5 * xi) * (1 - 6 * xi));
}

static double bias(double xi, double rho)
{
    if (xi < rho)
        return (1 - xi) * (1 - 2 * xi) / ((1 - rho - xi) * (1 - rho - 2 * xi));
    if (xi < 0)
        return 1 / (1 - xi);
    return xi / (rho * (1 - rho)) + 1 / ((1 - rho) * (1 - rho));
}

static double bias_of_difference(double xi, double rho)
{
    if (xi < rho)
        return -0.5 * rho * (1 - xi) * (1 - xi) /
               ((1 - xi - rho) * (1 - 2 * xi - rho) * (1 - 3 * xi - rho));
    if (xi < 0)
        return (1 - 2 * xi - sqrt((1 - xi) * (1 - 2 * xi))) / ((1 - xi) * (1 - 2 * xi));
    return -(rho + xi * (1 - rho)) / (2 * (1 - rho) * (1 - rho) * (1 - rho));
}

double sg_tail_moments_factor(double xi, double n1, double k1)
{
    const double rho = log(k1) / (2 * (log(k1) - log(n1)));
    const double bar = bias_of_difference(xi, rho);
    const double own = bias(xi, rho);
    return pow(variance(xi) * bar * bar / (variance_of_difference(xi) * own * own),
               1 / (1 - 2 * rho));
}

double sg_tail_kernel_factor(double n1, double h1)
{
    /* Groeneboom, Lopuhaa & de Wolf, Ann. Statist. 31:1956 (2003), section 6 */
    const double n = log(n1);
    const double h = log(h1);
    return pow(143 * (n + h) * (n + h) / (3 * (n - 13 * h) * (n - 13 * h)), -h / n);
}
