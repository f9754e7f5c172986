/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/guard_command.h"

#include <stdio.h>

enum {
    INS_VERIFY = 0x20,
    INS_PIN_UNBLOCK = 0x24,
    INS_CHANGE_PIN = 0x5E,
    INS_EXTERNAL_AUTHENTICATE = 0x82,
    INS_SELECT = 0xA4,
    INS_CARD_BLOCK = 0x16,
    INS_LOAD_KEY = 0xD4,
    INS_TERMINATE = 0xFE
};
#define BK_ID 0x05         /* the key of CARD BLOCK (ssc-card sheet 6.1) */
#define PIN_SEPARATOR 0xFF /* between old and new PIN (ssc-card sheet 7) */
#define AUTH_SIZE 16       /* body of EXTERNAL AUTHENTICATE; a version may follow (ssc-card sheet 6.5) */
#define HEADER 5
#define FID_PKI 0xF2 /* DDF2, the certificate environment of this project's cards */
#define CLA_CHAIN 0x10
#define CLA_MESSAGE 0x0C /* secure messaging (ISO/IEC 7816-4 5.4.1) */

/* The body by Lc, short or extended; what does not fit its Lc is taken whole. */
static oc_span body_of(oc_span command)
{
    if (command.len <= HEADER) {
        return oc_span_empty();
    }
    size_t lc = command.at[4];
    if (lc == 0 && command.len > HEADER + 2) {
        lc = (size_t)command.at[5] << 8 | command.at[6];
        oc_span extended = oc_span_slice(command, HEADER + 2, command.len);
        return lc > 0 && lc <= extended.len ? oc_span_slice(extended, 0, lc) : extended;
    }
    oc_span body = oc_span_slice(command, HEADER, command.len);
    return lc > 0 && lc < body.len ? oc_span_slice(body, 0, lc) : body;
}

static bool begins(oc_span name, const char *text)
{
    size_t len = strlen(text);
    return name.len >= len && memcmp(name.at, text, len) == 0;
}

/* The AIDs of DF01 and its sisters end in 00, 01, ... (ssc-card sheet 3); PKI.社会保障 and SS.CERT.ADF1: sheet 9. The
 * latter is DF01 of its environment. */
static oc_guard_place place_of(uint8_t environment, oc_span name)
{
    static const uint8_t provider[] = {0xD1, 0x56, 0x00, 0x00, 0x05};
    if (begins(name, "PKI.") || begins(name, "SS.CERT.")) {
        return (oc_guard_place){OC_GUARD_PKI, begins(name, "SS.")};
    }
    if (name.len == 2 && name.at[0] == 0xDF) {
        return (oc_guard_place){environment, name.at[1] & 0x0F};
    }
    if (name.len == 2 && name.at[0] == 0xDD) {
        return (oc_guard_place){name.at[1] == FID_PKI ? OC_GUARD_PKI : OC_GUARD_SSSE, 0};
    }
    bool ours = name.len == sizeof provider + 1 && memcmp(name.at, provider, sizeof provider) == 0;
    uint8_t last = ours ? name.at[sizeof provider] : 0x0F;
    return (oc_guard_place){OC_GUARD_SSSE, last < 0x0F ? (uint8_t)(last + 1) : 0};
}

/* A blocked directory answers 62xx, and is selected all the same. */
void oc_guard_follow(oc_guard_place *place, oc_span command, oc_sw sw)
{
    if (command.len == 0) {
        *place = (oc_guard_place){0};
    }
    bool taken = oc_sw_ok(sw) || sw.value >> 8 == 0x61 || sw.value >> 8 == 0x62;
    oc_span name = body_of(command);
    bool is_ef = name.len == 2 && name.at[0] != 0xDF && name.at[0] != 0xDD && name.at[0] != 0x3F;
    if (taken && command.len > HEADER && command.at[1] == INS_SELECT && !is_ef) {
        *place = place_of(place->environment, name);
    }
}

