/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include "base/status.h"
#include "base/text.h"
#include "container.h"
#include "files.h"
#include "folder.h"
#include "patterned.h"
#include "snapshot/snapshot_read.h"
#include "sparsegraph/convert.h"

#include <sys/stat.h>
#include <unistd.h>

SG_DEFINE_CLEANUP(sg_run, sg_run_free)

/* Makes an empty run directory. */
static void make_run(char path[TEST_PATH_MAX], const char *name)
{
    char snapshots[TEST_PATH_MAX];
    assert_int_equal(mkdir(in_folder(path, folder, name), 0700), 0);
    assert_int_equal(mkdir(in_folder(snapshots, path, "snapshots"), 0700), 0);
}

static void add_snapshot(const char *run, long epoch, sg_snapshot *s)
{
    char path[TEST_PATH_MAX];
    char name[64];
    char text[24];
    sg_error err = {0};
    (void)snprintf(text, sizeof text, "%ld", epoch);
    assert_ok(sg_snapshot_set_meta(s, "epoch", text, &err), &err);
    (void)snprintf(name, sizeof name, "snapshots/epoch-%04ld.safetensors", epoch);
    assert_ok(sg_snapshot_write(s, in_folder(path, run, name), &err), &err);
    sg_snapshot_free(s);
}

/* Two senders, one receiver: a weight a sender, 0 where the connection is not there. */
static sg_snapshot *two_weights(float a, float b)
{
    const float weight[] = {a, b};
    sg_csr *m = NULL;
    sg_snapshot *s = NULL;
    sg_error err = {0};
    assert_ok(sg_csr_new(1, 2, (size_t)(a != 0.0F) + (size_t)(b != 0.0F), true, &m, &err), &err);
    size_t n = 0;
    for (uint32_t i = 0; i < 2; i++)
        if (weight[i] != 0.0F) {
            m->col[n] = i;
            m->value[n++] = weight[i];
        }
    m->row_start[1] = n;
    assert_ok(sg_snapshot_new(&s, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "in", .size = 2}, &err), &err);
    assert_ok(sg_snapshot_add_layer(s, &(sg_layer){.name = "out", .size = 1}, &err), &err);
    assert_ok(sg_snapshot_add_link(s, "in-out", 0, 1, m, &err), &err);
    return s;
}

/* The first connection goes and comes back, the second comes late and changes its weight. */
static void make_small_run(char path[TEST_PATH_MAX], const char *name)
{
    make_run(path, name);
    add_snapshot(path, 0, two_weights(0.5F, 0.0F));
    add_snapshot(path, 10, two_weights(0.25F, 0.0F));
    add_snapshot(path, 20, two_weights(0.0F, -2.0F));
    add_snapshot(path, 30, two_weights(0.75F, -2.0F));
    add_snapshot(path, 40, two_weights(0.75F, 3.0F));
}

static sg_status collect(void *user, const void *bytes, size_t n, sg_error *err)
{
    (void)err;
    sg_text_append_bytes(user, bytes, n);
    return SG_OK;
}

/* Writes a run as a text; *ret is sg_free()d. */
static sg_status write_text_of(const char *path, const sg_convert_timeline_params *params,
                               const sg_progress *progress, char **ret, sg_error *err)
{
    SG_CLEANUP(sg_run_free_cleanup_) sg_run *run = NULL;
    SG_AUTO_TEXT sg_text t = {0};
    const sg_convert_target target = {NULL, collect, &t};
    SG_TRY(sg_run_open(path, &run, err));
    SG_TRY(sg_convert_timeline(run, &target, params, progress, err));
    return sg_text_take(&t, ret, err);
}

static char *timeline_of(const char *path, const sg_convert_timeline_params *params)
{
    char *text = NULL;
    sg_error err = {0};
    assert_ok(write_text_of(path, params, NULL, &text, &err), &err);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is missing in:\n%s", part, text);
}

static void says_when_each_connection_is_there(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    make_small_run(path, "small");
    SG_AUTOFREE char *text = timeline_of(path, NULL);
    assert_has(text, "mode=\"dynamic\" timeformat=\"double\" timerepresentation=\"interval\" "
                     "start=\"0\" end=\"40\">");
    assert_has(text, "<edges count=\"2\">\n"
                     "      <edge id=\"0\" source=\"0\" target=\"2\" weight=\"0.75\"><spells>"
                     "<spell start=\"0\" end=\"19\"/><spell start=\"30\" end=\"40\"/></spells>"
                     "</edge>\n"
                     "      <edge id=\"1\" source=\"1\" target=\"2\" weight=\"3.0\"><spells>"
                     "<spell start=\"20\" end=\"40\"/></spells></edge>\n"
                     "    </edges>\n");
    assert_null(strstr(text, "attributes class=\"edge\""));
}

