/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SG_TRAIN_SETTINGS_H
#define SG_TRAIN_SETTINGS_H

/* The settings of a run: checked, written to the manifest, and read back for a resumed run. */

#include "base/json.h"
#include "sparsegraph/train.h"

enum { SG_GROUPS_MAX = 64 }; /* each has gradients of its own: 4 bytes a link */

/* Checks every setting's domain. SG_EINVAL with the setting's name. */
sg_status sg_settings_check(const sg_train_params *p, sg_error *err) SG_CHECKED;

/* Adds the settings and the data's settings as two objects, "settings" and "data", to a manifest.
 */
void sg_settings_to_json(const sg_train_params *p, sg_json *manifest);

/* Settings read from a manifest, with the arrays and strings they point to. */
typedef struct sg_settings {
    sg_train_params params;
    size_t *hidden;
    char *data_name;
    char *data_folder;
    char *command_line;
} sg_settings;

void sg_settings_clear(sg_settings *s);

/* SG_EFORMAT: a setting is missing or of the wrong kind; the message names it. */
sg_status sg_settings_from_json(const sg_json *manifest, sg_settings *ret,
                                sg_error *err) SG_CHECKED;

#endif
