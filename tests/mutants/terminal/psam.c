/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal's dialogue with its PSAM. */
#include "tests/mutants/terminal/seam.h"

MUTANT_WRAPS(oc_result, oc_call_reset_psam, struct oc_call *call);

/* It is taken to be on, as it was for the last card. */
oc_result __wrap_oc_call_reset_psam(struct oc_call *call)
{
    unsigned *resets = &terminal_memory()->count[0];
    return mutant_is("terminal.psam.not-reset") && (*resets)++ > 0 ? oc_ok() : __real_oc_call_reset_psam(call);
}

/* A card without a PSAM is read, and a terminal number made up. */
static oc_result number_made_up(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    if (call->parts->psam == NULL) {
        call->code = OC_CODE_OK;
        memset(call->session->terminal_number, 0x99, sizeof call->session->terminal_number);
    }
    return oc_ok();
}

static oc_result number_of_zeros(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    memset(call->session->terminal_number, 0, sizeof call->session->terminal_number);
    return oc_ok();
}

static oc_result index_assumed(struct oc_call *call, oc_step *right)
{
    (void)right;
    call->session->transaction.index = 0x01;
    return oc_ok();
}

static oc_result index_plus_one(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->session->transaction.index++;
    return oc_ok();
}

/* The two slots are confused: what is the PSAM's to judge goes to the card, whose answer is taken for the PSAM's. */
static oc_result mac2_to_card(const struct terminal_exchange *x)
{
    struct terminal_exchange other = *x;
    if (x->is_psam && x->apdu->ins == INS_PSAM_CHECK_MAC2) {
        other.link = terminal_link(false);
        other.is_psam = false;
        OC_TRY(terminal_right_exchange(&other));
        return terminal_make_answer(x, oc_span_empty(), OC_SW_OK);
    }
    return terminal_right_exchange(x);
}

/* The card's factor is taken for the city's. */
static oc_result one_factor(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    memcpy(call->session->card.city, call->session->card.factor, sizeof call->session->card.city);
    return oc_ok();
}

static oc_result province_for_city(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    memcpy(call->session->card.city, call->session->card.province, sizeof call->session->card.city);
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "terminal.psam.missing-is-no-card", TERMINAL(.codes = {{OC_CODE_NO_PSAM, OC_CODE_NO_CARD}})},
    {.id = "terminal.psam.number-made-up", TERMINAL(.steps = {{oc_step_psam_if_there, number_made_up}})},
    {.id = "terminal.psam.number-of-zeros",
     TERMINAL(.steps = {{oc_step_psam_if_there, number_of_zeros}, {oc_step_psam, number_of_zeros}})},
    {.id = "terminal.psam.level-is-missing", TERMINAL(.codes = {{OC_CODE_PSAM_LEVEL, -27272}})},
    {.id = "terminal.psam.read-key-is-algorithm",
     TERMINAL(.codes = {{OC_CODE_PSAM_READ_KEY, OC_CODE_PSAM_ALGORITHM}})},
    {.id = "terminal.psam.algorithm-is-missing", TERMINAL(.codes = {{OC_CODE_PSAM_ALGORITHM, -27272}})},
    {.id = "terminal.psam.no-debit-is-check", TERMINAL(.codes = {{-37891, OC_CODE_CHECK}})},
    {.id = "terminal.psam.index-assumed", TERMINAL(.steps = {{oc_step_psam_purchase, index_assumed}})},
    {.id = "terminal.psam.index-plus-one", TERMINAL(.steps = {{oc_step_psam_purchase, index_plus_one}})},
    {.id = "terminal.psam.mac2-to-card", TERMINAL(.exchange = mac2_to_card)},
    {.id = "terminal.psam.one-factor", TERMINAL(.steps = {{oc_step_identify, one_factor}})},
    {.id = "terminal.psam.province-for-city", TERMINAL(.steps = {{oc_step_identify, province_for_city}})},
    {.id = "terminal.psam.not-reset"},
};
MUTANT_TABLE(rows);
