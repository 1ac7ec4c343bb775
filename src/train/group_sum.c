/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/group_sum.h"

#include "base/memory.h"
#include "base/status.h"

#include <string.h>

/* A megabyte a group: long enough that starting a round costs little beside moving it, short enough
 * for the buffers to stay in a core's cache. */
enum { ROOM = 1 << 18 };

struct sg_group_sum {
    sg_ranks *ranks;
    const sg_elementwise *each;
    size_t n_groups;
    size_t n_own;   /* groups of this rank */
    size_t room;    /* values a round */
    float *mine;    /* (ranks, n_own, slice) what the others sum */
    float *theirs;  /* (n_groups, slice) what this rank sums */
    float *sum;     /* (room) */
    size_t *n_send; /* (ranks) bytes, as the next two */
    size_t *n_receive;
    size_t *n_slice;
};

SG_DEFINE_CLEANUP(sg_group_sum, sg_group_sum_free)

void sg_add_groups(const sg_elementwise *each, const float *group, size_t n_groups, size_t stride,
                   size_t n, float *sum)
{
    if (n_groups == 1 && sum != group)
        memcpy(sum, group, n * sizeof *sum);
    for (size_t g = 1; g < n_groups; g++)
        each->add(g == 1 ? group : sum, group + g * stride, sum, n);
}

void sg_group_sum_free(sg_group_sum *s)
{
    if (!s)
        return;
    sg_free(s->mine);
    sg_free(s->theirs);
    sg_free(s->sum);
    sg_free(s->n_send);
    sg_free(s->n_receive);
    sg_free(s->n_slice);
    sg_free(s);
}

static size_t length(sg_range range)
{
    return range.end - range.begin;
}

sg_status sg_group_sum_new(sg_ranks *ranks, const sg_elementwise *each, size_t n_groups,
                           size_t room, sg_group_sum **ret, sg_error *err)
{
    SG_CLEANUP(sg_group_sum_free_cleanup_) sg_group_sum *s = SG_NEW(sg_group_sum);
    if (!s)
        return sg_fail_memory(err, "making room for sums");
    const size_t n_ranks = sg_ranks_count(ranks);
    s->ranks = ranks;
    s->each = each;
    s->n_groups = n_groups;
    s->n_own = length(sg_range_of(n_groups, sg_ranks_index(ranks), n_ranks));
    s->room = room > 0 ? room : ROOM;
    s->mine = SG_NEW_ARRAY(float, s->n_own * s->room);
    s->theirs = SG_NEW_ARRAY(float, n_groups *(s->room / n_ranks + 1));
    s->sum = SG_NEW_ARRAY(float, s->room);
    s->n_send = SG_NEW_ARRAY(size_t, n_ranks);
    s->n_receive = SG_NEW_ARRAY(size_t, n_ranks);
    s->n_slice = SG_NEW_ARRAY(size_t, n_ranks);
    if (!s->mine || !s->theirs || !s->sum || !s->n_send || !s->n_receive || !s->n_slice)
        return sg_fail_memory(err, "making room for sums");
    *ret = SG_TAKE(s);
    return SG_OK;
}

/* The arrays as one, a copy of each behind the one before. */
typedef struct joined {
    const sg_grouped *array;
    size_t n_arrays;
} joined;

/* Copies the values [range) of a group to `to`, or from it where `back`. */
static void copy_values(const joined *j, size_t group, sg_range range, float *flat, bool back)
{
    size_t begin = 0; /* of the array in hand */
    for (size_t a = 0; a < j->n_arrays && begin < range.end; begin += j->array[a].n, a++) {
        const sg_grouped *array = &j->array[a];
        const size_t end = begin + array->n;
        const size_t from = range.begin > begin ? range.begin : begin;
        const size_t to = range.end < end ? range.end : end;
        if (from >= to)
            continue;
        float *inside = array->value + group * array->n + (from - begin);
        float *outside = flat + (from - range.begin);
        memcpy(back ? inside : outside, back ? outside : inside, (to - from) * sizeof *flat);
    }
}

static void sum_round(const sg_group_sum *s, const joined *j, sg_range values)
{
    const size_t n_ranks = s->ranks->count;
    const size_t n = length(values);
    const sg_range own = sg_range_of(n, s->ranks->index, n_ranks);
    float *at = s->mine;
    for (size_t r = 0; r < n_ranks; r++) {
        const sg_range slice = sg_range_of(n, r, n_ranks);
        const sg_range absolute = {values.begin + slice.begin, values.begin + slice.end};
        for (size_t g = 0; g < s->n_own; g++, at += length(slice))
            copy_values(j, g, absolute, at, false);
        s->n_slice[r] = length(slice) * sizeof *at;
        s->n_send[r] = s->n_own * s->n_slice[r];
        s->n_receive[r] = length(sg_range_of(s->n_groups, r, n_ranks)) * length(own) * sizeof *at;
    }
    const sg_transport *transport = s->ranks->transport;
    transport->deal(s->ranks, s->mine, s->n_send, s->theirs, s->n_receive);
    sg_add_groups(s->each, s->theirs, s->n_groups, length(own), length(own), s->sum + own.begin);
    transport->collect(s->ranks, s->sum, s->n_slice);
    copy_values(j, 0, values, s->sum, true);
}

void sg_group_sum_run(sg_group_sum *s, const sg_grouped *array, size_t n_arrays)
{
    const joined j = {array, n_arrays};
    size_t n = 0;
    for (size_t a = 0; a < n_arrays; a++)
        n += array[a].n;
    if (sg_ranks_count(s->ranks) < 2) {
        for (size_t a = 0; a < n_arrays; a++)
            sg_add_groups(s->each, array[a].value, s->n_groups, array[a].n, array[a].n,
                          array[a].value);
        return;
    }
    for (size_t begin = 0; begin < n; begin += s->room)
        sum_round(s, &j, (sg_range){begin, begin + s->room < n ? begin + s->room : n});
}
