/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/card_kit.h"

#include <stdio.h>

#include "sim/crypto/ssc.h"

void oc_kit_open(oc_kit *kit, enum oc_alg alg, const oc_card_app *const *apps, size_t count)
{
    memset(kit, 0, sizeof *kit);
    kit->alg = alg;
    OC_ASSERT_OK(oc_card_os_new(&kit->os, apps, count));
    OC_ASSERT_OK(oc_crypto_new(&kit->crypto));
    oc_card_params params = {.atr = oc_test_hex(OC_KIT_ATR),
                             .transport_key = oc_test_hex(OC_KIT_TRANSPORT),
                             .transport_alg = (uint8_t)alg,
                             .seed = 1};
    OC_ASSERT_OK(oc_card_new(&kit->card, kit->os, kit->crypto, &params));
    kit->end = oc_card_endpoint(kit->card);
    oc_kit_reset(kit);
}

void oc_kit_close(oc_kit *kit)
{
    oc_card_free(&kit->card);
    oc_crypto_free(&kit->crypto);
    oc_card_os_free(&kit->os);
}

void oc_kit_reset(oc_kit *kit)
{
    oc_wr wr = oc_wr_of(kit->data, sizeof kit->data);
    OC_ASSERT_OK(kit->end.reset(kit->end.self, OC_RESET_COLD, &wr));
    kit->len = wr.len;
}

unsigned oc_kit_raw(oc_kit *kit, oc_span command)
{
    oc_wr wr = oc_wr_of(kit->data, sizeof kit->data);
    OC_ASSERT_OK(kit->end.exchange(kit->end.self, command, &wr));
    CU_ASSERT_FATAL(wr.len >= 2);
    kit->len = wr.len - 2;
    return (unsigned)(kit->data[kit->len] << 8 | kit->data[kit->len + 1]);
}

unsigned oc_kit_hex(oc_kit *kit, const char *command)
{
    return oc_kit_raw(kit, oc_test_hex(command));
}

unsigned oc_kit_send(oc_kit *kit, oc_span command)
{
    unsigned sw = oc_kit_raw(kit, command);
    if (sw >> 8 == 0x61) {
        const uint8_t get[5] = {0x00, 0xC0, 0x00, 0x00, (uint8_t)sw};
        sw = oc_kit_raw(kit, oc_span_of(get, sizeof get));
    }
    return sw;
}

unsigned oc_kit_send_hex(oc_kit *kit, const char *command)
{
    return oc_kit_send(kit, oc_test_hex(command));
}

void oc_kit_walk(oc_kit *kit, const oc_kit_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned sw = oc_kit_hex(kit, steps[i].command);
        if (sw != steps[i].sw) {
            printf("step %zu, %s: %04X, not %04X\n", i, steps[i].command, sw, steps[i].sw);
        }
        CU_ASSERT_EQUAL(sw, steps[i].sw);
        CU_ASSERT(sw == 0x9000 || sw >> 8 == 0x61 || kit->len == 0);
    }
}

unsigned oc_kit_body(oc_kit *kit, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2, oc_span body)
{
    uint8_t command[5 + 255] = {cla, ins, p1, p2, (uint8_t)body.len};
    oc_wr wr = {.at = command, .room = sizeof command, .len = 5};
    oc_wr_bytes(&wr, body);
    CU_ASSERT_FATAL(!wr.bad);
    return oc_kit_send(kit, oc_wr_span(&wr));
}

oc_span oc_kit_data(const oc_kit *kit)
{
    return oc_span_of(kit->data, kit->len);
}

/* Two halves that differ, so that 3DES is not single DES. */
static void fill_key(uint8_t fill, uint8_t bytes[OC_KEY_SIZE])
{
    for (size_t i = 0; i < OC_KEY_SIZE; i++) {
        bytes[i] = (uint8_t)(fill + 16 * (i / 8) + 2 * i);
    }
}

oc_key oc_kit_key_of(const oc_kit *kit, uint8_t fill)
{
    uint8_t bytes[OC_KEY_SIZE];
    fill_key(fill, bytes);
    oc_key key;
    OC_ASSERT_OK(oc_key_load(&key, (uint8_t)kit->alg, oc_span_of(bytes, sizeof bytes)));
    return key;
}

