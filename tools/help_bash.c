/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help.h"
#include <stdio.h>

void help_bash_command(const command *cmd, const opt *opts, size_t n)
{
    (void)cmd;
    printf("    words=\"-h --help --version --no-color");
    for (size_t i = 0; i < n; i++) {
        if (opts[i].letter != 0)
            printf(" -%c", opts[i].letter);
        printf(" --%s", opts[i].name);
    }
    printf("\"\n");
    for (size_t i = 0; i < n; i++) {
        if (!opts[i].choices)
            continue;
        printf("    [ \"$before\" = --%s ] && values=\"", opts[i].name);
        for (size_t j = 0; opts[i].choices[j]; j++)
            printf("%s%s", j > 0 ? " " : "", opts[i].choices[j]);
        printf("\"\n");
    }
}

void help_bash(void)
{
    char mode[] = "--help-bash";

    printf("# bash completion of sparsegraph, made from its option tables\n"
           "_sparsegraph()\n{\n"
           "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
           "  local words=\"\" values=\"\"\n  COMPREPLY=()\n"
           "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"");
    for (size_t i = 0; i < command_count(); i++)
        printf("%s ", command_at(i)->name);
    printf("help --help --version\" -- \"$word\"))\n    return\n  fi\n"
           "  case \"${COMP_WORDS[1]}\" in\n");
    for (size_t i = 0; i < command_count(); i++) {
        char name[64];
        char *argv[] = {name, mode, NULL};
        (void)snprintf(name, sizeof name, "%s", command_at(i)->name);
        printf("  %s)\n", name);
        (void)command_at(i)->run(2, argv);
        printf("    ;;\n");
    }
    printf("  esac\n"
           "  if [ -n \"$values\" ]; then\n"
           "    COMPREPLY=($(compgen -W \"$values\" -- \"$word\"))\n"
           "  elif [ \"${word#-}\" != \"$word\" ]; then\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
           "  fi\n}\ncomplete -o default -o bashdefault -F _sparsegraph sparsegraph\n");
}
