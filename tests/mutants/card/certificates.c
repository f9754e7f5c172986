/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate application. */
#include "sim/apps/pki_internal.h"
#include "tests/mutants/card/inside.h"

enum { PERFORM = 0x2A, PAIR = 0xC9, PREPARE = 0x40, IMPORT = 0xC2, LOAD_KEY = 0xD4 };

static bool is_here(const struct mutant_chip *chip)
{
    return session_of(chip)->app != OC_APP_NONE;
}

/* NULL outside the application. */
static oc_pki_state *state_of(const struct mutant_chip *chip)
{
    return is_here(chip) ? oc_card_state(chip->card, session_of(chip)->app) : NULL;
}

/* One command sees the user's PIN verified. */
static oc_result pass_as_user(struct mutant_chip *chip, oc_span command, oc_wr *response, bool is_so)
{
    bool verified = session_of(chip)->pin_verified;
    session_of(chip)->pin_verified = verified || is_so;
    OC_TRY(mutant_pass(chip, command, response));
    session_of(chip)->pin_verified = is_so ? verified : session_of(chip)->pin_verified;
    return oc_ok();
}

static oc_result signs_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool signs = is_command(command, 0x00, PERFORM) && mutant_byte(command, 2) == 0x9E;
    return pass_as_user(chip, command, response, signs && is_here(chip));
}

static oc_result deciphers_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool deciphers = is_command(command, 0x00, PERFORM) && mutant_byte(command, 2) == 0x80;
    return pass_as_user(chip, command, response, deciphers && is_here(chip));
}

static oc_result generates_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool makes = is_command(command, 0x80, PAIR) || is_command(command, 0x80, PREPARE);
    return pass_as_user(chip, command, response, makes && is_here(chip));
}

static oc_result imports_public_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool imports = is_command(command, 0x80, IMPORT) && mutant_byte(command, 2) == 0x40;
    return pass_as_user(chip, command, response, imports && is_here(chip));
}

static oc_result certificate_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return pass_as_user(chip, command, response, is_command(command, 0x00, INS_UPDATE_BINARY) && is_here(chip));
}

/* Who proved another PIN or key may do what the user may. */
static oc_result administrator_as_user(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_pki_state *state = state_of(chip);
    bool uses = mutant_byte(command, 1) == PERFORM && state != NULL && state->administrator_verified;
    return pass_as_user(chip, command, response, uses);
}

static oc_result master_as_user(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_pki_state *state = state_of(chip);
    bool uses = mutant_byte(command, 1) == PERFORM && state != NULL && state->master_passed;
    return pass_as_user(chip, command, response, uses);
}

static bool proves(oc_span command)
{
    return is_command(command, 0x00, INS_VERIFY) && mutant_byte(command, 2) == 0x01 && mutant_byte(command, 4) > 0;
}

/* A wrong proof leaves the user's status as it was. */
static oc_result wrong_proof_keeps_status(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool verified = session_of(chip)->pin_verified;
    OC_TRY(mutant_pass(chip, command, response));
    if (proves(command) && mutant_byte(command, 3) == OC_PKI_USER && is_wrong_try(response)) {
        session_of(chip)->pin_verified = verified;
    }
    return oc_ok();
}

static oc_result proof_keeps_challenge(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass(chip, command, response));
    if (proves(command) && mutant_sw(response) == OC_SW_OK) {
        memcpy(session_of(chip)->challenge, before.challenge, sizeof before.challenge);
        session_of(chip)->challenge_len = before.challenge_len;
    }
    return oc_ok();
}

/* Without a challenge the proof is over zeros. */
static oc_result proof_over_zeros(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_session *session = session_of(chip);
    if (proves(command) && is_here(chip) && session->challenge_len == 0) {
        memset(session->challenge, 0, sizeof session->challenge);
        session->challenge_len = OC_PKI_BLOCK;
    }
    return mutant_pass(chip, command, response);
}

