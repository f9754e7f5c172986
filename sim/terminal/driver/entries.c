/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/driver/entries.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static size_t index_of(const char *entry)
{
    size_t i = 0;
    while (i + 1 < OC_DRIVER_ENTRIES && strcmp(oc_driver_entry_names[i], entry) != 0) {
        i++;
    }
    return i;
}

static const char *given(const oc_driver_settings *settings, const char *entry)
{
    if (settings->keypad == OC_DRIVER_KEYPAD_ENTRIES) {
        return settings->entries[index_of(entry)];
    }
    char name[64] = "ONECARD_KEYPAD_";
    size_t len = strlen(name);
    for (const char *c = entry; *c != '\0' && len + 1 < sizeof name; c++) {
        name[len++] = (char)toupper((unsigned char)*c);
    }
    name[len] = '\0';
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

static enum oc_keypad_outcome take(const char *text, oc_wr *typed)
{
    if (text[0] == '\0' || strcmp(text, "cancel") == 0) {
        return OC_KEYPAD_CANCELLED;
    }
    if (strcmp(text, "timeout") == 0) {
        return OC_KEYPAD_TIMED_OUT;
    }
    oc_wr_bytes(typed, oc_span_text(text));
    return OC_KEYPAD_ENTERED;
}

enum oc_keypad_outcome oc_driver_ask(const oc_driver_settings *settings, const char *entry, oc_wr *typed,
                                     oc_diag *diag)
{
    if (settings->keypad == OC_DRIVER_KEYPAD_PROGRAM) {
        return oc_driver_ask_program(settings->program, entry, settings->keypad_ms, typed, diag);
    }
    const char *instead = settings->keypad == OC_DRIVER_KEYPAD_ENVIRONMENT ? getenv("ONECARD_KEYPAD_ACTION") : NULL;
    if (instead != NULL && instead[0] != '\0') {
        return take(instead, typed);
    }
    const char *text = given(settings, entry);
    if (text[0] == '\0' && strcmp(entry, "again") == 0) {
        text = given(settings, "new");
    }
    return take(text, typed);
}
