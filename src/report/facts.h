/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_REPORT_FACTS_H
#define SG_REPORT_FACTS_H

/* The few numbers that a reader wants first, counted from the first and the last network. */

#include "report/subject.h"

/* How uneven the degrees on one side of a link are. */
typedef struct sg_unevenness {
    const char *layer; /* borrowed from the network; NULL where there is none */
    bool is_out;       /* links sent by the layer, else received */
    size_t n_neurons;
    double first, last;                   /* variance / mean of the degrees; NaN where not known */
    size_t unlinked_first, unlinked_last; /* neurons without a link */
} sg_unevenness;

typedef struct sg_facts {
    double links_first, links_last; /* connections; first is NaN where there is one network only */
    double possible;                /* connections of the same layers fully connected */
    double kept_frac;    /* share of the first network's links, full bundles left out, that the last
                            one    still has; NaN without such links or without a first network */
    sg_unevenness input; /* of the first link's sending side */
    sg_unevenness largest; /* of the side that changed most; layer NULL where none is sparse */
    bool has_final;        /* a network after the last removal is there */
    double final_links, final_accuracy; /* NaN where not known */
} sg_facts;

/* Counts; everything borrowed lives as long as the subject. */
sg_status sg_facts_of(const sg_subject *s, sg_facts *ret, sg_error *err) SG_CHECKED;

/* Returns variance / mean of n degrees, the population's; NaN where all are zero. */
double sg_facts_dispersion(const uint32_t *degree, size_t n);

#endif
