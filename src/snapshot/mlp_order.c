/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot/mlp_order.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    SEARCHED_MAX = 64,      /* weights; more are taken in natural order or not at all */
    SEARCH_STEPS = 1 << 16, /* a hostile file must not make the search for an order long */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Compares two runs of digits as numbers of any length and moves past them. */
static int compare_numbers(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    const size_t n_a = strspn(*a, "0123456789");
    const size_t n_b = strspn(*b, "0123456789");
    const int order = n_a != n_b ? (n_a < n_b ? -1 : 1) : memcmp(*a, *b, n_a);
    *a += n_a;
    *b += n_b;
    return order;
}

int sg_natural_compare(const char *a, const char *b)
{
    const char *const a_begin = a;
    const char *const b_begin = b;
    while (*a && *b) {
        if (is_digit(*a) && is_digit(*b)) {
            const int order = compare_numbers(&a, &b);
            if (order != 0)
                return order;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    if (*a || *b)
        return *a ? 1 : -1;
    return strcmp(a_begin, b_begin); /* "fc01" and "fc1" */
}

static bool chains(const sg_weight *w, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (w[i].n_in != w[i - 1].n_out)
            return false;
    return true;
}

/* Whether the same order would do if the weights were stored (in, out). */
static bool chains_transposed(const sg_weight *w, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (w[i].n_out != w[i - 1].n_in)
            return false;
    return true;
}

static void turn_round(sg_weight *w, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t n_out = w[i].n_out;
        w[i].n_out = w[i].n_in;
        w[i].n_in = n_out;
    }
}

/* Whether every bias has a value for each output. */
static bool fits_biases(const sg_weight *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (w[i].bias && w[i].bias->n_values != w[i].n_out)
            return false;
    return true;
}

static bool fits_biases_transposed(const sg_weight *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (w[i].bias && w[i].bias->n_values != w[i].n_in)
            return false;
    return true;
}

typedef struct search {
    const sg_weight *weights;
    size_t n;
    bool used[SEARCHED_MAX];
    size_t order[SEARCHED_MAX];
    size_t found[SEARCHED_MAX]; /* the first order found */
    size_t n_found;
    size_t n_steps;
} search;

/* Extends an order of `depth` weights in every way that chains; stops at the second success. The
 * depth of the recursion is at most SEARCHED_MAX. */
static void extend(search *s, size_t depth)
{
    if (depth == s->n) {
        if (s->n_found++ == 0)
            memcpy(s->found, s->order, sizeof s->found);
        return;
    }
    for (size_t i = 0; i < s->n && s->n_found < 2 && s->n_steps < SEARCH_STEPS; i++) {
        s->n_steps++;
        if (s->used[i] ||
            (depth > 0 && s->weights[i].n_in != s->weights[s->order[depth - 1]].n_out))
            continue;
        s->used[i] = true;
        s->order[depth] = i;
        extend(s, depth + 1);
        s->used[i] = false;
    }
}

/* "fc1.weight 200 x 784, fc2.weight 10 x 100": what was found, for the message. */
static sg_status fail_with_sizes(const sg_weight *w, size_t n, const char *problem, sg_error *err)
{
    enum { LISTED_MAX = 6 };
    SG_AUTO_TEXT sg_text sizes = {0};
    for (size_t i = 0; i < n && i < LISTED_MAX; i++)
        sg_text_printf(&sizes, "%s%.40s %zu x %zu", i > 0 ? ", " : "", w[i].value->name, w[i].n_out,
                       w[i].n_in);
    if (n > LISTED_MAX)
        sg_text_printf(&sizes, " and %zu more", n - LISTED_MAX);
    if (sizes.failed)
        return sg_fail_memory(err, "ordering the layers");
    return sg_fail(err, SG_EUNSUPPORTED, "its 2-D tensors (%s) %s", sizes.bytes, problem);
}

/* Puts the weights into the only order that chains (out, in); false where there is none, or where
 * there may be several. */
static bool find_order(sg_weight *weights, size_t n, search *s)
{
    *s = (search){.weights = weights, .n = n};
    if (n <= SEARCHED_MAX)
        extend(s, 0);
    if (s->n_found != 1 || s->n_steps >= SEARCH_STEPS)
        return false;
    sg_weight sorted[SEARCHED_MAX];
    for (size_t i = 0; i < n; i++)
        sorted[i] = weights[s->found[i]];
    memcpy(weights, sorted, n * sizeof *weights);
    return true;
}

/* Orders weights whose orientation is settled, as it is called in the message. */
static sg_status order_settled(sg_weight *weights, size_t n, bool keep, const char *orientation,
                               sg_error *err)
{
    search s = {0};
    char problem[160];
    if (chains(weights, n) || (!keep && find_order(weights, n, &s)))
        return SG_OK;
    if (s.n_found > 1)
        return fail_with_sizes(
            weights, n, "chain in several orders; name them in the order of the layers", err);
    (void)snprintf(problem, sizeof problem,
                   keep ? "make no chain of layers %s in the order of the files; give them from "
                          "input to output"
                        : "make no chain of layers %s; store only the weights of an MLP, named in "
                          "the order of the layers",
                   orientation);
    return fail_with_sizes(weights, n, problem, err);
}

static sg_status order_in_out(sg_weight *weights, size_t n, bool keep, sg_error *err)
{
    turn_round(weights, n);
    return order_settled(weights, n, keep, "(in, out)", err);
}

/* Whether the names are those that PyTorch gives to linear layers. */
static bool are_named_by_torch(const sg_weight *w, size_t n)
{
    static const char END[] = ".weight";
    for (size_t i = 0; i < n; i++) {
        const size_t n_name = strlen(w[i].value->name);
        if (n_name < sizeof END - 1 ||
            strcmp(w[i].value->name + n_name - (sizeof END - 1), END) != 0)
            return false;
    }
    return true;
}

/* What the natural order, or the order given, says of the orientation. */
static sg_status settle(const sg_weight *w, size_t n, sg_order_known known, bool *is_in_out,
                        sg_error *err)
{
    const bool both = chains(w, n) && chains_transposed(w, n);
    const bool out_in = fits_biases(w, n);
    const bool in_out = fits_biases_transposed(w, n);
    *is_in_out = false;
    if (both && out_in == in_out && n > 1 && !known.is_torch && !are_named_by_torch(w, n))
        return fail_with_sizes(w, n,
                               "chain as (out, in) and as (in, out); choose the orientation "
                               "out-in or in-out",
                               err);
    if (both)
        *is_in_out = in_out && !out_in;
    else
        *is_in_out = chains_transposed(w, n);
    return SG_OK;
}

sg_status sg_mlp_order(sg_weight *weights, size_t n, sg_order_known known, bool *is_in_out,
                       sg_error *err)
{
    search s = {0};
    bool turned = known.orientation == SG_ORIENTATION_IN_OUT;
    if (known.orientation == SG_ORIENTATION_AUTO) {
        SG_TRY(settle(weights, n, known, &turned, err));
        /* such names may also stand in the wrong order: PyTorch's do where both are possible */
        if (turned && known.is_torch && !known.order && n > 1 && find_order(weights, n, &s))
            turned = false;
    }
    *is_in_out = turned;
    if (turned)
        return order_in_out(weights, n, known.order, err);
    return order_settled(weights, n, known.order, "(out, in)", err);
}
