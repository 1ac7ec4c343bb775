/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/spectrum.h"

#include "base/memory.h"
#include "base/random.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { CHECK_EVERY = 4 };

/* Relative residuals: the first vector is sharp, for what is sought beside it is orthogonal to it.
 */
static const double FIRST_RESIDUAL = 1e-8;
static const double SECOND_RESIDUAL = 1e-5;

/* What rounding leaves of a vector, or of an eigenvalue beside the largest, that is not there. */
static const double NOTHING = 1e-12;

/* Vectors may take this much memory, or as much as a matrix of their size without values and
 * offsets twice over; and always a few. */
enum { VECTOR_BYTES = 64 << 20, BYTES_A_LINK = 8, FEW_VECTORS = 32 };

/* Lanczos' iteration on one side of a matrix. */
typedef struct lanczos {
    const sg_csr *m;
    bool of_rows;   /* on A A', else on A' A */
    size_t n;       /* neurons on that side */
    double *across; /* (the other side's neurons) scratch */
    double *apart;  /* (n) what all vectors are to be orthogonal to; NULL: nothing */
    double scale;   /* the largest seen on the diagonal: rounding goes with it */
    size_t n_steps;
    size_t n_before;                      /* steps before the last restart */
    size_t room;                          /* steps that there is memory for */
    double *vector[SG_LANCZOS_STEPS + 1]; /* (n) each; a multiple of its norm 1 */
    double diagonal[SG_LANCZOS_STEPS];    /* the tridiagonal matrix in their basis */
    double beside[SG_LANCZOS_STEPS];      /* beside[i] joins i and i + 1 */
    double top[SG_LANCZOS_STEPS];         /* its eigenvector of the largest eigenvalue */
} lanczos;

static void forget(lanczos *l)
{
    for (size_t i = 0; i <= SG_LANCZOS_STEPS; i++) {
        sg_free(l->vector[i]);
        l->vector[i] = NULL;
    }
    l->n_steps = 0;
}

static void lanczos_clear(lanczos *l)
{
    forget(l);
    sg_free(l->across);
    sg_free(l->apart);
}

/* Eight sums, so that an addition need not wait for the one before it. */
static double dot(const double *x, const double *y, size_t n)
{
    double sum[8] = {0};
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t lane = 0; lane < 8; lane++)
            sum[lane] += x[i + lane] * y[i + lane];
    for (; i < n; i++)
        sum[0] += x[i] * y[i];
    return (sum[0] + sum[1] + (sum[2] + sum[3])) + (sum[4] + sum[5] + (sum[6] + sum[7]));
}

static void add_multiple(double *x, double factor, const double *y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] += factor * y[i];
}

static void scale(double *x, double factor, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] *= factor;
}

static void multiply_rows(const sg_csr *m, const double *x, double *across, double *ret)
{
    memset(across, 0, m->n_cols * sizeof *across);
    for (size_t row = 0; row < m->n_rows; row++)
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            across[m->col[k]] += x[row];
    for (size_t row = 0; row < m->n_rows; row++) {
        double sum = 0;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            sum += across[m->col[k]];
        ret[row] = sum;
    }
}

static void multiply_columns(const sg_csr *m, const double *x, double *ret)
{
    memset(ret, 0, m->n_cols * sizeof *ret);
    for (size_t row = 0; row < m->n_rows; row++) {
        double sum = 0;
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            sum += x[m->col[k]];
        for (uint64_t k = m->row_start[row]; k < m->row_start[row + 1]; k++)
            ret[m->col[k]] += sum;
    }
}

/* Makes x orthogonal to all vectors so far and returns its norm. */
static double separate(const lanczos *l, double *x)
{
    if (l->apart)
        add_multiple(x, -dot(x, l->apart, l->n), l->apart, l->n);
    for (size_t i = 0; i < l->n_steps; i++)
        add_multiple(x, -dot(x, l->vector[i], l->n), l->vector[i], l->n);
    return sqrt(dot(x, x, l->n));
}

