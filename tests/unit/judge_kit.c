/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/judge_kit.h"

#include <stdio.h>
#include <stdlib.h>

#define BYTES_MAX 600

/* Reads hex with .. and ~ up to `end`. */
static oc_seen_bytes read_bytes(oc_arena *arena, const char *at, const char *end)
{
    uint8_t bytes[BYTES_MAX];
    uint8_t known[BYTES_MAX];
    size_t count = 0;
    bool cut = false;
    while (at + 1 < end) {
        if (*at == ' ') {
            at++;
            continue;
        }
        if (*at == '~') {
            cut = true;
            at++;
            continue;
        }
        unsigned byte = 0;
        known[count] = strncmp(at, "..", 2) != 0;
        CU_ASSERT_FATAL(known[count] == 0 || sscanf(at, "%2x", &byte) == 1);
        bytes[count++] = (uint8_t)byte;
        at += 2;
    }
    return (oc_seen_bytes){.bytes = oc_arena_bytes(arena, oc_span_of(bytes, count)),
                           .known = oc_arena_bytes(arena, oc_span_of(known, count)),
                           .cut = cut};
}

static void read_line(oc_kit_session *session, const char *at, const char *end)
{
    oc_raw_exchange *raw = &session->raw[session->count++];
    *raw = (oc_raw_exchange){.actor = OC_PATTERN_CARD, .place = session->count};
    if (strncmp(at, "p:", 2) == 0) {
        raw->actor = OC_PATTERN_PSAM;
        at += 2;
    }
    const char *arrow = memchr(at, '>', (size_t)(end - at));
    CU_ASSERT_FATAL(arrow != NULL);
    if (strncmp(at, "reset", 5) == 0 || strncmp(at, "warm", 4) == 0) {
        raw->is_reset = true;
        raw->reset = *at == 'w' ? OC_RESET_WARM : OC_RESET_COLD;
    } else {
        raw->command = read_bytes(&session->arena, at, arrow);
    }
    raw->response = read_bytes(&session->arena, arrow + 1, end);
    raw->failed = raw->response.bytes.len == 0;
}

oc_kit_session oc_kit_exchanges(const char *text)
{
    oc_kit_session session = {0};
    size_t lines = 1;
    for (const char *at = text; *at != '\0'; at++) {
        lines += *at == '\n';
    }
    session.raw = calloc(lines + 1, sizeof *session.raw);
    CU_ASSERT_FATAL(session.raw != NULL);
    for (const char *at = text; *at != '\0';) {
        const char *end = at + strcspn(at, "\n");
        if (end > at) {
            read_line(&session, at, end);
        }
        at = end + (*end == '\n');
    }
    return session;
}

void oc_kit_exchanges_free(oc_kit_session *session)
{
    oc_arena_free(&session->arena);
    free(session->raw);
}

oc_observed oc_kit_observe(const char *attributes, const char *patterns, const char *exchanges)
{
    static oc_vectors *vectors;
    static char xml[8000];
    oc_vectors_free(&vectors);
    snprintf(xml, sizeof xml,
             OC_SUITE_HEAD OC_CASE_HEAD("CARD.A") "<steps><observe %s>%s</observe></steps></case></suite>", attributes,
             patterns);
    vectors = oc_kit_parse(xml);
    oc_kit_session kit = oc_kit_exchanges(exchanges);
    const oc_observation *observation = oc_vectors_case(vectors, 0)->steps[0].observation;
    oc_session session = {0};
    oc_observed observed = {0};
    oc_diag diag = {0};
    oc_scope scope = oc_kit_scope();
    CU_ASSERT_EQUAL_FATAL(oc_session_build(&session, kit.raw, kit.count, observation->raw).code, OC_E_OK);
    oc_result r = oc_observe(observation, &session, &scope, NULL, NULL, &observed, &diag);
    CU_ASSERT_EQUAL(r.code, OC_E_OK);
    oc_session_free(&session);
    oc_kit_exchanges_free(&kit);
    return observed;
}
