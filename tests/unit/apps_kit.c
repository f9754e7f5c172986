/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/apps_kit.h"

#include "sim/apps/ssc_app.h"

oc_key oc_kit_session(const oc_kit *kit, const oc_key *key, oc_span input)
{
    uint8_t block[16] = {0};
    memcpy(block, input.at, input.len);
    OC_ASSERT_OK(oc_encipher(kit->crypto, key, oc_span_of(block, oc_alg_block(kit->alg)), block));
    if (kit->alg == OC_ALG_3DES) {
        memcpy(block + 8, block, 8);
    }
    oc_key session;
    OC_ASSERT_OK(oc_key_load(&session, (uint8_t)kit->alg, oc_span_of(block, sizeof block)));
    return session;
}

void oc_kit_mac(const oc_kit *kit, const oc_key *key, oc_span data, uint8_t out[4])
{
    size_t block = oc_alg_block(kit->alg);
    uint8_t padded[128] = {0};
    CU_ASSERT_FATAL(data.len < sizeof padded - 16);
    memcpy(padded, data.at, data.len);
    padded[data.len] = 0x80;
    uint8_t chain[16] = {0};
    for (size_t at = 0; at <= data.len; at += block) {
        for (size_t i = 0; i < block; i++) {
            chain[i] ^= padded[at + i];
        }
        OC_ASSERT_OK(oc_encipher(kit->crypto, key, oc_span_of(chain, block), chain));
    }
    for (size_t i = 0; i < 4; i++) {
        out[i] = kit->alg == OC_ALG_3DES ? chain[i]
                                         : (uint8_t)(chain[i] ^ chain[4 + i] ^ chain[8 + i] ^ chain[12 + i]);
    }
}

void oc_kit_tac(const oc_kit *kit, uint8_t fill, oc_span data, uint8_t out[4])
{
    oc_key key = oc_kit_key_of(kit, fill);
    if (kit->alg == OC_ALG_3DES) {
        uint8_t bytes[16];
        for (size_t i = 0; i < 8; i++) {
            bytes[i] = (uint8_t)((fill + 2 * i) ^ (fill + 16 + 2 * (i + 8)));
            bytes[8 + i] = bytes[i];
        }
        OC_ASSERT_OK(oc_key_load(&key, OC_ALG_3DES, oc_span_of(bytes, sizeof bytes)));
    }
    oc_kit_mac(kit, &key, data, out);
}

void oc_kit_open_purse(oc_kit *kit, enum oc_alg alg)
{
    oc_kit_open_purse_as(kit, alg, 0, 0);
}

void oc_kit_open_purse_as(oc_kit *kit, enum oc_alg alg, uint8_t purchase_options, uint8_t pin_options)
{
    static const oc_card_app *const apps[] = {&oc_ssc_app};
    oc_kit_open(kit, alg, apps, 1);
    kit->purchase_options = purchase_options;
    kit->pin_options = pin_options;
    oc_kit_personalise(kit);
    oc_kit_add_purse(kit);
    oc_kit_end(kit);
    oc_kit_enter(kit);
    oc_kit_verify(kit);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00A4000C02DF04"), 0x9000);
}

uint32_t oc_kit_balance(oc_kit *kit, uint8_t which, unsigned *year)
{
    const uint8_t get[] = {0xB0, 0x26, 0x00, which, which == 1 ? 4 : 6};
    CU_ASSERT_EQUAL_FATAL(oc_kit_raw(kit, oc_span_of(get, sizeof get)), 0x9000);
    oc_rd rd = oc_rd_of(oc_kit_data(kit));
    uint32_t amount = oc_rd_u32(&rd);
    if (year != NULL) {
        *year = oc_rd_u16(&rd);
    }
    return amount;
}

