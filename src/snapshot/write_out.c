/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/write_out.h"

#include "base/utf8.h"

enum { DIGITS_MAX = 20 /* of a 64-bit integer */ };

sg_status sg_out_new(sg_status (*write)(void *user, const void *bytes, size_t n, sg_error *err),
                     void *user, sg_out **ret, sg_error *err)
{
    sg_out *o = SG_NEW(sg_out);
    if (!o)
        return sg_fail_memory(err, "writing a network");
    o->write = write;
    o->user = user;
    o->err = err;
    *ret = o;
    return SG_OK;
}

static sg_status to_file(void *user, const void *bytes, size_t n, sg_error *err)
{
    return sg_writer_write(user, bytes, n, err);
}

sg_status sg_out_to_file(sg_writer *w, sg_out **ret, sg_error *err)
{
    return sg_out_new(to_file, w, ret, err);
}

void sg_out_free(sg_out *o)
{
    sg_free(o);
}

static void hand_over(sg_out *o, const void *bytes, size_t n)
{
    if (o->status == SG_OK && n > 0)
        o->status = o->write(o->user, bytes, n, o->err);
}

void sg_out_flush(sg_out *o)
{
    hand_over(o, o->buffer, o->n);
    o->n = 0;
}

void sg_out_bytes_slow(sg_out *o, const void *bytes, size_t n)
{
    sg_out_flush(o);
    if (n >= SG_OUT_BUFFER)
        hand_over(o, bytes, n);
    else
        sg_out_bytes(o, bytes, n);
}

sg_status sg_out_end(sg_out *o)
{
    sg_out_flush(o);
    return o->status;
}

void sg_out_u64(sg_out *o, uint64_t value)
{
    char digits[DIGITS_MAX];
    size_t first = DIGITS_MAX;
    do
        digits[--first] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    sg_out_bytes(o, digits + first, DIGITS_MAX - first);
}

void sg_out_real(sg_out *o, float value)
{
    char text[SG_REAL_MAX];
    sg_out_bytes(o, text, sg_real_print(value, text));
}

/* What takes the place of a character, and how many bytes that character has. */
typedef struct replacement {
    size_t n;
    char text[16]; /* room for one that is made, not chosen */
} replacement;

/* Writes text with some characters replaced: `instead` returns what takes the place of the
 * character at p, or NULL. */
static void out_replaced(sg_out *o, const char *text,
                         const char *(*instead)(const unsigned char *p, replacement *r))
{
    const char *plain = text;
    while (*text) {
        replacement r = {.n = 1};
        const char *other = instead((const unsigned char *)text, &r);
        if (other) {
            sg_out_bytes(o, plain, (size_t)(text - plain));
            sg_out_text(o, other);
            plain = text + r.n;
        }
        text += r.n;
    }
    sg_out_bytes(o, plain, (size_t)(text - plain));
}

static const char *for_xml(const unsigned char *p, replacement *r)
{
    switch (*p) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t': /* an attribute's value would read these as blanks */
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        break;
    }
    if (*p < 0x20)
        return SG_UTF8_REPLACEMENT;
    if (p[0] == 0xEF && p[1] == 0xBF && p[2] >= 0xBE) { /* U+FFFE, U+FFFF */
        r->n = 3;
        return SG_UTF8_REPLACEMENT;
    }
    return NULL;
}

void sg_out_xml(sg_out *o, const char *text)
{
    out_replaced(o, text, for_xml);
}

static const char *for_json(const unsigned char *p, replacement *r)
{
    static const char HEX[] = "0123456789abcdef";
    if (*p == '"' || *p == '\\') {
        r->text[0] = '\\';
        r->text[1] = (char)*p;
        r->text[2] = '\0';
        return r->text;
    }
    if (*p >= 0x20)
        return NULL;
    memcpy(r->text, "\\u00", 4);
    r->text[4] = HEX[*p >> 4];
    r->text[5] = HEX[*p & 15];
    r->text[6] = '\0';
    return r->text;
}

void sg_out_json(sg_out *o, const char *text)
{
    out_replaced(o, text, for_json);
}

/* GML is ASCII; all else, and what would end or begin something, is a character entity. */
static const char *for_gml(const unsigned char *p, replacement *r)
{
    if (*p == '&')
        return "&amp;";
    if (*p == '"')
        return "&quot;";
    if (*p >= 0x20 && *p < 0x7F)
        return NULL;
    uint32_t code = 0xFFFD; /* of what is no UTF-8 */
    r->n = sg_utf8_decode((const char *)p, SG_UTF8_BYTES_MAX, &code);
    if (r->n == 0)
        r->n = 1;
    char *at = r->text + sizeof r->text;
    *--at = '\0';
    *--at = ';';
    do
        *--at = (char)('0' + code % 10);
    while ((code /= 10) > 0);
    *--at = '#';
    *--at = '&';
    return at;
}

void sg_out_gml(sg_out *o, const char *text)
{
    out_replaced(o, text, for_gml);
}
