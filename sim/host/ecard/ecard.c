/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ecard/ecard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "sim/base/hex.h"
#include "sim/host/ecard/token.h"
#include "sim/host/medical/call.h"

struct oc_ecard {
    oc_ecard_parts parts;
    oc_crypto *crypto;
    oc_sm2_key key;
};

/* What the store says of a code that was shown; VOID: under a card that was replaced since. */
enum { UNUSED, USED, VOID };

/* One message while it is answered. */
struct message {
    oc_ecard *ecard;
    oc_med_store *store;
    const oc_fields *in;
    oc_fields *answer;
    oc_diag *diag;
    int64_t now;
};

/* An electronic card as the store has it. */
struct card {
    char serial[24];
    char id_number[19];
    char card_id[33];
    bool live;
};

oc_result oc_ecard_new(oc_ecard **out, const oc_ecard_parts *parts)
{
    char seed[64];
    *out = NULL;
    oc_ecard *ecard = calloc(1, sizeof *ecard);
    if (ecard == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    ecard->parts = *parts;
    /* A test key for each region. */
    snprintf(seed, sizeof seed, "onecard-ecard-%s", oc_region_id(parts->medical->region));
    oc_result r = oc_crypto_new(&ecard->crypto);
    r = oc_is_ok(r) ? oc_sm2_pair_from(ecard->crypto, &ecard->key, oc_span_text(seed)) : r;
    if (!oc_is_ok(r)) {
        oc_ecard_free(&ecard);
        return r;
    }
    *out = ecard;
    return oc_ok();
}

void oc_ecard_free(oc_ecard **ecard)
{
    if (*ecard != NULL) {
        oc_sm2_wipe(&(*ecard)->key);
        oc_crypto_free(&(*ecard)->crypto);
        free(*ecard);
        *ecard = NULL;
    }
}

oc_span oc_ecard_public_key(const oc_ecard *ecard)
{
    return oc_span_of(ecard->key.point, OC_SM2_POINT);
}

static oc_result random_bytes(const oc_ecard *ecard, uint8_t *out, size_t len)
{
    if (ecard->parts.random != NULL) {
        return oc_random_bytes(ecard->parts.random, out, len);
    }
    return getrandom(out, len, 0) == (ssize_t)len ? oc_ok() : oc_fail(OC_E_IO);
}

static const char *text_of(const struct message *m, const char *name, char *out, size_t room)
{
    oc_span value = oc_fields_span(m->in, name);
    snprintf(out, room, "%.*s", (int)value.len, value.len == 0 ? "" : (const char *)value.at);
    return out;
}

static oc_result refuse(struct message *m, const char *reason)
{
    OC_TRY(oc_fields_set_text(m->answer, "result", "refused"));
    return oc_fields_set_text(m->answer, "reason", reason);
}

static oc_result accept(struct message *m)
{
    return oc_fields_set_text(m->answer, "result", "accepted");
}

static oc_result check_identity(struct message *m)
{
    char id_number[32];
    char name[128];
    char number[33];
    uint8_t bytes[16];
    oc_med_person person;
    if (!oc_med_find_identity(m->ecard->parts.medical, text_of(m, "id-number", id_number, sizeof id_number),
                              &person)) {
        return refuse(m, "person");
    }
    if (strcmp(text_of(m, "name", name, sizeof name), person.name) != 0) {
        return refuse(m, "name");
    }
    if (person.standing == OC_MED_DECEASED) {
        return refuse(m, "standing");
    }
    OC_TRY(random_bytes(m->ecard, bytes, sizeof bytes));
    oc_hex_encode(number, sizeof number, oc_span_of(bytes, sizeof bytes));
    OC_TRY(oc_med_store_run(m->store, m->diag,
                            "INSERT INTO identity_check (number, id_number, at) VALUES (?1, ?2, ?3)", "ssi", number,
                            person.id_number, m->now));
    OC_TRY(oc_fields_set_text(m->answer, "check-no", number));
    return accept(m);
}

/* Empty reason: the check holds and is used up. */
static oc_result use_check(struct message *m, const char *id_number, const char **reason)
{
    char number[40];
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(m->store, &row, m->diag,
                            "SELECT id_number, at, used FROM identity_check WHERE number = ?1", "s",
                            text_of(m, "check-no", number, sizeof number)));
    if (row == NULL) {
        *reason = "check-unknown";
        return oc_ok();
    }
    bool foreign = strcmp(oc_med_column(row, 0), id_number) != 0;
    bool late = m->now - sqlite3_column_int64(row, 1) > OC_ECARD_CHECK_AGE;
    bool used = sqlite3_column_int(row, 2) != 0;
    *reason = foreign ? "check-foreign" : used ? "check-used" : late ? "check-expired" : "";
    return **reason != '\0' ? oc_ok()
                            : oc_med_store_run(m->store, m->diag,
                                               "UPDATE identity_check SET used = 1 WHERE number = ?1", "s", number);
}

