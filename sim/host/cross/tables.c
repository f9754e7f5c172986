/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/cross/tables.h"

/* Names: settlement-backend sheet 7. Lengths are those of the items of Step1 (hsm_authenticate.c), which the HSM checks
 * once more; of fields that nothing attests, a project choice. "sign" is taken as it comes: how it is made is not public. */

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct oc_cross_field foshan_1903[] = {
    {"sign", OC_CROSS_TEXT, 0, 512, false},    {"transid", OC_CROSS_DIGITS, 4, 4, false},
    {"aab299", OC_CROSS_DIGITS, 6, 6, false},  {"yab600", OC_CROSS_TEXT, 0, 64, false},
    {"aab301", OC_CROSS_DIGITS, 6, 6, true},   {"yab060", OC_CROSS_TEXT, 0, 64, false},
    {"aac002", OC_CROSS_ALNUM, 18, 18, false}, {"aaz507", OC_CROSS_HEX, 16, 30, true},
    {"aaa254", OC_CROSS_ALNUM, 2, 5, true},    {"aaz501", OC_CROSS_HEX, 32, 32, true},
    {"aaa311", OC_CROSS_HEX, 16, 16, true},    {"aaa312", OC_CROSS_HEX, 16, 16, true},
    {"aaa313", OC_CROSS_HEX, 16, 16, false},   {"aaa314", OC_CROSS_HEX, 16, 16, false},
};

static const struct oc_cross_field foshan_1904[] = {
    {"aab301", OC_CROSS_DIGITS, 6, 6, true}, {"aac002", OC_CROSS_ALNUM, 18, 18, true},
    {"aaz500", OC_CROSS_ALNUM, 9, 9, true},  {"aaz501", OC_CROSS_HEX, 32, 32, true},
    {"aac003", OC_CROSS_TEXT, 1, 50, true},
};

static const struct oc_cross_field zhejiang_9013[] = {
    {"AAB301", OC_CROSS_DIGITS, 6, 6, true}, {"AAZ507", OC_CROSS_HEX, 16, 30, true},
    {"AFLAG", OC_CROSS_ALNUM, 2, 5, true},   {"AAZ501", OC_CROSS_HEX, 32, 32, true},
    {"SJS1", OC_CROSS_HEX, 16, 16, true},    {"SJS2", OC_CROSS_HEX, 16, 16, true},
    {"SJS3", OC_CROSS_HEX, 16, 16, false},   {"SJS4", OC_CROSS_HEX, 16, 16, false},
};

const struct oc_cross_service oc_cross_services[] = {
    {"1903",
     foshan_1903,
     COUNT(foshan_1903),
     {"aab301", "aaz507", "aaa254", "aaz501", "aaa311", "aaa312", "aaa313", "aaa314", NULL, "aac002", NULL},
     "aaa315",
     "aaa316"},
    {"1904",
     foshan_1904,
     COUNT(foshan_1904),
     {"aab301", NULL, NULL, "aaz501", NULL, NULL, NULL, NULL, "aaz500", "aac002", "aac003"},
     NULL,
     NULL},
    /* That AFLAG is the algorithm follows from its place between history and card identifier, as in Step1. */
    {"9013",
     zhejiang_9013,
     COUNT(zhejiang_9013),
     {"AAB301", "AAZ507", "AFLAG", "AAZ501", "SJS1", "SJS2", "SJS3", "SJS4", NULL, NULL, NULL},
     "RESULT1",
     "RESULT2"},
};

const size_t oc_cross_service_count = COUNT(oc_cross_services);
