/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_PROFILE_SETTINGS_H
#define OC_PROFILE_SETTINGS_H

#include "sim/base/bytes.h"

/* Facts on which the sources differ, and project choices, by name, with a default per generation. */
#define OC_SETTINGS_COUNT 33

/* The index of the setting `name`, or -1. */
int oc_setting_index(const char *name);
const char *oc_setting_name(size_t index);
/* The default of a setting for a generation (10, 20, 21, 30). */
const char *oc_setting_default(size_t index, unsigned generation);
/* True when the setting may have this value; else `expected` tells what it may be. */
bool oc_setting_allows(size_t index, const char *value, const char **expected);

#endif