/* Empty reason: the card is the person's, is not listed, and has no living electronic card but `but`. */
static oc_result check_card(struct message *m, const char *id_number, const char *card_id, const char *but,
                            const char **reason)
{
    oc_med_person person;
    sqlite3_stmt *row;
    const char *state;
    *reason = "card-foreign";
    if (!oc_med_find_card(m->ecard->parts.medical, card_id, &person) || strcmp(person.id_number, id_number) != 0) {
        return oc_ok();
    }
    OC_TRY(oc_med_card_state(m->ecard->parts.medical, card_id, &state, m->diag));
    if (state != NULL) {
        *reason = "card-listed";
        return oc_ok();
    }
    OC_TRY(oc_med_store_row(m->store, &row, m->diag,
                            "SELECT serial FROM ecard WHERE state = 'live' AND serial <> ?3"
                            " AND (id_number = ?1 OR card_id = upper(?2))",
                            "sss", id_number, card_id, but));
    *reason = row == NULL ? "" : "bound";
    return oc_ok();
}

static oc_result sign(struct message *m)
{
    char id_number[32];
    char card_id[40];
    char serial[24];
    const char *reason = "";
    text_of(m, "id-number", id_number, sizeof id_number);
    text_of(m, "card-id", card_id, sizeof card_id);
    OC_TRY(check_card(m, id_number, card_id, "", &reason));
    if (reason[0] == '\0') {
        OC_TRY(use_check(m, id_number, &reason));
    }
    if (reason[0] != '\0') {
        return refuse(m, reason);
    }
    OC_TRY(oc_med_store_run(m->store, m->diag,
                            "INSERT INTO ecard (serial, id_number, card_id, state, signed_at)"
                            " VALUES ('', ?1, upper(?2), 'live', ?3)",
                            "ssi", id_number, card_id, m->now));
    snprintf(serial, sizeof serial, "E%016" PRId64, oc_med_store_last(m->store));
    OC_TRY(oc_med_store_run(m->store, m->diag, "UPDATE ecard SET serial = ?2 WHERE id = ?1", "is",
                            oc_med_store_last(m->store), serial));
    OC_TRY(oc_fields_set_text(m->answer, "serial", serial));
    return accept(m);
}

/* Empty reason: it is there, living, and its card is in order. */
static oc_result find_live(struct message *m, const char *serial, struct card *card, const char **reason)
{
    sqlite3_stmt *row;
    const char *state;
    *reason = "unknown";
    OC_TRY(oc_med_store_row(m->store, &row, m->diag,
                            "SELECT serial, id_number, card_id, state FROM ecard WHERE serial = ?1", "s", serial));
    if (row == NULL) {
        return oc_ok();
    }
    snprintf(card->serial, sizeof card->serial, "%s", oc_med_column(row, 0));
    snprintf(card->id_number, sizeof card->id_number, "%s", oc_med_column(row, 1));
    snprintf(card->card_id, sizeof card->card_id, "%s", oc_med_column(row, 2));
    card->live = strcmp(oc_med_column(row, 3), "live") == 0;
    OC_TRY(oc_med_card_state(m->ecard->parts.medical, card->card_id, &state, m->diag));
    *reason = !card->live ? "revoked" : state != NULL ? "card-listed" : "";
    return oc_ok();
}

