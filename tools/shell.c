/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell.h"
#include <stdlib.h>
#include <string.h>

void shell_print(FILE *stream, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./,:=+@%";

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        (void)fputs(word, stream);
        return;
    }
    (void)fputc('\'', stream);
    for (; *word != '\0'; word++)
        if (*word == '\'')
            (void)fputs("'\\''", stream);
        else
            (void)fputc(*word, stream);
    (void)fputc('\'', stream);
}

char *shell_line(int argc, char **argv)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return NULL;
    (void)fputs("sparsegraph", stream);
    for (int i = 0; i < argc; i++) {
        (void)fputc(' ', stream);
        shell_print(stream, argv[i]);
    }
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

void shell_free(char **text)
{
    free(*text);
}
