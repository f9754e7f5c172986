/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_world.h"

#include "sim/base/sw.h"
#include "sim/crypto/ssc.h"
#include "sim/link/transports.h"
#include "sim/terminal/terminal.h"

#define SW_MORE 0x61
#define PURCHASE_TYPE 0x32 /* '2', ssc-card sheet section 7 */

oc_result oc_world_new(oc_world *world, const char *profile_path, oc_diag *diag)
{
    *world = (oc_world){0};
    OC_TRY(oc_crypto_new(&world->crypto));
    OC_TRY(oc_profile_load(&world->profile, profile_path, diag));
    OC_TRY(oc_profile_key_provider(&world->keys, world->profile, world->crypto));
    OC_TRY(oc_issuer_card_os(&world->card_os));
    OC_TRY(oc_issuer_psam_os(&world->psam_os));
    OC_TRY(oc_issuer_make_card(&world->card, world->card_os, world->crypto, world->profile, diag));
    return oc_issuer_make_psam(&world->psam, world->psam_os, world->crypto, world->profile, diag);
}

void oc_world_free(oc_world *world)
{
    oc_card_free(&world->psam);
    oc_card_free(&world->card);
    oc_card_os_free(&world->psam_os);
    oc_card_os_free(&world->card_os);
    if (world->keys.ops != NULL) {
        oc_key_provider_close(&world->keys);
    }
    oc_profile_free(&world->profile);
    oc_crypto_free(&world->crypto);
}

static oc_result load_with(oc_terminal *terminal, const oc_profile *profile, uint32_t fen, oc_diag *diag)
{
    oc_fields args = {0};
    oc_fields answer = {0};
    oc_buf pin = {0};
    oc_result r = oc_profile_value(profile, "pin", &pin);
    char digits[2 * 16 + 1] = "";
    for (size_t i = 0; i < pin.len && i < 16; i++) {
        digits[2 * i] = (char)('0' + (pin.at[i] >> 4));
        digits[2 * i + 1] = (char)('0' + (pin.at[i] & 0x0F));
    }
    const uint8_t amount[4] = {(uint8_t)(fen >> 24), (uint8_t)(fen >> 16), (uint8_t)(fen >> 8), (uint8_t)fen};
    if (oc_is_ok(r)) {
        r = oc_fields_set_text(&args, "type", "1");
    }
    if (oc_is_ok(r)) {
        r = oc_fields_set(&args, "amount", oc_span_of(amount, sizeof amount));
    }
    if (oc_is_ok(r)) {
        r = oc_fields_set_text(&args, "pin", digits);
    }
    if (oc_is_ok(r)) {
        r = oc_terminal_call(terminal, "iLoad", &args, &answer, diag);
    }
    if (oc_is_ok(r) && !oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("0"))) {
        oc_span text = oc_fields_span(&answer, "text");
        r = oc_diag_fail(diag, OC_E_INTERNAL, "the load was refused: %.*s", (int)text.len, (const char *)text.at);
    }
    oc_buf_free(&pin);
    oc_fields_free(&answer);
    oc_fields_free(&args);
    return r;
}

oc_result oc_world_load(oc_world *world, uint32_t fen, oc_diag *diag)
{
    oc_link *card = NULL;
    oc_link *psam = NULL;
    oc_terminal *terminal = NULL;
    oc_clock clock = oc_clock_default();
    oc_random random;
    oc_random_init(&random, 1, "load");
    oc_result r = oc_link_inproc(&card, oc_card_endpoint(world->card));
    if (oc_is_ok(r)) {
        r = oc_link_inproc(&psam, oc_card_endpoint(world->psam));
    }
    oc_terminal_parts parts = {
        .card = card, .psam = psam, .clock = &clock, .random = &random, .load_keys = world->keys};
    if (oc_is_ok(r)) {
        r = oc_terminal_new(&terminal, &parts);
    }
    if (oc_is_ok(r)) {
        r = load_with(terminal, world->profile, fen, diag);
    }
    oc_terminal_free(&terminal);
    oc_link_free(&psam);
    oc_link_free(&card);
    return r;
}