static char scope_of(const struct message *m)
{
    static const char *const words[] = {"medical", "transit", "library", "platform"};
    char scope[16];
    text_of(m, "scope", scope, sizeof scope);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], scope) == 0) {
            return words[i][0];
        }
    }
    return '\0';
}

static oc_result show(struct message *m)
{
    char serial[40];
    char id[2 * OC_ECARD_ID + 1];
    char text[OC_ECARD_TEXT + 1];
    struct card card;
    const char *reason;
    oc_ecard_token token = {.issued = m->now, .lifetime = OC_ECARD_LIFETIME, .scope = scope_of(m)};
    OC_TRY(find_live(m, text_of(m, "serial", serial, sizeof serial), &card, &reason));
    if (reason[0] == '\0' && token.scope == '\0') {
        reason = "scope";
    }
    if (reason[0] != '\0') {
        return refuse(m, reason);
    }
    OC_TRY(random_bytes(m->ecard, token.id, sizeof token.id));
    OC_TRY(oc_ecard_token_make(m->ecard->crypto, &m->ecard->key, &token, text));
    oc_hex_encode(id, sizeof id, oc_span_of(token.id, sizeof token.id));
    OC_TRY(oc_med_store_run(m->store, m->diag, "INSERT INTO shown (id, serial, used) VALUES (?1, ?2, 0)", "ss", id,
                            card.serial));
    OC_TRY(oc_fields_set_text(m->answer, "token", text));
    return accept(m);
}

/* A code, once. */
static oc_result use_token(struct message *m, char scope, struct card *card, const char **reason)
{
    oc_ecard_token token;
    enum oc_ecard_flaw flaw;
    sqlite3_stmt *row;
    char id[2 * OC_ECARD_ID + 1];
    char serial[24];
    OC_TRY(oc_ecard_token_read(m->ecard->crypto, &m->ecard->key, oc_fields_span(m->in, "token"), m->now, scope, &token,
                               &flaw));
    *reason = oc_ecard_flaw_word(flaw);
    if (flaw != OC_ECARD_RIGHT) {
        return oc_ok();
    }
    oc_hex_encode(id, sizeof id, oc_span_of(token.id, sizeof token.id));
    OC_TRY(oc_med_store_row(m->store, &row, m->diag, "SELECT serial, used FROM shown WHERE id = ?1", "s", id));
    int used = row == NULL ? 0 : sqlite3_column_int(row, 1);
    if (row == NULL || used != UNUSED) {
        *reason = row == NULL ? "unknown" : used == USED ? "replayed" : "card-replaced";
        return oc_ok();
    }
    snprintf(serial, sizeof serial, "%s", oc_med_column(row, 0));
    OC_TRY(find_live(m, serial, card, reason));
    return **reason != '\0' ? oc_ok()
                            : oc_med_store_run(m->store, m->diag, "UPDATE shown SET used = 1 WHERE id = ?1", "s", id);
}

static oc_result verify(struct message *m)
{
    struct card card;
    const char *reason;
    oc_med_person person;
    OC_TRY(use_token(m, scope_of(m), &card, &reason));
    if (reason[0] != '\0') {
        return refuse(m, reason);
    }
    if (!oc_med_find_identity(m->ecard->parts.medical, card.id_number, &person)) {
        return oc_fail(OC_E_INTERNAL);
    }
    OC_TRY(oc_fields_set_text(m->answer, "serial", card.serial));
    OC_TRY(oc_fields_set_text(m->answer, "psn-no", person.psn_no));
    return accept(m);
}

