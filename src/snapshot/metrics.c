/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/metrics.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(name)                                                                                \
    {                                                                                              \
#name, offsetof(sg_epoch_metrics, name)                                                    \
    }
static const struct {
    const char *name;
    size_t offset;
} FIELDS[] = {
    FIELD(train_s),    FIELD(evolve_s),  FIELD(test_s),         FIELD(snapshot_s),
    FIELD(train_loss), FIELD(test_loss), FIELD(train_accuracy), FIELD(test_accuracy),
    FIELD(links),      FIELD(density),
};

static double get_field(const sg_epoch_metrics *m, size_t i)
{
    double value = 0.0;
    memcpy(&value, (const char *)m + FIELDS[i].offset, sizeof value);
    return value;
}

static void set_field(sg_epoch_metrics *m, size_t i, double value)
{
    memcpy((char *)m + FIELDS[i].offset, &value, sizeof value);
}

sg_status sg_metrics_print(const sg_epoch_metrics *m, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *line = sg_json_object();
    SG_AUTOFREE char *text = NULL;
    sg_json_add_number(line, "epoch", (double)m->epoch);
    for (size_t i = 0; i < SG_COUNT(FIELDS); i++)
        sg_json_add_number(line, FIELDS[i].name, get_field(m, i));
    SG_TRY(sg_json_print(line, false, &text, err));
    char *with_newline = sg_format("%s\n", text);
    if (!with_newline)
        return sg_fail_memory(err, "writing metrics");
    *ret = with_newline;
    return SG_OK;
}

static sg_status parse_line(const char *line, size_t n, sg_epoch_metrics *ret, sg_error *err)
{
    SG_CLEANUP(sg_json_free_cleanup_) sg_json *object = NULL;
    SG_TRY(sg_json_parse(line, n, &object, err));
    uint64_t epoch = 0;
    if (!sg_json_u64(sg_json_get(object, "epoch"), &epoch) || epoch > LONG_MAX)
        return sg_fail(err, SG_EFORMAT, "it is no JSON object with an epoch");
    ret->epoch = (long)epoch;
    for (size_t i = 0; i < SG_COUNT(FIELDS); i++) {
        double value = NAN;
        const sg_json *number = sg_json_get(object, FIELDS[i].name);
        (void)sg_json_number(number, &value);
        set_field(ret, i, value);
    }
    return SG_OK;
}

/* An epoch with the place of its line, so that sorting can tell which one came last. */
typedef struct numbered {
    sg_epoch_metrics metrics;
    size_t line;
} numbered;

static int by_epoch_then_line(const void *a, const void *b)
{
    const numbered *x = a;
    const numbered *y = b;
    if (x->metrics.epoch != y->metrics.epoch)
        return x->metrics.epoch < y->metrics.epoch ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static size_t count_lines(const char *text, size_t n)
{
    size_t n_lines = 1; /* the last may lack its newline */
    for (size_t i = 0; i < n; i++)
        n_lines += text[i] == '\n';
    return n_lines;
}

/* Parses line after line into `lines`, which has room for all. */
static sg_status parse_lines(const char *text, size_t n, numbered *lines, size_t *n_ret,
                             sg_error *err)
{
    const char *const end = text + n;
    size_t n_lines = 0;
    for (size_t number = 1; text < end; number++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const size_t length = newline ? (size_t)(newline - text) : (size_t)(end - text);
        numbered *line = &lines[n_lines];
        line->line = number;
        const sg_status status = length > 0 ? parse_line(text, length, &line->metrics, err) : SG_OK;
        if (status == SG_EFORMAT && !newline)
            break; /* half-written */
        if (status != SG_OK)
            return sg_fail_within(err, status, "line %zu", number);
        n_lines += length > 0;
        text += newline ? length + 1 : length;
    }
    *n_ret = n_lines;
    return SG_OK;
}

sg_status sg_metrics_parse(const char *text, size_t n, sg_epoch_metrics **ret, size_t *n_ret,
                           sg_error *err)
{
    const size_t n_max = count_lines(text, n);
    SG_AUTOFREE numbered *lines = SG_NEW_ARRAY(numbered, n_max);
    SG_AUTOFREE sg_epoch_metrics *metrics = SG_NEW_ARRAY(sg_epoch_metrics, n_max);
    if (!lines || !metrics)
        return sg_fail_memory(err, "reading metrics");
    size_t n_lines = 0;
    SG_TRY(parse_lines(text, n, lines, &n_lines, err));

    qsort(lines, n_lines, sizeof *lines, by_epoch_then_line);
    size_t n_epochs = 0;
    for (size_t i = 0; i < n_lines; i++)
        if (i + 1 == n_lines || lines[i + 1].metrics.epoch != lines[i].metrics.epoch)
            metrics[n_epochs++] = lines[i].metrics;
    *ret = SG_TAKE(metrics);
    *n_ret = n_epochs;
    return SG_OK;
}