static oc_result restore_after_mac(struct mutant_chip *chip, oc_span command, oc_wr *response, int kind, int id)
{
    oc_stored_key key;
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_CHANGE_PIN && mutant_byte(command, 0) == 0x84 &&
        mutant_sw(response) == OC_SW_SM_DATA && key_of(chip, session_of(chip)->dir, kind, id, &key)) {
        OC_TRY(oc_key_restore(&chip->card->nvm, &key));
        return oc_nvm_commit(&chip->card->nvm);
    }
    return oc_ok();
}

static oc_result change_not_counted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return restore_after_mac(chip, command, response, OC_KEY_KIND_PIN, mutant_byte(command, 3));
}

/* A wrong proof of one PIN costs a try of the other. */
static oc_result tries_shared(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key other;
    OC_TRY(mutant_pass(chip, command, response));
    int id = mutant_byte(command, 3) == OC_PKI_USER ? OC_PKI_ADMINISTRATOR : OC_PKI_USER;
    if (proves(command) && is_here(chip) && is_wrong_try(response) &&
        key_of(chip, session_of(chip)->dir, OC_KEY_KIND_PIN, id, &other)) {
        return oc_key_attempt(&chip->card->nvm, &other);
    }
    return oc_ok();
}

/* RELOAD USER PIN does not ask for the administrator's. */
static oc_result reload_without_administrator(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_pki_state *state = state_of(chip);
    bool reloads = is_command(command, 0x84, INS_CHANGE_PIN) && mutant_byte(command, 2) == 0x00 && state != NULL;
    bool verified = reloads && state->administrator_verified;
    if (reloads) {
        state->administrator_verified = true;
    }
    OC_TRY(mutant_pass(chip, command, response));
    if (reloads) {
        state->administrator_verified = verified;
    }
    return oc_ok();
}

static oc_result loads_without_master(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_pki_state *state = state_of(chip);
    bool loads = is_command(command, 0x84, LOAD_KEY) && state != NULL;
    bool passed = loads && state->master_passed;
    if (loads) {
        state->master_passed = true;
    }
    OC_TRY(mutant_pass(chip, command, response));
    if (loads) {
        state->master_passed = passed;
    }
    return oc_ok();
}

/* GENERATE KEY PAIR without PREPARE. */
static oc_result unprepared(oc_card_context *context)
{
    if (context->p2 == 0x00 && context->body.len >= 4) {
        oc_pki_state_of(context)->prepared = (uint16_t)(context->body.at[2] << 8 | context->body.at[3]);
    }
    return mutant_right_handler(context);
}

/* The same random numbers for each pair, or for each signature. */
static oc_result pairs_alike(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    if (is_command(command, 0x80, PAIR) && mutant_byte(command, 3) == 0x00) {
        oc_card_reseed(chip->card, 1, "pair");
    }
    return mutant_pass(chip, command, response);
}

static oc_result signatures_alike(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    if (is_command(command, 0x00, PERFORM) && mutant_byte(command, 2) == 0x9E) {
        oc_card_reseed(chip->card, 1, "signature");
    }
    return mutant_pass(chip, command, response);
}

static bool imports_private(oc_span command)
{
    return is_command(command, 0x80, IMPORT) && mutant_byte(command, 2) == 0xC0;
}

/* The session key serves again. */
static oc_result session_key_kept(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_pki_state *state = state_of(chip);
    oc_pki_state before = {0};
    if (state != NULL) {
        before = *state;
    }
    OC_TRY(mutant_pass(chip, command, response));
    if (state != NULL && imports_private(command) && mutant_sw(response) == OC_SW_OK) {
        memcpy(state->session_key, before.session_key, OC_KEY_SIZE);
        state->has_session_key = before.has_session_key;
    }
    return oc_ok();
}

/* A private key goes in whatever the public one is. */
static oc_result fit_not_checked(oc_card_context *context)
{
    enum { WRAPPED_AT = 6 };
    OC_TRY(mutant_right_handler(context));
    const oc_pki_state *state = oc_pki_state_of(context);
    if (context->p1 != 0xC0 || context->sw.value != OC_SW_WRONG_DATA || !state->has_session_key ||
        context->body.len != WRAPPED_AT + OC_SM2_SCALAR) {
        return oc_ok();
    }
    oc_key key;
    uint8_t number[OC_SM2_SCALAR];
    oc_sw sw;
    uint16_t fid = (uint16_t)(context->body.at[2] << 8 | context->body.at[3]);
    OC_TRY(oc_key_load(&key, OC_ALG_SM4, oc_span_of(state->session_key, OC_KEY_SIZE)));
    OC_TRY(oc_decipher(context->crypto, &key, oc_span_slice(context->body, WRAPPED_AT, OC_SM2_SCALAR), number));
    OC_TRY(oc_pki_write_key(context, fid, OC_PKI_TAG_PRIVATE_KEY, oc_span_of(number, sizeof number), &sw));
    return oc_card_answer(context, sw.value);
}

