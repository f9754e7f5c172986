/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual card with one defect, over the stdio protocol: defective_card PROFILE DEFECT. The card behind is
 * right; the wrapper alters what goes in or comes out. */
#include <stdio.h>
#include <unistd.h>

#include "tests/mutants/defect.h"

/* A command of our own in between; answers its status word. */
static unsigned ask(struct wrapper *w, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2, oc_span body)
{
    uint8_t bytes[260];
    uint8_t room[300];
    oc_wr command = oc_wr_of(bytes, sizeof bytes);
    oc_wr response = oc_wr_of(room, sizeof room);
    const uint8_t head[5] = {cla, ins, p1, p2, (uint8_t)body.len};
    oc_wr_bytes(&command, oc_span_of(head, sizeof head));
    oc_wr_bytes(&command, body);
    return oc_is_ok(pass(w, oc_wr_span(&command), &response)) ? sw_of(&response) : 0;
}

static bool verify(struct wrapper *w)
{
    return ask(w, 0x00, VERIFY, 0, 0, oc_buf_span(&w->pin)) == OC_SW_OK;
}

static oc_result pin_any_accepted(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == VERIFY && sw_of(response) >> 4 == 0x63C && verify(w)) {
        set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result pin_tries_off_by_one(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == VERIFY && sw_of(response) > 0x63C0 && sw_of(response) < 0x63D0) {
        set_sw(response, sw_of(response) - 1);
    }
    return oc_ok();
}

/* Tells the number left after the first wrong PIN for ever; a right one is not blocked either. */
static oc_result pin_tries_not_counted(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    unsigned sw = sw_of(response);
    if (w->ins == VERIFY && (sw >> 4 == 0x63C || sw == OC_SW_BLOCKED)) {
        w->tries = sw > w->tries && sw >> 4 == 0x63C ? sw : w->tries;
        set_sw(response, w->tries);
    }
    return oc_ok();
}

static oc_result pin_change_ignored(struct wrapper *w, oc_span command, oc_wr *response)
{
    if (byte_at(command, 1) == CHANGE_PIN && command.len > 5) {
        oc_wr_u16(response, OC_SW_OK);
        return oc_ok();
    }
    return pass(w, command, response);
}

static oc_result read_without_pin(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    bool reading = w->ins == READ_RECORD || w->ins == READ_BINARY;
    if (reading && sw_of(response) == OC_SW_SECURITY_STATUS && verify(w)) {
        response->len = 0;
        return pass(w, command, response);
    }
    return oc_ok();
}

static oc_result challenge_constant(struct wrapper *w, oc_span command, oc_wr *response)
{
    if (byte_at(command, 1) == GET_CHALLENGE) {
        oc_card_reseed(w->card, 1, "constant");
    }
    return pass(w, command, response);
}

static oc_result challenge_reusable(struct wrapper *w, oc_span command, oc_wr *response)
{
    char label[32];
    if (byte_at(command, 1) == GET_CHALLENGE) {
        snprintf(label, sizeof label, "challenge %u", ++w->asked);
        oc_card_reseed(w->card, 1, label);
    }
    OC_TRY(pass(w, command, response));
    if (w->ins == EXTERNAL_AUTH && w->asked > 0) {
        const uint8_t again[5] = {0x00, GET_CHALLENGE, 0x00, 0x00, 0x08};
        uint8_t room[32];
        oc_wr ignored = oc_wr_of(room, sizeof room);
        snprintf(label, sizeof label, "challenge %u", w->asked);
        oc_card_reseed(w->card, 1, label);
        return pass(w, oc_span_of(again, sizeof again), &ignored);
    }
    return oc_ok();
}

static oc_result version_ignored(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    bool authenticates = w->ins == EXTERNAL_AUTH || w->ins == INTERNAL_AUTH;
    if (authenticates && command.len == 5 + 17 && sw_of(response) == OC_SW_KEY_NOT_FOUND) {
        response->len = 0;
        return pass_altered(w, oc_span_slice(command, 0, 5 + 16), 4, 16, response);
    }
    return oc_ok();
}

static oc_result external_auth_says_yes(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == EXTERNAL_AUTH && sw_of(response) >> 4 == 0x63C) {
        set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result internal_auth_halves_swapped(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == INTERNAL_AUTH && response->len == 10) {
        uint8_t half[4];
        memcpy(half, response->at, 4);
        memcpy(response->at, response->at + 4, 4);
        memcpy(response->at + 4, half, 4);
    }
    return oc_ok();
}

static oc_result fci_tag(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == SELECT && response->len > 2 && response->at[0] == 0x6F) {
        response->at[0] = 0x62;
    }
    return oc_ok();
}

static oc_result select_absent_accepted(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == SELECT && sw_of(response) == OC_SW_FILE_NOT_FOUND) {
        set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

/* Bit 1 of the byte at `at` in what DEBIT FOR PURCHASE gives: TAC, then MAC2. */
static oc_result flip_debit(struct wrapper *w, oc_span command, size_t at, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == DEBIT && response->len == 10) {
        response->at[at] ^= 0x01;
    }
    return oc_ok();
}

