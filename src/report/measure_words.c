/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/measure_words.h"

#include <string.h>

void sg_measure_words(sg_text *t, const char *name)
{
    static const char *const words[][2] = {
        {"network_", ""},
        {"robins_alexander", "Robins\xE2\x80\x93"
                             "Alexander clustering"},
        {"in_latapy_", "Latapy clustering, receivers, "},
        {"out_latapy_", "Latapy clustering, senders, "},
        {"nodf_in", "nestedness (NODF), receivers"},
        {"nodf_out", "nestedness (NODF), senders"},
        {"nodf", "nestedness (NODF)"},
        {"three_paths", "paths of three links"},
        {"in_hubs_frac", "hubs kept, in-degree"},
        {"out_hubs_frac", "hubs kept, out-degree"},
        {"in_rank_correlation", "rank correlation, in-degree"},
        {"out_rank_correlation", "rank correlation, out-degree"},
        {"singular_1", "largest singular value"},
        {"singular_2", "second singular value"},
        {"ramanujan", "Ramanujan"},
        {"itop_rate", "ever linked (ITOP rate)"},
        {"nnstd", "topology distance (NNSTD)"},
        {"in_degree_", "in-degree, "},
        {"out_degree_", "out-degree, "},
        {"in_strength_", "in-strength, "},
        {"out_strength_", "out-strength, "},
        {"previous_", "since previous epoch, "},
        {"start_", "since the start, "},
        {"gini", "Gini coefficient"},
        {"jaccard", "Jaccard index"},
        {"frac", "fraction"},
        {"dispersion", "variance / mean"},
        {"max", "maximum"},
        {"zeros", "without a link"},
        {"giant", "largest component,"},
        {"core", "core number,"},
        {"_", " "},
    };

    while (*name) {
        size_t i = 0;
        while (i < SG_COUNT(words) && strncmp(name, words[i][0], strlen(words[i][0])) != 0)
            i++;
        if (i < SG_COUNT(words)) {
            sg_text_append(t, words[i][1]);
            name += strlen(words[i][0]);
        } else
            sg_text_append_bytes(t, name++, 1);
    }
}
