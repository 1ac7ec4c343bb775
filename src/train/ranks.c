/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/ranks_internal.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t count_in(const char *variable)
{
    const char *text = getenv(variable);
    uint64_t n = 0;
    return text && sg_parse_u64(text, &n) && n <= SIZE_MAX ? (size_t)n : 0;
}

/* How many processes the launcher says it started; below 2: none, or this one alone. */
static size_t n_launched(void)
{
    size_t n = count_in("OMPI_COMM_WORLD_SIZE");
    if (n == 0)
        n = count_in("PMI_SIZE");
    if (n == 0 && getenv("PMIX_RANK")) /* srun --mpi=pmix; a plain srun starts strangers */
        n = count_in("SLURM_STEP_NUM_TASKS");
    return n;
}

sg_status sg_ranks_open(sg_ranks **ret, sg_error *err)
{
    const size_t n = n_launched();
    if (n > 1)
        return sg_ranks_open_mpi(n, ret, err);
    sg_ranks *alone = SG_NEW(sg_ranks);
    if (!alone)
        return sg_fail_memory(err, "preparing to train");
    alone->count = 1;
    *ret = alone;
    return SG_OK;
}

sg_status sg_ranks_init(sg_ranks *ranks, size_t index, size_t count, const sg_transport *transport,
                        sg_error *err)
{
    SG_AUTOFREE sg_rank_note *note = SG_NEW_ARRAY(sg_rank_note, count);
    SG_AUTOFREE uint64_t *value = SG_NEW_ARRAY(uint64_t, count);
    SG_AUTOFREE size_t *n_bytes = SG_NEW_ARRAY(size_t, count);
    if (!note || !value || !n_bytes)
        return sg_fail_memory(err, "joining the other ranks");
    *ranks = (sg_ranks){.index = index, .count = count, .transport = transport};
    ranks->note = SG_TAKE(note);
    ranks->value = SG_TAKE(value);
    ranks->n_bytes = SG_TAKE(n_bytes);
    return SG_OK;
}

void sg_ranks_clear(sg_ranks *ranks)
{
    sg_free(ranks->note);
    sg_free(ranks->value);
    sg_free(ranks->n_bytes);
}

void sg_ranks_free(sg_ranks *ranks)
{
    if (ranks && ranks->transport)
        ranks->transport->close(ranks);
    else
        sg_free(ranks);
}

size_t sg_ranks_index(const sg_ranks *ranks)
{
    return ranks ? ranks->index : 0;
}

size_t sg_ranks_count(const sg_ranks *ranks)
{
    return ranks ? ranks->count : 1;
}

/* Every rank comes with its own item among all, and leaves with the others' too. */
static void exchange(sg_ranks *ranks, void *all, size_t size)
{
    for (size_t r = 0; r < ranks->count; r++)
        ranks->n_bytes[r] = size;
    ranks->transport->collect(ranks, all, ranks->n_bytes);
}

static void exchange_notes(sg_ranks *ranks, sg_status status, const char *message)
{
    sg_rank_note *mine = &ranks->note[ranks->index];
    *mine = (sg_rank_note){.status = status};
    (void)snprintf(mine->place, sizeof mine->place, "%s", ranks->place);
    (void)snprintf(mine->message, sizeof mine->message, "%s", message);
    exchange(ranks, ranks->note, sizeof *ranks->note);
}

static void exchange_values(sg_ranks *ranks, uint64_t value)
{
    ranks->value[ranks->index] = value;
    exchange(ranks, ranks->value, sizeof *ranks->value);
}

sg_status sg_ranks_agree(sg_ranks *ranks, sg_status mine, sg_error *err)
{
    if (sg_ranks_count(ranks) < 2)
        return mine;
    exchange_notes(ranks, mine, mine != SG_OK && err ? err->message : "");

    size_t first = ranks->count;
    size_t n_alike = 0;
    for (size_t r = 0; r < ranks->count; r++) {
        if (ranks->note[r].status != SG_OK && first == ranks->count)
            first = r;
        n_alike += first < ranks->count && ranks->note[r].status == ranks->note[first].status;
    }
    if (first == ranks->count)
        return SG_OK;
    const sg_rank_note *note = &ranks->note[first];
    const sg_status status = note->status;
    sg_fail_write(err, status, "%s", note->message);
    if (n_alike < ranks->count)
        sg_fail_prefix(err, status, "rank %zu of %zu on %s", first, ranks->count, note->place);
    return status;
}

bool sg_ranks_any(sg_ranks *ranks, bool mine)
{
    if (sg_ranks_count(ranks) < 2)
        return mine;
    exchange_values(ranks, mine);
    for (size_t r = 0; r < ranks->count; r++)
        mine = mine || ranks->value[r] != 0;
    return mine;
}

sg_status sg_ranks_same(sg_ranks *ranks, uint64_t value, const char *what, sg_error *err)
{
    if (sg_ranks_count(ranks) < 2)
        return SG_OK;
    exchange_values(ranks, value);
    size_t differs = 1;
    while (differs < ranks->count && ranks->value[differs] == ranks->value[0])
        differs++;
    return differs == ranks->count
               ? SG_OK
               : sg_fail(err, SG_EINVAL, "rank %zu of %zu %s rank 0", differs, ranks->count, what);
}