/* Returns the largest eigenvalue of the tridiagonal matrix, from above, by bisection. */
static double largest_eigenvalue(const lanczos *l)
{
    double low = 0; /* the matrix is positive semidefinite, but for rounding */
    double high = 0;
    for (size_t i = 0; i < l->n_steps; i++) {
        const double left = i > 0 ? l->beside[i - 1] : 0;
        const double right = i + 1 < l->n_steps ? l->beside[i] : 0;
        low = fmax(low, l->diagonal[i]);
        high = fmax(high, l->diagonal[i] + left + right);
    }
    for (;;) {
        const double middle = low + 0.5 * (high - low);
        if (!(middle > low && middle < high))
            return high;
        bool is_above = true; /* all pivots of the matrix less `middle` are negative */
        double pivot = -1;
        for (size_t i = 0; i < l->n_steps && is_above; i++) {
            const double left = i > 0 ? l->beside[i - 1] : 0;
            pivot = l->diagonal[i] - middle - left * left / pivot;
            is_above = pivot < 0;
        }
        if (is_above)
            high = middle;
        else
            low = middle;
    }
}

/* Fills l->top by inverse iteration; `value` is not below the eigenvalue, so no pivot changes sign.
 */
static void find_top(lanczos *l, double value)
{
    double pivot[SG_LANCZOS_STEPS];
    const size_t n = l->n_steps;
    const double least = 1e-16 * value + 1e-300;
    for (size_t i = 0; i < n; i++) {
        const double left = i > 0 ? l->beside[i - 1] : 0;
        pivot[i] = l->diagonal[i] - value - (i > 0 ? left * left / pivot[i - 1] : 0);
        pivot[i] = fmin(pivot[i], -least);
        l->top[i] = 1;
    }
    for (int round = 0; round < 3; round++) {
        for (size_t i = 1; i < n; i++)
            l->top[i] -= l->beside[i - 1] / pivot[i - 1] * l->top[i - 1];
        for (size_t i = n; i-- > 0;) {
            const double next = i + 1 < n ? l->beside[i] * l->top[i + 1] : 0;
            l->top[i] = (l->top[i] - next) / pivot[i];
        }
        double largest = 0; /* first, so that the squares cannot overflow */
        for (size_t i = 0; i < n; i++)
            largest = fmax(largest, fabs(l->top[i]));
        scale(l->top, 1 / largest, n);
        scale(l->top, 1 / sqrt(dot(l->top, l->top, n)), n);
    }
}

/* How many steps' vectors may be held at a time. */
static size_t room_for(const sg_csr *m, size_t n)
{
    const size_t a_matrix = m->n_links * BYTES_A_LINK;
    const size_t n_bytes = a_matrix > VECTOR_BYTES ? a_matrix : VECTOR_BYTES;
    const size_t room = n_bytes / ((n + 1) * sizeof(double));
    if (room < FEW_VECTORS)
        return FEW_VECTORS;
    return room < SG_LANCZOS_STEPS ? room : SG_LANCZOS_STEPS;
}

static sg_status begin(lanczos *l, bool *ret_is_nothing, sg_error *err)
{
    l->n_before = 0;
    sg_random random;
    sg_random_open(&random, 0, SG_RANDOM_SPECTRUM, 0, l->apart ? 1 : 0);
    double *x = l->vector[0] = SG_NEW_ARRAY(double, l->n);
    if (!x)
        return sg_fail_memory(err, "finding singular values");
    for (size_t i = 0; i < l->n; i++)
        x[i] = sg_random_normal(&random);
    const double before = sqrt(dot(x, x, l->n));
    const double norm = separate(l, x);
    *ret_is_nothing = norm <= NOTHING * before;
    if (!*ret_is_nothing)
        scale(x, 1 / norm, l->n);
    return SG_OK;
}

