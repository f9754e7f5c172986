/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MESSAGE_FIELDS_H
#define OC_HOST_MESSAGE_FIELDS_H

#include "sim/base/fields.h"

/* The fields of each message as data. */

#define OC_FIELD_OPEN_MAX 4096

enum oc_field_form { OC_FORM_BYTES, OC_FORM_TEXT /* printable ASCII */, OC_FORM_DIGITS /* packed digits */ };

struct oc_field_rule {
    const char *name;
    uint8_t len; /* bytes, exactly; 0: 1 to OC_FIELD_OPEN_MAX */
    enum oc_field_form form;
    bool required;
    uint8_t otherwise[8]; /* the value of an optional field that is absent; meaningless for factors */
};

struct oc_message_form {
    const char *name;
    const struct oc_field_rule *rules;
    size_t count;
};

extern const struct oc_message_form oc_form_card_debit;
extern const struct oc_message_form oc_form_card_load;
extern const struct oc_message_form oc_form_totals;
extern const struct oc_message_form oc_form_internal_auth;
extern const struct oc_message_form oc_form_signed_application;
extern const struct oc_message_form oc_form_hsm_basic;
extern const struct oc_message_form oc_form_hsm_external;
extern const struct oc_message_form oc_form_hsm_secure_message;
extern const struct oc_message_form oc_form_hsm_debit;
extern const struct oc_message_form oc_form_hsm_debit_check;

/* True when every field obeys its rule. Otherwise `why` receives one sentence that names the field, never a value. */
bool oc_message_obeys(const struct oc_message_form *form, const oc_fields *in, char *why, size_t room);

/* The value of a field of a message that obeys its form; absent ones by their rule. */
oc_span oc_message_value(const struct oc_message_form *form, const oc_fields *in, const char *name);

#endif
