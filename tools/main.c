/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"
#include "help.h"
#include "suggest.h"
#include <errno.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static const command *const commands[] = {
    &cmd_train,   &cmd_merge, &cmd_inspect, &cmd_data,   &cmd_convert,
    &cmd_analyze, &cmd_fit,   &cmd_compare, &cmd_render, &cmd_report,
};

size_t command_count(void)
{
    return COUNT(commands);
}

const command *command_at(size_t i)
{
    return commands[i];
}

const command *command_find(const char *name)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

int command_exit_code(sg_status status)
{
    switch (status) {
    case SG_OK:
        return EXIT_OK;
    case SG_EINVAL:
    case SG_EFORMAT:
    case SG_ENOTFOUND:
    case SG_EUNSUPPORTED:
        return EXIT_BAD_INPUT;
    case SG_EINTERRUPTED:
        return EXIT_INTERRUPTED;
    case SG_ENOMEM:
    case SG_EIO:
    case SG_EWORKER:
        break;
    }
    return EXIT_FAILED;
}

int command_fail(const sg_error *err)
{
    const char *message = err->message[0] != '\0' ? err->message : sg_status_name(err->status);

    (void)fprintf(stderr, "sparsegraph: %s\n", message);
    return command_exit_code(err->status);
}

int command_usage_error(const command *cmd, const char *format, ...)
{
    va_list arguments;

    (void)fprintf(stderr, "sparsegraph%s%s: ", cmd ? " " : "", cmd ? cmd->name : "");
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
    return EXIT_USAGE;
}

int command_finish(int exit_code)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_code;
    (void)fprintf(stderr, "sparsegraph: cannot write to standard output: %s\n",
                  errno != 0 ? strerror(errno) : "write error");
    return exit_code == EXIT_OK ? EXIT_FAILED : exit_code;
}

static int unknown_command(const char *word)
{
    const char *names[COUNT(commands)];

    for (size_t i = 0; i < COUNT(commands); i++)
        names[i] = commands[i]->name;

    const char *nearest = suggest(word, names, COUNT(commands));
    const char *kind = word[0] == '-' ? "option" : "command";

    if (nearest && word[0] != '-')
        return command_usage_error(NULL, "unknown command '%s', did you mean '%s'?", word, nearest);
    return command_usage_error(NULL, "unknown %s '%s'; 'sparsegraph --help' lists the commands",
                               kind, word);
}

/* `sparsegraph help train` is `sparsegraph train --help`. */
static int help_about(const char *name)
{
    const command *cmd = command_find(name);
    char help[] = "--help";
    char *argv[] = {NULL, help, NULL};
    char called[64];

    if (!cmd)
        return unknown_command(name);
    (void)snprintf(called, sizeof called, "%s", name);
    argv[0] = called;
    return cmd->run(2, argv);
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        (void)fputs("sparsegraph: a command is missing; 'sparsegraph --help' lists them\n", stderr);
        return EXIT_USAGE;
    }

    const char *word = argv[1];
    const command *cmd = command_find(word);

    if (cmd)
        return cmd->run(argc - 1, argv + 1);
    if (strcmp(word, "help") == 0 && argc > 2)
        return help_about(argv[2]);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        help_overview();
    else if (strcmp(word, "--version") == 0)
        printf("sparsegraph %s\n", sg_version());
    else if (strcmp(word, "--help-man") == 0)
        help_man_overview();
    else if (strcmp(word, "--help-bash") == 0)
        help_bash();
    else
        return unknown_command(word);
    return EXIT_OK;
}

/*
 * Lets threads that wait for each other fall asleep soon: spinning, as OpenMP does by default,
 * makes training several times slower as soon as anything else runs. On two cores, one epoch of
 * 784-1000-1000-1000-10: 0.72 s spinning, 0.77 s so; beside one busy process 4.8 s spinning, 1.5 s
 * so. OpenMP reads its policy when it is loaded, hence the second start; a user's own choice
 * stands, and where it fails, training works as it is. Who binds threads to processors has some to
 * himself; and the first start is then bound to one already, which the second could not leave.
 */
static void let_threads_sleep(char **argv)
{
    static const char *const chosen[] = {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_PROC_BIND",
                                         "OMP_PLACES", "GOMP_CPU_AFFINITY"};
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        if (getenv(chosen[i]))
            return;
    /* the first for every OpenMP; the second leaves GNU's a few microseconds of spinning */
    if (setenv("OMP_WAIT_POLICY", "passive", 0) == 0 && setenv("GOMP_SPINCOUNT", "2000", 0) == 0)
        (void)execv("/proc/self/exe", argv);
}

/*
 * Has large blocks go back to the system as soon as they are freed. glibc otherwise learns to keep
 * those of up to 32 MiB, which costs networks of some 10^7 links a fifth of their memory.
 */
static void return_large_blocks(void)
{
#ifdef __GLIBC__
    enum { LARGE = 4 << 20 };
    (void)mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}

int main(int argc, char **argv)
{
    return_large_blocks();
    if (argc > 1 && strcmp(argv[1], "train") == 0)
        let_threads_sleep(argv);
    /* Characters as the user's terminal has them; numbers stay as every file format needs them. */
    (void)setlocale(LC_CTYPE, "");
    return command_finish(dispatch(argc, argv));
}
