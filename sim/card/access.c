/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

bool oc_card_pin_verified(const oc_card *card)
{
    return card->session.pin_verified;
}

void oc_card_set_pin_verified(oc_card *card, bool verified)
{
    card->session.pin_verified = verified;
}

size_t oc_card_take_challenge(oc_card *card, uint8_t out[OC_CHALLENGE_MAX])
{
    size_t len = card->session.challenge_len;
    memcpy(out, card->session.challenge, len);
    card->session.challenge_len = 0;
    return len;
}

void oc_card_set_key_passed(oc_card *card, uint8_t id, bool passed)
{
    uint8_t bit = (uint8_t)(1u << (id % 8));
    uint8_t *byte = &card->session.keys[id / 8];
    *byte = passed ? (uint8_t)(*byte | bit) : (uint8_t)(*byte & ~bit);
}

uint32_t oc_card_key_dir(const oc_card_context *context, uint8_t id)
{
    oc_stored_key master;
    oc_key_query query = {OC_KEY_KIND_MASTER, id, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    bool own_master = id == OC_KEY_MASTER_ID && oc_key_find(context->nvm, context->dir, &query, &master);
    oc_wipe(&master, sizeof master);
    return (id & 0x80) != 0 || own_master ? context->dir : context->environment;
}

/* Rows in the order of enum oc_rule: does the rule hold, by (PIN verified, key passed)? */
static const bool rule_holds[][2][2] = {
    [OC_RULE_FREE] = {{true, true}, {true, true}},        [OC_RULE_PIN] = {{false, false}, {true, true}},
    [OC_RULE_KEY] = {{false, true}, {false, true}},       [OC_RULE_PIN_AND_KEY] = {{false, false}, {false, true}},
    [OC_RULE_PIN_OR_KEY] = {{false, true}, {true, true}}, [OC_RULE_NEVER] = {{false, false}, {false, false}},
};

oc_sw oc_card_access(const oc_card *card, oc_access_rule rule)
{
    bool granted;
    if (!oc_card_issued(card)) {
        granted = card->session.transport_checked;
    } else {
        granted = rule.rule <= OC_RULE_NEVER &&
                  rule_holds[rule.rule][card->session.pin_verified][oc_card_key_passed(card, rule.key_id)];
    }
    return oc_sw_of(granted ? OC_SW_OK : OC_SW_SECURITY_STATUS);
}

oc_sw oc_card_ef(oc_card_context *context, uint8_t sfi, oc_ef *ef)
{
    oc_session *session = &context->card->session;
    uint32_t file = sfi == 0 ? session->ef : oc_fs_child_by_sfi(context->nvm, context->dir, sfi);
    if (file == OC_FS_NONE) {
        return oc_sw_of(sfi == 0 ? OC_SW_NO_CURRENT_EF : OC_SW_FILE_NOT_FOUND);
    }
    session->ef = file;
    oc_fs_load_ef(context->nvm, file, ef);
    return oc_sw_of(OC_SW_OK);
}

void oc_card_give(oc_card_context *context, uint32_t at, size_t len)
{
    oc_wr *out = &context->out;
    if (len > out->room - out->len) {
        out->bad = true;
        return;
    }
    oc_nvm_read(context->nvm, at, out->at + out->len, len);
    out->len += len;
}
