/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "container.h"
#include "snapshot/snapshot_read.h"

/*
 * Every case is a whole file: a header written with ' for " and ^ for \", then `n_data` bytes of
 * DATA, of which the 8 bytes at `at` are replaced where `patch` is not NULL.
 */
typedef struct hostile {
    const char *what;
    const char *header;
    size_t n_data;
    sg_status status;
    const char *message;
    const void *patch;
    size_t at;
} hostile;

/* indptr 0, 2; indices 1, 2; values 1, -2; bias 0.5: input of 3 to output of 1. */
static const unsigned char DATA[] = {
    0, 0, 0,    0,    0, 0, 0, 0,    2, 0, 0, 0, 0, 0, 0, 0, /* io.indptr */
    1, 0, 0,    0,    2, 0, 0, 0,                            /* io.indices */
    0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,                         /* io.values */
    0, 0, 0,    0x3F,                                        /* output.bias */
};

static unsigned char *file_of(const hostile *h, size_t *n)
{
    SG_AUTOFREE char *header = sg_alloc(2 * strlen(h->header) + 1, 1);
    assert_non_null(header);
    char *to = header;
    for (const char *from = h->header; *from; from++) {
        if (*from == '^')
            *to++ = '\\';
        if (*from == '\'' || *from == '^')
            *to++ = '"';
        else
            *to++ = *from;
    }
    unsigned char data[sizeof DATA + 64] = {0};
    memcpy(data, DATA, sizeof DATA);
    if (h->patch)
        memcpy(data + h->at, h->patch, 8);
    return container_of(header, data, h->n_data, n);
}

static sg_status read_bytes(const unsigned char *bytes, size_t n, sg_error *err)
{
    sg_safetensors *f = NULL;
    sg_snapshot *s = NULL;
    sg_status status = sg_safetensors_open_bytes(bytes, n, &f, err);
    if (status == SG_OK)
        status = sg_snapshot_from_safetensors(f, SG_ORIENTATION_AUTO, &s, err);
    assert_int_equal(s != NULL, status == SG_OK);
    sg_snapshot_free(s);
    sg_safetensors_free(f);
    return status;
}

/* Whether a message is the expected one, of which a final * stands for any words of the JSON
 * parser.
 */
static bool matches(const char *message, const char *expected)
{
    const size_t n = strlen(expected);
    if (expected[n - 1] == '*')
        return strncmp(message, expected, n - 1) == 0;
    return strcmp(message, expected) == 0;
}

static void assert_refused(const hostile *cases, size_t n_cases)
{
    for (size_t i = 0; i < n_cases; i++) {
        size_t n = 0;
        unsigned char *bytes = file_of(&cases[i], &n);
        sg_error err = {0};
        const sg_status status = read_bytes(bytes, n, &err);
        sg_free(bytes);
        if (status != cases[i].status || err.status != status ||
            !matches(err.message, cases[i].message))
            fail_msg("%s: %s: '%s'", cases[i].what, sg_status_name(status), err.message);
    }
}

#define ONE(entry) "{'a':{" entry "}}"
#define TWO        "9007199254740992" /* 2^53 */

