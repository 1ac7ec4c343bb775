/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read_bytes.h"

#include "snapshot/pickle.h"

/* Hand-made copies of what PyTorch 1.13.1 writes; the reader was also held against its own files.
 */

static void reads_state_dicts_of_both_containers(void **state)
{
    (void)state;
    zip_build z = {0};
    built legacy = {.n = 0};
    build_torch(&z);
    put_legacy_torch(&legacy);
    const built *const all[] = {&z.file, &legacy};
    for (size_t i = 0; i < SG_COUNT(all); i++) {
        sg_snapshot *s = read_good(all[i]->at, all[i]->n, "net.pt");
        assert_whole_network(s, true);
        assert_string_equal(sg_snapshot_meta(s, "tensor.input-hidden1"), "fc1.weight");
        assert_int_equal(sg_snapshot_epoch(s), -1);
        sg_snapshot_free(s);
    }
}

static void finds_the_weights_in_a_checkpoint_and_its_epoch(void **state)
{
    (void)state;
    zip_build z = {0};
    build_checkpoint(&z);
    sg_snapshot *s = read_good(z.file.at, z.file.n, "net.pt");
    assert_whole_network(s, true);
    assert_int_equal(sg_snapshot_epoch(s), 3);
    sg_snapshot_free(s);
}

static void masks_of_pruned_modules_are_the_topology(void **state)
{
    (void)state;
    zip_build z = {0};
    build_pruned(&z);
    sg_snapshot *s = read_good(z.file.at, z.file.n, "net.pt");
    const uint64_t start[] = {0, 1, 3};
    const uint32_t col[] = {0, 0, 1};
    const float value[] = {1.0F, 0.0F, -3.0F};
    assert_matrix(s, 0, start, col, value);
    sg_snapshot_free(s);
}

/* Reads a dict of two 2 x 2 tensors by these names: [[1, 0], [0, -3]] and [[9, 0], [4, 5]]. */
static sg_snapshot *read_pair(const char *first, const char *second)
{
    const pickled_tensor value = {"FloatStorage", "0", 6, 0, {2, 2}, {2, 1}, 2};
    const pickled_tensor mask = {"FloatStorage", "2", 5, 0, {2, 2}, {2, 1}, 2};
    zip_build z = {0};
    built b = {.n = 0};
    put_text(&b, "\x80\x02");
    put_dict_begin(&b);
    put_entry(&b, first, &value);
    put_entry(&b, second, &mask);
    put_dict_end(&b);
    put_text(&b, ".");
    build_torch_of(&z, &b);
    return read_good(z.file.at, z.file.n, "net.pt");
}

static void knows_the_masks_of_parametrizations_and_of_nupic(void **state)
{
    (void)state;
    const struct {
        const char *value;
        const char *mask;
        size_t n_links;
    } pairs[] = {
        {"fc.parametrizations.weight.original", "fc.parametrizations.weight.0.mask", 3},
        {"fc.module.weight", "fc.zero_mask", 1}, /* 1 says pruned */
        {"fc.weight", "fc.weight_mask", 3},
        {"fc.weight", "fc.mask", 3},
    };
    for (size_t i = 0; i < SG_COUNT(pairs); i++) {
        sg_snapshot *s = read_pair(pairs[i].value, pairs[i].mask);
        assert_int_equal(sg_snapshot_n_links(s), 1);
        assert_int_equal(sg_snapshot_n_connections(s), pairs[i].n_links);
        sg_snapshot_free(s);
    }
    sg_snapshot *two = read_pair("a.weight", "b.weight");
    assert_int_equal(sg_snapshot_n_links(two), 2);
    sg_snapshot_free(two);
}

/* A pickle of one tensor in a dict, as the caller has it. */
static void assert_tensor_refused(const pickled_tensor *t, sg_status status, const char *message)
{
    zip_build z = {0};
    built b = {.n = 0};
    put_text(&b, "\x80\x02");
    put_dict_begin(&b);
    put_entry(&b, "w", t);
    put_dict_end(&b);
    put_text(&b, ".");
    build_torch_of(&z, &b);
    assert_bytes_refused(z.file.at, z.file.n, "net.pt", status, message);
}

