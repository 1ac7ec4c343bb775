/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The distance between two topologies, for one hidden layer of 1,000 neurons with 784 inputs and
 * 10 outputs: two networks drawn independently, the hardest pair, and two of neighbouring epochs.
 * And following each connection of such a network through a run that renews 30 % an epoch.
 * One thread; the best of several, in user time.
 */

#include "base/memory.h"
#include "base/random.h"
#include "measure/history.h"
#include "measure/nnstd.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { N_IN = 784, N_HIDDEN = 1000, N_OUT = 10, N_LINKS = 33000, REPEATS = 7 };

/* The same with connections followed from epoch to epoch: so many epochs. */
enum { N_EPOCHS = 50 };

static double user_ms(void)
{
    struct rusage use;
    (void)getrusage(RUSAGE_SELF, &use);
    return (double)use.ru_utime.tv_sec * 1e3 + (double)use.ru_utime.tv_usec / 1e3;
}

static void must(sg_status status, const sg_error *err)
{
    if (status == SG_OK)
        return;
    (void)fprintf(stderr, "bench_change: %s\n", err->message);
    exit(1);
}

/* A connection is there with a chance that grows towards the middle column by `spread`; its number
 * is drawn anew with the chance `renewed`. */
static sg_csr *draw_matrix(size_t n_rows, size_t n_cols, double spread, double renewed,
                           uint64_t seed)
{
    sg_csr *m = NULL;
    sg_error err = {0};
    sg_random first;
    sg_random second;
    must(sg_csr_new(n_rows, n_cols, n_rows * n_cols, false, &m, &err), &err);
    sg_random_open(&first, 1, SG_RANDOM_SAMPLE, 0, 0);
    sg_random_open(&second, seed, SG_RANDOM_SAMPLE, 1, 0);
    const double chance = n_rows <= N_OUT ? 1 : (double)N_LINKS / (double)(n_rows * n_cols);
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t col = 0; col < n_cols; col++) {
            const double place = 2 * (double)col / (double)n_cols - 1;
            const double likely = chance * (1 + spread * (1.0 / 3 - place * place));
            const double kept = sg_random_unit(&first);
            const double anew = sg_random_unit(&second);
            if ((sg_random_unit(&second) < renewed ? anew : kept) < likely)
                m->col[n++] = (uint32_t)col;
        }
        m->row_start[row + 1] = n;
    }
    m->n_links = n;
    return m;
}

static sg_snapshot *draw_network(double spread, double renewed, uint64_t seed)
{
    static const sg_layer layers[] = {{.name = "input", .size = N_IN},
                                      {.name = "hidden1", .size = N_HIDDEN},
                                      {.name = "output", .size = N_OUT}};
    sg_snapshot *s = NULL;
    sg_error err = {0};
    must(sg_snapshot_new(&s, &err), &err);
    for (size_t i = 0; i < SG_COUNT(layers); i++)
        must(sg_snapshot_add_layer(s, &layers[i], &err), &err);
    must(sg_snapshot_add_link(s, "input-hidden1", 0, 1,
                              draw_matrix(N_HIDDEN, N_IN, spread, renewed, seed), &err),
         &err);
    must(sg_snapshot_add_link(s, "hidden1-output", 1, 2, draw_matrix(N_OUT, N_HIDDEN, 0, 0, seed),
                              &err),
         &err);
    return s;
}

static void measure(const char *what, double spread, double renewed)
{
    sg_snapshot *a = draw_network(spread, 0, 2);
    sg_snapshot *b = draw_network(spread, renewed, 3);
    double best = 1e300;
    double distance = 0;
    for (int i = 0; i < REPEATS; i++) {
        sg_nnstd d = {0};
        sg_error err = {0};
        const double start = user_ms();
        must(sg_nnstd_make(a, b, &d, &err), &err);
        const double spent = user_ms() - start;
        best = spent < best ? spent : best;
        distance = d.of_link[0];
        sg_nnstd_clear(&d);
    }
    printf("NNSTD, 1,000 neurons, %s: %.1f ms, distance %.4f\n", what, best, distance);
    sg_snapshot_free(a);
    sg_snapshot_free(b);
}

static void follow(void)
{
    sg_history *h = NULL;
    sg_error err = {0};
    double spent = 0;
    size_t n_links = 0;
    must(sg_history_new(&h, &err), &err);
    for (long epoch = 0; epoch < N_EPOCHS; epoch++) {
        sg_snapshot *s = draw_network(0, 0.3, (uint64_t)epoch + 2);
        n_links += sg_snapshot_n_connections(s);
        const double start = user_ms();
        must(sg_history_add(h, s, epoch, &err), &err);
        spent += user_ms() - start;
        sg_snapshot_free(s);
    }
    printf("history, %zu links an epoch, %d epochs: %.2f ms an epoch, %.1f ns a link\n",
           n_links / N_EPOCHS, N_EPOCHS, spent / N_EPOCHS, spent * 1e6 / (double)n_links);
    sg_history_free(h);
}

int main(void)
{
    follow();
    measure("30 % of the links drawn anew", 0, 0.3);
    measure("drawn independently", 0, 1);
    measure("drawn independently, half of the inputs rarely used", 1.4, 1);
    return 0;
}