static const hostile CONTAINERS[] = {
    {"empty header", "", 0, SG_EFORMAT, "the header does not begin with '{'"},
    {"blank before it", " {}", 0, SG_EFORMAT, "the header does not begin with '{'"},
    {"cut JSON", "{'a':", 0, SG_EFORMAT, "the header: *"},
    {"more after it", "{} x", 0, SG_EFORMAT, "the header: *"},
    {"not UTF-8", "{'\xFF':1}", 0, SG_EFORMAT, "the header: *"},
    {"a name twice", "{'a':1,'a':1}", 0, SG_EFORMAT, "the header: *"},
    {"metadata a list", "{'__metadata__':[]}", 0, SG_EFORMAT, "__metadata__ is no object"},
    {"metadata a number", "{'__metadata__':{'epoch':1}}", 0, SG_EFORMAT,
     "an entry of __metadata__ is no string"},
    {"entry a number", "{'a':1}", 0, SG_EFORMAT, "the entry of tensor 'a' is no object"},
    {"a name that beeps", "{'\\u0007':{}}", 0, SG_EFORMAT,
     "the name of a tensor has control characters"},
    {"a name that moves the cursor", "{'\\u009b2J':{}}", 0, SG_EFORMAT,
     "the name of a tensor has control characters"},
    {"no dtype", ONE("'shape':[],'data_offsets':[0,4]"), 4, SG_EFORMAT, "tensor 'a' has no dtype"},
    {"a dtype of eight bits", ONE("'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]"), 4,
     SG_EUNSUPPORTED,
     "tensor 'a' has the dtype F8_E4M3; known are BOOL, U8 to U64, I8 to I64, F16, BF16, F32, "
     "F64"},
    {"no shape", ONE("'dtype':'F32','data_offsets':[0,4]"), 4, SG_EFORMAT,
     "tensor 'a' has no shape"},
    {"a negative dimension", ONE("'dtype':'F32','shape':[-1],'data_offsets':[0,4]"), 4, SG_EFORMAT,
     "the shape of tensor 'a' is not of integers in [0, 2^53)"},
    {"half a dimension", ONE("'dtype':'F32','shape':[1.5],'data_offsets':[0,6]"), 6, SG_EFORMAT,
     "the shape of tensor 'a' is not of integers in [0, 2^53)"},
    {"a dimension past exact doubles", ONE("'dtype':'F32','shape':[" TWO "]"), 4, SG_EFORMAT,
     "the shape of tensor 'a' is not of integers in [0, 2^53)"},
    {"a product past 64 bits",
     ONE("'dtype':'F32','shape':[4503599627370496,4503599627370496],'data_offsets':[0,0]"), 0,
     SG_EFORMAT, "the shape of tensor 'a' overflows"},
    {"bytes past 64 bits",
     ONE("'dtype':'F64','shape':[4503599627370496,1024],'data_offsets':[0,0]"), 0, SG_EFORMAT,
     "the shape of tensor 'a' overflows"},
    {"nine dimensions", ONE("'dtype':'F32','shape':[1,1,1,1,1,1,1,1,1],'data_offsets':[0,4]"), 4,
     SG_EUNSUPPORTED, "tensor 'a' has more than 8 dimensions"},
    {"no offsets", ONE("'dtype':'F32','shape':[1]"), 4, SG_EFORMAT,
     "the data_offsets of tensor 'a' are not two integers in [0, 2^53)"},
    {"three offsets", ONE("'dtype':'F32','shape':[1],'data_offsets':[0,4,8]"), 4, SG_EFORMAT,
     "the data_offsets of tensor 'a' are not two integers in [0, 2^53)"},
    {"a negative offset", ONE("'dtype':'F32','shape':[1],'data_offsets':[-4,0]"), 4, SG_EFORMAT,
     "the data_offsets of tensor 'a' are not two integers in [0, 2^53)"},
    {"an end before the begin", ONE("'dtype':'F32','shape':[1],'data_offsets':[4,0]"), 4,
     SG_EFORMAT, "tensor 'a' ends before it begins"},
    {"too few bytes", ONE("'dtype':'F32','shape':[2],'data_offsets':[0,4]"), 4, SG_EFORMAT,
     "tensor 'a' needs 8 bytes by its shape and dtype, has 4"},
    {"a hole in front", ONE("'dtype':'F32','shape':[1],'data_offsets':[4,8]"), 8, SG_EFORMAT,
     "4 bytes before tensor 'a' belong to no tensor"},
    {"a hole between",
     "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},"
     "'b':{'dtype':'U8','shape':[1],'data_offsets':[2,3]}}",
     3, SG_EFORMAT, "1 bytes before tensor 'b' belong to no tensor"},
    {"an overlap",
     "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},"
     "'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]}}",
     3, SG_EFORMAT, "tensor 'b' overlaps the one before it"},
    {"an empty tensor within another",
     "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},"
     "'b':{'dtype':'U8','shape':[0],'data_offsets':[1,1]}}",
     2, SG_EFORMAT, "tensor 'b' overlaps the one before it"},
    {"a cut file", ONE("'dtype':'F32','shape':[2],'data_offsets':[0,8]"), 7, SG_EFORMAT,
     "the file is truncated: 7 bytes of tensors, not 8"},
    {"bytes at the end", ONE("'dtype':'F32','shape':[1],'data_offsets':[0,4]"), 5, SG_EFORMAT,
     "1 bytes after the last tensor belong to no tensor"},
    {"bytes and no tensor", "{}", 1, SG_EFORMAT,
     "1 bytes after the last tensor belong to no tensor"},
    {"no tensor at all", "{}", 0, SG_EUNSUPPORTED,
     "it holds no 2-D weights, so no layers of an MLP"},
};

