/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_CROSS_TABLES_H
#define OC_HOST_CROSS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Private to the cross-province services: their fields as data. */

enum oc_cross_form { OC_CROSS_TEXT, OC_CROSS_DIGITS, OC_CROSS_HEX, OC_CROSS_ALNUM };

struct oc_cross_field {
    const char *name;
    enum oc_cross_form form;
    uint16_t least; /* characters */
    uint16_t most;
    bool required; /* else it may be absent or empty */
};

/* What the services' fields mean, whatever a province calls them. The first nine are the items of the Step1 string in
 * their order (ssc-terminal sheet 4.5). */
enum oc_cross_meaning {
    OC_CROSS_REGION,
    OC_CROSS_ATR,
    OC_CROSS_ALGORITHM,
    OC_CROSS_CARD_ID,
    OC_CROSS_RANDOM_1,
    OC_CROSS_RANDOM_2,
    OC_CROSS_RANDOM_3,
    OC_CROSS_RANDOM_4,
    OC_CROSS_STEP1_ITEMS,
    OC_CROSS_CARD_NUMBER = OC_CROSS_STEP1_ITEMS,
    OC_CROSS_PERSON,
    OC_CROSS_NAME,
    OC_CROSS_MEANINGS
};

struct oc_cross_service {
    const char *number;
    const struct oc_cross_field *fields;
    size_t count;
    const char *names[OC_CROSS_MEANINGS]; /* the field of each meaning; NULL: it has none */
    const char *internal;                 /* fields of the answer; NULL: it has none */
    const char *external;
};

extern const struct oc_cross_service oc_cross_services[];
extern const size_t oc_cross_service_count;

#endif
