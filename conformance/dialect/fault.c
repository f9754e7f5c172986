/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conformance/dialect/build.h"

/* A card of a megabyte is written once over; a minute is longer than any reader waits (project choices). */
#define BYTES_MAX 1048576UL
#define DELAY_MAX 60000UL
#define OFFSET_MAX 65537UL
#define SKIP_MAX 65535UL

static const struct kind_row {
    const char *name;
    enum oc_fault_kind kind;
    const char *argument; /* that it needs, or NULL */
    const char *otherwise;
    int base;
    unsigned long min, max;
    bool silences;
} kinds[] = {
    {"tear-after-bytes", OC_FAULT_TEAR, "bytes", NULL, 10, 0, BYTES_MAX, true},
    {"remove", OC_FAULT_REMOVE, NULL, NULL, 10, 0, 0, true},
    {"mute", OC_FAULT_MUTE, NULL, NULL, 10, 0, 0, true},
    {"delay-ms", OC_FAULT_DELAY, "ms", NULL, 10, 1, DELAY_MAX, true},
    {"sw", OC_FAULT_SW, "sw", NULL, 16, 0, 0xFFFF, false},
    {"garble", OC_FAULT_GARBLE, "offset", "0", 10, 0, OFFSET_MAX, false},
};

static const char *text_of(const oc_step *step, const char *name)
{
    for (size_t i = 0; i < step->argument_count; i++) {
        if (strcmp(step->arguments[i].name, name) == 0) {
            return step->arguments[i].value.source;
        }
    }
    return NULL;
}

static oc_result read_number(const char *name, const char *text, int base, unsigned long min, unsigned long max,
                             uint32_t *out, oc_diag *diag)
{
    char *end = NULL;
    unsigned long number = strtoul(text, &end, base);
    bool digits = text[0] != '-' && text[0] != '+' && end != text && *end == '\0';
    if (!digits || number < min || number > max) {
        return oc_diag_fail(diag, OC_E_FORMAT,
                            base == 16 ? "%s=\"%s\" is no status word" : "%s=\"%s\" is no number that fits", name,
                            text);
    }
    *out = (uint32_t)number;
    return oc_ok();
}

oc_result oc_step_fault(const oc_step *step, oc_fault_order *out, oc_diag *diag)
{
    static const char *const arguments[] = {"bytes", "ms", "sw", "offset"};
    const struct kind_row *row = kinds;
    *out = (oc_fault_order){0};
    while (row < kinds + sizeof kinds / sizeof kinds[0] && strcmp(row->name, step->name) != 0) {
        row++;
    }
    if (row == kinds + sizeof kinds / sizeof kinds[0]) {
        return oc_diag_fail(diag, OC_E_FORMAT, "no fault is of the kind %s", step->name);
    }
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
        bool own = row->argument != NULL && strcmp(arguments[i], row->argument) == 0;
        if (!own && text_of(step, arguments[i]) != NULL) {
            return oc_diag_fail(diag, OC_E_FORMAT, "a fault of the kind %s takes no %s", row->name, arguments[i]);
        }
    }
    const char *skip = text_of(step, "skip");
    OC_TRY(read_number("skip", skip == NULL ? "0" : skip, 10, 0, SKIP_MAX, &out->skip, diag));
    out->kind = row->kind;
    if (row->argument == NULL) {
        return oc_ok();
    }
    const char *text = text_of(step, row->argument);
    text = text == NULL ? row->otherwise : text;
    if (text == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "a fault of the kind %s needs %s", row->name, row->argument);
    }
    if (row->kind == OC_FAULT_SW && strlen(text) != 4) {
        return oc_diag_fail(diag, OC_E_FORMAT, "sw=\"%s\" is no status word", text);
    }
    return read_number(row->argument, text, row->base, row->min, row->max, &out->value, diag);
}

bool oc_fault_silences(enum oc_fault_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].kind == kind) {
            return kinds[i].silences;
        }
    }
    return false;
}
