/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/history.h"

#include "base/memory.h"
#include "base/status.h"
#include <math.h>
#include <string.h>

/* Cells of a matrix, row by row, columns ascending: room for as many as the caller says. */
typedef struct cells {
    uint64_t *start;
    uint32_t *col;
} cells;

/* What has to be remembered of a link from one epoch to the next. */
typedef struct memory {
    cells here;      /* at the last epoch */
    uint32_t *birth; /* the epoch since which each of `here` is there */
    cells gone;      /* there at the epoch before the last, not at the last */
    cells ever;      /* there at any epoch so far */
} memory;

typedef struct past_link {
    char *name;
    size_t n_rows;
    size_t n_cols;
    memory last;
} past_link;

struct sg_history {
    bool is_open;
    size_t n_links;
    past_link *links; /* those of epoch 0 */
    size_t n_epochs;
    size_t capacity;
    sg_link_history *records; /* (capacity, n_links), of which n_epochs rows are filled */
};

static void clear_cells(cells *c)
{
    sg_free(c->start);
    sg_free(c->col);
    *c = (cells){0};
}

static void clear_memory(memory *m)
{
    clear_cells(&m->here);
    clear_cells(&m->gone);
    clear_cells(&m->ever);
    sg_free(m->birth);
    *m = (memory){0};
}

static sg_status make_cells(size_t n_rows, uint64_t room, cells *ret, sg_error *err)
{
    ret->start = SG_NEW_ARRAY(uint64_t, n_rows + 1);
    ret->col = SG_NEW_ARRAY(uint32_t, room);
    return ret->start && ret->col ? SG_OK : sg_fail_memory(err, "following connections");
}

/* Gives m room for what may follow from the matrix `now` after `last`. */
static sg_status make_memory(const memory *last, const sg_csr *now, memory *m, sg_error *err)
{
    SG_TRY(make_cells(now->n_rows, now->n_links, &m->here, err));
    SG_TRY(make_cells(now->n_rows, last->here.start[now->n_rows], &m->gone, err));
    SG_TRY(make_cells(now->n_rows, last->ever.start[now->n_rows] + now->n_links, &m->ever, err));
    m->birth = SG_NEW_ARRAY(uint32_t, now->n_links);
    return m->birth ? SG_OK : sg_fail_memory(err, "following connections");
}

/* Of one row: which connections stayed since `last`, which are new, which are gone. */
static void step_here(const memory *last, const sg_csr *now, size_t row, uint32_t epoch, memory *m)
{
    uint64_t i = last->here.start[row];
    const uint64_t end = last->here.start[row + 1];
    uint64_t n_gone = m->gone.start[row];
    for (uint64_t k = now->row_start[row]; k < now->row_start[row + 1]; k++) {
        const uint32_t col = now->col[k];
        for (; i < end && last->here.col[i] < col; i++)
            m->gone.col[n_gone++] = last->here.col[i];
        const bool stayed = i < end && last->here.col[i] == col;
        m->here.col[k] = col;
        m->birth[k] = stayed ? last->birth[i] : epoch;
        i += stayed;
    }
    for (; i < end; i++)
        m->gone.col[n_gone++] = last->here.col[i];
    m->here.start[row + 1] = now->row_start[row + 1];
    m->gone.start[row + 1] = n_gone;
}

/* Of one row: everything ever there; returns how many of the connections now were there before. */
static uint64_t step_ever(const memory *last, const sg_csr *now, size_t row, memory *m)
{
    uint64_t i = last->ever.start[row];
    const uint64_t end = last->ever.start[row + 1];
    uint64_t n = m->ever.start[row];
    uint64_t n_known = 0;
    for (uint64_t k = now->row_start[row]; k < now->row_start[row + 1]; k++) {
        const uint32_t col = now->col[k];
        for (; i < end && last->ever.col[i] < col; i++)
            m->ever.col[n++] = last->ever.col[i];
        const bool known = i < end && last->ever.col[i] == col;
        m->ever.col[n++] = col;
        n_known += known;
        i += known;
    }
    for (; i < end; i++)
        m->ever.col[n++] = last->ever.col[i];
    m->ever.start[row + 1] = n;
    return n_known;
}

