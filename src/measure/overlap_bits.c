/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/overlap_bits.h"

#include "base/memory.h"

enum { WORD = 64 };

void sg_bit_rows_free(sg_bit_rows *b)
{
    if (!b)
        return;
    sg_free(b->word);
    sg_free(b);
}
SG_DEFINE_CLEANUP(sg_bit_rows, sg_bit_rows_free)

sg_status sg_bit_rows_new(const sg_csr *m, const uint32_t *row, size_t n, sg_bit_rows **ret,
                          sg_error *err)
{
    SG_CLEANUP(sg_bit_rows_free_cleanup_) sg_bit_rows *b = SG_NEW(sg_bit_rows);
    if (!b)
        return sg_fail_memory(err, "counting shared partners");
    b->n_words = (m->n_cols + WORD - 1) / WORD;
    b->word = sg_alloc(n, b->n_words * sizeof *b->word);
    if (!b->word)
        return sg_fail_memory(err, "counting shared partners");
    for (size_t i = 0; i < n; i++) {
        uint64_t *words = b->word + i * b->n_words;
        for (uint64_t k = m->row_start[row[i]]; k < m->row_start[row[i] + 1]; k++)
            words[m->col[k] / WORD] |= (uint64_t)1 << m->col[k] % WORD;
    }
    *ret = SG_TAKE(b);
    return SG_OK;
}

__attribute__((always_inline)) static inline void count_shared(const sg_bit_rows *b, size_t i,
                                                               uint32_t *shared)
{
    const size_t n_words = b->n_words;
    const uint64_t *mine = b->word + i * n_words;
    for (size_t v = 0; v < i; v++) {
        const uint64_t *theirs = b->word + v * n_words;
        uint64_t n = 0;
        for (size_t w = 0; w < n_words; w++)
            n += (uint64_t)__builtin_popcountll(mine[w] & theirs[w]);
        shared[v] = (uint32_t)n;
    }
}

#if defined(__x86_64__)
/* Without the instruction a word costs a dozen operations. */
__attribute__((target("popcnt"))) static void count_shared_popcnt(const sg_bit_rows *b, size_t i,
                                                                  uint32_t *shared)
{
    count_shared(b, i, shared);
}
#endif

void sg_bit_rows_shared(const sg_bit_rows *b, size_t i, uint32_t *shared)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("popcnt")) {
        count_shared_popcnt(b, i, shared);
        return;
    }
#endif
    count_shared(b, i, shared);
}
