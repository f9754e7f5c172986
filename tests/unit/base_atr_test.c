/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"

#include "tests/support/oc_test.h"

#define HISTORICAL "00994F43338699990130000001"
#define T0_ALONE "3B6D0000" HISTORICAL
#define T1_ALONE "3BED00008131FE45" HISTORICAL "F6"
#define BOTH "3BED00008031FE45" HISTORICAL "F7"
#define CONTACTLESS "3B8D8001" HISTORICAL "1C"

static void protocols_are_told_apart(void)
{
    static const struct {
        const char *atr;
        bool t0, t1, contactless;
        unsigned first;
    } rows[] = {{T0_ALONE, true, false, false, 0},
                {T1_ALONE, false, true, false, 1},
                {BOTH, true, true, false, 0},
                {CONTACTLESS, true, true, true, 1},
                {"3B00", true, false, false, 0},
                {"", false, false, false, 0},
                {"3B8D8001" HISTORICAL, false, false, false, 0}, /* without its check byte */
                {"3BF0112233", false, false, false, 0},
                {"3B901F80FF", false, false, false, 0},
                {"3B808F010E", false, true, false, 1},
                {"3B80FF", false, false, false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_span atr = oc_test_hex(rows[i].atr);
        if (rows[i].first != oc_atr_protocol(atr) || rows[i].t1 != oc_atr_offers(atr, 1)) {
            fprintf(stderr, "row %zu: %s\n", i, rows[i].atr);
        }
        CU_ASSERT_EQUAL(oc_atr_offers(atr, 0), rows[i].t0);
        CU_ASSERT_EQUAL(oc_atr_offers(atr, 1), rows[i].t1);
        CU_ASSERT_FALSE(oc_atr_offers(atr, 14));
        CU_ASSERT_FALSE(oc_atr_offers(atr, 15));
        CU_ASSERT_FALSE(oc_atr_offers(atr, 99));
        CU_ASSERT_EQUAL(oc_atr_is_contactless(atr), rows[i].contactless);
        CU_ASSERT_EQUAL(oc_atr_protocol(atr), rows[i].first);
    }
}

static void historical_bytes_are_the_same_in_every_form(void)
{
    static const char *const forms[] = {T0_ALONE, T1_ALONE, BOTH, CONTACTLESS};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        oc_span historical;
        uint8_t factor[OC_ATR_FACTOR];
        CU_ASSERT_TRUE(oc_atr_historical(oc_test_hex(forms[i]), &historical));
        OC_ASSERT_BYTES(historical, HISTORICAL);
        CU_ASSERT_TRUE(oc_atr_factor(oc_test_hex(forms[i]), factor));
        OC_ASSERT_BYTES(oc_span_of(factor, sizeof factor), "8699990130000001");
        uint8_t room[33];
        oc_wr wr = oc_wr_of(room, sizeof room);
        oc_atr_write_contactless(oc_test_hex(forms[i]), &wr);
        OC_ASSERT_BYTES(oc_wr_span(&wr), CONTACTLESS);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"protocols are told apart", protocols_are_told_apart},
        {"historical bytes are the same in every form", historical_bytes_are_the_same_in_every_form},
        {NULL, NULL},
    };
    return oc_test_main("answers to reset", rows);
}
