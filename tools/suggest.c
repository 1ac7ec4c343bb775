/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "suggest.h"
#include <stdint.h>
#include <string.h>

enum { WORD_MAX = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap two neighbours) between words of at most WORD_MAX bytes. */
static size_t edits(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1]; /* two rows back, one row back, this row: rotating */
    const size_t n = strlen(b);

    for (size_t j = 0; j <= n; j++)
        rows[0][j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i - 1) % 3];
        const size_t *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            const size_t replaced = before[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = least(replaced, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], earlier[j - 2] + 1);
        }
    }
    return rows[strlen(a) % 3][n];
}

const char *suggest(const char *word, const char *const *names, size_t n)
{
    const size_t length = strlen(word);
    const char *best = NULL;
    size_t best_edits = SIZE_MAX;

    if (length == 0 || length > WORD_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (!names[i] || strlen(names[i]) > WORD_MAX)
            continue;
        /* An abbreviation is as good as one slip. */
        const size_t distance =
            length >= 3 && strncmp(word, names[i], length) == 0 ? 1 : edits(word, names[i]);
        if (distance < best_edits) {
            best_edits = distance;
            best = names[i];
        }
    }
    /* One slip in a short word, one in three letters of a long one: beyond that it is a guess. */
    return best_edits <= (length < 4 ? 1 : length / 3) ? best : NULL;
}
