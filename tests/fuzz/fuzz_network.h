/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_FUZZ_NETWORK_H
#define SG_FUZZ_NETWORK_H

/* What every reader of networks must keep to, whatever it is fed. */

#include "fuzz.h"

#include "snapshot/read_file.h"
#include "snapshot/snapshot_read.h"

#include <string.h>

/* A message goes to a terminal, so a file must not be able to put control characters in it. */
static inline void check_failure(sg_status status, const sg_error *err)
{
    if (err->status != status || err->message[0] == '\0')
        fuzz_fail("a failure without its message");
    for (const char *p = err->message; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            fuzz_fail("a control character in a message");
    if (status != SG_EFORMAT && status != SG_EUNSUPPORTED && status != SG_ENOMEM)
        fuzz_fail("a status that a file's content cannot have");
}

static inline void check_network(const sg_snapshot *s)
{
    sg_error err = {0};
    for (size_t i = 0; i < sg_snapshot_n_links(s); i++) {
        const sg_link *link = sg_snapshot_link(s, i);
        if (link->from >= link->to || sg_csr_check(link->matrix, &err) != SG_OK)
            fuzz_fail("a network that breaks its invariants");
    }
    char *text = NULL;
    sg_snapshot *core = NULL;
    if (sg_snapshot_describe_json(s, &text, &err) != SG_OK)
        fuzz_fail("a network that cannot be described");
    const sg_status status = sg_snapshot_core(s, 0.5, &core, &err);
    if (status != SG_OK && status != SG_EINVAL)
        fuzz_fail("a network without a core");
    sg_snapshot_free(core);
    sg_free(text);
}

/* Reads an input as a file of that name. */
static inline void feed(const uint8_t *data, size_t n, const char *name)
{
    sg_error err = {0};
    sg_snapshot *s = NULL;
    const sg_file_bytes f = {(const char *)data, n, name, (uint64_t)1 << 24};
    const sg_status status = sg_snapshot_from_bytes(f, SG_ORIENTATION_AUTO, &s, &err);
    if (status == SG_OK)
        check_network(s);
    else
        check_failure(status, &err);
    sg_snapshot_free(s);
}

static inline uint8_t *copy_seed(const void *bytes, size_t n_bytes, size_t *n)
{
    *n = n_bytes;
    return sg_memdup(bytes, n_bytes);
}

#endif
