/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/cross/cross.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "sim/base/hex.h"
#include "sim/host/cross/tables.h"
#include "sim/host/medical/call.h"

/* One message while it is answered. */
struct call {
    const oc_cross_parts *parts;
    const struct oc_cross_service *service;
    oc_fields in;
    oc_fields answer;
    oc_diag *diag;
    enum oc_cross_error error;
    char why[160]; /* UTF-8 */
};

/* Always OK, so that `return refuse(...)` ends a function. */
static oc_result refuse(struct call *call, enum oc_cross_error error, const char *sentence, const char *field)
{
    call->error = error;
    snprintf(call->why, sizeof call->why, "%s%s%s", sentence, field[0] == '\0' ? "" : "：", field);
    return oc_ok();
}

static oc_span value_of(const struct call *call, enum oc_cross_meaning meaning)
{
    const char *name = call->service->names[meaning];
    return name == NULL ? oc_span_empty() : oc_fields_span(&call->in, name);
}

/* Characters, not bytes: names are in UTF-8 here. */
static size_t length_of(oc_span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += (text.at[i] & 0xC0) != 0x80;
    }
    return count;
}

static bool has_form(oc_span text, enum oc_cross_form form)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = (char)text.at[i];
        bool digit = c >= '0' && c <= '9';
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if ((form == OC_CROSS_DIGITS && !digit) || (form == OC_CROSS_ALNUM && !digit && !letter) ||
            (form == OC_CROSS_HEX && oc_hex_digit(c) < 0)) {
            return false;
        }
    }
    return true;
}

static oc_result check_fields(struct call *call)
{
    for (size_t i = 0; i < call->service->count; i++) {
        const struct oc_cross_field *field = &call->service->fields[i];
        oc_span value = oc_fields_span(&call->in, field->name);
        size_t length = length_of(value);
        if (length == 0) {
            if (field->required) {
                return refuse(call, OC_CROSS_FIELD, "缺少字段", field->name);
            }
        } else if (length < field->least || length > field->most) {
            return refuse(call, OC_CROSS_FIELD, "字段长度不符", field->name);
        } else if (!has_form(value, field->form)) {
            return refuse(call, OC_CROSS_FIELD, "字段格式不符", field->name);
        }
    }
    oc_span number = oc_fields_span(&call->in, "transid");
    return number.len == 0 || oc_span_equal(number, oc_span_text(call->service->number))
               ? oc_ok()
               : refuse(call, OC_CROSS_FIELD, "交易编号不符", "transid");
}

static bool same(oc_span value, const char *text)
{
    return value.len == strlen(text) && strncasecmp((const char *)value.at, text, value.len) == 0;
}

/* The first meaning in which the message and the holder of the card differ; OC_CROSS_MEANINGS for none. What the
 * message does not have counts for nothing. */
static enum oc_cross_meaning difference(const struct call *call, const oc_med_person *person)
{
    const struct {
        enum oc_cross_meaning meaning;
        const char *text;
    } known[] = {{OC_CROSS_CARD_NUMBER, person->card_number},
                 {OC_CROSS_PERSON, person->id_number},
                 {OC_CROSS_NAME, person->name}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        oc_span value = value_of(call, known[i].meaning);
        if (value.len > 0 && !same(value, known[i].text)) {
            return known[i].meaning;
        }
    }
    return OC_CROSS_MEANINGS;
}

static oc_result check_card(struct call *call)
{
    char card_id[33];
    oc_med_person person;
    const char *state;
    oc_span id = value_of(call, OC_CROSS_CARD_ID);
    const char *field = call->service->names[OC_CROSS_CARD_ID];
    if (!oc_span_equal(value_of(call, OC_CROSS_REGION), oc_span_slice(id, 0, 6))) {
        return refuse(call, OC_CROSS_CARD, "卡识别码与参保地不符", field);
    }
    if (call->parts->medical == NULL) {
        return oc_ok();
    }
    snprintf(card_id, sizeof card_id, "%.*s", (int)id.len, (const char *)id.at);
    if (!oc_med_find_card(call->parts->medical, card_id, &person)) {
        return refuse(call, OC_CROSS_CARD, "查无此卡", field);
    }
    OC_TRY(oc_med_card_state(call->parts->medical, card_id, &state, call->diag));
    if (state != NULL) {
        return refuse(call, OC_CROSS_CARD, "该卡已挂失或已被更换", field);
    }
    enum oc_cross_meaning other = difference(call, &person);
    return other == OC_CROSS_MEANINGS ? oc_ok()
                                      : refuse(call, OC_CROSS_CARD, "与持卡人信息不符", call->service->names[other]);
}

