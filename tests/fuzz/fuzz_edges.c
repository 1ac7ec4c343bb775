/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_network.h"
#include "network_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    feed(data, n, "a.csv");
    return 0;
}

static const char *const SEEDS[] = {
    NET_CSV,
    NET_EDGES,
    "L0_0 L1_1\nL0_1 L1_0\nL1_0 L2_0\nL0_0 L2_0\n",
    "to\tfrom\tto_layer\tfrom_layer\n0\t1\tb\ta\n",
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
    "from_layer",
    "weight",
    "# layer input 9",
    "# layer x 4294967296",
    "input",
    "output",
    ":",
    "_",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "-1",
    "4294967295",
    "18446744073709551616",
    "1e999",
    "nan",
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
