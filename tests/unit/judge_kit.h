/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_JUDGE_KIT_H
#define OC_TESTS_UNIT_JUDGE_KIT_H

#include "conformance/judge/match.h"
#include "tests/unit/dialect_kit.h"

/* Exchanges written in a test, one a line: "0084000008 > 01020304050607089000". "p:" in front: with the PSAM; "reset" and
 * "warm" for commands; nothing behind > for no answer; .. for a masked byte, ~ for masked bytes nobody knows how many. */
typedef struct oc_kit_session {
    oc_arena arena;
    oc_raw_exchange *raw;
    size_t count;
} oc_kit_session;

oc_kit_session oc_kit_exchanges(const char *text);
void oc_kit_exchanges_free(oc_kit_session *session);

/* Observes them by the patterns of <observe ATTRIBUTES>PATTERNS</observe>. Texts of the result live until the next
 * call. */
oc_observed oc_kit_observe(const char *attributes, const char *patterns, const char *exchanges);

#endif
