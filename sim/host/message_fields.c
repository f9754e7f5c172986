/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/message_fields.h"

#include <stdio.h>

/* clang-format off */
#define FACTOR_RULES \
    {"factor", 8, OC_FORM_BYTES, false, {0}}, \
    {"city", 8, OC_FORM_BYTES, false, {0}}, \
    {"province", 8, OC_FORM_BYTES, false, {0}}

/* The type of a purchase is '2' in the PSAM's command (ssc-card sheet 7 and 8); version 1 is the card's default. */
static const struct oc_field_rule card_debit_rules[] = {
    {"card", 9, OC_FORM_TEXT, true, {0}},
    FACTOR_RULES,
    {"seq", 2, OC_FORM_BYTES, true, {0}},
    {"own", 4, OC_FORM_BYTES, true, {0}},
    {"cash", 4, OC_FORM_BYTES, false, {0}},
    {"pooled", 4, OC_FORM_BYTES, false, {0}},
    {"type", 1, OC_FORM_BYTES, false, {0x32}},
    {"terminal", 6, OC_FORM_BYTES, true, {0}},
    {"serial", 4, OC_FORM_BYTES, true, {0}},
    {"time", 7, OC_FORM_DIGITS, true, {0}},
    {"tac", 4, OC_FORM_BYTES, true, {0}},
    {"alg", 1, OC_FORM_BYTES, false, {0}},
    {"version", 1, OC_FORM_BYTES, false, {1}},
};

static const struct oc_field_rule card_load_rules[] = {
    {"card", 9, OC_FORM_TEXT, true, {0}},
    FACTOR_RULES,
    {"balance", 4, OC_FORM_BYTES, true, {0}},
    {"seq", 2, OC_FORM_BYTES, true, {0}},
    {"amount", 4, OC_FORM_BYTES, true, {0}},
    {"terminal", 6, OC_FORM_BYTES, true, {0}},
    {"time", 7, OC_FORM_DIGITS, true, {0}},
    {"tac", 4, OC_FORM_BYTES, true, {0}},
    {"alg", 1, OC_FORM_BYTES, false, {0}},
    {"version", 1, OC_FORM_BYTES, false, {1}},
};

static const struct oc_field_rule internal_auth_rules[] = {
    FACTOR_RULES,
    {"challenge", 8, OC_FORM_BYTES, true, {0}},
    {"text", 8, OC_FORM_BYTES, true, {0}},
    {"cryptogram", 8, OC_FORM_BYTES, true, {0}},
    {"version", 1, OC_FORM_BYTES, false, {1}},
};

static const struct oc_field_rule signed_application_rules[] = {
    {"certificate", 0, OC_FORM_BYTES, true, {0}},
    {"text", 0, OC_FORM_BYTES, true, {0}},
    {"signature", 64, OC_FORM_BYTES, true, {0}},
};

/* Texts as they travel between terminal and HSM; what is in them, hsm_read.c checks. */
#define CARD_RULES \
    {"card-id", 32, OC_FORM_TEXT, false, {0}}, \
    {"atr", 0, OC_FORM_TEXT, false, {0}}

static const struct oc_field_rule hsm_basic_rules[] = {
    {"step1", 0, OC_FORM_TEXT, true, {0}},
};

static const struct oc_field_rule hsm_external_rules[] = {
    {"step1", 0, OC_FORM_TEXT, true, {0}},
    CARD_RULES,
    {"business", 2, OC_FORM_TEXT, false, {0}},
};

static const struct oc_field_rule hsm_secure_message_rules[] = {
    {"step2", 0, OC_FORM_TEXT, true, {0}},
    CARD_RULES,
};

static const struct oc_field_rule hsm_debit_check_rules[] = {
    {"step1", 0, OC_FORM_TEXT, true, {0}},
    CARD_RULES,
    {"mac2", 8, OC_FORM_TEXT, true, {0}},
    {"tac", 8, OC_FORM_TEXT, true, {0}},
};
/* clang-format on */

#define FORM(name, rules)                                                                                             \
    {                                                                                                                 \
        name, rules, sizeof(rules) / sizeof((rules)[0])                                                               \
    }

const struct oc_message_form oc_form_card_debit = FORM("card-debit", card_debit_rules);
const struct oc_message_form oc_form_card_load = FORM("card-load", card_load_rules);
const struct oc_message_form oc_form_totals = {"totals", NULL, 0};
const struct oc_message_form oc_form_internal_auth = FORM("internal-auth", internal_auth_rules);

const struct oc_message_form oc_form_signed_application = FORM("signed-application", signed_application_rules);

const struct oc_message_form oc_form_hsm_basic = FORM("hsm-basic", hsm_basic_rules);
const struct oc_message_form oc_form_hsm_external = FORM("hsm-external", hsm_external_rules);
const struct oc_message_form oc_form_hsm_secure_message = FORM("hsm-secure-message", hsm_secure_message_rules);
/* Both take the same. */
const struct oc_message_form oc_form_hsm_debit = FORM("hsm-debit", hsm_external_rules);
const struct oc_message_form oc_form_hsm_debit_check = FORM("hsm-debit-check", hsm_debit_check_rules);

static const struct oc_field_rule *rule_of(const struct oc_message_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (strcmp(form->rules[i].name, name) == 0) {
            return &form->rules[i];
        }
    }
    return NULL;
}

static bool has_form(oc_span value, enum oc_field_form form)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t b = value.at[i];
        if (form == OC_FORM_TEXT && (b < 0x20 || b > 0x7E)) {
            return false;
        }
        if (form == OC_FORM_DIGITS && (b >> 4 > 9 || (b & 0x0F) > 9)) {
            return false;
        }
    }
    return true;
}

bool oc_message_obeys(const struct oc_message_form *form, const oc_fields *in, char *why, size_t room)
{
    for (size_t i = 0; i < in->count; i++) {
        if (rule_of(form, in->at[i].name) == NULL) {
            snprintf(why, room, "%s has no field '%s'", form->name, in->at[i].name);
            return false;
        }
    }
    for (size_t i = 0; i < form->count; i++) {
        const struct oc_field_rule *rule = &form->rules[i];
        const oc_buf *value = oc_fields_get(in, rule->name);
        if (value == NULL && rule->required) {
            snprintf(why, room, "field '%s' is missing", rule->name);
            return false;
        }
        if (value != NULL && rule->len == 0 && (value->len == 0 || value->len > OC_FIELD_OPEN_MAX)) {
            snprintf(why, room, "field '%s' has %zu bytes, not 1 to %d", rule->name, value->len, OC_FIELD_OPEN_MAX);
            return false;
        }
        if (value != NULL && rule->len != 0 && value->len != rule->len) {
            snprintf(why, room, "field '%s' has %zu bytes, not %u", rule->name, value->len, rule->len);
            return false;
        }
        if (value != NULL && !has_form(oc_buf_span(value), rule->form)) {
            snprintf(why, room, "field '%s' is not %s", rule->name,
                     rule->form == OC_FORM_TEXT ? "text" : "packed digits");
            return false;
        }
    }
    return true;
}

oc_span oc_message_value(const struct oc_message_form *form, const oc_fields *in, const char *name)
{
    const oc_buf *value = oc_fields_get(in, name);
    if (value != NULL) {
        return oc_buf_span(value);
    }
    const struct oc_field_rule *rule = rule_of(form, name);
    return rule == NULL ? oc_span_empty() : oc_span_of(rule->otherwise, rule->len);
}