static void refuses_containers_that_break_the_format(void **state)
{
    (void)state;
    assert_refused(CONTAINERS, SG_COUNT(CONTAINERS));
}

#define FORMAT                "'format':'sparsegraph-snapshot','format_version':'1'"
#define IN                    "{^name^:^input^,^size^:3,^shape^:[3],^bias^:false}"
#define OUT                   "{^name^:^output^,^size^:1,^shape^:[1],^bias^:true}"
#define LAYERS                "'layers':'[" IN "," OUT "]'"
#define IO                    "{^name^:^io^,^from^:^input^,^to^:^output^}"
#define LINKS                 "'links':'[" IO "]'"
#define INDPTR                "'io.indptr':{'dtype':'U64','shape':[2],'data_offsets':[0,16]}"
#define INDICES               "'io.indices':{'dtype':'U32','shape':[2],'data_offsets':[16,24]}"
#define VALUES                "'io.values':{'dtype':'F32','shape':[2],'data_offsets':[24,32]}"
#define BIAS                  "'output.bias':{'dtype':'F32','shape':[1],'data_offsets':[32,36]}"
#define TENSORS               INDPTR "," INDICES "," VALUES "," BIAS
#define NATIVE(meta, tensors) "{'__metadata__':{" meta "}," tensors "}"
#define GOOD                  NATIVE(FORMAT "," LAYERS "," LINKS, TENSORS)
#define OF_LAYERS(layers)     NATIVE(FORMAT ",'layers':'" layers "'," LINKS, TENSORS)
#define OF_LINKS(links)       NATIVE(FORMAT "," LAYERS ",'links':'" links "'", TENSORS)
#define OF_TENSORS(tensors)   NATIVE(FORMAT "," LAYERS "," LINKS, tensors)

static void reads_the_file_that_the_hostile_ones_are_made_of(void **state)
{
    (void)state;
    const hostile good = {.header = GOOD, .n_data = sizeof DATA};
    size_t n = 0;
    unsigned char *bytes = file_of(&good, &n);
    sg_error err = {0};
    assert_ok(read_bytes(bytes, n, &err), &err);
    sg_free(bytes);
}

