/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one door to BLAS: OpenBLAS by its C interface. */
#include "sparse/dense.h"

#include <cblas.h>
#include <pthread.h>
#include <string.h>

/* OpenBLAS has one number of threads for the whole process: who changes it has to know who else
 * does. */
static struct {
    pthread_mutex_t lock;
    size_t n_inside;
    int outside; /* the number that leave() goes back to */
} openblas_threads = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void enter(void)
{
    (void)pthread_mutex_lock(&openblas_threads.lock);
    if (openblas_threads.n_inside++ == 0) {
        openblas_threads.outside = openblas_get_num_threads();
        openblas_set_num_threads(1);
    }
    (void)pthread_mutex_unlock(&openblas_threads.lock);
}

static void leave(void)
{
    (void)pthread_mutex_lock(&openblas_threads.lock);
    if (--openblas_threads.n_inside == 0)
        openblas_set_num_threads(openblas_threads.outside);
    (void)pthread_mutex_unlock(&openblas_threads.lock);
}

/* Fills rows of y with their bias, for BLAS to add to; what it leaves alone is the padding. */
static void start_rows(const sg_dense_multiply *p, size_t begin, size_t end)
{
    for (size_t row = begin; row < end; row++) {
        const float bias = p->bias ? p->bias[row] : 0.0F;
        for (size_t s = 0; s < p->stride; s++)
            p->y[row * p->stride + s] = bias;
    }
}

static size_t block_end(size_t at, size_t n_rows, size_t end)
{
    const size_t block = sg_dense_block(n_rows);
    return end - at < block ? end : at + block;
}

static void multiply(const sg_dense_multiply *p, size_t begin, size_t end)
{
    const sg_dense_matrix *m = &p->matrix;
    const int stride = (int)p->stride;
    for (size_t at = begin; at < end;) {
        const size_t next = block_end(at, m->n_rows, end);
        start_rows(p, at, next);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)(next - at), (int)p->n,
                    (int)m->n_cols, 1.0F, m->value + at * m->n_cols, (int)m->n_cols, p->x, stride,
                    1.0F, p->y + at * p->stride, stride);
        at = next;
    }
}

static void multiply_transposed(const sg_dense_multiply *p, size_t begin, size_t end)
{
    const sg_dense_matrix *m = &p->matrix;
    const int stride = (int)p->stride;
    for (size_t at = begin; at < end;) {
        const size_t next = block_end(at, m->n_cols, end);
        for (size_t row = at; row < next; row++)
            memset(p->y + row * p->stride + p->n, 0, (p->stride - p->n) * sizeof *p->y);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)(next - at), (int)p->n,
                    (int)m->n_rows, 1.0F, m->value + at, (int)m->n_cols, p->x, stride, 0.0F,
                    p->y + at * p->stride, stride);
        at = next;
    }
}

static void gradient(const sg_dense_gradient *p, size_t begin, size_t end)
{
    const int stride = (int)p->stride;
    for (size_t at = begin; at < end;) {
        const size_t next = block_end(at, p->n_rows, end);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)(next - at), (int)p->n_cols,
                    (int)p->n, 1.0F, p->d + at * p->stride, stride, p->x, stride,
                    p->add ? 1.0F : 0.0F, p->gradient + at * p->n_cols, (int)p->n_cols);
        at = next;
    }
}

const sg_dense *sg_dense_select(void)
{
    static const sg_dense blas = {
        "OpenBLAS", multiply, multiply_transposed, gradient, enter, leave,
    };
    return &blas;
}
