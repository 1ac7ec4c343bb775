/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparsegraph/null_model.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"
#include "graph/bicm.h"
#include "graph/curveball.h"
#include "snapshot/map.h"
#include "sparse/topology.h"
#include <math.h>
#include <string.h>

SG_DEFINE_CLEANUP(sg_csr, sg_csr_free)

const char *sg_null_model_name(sg_null_model model)
{
    switch (model) {
    case SG_NULL_MODEL_RANDOM:
        return "random";
    case SG_NULL_MODEL_CURVEBALL:
        return "curveball";
    case SG_NULL_MODEL_BICM:
        return "bicm";
    }
    return NULL;
}

static void shuffle(sg_random *random, float *v, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        const size_t j = (size_t)sg_random_below(random, i);
        const float held = v[i - 1];
        v[i - 1] = v[j];
        v[j] = held;
    }
}

/* Gives a matrix room for values where the original has some. */
static sg_status add_values(const sg_csr *original, sg_csr *m, sg_error *err)
{
    if (!original->value || m->value)
        return SG_OK;
    m->value = sg_alloc_aligned(m->n_links, sizeof *m->value);
    return m->value ? SG_OK : sg_fail_memory(err, "drawing a random network");
}

static sg_status draw_random(const sg_csr *m, sg_random *random, sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *drawn = NULL;
    SG_TRY(sg_topology_exact(m->n_rows, m->n_cols, m->n_links, random, &drawn, err));
    if (m->value) {
        memcpy(drawn->value, m->value, m->n_links * sizeof *m->value);
        shuffle(random, drawn->value, m->n_links);
    } else {
        sg_free(drawn->value);
        drawn->value = NULL;
    }
    *ret = SG_TAKE(drawn);
    return SG_OK;
}

static sg_status draw_curveball(const sg_csr *m, sg_random *random, sg_null_drawn *drawn,
                                sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *mixed = NULL;
    sg_curveball_mixing mixing = {0};
    SG_TRY(sg_curveball(m, 0, random, &mixing, &mixed, err));
    SG_TRY(add_values(m, mixed, err));
    if (m->value)
        memcpy(mixed->value, m->value, m->n_links * sizeof *m->value);
    for (size_t row = 0; m->value && row < m->n_rows; row++)
        shuffle(random, mixed->value + m->row_start[row],
                m->row_start[row + 1] - m->row_start[row]);
    drawn->n_trades = mixing.n_trades > drawn->n_trades ? mixing.n_trades : drawn->n_trades;
    drawn->in_common = fmax(drawn->in_common, mixing.in_common); /* which passes over NaN */
    drawn->levelled = drawn->levelled && mixing.levelled;
    *ret = SG_TAKE(mixed);
    return SG_OK;
}

static sg_status draw_bicm(const sg_csr *m, sg_random *random, sg_csr **ret, sg_error *err)
{
    SG_CLEANUP(sg_bicm_clear) sg_bicm model = {0};
    SG_CLEANUP(sg_csr_free_cleanup_) sg_csr *drawn = NULL;
    SG_TRY(sg_bicm_fit(m, &model, err));
    SG_TRY(sg_bicm_draw(&model, random, &drawn, err));
    SG_TRY(add_values(m, drawn, err));
    for (size_t k = 0; m->value && k < drawn->n_links; k++)
        drawn->value[k] = m->value[sg_random_below(random, m->n_links)];
    *ret = SG_TAKE(drawn);
    return SG_OK;
}

static sg_status draw(const sg_csr *m, sg_null_model model, sg_random *random, sg_null_drawn *drawn,
                      sg_csr **ret, sg_error *err)
{
    if (m->n_links == (uint64_t)m->n_rows * m->n_cols)
        return sg_csr_copy(m, ret, err);
    switch (model) {
    case SG_NULL_MODEL_RANDOM:
        return draw_random(m, random, ret, err);
    case SG_NULL_MODEL_CURVEBALL:
        return draw_curveball(m, random, drawn, ret, err);
    case SG_NULL_MODEL_BICM:
        return draw_bicm(m, random, ret, err);
    }
    return sg_fail(err, SG_EINVAL, "there is no null model of number %d", (int)model);
}

typedef struct drawing {
    const sg_null_params *params;
    sg_null_drawn worst;
} drawing;

static sg_status draw_link(const sg_link *link, size_t i, void *user, sg_csr **ret, sg_error *err)
{
    drawing *d = user;
    const sg_null_params *p = d->params;
    sg_random random;
    sg_random_open(&random, p->seed, SG_RANDOM_NULL,
                   (uint32_t)((i << 2 | (size_t)p->model) & 0xffffff), p->index);
    return draw(link->matrix, p->model, &random, &d->worst, ret, err);
}

sg_status sg_null_network(const sg_snapshot *s, const sg_null_params *params, sg_null_drawn *drawn,
                          sg_snapshot **ret, sg_error *err)
{
    drawing d = {.params = params, .worst = {.in_common = NAN, .levelled = true}};
    SG_TRY(sg_snapshot_map(s, draw_link, &d, ret, err));
    if (drawn)
        *drawn = d.worst;
    return SG_OK;
}