static void refuses_tensors_that_reach_past_their_storage(void **state)
{
    (void)state;
    const pickled_tensor good = {"FloatStorage", "0", 6, 0, {2, 3}, {3, 1}, 2};
    pickled_tensor t = good;
    const char *past = "tensor 'w': a tensor of the pickle reaches past its storage";
    t.offset = 1;
    assert_tensor_refused(&t, SG_EFORMAT, past);
    t = good;
    t.stride[0] = 4;
    assert_tensor_refused(&t, SG_EFORMAT, past);
    t = good;
    t.shape[0] = 3;
    assert_tensor_refused(&t, SG_EFORMAT, past);
    t.stride[0] = 0; /* 3 rows that are one and the same */
    assert_tensor_refused(&t, SG_EUNSUPPORTED,
                          "tensor 'w': a tensor repeats its values by strides; save a copy of it: "
                          "tensor.clone()");
    t = good;
    t.stride[1] = 0xFFFFFFFF; /* -1 */
    assert_tensor_refused(
        &t, SG_EFORMAT, "tensor 'w': a tensor of the pickle has a size that is no natural number");
    t = good;
    t.n_stored = 7;
    assert_tensor_refused(&t, SG_EFORMAT, "storage '0' is shorter than its tensors");
    t = good;
    t.type = "DoubleStorage";
    assert_tensor_refused(&t, SG_EFORMAT, "storage '0' is shorter than its tensors");
    t = good;
    t.key = "../data.pkl";
    assert_tensor_refused(&t, SG_EFORMAT, "storage '../data.pkl' is missing");
    t = good;
    t.type = "LongStorage";
    t.n_stored = 3;
    t.shape[0] = t.shape[1] = 1;
    assert_tensor_refused(&t, SG_EUNSUPPORTED,
                          "tensor 'w' is 2-D I64; only weights of F16, BF16, F32 or F64 are read");
}

static void assert_pickle_refused(const char *text, size_t n, sg_status status, const char *message)
{
    zip_build z = {0};
    built b = {.n = 0};
    put_text(&b, "\x80\x02");
    put_bytes(&b, text, n);
    build_torch_of(&z, &b);
    assert_bytes_refused(z.file.at, z.file.n, "net.pt", status, message);
}

#define REFUSED(text, status, message)                                                             \
    assert_pickle_refused(text, sizeof(text) - 1, status, message)

static void calls_nothing_and_names_what_it_was_asked_for(void **state)
{
    (void)state;
    /* the classic: os.system("rm -rf /") */
    REFUSED("cos\nsystem\nX\x08\0\0\0rm -rf /\x85R.", SG_EUNSUPPORTED,
            "it names 'os.system', which no dict of weights needs; save model.state_dict() by "
            "torch.save()");
    REFUSED("cbuiltins\neval\n", SG_EUNSUPPORTED,
            "it names 'builtins.eval', which no dict of weights needs; save model.state_dict() by "
            "torch.save()");
    REFUSED("c__main__\nNet\n)\x81", SG_EUNSUPPORTED,
            "it names '__main__.Net', which no dict of weights needs; save model.state_dict() by "
            "torch.save()");
    REFUSED("ctorch\x1B[2J\nSize\n", SG_EUNSUPPORTED,
            "it names 'torch?[2J.Size', which no dict of weights needs; save model.state_dict() by "
            "torch.save()");
    REFUSED("X\x02\0\0\0osX\x06\0\0\0system\x93", SG_EUNSUPPORTED,
            "it names 'os.system', which no dict of weights needs; save model.state_dict() by "
            "torch.save()");
    REFUSED("i__main__\nNet\n", SG_EUNSUPPORTED,
            "the pickle has the opcode 0x69, which torch.save() does not write; save "
            "model.state_dict() by torch.save()");
}