void oc_kit_transport(oc_kit *kit)
{
    oc_key key;
    OC_ASSERT_OK(oc_key_load(&key, (uint8_t)kit->alg, oc_test_hex(OC_KIT_TRANSPORT)));
    uint8_t text[16] = {0};
    memcpy(text + 2, oc_test_hex(OC_KIT_ATR).at + 11, 6);
    oc_span block = oc_span_of(text, oc_alg_block(kit->alg));
    OC_ASSERT_OK(oc_encipher(kit->crypto, &key, block, text));
    CU_ASSERT_EQUAL(oc_kit_body(kit, 0x80, 0xE0, 0x03, 0x00, block), 0x9000);
}

static unsigned load_raw(oc_kit *kit, uint8_t master_fill, const uint8_t header[8], const uint8_t secret[16])
{
    uint8_t data[32] = {24};
    memcpy(data + 1, header, 8);
    memcpy(data + 9, secret, 16);
    data[25] = 0x80;
    bool master = header[0] == OC_KEY_KIND_MASTER;
    oc_key key = oc_kit_key_of(kit, master_fill);
    if (master) {
        OC_ASSERT_OK(oc_key_load(&key, (uint8_t)kit->alg, oc_test_hex(OC_KIT_TRANSPORT)));
    }
    OC_ASSERT_OK(oc_encipher(kit->crypto, &key, oc_span_of(data, sizeof data), data));
    return oc_kit_body(kit, 0x80, 0xD4, master, 0x00, oc_span_of(data, sizeof data));
}

unsigned oc_kit_load(oc_kit *kit, uint8_t master_fill, oc_kit_key k)
{
    const uint8_t header[8] = {k.kind, k.id, k.version, k.usage, k.tries, (uint8_t)kit->alg, k.index, k.options};
    uint8_t secret[OC_KEY_SIZE];
    fill_key(k.fill, secret);
    return load_raw(kit, master_fill, header, k.secret == NULL ? secret : k.secret);
}

void oc_kit_load_pin(oc_kit *kit, uint8_t master_fill, const char *pin, uint8_t tries)
{
    oc_span packed = oc_test_hex(pin);
    const uint8_t header[8] = {OC_KEY_KIND_PIN, 0, 1, 0, tries, (uint8_t)packed.len, 0, kit->pin_options};
    uint8_t secret[16];
    memset(secret, 0xFF, sizeof secret);
    memcpy(secret, packed.at, packed.len);
    CU_ASSERT_EQUAL(load_raw(kit, master_fill, header, secret), 0x9000);
}

static void expect_ok(oc_kit *kit, const char *const *commands, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned sw = oc_kit_send_hex(kit, commands[i]);
        if (sw != 0x9000) {
            printf("%s answered %04X\n", commands[i], sw);
        }
        CU_ASSERT_EQUAL_FATAL(sw, 0x9000);
    }
}

void oc_kit_personalise(oc_kit *kit)
{
    static const char *const ssse[] = {
        "80E0010015 01 DDF1 3F00 1E " OC_KIT_SSSE_NAME,
        "80E004000F " OC_KIT_SSSE_ALIAS,
    };
    static const char *const ssse_files[] = {
        "80E001000D C6 EF05 05 0000 0204 0040 00 00 00",
        "00E2002806 01 04 AABBCCDD",
        "00E2002803 02 01 33",
        "00E2002806 03 04 322E3030",
        "80E001000D C6 EF06 06 0100 0204 0040 00 00 00",
        "00E2003005 08 03 313233",
        "00E2003003 0A 01 31",
        "80E001000D C4 EF07 07 020A 0204 0130 00 00 FF",
        "80E001000D C4 EF0C 0C 030A 0500 0010 00 00 00",
        "80E001000D C4 EF0D 0D 040A 0500 0010 00 00 00",
        "80E001000D D6 EF1E 1E 0000 0200 0040 00 00 00",
        "00E200F00A 70 08 61 06 4F 04 D1560000",
    };
    static const char *const df01[] = {
        "80E001000C 02 DF01 DDF1 00 D15600000500",
    };
    static const char *const df01_files[] = {
        "80E001000D C6 EF05 05 0100 0283 0020 00 00 00",
        "00E2002804 20 02 3031",
        "80E001000D C7 EF07 07 0100 0283 0000 04 03 00",
        "80E001000D C5 EF08 08 0000 0283 000A 05 02 00",
        "00E2004005 41 03 010203",
    };
    oc_kit_transport(kit);
    expect_ok(kit, ssse, sizeof ssse / sizeof ssse[0]);
    static const oc_kit_key ssse_keys[] = {
        {.kind = OC_KEY_KIND_MASTER, .version = 1, .tries = 0x33, .fill = 0x11},
        {.kind = OC_KEY_KIND_EXTERNAL, .id = 0x04, .version = 1, .tries = 0x33, .fill = 0x24},
        {.kind = OC_KEY_KIND_EXTERNAL, .id = 0x04, .version = 2, .tries = 0x33, .fill = 0x34},
        {.kind = OC_KEY_KIND_EXTERNAL, .id = 0x0A, .version = 1, .tries = 0x33, .fill = 0x2A},
        {.kind = OC_KEY_KIND_INTERNAL, .id = 0x00, .version = 1, .tries = 0x00, .fill = 0x2E},
    };
    for (size_t i = 0; i < sizeof ssse_keys / sizeof ssse_keys[0]; i++) {
        CU_ASSERT_EQUAL(oc_kit_load(kit, 0x11, ssse_keys[i]), 0x9000);
    }
    oc_kit_load_pin(kit, 0x11, OC_KIT_PIN, 0x33);
    expect_ok(kit, ssse_files, sizeof ssse_files / sizeof ssse_files[0]);
    expect_ok(kit, df01, sizeof df01 / sizeof df01[0]);
    static const oc_kit_key df01_keys[] = {
        {.kind = OC_KEY_KIND_MASTER, .version = 1, .tries = 0x33, .fill = 0x12},
        {.kind = OC_KEY_KIND_EXTERNAL, .id = 0x83, .version = 1, .tries = 0x33, .fill = 0x43},
    };
    for (size_t i = 0; i < sizeof df01_keys / sizeof df01_keys[0]; i++) {
        CU_ASSERT_EQUAL(oc_kit_load(kit, 0x12, df01_keys[i]), 0x9000);
    }
    expect_ok(kit, df01_files, sizeof df01_files / sizeof df01_files[0]);
}

