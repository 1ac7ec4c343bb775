/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/values.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include <math.h>
#include <string.h>

enum { BYTES_MAX = 1 << 30, WORD_MAX = 64, SHOWN_MAX = 24 };

static const double value_limit = 9007199254740992.0; /* 2^53, where reals skip integers */

static bool is_count(double v)
{
    return v >= 0 && v <= value_limit && v == floor(v);
}

void sg_values_clear(sg_values *v)
{
    if (!v)
        return;
    sg_free(v->value);
    *v = (sg_values){0};
}

/* The numbers while they are read. */
typedef struct reading {
    const char *name;
    sg_values values;
    size_t capacity;
    size_t line;
} reading;

static void reading_clear(reading *r)
{
    sg_values_clear(&r->values);
}

static bool separates(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\r' || c == '\n' || c == '\v' ||
           c == '\f';
}

/* What a message shows of a word: printable ASCII, not too much. */
static void show(const char *word, size_t n, char shown[SHOWN_MAX + 4])
{
    const size_t m = n < SHOWN_MAX ? n : SHOWN_MAX;
    memcpy(shown, word, m);
    for (size_t i = 0; i < m; i++)
        if (shown[i] < 0x20 || shown[i] > 0x7E)
            shown[i] = '?';
    memcpy(shown + m, n > m ? "..." : "", n > m ? 4 : 1);
}

static sg_status take_word(reading *r, const char *word, size_t n, sg_error *err)
{
    char copy[WORD_MAX];
    double v = 0;
    if (n >= sizeof copy || memchr(word, '\0', n)) {
        n = n < SHOWN_MAX ? n : SHOWN_MAX + 1;
        copy[0] = '\0';
    } else {
        memcpy(copy, word, n);
        copy[n] = '\0';
    }
    if (!sg_parse_double(copy, &v)) {
        char shown[SHOWN_MAX + 4];
        show(word, n, shown);
        return sg_fail(err, SG_EFORMAT, "'%s', line %zu: '%s' is no number", r->name, r->line,
                       shown);
    }
    if (r->values.n == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 256;
        double *room = sg_resize(r->values.value, capacity, sizeof *room);
        if (!room)
            return sg_fail(err, SG_ENOMEM, "out of memory reading '%s'", r->name);
        r->values.value = room;
        r->capacity = capacity;
    }
    r->values.value[r->values.n++] = v;
    r->values.counts = r->values.counts && is_count(v);
    return SG_OK;
}

static sg_status take_line(reading *r, const char *at, const char *end, sg_error *err)
{
    while (at < end && *at != '#' && *at != '%') {
        if (separates(*at)) {
            at++;
            continue;
        }
        const char *word = at;
        while (at < end && !separates(*at) && *at != '#' && *at != '%')
            at++;
        SG_TRY(take_word(r, word, (size_t)(at - word), err));
    }
    return SG_OK;
}

sg_status sg_values_read(const char *path, sg_values *ret, sg_error *err)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    SG_CLEANUP(reading_clear)
    reading r = {.name = is_stdin ? "standard input" : path, .values = {.counts = true}};
    SG_AUTOFREE char *text = NULL;
    size_t n = 0;
    SG_TRY(sg_file_read_gz(is_stdin ? "/dev/stdin" : path, BYTES_MAX, &text, &n, err));

    const char *at = sg_utf8_begin(text, n);
    const char *end = text + n;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end : end;
        r.line++;
        SG_TRY(take_line(&r, at, line_end, err));
        at = line_end < end ? line_end + 1 : end;
    }
    if (r.values.n == 0)
        return sg_fail(err, SG_EFORMAT, "'%s' holds no number", r.name);
    *ret = r.values;
    r.values = (sg_values){0};
    return SG_OK;
}

static bool all_counts(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_count(values[i]))
            return false;
    return true;
}

static sg_status fit_counts(const double *values, size_t n, const sg_powerlaw_params *params,
                            sg_values_fit *f, sg_error *err)
{
    SG_AUTOFREE uint64_t *counts = SG_NEW_ARRAY(uint64_t, n);
    if (!counts)
        return sg_fail_memory(err, "fitting a tail");
    for (size_t i = 0; i < n; i++) {
        if (!is_count(values[i]))
            return sg_fail(err, SG_EINVAL,
                           "number %zu, %g, is no count; the continuous fit takes reals", i + 1,
                           values[i]);
        counts[i] = (uint64_t)values[i];
    }
    sg_powerlaw *p = &f->fit;
    SG_TRY(sg_powerlaw_fit(counts, n, params, p, err));
    f->scale_free = sg_scale_free_classify(p, 1);
    return SG_OK;
}

static sg_status fit_reals(const double *values, size_t n, const sg_powerlaw_params *params,
                           sg_values_fit *f, sg_error *err)
{
    sg_powerlaw_continuous *p = &f->continuous;
    SG_TRY(sg_powerlaw_fit_continuous(values, n, params, p, err));
    const sg_powerlaw same = {.alpha = p->alpha,
                              .n_tail = p->n_tail,
                              .p_value = p->p_value,
                              .favoured = p->favoured,
                              .favoured_p = p->favoured_p};
    f->scale_free = sg_scale_free_classify(&same, 1);
    return SG_OK;
}

sg_status sg_values_fit_tail(const double *values, size_t n, const sg_values_fit_params *params,
                             sg_values_fit *ret, sg_error *err)
{
    const sg_values_fit_params defaults = SG_VALUES_FIT_PARAMS_DEFAULT;
    if (!params)
        params = &defaults;
    sg_values_fit f = {.discrete = params->kind == SG_VALUES_DISCRETE ||
                                   (params->kind == SG_VALUES_DETECT && all_counts(values, n))};
    sg_tail_index_params index = params->index;
    index.integers = f.discrete;
    if (f.discrete)
        SG_TRY(fit_counts(values, n, &params->powerlaw, &f, err));
    else
        SG_TRY(fit_reals(values, n, &params->powerlaw, &f, err));
    SG_TRY(sg_tail_indices_estimate(values, n, &index, &f.index, err));
    *ret = f;
    return SG_OK;
}
