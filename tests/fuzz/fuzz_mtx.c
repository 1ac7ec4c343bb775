/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_network.h"
#include "network_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    feed(data, n, "a.mtx");
    return 0;
}

static const char *const SEEDS[] = {
    NET_MTX,
    "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 3\n1 1\n2 1\n3 2\n",
    "%%MatrixMarket matrix coordinate integer skew-symmetric\n3 3 2\n2 1 5\n3 1 -7\n",
    "%%MatrixMarket matrix array real general\n2 2\n1\n0\n0\n2.5\n",
    "%%MatrixMarket matrix array real symmetric\n2 2\n1\n0.5\n2\n",
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
    "array",
    "pattern",
    "symmetric",
    "general",
    "skew-symmetric",
    "%",
    "\n",
    "\r\n",
    "-1",
    "0",
    "4294967296",
    "18446744073709551616",
    "1e999",
    "nan",
    "inf",
    "0x1p3",
    " ",
    "\x1b[2J",
    "\xff",
    NULL,
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