/* Counts the cells of one row that `now` has, too. */
static uint64_t count_back(const cells *c, const sg_csr *now, size_t row)
{
    uint64_t n = 0;
    uint64_t i = c->start[row];
    for (uint64_t k = now->row_start[row]; k < now->row_start[row + 1]; k++) {
        while (i < c->start[row + 1] && c->col[i] < now->col[k])
            i++;
        n += i < c->start[row + 1] && c->col[i] == now->col[k];
    }
    return n;
}

/* The births fill a histogram, (epoch + 1) and zeroed, from which the ages follow. */
static void measure_ages(const uint32_t *birth, uint64_t n, uint32_t epoch, uint64_t *of_epoch,
                         sg_link_history *r)
{
    for (uint64_t k = 0; k < n; k++)
        of_epoch[birth[k]]++;
    uint64_t middle[2] = {0, 0};
    uint64_t n_younger = 0;
    for (uint64_t age = 0; age <= epoch; age++) {
        const uint64_t here = of_epoch[epoch - age];
        r->age_sum += age * here;
        r->age_max = here ? age : r->age_max;
        for (size_t half = 0; half < 2; half++) {
            const uint64_t rank = half == 0 && n > 0 ? (n - 1) / 2 : n / 2;
            if (rank >= n_younger && rank < n_younger + here)
                middle[half] = age;
        }
        n_younger += here;
    }
    r->age_median = n > 0 ? ((double)middle[0] + (double)middle[1]) / 2 : (double)NAN;
}

static sg_status step(const memory *last, const sg_csr *now, uint32_t epoch, memory *m,
                      sg_link_history *record, sg_error *err)
{
    sg_link_history r = {.n_cells = (double)now->n_rows * (double)now->n_cols,
                         .n_here = now->n_links};
    SG_AUTOFREE uint64_t *of_epoch = SG_NEW_ARRAY(uint64_t, (size_t)epoch + 1);
    if (!of_epoch)
        return sg_fail_memory(err, "following connections");
    SG_TRY(make_memory(last, now, m, err));
    uint64_t n_known = 0;
    for (size_t row = 0; row < now->n_rows; row++) {
        step_here(last, now, row, epoch, m);
        n_known += step_ever(last, now, row, m);
        r.n_returned += count_back(&last->gone, now, row);
    }
    const uint64_t n_before = last->here.start[now->n_rows];
    const uint64_t n_kept = n_before - m->gone.start[now->n_rows];
    r.n_ever = m->ever.start[now->n_rows];
    r.n_gone = last->gone.start[now->n_rows];
    if (epoch > 0) {
        r.n_grown = now->n_links - n_kept;
        r.n_regrown = n_known - n_kept;
    }
    measure_ages(m->birth, now->n_links, epoch, of_epoch, &r);
    *record = r;
    return SG_OK;
}

sg_status sg_history_new(sg_history **ret, sg_error *err)
{
    sg_history *h = SG_NEW(sg_history);
    if (!h)
        return sg_fail_memory(err, "following connections");
    h->is_open = true;
    *ret = h;
    return SG_OK;
}

bool sg_history_is_open(const sg_history *h)
{
    return h->is_open;
}

void sg_history_close(sg_history *h)
{
    h->is_open = false;
    for (size_t i = 0; i < h->n_links; i++)
        clear_memory(&h->links[i].last);
}

void sg_history_free(sg_history *h)
{
    if (!h)
        return;
    sg_history_close(h);
    for (size_t i = 0; i < h->n_links; i++)
        sg_free(h->links[i].name);
    sg_free(h->links);
    sg_free(h->records);
    sg_free(h);
}