void oc_kit_add_purse(oc_kit *kit)
{
    static const char *const dir[] = {"80E001000C 02 DF04 DDF1 00 D15600000503"};
    static const char *const log[] = {"80E001000D C7 EF08 08 0100 0500 0000 1C 0A 00"};
    static const oc_kit_key keys[] = {
        {.kind = OC_KEY_KIND_MASTER, .version = 1, .tries = 0x33, .fill = 0x14},
        {.kind = OC_KEY_KIND_PURCHASE, .version = 2, .index = 1, .fill = 0x85},
        {.kind = OC_KEY_KIND_PURCHASE, .version = 1, .index = 1, .fill = 0x75},
        {.kind = OC_KEY_KIND_LOAD, .version = 1, .index = 1, .fill = 0x71},
        {.kind = OC_KEY_KIND_TAC, .version = 1, .fill = 0x79},
    };
    expect_ok(kit, dir, 1);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        oc_kit_key key = keys[i];
        key.options = key.kind == OC_KEY_KIND_PURCHASE ? kit->purchase_options : 0;
        CU_ASSERT_EQUAL(oc_kit_load(kit, 0x14, key), 0x9000);
    }
    expect_ok(kit, log, 1);
}

void oc_kit_end(oc_kit *kit)
{
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "80E0020000"), 0x9000);
    oc_kit_reset(kit);
}

void oc_kit_open_issued(oc_kit *kit, enum oc_alg alg)
{
    oc_kit_open(kit, alg, NULL, 0);
    oc_kit_personalise(kit);
    oc_kit_end(kit);
}

void oc_kit_enter(oc_kit *kit)
{
    CU_ASSERT_EQUAL_FATAL(oc_kit_send_hex(kit, "00A404000F" OC_KIT_SSSE_NAME), 0x9000);
}

void oc_kit_verify(oc_kit *kit)
{
    CU_ASSERT_EQUAL_FATAL(oc_kit_hex(kit, "0020000003" OC_KIT_PIN), 0x9000);
}

unsigned oc_kit_external(oc_kit *kit, uint8_t kid, uint8_t fill, uint8_t version)
{
    CU_ASSERT_EQUAL_FATAL(oc_kit_hex(kit, "0084000008"), 0x9000);
    oc_key key = oc_kit_key_of(kit, fill);
    oc_span text = oc_test_hex("0102030405060708");
    uint8_t body[17];
    OC_ASSERT_OK(oc_ssc_auth(kit->crypto, &key, oc_kit_data(kit), text, body));
    memcpy(body + 8, text.at, 8);
    body[16] = version;
    return oc_kit_body(kit, 0x00, 0x82, 0x00, kid, oc_span_of(body, version == 0 ? 16 : 17));
}
