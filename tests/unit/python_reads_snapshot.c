/* SPDX-License-Identifier: GPL-3.0-or-later */

/* python_reads_snapshot PYTHON SCRIPT: whether Python's numpy and json alone read our files. */

#include "container.h"
#include "folder.h"

#include <sys/wait.h>

static const char EXPECTED[] = "epoch 7 note \"\\\"quoted\\\"\\n\\u00e9\\\\\"\n"
                               "input 4 [2, 2] None\n"
                               "hidden1 3 [3] [0.5, -0.25, 0.0]\n"
                               "output 2 [2] None\n"
                               "input-hidden1 [[1.0, 0.0, 0.0, -2.0], [0.0, 3.0, 0.0, 0.0], "
                               "[-4.0, 5.0, 0.0, 0.0]]\n"
                               "hidden1-output [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0]]\n"
                               "input-output [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]\n"
                               "slope [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]] step 1.0\n";

static void run_python(const char *python, const char *script, const char *file, int out)
{
    if (dup2(out, STDOUT_FILENO) >= 0)
        (void)execl(python, python, script, file, (char *)NULL);
    perror(python);
    _exit(EXIT_FAILURE);
}

/* Fills text with what the script prints about a file; 0 where it ends well. */
static int ask_python(char *const *argv, const char *file, char *text, size_t n)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    const pid_t child = fork();
    if (child == 0)
        run_python(argv[1], argv[2], file, ends[1]);
    (void)close(ends[1]);
    size_t length = 0;
    ssize_t got = 0;
    while (length < n - 1 && (got = read(ends[0], text + length, n - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    (void)close(ends[0]);
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

int main(int argc, char **argv)
{
    char file[TEST_PATH_MAX];
    char text[4096];
    sg_error err = {0};
    if (argc != 3 || make_folder(NULL) != 0)
        return EXIT_FAILURE;
    sg_snapshot *s = every_kind_of_part();
    demand(sg_snapshot_write(s, in_folder(file, folder, "a.safetensors"), &err), &err);
    sg_snapshot_free(s);
    const int status = ask_python(argv, file, text, sizeof text);
    (void)remove_folder(NULL);
    if (status == 0 && strcmp(text, EXPECTED) == 0)
        return EXIT_SUCCESS;
    (void)fprintf(stderr, "expected:\n%sgot (status %d):\n%s", EXPECTED, status, text);
    return EXIT_FAILURE;
}
