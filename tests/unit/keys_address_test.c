/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/keys/terminal_keys.h"
#include "tests/support/oc_test.h"

static void every_key_has_one_address(void)
{
    unsigned found[2] = {0, 0};
    for (unsigned dir = 0; dir <= 7; dir++) {
        uint16_t fid = dir == 0 ? OC_FID_SSSE : (uint16_t)(0xDF00u + dir);
        for (unsigned id = 0; id <= 0xFF; id++) {
            for (unsigned first = 0; first < 2; first++) {
                const struct oc_terminal_key *key = oc_terminal_key_with_id(fid, (uint8_t)id, first == 1);
                if (key == NULL) {
                    continue;
                }
                char address[OC_KEY_ADDRESS_LEN + 1];
                uint8_t version = 0;
                oc_key_address_print(address, key, first == 1, 3);
                CU_ASSERT_PTR_EQUAL(oc_key_address_find(oc_span_text(address), &version), key);
                CU_ASSERT_EQUAL(version, 3);
                found[first]++;
            }
        }
    }
    CU_ASSERT_EQUAL(found[0], 52); /* of the tables in ssc-card sheet 4 and 6.1 */
    CU_ASSERT_EQUAL(found[1], 52);
}

static void addresses_name_keys(void)
{
    static const struct {
        const char *address, *name;
    } rows[] = {
        {"000A01", "SSSE/RK"},  {"000601", "SSSE/PUK"}, {"000201", "SSSE/STK"}, {"040101", "DF04/DPK"},
        {"018804", "DF01/RK"},  {"03860a", NULL},       {"038B01", "DF03/UK6"}, {"138B01", "DF03/UK7"},
        {"138C01", "DF03/UK4"}, {"038c02", "DF03/UK7"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t version;
        const struct oc_terminal_key *key = oc_key_address_find(oc_span_text(rows[i].address), &version);
        CU_ASSERT_EQUAL_FATAL(key == NULL, rows[i].name == NULL);
        CU_ASSERT_TRUE(key == NULL || strcmp(key->name, rows[i].name) == 0);
    }
}

static void other_texts_name_none(void)
{
    static const char *const texts[] = {"",       "000A0",  "000A011", "000A00", "000A05", "200A01",
                                        "080A01", "00FF01", "0x0A01",  "000A0 ", "004C0A", "GG0A01"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint8_t version;
        CU_ASSERT_PTR_NULL(oc_key_address_find(oc_span_text(texts[i]), &version));
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"every key has one address", every_key_has_one_address},
        {"addresses name keys", addresses_name_keys},
        {"other texts name none", other_texts_name_none},
        {NULL, NULL},
    };
    return oc_test_main("key addresses", rows);
}
