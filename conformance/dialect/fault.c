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
    bool needs_data;
    bool at_once; /* strikes no exchange */
} kinds[] = {
    {"tear-after-bytes", OC_FAULT_TEAR, "bytes", NULL, 10, 0, BYTES_MAX, true, false, false},
    {"remove", OC_FAULT_REMOVE, NULL, NULL, 10, 0, 0, true, false, false},
    {"mute", OC_FAULT_MUTE, NULL, NULL, 10, 0, 0, true, false, false},
    {"delay-ms", OC_FAULT_DELAY, "ms", NULL, 10, 1, DELAY_MAX, true, false, false},
    {"sw", OC_FAULT_SW, "sw", NULL, 16, 0, 0xFFFF, false, false, false},
    {"garble", OC_FAULT_GARBLE, "offset", "0", 10, 0, OFFSET_MAX, false, false, false},
    {"data", OC_FAULT_DATA, NULL, NULL, 10, 0, 0, false, true, false},
    {"cut", OC_FAULT_CUT, "bytes", NULL, 10, 0, OFFSET_MAX, false, false, false},
    {"answer", OC_FAULT_ANSWER, NULL, NULL, 10, 0, 0, false, true, false},
    {"pieces", OC_FAULT_PIECES, "bytes", NULL, 10, 1, 255, false, false, true},
    {"take-out", OC_FAULT_TAKE_OUT, NULL, NULL, 10, 0, 0, true, false, true},
    {"put-in", OC_FAULT_PUT_IN, NULL, NULL, 10, 0, 0, false, false, true},
    {"swap-card", OC_FAULT_SWAP, NULL, NULL, 10, 0, 0, false, false, true},
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

static int nibble_of(char digit)
{
    const char *digits = "0123456789ABCDEF";
    const char *at = digit == '\0' ? NULL : strchr(digits, digit);
    return at == NULL ? -1 : (int)(at - digits);
}

/* "0020", "00 A4 04 ?? ?? 73": the first bytes of a command in hex, a ? for any digit. */
static oc_result read_pattern(const char *text, oc_fault_order *out, oc_diag *diag)
{
    size_t digits = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == ' ') {
            continue;
        }
        int nibble = nibble_of(*at);
        if ((nibble < 0 && *at != '?') || digits == 2 * sizeof out->at) {
            return oc_diag_fail(diag, OC_E_FORMAT, "at=\"%s\" is no command: hex digits and ?, up to %zu bytes", text,
                                sizeof out->at);
        }
        unsigned shift = digits % 2 == 0 ? 4 : 0;
        out->at[digits / 2] |= (uint8_t)((nibble < 0 ? 0u : (unsigned)nibble) << shift);
        out->at_mask[digits / 2] |= (uint8_t)((nibble < 0 ? 0u : 0xFu) << shift);
        digits++;
    }
    if (digits < 4 || digits % 2 != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "at=\"%s\" is no command: class and instruction at least", text);
    }
    out->at_len = (uint8_t)(digits / 2);
    return oc_ok();
}

/* Where it strikes: `at`, `skip`, `times`. */
static oc_result read_place(const oc_step *step, const struct kind_row *row, oc_fault_order *out, oc_diag *diag)
{
    const char *skip = text_of(step, "skip");
    const char *times = text_of(step, "times");
    const char *at = text_of(step, "at");
    if (row->at_once && (skip != NULL || times != NULL || at != NULL)) {
        return oc_diag_fail(diag, OC_E_FORMAT, "a fault of the kind %s strikes at once: it takes no at, skip or times",
                            row->name);
    }
    OC_TRY(read_number("skip", skip == NULL ? "0" : skip, 10, 0, SKIP_MAX, &out->skip, diag));
    OC_TRY(times == NULL ? oc_ok() : read_number("times", times, 10, 1, SKIP_MAX, &out->times, diag));
    return at == NULL ? oc_ok() : read_pattern(at, out, diag);
}

static oc_result check_arguments(const oc_step *step, const struct kind_row *row, oc_diag *diag)
{
    static const char *const arguments[] = {"bytes", "ms", "sw", "offset", "data", "card"};
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
        bool own = (row->argument != NULL && strcmp(arguments[i], row->argument) == 0) ||
                   (row->needs_data && strcmp(arguments[i], "data") == 0) ||
                   (row->kind == OC_FAULT_SWAP && strcmp(arguments[i], "card") == 0);
        if (!own && text_of(step, arguments[i]) != NULL) {
            return oc_diag_fail(diag, OC_E_FORMAT, "a fault of the kind %s takes no %s", row->name, arguments[i]);
        }
    }
    return row->needs_data && text_of(step, "data") == NULL
               ? oc_diag_fail(diag, OC_E_FORMAT, "a fault of the kind %s needs data", row->name)
               : oc_ok();
}

/* Which other card, or what the other PSAM lacks: the two have no word in common but `own`. */
static oc_result check_swap(const oc_step *step, const oc_fault_order *order, oc_diag *diag)
{
    const char *card = order->card;
    if (order->kind != OC_FAULT_SWAP || (card != NULL && strcmp(card, "own") == 0)) {
        return oc_ok();
    }
    bool to_psam = strcmp(step->actor, "psam") == 0;
    bool is_card = card == NULL || strcmp(card, "other") == 0 || strncmp(card, "renewed", strlen("renewed")) == 0 ||
                   strstr(card, ".xml") != NULL;
    return is_card != to_psam ? oc_ok()
                              : oc_diag_fail(diag, OC_E_FORMAT,
                                             to_psam ? "a swap of the PSAM says by card what the other one lacks"
                                                     : "what a PSAM lacks is said of no card: %s",
                                             card);
}

static const struct kind_row *row_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

oc_result oc_step_fault(const oc_step *step, oc_fault_order *out, oc_diag *diag)
{
    const struct kind_row *row = row_of(step->name);
    *out = (oc_fault_order){0};
    if (row == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "no fault is of the kind %s", step->name);
    }
    OC_TRY(check_arguments(step, row, diag));
    OC_TRY(read_place(step, row, out, diag));
    out->kind = row->kind;
    out->card = text_of(step, "card");
    OC_TRY(check_swap(step, out, diag));
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

static const struct kind_row *row_for(enum oc_fault_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].kind == kind) {
            return &kinds[i];
        }
    }
    return NULL;
}

bool oc_fault_silences(enum oc_fault_kind kind)
{
    const struct kind_row *row = row_for(kind);
    return row != NULL && row->silences;
}

bool oc_fault_strikes_at_once(enum oc_fault_kind kind)
{
    const struct kind_row *row = row_for(kind);
    return row != NULL && row->at_once;
}