bool oc_world_exchange(oc_endpoint endpoint, oc_span command, unsigned sw, oc_wr *data)
{
    uint8_t room[258];
    oc_wr response = oc_wr_of(room, sizeof room);
    if (!oc_is_ok(endpoint.exchange(endpoint.self, command, &response)) || response.len < 2) {
        return false;
    }
    if (room[response.len - 2] == SW_MORE) {
        const uint8_t get_response[5] = {0x00, 0xC0, 0x00, 0x00, room[response.len - 1]};
        response = oc_wr_of(room, sizeof room);
        if (!oc_is_ok(endpoint.exchange(endpoint.self, oc_span_of(get_response, 5), &response)) || response.len < 2) {
            return false;
        }
    }
    if (data != NULL) {
        oc_wr_bytes(data, oc_span_of(room, response.len - 2));
    }
    return (unsigned)(room[response.len - 2] << 8 | room[response.len - 1]) == sw;
}

bool oc_world_proof(const oc_world *world, const oc_profile_key *key, oc_span challenge, oc_wr *command)
{
    /* ssc-card sheet 6.5 and 6.6: the session key of the challenge enciphers any 8 bytes, which follow. */
    const uint8_t text[16] = {1, 2, 3, 4, 5, 6, 7, 8};
    oc_key_question question = {.use = OC_KEY_ENCIPHER,
                                .key = key->name,
                                .session = challenge,
                                .data = oc_span_of(text, oc_alg_block(key->alg))};
    uint8_t cryptogram[16];
    oc_wr answer = oc_wr_of(cryptogram, sizeof cryptogram);
    if (!oc_is_ok(oc_key_provider_answer(&world->keys, &question, &answer, NULL))) {
        return false;
    }
    if (key->alg == OC_ALG_SM4) {
        uint8_t folded[8];
        oc_ssc_fold8(cryptogram, folded);
        memcpy(cryptogram, folded, sizeof folded);
    }
    const uint8_t head[5] = {0x00, 0x82, 0x00, key->id, 0x10};
    oc_wr_bytes(command, oc_span_of(head, sizeof head));
    oc_wr_bytes(command, oc_span_of(cryptogram, 8));
    oc_wr_bytes(command, oc_span_of(text, 8));
    return !command->bad;
}

static bool reset(oc_endpoint endpoint)
{
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    return oc_is_ok(endpoint.reset(endpoint.self, OC_RESET_COLD, &atr));
}

/* A command whose body is one value of the profile. */
static bool send_value(oc_endpoint endpoint, const oc_profile *profile, const char *head, const char *reference)
{
    oc_buf value = {0};
    uint8_t room[OC_ATR_MAX + 255];
    oc_wr command = oc_wr_of(room, sizeof room);
    bool fine = oc_is_ok(oc_profile_value(profile, reference, &value));
    oc_wr_bytes(&command, oc_span_of(head, 4));
    oc_wr_u8(&command, (uint8_t)value.len);
    oc_wr_bytes(&command, oc_buf_span(&value));
    fine = fine && !command.bad && oc_world_exchange(endpoint, oc_wr_span(&command), OC_SW_OK, NULL);
    oc_buf_free(&value);
    return fine;
}

static bool profile_bytes(const oc_profile *profile, const char *reference, uint8_t *out, size_t len)
{
    oc_buf value = {0};
    bool fine = oc_is_ok(oc_profile_value(profile, reference, &value)) && value.len == len;
    if (fine) {
        memcpy(out, value.at, len);
    }
    oc_buf_free(&value);
    return fine;
}

static bool prepare(const oc_world *world, oc_world_purse *purchase)
{
    *purchase = (oc_world_purse){.amounts = {0, 0, 0, 1}, .index = 1};
    oc_clock clock = oc_clock_default();
    oc_clock_bcd7(&clock, purchase->time);
    return profile_bytes(world->profile, "terminal", purchase->terminal, 6) &&
           profile_bytes(world->profile, "factor/card", purchase->card_factor, 8) &&
           profile_bytes(world->profile, "factor/city", purchase->city_factor, 8) &&
           profile_bytes(world->profile, "factor/province", purchase->province_factor, 8);
}

bool oc_world_open_purse(oc_world *world)
{
    oc_endpoint card = oc_card_endpoint(world->card);
    oc_endpoint psam = oc_card_endpoint(world->psam);
    const uint8_t df01[] = {0x00, 0xA4, 0x00, 0x00, 0x02, 0xDF, 0x01};
    return prepare(world, &world->purse) && reset(card) && reset(psam) &&
           send_value(card, world->profile, "\x00\xA4\x04\x00", "SSSE/name") &&
           send_value(card, world->profile, "\x00\x20\x00\x00", "pin") &&
           send_value(card, world->profile, "\x00\xA4\x00\x00", "DF04/fid") &&
           oc_world_exchange(psam, oc_span_of(df01, sizeof df01), OC_SW_OK, NULL);
}