static oc_result tac_bit(struct wrapper *w, oc_span command, oc_wr *response)
{
    return flip_debit(w, command, 3, response);
}

static oc_result mac2_bit(struct wrapper *w, oc_span command, oc_wr *response)
{
    return flip_debit(w, command, 7, response);
}

static oc_result load_tac_bit(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == CREDIT && response->len == 6) {
        response->at[3] ^= 0x01;
    }
    return oc_ok();
}

/* After a debit the balance from before it is shown, until the next reset. */
static oc_result balance_not_debited(struct wrapper *w, oc_span command, oc_wr *response)
{
    const uint8_t own[5] = {0xB0, GET_BALANCE, 0x00, 0x01, 0x04};
    bool asks = command.len == 5 && memcmp(command.at, own, 5) == 0;
    if (w->balance_kept && asks) {
        oc_wr_bytes(response, oc_buf_span(&w->balance));
        return oc_ok();
    }
    if (byte_at(command, 1) == INITIALIZE && !w->balance_kept) {
        uint8_t room[16];
        oc_wr before = oc_wr_of(room, sizeof room);
        OC_TRY(pass(w, oc_span_of(own, sizeof own), &before));
        OC_TRY(oc_buf_set(&w->balance, oc_wr_span(&before)));
    }
    OC_TRY(pass(w, command, response));
    bool debited = w->ins == DEBIT && (sw_of(response) == OC_SW_OK || sw_of(response) >> 8 == 0x61);
    w->balance_kept = w->balance_kept || (debited && w->balance.len == 6);
    return oc_ok();
}

static oc_result log_not_written(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == READ_RECORD && byte_at(command, 3) == 0x44 && sw_of(response) != OC_SW_SECURITY_STATUS) {
        response->len = 0;
        oc_wr_u16(response, OC_SW_RECORD_NOT_FOUND);
    }
    return oc_ok();
}

