/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/host.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/crypto/certificate.h"
#include "sim/host/hsm.h"
#include "sim/host/ledger.h"
#include "sim/host/message_fields.h"
#include "sim/host/proof.h"

#define TYPE_LOAD '1' /* ASCII digit, ssc-card sheet 7 */

struct oc_host {
    const oc_clock *clock;
    oc_key_provider keys;
    bool mac1_zero;
    oc_ledger *ledger;
    oc_span root;
    oc_crypto *crypto; /* made when the first signed application comes */
};

oc_result oc_host_open(oc_host **out, const oc_host_parts *parts, oc_diag *diag)
{
    *out = NULL;
    oc_host *host = calloc(1, sizeof *host);
    if (host == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    host->clock = parts->clock;
    host->mac1_zero = parts->mac1_zero;
    host->root = parts->root;
    host->keys = parts->keys.ops != NULL ? parts->keys : oc_key_provider_none();
    oc_result r = oc_ledger_open(&host->ledger, parts->store, diag);
    if (!oc_is_ok(r)) {
        free(host);
        return r;
    }
    *out = host;
    return oc_ok();
}

void oc_host_close(oc_host **host)
{
    if (*host != NULL) {
        oc_ledger_close(&(*host)->ledger);
        oc_crypto_free(&(*host)->crypto);
        free(*host);
        *host = NULL;
    }
}

static oc_result refuse(oc_fields *answer, const char *reason, const char *detail)
{
    OC_TRY(oc_fields_set_text(answer, "result", "refused"));
    OC_TRY(oc_fields_set_text(answer, "reason", reason));
    return detail == NULL ? oc_ok() : oc_fields_set_text(answer, "detail", detail);
}

/* Answers a proof that is not right. */
static oc_result refuse_proof(oc_fields *answer, enum oc_proof proof, const char *reason)
{
    return proof == OC_PROOF_FIELD
               ? refuse(answer, "field", "key version, algorithm or factors do not fit the keys at hand")
               : refuse(answer, reason, NULL);
}

static oc_result set_number(oc_fields *answer, const char *name, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    return oc_fields_set_text(answer, name, text);
}

static oc_result set_booking(oc_fields *answer, const struct oc_ledger_booking *booking)
{
    if (booking->duplicate) {
        return oc_fields_set_text(answer, "result", "duplicate");
    }
    OC_TRY(oc_fields_set_text(answer, "result", "accepted"));
    if (booking->gap > 0) {
        OC_TRY(oc_fields_set_text(answer, "reason", "gap"));
        OC_TRY(set_number(answer, "gap", booking->gap));
    }
    return oc_ok();
}

static oc_span value(const struct oc_message *message, const char *name)
{
    return oc_message_value(message->form, message->in, name);
}

static uint32_t number(const struct oc_message *message, const char *name)
{
    oc_rd rd = oc_rd_of(value(message, name));
    return rd.rest.len == 2 ? oc_rd_u16(&rd) : oc_rd_u32(&rd);
}

static void booking_time(const oc_host *host, char *out, unsigned room)
{
    oc_clock clock = host->clock != NULL ? *host->clock : oc_clock_default();
    oc_clock_format(&clock, out, room);
}

static void append(oc_wr *data, const struct oc_message *message, const char *const *names)
{
    for (; *names != NULL; names++) {
        oc_wr_bytes(data, value(message, *names));
    }
}

static oc_result card_debit(oc_host *host, const struct oc_message *message, oc_fields *answer, oc_diag *diag)
{
    /* The order is PBOC's, with three amounts (ssc-card sheet 7). */
    static const char *const covered[] = {"own", "cash", "pooled", "type", "terminal", "serial", "time", NULL};
    uint8_t room[64];
    oc_wr data = oc_wr_of(room, sizeof room);
    append(&data, message, covered);
    enum oc_proof proof;
    OC_TRY(oc_proof_of_tac(&host->keys, message, oc_wr_span(&data), &proof, diag));
    if (proof != OC_PROOF_RIGHT) {
        return refuse_proof(answer, proof, "tac");
    }
    const struct oc_ledger_debit debit = {.card = value(message, "card"),
                                          .seq = (uint16_t)number(message, "seq"),
                                          .own = number(message, "own"),
                                          .cash = number(message, "cash"),
                                          .pooled = number(message, "pooled"),
                                          .type = value(message, "type").at[0],
                                          .terminal = value(message, "terminal"),
                                          .serial = number(message, "serial"),
                                          .time = value(message, "time"),
                                          .tac = value(message, "tac")};
    char booked_at[32];
    booking_time(host, booked_at, sizeof booked_at);
    struct oc_ledger_booking booking;
    OC_TRY(oc_ledger_book_debit(host->ledger, &debit, booked_at, &booking, diag));
    return set_booking(answer, &booking);
}

static oc_result card_load(oc_host *host, const struct oc_message *message, oc_fields *answer, oc_diag *diag)
{
    /* ssc-card sheet 11, row 3: a project choice after PBOC. */
    static const char *const before_type[] = {"balance", "seq", "amount", NULL};
    static const char *const after_type[] = {"terminal", "time", NULL};
    uint8_t room[64];
    oc_wr data = oc_wr_of(room, sizeof room);
    append(&data, message, before_type);
    oc_wr_u8(&data, TYPE_LOAD);
    append(&data, message, after_type);
    enum oc_proof proof;
    OC_TRY(oc_proof_of_tac(&host->keys, message, oc_wr_span(&data), &proof, diag));
    if (proof != OC_PROOF_RIGHT) {
        return refuse_proof(answer, proof, "tac");
    }
    const struct oc_ledger_load load = {.card = value(message, "card"),
                                        .seq = (uint16_t)number(message, "seq"),
                                        .balance = number(message, "balance"),
                                        .amount = number(message, "amount"),
                                        .terminal = value(message, "terminal"),
                                        .time = value(message, "time"),
                                        .tac = value(message, "tac")};
    char booked_at[32];
    booking_time(host, booked_at, sizeof booked_at);
    struct oc_ledger_booking booking;
    OC_TRY(oc_ledger_book_load(host->ledger, &load, booked_at, &booking, diag));
    return set_booking(answer, &booking);
}

static oc_result totals(oc_host *host, const struct oc_message *message, oc_fields *answer, oc_diag *diag)
{
    (void)message;
    struct oc_ledger_totals sums;
    OC_TRY(oc_ledger_totals(host->ledger, &sums, diag));
    OC_TRY(oc_fields_set_text(answer, "result", "accepted"));
    OC_TRY(set_number(answer, "debits", sums.debits));
    OC_TRY(set_number(answer, "loads", sums.loads));
    OC_TRY(set_number(answer, "own", sums.own));
    OC_TRY(set_number(answer, "cash", sums.cash));
    OC_TRY(set_number(answer, "pooled", sums.pooled));
    return set_number(answer, "loaded", sums.loaded);
}

static oc_result internal_auth(oc_host *host, const struct oc_message *message, oc_fields *answer, oc_diag *diag)
{
    enum oc_proof proof;
    OC_TRY(oc_proof_of_card(&host->keys, message, &proof, diag));
    return proof == OC_PROOF_RIGHT ? oc_fields_set_text(answer, "result", "accepted")
                                   : refuse_proof(answer, proof, "mac");
}

static oc_result check_signature(oc_host *host, const struct oc_message *message, const oc_sm2_key *key,
                                 oc_fields *answer)
{
    uint8_t digest[OC_SM2_DIGEST];
    bool valid = false;
    OC_TRY(oc_sm2_digest(host->crypto, key, oc_span_text(OC_SM2_DEFAULT_ID), value(message, "text"), digest));
    OC_TRY(oc_sm2_verify(key, oc_span_of(digest, sizeof digest), value(message, "signature"), &valid));
    return valid ? oc_fields_set_text(answer, "result", "accepted") : refuse(answer, "signature", NULL);
}

/* The certificate has to hold now, under the root at hand, for signing; then the signature under its key. */
static oc_result signed_application(oc_host *host, const struct oc_message *message, oc_fields *answer, oc_diag *diag)
{
    (void)diag;
    oc_clock now = host->clock != NULL ? *host->clock : oc_clock_default();
    enum oc_certificate_flaw flaw;
    oc_sm2_key key;
    if (host->root.len == 0) {
        return refuse(answer, "no-root", NULL);
    }
    if (host->crypto == NULL) {
        OC_TRY(oc_crypto_new(&host->crypto));
    }
    OC_TRY(oc_certificate_check(host->crypto, value(message, "certificate"), host->root, OC_CERTIFICATE_SIGNING,
                                now.seconds, &key, &flaw));
    return flaw == OC_CERTIFICATE_RIGHT ? check_signature(host, message, &key, answer)
                                        : refuse(answer, "certificate", oc_certificate_flaw_name(flaw));
}

static oc_result ask_hsm(oc_host *host, const struct oc_message *message, oc_hsm_function *function, oc_fields *answer,
                         oc_diag *diag)
{
    const struct oc_hsm_service service = {.keys = host->keys, .mac1_zero = host->mac1_zero};
    struct oc_hsm_call call = {.service = &service, .message = message, .answer = answer, .diag = diag};
    OC_TRY(function(&call));
    return call.why[0] == '\0' ? oc_ok() : refuse(answer, "field", call.why);
}

struct message_row {
    const struct oc_message_form *form;
    oc_result (*answer)(oc_host *host, const struct oc_message *message, oc_fields *answer, oc_diag *diag);
    oc_hsm_function *hsm; /* or this */
};

static const struct message_row messages[] = {
    {&oc_form_card_debit, card_debit, NULL},
    {&oc_form_card_load, card_load, NULL},
    {&oc_form_totals, totals, NULL},
    {&oc_form_internal_auth, internal_auth, NULL},
    {&oc_form_signed_application, signed_application, NULL},
    {&oc_form_hsm_basic, NULL, oc_hsm_basic},
    {&oc_form_hsm_external, NULL, oc_hsm_external},
    {&oc_form_hsm_secure_message, NULL, oc_hsm_secure_message},
    {&oc_form_hsm_debit, NULL, oc_hsm_debit},
    {&oc_form_hsm_debit_check, NULL, oc_hsm_debit_check},
};

oc_result oc_host_message(oc_host *host, const char *name, const oc_fields *in, oc_fields *answer, oc_diag *diag)
{
    oc_fields_free(answer);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (strcmp(messages[i].form->name, name) != 0) {
            continue;
        }
        char why[128];
        if (!oc_message_obeys(messages[i].form, in, why, sizeof why)) {
            return refuse(answer, "field", why);
        }
        const struct oc_message message = {messages[i].form, in};
        return messages[i].hsm != NULL ? ask_hsm(host, &message, messages[i].hsm, answer, diag)
                                       : messages[i].answer(host, &message, answer, diag);
    }
    return oc_fields_set_text(answer, "result", "unknown-message");
}
