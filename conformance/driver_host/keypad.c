/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/driver_host/keypad.h"

#include <stdio.h>
#include <string.h>

#include "conformance/driver_host/os.h"

#define ENTRIES_MAX 4
#define ENTRY_ROOM 64
#define CANCELLED (-31L)
#define TIMED_OUT (-32L)
#define WRONG_LENGTH (-33L)

/* The driver calls back without a context of ours, so what it is to get is kept here. */
static struct {
    char entries[ENTRIES_MAX][ENTRY_ROOM];
    unsigned count;
    unsigned next;
    long action; /* CANCELLED or TIMED_OUT at the first entry; 0 */
} pad;

static const struct {
    const char *name;
    const char *variable;
} entries[] = {{"pin", "ONECARD_KEYPAD_PIN"},
               {"old", "ONECARD_KEYPAD_OLD"},
               {"new", "ONECARD_KEYPAD_NEW"},
               {"again", "ONECARD_KEYPAD_AGAIN"},
               {"action", "ONECARD_KEYPAD_ACTION"}};

static void keep(const oc_dh_value *entry)
{
    if (strcmp(entry->name, "action") == 0) {
        pad.action = strcmp(entry->text, "timeout") == 0 ? TIMED_OUT : CANCELLED;
    } else if (pad.count < ENTRIES_MAX) {
        snprintf(pad.entries[pad.count++], ENTRY_ROOM, "%s", entry->text);
    }
}

void oc_dh_keypad_fill(const oc_dh_json *question)
{
    const oc_dh_value *list = oc_dh_json_member(question, 0, "keypad");
    unsigned parent = list == NULL ? 0 : oc_dh_json_index(question, list);
    memset(&pad, 0, sizeof pad);
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        const oc_dh_value *entry = list == NULL ? NULL : oc_dh_json_member(question, parent, entries[i].name);
        oc_dh_set_variable(entries[i].variable, entry == NULL ? NULL : entry->text);
        if (entry != NULL) {
            keep(entry);
        }
    }
}

static long give(char *out, int room)
{
    if (pad.action != 0) {
        return pad.action;
    }
    if (pad.next == pad.count) {
        return CANCELLED;
    }
    const char *entry = pad.entries[pad.next++];
    size_t len = strlen(entry);
    if (out == NULL || room < 1 || len >= (size_t)room) {
        return WRONG_LENGTH;
    }
    memcpy(out, entry, len + 1);
    return (long)len;
}

/* A driver's DLL calls back as it is called: __stdcall on 32-bit Windows. */
#if defined _WIN32 && defined __i386__
static long __attribute__((stdcall)) callback(char *out, int room)
#else
static long callback(char *out, int room)
#endif
{
    return give(out, room);
}

intptr_t oc_dh_keypad_function(void)
{
    return (intptr_t)callback;
}
