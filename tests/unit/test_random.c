/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

/* Known answers of philox4x32-10 in the file kat_vectors of Random123 1.14. */
static void philox_gives_the_published_answers(void **state)
{
    (void)state;
    const struct {
        uint32_t counter[4];
        uint32_t key[2];
        uint32_t answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < SG_COUNT(known); i++) {
        uint32_t answer[4];
        sg_philox(known[i].counter, known[i].key, answer);
        assert_memory_equal(answer, known[i].answer, sizeof answer);
    }
}

static void each_part_of_the_key_makes_another_stream(void **state)
{
    (void)state;
    sg_random r[6];
    sg_random_open(&r[0], 1, SG_RANDOM_WEIGHTS, 0, 0);
    sg_random_open(&r[1], 2, SG_RANDOM_WEIGHTS, 0, 0);
    sg_random_open(&r[2], 1, SG_RANDOM_TOPOLOGY, 0, 0);
    sg_random_open(&r[3], 1, SG_RANDOM_WEIGHTS, 1, 0);
    sg_random_open(&r[4], 1, SG_RANDOM_WEIGHTS, 0, 1);
    sg_random_open(&r[5], 1ULL << 32, SG_RANDOM_WEIGHTS, 0, 0);
    uint64_t first[6];
    for (size_t i = 0; i < SG_COUNT(r); i++)
        first[i] = sg_random_u64(&r[i]);
    for (size_t i = 0; i < SG_COUNT(r); i++)
        for (size_t j = 0; j < i; j++)
            assert_true(first[i] != first[j]);
    sg_random again;
    sg_random_open(&again, 1, SG_RANDOM_WEIGHTS, 0, 0);
    assert_true(sg_random_u64(&again) == first[0]);
}

static void seeking_lands_where_reading_would(void **state)
{
    (void)state;
    enum { BLOCKS = 100 };
    uint32_t words[4 * BLOCKS];
    sg_random r;
    sg_random_open(&r, 42, SG_RANDOM_SHUFFLE, 3, 9);
    for (size_t i = 0; i < SG_COUNT(words); i++)
        words[i] = sg_random_u32(&r);
    for (uint64_t block = BLOCKS; block-- > 0;) {
        sg_random_seek(&r, block);
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(sg_random_u32(&r), words[4 * block + k]);
    }
    /* over the carry between the two counter words */
    sg_random_seek(&r, UINT32_MAX);
    for (int k = 0; k < 4; k++)
        (void)sg_random_u32(&r);
    const uint32_t after = sg_random_u32(&r);
    sg_random_seek(&r, (uint64_t)UINT32_MAX + 1);
    assert_int_equal(sg_random_u32(&r), after);
    sg_random_seek(&r, 0);
    assert_int_equal(sg_random_u32(&r), words[0]);
}

static void seeking_forgets_a_spare_normal(void **state)
{
    (void)state;
    sg_random r;
    sg_random_open(&r, 5, SG_RANDOM_WEIGHTS, 0, 0);
    const double first = sg_random_normal(&r);
    sg_random_seek(&r, 0);
    assert_true(sg_random_normal(&r) == first);
}

static void units_are_uniform_on_the_half_open_interval(void **state)
{
    (void)state;
    enum { N = 200000, BINS = 50 };
    double bins[BINS] = {0};
    double sum = 0.0;
    sg_random r;
    sg_random_open(&r, 7, SG_RANDOM_SAMPLE, 0, 0);
    for (int i = 0; i < N; i++) {
        const double u = sg_random_unit(&r);
        assert_true(u >= 0.0 && u < 1.0);
        bins[(int)(u * BINS)] += 1.0;
        sum += u;
    }
    double chi_square = 0.0;
    for (int b = 0; b < BINS; b++)
        chi_square +=
            (bins[b] - (double)N / BINS) * (bins[b] - (double)N / BINS) / ((double)N / BINS);
    /* 99.99 % quantile of chi-square with 49 degrees of freedom is 95.5; the seed is fixed */
    assert_true(chi_square < 95.5);
    /* the mean's standard error is sqrt(1/12/N) = 6.5e-4; 4 of them */
    assert_true(fabs(sum / N - 0.5) < 2.6e-3);
}

static void normals_have_the_moments_of_the_standard_normal(void **state)
{
    (void)state;
    enum { N = 200000 };
    double moment[5] = {0};
    sg_random r;
    sg_random_open(&r, 11, SG_RANDOM_WEIGHTS, 1, 2);
    for (int i = 0; i < N; i++) {
        const double x = sg_random_normal(&r);
        double power = 1.0;
        for (int k = 0; k < 5; k++, power *= x)
            moment[k] += power / N;
    }
    /* 4 standard errors: sqrt(Var(x^k)/N) with Var = 1, 2, 15, 96 */
    assert_true(fabs(moment[1]) < 4.0 * sqrt(1.0 / N));
    assert_true(fabs(moment[2] - 1.0) < 4.0 * sqrt(2.0 / N));
    assert_true(fabs(moment[3]) < 4.0 * sqrt(15.0 / N));
    assert_true(fabs(moment[4] - 3.0) < 4.0 * sqrt(96.0 / N));
}

static void numbers_below_n_are_unbiased(void **state)
{
    (void)state;
    enum { N = 70000 };
    int seen[7] = {0};
    sg_random r;
    sg_random_open(&r, 3, SG_RANDOM_GROW, 0, 0);
    for (int i = 0; i < N; i++)
        seen[sg_random_below(&r, 7)]++;
    for (int k = 0; k < 7; k++) /* sd of a bin = sqrt(N * 1/7 * 6/7) = 92.6; 4 of them */
        assert_in_range(seen[k], N / 7 - 371, N / 7 + 371);
    for (int i = 0; i < 100; i++)
        assert_int_equal(sg_random_below(&r, 1), 0);
    /*
     * With n = 3 * 2^62 a product without rejection would give every third number twice as often:
     * the share of multiples of 3 would be 1/2, not 1/3. sd of the share at 30000 draws = 0.0027.
     */
    int multiples = 0;
    for (int i = 0; i < 30000; i++)
        multiples += sg_random_below(&r, 3ULL << 62) % 3 == 0;
    assert_true(fabs(multiples / 30000.0 - 1.0 / 3.0) < 0.011);
}

static void every_permutation_of_four_comes_equally_often(void **state)
{
    (void)state;
    enum { N = 48000 };
    int seen[256] = {0};
    sg_random r;
    sg_random_open(&r, 13, SG_RANDOM_SHUFFLE, 0, 0);
    for (int i = 0; i < N; i++) {
        uint32_t v[4] = {0, 1, 2, 3};
        sg_random_shuffle_u32(&r, v, 4);
        seen[v[0] << 6 | v[1] << 4 | v[2] << 2 | v[3]]++;
    }
    int distinct = 0;
    for (size_t k = 0; k < SG_COUNT(seen); k++)
        if (seen[k]) {
            distinct++;
            assert_in_range(seen[k], 1800, 2200); /* 2000 expected, sd 43.8 */
        }
    assert_int_equal(distinct, 24);
    sg_random_shuffle_u32(&r, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_answers),
        cmocka_unit_test(each_part_of_the_key_makes_another_stream),
        cmocka_unit_test(seeking_lands_where_reading_would),
        cmocka_unit_test(seeking_forgets_a_spare_normal),
        cmocka_unit_test(units_are_uniform_on_the_half_open_interval),
        cmocka_unit_test(normals_have_the_moments_of_the_standard_normal),
        cmocka_unit_test(numbers_below_n_are_unbiased),
        cmocka_unit_test(every_permutation_of_four_comes_equally_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
