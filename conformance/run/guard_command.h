/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_GUARD_COMMAND_H
#define OC_CONFORMANCE_RUN_GUARD_COMMAND_H

#include "conformance/dialect/suite.h"
#include "sim/base/bytes.h"
#include "sim/base/sw.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a command on the wire means for a foreign card, read generously: a card that is careless about class, parameters
 * or lengths may take a command for what it almost is (ssc-card sheet 6 and 7). */

/* Where the card stands, followed from SELECT. Zero: in the environment, or not selected yet. */
typedef struct oc_guard_place {
    uint8_t environment; /* OC_GUARD_SSSE or OC_GUARD_PKI */
    uint8_t dir;         /* 1 to 15 for DF01 to DF0F, 0 for any other */
} oc_guard_place;
enum { OC_GUARD_SSSE, OC_GUARD_PKI };

/* `command` is a TPDU or APDU. A reset is an empty one. */
void oc_guard_follow(oc_guard_place *place, oc_span command, oc_sw sw);

/* What has a try counter: kind, place, identifier and version of a PIN or key in one number; 0 for none. Whatever command
 * presents a key, it is the same number: TERMINATE and EXTERNAL AUTHENTICATE with the master key, CARD BLOCK and EXTERNAL
 * AUTHENTICATE with BK. */
typedef uint32_t oc_guard_reference;
#define OC_GUARD_NONE 0u
enum oc_guard_kind { OC_GUARD_KIND_PIN = 1, OC_GUARD_KIND_EXTERNAL, OC_GUARD_KIND_MAINTENANCE };
#define OC_GUARD_REFERENCE(kind, environment, dir, id, version)                                                       \
    ((oc_guard_reference)(kind) << 24 | (oc_guard_reference)(environment) << 20 | (oc_guard_reference)(dir) << 16 |   \
     (oc_guard_reference)(id) << 8 | (oc_guard_reference)(version))
#define OC_GUARD_PIN OC_GUARD_REFERENCE(OC_GUARD_KIND_PIN, OC_GUARD_SSSE, 0, 0, 0)

/* "PIN", "SSSE/05", "DF01/84#2", "DF01/STK": for people. */
#define OC_GUARD_NAME_ROOM 32
void oc_guard_name(oc_guard_reference reference, char out[OC_GUARD_NAME_ROOM]);

/* What a command presents. */
typedef struct oc_presentation {
    oc_guard_reference reference; /* OC_GUARD_NONE when it presents nothing */
    bool wrong;                   /* it is meant to be refused */
    oc_span secret;               /* the PIN as presented; empty where a cryptogram differs each time */
    unsigned limit;               /* tries of the full counter, as far as known; 0: three */
    oc_span change;               /* what the PIN is when the command succeeds; empty when it stays */
} oc_presentation;

/* Spans borrow from `command`. */
oc_presentation oc_guard_presentation(oc_guard_place place, oc_span command, bool wrong);

/* Lasting changes that the command could make, or a card could take it to make: enum oc_touch bits. Updates of records
 * are left out, as cases put them right themselves. */
unsigned oc_guard_changes(oc_span command);
/* One link of a chain: what it would present is not known before the last. */
bool oc_guard_is_chained(oc_span command);

#ifdef __cplusplus
}
#endif
#endif
