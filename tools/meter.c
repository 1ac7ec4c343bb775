/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "meter.h"
#include "terminal.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BAR_MAX = 28, TEXT_MAX = 256 };

static const double redraw_s = 0.1; /* often enough to look alive, rare enough to cost nothing */

static double now_s(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void meter_start(meter *m, bool quiet)
{
    *m = (meter){
        .quiet = quiet,
        .animated = !quiet && terminal_is(stderr),
        .colors = terminal_colors(stderr),
        .utf8 = terminal_utf8(),
        .stage_start_s = now_s(),
    };
}

void meter_clear(meter *m)
{
    if (m->drawn)
        (void)fputs("\r\033[K", stderr);
    m->drawn = false;
}

void meter_finish(meter *m)
{
    meter_clear(m);
    if (m->pending[0] != '\0')
        (void)fprintf(stderr, "%s\n", m->pending);
    m->pending[0] = '\0';
}

void meter_say(meter *m, const char *format, ...)
{
    va_list arguments;

    if (m->quiet)
        return;
    meter_clear(m);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

/* "1:05 left" or "2:01:05 left"; nothing while there is no telling. */
static void format_left(char *text, size_t size, double left_s)
{
    if (!(left_s >= 0.0 && left_s < 1e7)) {
        text[0] = '\0';
        return;
    }
    const unsigned long s = (unsigned long)(left_s + 0.5);
    if (s >= 3600)
        (void)snprintf(text, size, "%lu:%02lu:%02lu left", s / 3600, s / 60 % 60, s % 60);
    else
        (void)snprintf(text, size, "%lu:%02lu left", s / 60, s % 60);
}

static void print_bar(const meter *m, double share, unsigned width)
{
    const unsigned full = (unsigned)lround(share * (double)width);

    if (m->colors)
        (void)fputs("\033[36m", stderr);
    for (unsigned i = 0; i < width; i++)
        if (i < full)
            (void)fputs(m->utf8 ? "━" : "#", stderr);
        else
            (void)fputs(m->utf8 ? "╌" : ".", stderr);
    if (m->colors)
        (void)fputs("\033[0m", stderr);
}

/* Draws "before BAR after" over the last line; what the terminal is too narrow for is left out. */
static void draw(meter *m, const char *before, double share, const char *after)
{
    const unsigned width = terminal_width(stderr);
    const size_t text = strlen(before) + strlen(after) + 3;

    (void)fputs("\r\033[K", stderr);
    (void)fprintf(stderr, "%.*s", (int)(width > 1 ? width - 1 : 0), before);
    if (text + 6 < width) {
        const unsigned room = width - (unsigned)text;
        (void)fputc(' ', stderr);
        print_bar(m, share, room < BAR_MAX ? room : BAR_MAX);
        (void)fprintf(stderr, " %s", after);
    }
    (void)fflush(stderr);
    m->drawn = true;
}

static bool is_due(meter *m, bool last)
{
    const double now = now_s();

    if (!last && now - m->last_draw_s < redraw_s)
        return false;
    m->last_draw_s = now;
    return true;
}

void meter_progress(void *user, const char *stage, size_t done, size_t total)
{
    meter *m = user;
    char left[32] = "";
    char after[TEXT_MAX];

    if (m->quiet || total == 0)
        return;
    if (strcmp(stage, m->stage) != 0) {
        meter_finish(m);
        (void)snprintf(m->stage, sizeof m->stage, "%s", stage);
        m->stage_start_s = now_s();
    }
    const double elapsed_s = now_s() - m->stage_start_s;
    if (!m->animated) {
        if (done == total)
            (void)snprintf(m->pending, sizeof m->pending, "%s: %zu of %zu, %.1f s", m->stage, done,
                           total, elapsed_s);
        return;
    }
    if (!is_due(m, done == total))
        return;
    if (done > 0)
        format_left(left, sizeof left, elapsed_s * (double)(total - done) / (double)done);
    (void)snprintf(after, sizeof after, "%zu/%zu  %s", done, total, left);
    draw(m, stage, (double)done / (double)total, after);
}

void meter_batch(void *user, const sg_train_batch *where)
{
    meter *m = user;
    char before[64];
    char left[32] = "";
    char after[TEXT_MAX];
    const size_t done = (where->epoch - 1) * where->n_batches + where->batch;

    if (m->first_done == 0)
        m->first_done = done > 0 ? done : 1;
    if (!m->animated || !is_due(m, false))
        return;

    const size_t here = done + 1 - m->first_done; /* batches of this command, not of the run */
    const size_t to_go = where->n_epochs * where->n_batches - done;
    format_left(left, sizeof left, where->elapsed_s * (double)to_go / (double)here);
    (void)snprintf(before, sizeof before, "epoch %zu/%zu", where->epoch, where->n_epochs);
    (void)snprintf(after, sizeof after, "loss %.4f  accuracy %.2f %%  density %.3g %%  %s",
                   where->loss, 100.0 * where->accuracy, 100.0 * where->density, left);
    draw(m, before, (double)where->batch / (double)where->n_batches, after);
}

void meter_epoch(void *user, const sg_epoch_metrics *e, size_t n_epochs)
{
    meter *m = user;

    if (e->epoch == 0)
        meter_say(m, "epoch 0/%zu  test accuracy %.2f %%  links %.0f  density %.4g  (untrained)",
                  n_epochs, 100.0 * e->test_accuracy, e->links, e->density);
    else
        meter_say(m,
                  "epoch %ld/%zu  train loss %.4f  test loss %.4f  test accuracy %.2f %%  "
                  "links %.0f  density %.4g  %.2f s",
                  e->epoch, n_epochs, e->train_loss, e->test_loss, 100.0 * e->test_accuracy,
                  e->links, e->density, e->train_s);
}