/* The host's part: DTK of this card from the root, and the TAC compared. */
static bool tac_is_right(const oc_world *world, const oc_world_purse *purchase, oc_span serial, oc_span tac)
{
    uint8_t text[30];
    oc_wr data = oc_wr_of(text, sizeof text);
    oc_wr_bytes(&data, oc_span_of(purchase->amounts, 12));
    oc_wr_u8(&data, PURCHASE_TYPE);
    oc_wr_bytes(&data, oc_span_of(purchase->terminal, 6));
    oc_wr_bytes(&data, serial);
    oc_wr_bytes(&data, oc_span_of(purchase->time, 7));
    oc_key_question question = {
        .use = OC_KEY_TAC,
        .key = {"DF04", "DTK", 1},
        .factors = {oc_span_of(purchase->province_factor, 8), oc_span_of(purchase->city_factor, 8),
                    oc_span_of(purchase->card_factor, 8)},
        .factor_count = 3,
        .data = oc_wr_span(&data),
    };
    uint8_t room[16];
    oc_wr answer = oc_wr_of(room, sizeof room);
    if (!oc_is_ok(oc_key_provider_answer(&world->keys, &question, &answer, NULL))) {
        return false;
    }
    uint8_t expected[4];
    if (answer.len == 16) {
        oc_ssc_fold4(room, expected);
    } else {
        memcpy(expected, room, 4);
    }
    return oc_span_equal(tac, oc_span_of(expected, 4));
}

bool oc_world_purchase(const oc_world *world)
{
    const oc_world_purse *purchase = &world->purse;
    oc_endpoint card = oc_card_endpoint(world->card);
    oc_endpoint psam = oc_card_endpoint(world->psam);
    uint8_t state_room[22], mac1_room[8], debit_room[8], command_room[64];
    oc_wr state = oc_wr_of(state_room, sizeof state_room);
    oc_wr mac1 = oc_wr_of(mac1_room, sizeof mac1_room);
    oc_wr debit = oc_wr_of(debit_room, sizeof debit_room);

    oc_wr command = oc_wr_of(command_room, sizeof command_room);
    oc_wr_bytes(&command, oc_span_of("\xB0\x28\x01\x01\x13", 5));
    oc_wr_u8(&command, purchase->index);
    oc_wr_bytes(&command, oc_span_of(purchase->amounts, 12));
    oc_wr_bytes(&command, oc_span_of(purchase->terminal, 6));
    if (!oc_world_exchange(card, oc_wr_span(&command), OC_SW_OK, &state) || state.len != 22) {
        return false;
    }
    command = oc_wr_of(command_room, sizeof command_room);
    oc_wr_bytes(&command, oc_span_of("\x80\x70\x01\x00\x2C", 5));
    oc_wr_bytes(&command, oc_span_of(state_room + 18, 4)); /* random */
    oc_wr_bytes(&command, oc_span_of(state_room + 14, 2)); /* card sequence */
    oc_wr_bytes(&command, oc_span_of(purchase->amounts, 12));
    oc_wr_u8(&command, PURCHASE_TYPE);
    oc_wr_bytes(&command, oc_span_of(purchase->time, 7));
    oc_wr_bytes(&command, oc_span_of(state_room + 16, 2)); /* key version, algorithm */
    oc_wr_bytes(&command, oc_span_of(purchase->card_factor, 8));
    oc_wr_bytes(&command, oc_span_of(purchase->city_factor, 8));
    if (!oc_world_exchange(psam, oc_wr_span(&command), OC_SW_OK, &mac1) || mac1.len != 8) {
        return false;
    }
    command = oc_wr_of(command_room, sizeof command_room);
    oc_wr_bytes(&command, oc_span_of("\xB0\x2C\x01\x00\x0F", 5));
    oc_wr_bytes(&command, oc_span_of(mac1_room, 4)); /* terminal's serial */
    oc_wr_bytes(&command, oc_span_of(purchase->time, 7));
    oc_wr_bytes(&command, oc_span_of(mac1_room + 4, 4));
    if (!oc_world_exchange(card, oc_wr_span(&command), OC_SW_OK, &debit) || debit.len != 8) {
        return false;
    }
    command = oc_wr_of(command_room, sizeof command_room);
    oc_wr_bytes(&command, oc_span_of("\x80\x72\x00\x00\x04", 5));
    oc_wr_bytes(&command, oc_span_of(debit_room + 4, 4));
    return oc_world_exchange(psam, oc_wr_span(&command), OC_SW_OK, NULL) &&
           tac_is_right(world, purchase, oc_span_of(mac1_room, 4), oc_span_of(debit_room, 4));
}
