/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/driver/settings.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/xml.h"
#include "sim/terminal/driver/driver.h"

/* The schema is part of this library. */
extern const uint8_t oc_driver_xsd[];
extern const size_t oc_driver_xsd_size;

const char *const oc_driver_entry_names[OC_DRIVER_ENTRIES] = {"pin", "old", "new", "again"};

#define FILE_NAME "SSCardDriver.xml"

/* pcscd looks for cards every 400 ms behind the vpcd driver. */
#define WAIT_MS 600
/* Of one driver (ssc-terminal sheet 4.7). */
#define KEYPAD_MS 15000

oc_driver_settings oc_driver_settings_default(void)
{
    return (oc_driver_settings){.wait_ms = WAIT_MS,
                                .keypad_ms = KEYPAD_MS,
                                .long_room = OC_DRIVER_LONG_ROOM,
                                .terminal = oc_terminal_settings_default()};
}

/* The schema bounds numbers and lengths; an absent attribute changes nothing. */
static void take_text(char *out, size_t room, const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    if (text != NULL) {
        snprintf(out, room, "%s", text);
    }
}

static void take_number(int *out, const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    if (text != NULL) {
        *out = (int)strtol(text, NULL, 10);
    }
}

static void take_readers(oc_driver_settings *out, const xmlNode *node)
{
    take_text(out->card, sizeof out->card, node, "card");
    take_text(out->contactless, sizeof out->contactless, node, "contactless");
    take_text(out->psam, sizeof out->psam, node, "psam");
    take_number(&out->wait_ms, node, "wait");
}

static void take_keypad(oc_driver_settings *out, const xmlNode *node)
{
    const xmlNode *entries = oc_xml_child(node, "entries");
    const xmlNode *program = oc_xml_child(node, "program");
    if (entries != NULL) {
        out->keypad = OC_DRIVER_KEYPAD_ENTRIES;
        for (size_t i = 0; i < OC_DRIVER_ENTRIES; i++) {
            take_text(out->entries[i], sizeof out->entries[i], entries, oc_driver_entry_names[i]);
        }
    } else if (program != NULL) {
        out->keypad = OC_DRIVER_KEYPAD_PROGRAM;
        take_text(out->program, sizeof out->program, program, "command");
        take_number(&out->keypad_ms, program, "timeout");
    }
}

static bool is_value(const xmlNode *node, const char *name, const char *value)
{
    const char *text = oc_xml_attr(node, name);
    return text != NULL && strcmp(text, value) == 0;
}

/* The default is what is not named here, as in oc_terminal_settings. */
static void take_terminal(oc_terminal_settings *out, const xmlNode *node)
{
    out->items = is_value(node, "items", "9") ? 9 : out->items;
    out->version_text = is_value(node, "version", "short") ? OC_VERSION_SHORT : OC_VERSION_AS_STORED;
    out->without_psam = is_value(node, "without-psam", "part") ? OC_WITHOUT_PSAM_PART : OC_WITHOUT_PSAM_REFUSED;
    out->algorithm_text = is_value(node, "algorithm", "name") ? OC_ALGORITHM_NAME : OC_ALGORITHM_NUMBER;
    out->step2_bar = is_value(node, "step2-bar", "not-sm4") ? OC_STEP2_BAR_NOT_SM4 : OC_STEP2_BAR_ALWAYS;
    out->records_oldest_first = is_value(node, "records", "oldest-first");
    out->refuses_3f00 = is_value(node, "file-3f00", "refused");
    out->writes_first_file = is_value(node, "write", "first-file");
    out->status_is_check_error = is_value(node, "status-word", "check-error");
    out->keep_open = is_value(node, "device", "stays-open");
    out->type_is_strict = is_value(node, "type", "strict");
    out->reload_refuses_initial = is_value(node, "reload-to-initial", "refused");
    take_text(out->device_number, sizeof out->device_number, node, "device-number");
    take_text(out->initial_pin, sizeof out->initial_pin, node, "initial-pin");
}

static void take(oc_driver_settings *out, const xmlNode *root)
{
    for (const xmlNode *node = oc_xml_child(root, NULL); node != NULL; node = oc_xml_next(node, NULL)) {
        if (oc_xml_is(node, "readers")) {
            take_readers(out, node);
        } else if (oc_xml_is(node, "keypad")) {
            take_keypad(out, node);
        } else if (oc_xml_is(node, "terminal")) {
            take_terminal(&out->terminal, node);
        } else if (oc_xml_is(node, "output")) {
            int room = (int)out->long_room;
            take_number(&room, node, "room");
            out->long_room = (size_t)room;
        } else if (oc_xml_is(node, "log")) {
            take_text(out->log, sizeof out->log, node, "file");
        }
    }
}

oc_result oc_driver_settings_load(oc_driver_settings *out, const char *path, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    oc_xml_doc *doc = NULL;
    *out = oc_driver_settings_default();
    oc_result r = oc_xml_schema_parse(&schema, oc_span_of(oc_driver_xsd, oc_driver_xsd_size), "driver.xsd", diag);
    r = oc_is_ok(r) ? oc_xml_load(&doc, path, NULL, diag) : r;
    r = oc_is_ok(r) ? oc_xml_validate(doc, schema, diag) : r;
    if (oc_is_ok(r)) {
        take(out, oc_xml_root(doc));
    }
    oc_xml_free(&doc);
    oc_xml_schema_free(&schema);
    return r;
}

/* The folder of the file that this code was loaded from, with its slash. */
static bool own_folder(char out[PATH_MAX])
{
    Dl_info info;
    if (dladdr((const void *)oc_driver_xsd, &info) == 0 || info.dli_fname == NULL) {
        return false;
    }
    const char *end = strrchr(info.dli_fname, '/');
    int len = end == NULL ? 0 : (int)(end - info.dli_fname + 1);
    return len > 0 && snprintf(out, PATH_MAX, "%.*s", len, info.dli_fname) < PATH_MAX;
}

bool oc_driver_settings_find(char out[PATH_MAX])
{
    const char *named = getenv("SSCARD_DRIVER_CONFIG");
    if (named != NULL && named[0] != '\0') {
        return snprintf(out, PATH_MAX, "%s", named) < PATH_MAX;
    }
    char folder[PATH_MAX];
    if (own_folder(folder) && snprintf(out, PATH_MAX, "%s" FILE_NAME, folder) < PATH_MAX && access(out, F_OK) == 0) {
        return true;
    }
    snprintf(out, PATH_MAX, "/etc/onecard/" FILE_NAME);
    return access(out, F_OK) == 0;
}
