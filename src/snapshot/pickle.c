/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/pickle.h"

#include <string.h>

enum {
    PROTOCOL_MAX = 5,
    UNSET = UINT32_MAX, /* no value has this number */
};

typedef struct machine {
    const unsigned char *at;
    const unsigned char *end;
    sg_pickle *p;
    sg_pickle_ref *stack;
    size_t n_stack;
    size_t stack_capacity;
    size_t *mark; /* heights of the stack */
    size_t n_marks;
    size_t mark_capacity;
    sg_pickle_ref *memo;
    size_t memo_capacity;
    size_t n_memo; /* entries that MEMOIZE counts */
} machine;

static void machine_clear(machine *m)
{
    sg_free(m->stack);
    sg_free(m->mark);
    sg_free(m->memo);
}

static sg_status fail_short(sg_error *err)
{
    return sg_fail(err, SG_EFORMAT, "the pickle is cut short");
}

static sg_status fail_stack(sg_error *err)
{
    return sg_fail(err, SG_EFORMAT, "the pickle is corrupt: its stack holds something else");
}

/* Takes n bytes of the pickle. */
static sg_status take(machine *m, uint64_t n, const unsigned char **ret, sg_error *err)
{
    if (n > (uint64_t)(m->end - m->at))
        return fail_short(err);
    *ret = m->at;
    m->at += n;
    return SG_OK;
}

/* Takes an unsigned little-endian number of n bytes. */
static sg_status take_number(machine *m, size_t n, uint64_t *ret, sg_error *err)
{
    const unsigned char *bytes = NULL;
    SG_TRY(take(m, n, &bytes, err));
    *ret = 0;
    for (size_t i = 0; i < n; i++)
        *ret |= (uint64_t)bytes[i] << 8 * i;
    return SG_OK;
}

/* Takes a line, without its end. */
static sg_status take_line(machine *m, sg_span *ret, sg_error *err)
{
    const unsigned char *stop = memchr(m->at, '\n', (size_t)(m->end - m->at));
    if (!stop)
        return fail_short(err);
    *ret = (sg_span){(const char *)m->at, (size_t)(stop - m->at)};
    m->at = stop + 1;
    return SG_OK;
}

static sg_status push_ref(machine *m, sg_pickle_ref ref, sg_error *err)
{
    if (m->n_stack == SG_PICKLE_VALUES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "the pickle's stack is higher than %d",
                       SG_PICKLE_VALUES_MAX);
    if (m->n_stack == m->stack_capacity) {
        const size_t capacity = m->stack_capacity ? 2 * m->stack_capacity : 64;
        sg_pickle_ref *stack = sg_resize(m->stack, capacity, sizeof *stack);
        if (!stack)
            return sg_fail_memory(err, "reading a pickle");
        m->stack = stack;
        m->stack_capacity = capacity;
    }
    m->stack[m->n_stack++] = ref;
    return SG_OK;
}

static sg_status push(machine *m, sg_pickle_value value, sg_error *err)
{
    sg_pickle_ref ref = 0;
    SG_TRY(sg_pickle_add(m->p, value, &ref, err));
    return push_ref(m, ref, err);
}

static sg_status push_kind(machine *m, sg_pickle_kind kind, sg_error *err)
{
    return push(m, (sg_pickle_value){.kind = kind}, err);
}

static sg_status push_integer(machine *m, sg_pickle_kind kind, int64_t integer, sg_error *err)
{
    return push(m, (sg_pickle_value){.kind = kind, .integer = integer}, err);
}

/* What lies below the last mark is out of reach. */
static size_t floor_of(const machine *m)
{
    return m->n_marks > 0 ? m->mark[m->n_marks - 1] : 0;
}

static sg_status pop(machine *m, sg_pickle_ref *ret, sg_error *err)
{
    if (m->n_stack <= floor_of(m))
        return fail_stack(err);
    *ret = m->stack[--m->n_stack];
    return SG_OK;
}

