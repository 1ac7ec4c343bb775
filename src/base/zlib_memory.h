/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_BASE_ZLIB_MEMORY_H
#define SG_BASE_ZLIB_MEMORY_H

/* What lets zlib inflate in our memory: .zalloc, .zfree, and the end of a stream. */

#include "base/memory.h"
#define ZLIB_CONST /* input is not written to */
#include <zlib.h>

static inline void *sg_zlib_alloc(void *unused, unsigned n, unsigned size)
{
    (void)unused;
    return sg_alloc(n, size);
}

static inline void sg_zlib_free(void *unused, void *block)
{
    (void)unused;
    sg_free(block);
}

static inline void sg_inflate_cleanup(z_stream *z)
{
    (void)inflateEnd(z);
}

#endif
