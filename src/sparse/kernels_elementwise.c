/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops over whole arrays, left to the compiler to vectorise. */
#include "sparse/kernels_isa.h"

#include <string.h>

static void leaky(const float *z, float *y, size_t n, float slope)
{
    for (size_t s = 0; s < n; s++)
        y[s] = z[s] > 0.0F ? z[s] : slope * z[s];
}

static void rectify_all(const float *z, float *y, size_t n)
{
    for (size_t s = 0; s < n; s++)
        y[s] = z[s] > 0.0F ? z[s] : 0.0F;
}

static void leaky_backward(const float *restrict z, float *restrict d, size_t n, float slope)
{
    for (size_t s = 0; s < n; s++)
        d[s] *= z[s] > 0.0F ? 1.0F : slope;
}

static void srelu(const sg_srelu *f, const float *z, float *y, size_t n)
{
    for (size_t s = 0; s < n; s++) {
        const float right = f->t_right + f->a_right * (z[s] - f->t_right);
        const float left = f->t_left + f->a_left * (z[s] - f->t_left);
        const float low = z[s] <= f->t_left ? left : z[s];
        y[s] = z[s] >= f->t_right ? right : low;
    }
}

/* Adds up lanes in a fixed order. */
static float lane_sum(const float lane[SG_BATCH_ALIGN])
{
    float sum = 0.0F;
    for (size_t i = 0; i < SG_BATCH_ALIGN; i++)
        sum += lane[i];
    return sum;
}

/* Sums in SG_BATCH_ALIGN lanes, a row's whole width at a time. */
static void srelu_backward(const sg_srelu *f, const float *restrict z, float *restrict d, size_t n,
                           sg_srelu *ret)
{
    float t_left[SG_BATCH_ALIGN] = {0};
    float a_left[SG_BATCH_ALIGN] = {0};
    float t_right[SG_BATCH_ALIGN] = {0};
    float a_right[SG_BATCH_ALIGN] = {0};
    for (size_t s = 0; s < n; s += SG_BATCH_ALIGN) {
        for (size_t i = 0; i < SG_BATCH_ALIGN; i++) {
            const float at = z[s + i];
            const float by = d[s + i];
            const bool is_right = at >= f->t_right;
            const bool is_left = !is_right && at <= f->t_left;
            const float right = is_right ? by : 0.0F;
            const float left = is_left ? by : 0.0F;
            t_right[i] += right * (1.0F - f->a_right);
            a_right[i] += right * (at - f->t_right);
            t_left[i] += left * (1.0F - f->a_left);
            a_left[i] += left * (at - f->t_left);
            d[s + i] = by * (is_right ? f->a_right : is_left ? f->a_left : 1.0F);
        }
    }
    *ret = (sg_srelu){lane_sum(t_left), lane_sum(a_left), lane_sum(t_right), lane_sum(a_right)};
}

ALWAYS_INLINE vector lanes_of(const float *row, size_t stride)
{
    vector sum = load(row);
    for (size_t s = WIDTH; s < stride; s += WIDTH)
        sum += load(row + s);
    return sum;
}

static void row_sums(const float *d, size_t n_rows, size_t stride, float *sum)
{
    for (size_t row = 0; row < n_rows; row += QUAD) {
        const size_t n = n_rows - row < QUAD ? n_rows - row : QUAD;
        vector lanes[QUAD] = {{0}};
        for (size_t i = 0; i < n; i++)
            lanes[i] = lanes_of(d + (row + i) * stride, stride);
        const quad sums = sums_of(lanes);
        for (size_t i = 0; i < n; i++)
            sum[row + i] += sums[i];
    }
}

static void multiply_by(const float *restrict factor, float *restrict v, size_t n)
{
    for (size_t s = 0; s < n; s++)
        v[s] *= factor[s];
}

static void add(const float *a, const float *b, float *sum, size_t n)
{
    for (size_t k = 0; k < n; k++)
        sum[k] = a[k] + b[k];
}

static void step(const sg_step *by, const float *restrict g, float *restrict v, float *restrict w,
                 size_t n)
{
    const sg_step s = *by;
    for (size_t k = 0; k < n; k++) {
        v[k] = s.momentum * v[k] - s.lr * g[k];
        w[k] += v[k] - s.weight_decay * w[k];
    }
}

/* One column of a block of samples: as it is stored, and on its way to floats. */
typedef uint8_t bytes __attribute__((vector_size(SG_BATCH_ALIGN), aligned(1), may_alias));
typedef uint16_t halves __attribute__((vector_size(SG_BATCH_ALIGN * sizeof(uint16_t))));
typedef int32_t words __attribute__((vector_size(SG_BATCH_ALIGN * sizeof(int32_t))));
typedef float floats __attribute__((vector_size(SG_BATCH_ALIGN * sizeof(float)), may_alias));

#define LOW  0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

/* Rows become columns: interleaving the halves of the rows four times. */
ALWAYS_INLINE void transpose(bytes v[SG_BATCH_ALIGN])
{
    enum { HALF = SG_BATCH_ALIGN / 2 };
    UNROLL
    for (int round = 0; round < 4; round++) {
        bytes next[SG_BATCH_ALIGN];
        UNROLL
        for (size_t i = 0; i < HALF; i++) {
            next[2 * i] = __builtin_shufflevector(v[i], v[i + HALF], LOW);
            next[2 * i + 1] = __builtin_shufflevector(v[i], v[i + HALF], HIGH);
        }
        memcpy(v, next, sizeof next);
    }
}

static void unpack(const sg_unpack *p, size_t begin, size_t end)
{
    for (size_t j = begin; j < end; j += SG_BATCH_ALIGN) {
        const size_t n = end - j < SG_BATCH_ALIGN ? end - j : SG_BATCH_ALIGN;
        bytes v[SG_BATCH_ALIGN] = {{0}};
        for (size_t s = 0; s < SG_BATCH_ALIGN; s++) {
            if (n == SG_BATCH_ALIGN)
                v[s] = *(const bytes *)(const void *)(p->sample[s] + j);
            else
                memcpy(&v[s], p->sample[s] + j, n);
        }
        transpose(v);
        for (size_t i = 0; i < n; i++) {
            /* doubled twice: compilers turn one long step into sixteen */
            const words wide =
                __builtin_convertvector(__builtin_convertvector(v[i], halves), words);
            const floats y = __builtin_convertvector(wide, floats);
            *(floats *)(void *)(p->y + (j + i) * p->stride) = y * p->scale[j + i] + p->shift[j + i];
        }
    }
}

const sg_elementwise SG_FOR_ISA(sg_elementwise) = {
    .leaky = leaky,
    .rectify = rectify_all,
    .leaky_backward = leaky_backward,
    .srelu = srelu,
    .srelu_backward = srelu_backward,
    .row_sums = row_sums,
    .multiply_by = multiply_by,
    .add = add,
    .step = step,
    .unpack = unpack,
};
