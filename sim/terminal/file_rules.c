/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/item_table.h"
#include "sim/terminal/key_table.h"

/* clang-format off */
#define REC OC_FILE_RECORDS
#define CYC OC_FILE_CYCLIC
#define BIN OC_FILE_TRANSPARENT

/* ssc-card sheet 4.2 to 4.8. */
static const struct oc_file_rule rules[] = {
    {OC_FID_SSSE, 0x05, REC, {NULL}, false, "UK"},
    {OC_FID_SSSE, 0x06, REC, {NULL}, false, "UK"},
    {OC_FID_SSSE, 0x07, BIN, {"RK"}, false, "UK"},
    {OC_FID_SSSE, 0x08, BIN, {"RK"}, false, "UK"},
    {OC_FID_SSSE, 0x0C, REC, {"RKEF0C"}, true, "UK"},
    {OC_FID_SSSE, 0x0D, REC, {NULL}, false, "UKEF0D"},
    {0xDF01, 0x05, REC, {"RK"}, false, "UK1"},
    {0xDF01, 0x06, REC, {"RK"}, false, "UK4"},
    {0xDF01, 0x07, REC, {"RK"}, false, "UK2"},
    {0xDF01, 0x08, REC, {"RK"}, false, "UK3"},
    {0xDF01, 0x09, REC, {"RK"}, false, "UK2"},
    {0xDF01, 0x0A, REC, {"RK"}, false, "UK5"},
    {0xDF01, 0x15, REC, {"RK"}, false, "UK6"},
    {0xDF01, 0x16, BIN, {"RK"}, false, "UK7"},
    {0xDF01, 0x17, BIN, {"RK"}, false, "UK8"},
    {0xDF01, 0x18, BIN, {"RK"}, false, "UK9"},
    {0xDF01, 0x19, BIN, {"RK"}, false, "UKA"},
    {0xDF01, 0x1A, BIN, {"RK"}, false, "UKB"},
    {0xDF02, 0x05, REC, {"RK"}, false, "UK1"},
    {0xDF02, 0x06, REC, {"RK"}, false, "UK2"},
    {0xDF02, 0x07, CYC, {"RK"}, false, "UK3"},
    {0xDF02, 0x09, REC, {"RK"}, false, "UK4"},
    {0xDF02, 0x15, REC, {"RK"}, false, "UK5"},
    {0xDF02, 0x16, CYC, {"RK"}, false, "UK6"},
    {0xDF03, 0x05, REC, {"RK1", "RK2"}, false, "UK1"},
    {0xDF03, 0x06, REC, {"RK1"}, false, "UK2"},
    {0xDF03, 0x07, REC, {"RK1"}, false, "UK3"},
    {0xDF03, 0x15, REC, {"RK1"}, false, "UK4"},
    {0xDF03, 0x16, REC, {"RK1"}, false, "UK5"},
    {0xDF03, 0x17, REC, {"RK1"}, false, "UK6"},
    {0xDF03, 0x18, REC, {"RK1"}, false, "UK7"},
    {0xDF03, 0x19, REC, {"RK1"}, false, "UK8"},
    {0xDF04, 0x05, REC, {"RK1"}, false, "UK1"},
    {0xDF04, 0x06, REC, {"RK1"}, true,  "UK2"},
    {0xDF04, 0x08, CYC, {NULL},  false, NULL},
    {0xDF04, 0x15, CYC, {NULL},  false, "UK2"},
    {0xDF05, 0x05, REC, {NULL},  false, "UK1"},
    {0xDF06, 0x05, REC, {"RK1"}, false, "UK1"},
    {0xDF06, 0x06, REC, {"RK1"}, false, "UK2"},
    {0xDF07, 0x05, REC, {"RK1"}, true,  "UK1"},
    {0xDF07, 0x06, REC, {"RK2"}, true,  "UK2"},
    {0xDF07, 0x07, REC, {"RK3"}, true,  "UK3"},
};

/* Generation 1.0: ssc-terminal sheet 5, and the key table of V1.x. */
static const struct oc_file_rule first_rules[] = {
    {OC_FID_SSSE, 0x05, REC, {NULL}, false, "UK"},
    {OC_FID_SSSE, 0x06, REC, {NULL}, false, "UK"},
    {OC_FID_SSSE, 0x07, BIN, {NULL}, false, "UK"},
    {OC_FID_SSSE, 0x0C, REC, {"RKEF0C"}, true, "UK"},
    {0xDF01, 0x05, REC, {NULL},  false, "UK1"},
    {0xDF01, 0x06, REC, {NULL},  false, "UK4"},
    {0xDF01, 0x07, REC, {"UK2"}, false, "UK2"},
    {0xDF01, 0x08, REC, {NULL},  false, "UK3"},
    {0xDF01, 0x09, REC, {"UK2"}, false, "UK2"},
    {0xDF01, 0x0A, REC, {NULL},  false, "UK5"},
    {0xDF02, 0x05, REC, {NULL},  false, "UK1"},
    {0xDF02, 0x06, REC, {"UK2"}, false, "UK2"},
    {0xDF02, 0x07, CYC, {"UK3"}, false, "UK3"},
    {0xDF02, 0x08, REC, {"UK4"}, false, "UK4"},
    {0xDF02, 0x09, REC, {"UK5"}, false, "UK5"},
    {0xDF03, 0x05, REC, {"RK1"}, true,  "UK1"},
    {0xDF03, 0x06, REC, {NULL},  false, "UK2"},
    {0xDF03, 0x07, REC, {"RK1"}, true,  "UK3"},
    {0xDF04, 0x05, REC, {NULL},  false, "UK1"},
    {0xDF04, 0x06, REC, {"RK1"}, true,  "UK2"},
    {0xDF04, 0x08, CYC, {NULL},  false, NULL},
};
/* clang-format on */

const struct oc_file_rule *oc_file_rule_of(bool first_generation, uint16_t dir, uint8_t ef)
{
    const struct oc_file_rule *table = first_generation ? first_rules : rules;
    size_t count = first_generation ? sizeof first_rules / sizeof first_rules[0] : sizeof rules / sizeof rules[0];
    for (size_t i = 0; i < count; i++) {
        if (table[i].dir == dir && table[i].ef == ef) {
            return &table[i];
        }
    }
    return NULL;
}
