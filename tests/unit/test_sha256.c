/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/sha256.h"

#include <string.h>

/* The examples of FIPS 180-4's annex and of the NIST "short message" vectors. */
static void gives_the_published_digests(void **state)
{
    (void)state;
    const struct {
        const char *text;
        const char *digest;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < SG_COUNT(known); i++) {
        char digest[SG_SHA256_HEX];
        sg_sha256_hex(known[i].text, strlen(known[i].text), digest);
        assert_string_equal(digest, known[i].digest);
    }
}

static void a_million_times_a_has_its_published_digest(void **state)
{
    (void)state;
    enum { MILLION = 1000000 };
    char *text = SG_NEW_ARRAY(char, MILLION);
    assert_non_null(text);
    memset(text, 'a', MILLION);
    char digest[SG_SHA256_HEX];
    sg_sha256_hex(text, MILLION, digest);
    assert_string_equal(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sg_free(text);
}

/* Digests of n times 'a' round the places where the padding needs one block more; from sha256sum of
 * GNU coreutils 9.1. */
static void pads_right_at_the_edges_of_a_block(void **state)
{
    (void)state;
    const struct {
        size_t n;
        const char *digest;
    } known[] = {
        {55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
        {63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
        {64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
        {65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
    };
    char text[65];
    memset(text, 'a', sizeof text);
    for (size_t i = 0; i < SG_COUNT(known); i++) {
        char digest[SG_SHA256_HEX];
        sg_sha256_hex(text, known[i].n, digest);
        assert_string_equal(digest, known[i].digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_digests),
        cmocka_unit_test(a_million_times_a_has_its_published_digest),
        cmocka_unit_test(pads_right_at_the_edges_of_a_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