static void refuses_pickles_that_are_corrupt(void **state)
{
    (void)state;
    const char *stack = "the pickle is corrupt: its stack holds something else";
    REFUSED("", SG_EFORMAT, "the pickle is cut short");
    REFUSED("}", SG_EFORMAT, "the pickle is cut short");
    REFUSED("X\xFF\xFF\xFF\xFF"
            "abc",
            SG_EFORMAT, "the pickle is cut short");
    REFUSED("ctorch\nSize", SG_EFORMAT, "the pickle is cut short");
    REFUSED(".", SG_EFORMAT, stack);
    REFUSED("}}.", SG_EFORMAT, stack);
    REFUSED("(.", SG_EFORMAT, stack);
    REFUSED("t.", SG_EFORMAT, stack);
    REFUSED("\x87.", SG_EFORMAT, stack);
    REFUSED("K\x01K\x01s.", SG_EFORMAT, stack);
    REFUSED("}(K\x01u.", SG_EFORMAT, stack);
    REFUSED("(K\x01u.", SG_EFORMAT, stack);
    REFUSED("N)R.", SG_EFORMAT, stack);
    REFUSED("NQ.", SG_EFORMAT, stack);
    REFUSED("K\x01(0.", SG_EFORMAT, stack); /* what lies below a mark is out of reach */
    REFUSED("h\x07.", SG_EFORMAT, "the pickle is corrupt: its memo has no entry 7");
    REFUSED("}r\xFF\xFF\xFF\x7F.", SG_EUNSUPPORTED,
            "the pickle's memo has more than 4194304 entries");
    REFUSED("\x80\x09.", SG_EUNSUPPORTED, "the pickle is of protocol 9; up to 5 is read");
    REFUSED("}.", SG_EUNSUPPORTED,
            "it holds no dict of tensors; save model.state_dict() by torch.save()");
    REFUSED("}q\x01K\x01h\x01s.", SG_EUNSUPPORTED, /* a dict that holds itself */
            "it holds no dict of tensors; save model.state_dict() by torch.save()");
}

/* 30 lists, each of the one before, twice: 2^30 ways through it. */
static void a_pickle_that_holds_itself_very_often_costs_little(void **state)
{
    (void)state;
    built b = {.n = 0};
    zip_build z = {0};
    put_text(&b, "\x80\x02}q");
    put_number(&b, 0, 1);
    for (uint64_t i = 0; i < 30; i++) {
        put_text(&b, "}(K\x01h");
        put_number(&b, i, 1);
        put_text(&b, "K\x02h");
        put_number(&b, i, 1);
        put_text(&b, "uq");
        put_number(&b, i + 1, 1);
    }
    put_text(&b, "\x86.");
    build_torch_of(&z, &b);
    sg_snapshot *s = NULL;
    assert_int_not_equal(read_bytes(z.file.at, z.file.n, "net.pt", &s, NULL), SG_OK);
}

static void says_which_dicts_of_tensors_there_are(void **state)
{
    (void)state;
    built b = {.n = 0};
    zip_build z = {0};
    put_text(&b, "\x80\x02}(");
    put_unicode(&b, "teacher");
    put_state_dict(&b);
    put_unicode(&b, "student");
    put_state_dict(&b);
    put_text(&b, "u.");
    build_torch_of(&z, &b);
    assert_bytes_refused(z.file.at, z.file.n, "net.pt", SG_EUNSUPPORTED,
                         "it holds several dicts of tensors ('teacher', 'student'); save one of "
                         "them alone");
}

