/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz_network.h"
#include "network_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    feed(data, n, "a.npy");
    return 0;
}

size_t fuzz_n_seeds(void)
{
    return 5;
}

uint8_t *fuzz_seed(size_t i, size_t *n)
{
    static const uint8_t BOOLEANS[] = {1, 0, 0, 1, 1, 0};
    built b = {.n = 0};
    if (i == 0)
        put_npy(&b, "<f4", "False", "2, 3", NET_W1, sizeof NET_W1);
    else if (i == 1)
        put_npy(&b, "<f4", "True", "3, 2", NET_W1, sizeof NET_W1);
    else if (i == 2)
        put_npy(&b, ">f8", "False", "1, 3", NET_W1, sizeof NET_W1);
    else if (i == 3)
        put_npy(&b, "|b1", "False", "3, 2L", BOOLEANS, sizeof BOOLEANS);
    else
        put_npy(&b, "<f2", "False", "4, 3", NET_W1, sizeof NET_W1);
    return copy_seed(b.at, b.n, n);
}

const char *const FUZZ_WORDS[] = {
    "'descr'",    "'fortran_order'",
    "'shape'",    "True",
    "False",      "'<f8'",
    "'>i2'",      "'|O'",
    "'<U4'",      "(",
    "),",         "[(",
    "{}",         ",",
    "4294967296", "18446744073709551616",
    "-1",         "\x1b[2J",
    "\xff",       NULL,
};

/* Sets the length of the header to where its brace closes and the line ends. */
void fuzz_repair(uint8_t *data, size_t n)
{
    for (size_t i = 10; i + 1 < n && i < 2000; i++) {
        if (data[i] == '\n' && data[6] == 1) {
            data[8] = (uint8_t)(i + 1 - 10);
            data[9] = (uint8_t)((i + 1 - 10) >> 8);
            return;
        }
    }
}

/* Half of an input is taken for text, so that mutations of either kind meet both. */
size_t fuzz_payload(const uint8_t *data, size_t n)
{
    (void)data;
    return n / 2;
}