static const hostile METADATA[] = {
    {"no version", NATIVE("'format':'sparsegraph-snapshot'", TENSORS), 36, SG_EFORMAT,
     "the metadata entry 'format_version' is missing"},
    {"a later version", NATIVE("'format':'sparsegraph-snapshot','format_version':'2'", TENSORS), 36,
     SG_EUNSUPPORTED,
     "its format version is 2, this sparsegraph reads 1; a newer sparsegraph may read it"},
    {"no layers", NATIVE(FORMAT "," LINKS, TENSORS), 36, SG_EFORMAT,
     "the metadata entry 'layers' is missing"},
    {"no links", NATIVE(FORMAT "," LAYERS, TENSORS), 36, SG_EFORMAT,
     "the metadata entry 'links' is missing"},
    {"layers cut short", OF_LAYERS("["), 36, SG_EFORMAT, "the metadata entry 'layers': *"},
    {"layers an object", OF_LAYERS("{}"), 36, SG_EFORMAT,
     "the metadata entry 'layers' is no JSON array"},
    {"a layer without bias", OF_LAYERS("[{^name^:^input^,^size^:3,^shape^:[3]}]"), 36, SG_EFORMAT,
     "an entry of the metadata's layers lacks name, size, shape or bias, or has them of "
     "another "
     "type"},
    {"a layer of no neurons", OF_LAYERS("[{^name^:^input^,^size^:0,^shape^:[0],^bias^:false}]"), 36,
     SG_EFORMAT, "layer 'input' has 0 neurons: 1 to 2^32 - 1 are possible"},
    {"a layer of too many",
     OF_LAYERS("[{^name^:^input^,^size^:4294967296,^shape^:[4294967296],^bias^:false}]"), 36,
     SG_EFORMAT, "layer 'input' has 4294967296 neurons: 1 to 2^32 - 1 are possible"},
    {"a shape of another size", OF_LAYERS("[{^name^:^input^,^size^:3,^shape^:[2,2],^bias^:false}]"),
     36, SG_EFORMAT, "the shape of layer 'input' does not multiply to 3"},
    {"a shape of five", OF_LAYERS("[{^name^:^i^,^size^:1,^shape^:[1,1,1,1,1],^bias^:false}]"), 36,
     SG_EFORMAT, "the shape of layer 'i' is not 1 to 4 integers"},
    {"an empty shape", OF_LAYERS("[{^name^:^i^,^size^:1,^shape^:[],^bias^:false}]"), 36, SG_EFORMAT,
     "the shape of layer 'i' is empty"},
    {"a layer twice", OF_LAYERS("[" IN "," IN "]"), 36, SG_EFORMAT, "two layers are named 'input'"},
    {"a layer without a name", OF_LAYERS("[{^name^:^^,^size^:1,^shape^:[1],^bias^:false}]"), 36,
     SG_EFORMAT, "the layer's name is empty"},
    {"a bias that is not there", OF_LAYERS("[{^name^:^input^,^size^:3,^shape^:[3],^bias^:true}]"),
     36, SG_EFORMAT, "tensor 'input.bias' is missing"},
    {"a link without a name", OF_LINKS("[{^from^:^input^,^to^:^output^}]"), 36, SG_EFORMAT,
     "an entry of the metadata's links lacks a name"},
    {"a link to nowhere", OF_LINKS("[{^name^:^io^,^from^:^input^,^to^:^exit^}]"), 36, SG_EFORMAT,
     "link 'io' joins a layer that is not there"},
    {"a link by number", OF_LINKS("[{^name^:^io^,^from^:0,^to^:1}]"), 36, SG_EFORMAT,
     "link 'io' joins a layer that is not there"},
    {"a link to itself", OF_LINKS("[{^name^:^io^,^from^:^output^,^to^:^output^}]"), 36, SG_EFORMAT,
     "link 'io' runs from layer 'output' back to 'output': links run forward"},
    {"a link twice", OF_LINKS("[" IO "," IO "]"), 36, SG_EFORMAT, "two links are named 'io'"},
    {"a link whose arrays are not there",
     OF_LINKS("[" IO ",{^name^:^x^,^from^:^input^,^to^:^output^}]"), 36, SG_EFORMAT,
     "tensor 'x.indptr' is missing"},
    {"tensors of no link", OF_LINKS("[]"), 36, SG_EFORMAT,
     "3 tensors belong to no layer or link; further ones are named 'extra.NAME'"},
    {"metadata with a bell", NATIVE(FORMAT "," LAYERS "," LINKS ",'\\u0007':'x'", TENSORS), 36,
     SG_EFORMAT, "the key of a metadata entry is not printable UTF-8 text"},
};

static void refuses_metadata_that_describes_no_network(void **state)
{
    (void)state;
    assert_refused(METADATA, SG_COUNT(METADATA));
}

#define HUGE "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"