static sg_status push_mark(machine *m, sg_error *err)
{
    if (m->n_marks == SG_PICKLE_VALUES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "the pickle nests more than %d marks",
                       SG_PICKLE_VALUES_MAX);
    if (m->n_marks == m->mark_capacity) {
        const size_t capacity = m->mark_capacity ? 2 * m->mark_capacity : 16;
        size_t *mark = sg_resize(m->mark, capacity, sizeof *mark);
        if (!mark)
            return sg_fail_memory(err, "reading a pickle");
        m->mark = mark;
        m->mark_capacity = capacity;
    }
    m->mark[m->n_marks++] = m->n_stack;
    return SG_OK;
}

/* Makes a tuple of the values from a height of the stack on. */
static sg_status make_tuple(machine *m, size_t from, sg_error *err)
{
    sg_pickle_ref tuple = 0;
    SG_TRY(sg_pickle_add(m->p, (sg_pickle_value){.kind = SG_PICKLE_TUPLE}, &tuple, err));
    for (size_t i = from; i < m->n_stack; i++)
        SG_TRY(sg_pickle_append(m->p, tuple, m->stack[i], err));
    m->n_stack = from;
    return push_ref(m, tuple, err);
}

static sg_status make_short_tuple(machine *m, size_t n, sg_error *err)
{
    if (m->n_stack < floor_of(m) + n)
        return fail_stack(err);
    return make_tuple(m, m->n_stack - n, err);
}

static sg_status make_marked_tuple(machine *m, sg_error *err)
{
    if (m->n_marks == 0)
        return fail_stack(err);
    return make_tuple(m, m->mark[--m->n_marks], err);
}

/* Moves the values from a height of the stack on into the list, dict or other value below. */
static sg_status add_items(machine *m, size_t from, sg_pickle_kind to, sg_error *err)
{
    if (from == 0 || from <= floor_of(m))
        return fail_stack(err);
    const sg_pickle_ref container = m->stack[from - 1];
    const sg_pickle_kind kind = m->p->value[container].kind;
    const bool is_inert = kind == SG_PICKLE_OTHER || kind == SG_PICKLE_CALL;
    if ((kind != to && !is_inert) || (to == SG_PICKLE_DICT && (m->n_stack - from) % 2))
        return fail_stack(err);
    for (size_t i = from; i < m->n_stack && !is_inert; i++)
        SG_TRY(sg_pickle_append(m->p, container, m->stack[i], err));
    m->n_stack = from;
    return SG_OK;
}

static sg_status add_marked(machine *m, sg_pickle_kind to, sg_error *err)
{
    if (m->n_marks == 0)
        return fail_stack(err);
    return add_items(m, m->mark[--m->n_marks], to, err);
}

static sg_status add_last(machine *m, size_t n, sg_pickle_kind to, sg_error *err)
{
    if (m->n_stack < floor_of(m) + n + 1)
        return fail_stack(err);
    return add_items(m, m->n_stack - n, to, err);
}

static sg_status put(machine *m, uint64_t index, sg_error *err)
{
    if (m->n_stack <= floor_of(m))
        return fail_stack(err);
    if (index >= SG_PICKLE_VALUES_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "the pickle's memo has more than %d entries",
                       SG_PICKLE_VALUES_MAX);
    if (index >= m->memo_capacity) {
        size_t capacity = m->memo_capacity ? m->memo_capacity : 64;
        while (capacity <= index)
            capacity *= 2;
        sg_pickle_ref *memo = sg_resize(m->memo, capacity, sizeof *memo);
        if (!memo)
            return sg_fail_memory(err, "reading a pickle");
        for (size_t i = m->memo_capacity; i < capacity; i++)
            memo[i] = UNSET;
        m->memo = memo;
        m->memo_capacity = capacity;
    }
    m->memo[index] = m->stack[m->n_stack - 1];
    m->n_memo++;
    return SG_OK;
}

static sg_status get(machine *m, uint64_t index, sg_error *err)
{
    if (index >= m->memo_capacity || m->memo[index] == UNSET)
        return sg_fail(err, SG_EFORMAT, "the pickle is corrupt: its memo has no entry %llu",
                       (unsigned long long)index);
    return push_ref(m, m->memo[index], err);
}

