/* SPDX-License-Identifier: Apache-2.0 */
/* Readers and the session with them, and the codes that tell of their silence. */
#include "tests/mutants/drivers/boundary.h"

static int no_card_is_reader(int code)
{
    return code == OC_CODE_NO_CARD ? OC_CODE_READER : code;
}

static int silent_is_success(int code)
{
    return code == OC_CODE_NO_ANSWER ? OC_CODE_OK : code;
}

static int silent_is_type(int code)
{
    return code == OC_CODE_NO_ANSWER ? OC_CODE_CARD_TYPE : code;
}

static int no_psam_is_silent(int code)
{
    return code == OC_CODE_NO_PSAM ? OC_CODE_NO_ANSWER : code;
}

/* The result is an int that is taken for unsigned on its way to long. */
static long unsigned_result(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    return (long)(unsigned)driver_right_serve(function, arguments, count, out);
}

static long not_offered(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    if (strcmp(function, "iUnblockPIN") == 0) {
        out[0] = '\0';
        return OC_CODE_NOT_SUPPORTED;
    }
    return driver_right_serve(function, arguments, count, out);
}

static const struct mutant rows[] = {
    {.id = "terminal.driver.no-card-is-reader", DRIVER(.code = no_card_is_reader)},
    {.id = "terminal.driver.silent-is-success", DRIVER(.code = silent_is_success)},
    {.id = "terminal.driver.silent-is-type", DRIVER(.code = silent_is_type)},
    {.id = "terminal.driver.no-psam-is-silent", DRIVER(.code = no_psam_is_silent)},
    {.id = "terminal.driver.unsigned-result", DRIVER(.serve = unsigned_result)},
    {.id = "terminal.driver.not-offered", DRIVER(.serve = not_offered)},
    {.id = "terminal.driver.no-reset", DRIVER(.links_stay = true)},
    {.id = "terminal.driver.left-open", DRIVER(.failure_leaves_open = true)},
    {.id = "terminal.driver.slots-swapped", DRIVER(.slots_swapped = true)},
};
MUTANT_TABLE(rows);