static const hostile ARRAYS[] = {
    {"offsets of another dtype",
     OF_TENSORS("'io.indptr':{'dtype':'I64','shape':[2],'data_offsets':[0,16]}," INDICES "," VALUES
                "," BIAS),
     36, SG_EFORMAT, "tensor 'io.indptr' is 1-dimensional I64, must be 1-D U64"},
    {"offsets in a square",
     OF_TENSORS("'io.indptr':{'dtype':'U64','shape':[2,1],'data_offsets':[0,16]}," INDICES
                "," VALUES "," BIAS),
     36, SG_EFORMAT, "tensor 'io.indptr' is 2-dimensional U64, must be 1-D U64"},
    {"an offset too few",
     OF_TENSORS("'io.indptr':{'dtype':'U64','shape':[1],'data_offsets':[0,8]},"
                "'extra.x':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}," INDICES "," VALUES
                "," BIAS),
     36, SG_EFORMAT, "tensor 'io.indptr' holds 1 values, must be 2"},
    {"no indices",
     OF_TENSORS(INDPTR ",'extra.i':{'dtype':'F32','shape':[2],'data_offsets':[16,24]}," VALUES
                       "," BIAS),
     36, SG_EFORMAT, "tensor 'io.indices' is missing"},
    {"fewer weights than indices",
     OF_TENSORS(INDPTR "," INDICES
                       ",'io.values':{'dtype':'F32','shape':[1],'data_offsets':[24,28]},"
                       "'output.bias':{'dtype':'F32','shape':[2],'data_offsets':[28,36]}"),
     36, SG_EFORMAT, "tensor 'output.bias' holds 2 values, must be 1"},
    {"weights of half precision",
     OF_TENSORS(INDPTR "," INDICES
                       ",'io.values':{'dtype':'F16','shape':[4],'data_offsets':[24,32]}," BIAS),
     36, SG_EFORMAT, "tensor 'io.values' is 1-dimensional F16, must be 1-D F32"},
    {"more weights than indices",
     OF_TENSORS(INDPTR ",'io.indices':{'dtype':'U32','shape':[1],'data_offsets':[16,20]},"
                       "'io.values':{'dtype':'F32','shape':[3],'data_offsets':[20,32]}," BIAS),
     36, SG_EFORMAT, "tensor 'io.values' holds 3 values, 'io.indices' 1"},
    {"more links than cells",
     OF_TENSORS(INDPTR ",'io.indices':{'dtype':'U32','shape':[4],'data_offsets':[16,32]}," BIAS),
     36, SG_EFORMAT, "link 'io': 4 links do not fit in a matrix of 1 x 3"},
    {"a first offset of 1", GOOD, 36, SG_EFORMAT,
     "link 'io': the row offsets do not run from 0 to 2", "\1\0\0\0\0\0\0\0", 0},
    {"a last offset of 2^63 - 1", GOOD, 36, SG_EFORMAT,
     "link 'io': the row offsets do not run from 0 to 2", HUGE, 8},
    {"a column past the end", GOOD, 36, SG_EFORMAT, "link 'io': row 0 names column 3 of 3",
     "\1\0\0\0\3\0\0\0", 16},
    {"columns that fall", GOOD, 36, SG_EFORMAT, "link 'io': the columns of row 0 do not ascend",
     "\2\0\0\0\1\0\0\0", 16},
    {"a column twice", GOOD, 36, SG_EFORMAT, "link 'io': the columns of row 0 do not ascend",
     "\1\0\0\0\1\0\0\0", 16},
    {"a weight that is NaN", GOOD, 36, SG_EFORMAT,
     "link 'io': the weight at row 0, column 2 is NaN", "\0\0\x80\x3F\0\0\xC0\x7F", 24},
    {"a weight that is infinite", GOOD, 36, SG_EFORMAT,
     "link 'io': the weight at row 0, column 1 is infinite", "\0\0\x80\xFF\0\0\0\xC0", 24},
    {"a bias that is NaN", GOOD, 36, SG_EFORMAT, "bias of layer 'output': value 0 is NaN",
     "\0\0\0\xC0\0\0\xC0\x7F", 28},
    {"a tensor of nobody",
     OF_TENSORS(TENSORS ",'x':{'dtype':'F32','shape':[1],'data_offsets':[36,40]}"), 40, SG_EFORMAT,
     "1 tensors belong to no layer or link; further ones are named 'extra.NAME'"},
    {"an extra tensor of integers",
     OF_TENSORS(TENSORS ",'extra.x':{'dtype':'U32','shape':[1],'data_offsets':[36,40]}"), 40,
     SG_EFORMAT, "tensor 'extra.x' is 1-dimensional U32, must be F32 of at most 4 dimensions"},
    {"an extra tensor without a name",
     OF_TENSORS(TENSORS ",'extra.':{'dtype':'F32','shape':[1],'data_offsets':[36,40]}"), 40,
     SG_EFORMAT, "the extra tensor's name is empty"},
};

