/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_HTML_CHECK_H
#define SG_TEST_HTML_CHECK_H

/*
 * A small checker of HTML as we write it: every element is closed in order, attributes are quoted,
 * no '&' stands bare, no two ids are alike, every "#..." leads somewhere, and nothing is loaded
 * from outside.
 * It knows void elements, <style> and self-closing SVG; comments and scripts it refuses, as the
 * report has none.
 */

#include "base/text.h"
#include <ctype.h>
#include <string.h>

enum { HTML_DEPTH_MAX = 64, HTML_IDS_MAX = 20000, HTML_NAME_MAX = 80 };

typedef struct html_checker {
    const char *at;
    char open[HTML_DEPTH_MAX][HTML_NAME_MAX];
    size_t depth;
    char (*ids)[HTML_NAME_MAX];
    size_t n_ids;
    char (*targets)[HTML_NAME_MAX];
    size_t n_targets;
    const char *wrong; /* what is wrong at `at`, or NULL */
} html_checker;

static inline bool html_is_void(const char *name)
{
    static const char *const names[] = {"meta", "br", "hr", "img", "link", "input", "col"};

    for (size_t i = 0; i < SG_COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Copies a word of the characters that names are made of; false when it is empty or too long. */
static inline bool html_word(html_checker *h, char ret[HTML_NAME_MAX])
{
    size_t n = 0;

    while (isalnum((unsigned char)*h->at) || (*h->at && strchr("-_:", *h->at))) {
        if (n + 1 == HTML_NAME_MAX)
            return false;
        ret[n++] = *h->at++;
    }
    ret[n] = '\0';
    return n > 0;
}

static inline bool html_entity(const char *s)
{
    const size_t n = strcspn(s, "; <\"\n");
    return n > 1 && n < 10 && s[n] == ';';
}

/* What loads something, or runs something, when the page is opened. */
static inline bool html_loads(const char *element, const char *name, const char *value, size_t n)
{
    if (strncmp(name, "on", 2) == 0)
        return true;
    if (strcmp(name, "src") == 0 || strcmp(name, "srcset") == 0)
        return true;
    if (strcmp(name, "xlink:href") == 0 || (strcmp(name, "href") == 0 && strcmp(element, "a") != 0))
        return n == 0 || value[0] != '#';
    return n > 10 && strncmp(value, "javascript", 10) == 0;
}

static inline void html_attribute(html_checker *h, const char *element)
{
    char name[HTML_NAME_MAX];

    if (!html_word(h, name)) {
        h->wrong = "an attribute without a name";
        return;
    }
    if (*h->at != '=')
        return;
    if (h->at[1] != '"') {
        h->wrong = "an attribute without quotes";
        return;
    }
    const char *value = h->at + 2;
    const size_t n = strcspn(value, "\"");
    h->at = value + n + (value[n] == '"');
    if (value[n] != '"' || memchr(value, '<', n))
        h->wrong = "an attribute that does not end";
    else if (html_loads(element, name, value, n))
        h->wrong = "something that is loaded or run";
    for (size_t i = 0; i < n && !h->wrong; i++)
        if (value[i] == '&' && !html_entity(value + i))
            h->wrong = "a bare & in an attribute";
    const bool is_id = strcmp(name, "id") == 0;
    const bool is_target = strcmp(name, "href") == 0 && *value == '#';
    if (h->wrong || (!is_id && !is_target))
        return;
    const size_t skip = is_target ? 1 : 0;
    if (n - skip >= HTML_NAME_MAX || n == skip || h->n_ids == HTML_IDS_MAX ||
        h->n_targets == HTML_IDS_MAX) {
        h->wrong = "an id that is empty, too long, or one too many";
        return;
    }
    char *copy = is_id ? h->ids[h->n_ids++] : h->targets[h->n_targets++];
    memcpy(copy, value + skip, n - skip);
    copy[n - skip] = '\0';
}

static inline void html_close(html_checker *h)
{
    char name[HTML_NAME_MAX];

    h->at += 2;
    if (!html_word(h, name) || *h->at != '>' || h->depth == 0 ||
        strcmp(h->open[h->depth - 1], name) != 0) {
        h->wrong = "an end tag that nothing opened, or out of order";
        return;
    }
    h->at++;
    h->depth--;
}

static inline void html_open(html_checker *h)
{
    char name[HTML_NAME_MAX];

    h->at++;
    if (!html_word(h, name) || strcmp(name, "script") == 0 || strcmp(name, "link") == 0 ||
        strcmp(name, "iframe") == 0) {
        h->wrong = "a tag without a name, or one that loads";
        return;
    }
    for (h->at += strspn(h->at, " \n"); *h->at && *h->at != '>' && *h->at != '/' && !h->wrong;
         h->at += strspn(h->at, " \n"))
        html_attribute(h, name);
    if (h->wrong)
        return;
    const bool is_empty = *h->at == '/';
    h->at += is_empty;
    if (*h->at++ != '>') {
        h->wrong = "a tag that does not end";
        return;
    }
    if (strcmp(name, "style") == 0) {
        const char *end = strstr(h->at, "</style>");
        const char *url = strstr(h->at, "url(");
        if (!end || (url && url < end && url[4] != '#'))
            h->wrong = "a style that does not end, or loads";
        else
            h->at = end;
    }
    if (is_empty || html_is_void(name))
        return;
    if (h->depth == HTML_DEPTH_MAX) {
        h->wrong = "too many elements in each other";
        return;
    }
    memcpy(h->open[h->depth++], name, sizeof name);
}

static inline int html_by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static inline void html_check_ids(html_checker *h)
{
    qsort(h->ids, h->n_ids, sizeof *h->ids, html_by_name);
    for (size_t i = 1; i < h->n_ids; i++)
        if (strcmp(h->ids[i - 1], h->ids[i]) == 0) {
            h->at = h->ids[i];
            h->wrong = "two ids alike";
            return;
        }
    for (size_t i = 0; i < h->n_targets; i++)
        if (!bsearch(h->targets[i], h->ids, h->n_ids, sizeof *h->ids, html_by_name)) {
            h->at = h->targets[i];
            h->wrong = "a link to an id that is not there";
            return;
        }
}

/* Returns NULL for a good page, else what is wrong and where: a new string. */
static inline char *html_check(const char *html)
{
    static const char doctype[] = "<!DOCTYPE html>\n";
    html_checker h = {.at = html,
                      .ids = sg_alloc(HTML_IDS_MAX, sizeof *h.ids),
                      .targets = sg_alloc(HTML_IDS_MAX, sizeof *h.targets)};

    if (strncmp(html, doctype, strlen(doctype)) != 0)
        h.wrong = "no doctype";
    else
        h.at += strlen(doctype);
    while (*h.at && !h.wrong) {
        if (h.at[0] == '<' && h.at[1] == '/')
            html_close(&h);
        else if (h.at[0] == '<')
            html_open(&h);
        else if (h.at[0] == '&' && !html_entity(h.at))
            h.wrong = "a bare &";
        else
            h.at++;
    }
    if (!h.wrong && h.depth > 0)
        h.wrong = "an element that is not closed";
    if (!h.wrong)
        html_check_ids(&h);
    char *ret = h.wrong ? sg_format("%s: %.80s", h.wrong, h.at) : NULL;
    sg_free(h.ids);
    sg_free(h.targets);
    return ret;
}

#endif
