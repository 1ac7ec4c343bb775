/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train_sweep.h"
#include "commands.h"
#include "interrupt.h"
#include "meter.h"
#include "owned.h"
#include "shell.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS_MAX = 10000, METHODS_MAX = 16 };

/* What the three options say. */
typedef struct sweep_list {
    uint64_t seeds[SEEDS_MAX];
    size_t n_seeds;
    sg_method methods[METHODS_MAX];
    size_t n_methods;
    size_t shard; /* 0: all */
    size_t n_shards;
} sweep_list;

bool sweep_is_asked(const train_settings *s)
{
    return s->seeds || s->methods || s->shard;
}

/* --- reading the options ---------------------------------------------------------------------- */

/* Copies the part of text before the next separator (or its end) into part and returns what follows
 * it, NULL after the last part. A part too long becomes empty, which is no number and no name. */
static const char *cut(const char *text, char separator, char *part, size_t size)
{
    const char *end = strchr(text, separator);
    const size_t n = end ? (size_t)(end - text) : strlen(text);

    part[0] = '\0';
    if (n < size) {
        memcpy(part, text, n);
        part[n] = '\0';
    }
    return end ? end + 1 : NULL;
}

static bool add_seed(sweep_list *list, uint64_t seed)
{
    for (size_t i = 0; i < list->n_seeds; i++)
        if (list->seeds[i] == seed)
            return false;
    if (list->n_seeds == SEEDS_MAX)
        return false;
    list->seeds[list->n_seeds++] = seed;
    return true;
}

/* "5", or "1:10" with both ends. */
static bool add_range(sweep_list *list, const char *text)
{
    char part[24];
    uint64_t first;
    uint64_t last;
    const char *rest = cut(text, ':', part, sizeof part);

    if (!opts_read_u64(part, &first) || (rest && !opts_read_u64(rest, &last)))
        return false;
    if (!rest)
        return add_seed(list, first);
    if (last < first || last - first >= SEEDS_MAX)
        return false;
    for (uint64_t i = 0; i <= last - first; i++)
        if (!add_seed(list, first + i))
            return false;
    return true;
}

static bool read_seeds(const char *text, sweep_list *list)
{
    char part[64];

    for (const char *rest = text; rest;) {
        rest = cut(rest, ',', part, sizeof part);
        if (!add_range(list, part))
            return false;
    }
    return true;
}

static bool add_method(sweep_list *list, const char *name)
{
    size_t method = 0;

    while (strcmp(sg_method_name((sg_method)method), name) != 0)
        if (strcmp(sg_method_name((sg_method)method++), "unknown") == 0)
            return false;
    if (strcmp(name, "unknown") == 0)
        return false;
    for (size_t i = 0; i < list->n_methods; i++)
        if ((size_t)list->methods[i] == method)
            return false;
    if (list->n_methods == METHODS_MAX)
        return false;
    list->methods[list->n_methods++] = (sg_method)method;
    return true;
}

static bool read_methods(const char *text, sweep_list *list)
{
    char part[64];

    for (const char *rest = text; rest;) {
        rest = cut(rest, ',', part, sizeof part);
        if (!add_method(list, part))
            return false;
    }
    return true;
}

static bool read_shard(const char *text, sweep_list *list)
{
    char part[24];
    uint64_t shard;
    uint64_t n_shards;
    const char *rest = cut(text, '/', part, sizeof part);

    if (!rest || !opts_read_u64(part, &shard) || !opts_read_u64(rest, &n_shards) || shard < 1 ||
        shard > n_shards || n_shards > SEEDS_MAX)
        return false;
    list->shard = (size_t)shard;
    list->n_shards = (size_t)n_shards;
    return true;
}

/* PARSED, or the exit code after a message. */
static int read_list(const train_settings *s, sweep_list *list)
{
    *list = (sweep_list){.n_seeds = 0};
    if (s->seeds && !read_seeds(s->seeds, list))
        return command_usage_error(
            &cmd_train,
            "--seeds needs different whole numbers like 1:10 or 1,2,7:9 (%d at most), got '%s'",
            SEEDS_MAX, s->seeds);
    if (!s->seeds)
        (void)add_seed(list, s->params.seed);
    if (s->methods && !read_methods(s->methods, list))
        return command_usage_error(&cmd_train,
                                   "--methods needs different names of --method like set,fixed, "
                                   "got '%s'",
                                   s->methods);
    if (!s->methods)
        list->methods[list->n_methods++] = (sg_method)s->method;
    if (s->shard && !read_shard(s->shard, list))
        return command_usage_error(&cmd_train,
                                   "--shard needs K/N with K from 1 to N (N %d at most), got '%s'",
                                   SEEDS_MAX, s->shard);
    return PARSED;
}

