/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_HOST_H
#define OC_HOST_HOST_H

#include "sim/base/clock.h"
#include "sim/base/fields.h"
#include "sim/crypto/key_provider.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The back-end in its first form: a ledger of card debits and loads that verifies each TAC, keeps what it
 * acknowledged across restarts, and books nothing twice. Stored in SQLite, one transaction a message. */
typedef struct oc_host oc_host;

typedef struct oc_host_parts {
    const char *store;     /* path of the database, or ":memory:" */
    const oc_clock *clock; /* borrowed */
    oc_key_provider keys;  /* verifies TACs; borrowed */
    bool mac1_zero;        /* HSM: debits of cards of setting purchase-mac1 zero */
    oc_span root;          /* certificate under which signed applications are taken, DER; borrowed, may be empty */
} oc_host_parts;

OC_MUST_USE oc_result oc_host_open(oc_host **out, const oc_host_parts *parts, oc_diag *diag);
void oc_host_close(oc_host **host);

/* Answers a message; the answer (emptied first) always holds "result": "accepted", "refused", "duplicate" or
 * "unknown-message", and with "refused" a "reason".
 *   card-debit    card (9 characters), factor (8), city (8), province (8), seq (2), own, cash, pooled (4, fen),
 *                 type (1), terminal (6), serial (4), time (7), tac (4), alg (1), version (1)
 *                 reasons: tac, field (with "detail", one sentence), gap (the card's counter leaves out numbers: booked,
 *                 "accepted" with reason "gap", and "gap" says how many; a card's first message has none)
 *   card-load     card, factor, city, province, balance (4, new), seq (2), amount (4), terminal (6), time (7), tac (4),
 *                 alg (1), version (1)
 *   totals        - -> debits, loads (counts, decimal text), own, cash, pooled, loaded (fen, decimal text)
 *   internal-auth factor, city, province, challenge (8), text (8), cryptogram (8), version (1)
 *                 -> accepted / refused (reason mac)
 *   signed-application  certificate (DER), text (1 to 4096 bytes), signature (64): SM2 over the text, user id
 *                 OC_SM2_DEFAULT_ID -> accepted / refused; reasons: certificate (with "detail", the word of
 *                 oc_certificate_flaw_name, at the host's clock), signature, no-root
 *   The HSM of terminals without a PSAM: the string of a Step in, what the next Step takes out (accepted: "pkey").
 *   hsm-basic     step1
 *   hsm-external  step1, card-id (32 hex digits), atr (historical bytes in hex), business ("01" read, "02" PIN, "04"
 *                 write)
 *   hsm-secure-message   step2, card-id, atr
 *   hsm-debit     step1, card-id, atr, business ("07")
 *   hsm-debit-check   step1, card-id, atr, mac2, tac (8 hex digits each) -> accepted / refused (reason mac2, tac)
 *                 All texts; without card-id and atr the provider's own card, business may be absent. Key addresses
 *                 are those of sim/keys/terminal_keys.h. A string that is wrong is refused with reason field and a
 *                 "detail" that names the item, never its value.
 * Factors that are absent mean the provider's own card; cash and pooled 0, type '2', version 1, any algorithm; no
 * message has other fields than these. A card's number and seq, and a terminal's number and serial, are booked once:
 * whatever uses either again is a duplicate. A key that the provider lacks is its error, not a refusal. */
OC_MUST_USE oc_result oc_host_message(oc_host *host, const char *name, const oc_fields *in, oc_fields *answer,
                                      oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