/* The string of Step1, as a terminal would send it itself. */
static oc_result make_step1(const struct call *call, oc_buf *out)
{
    for (enum oc_cross_meaning i = OC_CROSS_REGION; i < OC_CROSS_STEP1_ITEMS; i++) {
        OC_TRY(oc_buf_append(out, value_of(call, i)));
        OC_TRY(oc_buf_append_byte(out, '|'));
    }
    return oc_ok();
}

/* Internal data | external data |. */
static oc_result take_pkey(struct call *call, oc_span pkey)
{
    const uint8_t *bar = pkey.len == 0 ? NULL : memchr(pkey.at, '|', pkey.len);
    size_t len = bar == NULL ? pkey.len : (size_t)(bar - pkey.at);
    oc_span external = oc_span_slice(pkey, len + 1, SIZE_MAX);
    if (external.len > 0) {
        external.len--; /* the bar that closes it */
    }
    OC_TRY(oc_fields_set(&call->answer, call->service->internal, oc_span_slice(pkey, 0, len)));
    return oc_fields_set(&call->answer, call->service->external, external);
}

static oc_result ask_hsm(struct call *call)
{
    oc_fields in = {0};
    oc_fields answer = {0};
    oc_buf step1 = {0};
    oc_result r = make_step1(call, &step1);
    r = oc_is_ok(r) ? oc_fields_set(&in, "step1", oc_buf_span(&step1)) : r;
    if (oc_is_ok(r)) {
        r = oc_host_message(call->parts->host, "hsm-basic", &in, &answer, call->diag);
        if (r.code == OC_E_UNAVAILABLE && !call->parts->key_is_needed) {
            r = refuse(call, OC_CROSS_KEY, "加密机无此密钥", "");
        } else if (oc_is_ok(r) && !oc_span_equal(oc_fields_span(&answer, "result"), oc_span_text("accepted"))) {
            r = refuse(call, OC_CROSS_KEY, "加密机拒绝", "");
        } else if (oc_is_ok(r)) {
            r = take_pkey(call, oc_fields_span(&answer, "pkey"));
        }
    }
    oc_fields_free(&in);
    oc_fields_free(&answer);
    oc_buf_free(&step1);
    return r;
}

static const struct oc_cross_service *find_service(const char *number)
{
    for (size_t i = 0; i < oc_cross_service_count; i++) {
        if (strcmp(oc_cross_services[i].number, number) == 0) {
            return &oc_cross_services[i];
        }
    }
    return NULL;
}

static oc_result serve(struct call *call, const char *number, oc_span body)
{
    oc_diag diag = {0};
    call->service = find_service(number);
    if (call->service == NULL) {
        return refuse(call, OC_CROSS_SERVICE, "无此服务", "");
    }
    oc_result r = oc_cross_read(&call->in, body, &diag);
    if (r.code == OC_E_FORMAT || r.code == OC_E_LIMIT) {
        return refuse(call, OC_CROSS_FORM, "报文不是GBK编码的XML", "");
    }
    OC_TRY(r);
    OC_TRY(check_fields(call));
    if (call->error == OC_CROSS_NONE) {
        OC_TRY(check_card(call));
    }
    if (call->error != OC_CROSS_NONE) {
        return oc_ok();
    }
    return call->service->internal != NULL
               ? ask_hsm(call)
               : oc_fields_set(&call->answer, call->service->names[OC_CROSS_REGION], value_of(call, OC_CROSS_REGION));
}

static oc_result finish(struct call *call, oc_buf *answer)
{
    char number[12];
    snprintf(number, sizeof number, "%d", (int)call->error);
    OC_TRY(oc_fields_set_text(&call->answer, "result", number));
    OC_TRY(oc_fields_set_text(&call->answer, "errorcode", number));
    OC_TRY(oc_fields_set_text(&call->answer, "errormsg", call->why));
    return oc_cross_write(answer, "output", &call->answer);
}

oc_result oc_cross_message(const oc_cross_parts *parts, const char *service, oc_span body, oc_buf *answer,
                           oc_diag *diag)
{
    struct call call = {.parts = parts, .diag = diag};
    oc_buf_clear(answer);
    oc_result r = serve(&call, service, body);
    r = oc_is_ok(r) ? finish(&call, answer) : r;
    oc_fields_free(&call.in);
    oc_fields_free(&call.answer);
    return r;
}