void oc_guard_name(oc_guard_reference reference, char out[OC_GUARD_NAME_ROOM])
{
    unsigned kind = reference >> 24;
    unsigned environment = reference >> 20 & 0x0F;
    unsigned dir = reference >> 16 & 0x0F;
    unsigned id = reference >> 8 & 0xFF;
    unsigned version = reference & 0xFF;
    char place[12] = "SSSE";
    if (environment == OC_GUARD_PKI) {
        snprintf(place, sizeof place, "PKI");
    } else if (dir > 0) {
        snprintf(place, sizeof place, "DF%02u", dir);
    }
    switch (kind) {
    case OC_GUARD_KIND_PIN:
        snprintf(out, OC_GUARD_NAME_ROOM, environment == OC_GUARD_PKI ? "PKI/PIN-%02X" : "PIN", id);
        break;
    case OC_GUARD_KIND_MAINTENANCE:
        snprintf(out, OC_GUARD_NAME_ROOM, "%s/STK", place);
        break;
    default:
        snprintf(out, OC_GUARD_NAME_ROOM, version == 0 ? "%s/%02X" : "%s/%02X#%u", place, id, version);
        break;
    }
}

static oc_presentation change_pin(oc_guard_place place, oc_span command, oc_span body)
{
    oc_presentation pin = {.reference = OC_GUARD_PIN, .secret = body, .change = body};
    if (place.environment == OC_GUARD_PKI) {
        /* under the PIN itself, or, where it is reloaded, the administrator's (ssc-card sheet 9) */
        unsigned id = command.at[2] == 0x01 ? command.at[3] : 0x00;
        return (oc_presentation){.reference = OC_GUARD_REFERENCE(OC_GUARD_KIND_PIN, OC_GUARD_PKI, place.dir, id, 0),
                                 .change = body};
    }
    const uint8_t *separator = memchr(body.at, PIN_SEPARATOR, body.len);
    if (separator != NULL) {
        size_t old = (size_t)(separator - body.at);
        pin.secret = oc_span_slice(body, 0, old);
        pin.change = oc_span_slice(body, old + 1, body.len);
    }
    return pin;
}

/* Keys with ids up to 7F are the environment's, but for the directory's own master key, 00. */
static oc_guard_reference external(oc_guard_place place, oc_span command, oc_span body)
{
    uint8_t id = command.at[3];
    unsigned dir = id >= 0x80 || id == 0x00 ? place.dir : 0;
    unsigned version = body.len > AUTH_SIZE ? body.at[AUTH_SIZE] : 0;
    return OC_GUARD_REFERENCE(OC_GUARD_KIND_EXTERNAL, place.environment, dir, id, version);
}

/* A command with a MAC: under the directory's STK, but where another key is made for it (CARD BLOCK: ssc-card sheet 7), the
 * one that EXTERNAL AUTHENTICATE presents under its id. The PIN is the environment's, and so is the STK that unblocks it. */
static oc_guard_reference message(oc_guard_place place, uint8_t ins)
{
    switch (ins) {
    case INS_CARD_BLOCK:
        return OC_GUARD_REFERENCE(OC_GUARD_KIND_EXTERNAL, OC_GUARD_SSSE, 0, BK_ID, 0);
    case INS_TERMINATE:
        return OC_GUARD_REFERENCE(OC_GUARD_KIND_EXTERNAL, OC_GUARD_SSSE, 0, 0, 0);
    case INS_PIN_UNBLOCK:
        return OC_GUARD_REFERENCE(OC_GUARD_KIND_MAINTENANCE, place.environment, 0, 0, 0);
    case INS_LOAD_KEY:
        return OC_GUARD_REFERENCE(OC_GUARD_KIND_EXTERNAL, place.environment, place.dir, 0, 0);
    default:
        return OC_GUARD_REFERENCE(OC_GUARD_KIND_MAINTENANCE, place.environment, place.dir, 0, 0);
    }
}

