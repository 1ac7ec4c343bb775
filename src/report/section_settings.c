/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"
#include "report/source.h"

#include <string.h>

/* What was run: the manifest, whatever it holds, so that nothing is lost between versions. */

enum { DEPTH_MAX = 4 };

/* What tells nothing of the result: the machine's name, the version of the file's own form, and the
 * settings of a data set that was read whole. All of it is in the copied manifest. */
static bool is_left_out(const char *key)
{
    static const char *const keys[] = {"host", "format", "format_version"};

    for (size_t i = 0; i < SG_COUNT(keys); i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static bool is_plain(const sg_json *j)
{
    return !sg_json_is_object(j) && !sg_json_is_array(j);
}

/* Whether a setting was not used, so that its value would only mislead. */
static bool is_unset(const char *key, const sg_json *value)
{
    static const char *const zero_is_unset[] = {"n_train", "n_test", "density", "lr_final"};
    double number = 1.0;
    bool truth = false;

    if (is_plain(value) && !sg_json_string(value) && !sg_json_number(value, &number) &&
        !sg_json_is_bool(value, &truth))
        return true; /* null */
    for (size_t i = 0; i < SG_COUNT(zero_is_unset); i++)
        if (strcmp(key, zero_is_unset[i]) == 0 && number == 0.0)
            return true;
    return false;
}

/* Appends a key as words: "weight_decay" → "weight decay". */
static void append_words(sg_text *t, const char *key)
{
    for (const char *c = key; *c; c++)
        sg_text_append_bytes(t, *c == '_' ? " " : c, 1);
}

static void append_value(sg_text *t, const sg_json *j)
{
    const char *string = sg_json_string(j);
    double number = 0.0;
    bool truth = false;

    if (string) {
        const bool is_code = strlen(string) > 40;
        sg_text_append(t, is_code ? "<code>" : "");
        sg_html_escape(t, string);
        sg_text_append(t, is_code ? "</code>" : "");
    } else if (sg_json_number(j, &number))
        sg_html_printf(t, "%.12g", number);
    else if (sg_json_is_bool(j, &truth))
        sg_text_append(t, truth ? "yes" : "no");
    else
        sg_text_append(t, "\xE2\x80\x93");
}

static bool is_plain_list(const sg_json *j)
{
    if (!sg_json_is_array(j))
        return false;
    for (const sg_json *item = sg_json_first(j); item; item = sg_json_next(item))
        if (!is_plain(item))
            return false;
    return true;
}

static void append_row(sg_text *t, const char *label, const sg_json *j)
{
    SG_AUTO_TEXT sg_text words = {0};

    append_words(&words, label);
    if (words.failed) {
        t->failed = true;
        return;
    }
    sg_html_row(t, NULL, words.bytes ? words.bytes : "");
    sg_text_append(t, "<td class=\"text\">");
    if (is_plain(j))
        append_value(t, j);
    else
        for (const sg_json *item = sg_json_first(j); item; item = sg_json_next(item)) {
            append_value(t, item);
            sg_text_append(t, sg_json_next(item) ? ", " : "");
        }
    sg_text_append(t, "</td>");
    sg_html_row_end(t);
}

/* A file with its checksum takes one row, under its name without the folders of a machine. */
static bool append_input(sg_text *t, const sg_json *j)
{
    const char *sha256 = sg_json_string(sg_json_get(j, "sha256"));
    const char *path = sg_json_string(sg_json_get(j, "path"));
    SG_AUTOFREE char *name = path ? sg_source_label(path) : NULL;

    if (!sha256 || !name)
        return false;
    sg_html_row(t, NULL, name);
    sg_text_append(t, "<td class=\"text\">SHA-256 <code>");
    sg_html_escape(t, sha256);
    sg_text_append(t, "</code></td>");
    sg_html_row_end(t);
    return true;
}

/* Settings stand under their own names, the rest under the names of what they are part of. */
static char *join_label(const char *parent, const char *key, size_t i)
{
    if (!key)
        return sg_format("%s %zu", parent, i + 1);
    if (!*parent || strcmp(parent, "settings") == 0)
        return sg_strdup(key);
    return sg_format("%s: %s", parent, key);
}

/* Recursion goes no deeper than DEPTH_MAX; what lies below is in the copied manifest. */
static void append_rows(sg_text *t, const char *parent, const sg_json *j, size_t depth)
{
    size_t i = 0;

    for (const sg_json *child = sg_json_first(j); child; child = sg_json_next(child), i++) {
        const char *key = sg_json_is_object(j) ? sg_json_key(child) : NULL;
        if (key && (is_left_out(key) || is_unset(key, child)))
            continue;
        if (append_input(t, child))
            continue;
        SG_AUTOFREE char *label = join_label(parent, key, i);
        if (!label)
            t->failed = true;
        else if (is_plain(child) || (is_plain_list(child) && sg_json_first(child)))
            append_row(t, label, child);
        else if (depth < DEPTH_MAX)
            append_rows(t, label, child, depth + 1);
    }
}

/* A file from elsewhere has only what its header says. */
static void append_meta(sg_text *t, const sg_snapshot *s)
{
    for (size_t i = 0; i < sg_snapshot_n_meta(s); i++) {
        const char *key = NULL;
        const char *value = NULL;
        sg_snapshot_meta_at(s, i, &key, &value);
        sg_html_row(t, NULL, key);
        sg_html_cell_text(t, value);
        sg_html_row_end(t);
    }
}

static void append_layers(sg_text *t, const sg_snapshot *s)
{
    sg_html_row(t, NULL, "layers");
    sg_text_append(t, "<td class=\"text\">");
    for (size_t i = 0; i < sg_snapshot_n_layers(s); i++) {
        const sg_layer *layer = sg_snapshot_layer(s, i);
        sg_html_printf(t, "%s%s ", i ? ", " : "", layer->name);
        sg_html_count(t, (double)layer->size);
        for (size_t d = 0; layer->n_dims > 1 && d < layer->n_dims; d++)
            sg_text_printf(t, "%s%zu%s", d ? "\xC3\x97" : " (", layer->shape[d],
                           d + 1 == layer->n_dims ? ")" : "");
    }
    sg_text_append(t, "</td>");
    sg_html_row_end(t);
}

sg_status sg_section_settings(sg_page *page, const sg_subject *s, sg_error *err)
{
    static const sg_html_column columns[] = {{"Setting", NULL, NULL, true},
                                             {"Value", NULL, NULL, true}};
    sg_text *t = &page->html;

    (void)err;
    sg_page_heading(page, s, "settings", "What was run");
    if (sg_json_count(s->manifest) == 0)
        sg_text_append(t, s->run
                              ? "<p>The run has no manifest: how it was trained is not known.</p>\n"
                              : "<p>A single network from a file: how it was trained is known only "
                                "as far as the file says.</p>\n");
    sg_text_append(t, "<div class=\"settings\">\n");
    sg_page_table(page, "Settings",
                  s->run ? "As the run recorded them in its manifest."
                         : "As the file records them in its header.",
                  columns, SG_COUNT(columns));
    append_layers(t, s->last);
    append_rows(t, "", s->manifest, 0);
    if (!s->run)
        append_meta(t, s->last);
    sg_html_table_end(t);
    sg_text_append(t, "</div>\n");
    return SG_OK;
}
