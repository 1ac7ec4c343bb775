/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TEST_XML_H
#define SG_TEST_XML_H

/*
 * Enough of an XML reader to judge our own SVG: tags nest and close, attributes are quoted and
 * unique, references are known, bytes are UTF-8 without controls, every id is used once, and every
 * id that is referred to exists. Fails the test with the place otherwise.
 */

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { XML_DEPTH = 32, XML_IDS = 512, XML_NAME = 64 };

typedef struct xml_reader {
    const char *start, *at;
    char open[XML_DEPTH][XML_NAME];
    size_t depth;
    char id[XML_IDS][XML_NAME];
    size_t n_ids;
    char wanted[XML_IDS][XML_NAME]; /* ids referred to */
    size_t n_wanted;
} xml_reader;

static inline void xml_need(const xml_reader *x, bool condition, const char *what)
{
    if (!condition)
        fail_msg("not well-formed at byte %td (%s): %.60s", x->at - x->start, what, x->at);
}
#define XML_NEED(x, condition) xml_need((x), (condition), #condition)

static inline void xml_name(xml_reader *x, char name[XML_NAME])
{
    size_t n = 0;
    while (isalnum((unsigned char)*x->at) || *x->at == '-' || *x->at == ':' || *x->at == '_') {
        XML_NEED(x, n + 1 < XML_NAME);
        name[n++] = *x->at++;
    }
    name[n] = '\0';
    XML_NEED(x, n > 0);
}

static inline void xml_reference(xml_reader *x)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < 5; i++) {
        if (strncmp(x->at, known[i], strlen(known[i])) == 0) {
            x->at += strlen(known[i]);
            return;
        }
    }
    XML_NEED(x, false); /* an unknown reference */
}

static inline void xml_want(xml_reader *x, const char *id, size_t n)
{
    XML_NEED(x, x->n_wanted < XML_IDS && n < XML_NAME);
    memcpy(x->wanted[x->n_wanted], id, n);
    x->wanted[x->n_wanted++][n] = '\0';
}

/* Notes what an attribute's value defines or refers to. */
static inline void xml_note(xml_reader *x, const char *name, const char *value, size_t n)
{
    if (strcmp(name, "id") == 0) {
        XML_NEED(x, x->n_ids < XML_IDS && n < XML_NAME);
        memcpy(x->id[x->n_ids], value, n);
        x->id[x->n_ids][n] = '\0';
        for (size_t i = 0; i < x->n_ids; i++)
            XML_NEED(x, strcmp(x->id[i], x->id[x->n_ids]) != 0);
        x->n_ids++;
    } else if (strcmp(name, "aria-labelledby") == 0) {
        const char *space = memchr(value, ' ', n);
        XML_NEED(x, space != NULL);
        xml_want(x, value, (size_t)(space - value));
        xml_want(x, space + 1, n - (size_t)(space + 1 - value));
    } else if (n > 6 && strncmp(value, "url(#", 5) == 0) {
        xml_want(x, value + 5, n - 6);
    }
}

static inline void xml_attributes(xml_reader *x)
{
    char seen[XML_DEPTH][XML_NAME];
    size_t n = 0;
    while (*x->at == ' ') {
        x->at++;
        XML_NEED(x, n < XML_DEPTH);
        xml_name(x, seen[n]);
        for (size_t i = 0; i < n; i++)
            XML_NEED(x, strcmp(seen[i], seen[n]) != 0);
        XML_NEED(x, x->at[0] == '=' && x->at[1] == '"');
        x->at += 2;
        const char *value = x->at;
        while (*x->at != '"') {
            XML_NEED(x, *x->at && *x->at != '<');
            if (*x->at == '&')
                xml_reference(x);
            else
                x->at++;
        }
        xml_note(x, seen[n++], value, (size_t)(x->at - value));
        x->at++;
    }
}

static inline void xml_tag(xml_reader *x)
{
    char name[XML_NAME];
    x->at++;
    if (*x->at == '/') {
        x->at++;
        xml_name(x, name);
        XML_NEED(x, x->depth > 0 && strcmp(x->open[x->depth - 1], name) == 0);
        x->depth--;
    } else {
        xml_name(x, name);
        xml_attributes(x);
        if (*x->at == '/') {
            x->at++;
        } else {
            XML_NEED(x, x->depth < XML_DEPTH);
            memcpy(x->open[x->depth++], name, XML_NAME);
        }
    }
    XML_NEED(x, *x->at == '>');
    x->at++;
}

static inline void xml_check(xml_reader *x, const char *text)
{
    static const char declaration[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    memset(x, 0, sizeof *x);
    x->start = x->at = text;
    if (strncmp(text, declaration, strlen(declaration)) == 0)
        x->at += strlen(declaration);
    while (*x->at) {
        if (*x->at == '<')
            xml_tag(x);
        else if (*x->at == '&')
            xml_reference(x);
        else {
            XML_NEED(x, (unsigned char)*x->at >= 0x20 || *x->at == '\n');
            x->at++;
        }
    }
    XML_NEED(x, x->depth == 0);
    for (size_t i = 0; i < x->n_wanted; i++) {
        bool found = false;
        for (size_t k = 0; k < x->n_ids; k++)
            found = found || strcmp(x->wanted[i], x->id[k]) == 0;
        if (!found)
            fail_msg("the id '%s' is referred to and does not exist", x->wanted[i]);
    }
}

#endif
