/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TOOLS_COMMANDS_H
#define SG_TOOLS_COMMANDS_H

/* The subcommands, one file each: cmd_NAME.c. */

#include "command.h"

extern const command cmd_analyze;
extern const command cmd_compare;
extern const command cmd_convert;
extern const command cmd_data;
extern const command cmd_fit;
extern const command cmd_inspect;
extern const command cmd_merge;
extern const command cmd_render;
extern const command cmd_report;
extern const command cmd_train;

#endif
