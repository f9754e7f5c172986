/* SPDX-License-Identifier: Apache-2.0 */
/* Defects of how cards are identified, proved and read, and of the session. */
#include <stdio.h>

#include "tests/mutants/drivers/driver_defect.h"

#define ARGUMENTS_MAX 8
#define ROOM 65536

/* A card is genuine if it is one at all. */
static oc_result no_internal_auth(const struct driver_exchange *x)
{
    static const uint8_t nothing[8];
    return !x->is_psam && x->apdu->ins == INTERNAL_AUTH ? make_answer(x, nothing, sizeof nothing) : right_exchange(x);
}

static oc_result no_external_auth(const struct driver_exchange *x)
{
    return !x->is_psam && x->apdu->ins == EXTERNAL_AUTH ? make_answer(x, NULL, 0) : right_exchange(x);
}

/* Tries to write, and proves itself only then. */
static oc_result writes_first(const struct driver_exchange *x)
{
    static const uint8_t record[] = {0x2A, 0x01, 0x30};
    static const oc_apdu update = {.ins = UPDATE_RECORD, .p1 = 0x2A, .p2 = 0x07 << 3, .data = {record, sizeof record}};
    if (!x->is_psam && x->apdu->ins == GET_CHALLENGE && strncmp(x->function, "iWriteCard", 10) == 0) {
        struct driver_exchange first = *x;
        first.apdu = &update;
        OC_TRY(right_exchange(&first));
    }
    return right_exchange(x);
}

/* pCardInfo becomes what the card in the reader has. */
static long card_info_ignored(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static const oc_driver_argument contact[] = {{"type", NULL, true, 1}};
    static char basic[ROOM];
    static char info[ROOM];
    long code = right_serve(function, arguments, count, out);
    size_t at = find_argument(arguments, count, "card-info");
    if (code != OC_CODE_OTHER_CARD || at == count || right_serve("iReadCardBas", contact, 1, basic) != 0) {
        return code;
    }
    char *items[4];
    char *rest = basic;
    for (unsigned i = 0; i < 4; i++) {
        items[i] = strsep(&rest, "|");
    }
    if (items[3] == NULL) {
        return code;
    }
    snprintf(info, sizeof info, "%s|%s|", items[3], items[2]);
    oc_driver_argument altered[ARGUMENTS_MAX];
    memcpy(altered, arguments, count * sizeof altered[0]);
    altered[at].text = info;
    return right_serve(function, altered, count, out);
}

static long any_type(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    size_t at = find_argument(arguments, count, "type");
    oc_driver_argument altered[ARGUMENTS_MAX];
    memcpy(altered, arguments, count * sizeof altered[0]);
    if (at < count && (arguments[at].number < 1 || arguments[at].number > 4)) {
        altered[at].number = 1;
    }
    return right_serve(function, altered, count, out);
}

static long first_file_only(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static char address[ROOM];
    size_t at = find_argument(arguments, count, "file-addr");
    if (strcmp(function, "iReadCard") != 0 || at == count || arguments[at].text == NULL) {
        return right_serve(function, arguments, count, out);
    }
    snprintf(address, sizeof address, "%s", arguments[at].text);
    char *end = strchr(address, '$');
    if (end != NULL) {
        end[1] = '\0';
    }
    oc_driver_argument altered[ARGUMENTS_MAX];
    memcpy(altered, arguments, count * sizeof altered[0]);
    altered[at].text = address;
    return right_serve(function, altered, count, out);
}

/* What was read once is read for ever. */
static long cached_card(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static char cached[ROOM];
    if (strcmp(function, "iReadCardBas") != 0) {
        return right_serve(function, arguments, count, out);
    }
    if (cached[0] != '\0') {
        snprintf(out, ROOM, "%s", cached);
        return OC_CODE_OK;
    }
    long code = right_serve(function, arguments, count, out);
    if (code == OC_CODE_OK) {
        snprintf(cached, sizeof cached, "%s", out);
    }
    return code;
}

static long step_out_of_order(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == OC_CODE_NOT_CONNECTED) {
        out[0] = '\0';
        return OC_CODE_OK;
    }
    return code;
}

const struct driver_defect driver_card_defects[] = {
    {.name = "no-internal-auth", .exchange = no_internal_auth, .cryptogram_is_taken = true},
    {.name = "cryptogram-not-compared", .cryptogram_is_taken = true},
    {.name = "no-external-auth", .exchange = no_external_auth},
    {.name = "challenge-fixed", .random_is_fixed = true},
    {.name = "writes-before-auth", .exchange = writes_first},
    {.name = "card-info-ignored", .serve = card_info_ignored},
    {.name = "any-type", .serve = any_type},
    {.name = "first-file-only", .serve = first_file_only},
    {.name = "cached-card", .serve = cached_card},
    {.name = "step-out-of-order", .serve = step_out_of_order},
    {.name = "no-reset", .links_stay = true},
    {.name = "left-open", .failure_leaves_open = true},
    {.name = NULL},
};
