/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/ssc_app.h"
#include "sim/psam/psam.h"
#include "tests/unit/card_kit.h"

/* Random commands, half of them with a header that is known, against every command there is. The card must answer
 * each one, never fail, and stay the same card. */
#define ROUNDS 100000

static const uint8_t known[][2] = {
    {0x00, 0xA4}, {0x00, 0xC0}, {0x00, 0xB2}, {0x00, 0xDC}, {0x00, 0xE2}, {0x00, 0xB0}, {0x00, 0xD6}, {0x00, 0x20},
    {0x80, 0x5E}, {0x00, 0x84}, {0x00, 0x82}, {0x00, 0x88}, {0x80, 0xE0}, {0x80, 0xD4}, {0xB0, 0x26}, {0xB0, 0x28},
    {0xB0, 0x2A}, {0xB0, 0x2C}, {0xBF, 0xDE}, {0x80, 0xFA}, {0x80, 0x70}, {0x80, 0x72},
};
static const uint8_t likely[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x0C, 0x28, 0x2C, 0x34, 0x3B, 0x83, 0x87, 0x48};
static const uint16_t fids[] = {0x3F00, 0xDDF1, 0xDF01, 0xEF05, 0xEF06, 0xEF07, 0xEF08};

static oc_span random_command(oc_random *random, uint8_t room[270])
{
    uint8_t r[8];
    OC_ASSERT_OK(oc_random_bytes(random, r, sizeof r));
    OC_ASSERT_OK(oc_random_bytes(random, room, 270));
    size_t len = (size_t)(r[0] << 8 | r[1]) % 271;
    if ((r[2] & 1) != 0) {
        memcpy(room, known[r[3] % (sizeof known / sizeof known[0])], 2);
        room[2] = (r[2] & 2) != 0 ? likely[room[2] % sizeof likely] : room[2];
        room[3] = (r[2] & 4) != 0 ? likely[room[3] % sizeof likely] : room[3];
        if ((r[2] & 8) != 0) {
            len = 5;
        } else if ((r[2] & 16) != 0) {
            room[4] = r[4] % 64;
            len = 5u + room[4];
        }
        if ((r[2] & 0x60) == 0x60) {
            uint16_t fid = fids[r[5] % (sizeof fids / sizeof fids[0])];
            const uint8_t select[] = {0x00, 0xA4, 0x00, 0x00, 0x02, (uint8_t)(fid >> 8), (uint8_t)fid};
            memcpy(room, select, sizeof select);
            len = sizeof select;
        }
    }
    return oc_span_of(room, len);
}

static void storm(oc_kit *kit, uint64_t seed, unsigned *answered_ok)
{
    oc_random random;
    oc_random_init(&random, seed, "robust");
    *answered_ok = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t room[270];
        uint8_t response[OC_CARD_DATA_MAX + 2];
        oc_wr wr = oc_wr_of(response, sizeof response);
        /* A copy of the exact length, so that a read past its end is seen by the sanitizer. */
        oc_buf exact = {0};
        OC_ASSERT_OK(oc_buf_append(&exact, random_command(&random, room)));
        oc_result r = kit->end.exchange(kit->end.self, oc_buf_span(&exact), &wr);
        oc_buf_free(&exact);
        if (!oc_is_ok(r) || wr.len < 2) {
            CU_FAIL_FATAL("a command was not answered");
        }
        uint8_t sw1 = response[wr.len - 2];
        *answered_ok += sw1 == 0x90 || sw1 == 0x61;
        CU_ASSERT_FATAL(sw1 >> 4 == 6 || sw1 >> 4 == 9);
        CU_ASSERT_FATAL(sw1 == 0x90 || sw1 == 0x61 || wr.len == 2);
        if (i % 1000 == 999) {
            oc_kit_reset(kit);
        }
    }
}

static void test_issued(void)
{
    static const oc_card_app *const apps[] = {&oc_ssc_app, &oc_psam_app};
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_SM4, apps, 2);
    oc_kit_personalise(&kit);
    oc_kit_end(&kit);
    unsigned ok;
    storm(&kit, 1, &ok);
    CU_ASSERT(ok > ROUNDS / 50); /* the storm reaches the commands, not the header checks only */
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C06"), 0x9000); /* nobody could write without the key */
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0104AABBCCDD");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E0020000"), 0x6D00);
    oc_kit_close(&kit);
}

static void test_blank(void)
{
    static const oc_card_app *const apps[] = {&oc_ssc_app, &oc_psam_app};
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, apps, 2);
    oc_kit_personalise(&kit); /* the transport key stays checked until the first reset or failure */
    unsigned ok;
    storm(&kit, 2, &ok);
    CU_ASSERT(ok > ROUNDS / 50);
    oc_kit_close(&kit);
}

/* Two applications with one command are refused. */
static void test_conflict(void)
{
    static const oc_card_app *const twice[] = {&oc_ssc_app, &oc_ssc_app};
    oc_card_os *os = NULL;
    OC_ASSERT_CODE(oc_card_os_new(&os, twice, 2), OC_E_USAGE);
    CU_ASSERT_PTR_NULL(os);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"random commands, issued card", test_issued},
        {"random commands, blank card", test_blank},
        {"conflicting applications", test_conflict},
        {NULL, NULL},
    };
    return oc_test_main("card_robust", rows);
}
