/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sparse/kernels.h"

#include "base/memory.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

extern const sg_kernels sg_kernels_plain;
#if SG_HAVE_X86_LEVELS
extern const sg_kernels sg_kernels_v3;
extern const sg_kernels sg_kernels_v4;

static bool runs_v3(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool runs_v4(void)
{
    return runs_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512cd");
}
#endif

static bool runs_plain(void)
{
    return true;
}

static const struct {
    const sg_kernels *kernels;
    bool (*runs)(void);
} built[] = {
    {&sg_kernels_plain, runs_plain},
#if SG_HAVE_X86_LEVELS
    {&sg_kernels_v3, runs_v3},
    {&sg_kernels_v4, runs_v4},
#endif
};

const sg_kernels *sg_kernels_at(size_t i)
{
    for (size_t b = 0; b < SG_COUNT(built); b++)
        if (built[b].runs() && i-- == 0)
            return built[b].kernels;
    return NULL;
}

sg_status sg_kernels_select(const sg_kernels **ret, sg_error *err)
{
    const char *wanted = getenv("SPARSEGRAPH_ISA");
    const sg_kernels *best = &sg_kernels_plain;
    bool known = false;

    for (size_t b = 0; b < SG_COUNT(built); b++) {
        const sg_kernels *kernels = built[b].kernels;
        const bool named = wanted && strcmp(wanted, kernels->name) == 0;
        known |= named;
        if (named && !built[b].runs())
            return sg_fail(
                err, SG_EUNSUPPORTED,
                "SPARSEGRAPH_ISA asks for %s, which this processor does not have; unset it",
                wanted);
        if (named || (!wanted && built[b].runs()))
            best = kernels;
    }
    if (wanted && !known)
        return sg_fail(err, SG_EINVAL, "SPARSEGRAPH_ISA is '%s'; on this machine it may be unset%s",
                       wanted, SG_HAVE_X86_LEVELS ? ", baseline, v3 or v4" : " or plain");
    *ret = best;
    return SG_OK;
}

bool sg_prefetch_pays(size_t n_cols, size_t stride)
{
    static const size_t own_cache = (size_t)2 << 20; /* bytes of a core's second level, or less */
    return n_cols > own_cache / sizeof(float) / stride;
}
