/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measured.h"

#include "base/memory.h"
#include "base/random.h"
#include "measure/partition.h"
#include "sparsegraph/graph.h"
#include <math.h>

/* Communities of the whole network, found several times over: how good, how many, how certain. */

enum { N_SEEDS = 5, N_PAIRS = N_SEEDS * (N_SEEDS - 1) / 2 };

typedef struct kept_communities {
    double best; /* modularity */
    double mean;
    double n;   /* of at least two neurons, in the best partition */
    double nmi; /* means over the pairs of partitions */
    double ari;
} kept_communities;

SG_DEFINE_CLEANUP(sg_graph, sg_graph_free)

/* Lists the neurons with a connection: the others would agree with themselves in any partition. */
static size_t list_connected(const sg_graph *g, uint32_t *degree, uint32_t *nodes)
{
    size_t n = 0;
    sg_graph_degrees(g, SG_DEGREE_TOTAL, degree);
    for (size_t v = 0; v < sg_graph_n_nodes(g); v++)
        if (degree[v] > 0)
            nodes[n++] = (uint32_t)v;
    return n;
}

/* Compares all pairs of the (N_SEEDS, n) partitions. */
static sg_status compare_all(const uint32_t *parts, size_t n, kept_communities *kept, sg_error *err)
{
    for (size_t i = 0; i < N_SEEDS; i++)
        for (size_t j = i + 1; j < N_SEEDS; j++) {
            sg_agreement found;
            SG_TRY(sg_partition_agreement(parts + i * n, parts + j * n, n, &found, err));
            kept->nmi += found.nmi / N_PAIRS;
            kept->ari += found.ari / N_PAIRS;
        }
    return SG_OK;
}

static sg_status search(const sg_graph *g, uint64_t seed, kept_communities *kept, sg_error *err)
{
    const size_t n_nodes = sg_graph_n_nodes(g);
    SG_AUTOFREE uint32_t *of_node = SG_NEW_ARRAY(uint32_t, n_nodes);
    SG_AUTOFREE uint32_t *nodes = SG_NEW_ARRAY(uint32_t, n_nodes);
    if (!of_node || !nodes)
        return sg_fail_memory(err, "finding communities");
    const size_t n = list_connected(g, of_node, nodes);
    SG_AUTOFREE uint32_t *parts = sg_alloc(N_SEEDS, n * sizeof *parts);
    if (!parts)
        return sg_fail_memory(err, "finding communities");
    sg_random random;
    sg_random_open(&random, seed, SG_RANDOM_COMMUNITIES, 0, 0);
    for (size_t i = 0; i < N_SEEDS; i++) {
        sg_communities found = {0};
        SG_TRY(sg_graph_communities(g, sg_random_u64(&random), of_node, &found, err));
        for (size_t k = 0; k < n; k++)
            parts[i * n + k] = of_node[nodes[k]];
        if (i == 0 || found.modularity > kept->best) {
            kept->best = found.modularity;
            kept->n = (double)found.n_joined;
        }
        kept->mean += found.modularity / N_SEEDS;
    }
    return compare_all(parts, n, kept, err);
}

static sg_status find_communities(sg_measured *m, const kept_communities **ret, sg_error *err)
{
    *ret = sg_measured_kept(m, SG_KEPT_COMMUNITIES);
    if (*ret)
        return SG_OK;
    SG_AUTOFREE kept_communities *kept = SG_NEW(kept_communities);
    if (!kept)
        return sg_fail_memory(err, "finding communities");
    SG_CLEANUP(sg_graph_free_cleanup_) sg_graph *g = NULL;
    SG_TRY(sg_graph_from_snapshot(m->snapshot, &g, err));
    SG_TRY(search(g, m->params.seed, kept, err));
    *ret = kept;
    sg_measured_keep(m, SG_KEPT_COMMUNITIES, SG_TAKE(kept), sg_free);
    return SG_OK;
}

enum { BEST, MEAN, NUMBER, NMI, ARI };

static sg_status whole_number(const sg_measure *self, sg_measured *m, size_t subject, double *ret,
                              sg_error *err)
{
    (void)subject;
    const kept_communities *kept = NULL;
    SG_TRY(find_communities(m, &kept, err));
    const double values[] = {
        [BEST] = kept->best, [MEAN] = kept->mean, [NUMBER] = kept->n,
        [NMI] = kept->nmi,   [ARI] = kept->ari,
    };
    *ret = values[self->which];
    return SG_OK;
}

#define LEIDEN_SOURCE                                                                              \
    "Traag, Waltman & van Eck, Sci. Rep. 9:5233 (2019), doi:10.1038/s41598-019-41695-z, by igraph"
#define NMI_SOURCE                                                                                 \
    "Danon et al., J. Stat. Mech. P09008 (2005), doi:10.1088/1742-5468/2005/09/P09008"
#define ARI_SOURCE "Hubert & Arabie, J. Classif. 2:193 (1985), doi:10.1007/BF01908075"

static const sg_measure measures[] = {
    {"modularity", "dimensionless",
     "best modularity of 5 Leiden partitions of all neurons, connections weighing |weight|, "
     "directions ignored; random networks have communities too",
     LEIDEN_SOURCE, SG_SCOPE_WHOLE, SG_COST_COMMUNITIES, SG_NULL_DEGREES, BEST, whole_number},
    {"modularity_mean", "dimensionless", "mean modularity of the 5 partitions", LEIDEN_SOURCE,
     SG_SCOPE_WHOLE, SG_COST_COMMUNITIES, SG_NULL_DEGREES, MEAN, whole_number},
    {"communities", "communities", "communities of at least two neurons in the best partition",
     LEIDEN_SOURCE, SG_SCOPE_WHOLE, SG_COST_COMMUNITIES, SG_NULL_DEGREES, NUMBER, whole_number},
    {"communities_nmi", "dimensionless",
     "mean normalised mutual information between two of the 5 partitions, isolated neurons left "
     "out; low = the communities are not to be trusted",
     NMI_SOURCE, SG_SCOPE_WHOLE, SG_COST_COMMUNITIES, SG_NULL_DEGREES, NMI, whole_number},
    {"communities_ari", "dimensionless",
     "mean adjusted Rand index between two of the 5 partitions, isolated neurons left out; 0 = no "
     "better than chance",
     ARI_SOURCE, SG_SCOPE_WHOLE, SG_COST_COMMUNITIES, SG_NULL_DEGREES, ARI, whole_number},
};

const sg_measure_family sg_family_communities = {measures, SG_COUNT(measures)};