static void says_how_weights_change_where_asked(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_convert_timeline_params params = SG_CONVERT_TIMELINE_DEFAULT;
    in_folder(path, folder, "small");
    params.all_weights = true;
    params.absolute = true;
    SG_AUTOFREE char *text = timeline_of(path, &params);
    assert_has(text, "<attributes class=\"edge\" mode=\"dynamic\">\n"
                     "      <attribute id=\"weight\" title=\"weight\" type=\"double\"/>\n");
    assert_has(text, "source=\"0\" target=\"2\"><attvalues>"
                     "<attvalue for=\"weight\" value=\"0.5\" start=\"0\" end=\"9\"/>"
                     "<attvalue for=\"weight\" value=\"0.25\" start=\"10\" end=\"19\"/>"
                     "<attvalue for=\"weight\" value=\"0.75\" start=\"30\" end=\"40\"/>"
                     "</attvalues><spells>"
                     "<spell start=\"0\" end=\"19\"/><spell start=\"30\" end=\"40\"/></spells>");
    assert_has(text, "source=\"1\" target=\"2\"><attvalues>"
                     "<attvalue for=\"weight\" value=\"2.0\" start=\"20\" end=\"39\"/>"
                     "<attvalue for=\"weight\" value=\"3.0\" start=\"40\" end=\"40\"/>"
                     "</attvalues><spells><spell start=\"20\" end=\"40\"/></spells>");
}

static void takes_the_epochs_asked_for(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_convert_timeline_params params = SG_CONVERT_TIMELINE_DEFAULT;
    in_folder(path, folder, "small");
    params.epoch_first = 10;
    params.epoch_last = 30;
    params.epoch_step = 20;
    SG_AUTOFREE char *text = timeline_of(path, &params);
    assert_has(text, "start=\"10\" end=\"30\">");
    assert_has(text, "target=\"2\" weight=\"0.75\"><spells><spell start=\"10\" end=\"30\"/>");
    assert_has(text, "target=\"2\" weight=\"-2.0\"><spells><spell start=\"30\" end=\"30\"/>");
}

/* Whether an edge's line has a spell that includes an epoch. */
static bool is_there(const char *line, const char *end, long epoch)
{
    static const char MARK[] = "<spell start=\"";
    for (const char *p = line; (p = strstr(p, MARK)) && p < end;) {
        long first = -1;
        long last = -1;
        assert_int_equal(sscanf(p, "<spell start=\"%ld\" end=\"%ld\"/>", &first, &last), 2);
        assert_true(first <= last);
        if (first <= epoch && epoch <= last)
            return true;
        p += strlen(MARK);
    }
    return false;
}

/* Counts the edges of a timeline at an epoch, each of which must be one of the network's. */
static size_t count_edges(const char *text, const sg_snapshot *s, long epoch)
{
    static const char MARK[] = "<edge id=";
    const size_t first[] = {0, 60, 100}; /* nodes of the patterned network's layers */
    size_t n = 0;
    for (const char *line = strstr(text, MARK); line; line = strstr(line + 1, MARK)) {
        size_t id = 0;
        size_t from = 0;
        size_t to = 0;
        bool found = false;
        assert_int_equal(
            sscanf(line, "<edge id=\"%zu\" source=\"%zu\" target=\"%zu\"", &id, &from, &to), 3);
        if (!is_there(line, strchr(line, '\n'), epoch))
            continue;
        for (size_t k = 0; k < sg_snapshot_n_links(s); k++) {
            const sg_link *link = sg_snapshot_link(s, k);
            const sg_csr *m = link->matrix;
            if (from < first[link->from] || from - first[link->from] >= m->n_cols ||
                to < first[link->to] || to - first[link->to] >= m->n_rows)
                continue;
            const size_t row = to - first[link->to];
            for (uint64_t i = m->row_start[row]; i < m->row_start[row + 1]; i++)
                found = found || m->col[i] == from - first[link->from];
        }
        assert_true(found);
        n++;
    }
    return n;
}