/* Adds one vector; l->beside[] of the last step is the norm of what is left for the next. */
static sg_status step(lanczos *l, sg_error *err)
{
    const size_t i = l->n_steps;
    double *next = l->vector[i + 1] = SG_NEW_ARRAY(double, l->n);
    if (!next)
        return sg_fail_memory(err, "finding singular values");
    if (l->of_rows)
        multiply_rows(l->m, l->vector[i], l->across, next);
    else
        multiply_columns(l->m, l->vector[i], next);
    l->diagonal[i] = dot(next, l->vector[i], l->n);
    l->scale = fmax(l->scale, l->diagonal[i]);
    add_multiple(next, -l->diagonal[i], l->vector[i], l->n);
    if (i > 0)
        add_multiple(next, -l->beside[i - 1], l->vector[i - 1], l->n);
    l->n_steps++;
    l->beside[i] = separate(l, next);
    return SG_OK;
}

/* Adds up the vector of the largest eigenvalue, of norm 1. */
static sg_status add_up_top(const lanczos *l, double **ret, sg_error *err)
{
    double *sum = SG_NEW_ARRAY(double, l->n);
    if (!sum)
        return sg_fail_memory(err, "finding singular values");
    for (size_t i = 0; i < l->n_steps; i++)
        add_multiple(sum, l->top[i], l->vector[i], l->n);
    scale(sum, 1 / sqrt(dot(sum, sum, l->n)), l->n);
    *ret = sum;
    return SG_OK;
}

/* Where the memory is used up: begins anew from the best vector so far. */
static sg_status restart(lanczos *l, sg_error *err)
{
    double *top = NULL;
    SG_TRY(add_up_top(l, &top, err));
    l->n_before += l->n_steps;
    forget(l);
    l->vector[0] = top;
    return SG_OK;
}

/* Returns the largest eigenvalue on the space left by l->apart. */
static sg_status iterate(lanczos *l, double residual, double *ret, sg_error *err)
{
    bool is_nothing;
    SG_TRY(begin(l, &is_nothing, err));
    double value = 0;
    while (!is_nothing && l->n_before + l->n_steps < SG_LANCZOS_STEPS) {
        if (l->n_steps == l->room)
            SG_TRY(restart(l, err));
        SG_TRY(step(l, err));
        const size_t last = l->n_steps - 1;
        const bool ends = l->beside[last] <= NOTHING * l->scale;
        const bool is_last = l->n_steps == l->room || l->n_before + l->n_steps == SG_LANCZOS_STEPS;
        if (ends || l->n_steps % CHECK_EVERY == 0 || is_last) {
            value = largest_eigenvalue(l);
            find_top(l, value);
            if (ends || l->beside[last] * fabs(l->top[last]) <= residual * value)
                break;
        }
        scale(l->vector[l->n_steps], 1 / l->beside[last], l->n);
    }
    *ret = value;
    return SG_OK;
}

/* Puts the vector of the largest eigenvalue apart. */
static sg_status set_apart(lanczos *l, sg_error *err)
{
    SG_TRY(add_up_top(l, &l->apart, err));
    forget(l);
    return SG_OK;
}

sg_status sg_spectrum_within(const sg_csr *m, size_t room, sg_spectrum *ret, sg_error *err)
{
    const bool of_rows = m->n_rows <= m->n_cols;
    const size_t n = of_rows ? m->n_rows : m->n_cols;
    sg_spectrum spectrum = {.second = n > 1 ? 0 : (double)NAN};
    if (m->n_links > 0) {
        SG_CLEANUP(lanczos_clear)
        lanczos l = {.m = m, .of_rows = of_rows, .n = n, .room = room};
        double first = 0;
        double second = 0;
        l.across = SG_NEW_ARRAY(double, of_rows ? m->n_cols : 1);
        if (!l.across)
            return sg_fail_memory(err, "finding singular values");
        SG_TRY(iterate(&l, FIRST_RESIDUAL, &first, err));
        SG_TRY(set_apart(&l, err));
        SG_TRY(iterate(&l, SECOND_RESIDUAL, &second, err));
        spectrum.first = sqrt(first);
        if (n > 1 && second > NOTHING * first)
            spectrum.second = sqrt(second);
    }
    *ret = spectrum;
    return SG_OK;
}

sg_status sg_spectrum_of(const sg_csr *m, sg_spectrum *ret, sg_error *err)
{
    const size_t n = m->n_rows <= m->n_cols ? m->n_rows : m->n_cols;
    return sg_spectrum_within(m, room_for(m, n), ret, err);
}