static oc_result revoke(struct message *m)
{
    char serial[40];
    struct card card;
    const char *reason;
    OC_TRY(find_live(m, text_of(m, "serial", serial, sizeof serial), &card, &reason));
    if (strcmp(reason, "unknown") == 0 || strcmp(reason, "revoked") == 0) {
        return refuse(m, reason);
    }
    OC_TRY(oc_med_store_run(m->store, m->diag, "UPDATE ecard SET state = 'revoked' WHERE serial = ?1", "s", serial));
    return accept(m);
}

static oc_result rebind(struct message *m)
{
    char serial[40];
    char card_id[40];
    struct card card;
    const char *reason;
    OC_TRY(find_live(m, text_of(m, "serial", serial, sizeof serial), &card, &reason));
    text_of(m, "card-id", card_id, sizeof card_id);
    if (strcmp(reason, "card-listed") == 0) {
        OC_TRY(check_card(m, card.id_number, card_id, serial, &reason));
    } else if (reason[0] == '\0') {
        reason = "card-in-use"; /* the old card lives: two would be bound to one */
    }
    if (reason[0] != '\0') {
        return refuse(m, reason);
    }
    OC_TRY(oc_med_store_run(m->store, m->diag, "UPDATE ecard SET card_id = upper(?2) WHERE serial = ?1", "ss", serial,
                            card_id));
    OC_TRY(oc_med_store_run(m->store, m->diag, "UPDATE shown SET used = ?2 WHERE serial = ?1 AND used = ?3", "sii",
                            serial, (int64_t)VOID, (int64_t)UNUSED));
    return accept(m);
}

static oc_result query(struct message *m)
{
    struct card card;
    const char *reason;
    oc_med_person person;
    uint8_t bytes[24];
    char token[49];
    OC_TRY(use_token(m, 'm', &card, &reason));
    if (reason[0] != '\0') {
        return refuse(m, reason);
    }
    if (!oc_med_find_identity(m->ecard->parts.medical, card.id_number, &person)) {
        return oc_fail(OC_E_INTERNAL);
    }
    OC_TRY(random_bytes(m->ecard, bytes, sizeof bytes));
    oc_hex_encode(token, sizeof token, oc_span_of(bytes, sizeof bytes));
    OC_TRY(oc_med_store_run(m->store, m->diag, "INSERT INTO voucher (token, id_number, until) VALUES (?1, ?2, ?3)",
                            "ssi", token, card.id_number, m->now + OC_ECARD_VOUCHER_AGE));
    OC_TRY(oc_fields_set_text(m->answer, "ec-token", token));
    OC_TRY(oc_fields_set_text(m->answer, "id-number", person.id_number));
    OC_TRY(oc_fields_set_text(m->answer, "name", person.name));
    return accept(m);
}

static const struct {
    const char *name;
    oc_result (*answer)(struct message *m);
} messages[] = {{"ecard-check", check_identity}, {"ecard-sign", sign},     {"ecard-show", show},
                {"ecard-verify", verify},        {"ecard-revoke", revoke}, {"ecard-rebind", rebind},
                {"ecard-query", query}};

oc_result oc_ecard_message(oc_ecard *ecard, const char *name, const oc_fields *in, oc_fields *answer, oc_diag *diag)
{
    oc_clock now = ecard->parts.clock != NULL ? *ecard->parts.clock : oc_clock_wall();
    struct message m = {.ecard = ecard,
                        .store = ecard->parts.medical->store,
                        .in = in,
                        .answer = answer,
                        .diag = diag,
                        .now = now.seconds};
    oc_fields_free(answer);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (strcmp(messages[i].name, name) != 0) {
            continue;
        }
        OC_TRY(oc_med_store_begin(m.store, diag));
        oc_result r = messages[i].answer(&m);
        bool accepted = oc_span_equal(oc_fields_span(answer, "result"), oc_span_text("accepted"));
        if (oc_is_ok(r) && accepted) {
            r = oc_med_store_commit(m.store, diag);
        }
        oc_med_store_rollback(m.store);
        return r;
    }
    return oc_fields_set_text(answer, "result", "unknown-message");
}