static void refuses_arrays_that_are_no_sparse_matrix(void **state)
{
    (void)state;
    assert_refused(ARRAYS, SG_COUNT(ARRAYS));
}

static void refuses_a_header_longer_than_the_file_or_the_cap(void **state)
{
    (void)state;
    const struct {
        uint64_t length;
        const char *message;
    } cases[] = {
        {3, "the header of 3 bytes does not fit in a file of 10"},
        {100000000, "the header of 100000000 bytes does not fit in a file of 10"},
        {100000001, "it is no safetensors file: its first 8 bytes give a header of 100000001 "
                    "bytes, at most 100000000 are possible"},
        {UINT64_MAX, "it is no safetensors file: its first 8 bytes give a header of "
                     "18446744073709551615 bytes, at most 100000000 are possible"},
    };
    for (size_t i = 0; i < SG_COUNT(cases); i++) {
        unsigned char bytes[10] = {[8] = '{', [9] = '}'};
        sg_error err = {0};
        memcpy(bytes, &cases[i].length, sizeof cases[i].length);
        assert_int_equal(read_bytes(bytes, sizeof bytes, &err), SG_EFORMAT);
        assert_string_equal(err.message, cases[i].message);
    }
}

/* Every prefix of a good file, and nothing in it may be read past its end. */
static void refuses_every_truncation(void **state)
{
    (void)state;
    const hostile good = {.header = GOOD, .n_data = sizeof DATA};
    size_t n = 0;
    unsigned char *bytes = file_of(&good, &n);
    for (size_t cut = 0; cut < n; cut++) {
        unsigned char *prefix = sg_alloc(cut, 1);
        sg_error err = {0};
        assert_non_null(prefix);
        memcpy(prefix, bytes, cut);
        assert_int_equal(read_bytes(prefix, cut, &err), SG_EFORMAT);
        sg_free(prefix);
    }
    sg_free(bytes);
}

static void a_header_nested_to_the_bottom_is_no_crash(void **state)
{
    (void)state;
    enum { DEPTH = 1 << 20 };
    char *header = sg_alloc(DEPTH + 8, 1);
    assert_non_null(header);
    (void)snprintf(header, 6, "{\"a\":");
    memset(header + 5, '[', DEPTH);
    size_t n = 0;
    unsigned char *bytes = container_of(header, NULL, 0, &n);
    sg_error err = {0};
    assert_int_equal(read_bytes(bytes, n, &err), SG_EFORMAT);
    sg_free(bytes);
    sg_free(header);
}

/* Two bytes a value in the file, some 80 in memory. */
static void a_header_of_millions_of_values_is_refused_before_it_is_parsed(void **state)
{
    (void)state;
    enum { N = 1 << 22 };
    char *header = sg_alloc(2 * N + 1, 1);
    assert_non_null(header);
    header[0] = '{';
    for (size_t i = 1; i < N; i++) {
        header[2 * i - 1] = '0';
        header[2 * i] = ',';
    }
    header[2 * N - 1] = '}';
    size_t n = 0;
    unsigned char *bytes = container_of(header, NULL, 0, &n);
    sg_error err = {0};
    assert_int_equal(read_bytes(bytes, n, &err), SG_EUNSUPPORTED);
    assert_string_equal(err.message, "the header: more than 4194304 JSON values");
    sg_free(bytes);
    sg_free(header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_file_that_the_hostile_ones_are_made_of),
        cmocka_unit_test(refuses_containers_that_break_the_format),
        cmocka_unit_test(refuses_metadata_that_describes_no_network),
        cmocka_unit_test(refuses_arrays_that_are_no_sparse_matrix),
        cmocka_unit_test(refuses_a_header_longer_than_the_file_or_the_cap),
        cmocka_unit_test(refuses_every_truncation),
        cmocka_unit_test(a_header_nested_to_the_bottom_is_no_crash),
        cmocka_unit_test(a_header_of_millions_of_values_is_refused_before_it_is_parsed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
