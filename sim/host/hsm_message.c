/* SPDX-License-Identifier: Apache-2.0 */
/* Secure messages of PIN reload and unblock: enciphered PIN and MAC under a session key of STK (ssc-card sheet 6.7). */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/crypto/pin_block.h"
#include "sim/host/cryptogram.h"
#include "sim/host/hsm_read.h"
#include "sim/keys/terminal_keys.h"

#define RANDOM 8
#define HEADER 5 /* class to Lc */
#define MAC 4
#define BLOCK_MAX 16

enum item { ALGORITHM, ADDRESS, PROCESS_RANDOM, COMMAND, PIN };

static const struct oc_hsm_layout layout = {
    "step2",
    5,
    5,
    {{"the algorithm", OC_HSM_ALGORITHM, 0, 0, false},
     {"the key address", OC_HSM_HEX, OC_KEY_ADDRESS_LEN, OC_KEY_ADDRESS_LEN, false},
     {"the process random", OC_HSM_HEX, 16, 16, false},
     {"the command header", OC_HSM_HEX, 2 * HEADER, 2 * HEADER, false},
     {"the PIN", OC_HSM_DIGITS, 4, 8, true}}, /* at most 8 digits (ssc-terminal sheet 4.7) */
};

/* The commands of ssc-card sheet 7 that it secures; an HSM that signs any header would open the card. */
static const struct {
    uint8_t header[HEADER - 1];
    bool with_pin;
} commands[] = {{{0x84, 0x24, 0x00, 0x01}, true}, {{0x84, 0x24, 0x00, 0x00}, false}};

static oc_result check_command(struct oc_hsm_call *call, const struct oc_hsm_string *step2,
                               const uint8_t header[HEADER])
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (memcmp(commands[i].header, header, HEADER - 1) != 0) {
            continue;
        }
        if ((step2->items[PIN].len > 0) != commands[i].with_pin) {
            return oc_hsm_refuse(call, commands[i].with_pin
                                           ? "step2: the PIN is missing, which this command loads"
                                           : "step2: there is a PIN, which this command does not load");
        }
        size_t length = MAC + (commands[i].with_pin ? oc_alg_block(step2->alg) : 0);
        return header[HEADER - 1] == length
                   ? oc_ok()
                   : oc_hsm_refuse(call, "step2: the command header's Lc is %u, not %zu", header[HEADER - 1], length);
    }
    return oc_hsm_refuse(call, "step2: the command header is neither 84240000 nor 84240001");
}

static oc_result encipher_pin(struct oc_hsm_call *call, oc_key_question question, oc_span random, oc_span pin,
                              enum oc_alg alg, oc_wr *out)
{
    oc_buf packed = {0};
    oc_buf block = {0};
    oc_result r = oc_pin_pack(&packed, pin);
    if (oc_is_ok(r)) {
        r = oc_pin_block(&block, oc_buf_span(&packed), oc_alg_block(alg));
    }
    if (oc_is_ok(r)) {
        question.use = OC_KEY_ENCIPHER;
        question.session = random;
        question.data = oc_buf_span(&block);
        r = oc_key_provider_answer(&call->service->keys, &question, out, call->diag);
    }
    oc_buf_free(&packed);
    oc_buf_free(&block);
    return r;
}

/* The whole command: header, enciphered PIN, MAC over both. */
static oc_result seal(struct oc_hsm_call *call, const oc_key_question *question, const struct oc_hsm_string *step2,
                      const uint8_t header[HEADER])
{
    uint8_t random[RANDOM];
    uint8_t command[HEADER + BLOCK_MAX + MAC];
    oc_wr wr = oc_wr_of(command, sizeof command);
    oc_span session = oc_span_of(random, sizeof random);
    oc_hsm_bytes(step2->items[PROCESS_RANDOM], random, sizeof random);
    oc_wr_bytes(&wr, oc_span_of(header, HEADER));
    if (step2->items[PIN].len > 0) {
        OC_TRY(encipher_pin(call, *question, session, step2->items[PIN], step2->alg, &wr));
    }
    uint8_t mac[MAC];
    OC_TRY(oc_cryptogram_mac4(&call->service->keys, *question, OC_KEY_MAC, session, oc_wr_span(&wr), mac, NULL,
                              call->diag));
    oc_wr_bytes(&wr, oc_span_of(mac, sizeof mac));
    char text[2 * sizeof command + 1];
    oc_hex_encode(text, sizeof text, oc_wr_span(&wr));
    OC_TRY(oc_fields_set_text(call->answer, "result", "accepted"));
    return oc_fields_set_text(call->answer, "pkey", text);
}

oc_result oc_hsm_secure_message(struct oc_hsm_call *call)
{
    struct oc_hsm_string step2;
    struct oc_hsm_card card;
    uint8_t header[HEADER];
    OC_TRY(oc_hsm_read(call, &layout, &step2));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    oc_hsm_bytes(step2.items[COMMAND], header, sizeof header);
    OC_TRY(check_command(call, &step2, header));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    uint8_t version;
    if (oc_key_address_find(step2.items[ADDRESS], &version) != &oc_terminal_key_stk) {
        return oc_hsm_refuse(call, "step2: the key address is not that of %s", oc_terminal_key_stk.name);
    }
    oc_key_question question;
    OC_TRY(oc_hsm_card_of_fields(call, &card));
    if (!oc_hsm_refused(call)) {
        OC_TRY(oc_hsm_ask(call, &card, oc_terminal_key_stk.name, version, step2.alg, &question));
    }
    return oc_hsm_refused(call) ? oc_ok() : seal(call, &question, &step2, header);
}
