/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_ARGUMENTS_H
#define OC_CONFORMANCE_CLI_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/card/card.h"

/* Private to the command line: arguments that several commands take. A wrong one ends the program with 2, as argp
 * does. Texts are borrowed from argv. */

#define OC_PATHS_MAX 256
#define OC_FORMATS_MAX 16

typedef struct oc_path_list {
    const char *at[OC_PATHS_MAX];
    size_t count;
} oc_path_list;

/* PATH. */
void oc_take_path(oc_path_list *list, const char *text, const struct argp_state *state);

typedef struct oc_format_list {
    struct {
        char kind[24]; /* "html", "junit", ... */
        const char *path;
    } at[OC_FORMATS_MAX];
    size_t count;
} oc_format_list;

/* KIND=FILE. */
void oc_take_format(oc_format_list *list, const char *text, const struct argp_state *state);

/* Options whose value is a text that is taken as it is. */
typedef struct oc_text_option {
    int key;
    const char **place;
} oc_text_option;

/* Takes the text of one of them; refuses arguments that are no options. For the end of an argp parser that has no other
 * keys. */
error_t oc_take_text(const oc_text_option *options, size_t count, int key, const char *text,
                     const struct argp_state *state);

/* "contact" or "contactless". */
enum oc_card_interface oc_take_interface(const char *text, const struct argp_state *state);

/* Decimal digits and nothing else, from `low` to `high`. */
uint64_t oc_take_number(const char *text, uint64_t low, uint64_t high, const struct argp_state *state);

#endif
