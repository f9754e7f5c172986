/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers the questions for keys, and what he is told of the card under test. */
#include "conformance/run/world_internal.h"
#include "sim/base/atr.h"
#include "sim/base/hex.h"
#include "sim/crypto/ssc.h"
#include "sim/link/apdu.h"

#define CARD_ID_LEN 16

/* Beside the terminal's PSAM, so that neither disturbs the other. */
static oc_result open_virtual_psam(oc_world *world, const oc_keys_parts *parts, oc_diag *diag)
{
    oc_link *link = NULL;
    if (!oc_profile_can_issue(world->plan.profile)) {
        return oc_diag_fail(diag, OC_E_USAGE, "a virtual PSAM is made from a profile that can issue its card");
    }
    OC_TRY(oc_crypto_new(&world->keys_crypto));
    OC_TRY(oc_issuer_make_psam(&world->keys_psam, world->plan.psam_os, world->keys_crypto, world->plan.profile, diag));
    OC_TRY(oc_card_image_take(&world->keys_image, world->keys_psam));
    OC_TRY(oc_link_inproc(&link, oc_card_endpoint(world->keys_psam)));
    return oc_keys_psam(&world->keys, link, parts);
}

oc_result oc_world_open_keys(oc_world *world, oc_diag *diag)
{
    const oc_world_plan *plan = &world->plan;
    const oc_keys_parts parts = {
        .profile = plan->profile, .crypto = world->terminal_crypto, .timeout_ms = plan->timeout_ms};
    if (plan->keys->kind == OC_KEYS_PSAM_VIRTUAL) {
        return open_virtual_psam(world, &parts, diag);
    }
    return oc_keys_spec_open(&world->keys, plan->keys, &parts, diag);
}

static bool profile_knows(const oc_world *world, const char *reference)
{
    oc_buf value = {0};
    bool known = oc_is_ok(oc_profile_value(world->plan.profile, reference, &value));
    oc_buf_free(&value);
    return known;
}

/* The card id code, record 01 of EF05 in the SSSE, which everybody may read (ssc-card sheet 4.1 and 4.3); its first six
 * digits are the city's. */
static bool read_area(oc_world *world, char area[7])
{
    const oc_apdu read = {.ins = 0xB2, .p1 = 0x01, .p2 = 0x05 << 3, .has_le = true, .le = 2 + CARD_ID_LEN};
    oc_buf name = {0};
    oc_buf answer = {0};
    oc_sw sw = oc_sw_of(0);
    oc_result r = oc_profile_value(world->plan.profile, "SSSE/name", &name);
    if (oc_is_ok(r)) {
        const oc_apdu select = {.ins = 0xA4, .p1 = 0x04, .data = oc_buf_span(&name), .has_le = true};
        r = oc_apdu_transmit(world->card_link, &select, &answer, &sw, NULL);
    }
    if (oc_is_ok(r) && oc_sw_ok(sw)) {
        r = oc_apdu_transmit(world->card_link, &read, &answer, &sw, NULL);
    }
    bool there = oc_is_ok(r) && oc_sw_ok(sw) && answer.len == 2 + CARD_ID_LEN;
    if (there) {
        oc_hex_encode(area, 7, oc_span_slice(oc_buf_span(&answer), 2, 3));
    }
    oc_buf_free(&name);
    oc_buf_free(&answer);
    return there;
}

oc_result oc_world_learn_card(oc_world *world, oc_diag *diag)
{
    if (world->card_learned || world->plan.keys->kind == OC_KEYS_NONE) {
        return oc_ok();
    }
    if (profile_knows(world, "factor/card") && profile_knows(world, "factor/city")) {
        world->card_learned = true;
        return oc_ok();
    }
    if (world->recorded != NULL && world->recorded->step_count > 0 && world->recorded->steps[0].count <= 2) {
        return oc_ok(); /* an earlier case of the run had read them */
    }
    oc_key_card card;
    char area[7];
    bool known = oc_atr_factor(oc_buf_span(&world->atr), card.factors[2]) && read_area(world, area) &&
                 oc_is_ok(oc_ssc_province_factor(oc_span_text(area), card.factors[0])) &&
                 oc_is_ok(oc_ssc_city_factor(oc_span_text(area), card.factors[1]));
    if (known) {
        oc_key_provider_take_card(&world->keys, &card);
    }
    OC_TRY(oc_link_reset(world->card_link, OC_RESET_COLD, &world->atr, diag));
    world->card_learned = true;
    return oc_ok();
}