/* Notes the links of epoch 0; a call that failed half way goes on where it stopped. */
static sg_status begin(sg_history *h, const sg_snapshot *s, sg_error *err)
{
    const size_t n = sg_snapshot_n_links(s);
    if (!h->links)
        h->links = SG_NEW_ARRAY(past_link, n);
    if (!h->links)
        return sg_fail_memory(err, "following connections");
    for (; h->n_links < n; h->n_links++) {
        const sg_link *link = sg_snapshot_link(s, h->n_links);
        past_link past = {.n_rows = link->matrix->n_rows, .n_cols = link->matrix->n_cols};
        sg_status status = make_cells(past.n_rows, 0, &past.last.here, err);
        if (status == SG_OK)
            status = make_cells(past.n_rows, 0, &past.last.gone, err);
        if (status == SG_OK)
            status = make_cells(past.n_rows, 0, &past.last.ever, err);
        if (status == SG_OK && !(past.name = sg_strdup(link->name)))
            status = sg_fail_memory(err, "following connections");
        if (status != SG_OK) {
            clear_memory(&past.last);
            return status;
        }
        h->links[h->n_links] = past;
    }
    return SG_OK;
}

static bool has_same_links(const sg_history *h, const sg_snapshot *s)
{
    if (sg_snapshot_n_links(s) != h->n_links)
        return false;
    for (size_t i = 0; i < h->n_links; i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        const past_link *past = &h->links[i];
        if (strcmp(link->name, past->name) != 0 || link->matrix->n_rows != past->n_rows ||
            link->matrix->n_cols != past->n_cols)
            return false;
    }
    return true;
}

/* Makes room for the records of one more epoch. */
static sg_status reserve(sg_history *h, sg_error *err)
{
    if (h->n_epochs < h->capacity)
        return SG_OK;
    const size_t capacity = 2 * h->capacity + 16;
    sg_link_history *room = sg_resize(h->records, capacity, (h->n_links + 1) * sizeof *room);
    if (!room)
        return sg_fail_memory(err, "following connections");
    h->records = room;
    h->capacity = capacity;
    return SG_OK;
}

typedef struct memories {
    size_t n;
    memory *at;
} memories;

static void clear_memories(memories *m)
{
    for (size_t i = 0; m->at && i < m->n; i++)
        clear_memory(&m->at[i]);
    sg_free(m->at);
}

sg_status sg_history_add(sg_history *h, const sg_snapshot *s, long epoch, sg_error *err)
{
    if (h->is_open && h->n_epochs == 0 && epoch == 0)
        SG_TRY(begin(h, s, err));
    if (!h->is_open || epoch < 0 || (size_t)epoch != h->n_epochs || epoch >= UINT32_MAX ||
        !has_same_links(h, s)) {
        sg_history_close(h);
        return SG_OK;
    }
    SG_TRY(reserve(h, err));
    SG_CLEANUP(clear_memories)
    memories next = {.n = h->n_links, .at = SG_NEW_ARRAY(memory, h->n_links)};
    if (!next.at)
        return sg_fail_memory(err, "following connections");
    for (size_t i = 0; i < h->n_links; i++)
        SG_TRY(step(&h->links[i].last, sg_snapshot_link(s, i)->matrix, (uint32_t)epoch, &next.at[i],
                    &h->records[h->n_epochs * h->n_links + i], err));
    for (size_t i = 0; i < h->n_links; i++) { /* what was is freed as `next` */
        const memory was = h->links[i].last;
        h->links[i].last = next.at[i];
        next.at[i] = was;
    }
    h->n_epochs++;
    return SG_OK;
}

const sg_link_history *sg_history_link(const sg_history *h, long epoch, const char *link)
{
    if (!h || epoch < 0 || (size_t)epoch >= h->n_epochs)
        return NULL;
    for (size_t i = 0; i < h->n_links; i++)
        if (strcmp(h->links[i].name, link) == 0)
            return &h->records[(size_t)epoch * h->n_links + i];
    return NULL;
}
