/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_INTEGRATION_ACCEPT_KIT_H
#define OC_TESTS_INTEGRATION_ACCEPT_KIT_H

#include <stdbool.h>

#include "sim/profile/profile.h"
#include "tests/integration/cli_kit.h"

/* Orders and the cards that were made from them: second-generation cards that differ in serial, numbers and check bytes,
 * each from a profile of its own in the kit's folder. */
typedef struct oc_made_card {
    char number[10]; /* with its check character */
    char id_number[19];
    char card_id[33]; /* hex */
    char profile[PATH_MAX];
} oc_made_card;

/* Texts to put in place of others in the card's profile, up to NULL. */
typedef struct oc_alteration {
    const char *from;
    const char *to;
} oc_alteration;

#define OC_ALTERATIONS_MAX 4

/* Makes card `serial` (1 to 999) and writes its profile; `extra` adds a record FE to the issuer data. */
void oc_kit_make_card(oc_made_card *out, const oc_cli_kit *kit, unsigned serial,
                      const oc_alteration alterations[OC_ALTERATIONS_MAX], bool extra);

/* One line of an order about the card: what it says where nothing else is told. */
typedef struct oc_ordered {
    const char *number;
    const char *id_number;
    const char *name;
    const char *sex;
    const char *birth;
    const char *expiry;
    const char *version;
    const char *pin;
} oc_ordered;

/* The map that fits these orders, and the headings. */
extern const char oc_kit_map[];
extern const char oc_kit_headings[];
/* Appends the line to a text of `room` bytes; NULL fields are filled from the card. */
void oc_kit_order(char *csv, size_t room, const oc_made_card *card, const oc_ordered *told);
#define OC_KIT_CSV_MAX 16384

/* Writes the order and the map that fits it, as order.csv and map.xml of the kit's folder. */
void oc_kit_write_order(const oc_cli_kit *kit, const char *csv);
/* Runs accept on that order with these cards (up to 32), with further arguments up to NULL. */
typedef char oc_kit_spec_text[2 * PATH_MAX];
void oc_kit_accept(oc_program *program, const oc_cli_kit *kit, oc_kit_spec_text *specs, size_t count,
                   const char *const *more);
void oc_kit_spec(oc_kit_spec_text spec, const oc_made_card *card);

/* What the run said of the card that came as number `number`; NULL for nothing. */
const oc_result_case *oc_kit_found(const oc_results *results, size_t number, const char *id);
/* Asserts that the source of the sheet keeps its schema, and that the sheets were made of it. */
void oc_kit_expect_sheet(const oc_cli_kit *kit);

#endif