static void reads_integers_of_every_opcode(void **state)
{
    (void)state;
    static const char BYTES[] = "\x80\x02(K\xFFM\xFF\xFFJ\xFE\xFF\xFF\xFF\x8A\x01\x80\x8A\x08"
                                "\0\0\0\0\0\0\0\x80\x8A\x00\x88t.";
    const int64_t expected[] = {255, 65535, -2, -128, INT64_MIN, 0, 1};
    SG_CLEANUP(sg_pickle_clear) sg_pickle p = {0};
    size_t used = 0;
    sg_error err = {0};
    assert_ok(sg_pickle_read(BYTES, sizeof BYTES - 1, &p, &used, &err), &err);
    assert_int_equal(used, sizeof BYTES - 1);
    const sg_pickle_value *tuple = &p.value[p.root];
    assert_int_equal(tuple->n, SG_COUNT(expected));
    for (size_t i = 0; i < SG_COUNT(expected); i++)
        assert_true(sg_pickle_item(&p, tuple, i)->integer == expected[i]);
    assert_int_equal(sg_pickle_item(&p, tuple, 6)->kind, SG_PICKLE_BOOL);
}

/* {"w": tensor([[0, 1, 0], [2, 0, 3]])} made sparse, as PyTorch 1.13 pickles it. */
static void reads_sparse_tensors(void **state)
{
    (void)state;
    static const int64_t INDICES[] = {0, 0, 1, 0, 2, 1};
    static const float VALUES[] = {1.0F, 2.0F, -3.0F};
    const pickled_tensor indices = {"LongStorage", "0", 6, 0, {2, 3}, {3, 1}, 2};
    const pickled_tensor values = {"FloatStorage", "1", 3, 0, {3}, {1}, 1};
    const size_t shape[] = {2, 3};
    built b = {.n = 0};
    zip_build z = {0};
    put_text(&b, "\x80\x02");
    put_dict_begin(&b);
    put_unicode(&b, "w");
    put_global(&b, "torch._utils", "_rebuild_sparse_tensor");
    put_text(&b, "(");
    put_global(&b, "torch.serialization", "_get_layout");
    put_unicode(&b, "torch.sparse_coo");
    put_text(&b, "\x85R(");
    put_tensor(&b, &indices);
    put_tensor(&b, &values);
    put_sizes(&b, shape, 2);
    put_text(&b, "ttR");
    put_dict_end(&b);
    put_text(&b, ".");
    zip_build_add(&z, "net/data.pkl", b.at, b.n);
    zip_build_add(&z, "net/data/0", INDICES, sizeof INDICES);
    zip_build_add(&z, "net/data/1", VALUES, sizeof VALUES);
    zip_build_end(&z);
    sg_snapshot *s = read_good(z.file.at, z.file.n, "net.pt");
    assert_first_matrix(s, true);
    sg_snapshot_free(s);
}

static void refuses_files_that_are_cut(void **state)
{
    (void)state;
    zip_build z = {0};
    built legacy = {.n = 0};
    build_torch(&z);
    put_legacy_torch(&legacy);
    assert_cut_files_are_refused(z.file.at, z.file.n, "net.pt");
    assert_cut_files_are_refused(legacy.at, legacy.n, "net.pkl");
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    zip_build z = {.deflates = 1};
    built legacy = {.n = 0};
    build_checkpoint(&z);
    put_legacy_torch(&legacy);
    assert_survives_failed_allocations(z.file.at, z.file.n, "net.pt");
    assert_survives_failed_allocations(legacy.at, legacy.n, "net.pkl");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_state_dicts_of_both_containers),
        cmocka_unit_test(finds_the_weights_in_a_checkpoint_and_its_epoch),
        cmocka_unit_test(masks_of_pruned_modules_are_the_topology),
        cmocka_unit_test(knows_the_masks_of_parametrizations_and_of_nupic),
        cmocka_unit_test(refuses_tensors_that_reach_past_their_storage),
        cmocka_unit_test(calls_nothing_and_names_what_it_was_asked_for),
        cmocka_unit_test(refuses_pickles_that_are_corrupt),
        cmocka_unit_test(a_pickle_that_holds_itself_very_often_costs_little),
        cmocka_unit_test(says_which_dicts_of_tensors_there_are),
        cmocka_unit_test(reads_integers_of_every_opcode),
        cmocka_unit_test(reads_sparse_tensors),
        cmocka_unit_test(refuses_files_that_are_cut),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
