/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_network.h"
#include "network_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    feed(data, n, "a.smtx");
    return 0;
}

static const char *const SEEDS[] = {
    NET_SMTX,
    "3, 2, 0\n0 0 0 0\n\n",
    "1, 5, 4\n0 4\n4 3 1 0\n",
};

size_t fuzz_n_seeds(void)
{
    return SG_COUNT(SEEDS);
}

uint8_t *fuzz_seed(size_t i, size_t *n)
{
    return copy_seed(SEEDS[i], strlen(SEEDS[i]), n);
}

const char *const FUZZ_WORDS[] = {
    ",", "\n", "-1", "0", "4294967296", "18446744073709551616", "1e3", " ", "\x1b[2J", "\xff", NULL,
};

void fuzz_repair(uint8_t *data, size_t n)
{
    (void)data; /* nothing in a text counts its bytes */
    (void)n;
}

size_t fuzz_payload(const uint8_t *data, size_t n)
{
    (void)data;
    return n;
}