static sg_status push_name(machine *m, sg_span module, sg_span name, sg_error *err)
{
    sg_pickle_value value;
    char shown[2][80];
    if (!sg_pickle_name_find(module, name, &value))
        return sg_fail(err, SG_EUNSUPPORTED,
                       "it names '%s.%s', which no dict of weights needs; save model.state_dict() "
                       "by torch.save()",
                       sg_span_show(module, shown[0], sizeof shown[0]),
                       sg_span_show(name, shown[1], sizeof shown[1]));
    return push(m, value, err);
}

static sg_status name_from_stack(machine *m, sg_error *err)
{
    sg_pickle_ref ref[2] = {0};
    SG_TRY(pop(m, &ref[1], err));
    SG_TRY(pop(m, &ref[0], err));
    const sg_pickle_value *module = &m->p->value[ref[0]];
    const sg_pickle_value *name = &m->p->value[ref[1]];
    if (module->kind != SG_PICKLE_TEXT || name->kind != SG_PICKLE_TEXT)
        return fail_stack(err);
    return push_name(m, module->text, name->text, err);
}

static sg_status name_from_lines(machine *m, sg_error *err)
{
    sg_span module;
    sg_span name;
    SG_TRY(take_line(m, &module, err));
    SG_TRY(take_line(m, &name, err));
    return push_name(m, module, name, err);
}

/* Python 2 made an OrderedDict of a list of pairs. */
static sg_status add_pairs(machine *m, sg_pickle_ref dict, sg_pickle_ref pairs, sg_error *err)
{
    for (size_t i = 0; i < m->p->value[pairs].n; i++) {
        const sg_pickle_value *pair = sg_pickle_item(m->p, &m->p->value[pairs], i);
        if ((pair->kind != SG_PICKLE_LIST && pair->kind != SG_PICKLE_TUPLE) || pair->n != 2)
            return fail_stack(err);
        const sg_pickle_ref entry[2] = {pair->item[0], pair->item[1]};
        SG_TRY(sg_pickle_append(m->p, dict, entry[0], err));
        SG_TRY(sg_pickle_append(m->p, dict, entry[1], err));
    }
    return SG_OK;
}

/* Writes a call down; only dicts are made, since they are filled afterwards. */
static sg_status call(machine *m, sg_error *err)
{
    sg_pickle_ref args = 0;
    sg_pickle_ref callee = 0;
    sg_pickle_ref made = 0;
    SG_TRY(pop(m, &args, err));
    SG_TRY(pop(m, &callee, err));
    if (m->p->value[callee].kind != SG_PICKLE_NAME || m->p->value[args].kind != SG_PICKLE_TUPLE)
        return fail_stack(err);
    const sg_pickle_name name = m->p->value[callee].name;
    const bool is_dict = name == SG_NAME_DICT;
    SG_TRY(sg_pickle_add(
        m->p, (sg_pickle_value){.kind = is_dict ? SG_PICKLE_DICT : SG_PICKLE_CALL, .name = name},
        &made, err));
    for (size_t i = 0; i < m->p->value[args].n; i++) {
        const sg_pickle_ref arg = m->p->value[args].item[i];
        if (!is_dict)
            SG_TRY(sg_pickle_append(m->p, made, arg, err));
        else if (m->p->value[arg].kind == SG_PICKLE_LIST)
            SG_TRY(add_pairs(m, made, arg, err));
    }
    return push_ref(m, made, err);
}

/* Writes a persistent id down: ("storage", type, key, ...). */
static sg_status push_storage(machine *m, sg_error *err)
{
    sg_pickle_ref id = 0;
    sg_pickle_ref made = 0;
    SG_TRY(pop(m, &id, err));
    if (m->p->value[id].kind != SG_PICKLE_TUPLE)
        return fail_stack(err);
    SG_TRY(sg_pickle_add(m->p, (sg_pickle_value){.kind = SG_PICKLE_STORAGE}, &made, err));
    for (size_t i = 0; i < m->p->value[id].n; i++)
        SG_TRY(sg_pickle_append(m->p, made, m->p->value[id].item[i], err));
    return push_ref(m, made, err);
}

