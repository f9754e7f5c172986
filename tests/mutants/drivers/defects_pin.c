/* SPDX-License-Identifier: Apache-2.0 */
/* Defects of the PIN functions. */
#include "tests/mutants/drivers/driver_defect.h"

/* A wrong PIN is presented once more, in case the card did not understand. */
static oc_result pin_retried(const struct driver_exchange *x)
{
    OC_TRY(right_exchange(x));
    return !x->is_psam && x->apdu->ins == VERIFY && (x->sw->value & 0xFFF0u) == 0x63C0u ? right_exchange(x) : oc_ok();
}

static oc_result pin_not_presented(const struct driver_exchange *x)
{
    return !x->is_psam && x->apdu->ins == VERIFY ? make_answer(x, NULL, 0) : right_exchange(x);
}

static oc_result change_not_sent(const struct driver_exchange *x)
{
    return !x->is_psam && x->apdu->ins == CHANGE_PIN ? make_answer(x, NULL, 0) : right_exchange(x);
}

static long wrong_pin_code(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    return code == OC_CODE_PIN_WRONG ? OC_CODE_CARD_TYPE : code;
}

static long cancelled_is_wrong(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    return code == OC_CODE_PIN_CANCELLED || code == OC_CODE_PIN_TIMED_OUT ? OC_CODE_PIN_WRONG : code;
}

static long locked_is_wrong(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    return code == OC_CODE_PIN_LOCKED ? OC_CODE_PIN_WRONG : code;
}

const struct driver_defect driver_pin_defects[] = {
    {.name = "pin-retried", .exchange = pin_retried},
    {.name = "pin-not-presented", .exchange = pin_not_presented},
    {.name = "change-not-sent", .exchange = change_not_sent},
    {.name = "wrong-pin-code", .serve = wrong_pin_code},
    {.name = "cancelled-is-wrong", .serve = cancelled_is_wrong},
    {.name = "locked-is-wrong", .serve = locked_is_wrong},
    {.name = "entries-not-compared", .again_is_new = true},
    {.name = "initial-pin-ignored", .no_pin_is_initial = true},
    {.name = NULL},
};