void oc_kit_credit(oc_kit *kit, uint32_t amount)
{
    uint8_t body[16];
    oc_wr wr = oc_wr_of(body, sizeof body);
    oc_wr_u8(&wr, 1);
    oc_wr_u32(&wr, amount);
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    uint32_t before = oc_kit_balance(kit, 1, NULL);
    CU_ASSERT_EQUAL_FATAL(oc_kit_body(kit, 0xB0, 0x28, 0x00, 0x01, oc_wr_span(&wr)), 0x9000);
    CU_ASSERT_EQUAL_FATAL(kit->len, 16);
    uint8_t answer[16];
    memcpy(answer, kit->data, sizeof answer);
    oc_rd rd = oc_rd_of(oc_span_of(answer, sizeof answer));
    CU_ASSERT_EQUAL(oc_rd_u32(&rd), before);
    oc_span number = oc_rd_bytes(&rd, 2);
    CU_ASSERT_EQUAL(oc_rd_u8(&rd), 1);
    CU_ASSERT_EQUAL(oc_rd_u8(&rd), kit->alg);
    oc_span random = oc_rd_bytes(&rd, 4);

    uint8_t input[8];
    memcpy(input, random.at, 4);
    memcpy(input + 4, number.at, 2);
    memcpy(input + 6, "\x80\x00", 2);
    oc_key dlk = oc_kit_key_of(kit, 0x71);
    oc_key session = oc_kit_session(kit, &dlk, oc_span_of(input, sizeof input));
    uint8_t data[64];
    uint8_t mac[4];
    wr = oc_wr_of(data, sizeof data);
    oc_wr_u32(&wr, before);
    oc_wr_u32(&wr, amount);
    oc_wr_u8(&wr, 0x31);
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    oc_kit_mac(kit, &session, oc_wr_span(&wr), mac);
    CU_ASSERT_TRUE(oc_span_equal(rd.rest, oc_span_of(mac, 4)));

    wr = oc_wr_of(data, sizeof data);
    oc_wr_u32(&wr, amount);
    oc_wr_u8(&wr, 0x31);
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    oc_wr_bytes(&wr, oc_test_hex("20260301120000"));
    oc_kit_mac(kit, &session, oc_wr_span(&wr), mac);
    wr = oc_wr_of(body, sizeof body);
    oc_wr_bytes(&wr, oc_test_hex("20260301120000"));
    oc_wr_bytes(&wr, oc_span_of(mac, 4));
    CU_ASSERT_EQUAL_FATAL(oc_kit_body(kit, 0xB0, 0x2A, 0x00, 0x00, oc_wr_span(&wr)), 0x9000);

    wr = oc_wr_of(data, sizeof data);
    oc_wr_u32(&wr, before + amount);
    oc_wr_bytes(&wr, number);
    oc_wr_u32(&wr, amount);
    oc_wr_u8(&wr, 0x31);
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    oc_wr_bytes(&wr, oc_test_hex("20260301120000"));
    oc_kit_tac(kit, 0x79, oc_wr_span(&wr), mac);
    CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(kit), oc_span_of(mac, 4)));
    CU_ASSERT_EQUAL(oc_kit_balance(kit, 1, NULL), before + amount);
}

static void write_amounts(oc_wr *wr, const oc_kit_purchase *p, bool zero)
{
    oc_wr_u32(wr, zero ? 0 : p->a);
    oc_wr_u32(wr, p->b);
    oc_wr_u32(wr, p->c);
}

unsigned oc_kit_init_purchase(oc_kit *kit, const oc_kit_purchase *p)
{
    uint8_t body[19];
    oc_wr wr = oc_wr_of(body, sizeof body);
    oc_wr_u8(&wr, 1);
    write_amounts(&wr, p, false);
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    return oc_kit_body(kit, 0xB0, 0x28, 0x01, 0x01, oc_wr_span(&wr));
}

/* S over random || number || the serial's last two bytes, or the number again. */
static oc_key purchase_session(const oc_kit *kit, const oc_kit_purchase *p, const uint8_t answer[22])
{
    uint8_t input[8];
    memcpy(input, answer + 18, 4);
    memcpy(input + 4, answer + 14, 2);
    bool again = (p->options & OC_KEY_OPTION_CARD_SEQUENCE) != 0;
    memcpy(input + 6, again ? answer + 14 : oc_test_hex(p->serial).at + 2, 2);
    oc_key dpk = oc_kit_key_of(kit, p->fill);
    return oc_kit_session(kit, &dpk, oc_span_of(input, sizeof input));
}

void oc_kit_debit_body(const oc_kit *kit, const oc_kit_purchase *p, uint8_t body[15], uint8_t mac2_tac[8])
{
    CU_ASSERT_EQUAL_FATAL(kit->len, 22);
    oc_key session = purchase_session(kit, p, kit->data);
    uint8_t data[64];
    uint8_t mac[4];
    oc_wr wr = oc_wr_of(data, sizeof data);
    write_amounts(&wr, p, (p->options & OC_KEY_OPTION_MAC1_ZERO) != 0);
    oc_wr_u8(&wr, 0x32);
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    oc_wr_bytes(&wr, oc_test_hex(p->date_time));
    oc_kit_mac(kit, &session, oc_wr_span(&wr), mac);
    oc_wr out = oc_wr_of(body, 15);
    oc_wr_bytes(&out, oc_test_hex(p->serial));
    oc_wr_bytes(&out, oc_test_hex(p->date_time));
    oc_wr_bytes(&out, oc_span_of(mac, 4));
    wr = oc_wr_of(data, sizeof data);
    write_amounts(&wr, p, false);
    oc_kit_mac(kit, &session, oc_wr_span(&wr), mac2_tac);
    oc_wr_u8(&wr, 0x32);
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    oc_wr_bytes(&wr, oc_test_hex(p->serial));
    oc_wr_bytes(&wr, oc_test_hex(p->date_time));
    oc_kit_tac(kit, 0x79, oc_wr_span(&wr), mac2_tac + 4);
}

unsigned oc_kit_pay(oc_kit *kit, const oc_kit_purchase *p)
{
    unsigned sw = oc_kit_init_purchase(kit, p);
    if (sw != 0x9000) {
        return sw;
    }
    uint8_t body[15];
    uint8_t expected[8];
    oc_kit_debit_body(kit, p, body, expected);
    sw = oc_kit_body(kit, 0xB0, 0x2C, 0x01, 0x00, oc_span_of(body, sizeof body));
    if (sw == 0x9000) {
        CU_ASSERT_EQUAL_FATAL(kit->len, 8);
        CU_ASSERT_EQUAL(memcmp(kit->data, expected + 4, 4), 0);
        CU_ASSERT_EQUAL(memcmp(kit->data + 4, expected, 4), 0);
    }
    return sw;
}