/* Takes a text whose length is a number of n bytes. */
static sg_status push_text(machine *m, size_t n, sg_error *err)
{
    uint64_t length = 0;
    const unsigned char *text = NULL;
    SG_TRY(take_number(m, n, &length, err));
    SG_TRY(take(m, length, &text, err));
    return push(
        m, (sg_pickle_value){.kind = SG_PICKLE_TEXT, .text = {(const char *)text, (size_t)length}},
        err);
}

static sg_status push_number(machine *m, size_t n, sg_error *err)
{
    uint64_t value = 0;
    SG_TRY(take_number(m, n, &value, err));
    return push_integer(m, SG_PICKLE_INT, n == 4 ? (int32_t)(uint32_t)value : (int64_t)value, err);
}

/* LONG1: a length, and as many bytes in two's complement. */
static sg_status push_long(machine *m, sg_error *err)
{
    uint64_t n = 0;
    const unsigned char *bytes = NULL;
    uint64_t value = 0;
    SG_TRY(take_number(m, 1, &n, err));
    SG_TRY(take(m, n, &bytes, err));
    if (n > 8)
        return push_kind(m, SG_PICKLE_OTHER, err);
    for (size_t i = 0; i < n; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    if (n > 0 && n < 8 && bytes[n - 1] & 0x80)
        value |= UINT64_MAX << 8 * n;
    return push_integer(m, SG_PICKLE_INT, (int64_t)value, err);
}

/* Takes n bytes that nothing needs, and pushes a value for them or not. */
static sg_status pass_over(machine *m, size_t n, bool pushes, sg_error *err)
{
    const unsigned char *bytes = NULL;
    SG_TRY(take(m, n, &bytes, err));
    return pushes ? push_kind(m, SG_PICKLE_OTHER, err) : SG_OK;
}

static sg_status take_protocol(machine *m, sg_error *err)
{
    uint64_t protocol = 0;
    SG_TRY(take_number(m, 1, &protocol, err));
    if (protocol > PROTOCOL_MAX)
        return sg_fail(err, SG_EUNSUPPORTED, "the pickle is of protocol %u; up to %d is read",
                       (unsigned)protocol, PROTOCOL_MAX);
    return SG_OK;
}

static sg_status put_numbered(machine *m, size_t n, sg_error *err)
{
    uint64_t index = 0;
    SG_TRY(take_number(m, n, &index, err));
    return put(m, index, err);
}

static sg_status get_numbered(machine *m, size_t n, sg_error *err)
{
    uint64_t index = 0;
    SG_TRY(take_number(m, n, &index, err));
    return get(m, index, err);
}

static sg_status drop_last(machine *m, sg_error *err)
{
    sg_pickle_ref dropped = 0;
    return pop(m, &dropped, err);
}

/* Opcodes that make a value of what follows them in the pickle. */
static sg_status push_plain(machine *m, unsigned char opcode, bool *is_known, sg_error *err)
{
    *is_known = true;
    switch (opcode) {
    case 'N': /* NONE */
        return push_kind(m, SG_PICKLE_NONE, err);
    case 0x88: /* NEWTRUE */
    case 0x89: /* NEWFALSE */
        return push_integer(m, SG_PICKLE_BOOL, opcode == 0x88, err);
    case 'K': /* BININT1 */
        return push_number(m, 1, err);
    case 'M': /* BININT2 */
        return push_number(m, 2, err);
    case 'J': /* BININT */
        return push_number(m, 4, err);
    case 0x8A: /* LONG1 */
        return push_long(m, err);
    case 'G': /* BINFLOAT */
        return pass_over(m, 8, true, err);
    case 0x8C: /* SHORT_BINUNICODE */
    case 'U':  /* SHORT_BINSTRING */
    case 'C':  /* SHORT_BINBYTES */
        return push_text(m, 1, err);
    case 'X': /* BINUNICODE */
    case 'T': /* BINSTRING */
    case 'B': /* BINBYTES */
        return push_text(m, 4, err);
    case 0x8D: /* BINUNICODE8 */
    case 0x8E: /* BINBYTES8 */
        return push_text(m, 8, err);
    case '}': /* EMPTY_DICT */
        return push_kind(m, SG_PICKLE_DICT, err);
    case ']': /* EMPTY_LIST */
        return push_kind(m, SG_PICKLE_LIST, err);
    case ')': /* EMPTY_TUPLE */
        return push_kind(m, SG_PICKLE_TUPLE, err);
    case 0x8F: /* EMPTY_SET */
        return push_kind(m, SG_PICKLE_OTHER, err);
    default:
        *is_known = false;
        return SG_OK;
    }
}

/* Opcodes that work on the stack and the memo. */
static sg_status run_opcode(machine *m, unsigned char opcode, sg_error *err)
{
    switch (opcode) {
    case 0x80: /* PROTO */
        return take_protocol(m, err);
    case 0x95: /* FRAME */
        return pass_over(m, 8, false, err);
    case '(': /* MARK */
        return push_mark(m, err);
    case 't': /* TUPLE */
        return make_marked_tuple(m, err);
    case 0x85: /* TUPLE1 */
    case 0x86: /* TUPLE2 */
    case 0x87: /* TUPLE3 */
        return make_short_tuple(m, opcode - 0x84U, err);
    case 'a': /* APPEND */
        return add_last(m, 1, SG_PICKLE_LIST, err);
    case 'e': /* APPENDS */
        return add_marked(m, SG_PICKLE_LIST, err);
    case 's': /* SETITEM */
        return add_last(m, 2, SG_PICKLE_DICT, err);
    case 'u': /* SETITEMS */
        return add_marked(m, SG_PICKLE_DICT, err);
    case 0x90: /* ADDITEMS */
        return add_marked(m, SG_PICKLE_OTHER, err);
    case 'q': /* BINPUT */
        return put_numbered(m, 1, err);
    case 'r': /* LONG_BINPUT */
        return put_numbered(m, 4, err);
    case 0x94: /* MEMOIZE */
        return put(m, m->n_memo, err);
    case 'h': /* BINGET */
        return get_numbered(m, 1, err);
    case 'j': /* LONG_BINGET */
        return get_numbered(m, 4, err);
    case 'c': /* GLOBAL */
        return name_from_lines(m, err);
    case 0x93: /* STACK_GLOBAL */
        return name_from_stack(m, err);
    case 'R':  /* REDUCE */
    case 0x81: /* NEWOBJ */
        return call(m, err);
    case 'b': /* BUILD: attributes, which no weight is among */
    case '0': /* POP */
        return drop_last(m, err);
    case 'Q': /* BINPERSID */
        return push_storage(m, err);
    default:
        return sg_fail(err, SG_EUNSUPPORTED,
                       "the pickle has the opcode 0x%02X, which torch.save() does not write; save "
                       "model.state_dict() by torch.save()",
                       opcode);
    }
}

static sg_status run(machine *m, sg_error *err)
{
    for (;;) {
        bool is_known = false;
        if (m->at == m->end)
            return fail_short(err);
        const unsigned char opcode = *m->at++;
        if (opcode == '.') /* STOP */
            return m->n_marks == 0 && m->n_stack == 1 ? pop(m, &m->p->root, err) : fail_stack(err);
        SG_TRY(push_plain(m, opcode, &is_known, err));
        if (!is_known)
            SG_TRY(run_opcode(m, opcode, err));
    }
}

sg_status sg_pickle_read(const void *bytes, size_t n, sg_pickle *ret, size_t *used, sg_error *err)
{
    SG_CLEANUP(sg_pickle_clear) sg_pickle p = {0};
    SG_CLEANUP(machine_clear) machine m = {.at = bytes, .p = &p};
    m.end = m.at + n;
    SG_TRY(run(&m, err));
    *used = (size_t)(m.at - (const unsigned char *)bytes);
    *ret = p;
    p = (sg_pickle){0};
    return SG_OK;
}