static void shows_at_each_epoch_the_network_of_that_epoch(void **state)
{
    (void)state;
    static const long epochs[] = {0, 1, 2, 3, 7};
    char path[TEST_PATH_MAX];
    make_run(path, "patterned");
    for (size_t i = 0; i < SG_COUNT(epochs); i++)
        add_snapshot(path, epochs[i], patterned_network(i, -1));
    SG_AUTOFREE char *text = timeline_of(path, NULL);
    for (size_t i = 0; i < SG_COUNT(epochs); i++) {
        sg_snapshot *s = patterned_network(i, -1);
        assert_int_equal(count_edges(text, s, epochs[i]), sg_snapshot_n_connections(s));
        if (epochs[i] == 3) /* stands until the next */
            assert_int_equal(count_edges(text, s, 6), sg_snapshot_n_connections(s));
        sg_snapshot_free(s);
    }
}

static void takes_the_core_of_each_epoch(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    sg_convert_timeline_params params = SG_CONVERT_TIMELINE_DEFAULT;
    in_folder(path, folder, "patterned");
    params.core_zeta = 0.3;
    params.epoch_first = params.epoch_last = 2;
    SG_AUTOFREE char *text = timeline_of(path, &params);
    sg_snapshot *whole = patterned_network(2, -1);
    sg_snapshot *core = NULL;
    sg_error err = {0};
    assert_ok(sg_snapshot_core(whole, 0.3, &core, &err), &err);
    assert_int_equal(count_edges(text, core, 2), sg_snapshot_n_connections(core));
    assert_true(sg_snapshot_n_connections(core) < sg_snapshot_n_connections(whole));
    sg_snapshot_free(core);
    sg_snapshot_free(whole);
}

static void says_why_a_run_is_no_timeline(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char *text = NULL;
    sg_error err = {0};
    sg_convert_timeline_params params = SG_CONVERT_TIMELINE_DEFAULT;
    in_folder(path, folder, "small");
    params.epoch_first = 50;
    assert_int_equal(write_text_of(path, &params, NULL, &text, &err), SG_EINVAL);
    assert_has(err.message, "has no snapshot of the epochs that were asked for");
    params.epoch_first = 0;
    params.epoch_step = 0;
    assert_int_equal(write_text_of(path, &params, NULL, &text, &err), SG_EINVAL);
    make_run(path, "mixed");
    add_snapshot(path, 0, two_weights(1.0F, 1.0F));
    add_snapshot(path, 1, patterned_network(0, -1));
    assert_int_equal(write_text_of(path, NULL, NULL, &text, &err), SG_EUNSUPPORTED);
    assert_has(err.message, "epoch-0001.safetensors' has other layers or links");
    assert_null(text);
}

static void stops_when_it_is_told_to_and_writes_nothing(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    sg_run *run = NULL;
    sg_error err = {0};
    const volatile sig_atomic_t stop = 1;
    const sg_progress progress = {.stop = &stop};
    const sg_convert_target target = {.path = in_folder(out, folder, "never.gexf")};
    assert_ok(sg_run_open(in_folder(path, folder, "small"), &run, &err), &err);
    assert_int_equal(sg_convert_timeline(run, &target, NULL, &progress, &err), SG_EINTERRUPTED);
    assert_int_equal(access(out, F_OK), -1);
    sg_run_free(run);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    char out[TEST_PATH_MAX];
    sg_run *run = NULL;
    sg_error err = {0};
    sg_status status = SG_ENOMEM;
    const sg_convert_target target = {.path = in_folder(out, folder, "a.gexf")};
    assert_ok(sg_run_open(in_folder(path, folder, "small"), &run, &err), &err);
    for (long budget = 0; status == SG_ENOMEM; budget++) {
        assert_true(budget < 3000);
        sg_test_alloc_budget(budget);
        status = sg_convert_timeline(run, &target, NULL, NULL, &err);
        sg_test_alloc_budget(-1);
        assert_int_equal(access(out, F_OK) == 0, status == SG_OK);
    }
    assert_int_equal(status, SG_OK);
    SG_AUTOFREE char *expected = timeline_of(path, NULL);
    assert_holds(out, expected);
    sg_run_free(run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_when_each_connection_is_there),
        cmocka_unit_test(says_how_weights_change_where_asked),
        cmocka_unit_test(takes_the_epochs_asked_for),
        cmocka_unit_test(shows_at_each_epoch_the_network_of_that_epoch),
        cmocka_unit_test(takes_the_core_of_each_epoch),
        cmocka_unit_test(says_why_a_run_is_no_timeline),
        cmocka_unit_test(stops_when_it_is_told_to_and_writes_nothing),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
