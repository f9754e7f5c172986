/* SPDX-License-Identifier: Apache-2.0 */
/* Defects of the steps that carry strings to the HSM and back. */
#include <stdio.h>

#include "tests/mutants/drivers/driver_defect.h"

#define ARGUMENTS_MAX 8
#define PKEY 32

static bool is_step(const char *function, const char *step)
{
    size_t len = strlen(function);
    return len > strlen(step) && strcmp(function + len - strlen(step), step) == 0;
}

/* What Step2 takes is thrown away, and so is what the card says to it. */
static long pkey_not_checked(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (is_step(function, "_HSM_Step2") && code != OC_CODE_NOT_CONNECTED) {
        out[0] = code != OC_CODE_OK ? '\0' : out[0];
        return OC_CODE_OK;
    }
    return code;
}

/* pKey is read as far as it is needed. */
static long pkey_cut(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    char pkey[PKEY + 1];
    oc_driver_argument altered[ARGUMENTS_MAX];
    size_t at = find_argument(arguments, count, "key-data");
    memcpy(altered, arguments, count * sizeof altered[0]);
    if (strcmp(function, "iReadCard_HSM_Step2") == 0 && at < count && arguments[at].text != NULL) {
        snprintf(pkey, sizeof pkey, "%.32s", arguments[at].text);
        altered[at].text = pkey;
    }
    return right_serve(function, altered, count, out);
}

/* A card that is gone in Step2 is looked for again, and whatever is there is read. */
static long any_card(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static const oc_driver_argument contact[] = {{"type", NULL, true, 1}};
    long code = right_serve(function, arguments, count, out);
    bool is_gone = code == OC_CODE_NO_CARD || code == OC_CODE_NO_ANSWER;
    return is_gone && strcmp(function, "iReadCardBas_HSM_Step2") == 0 ? right_serve("iReadCardBas", contact, 1, out)
                                                                      : code;
}

/* Item `number` of what a Step1 gives, counted from 1, has `text` in its beginning. */
static void overwrite(char *out, unsigned number, const char *text)
{
    for (; number > 1 && *out != '\0'; out++) {
        number -= *out == '|';
    }
    if (strlen(out) >= strlen(text)) {
        memcpy(out, text, strlen(text));
    }
}

static long algorithm_unknown(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == OC_CODE_OK && strcmp(function, "iReadCardBas_HSM_Step1") == 0) {
        overwrite(out, 3, "07");
    }
    return code;
}

/* The key of writing for reading. */
static long wrong_key_address(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == OC_CODE_OK && strcmp(function, "iReadCard_HSM_Step1") == 0) {
        overwrite(out, 2, "0009");
    }
    return code;
}

const struct driver_defect driver_hsm_defects[] = {
    {.name = "hsm-pkey-not-checked", .serve = pkey_not_checked},
    {.name = "hsm-pkey-cut", .serve = pkey_cut},
    {.name = "hsm-any-card", .serve = any_card},
    {.name = "hsm-algorithm-unknown", .serve = algorithm_unknown},
    {.name = "hsm-wrong-key-address", .serve = wrong_key_address},
    {.name = NULL},
};