/* READ RECORD gives as many bytes as were asked for, whatever the record has. */
static oc_result le_not_checked(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    uint8_t wanted = byte_at(command, 4);
    if (w->ins != READ_RECORD || wanted == 0 || sw_of(response) >> 8 != 0x6C) {
        return oc_ok();
    }
    uint8_t right = (uint8_t)sw_of(response);
    response->len = 0;
    OC_TRY(pass_altered(w, command, 4, right, response));
    if (response->len == (size_t)right + 2) {
        response->len = wanted < right ? wanted : right;
        oc_wr_fill(response, 0x00, wanted < right ? 0 : (size_t)wanted - right);
        oc_wr_u16(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result class_ignored(struct wrapper *w, oc_span command, oc_wr *response)
{
    static const uint8_t classes[] = {0x00, 0x80, 0xB0};
    OC_TRY(pass(w, command, response));
    for (size_t i = 0; i < sizeof classes && sw_of(response) == OC_SW_CLA; i++) {
        response->len = 0;
        OC_TRY(pass_altered(w, command, 0, classes[i], response));
    }
    return oc_ok();
}

static oc_result ins_unknown_accepted(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (sw_of(response) == OC_SW_INS) {
        set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result record_truncated(struct wrapper *w, oc_span command, oc_wr *response)
{
    OC_TRY(pass(w, command, response));
    if (w->ins == READ_RECORD && response->len > 3) {
        unsigned sw = sw_of(response);
        response->len--;
        set_sw(response, sw);
    }
    return oc_ok();
}

/* UPDATE RECORD writes what is there already. */
static oc_result update_ignored(struct wrapper *w, oc_span command, oc_wr *response)
{
    uint8_t room[300];
    oc_wr old = oc_wr_of(room + 5, sizeof room - 5);
    if (byte_at(command, 1) == UPDATE_RECORD && command.len > 5) {
        const uint8_t read[5] = {0x00, READ_RECORD, command.at[2], command.at[3], command.at[4]};
        OC_TRY(pass(w, oc_span_of(read, sizeof read), &old));
        if (sw_of(&old) == OC_SW_OK && old.len == command.len - 5 + 2) {
            memcpy(room, command.at, 5);
            return pass(w, oc_span_of(room, command.len), response);
        }
    }
    return pass(w, command, response);
}

/* What only a reset shows. */
static oc_result plain(struct wrapper *w, oc_span command, oc_wr *response)
{
    return pass(w, command, response);
}

static const struct defect defects[] = {
    {"none", plain, RESET_RIGHT},
    {"pin-any-accepted", pin_any_accepted, RESET_RIGHT},
    {"pin-tries-off-by-one", pin_tries_off_by_one, RESET_RIGHT},
    {"pin-tries-not-counted", pin_tries_not_counted, RESET_RIGHT},
    {"pin-change-ignored", pin_change_ignored, RESET_RIGHT},
    {"read-without-pin", read_without_pin, RESET_RIGHT},
    {"challenge-constant", challenge_constant, RESET_RIGHT},
    {"challenge-reusable", challenge_reusable, RESET_RIGHT},
    {"version-ignored", version_ignored, RESET_RIGHT},
    {"external-auth-says-yes", external_auth_says_yes, RESET_RIGHT},
    {"internal-auth-halves-swapped", internal_auth_halves_swapped, RESET_RIGHT},
    {"auth-survives-warm-reset", plain, RESET_WARM_DOES_NOTHING},
    {"atr-serial", plain, RESET_ATR_SERIAL},
    {"fci-tag", fci_tag, RESET_RIGHT},
    {"select-absent-accepted", select_absent_accepted, RESET_RIGHT},
    {"tac-bit", tac_bit, RESET_RIGHT},
    {"mac2-bit", mac2_bit, RESET_RIGHT},
    {"load-tac-bit", load_tac_bit, RESET_RIGHT},
    {"balance-not-debited", balance_not_debited, RESET_RIGHT},
    {"log-not-written", log_not_written, RESET_RIGHT},
    {"le-not-checked", le_not_checked, RESET_RIGHT},
    {"class-ignored", class_ignored, RESET_RIGHT},
    {"ins-unknown-accepted", ins_unknown_accepted, RESET_RIGHT},
    {"record-truncated", record_truncated, RESET_RIGHT},
    {"update-ignored", update_ignored, RESET_RIGHT},
};

struct served {
    struct wrapper wrapper;
    const struct defect *defect;
};

static oc_result reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct served *served = self;
    struct wrapper *w = &served->wrapper;
    if (kind == OC_RESET_WARM && served->defect->reset == RESET_WARM_DOES_NOTHING && w->atr.len > 0) {
        oc_wr_bytes(atr, oc_buf_span(&w->atr));
        return oc_ok();
    }
    w->balance_kept = false;
    w->balance.len = 0;
    w->fid = 0;
    w->failed = 0;
    memset(w->kept, 0, sizeof w->kept);
    OC_TRY(w->inner.reset(w->inner.self, kind, atr));
    if (served->defect->reset == RESET_ATR_SERIAL && atr->len > 0) {
        atr->at[atr->len - 1] ^= 0x01;
    }
    return oc_buf_set(&w->atr, oc_wr_span(atr));
}

static oc_result exchange(void *self, oc_span command, oc_wr *response)
{
    struct served *served = self;
    uint8_t ins = byte_at(command, 1);
    served->wrapper.ins = ins == GET_RESPONSE ? served->wrapper.ins : ins;
    return served->defect->exchange(&served->wrapper, command, response);
}

static oc_result serve(struct served *served, const char *profile_path, oc_diag *diag)
{
    oc_crypto *crypto = NULL;
    oc_profile *profile = NULL;
    oc_card_os *os = NULL;
    struct wrapper *w = &served->wrapper;
    oc_result r = oc_crypto_new(&crypto);
    if (oc_is_ok(r)) {
        r = oc_profile_load(&profile, profile_path, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_profile_value(profile, "pin", &w->pin);
    }
    if (oc_is_ok(r)) {
        r = oc_issuer_card_os(&os);
    }
    if (oc_is_ok(r)) {
        r = oc_issuer_make_card(&w->card, os, crypto, profile, diag);
    }
    if (oc_is_ok(r)) {
        w->inner = oc_card_endpoint(w->card);
        oc_endpoint endpoint = {served, reset, exchange};
        r = oc_serve_stdio(endpoint, STDIN_FILENO, STDOUT_FILENO, diag);
    }
    oc_buf_free(&w->pin);
    oc_buf_free(&w->atr);
    oc_buf_free(&w->balance);
    oc_card_free(&w->card);
    oc_card_os_free(&os);
    oc_profile_free(&profile);
    oc_crypto_free(&crypto);
    return r;
}

int main(int argc, char **argv)
{
    struct served served = {.wrapper = {.defect = argc == 3 ? argv[2] : ""}};
    oc_diag diag = {0};
    for (size_t i = 0; argc == 3 && i < sizeof defects / sizeof defects[0]; i++) {
        if (strcmp(defects[i].name, argv[2]) == 0) {
            served.defect = &defects[i];
        }
    }
    if (served.defect == NULL && argc == 3) {
        served.defect = access_defect_named(argv[2]);
    }
    if (served.defect == NULL && argc == 3) {
        served.defect = pki_defect_named(argv[2]);
    }
    if (served.defect == NULL) {
        fprintf(stderr, "usage: defective_card PROFILE DEFECT\n");
        return 2;
    }
    if (!oc_is_ok(serve(&served, argv[1], &diag))) {
        fprintf(stderr, "defective_card: %s\n", diag.reason);
        return 1;
    }
    return 0;
}
