/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_network.h"
#include "fuzz_zip.h"
#include "network_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    feed(data, n, "a.pt");
    return 0;
}

size_t fuzz_n_seeds(void)
{
    return 4;
}

uint8_t *fuzz_seed(size_t i, size_t *n)
{
    static zip_build z;
    memset(&z, 0, sizeof z);
    if (i == 0) {
        build_torch(&z);
    } else if (i == 1) {
        build_checkpoint(&z);
    } else if (i == 2) {
        build_pruned(&z);
    } else {
        put_legacy_torch(&z.file);
    }
    return copy_seed(z.file.at, z.file.n, n);
}

const char *const FUZZ_WORDS[] = {
    "(",
    "t",
    "u",
    "}",
    "]",
    "R",
    "Q",
    "q\1",
    "h\1",
    ".",
    "b",
    "X\4",
    "K\2",
    "J\xff\xff\xff\xff",
    "\x85",
    "ctorch\nSize\n",
    "cos\nsystem\n",
    "ctorch\nDoubleStorage\n",
    "\x8a\x08",
    "PK\1\2",
    "data/0",
    "_mask",
    "_orig",
    "\x1b[2J",
    "\xff",
    NULL,
};

/* Sets the checksums of the entries that the directory lists, in both places where they stand. */
void fuzz_repair(uint8_t *data, size_t n)
{
    fuzz_repair_zip(data, n);
}

/* Half of an input is taken for text, so that mutations of either kind meet both. */
size_t fuzz_payload(const uint8_t *data, size_t n)
{
    (void)data;
    return n / 2;
}