/* The status of administrator and master key is there again when the directory is. */
static oc_result status_over_directory(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_pki_state before = {0};
    bool was_here = state_of(chip) != NULL;
    if (was_here) {
        before = *state_of(chip);
    }
    OC_TRY(mutant_pass(chip, command, response));
    if (was_here && mutant_byte(command, 1) == INS_SELECT && state_of(chip) != NULL) {
        *state_of(chip) = before;
    }
    return oc_ok();
}

MUTANT_WRAPS(oc_result, oc_sm3, oc_crypto *crypto, oc_span data, uint8_t digest[32]);

oc_result __wrap_oc_sm3(oc_crypto *crypto, oc_span data, uint8_t digest[32])
{
    enum { CHUNK = 64, LENGTH = 8 };
    /* Where the length does not fit behind the data into the last block, the data lose their last byte. */
    bool is_tight = data.len % CHUNK >= CHUNK - LENGTH;
    if (is_card_with("card.pki.hash-tight-block") && is_tight) {
        data = oc_span_slice(data, 0, data.len - 1);
    }
    return __real_oc_sm3(crypto, data, digest);
}

/* Certificates are read after the PIN only. */
static oc_result certificate_needs_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    oc_ef ef;
    if (!is_command(command, 0x00, INS_READ_BINARY) || !is_here(chip) || !is_done(response) ||
        session_of(chip)->pin_verified) {
        return oc_ok();
    }
    oc_fs_load_ef(&chip->card->nvm, session_of(chip)->ef, &ef);
    return ef.fid == 0x0018 || ef.fid == 0x0019 ? answer_only(response, OC_SW_SECURITY_STATUS) : oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.pki.signs-without-pin", .exchange = signs_without_pin},
    {.id = "card.pki.deciphers-without-pin", .exchange = deciphers_without_pin},
    {.id = "card.pki.generates-without-pin", .exchange = generates_without_pin},
    {.id = "card.pki.imports-public-without-pin", .exchange = imports_public_without_pin},
    {.id = "card.pki.certificate-without-pin", .exchange = certificate_without_pin},
    {.id = "card.pki.administrator-as-user", .exchange = administrator_as_user},
    {.id = "card.pki.master-as-user", .exchange = master_as_user},
    {.id = "card.pki.wrong-proof-keeps-status", .exchange = wrong_proof_keeps_status},
    {.id = "card.pki.proof-keeps-challenge", .exchange = proof_keeps_challenge},
    {.id = "card.pki.proof-over-zeros", .exchange = proof_over_zeros},
    {.id = "card.pki.change-not-counted", .exchange = change_not_counted},
    {.id = "card.pki.tries-shared", .exchange = tries_shared},
    {.id = "card.pki.reload-without-administrator", .exchange = reload_without_administrator},
    {.id = "card.pki.loads-without-master", .exchange = loads_without_master},
    {.id = "card.pki.generates-unprepared", .commands = {{0x80, PAIR, .app = &oc_pki_app, .handler = unprepared}}},
    {.id = "card.pki.pairs-alike", .exchange = pairs_alike},
    {.id = "card.pki.signatures-alike", .exchange = signatures_alike},
    {.id = "card.pki.session-key-kept", .exchange = session_key_kept},
    {.id = "card.pki.fit-not-checked", .commands = {{0x80, IMPORT, .app = &oc_pki_app, .handler = fit_not_checked}}},
    {.id = "card.pki.status-over-directory", .exchange = status_over_directory},
    {.id = "card.pki.hash-tight-block"},
    {.id = "card.pki.certificate-needs-pin", .exchange = certificate_needs_pin},
};
MUTANT_TABLE(rows);
