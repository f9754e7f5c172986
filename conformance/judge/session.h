/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_JUDGE_SESSION_H
#define OC_CONFORMANCE_JUDGE_SESSION_H

#include "conformance/dialect/pattern.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What went on between a terminal and its cards, as patterns see it: whatever the record it was read from. */

/* Bytes of which some may be masked. */
typedef struct oc_seen_bytes {
    oc_span bytes; /* 0 where masked */
    oc_span known; /* 1 or 0 for each byte; empty: all are known */
    bool cut;      /* what follows is masked, and so is its length */
} oc_seen_bytes;

/* One exchange as it crossed a link. Spans are borrowed. */
typedef struct oc_raw_exchange {
    enum oc_pattern_actor actor; /* card or psam */
    bool is_reset;
    enum oc_reset reset;
    bool failed;            /* no answer came */
    oc_seen_bytes command;  /* empty for a reset */
    oc_seen_bytes response; /* with its status word; the ATR for a reset */
    uint64_t begin_ns, end_ns;
    size_t step;              /* of a run: index of the step that was running; else 0 */
    size_t place;             /* line, packet or record of a capture, from 1; else 0 */
    const char *command_text; /* as its record shows them, secrets as references in braces; NULL: nothing is masked */
    const char *response_text;
} oc_raw_exchange;

/* A command and its answer, or a reset. */
typedef struct oc_seen {
    enum oc_pattern_actor actor;
    bool is_reset;
    enum oc_reset reset;
    bool answered;
    bool has_header;       /* four bytes at least */
    oc_seen_bytes command; /* of the first exchange, whole */
    oc_seen_bytes header;
    oc_seen_bytes data;
    bool has_le;
    uint8_t le;            /* as written: its low byte where the length is extended */
    oc_seen_bytes answer;  /* without the status word; the ATR */
    oc_seen_bytes sw;      /* two bytes; empty for a reset and where no answer came */
    size_t first, last;    /* of the raw exchanges */
    size_t previous, next; /* with the same actor; SIZE_MAX: none */
} oc_seen;

typedef struct oc_session {
    oc_arena arena; /* of bytes that were put together */
    oc_seen *at;
    size_t count;
} oc_session;

/* Logical exchanges of the raw ones: 61xx is joined with the GET RESPONSE that follow it, and 6Cxx with the same command
 * under the length it names (ISO/IEC 7816-3 10.3.3); with `raw`, each is one of its own. The exchanges are borrowed as
 * long as the session lives. Free with oc_session_free. */
OC_MUST_USE oc_result oc_session_build(oc_session *out, const oc_raw_exchange *raw, size_t count, bool as_raw);
void oc_session_free(oc_session *session);

/* The bytes of one part. Empty where the exchange has no such part. */
oc_seen_bytes oc_seen_part(const oc_seen *seen, enum oc_part part);
oc_seen_bytes oc_seen_slice(oc_seen_bytes bytes, size_t offset, size_t length);
/* Whether all of the bytes are known. */
bool oc_seen_is_known(oc_seen_bytes bytes);

#ifdef __cplusplus
}
#endif
#endif