int sweep_check(const train_settings *s, bool seed_given, bool method_given)
{
    sweep_list list;

    if (s->shard && !s->seeds && !s->methods)
        return command_usage_error(&cmd_train, "--shard deals several runs: it needs --seeds or "
                                               "--methods");
    if (s->seeds && seed_given)
        return command_usage_error(&cmd_train, "--seed and --seeds both say it; choose one");
    if (s->methods && method_given)
        return command_usage_error(&cmd_train, "--method and --methods both say it; choose one");
    if (s->params.overwrite)
        return command_usage_error(&cmd_train,
                                   "--overwrite does not go with several runs: complete ones are "
                                   "left alone; remove those to be trained anew");
    return read_list(s, &list);
}

/* --- the command that the plan records -------------------------------------------------------- */

/* Options that say which runs, where and how loudly, not what a run is. */
static bool is_of_the_call(const char *name)
{
    static const char *const names[] = {"output", "seeds",  "methods", "shard",   "seed",
                                        "method", "resume", "quiet",   "verbose", "threads"};

    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void print_operand(void *user, const opt *o, const char *value)
{
    FILE *stream = user;

    if (o)
        return;
    (void)fputc(' ', stream);
    shell_print(stream, value);
}

static void print_option(void *user, const opt *o, const char *value)
{
    FILE *stream = user;

    if (!o || is_of_the_call(o->name))
        return;
    (void)fprintf(stream, " --%s", o->name);
    if (!value)
        return;
    (void)fputc(' ', stream);
    shell_print(stream, value);
}

/* Returns "sparsegraph train DATA ..." without these; NULL when out of memory. */
static char *command_of_a_run(int argc, char **argv)
{
    train_settings again;
    opt opts[TRAIN_OPTIONS_MAX];
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return NULL;
    train_settings_default(&again);
    const size_t n_opts = train_options(&again, opts);
    (void)fputs("sparsegraph train", stream);
    opts_each(opts, n_opts, argc, argv, print_operand, stream);
    opts_each(opts, n_opts, argc, argv, print_option, stream);
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

/* --- training --------------------------------------------------------------------------------- */

/* What the user hears of. */
typedef struct audience {
    meter m;
    char at[96]; /* the run in training */
    bool sparse;
} audience;

static void on_batch(void *user, const sg_train_batch *where)
{
    meter_batch(&((audience *)user)->m, where);
}

static void on_epoch(void *user, const sg_epoch_metrics *e, size_t n_epochs)
{
    audience *a = user;

    meter_epoch(&a->m, e, n_epochs);
    if (a->sparse && e->epoch == 0 && e->density >= 1.0)
        meter_say(&a->m, METER_NOT_SPARSE);
}

static void on_begin(void *user, const sg_sweep_step *step)
{
    audience *a = user;
    char from[64] = "";

    (void)snprintf(a->at, sizeof a->at, "%s", step->name);
    a->sparse = step->method != SG_METHOD_DENSE;
    a->m.first_done = 0; /* the time left is reckoned from this run's own batches */
    if (step->stage == SG_RUN_INTERRUPTED)
        (void)snprintf(from, sizeof from, ": goes on after epoch %ld", step->epoch);
    else if (step->stage == SG_RUN_COMPLETE)
        (void)snprintf(from, sizeof from, ": complete already");
    meter_say(&a->m, "run %zu/%zu  %s%s", step->i + 1, step->n, step->name, from);
}

static void on_end(void *user, const sg_sweep_step *step, sg_status status, const sg_error *err)
{
    audience *a = user;

    if (status != SG_OK && status != SG_EINTERRUPTED)
        meter_say(&a->m, "run %zu/%zu  %s failed: %s", step->i + 1, step->n, step->name,
                  err->message);
}

static void say_runs(meter *m, const sg_sweep *sweep, size_t shard, size_t n_shards)
{
    for (size_t i = 0; i < sg_sweep_n_runs(sweep); i++) {
        const sg_sweep_run *r = sg_sweep_run_at(sweep, i);
        if (shard > 0 && sg_sweep_n_shards(sweep) == n_shards && r->shard != shard)
            continue;
        if (r->stage == SG_RUN_COMPLETE)
            meter_say(m, "%-16s test accuracy %.2f %%  links %.0f", r->name,
                      100.0 * r->test_accuracy, r->links);
        else
            meter_say(m, "%-16s %s", r->name, sg_run_stage_name(r->stage));
    }
}

/* How the runs of this part stand, and the folder as a whole. */
static void say_summary(meter *m, const char *folder, const sweep_list *list)
{
    OWNED(sg_sweep) sweep = NULL;

    if (m->quiet || sg_sweep_open(&folder, 1, &sweep, NULL) != SG_OK)
        return; /* what is to be said of a failure was said */
    const size_t n = sg_sweep_n_runs(sweep);
    const size_t n_complete = sg_sweep_n_complete(sweep);
    say_runs(m, sweep, list->shard, list->n_shards);
    if (n_complete == n)
        meter_say(m,
                  "runs     %s: all %zu complete (next: sparsegraph analyze %s/%s-seed-* --group)",
                  folder, n, folder, sg_sweep_run_at(sweep, 0)->method);
    else
        meter_say(m, "runs     %s: %zu of %zu complete", folder, n_complete, n);
}

static int conclude(audience *a, sg_status status, const char *folder, const sweep_list *list,
                    sg_error *err)
{
    meter_clear(&a->m);
    if (status == SG_OK || a->at[0] != '\0') /* not where nothing was begun */
        say_summary(&a->m, folder, list);
    if (status == SG_OK)
        return EXIT_OK;
    err->status = status;
    return command_fail(err);
}

static int conclude_interrupted(audience *a, const char *line)
{
    meter_clear(&a->m);
    (void)fprintf(stderr, "sparsegraph: interrupted%s%s; to go on: %s\n",
                  a->at[0] != '\0' ? " in " : "", a->at,
                  line ? line : "give the same command again");
    return EXIT_INTERRUPTED;
}

static void say_plan(meter *m, const train_settings *s, const sweep_list *list)
{
    const size_t n = list->n_methods * list->n_seeds;

    if (s->seeds)
        meter_say(m, "runs     %zu: %s, seeds %s", n,
                  s->methods ? s->methods : sg_method_name(list->methods[0]), s->seeds);
    else
        meter_say(m, "runs     %zu: %s, seed %" PRIu64, n, s->methods, list->seeds[0]);
    if (list->shard == 0)
        return;
    const size_t here =
        list->shard <= n ? (n - list->shard) / list->n_shards + 1 : 0; /* every n_shards-th */
    meter_say(m, "shard    %s: %zu of them%s", s->shard, here,
              here == 0 ? ", so there is nothing to do" : "");
}

int sweep_train(const train_settings *s, int argc, char **argv, const char *line)
{
    audience a = {.at = ""};
    sg_error err = {0};
    sweep_list list;
    OWNED(sg_ranks) ranks = NULL;
    AUTO_TEXT *recipe = command_of_a_run(argc, argv);
    const int parsed = read_list(s, &list);

    if (parsed != PARSED)
        return parsed;
    sg_sweep_params params = {.train = train_resolve(s),
                              .methods = list.methods,
                              .n_methods = list.n_methods,
                              .seeds = list.seeds,
                              .n_seeds = list.n_seeds,
                              .shard = list.shard,
                              .n_shards = list.n_shards,
                              .command = recipe};
    if (sg_ranks_open(&ranks, &err) != SG_OK)
        return command_fail(&err);
    params.train.ranks = ranks; /* the library says that there may be one alone */
    params.train.command_line = line;
    meter_start(&a.m, s->quiet || sg_ranks_count(ranks) > 1);
    say_plan(&a.m, s, &list);
    const sg_sweep_watch watch = {.train = {on_batch, on_epoch, &a, interrupt_listen()},
                                  .begin = on_begin,
                                  .end = on_end,
                                  .user = &a};
    const sg_status status = sg_sweep_train(&params, NULL, s->run, &watch, &err);
    if (status == SG_EINTERRUPTED)
        return conclude_interrupted(&a, line);
    if (sg_ranks_index(ranks) > 0)
        return command_exit_code(status);
    return conclude(&a, status, s->run, &list, &err);
}