oc_presentation oc_guard_presentation(oc_guard_place place, oc_span command, bool wrong)
{
    oc_presentation seen = {.reference = OC_GUARD_NONE};
    oc_span body = body_of(command);
    if (body.len == 0) {
        seen.wrong = wrong;
        return seen; /* asks for the tries left at most */
    }
    uint8_t cla = command.at[0];
    uint8_t ins = command.at[1];
    bool proprietary_purse = cla >= 0xA0;
    if (ins == INS_VERIFY) {
        bool pki = place.environment == OC_GUARD_PKI;
        seen.reference = pki ? OC_GUARD_REFERENCE(OC_GUARD_KIND_PIN, OC_GUARD_PKI, place.dir, command.at[3], 0)
                             : OC_GUARD_PIN;
        seen.secret = pki ? oc_span_empty() : body;
    } else if (ins == INS_CHANGE_PIN && (place.environment == OC_GUARD_PKI || (cla & CLA_MESSAGE) == 0)) {
        seen = change_pin(place, command, body);
    } else if (ins == INS_EXTERNAL_AUTHENTICATE) {
        seen.reference = external(place, command, body);
    } else if (ins == INS_PIN_UNBLOCK || ((cla & CLA_MESSAGE) != 0 && !proprietary_purse)) {
        seen.reference = message(place, ins);
    }
    seen.wrong = wrong;
    return seen;
}

/* By instruction; a class only where other classes give the byte another meaning (ssc-card sheet 7 and 9, ISO/IEC
 * 7816-4 and -9). Debit and credit are the purse's. */
static const struct {
    uint8_t class_mask, class_value, ins;
    unsigned touches;
} changes[] = {
    {0x00, 0x00, 0x04, OC_TOUCH_LIFECYCLE}, {0x00, 0x00, 0x0E, OC_TOUCH_LIFECYCLE},
    {0x00, 0x00, 0x16, OC_TOUCH_LIFECYCLE}, {0x00, 0x00, 0x18, OC_TOUCH_LIFECYCLE},
    {0x00, 0x00, 0x1E, OC_TOUCH_LIFECYCLE}, {0x00, 0x00, 0x44, OC_TOUCH_LIFECYCLE},
    {0x00, 0x00, 0xE0, OC_TOUCH_LIFECYCLE}, {0x00, 0x00, 0xE4, OC_TOUCH_LIFECYCLE},
    {0x00, 0x00, 0xE6, OC_TOUCH_LIFECYCLE}, {0x00, 0x00, 0xE8, OC_TOUCH_LIFECYCLE},
    {0x00, 0x00, 0xFE, OC_TOUCH_LIFECYCLE}, {0x00, 0x00, 0x24, OC_TOUCH_KEYS},
    {0x00, 0x00, 0x46, OC_TOUCH_KEYS},      {0x00, 0x00, 0x5E, OC_TOUCH_KEYS},
    {0x00, 0x00, 0xD4, OC_TOUCH_KEYS},      {0xE0, 0x80, 0x40, OC_TOUCH_KEYS},
    {0xE0, 0x80, 0xC2, OC_TOUCH_KEYS},      {0xE0, 0x80, 0xC9, OC_TOUCH_KEYS},
    {0xE0, 0xA0, 0x2A, OC_TOUCH_PURSE},     {0xE0, 0xA0, 0x2C, OC_TOUCH_PURSE},
    {0x00, 0x00, 0xD0, OC_TOUCH_RECORDS},   {0x00, 0x00, 0xD2, OC_TOUCH_RECORDS},
    {0x00, 0x00, 0xDA, OC_TOUCH_RECORDS},   {0x00, 0x00, 0xE2, OC_TOUCH_RECORDS},
};

unsigned oc_guard_changes(oc_span command)
{
    unsigned touches = 0;
    for (size_t i = 0; command.len >= 2 && i < sizeof changes / sizeof changes[0]; i++) {
        if (command.at[1] == changes[i].ins && (command.at[0] & changes[i].class_mask) == changes[i].class_value) {
            touches |= changes[i].touches;
        }
    }
    return touches;
}

bool oc_guard_is_chained(oc_span command)
{
    /* Classes of A0 and more are of applications; their bit 10 means nothing. */
    return command.len > 0 && command.at[0] < 0xA0 && (command.at[0] & CLA_CHAIN) != 0;
}
