/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ecard/voucher.h"

#include <stdio.h>

#include "sim/host/json.h"
#include "sim/host/medical/call.h"

#define DATA "data."
#define JSON "json:"

static oc_result put_text(json_t *object, const char *name, oc_span text)
{
    return oc_json_set_text(object, name, text);
}

static oc_result begin(json_t *object, int code, const char *message)
{
    json_object_set_new(object, "code", json_integer(code));
    return json_object_set_new(object, "message", json_string(message)) == 0 ? oc_ok() : oc_fail(OC_E_MEMORY);
}

static oc_result refuse(json_t *object, const char *rule, const char *field, const char *zh, const char *en)
{
    char text[1024];
    snprintf(text, sizeof text, "[%s%s%s] %s / %s", rule, field[0] == '\0' ? "" : " ", field, zh, en);
    return begin(object, -1, text);
}

/* The first flaw of the request is answered. */
static oc_result check(const oc_med_message *form, const json_t *request, json_t *object)
{
    oc_med_findings findings = {0};
    if (strcmp(oc_med_text(request, "transType"), OC_VOUCHER_QUERY) != 0) {
        return refuse(object, "dictionary", "transType", "交易类型应为ec.query",
                      "the kind of transaction is ec.query");
    }
    if (oc_med_text(request, "orgId")[0] == '\0') {
        return refuse(object, oc_med_flaw_word(OC_MED_FLAW_MISSING), "orgId", oc_med_flaw_zh(OC_MED_FLAW_MISSING),
                      oc_med_flaw_en(OC_MED_FLAW_MISSING));
    }
    oc_med_check_content(form, true, request, &findings);
    const oc_med_finding *fault = oc_med_first_fault(&findings);
    if (fault != NULL) {
        return refuse(object, oc_med_flaw_word(fault->flaw), fault->path, oc_med_flaw_zh(fault->flaw),
                      fault->expected);
    }
    return oc_med_text(json_object_get(request, "data"), "ecQrCode")[0] == '\0'
               ? refuse(object, "SCANNER", "data.ecQrCode", "没有扫码设备，应传入二维码",
                        "there is no scanner here: the code has to be sent")
               : oc_ok();
}

/* `voucher` receives what ecard-query answers. */
static oc_result take_code(oc_ecard *ecard, const char *code, oc_fields *voucher, oc_diag *diag)
{
    oc_fields in = {0};
    oc_result r = oc_fields_set_text(&in, "token", code);
    r = oc_is_ok(r) ? oc_ecard_message(ecard, "ecard-query", &in, voucher, diag) : r;
    oc_fields_free(&in);
    return r;
}

static oc_result tell_person(const oc_region *region, const oc_fields *voucher, json_t *object)
{
    json_t *data = json_object();
    OC_TRY(begin(object, 0, "成功"));
    if (json_object_set_new(object, "data", data) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(put_text(data, "idNo", oc_fields_span(voucher, "id-number")));
    OC_TRY(put_text(data, "userName", oc_fields_span(voucher, "name")));
    OC_TRY(put_text(data, "ecToken", oc_fields_span(voucher, "ec-token")));
    OC_TRY(put_text(data, "idType", oc_span_text("01")));
    return put_text(data, "insuOrg", oc_span_text(oc_region_admdvs(region)));
}

static void reason_of(const oc_fields *voucher, char out[OC_MED_REFUSAL])
{
    oc_span reason = oc_fields_span(voucher, "reason");
    snprintf(out, OC_MED_REFUSAL, "%.*s", (int)reason.len, reason.len == 0 ? "" : (const char *)reason.at);
}

static oc_result answer_request(oc_ecard *ecard, const oc_region *region, const json_t *request, json_t *object,
                                oc_diag *diag)
{
    const oc_med_message *form = oc_region_message(region, OC_VOUCHER_QUERY);
    oc_fields voucher = {0};
    char why[OC_MED_REFUSAL];
    if (form == NULL) {
        return oc_diag_fail(diag, OC_E_NOT_FOUND, "the region's tables have no message " OC_VOUCHER_QUERY);
    }
    OC_TRY(check(form, request, object));
    if (json_object_size(object) > 0) {
        return oc_ok();
    }
    oc_result r = take_code(ecard, oc_med_text(json_object_get(request, "data"), "ecQrCode"), &voucher, diag);
    if (oc_is_ok(r)) {
        reason_of(&voucher, why);
        r = why[0] != '\0' ? refuse(object, "VOUCHER", "data.ecQrCode", "二维码无效", why)
                           : tell_person(region, &voucher, object);
    }
    oc_fields_free(&voucher);
    return r;
}

oc_result oc_voucher_query(oc_ecard *ecard, const oc_region *region, oc_span body, oc_buf *answer, oc_diag *diag)
{
    oc_diag why = {0};
    json_t *request = NULL;
    json_t *object = json_object();
    oc_buf_clear(answer);
    oc_result r = oc_json_parse(&request, body, &why);
    if (r.code == OC_E_FORMAT || r.code == OC_E_LIMIT || (oc_is_ok(r) && !json_is_object(request))) {
        r = refuse(object, "JSON", "", "报文不是合法的JSON", oc_is_ok(r) ? "the request is no object" : why.reason);
    } else if (oc_is_ok(r)) {
        r = answer_request(ecard, region, request, object, diag);
    }
    r = oc_is_ok(r) ? oc_json_print(answer, object) : r;
    json_decref(request);
    json_decref(object);
    return r;
}

oc_result oc_voucher_read_code(void *context, const char *code, oc_med_reading *out, char refusal[OC_MED_REFUSAL],
                               oc_diag *diag)
{
    oc_fields voucher = {0};
    oc_result r = take_code(context, code, &voucher, diag);
    if (oc_is_ok(r)) {
        oc_span token = oc_fields_span(&voucher, "ec-token");
        reason_of(&voucher, refusal);
        snprintf(out->cert_type, sizeof out->cert_type, "01");
        snprintf(out->cert_no, sizeof out->cert_no, "%.*s", (int)token.len,
                 token.len == 0 ? "" : (const char *)token.at);
    }
    oc_fields_free(&voucher);
    return r;
}

static oc_result put_sent(json_t *request, const oc_field *field, oc_diag *diag)
{
    bool inside = strncmp(field->name, DATA, sizeof DATA - 1) == 0;
    bool known = inside || strcmp(field->name, "orgId") == 0 || strcmp(field->name, "transType") == 0;
    const char *name = inside ? field->name + sizeof DATA - 1 : field->name;
    json_t *object = inside ? json_object_get(request, "data") : request;
    if (!known) {
        return oc_diag_fail(diag, OC_E_USAGE, OC_VOUCHER_QUERY " has data.FIELD, orgId and transType, no %s",
                            field->name);
    }
    if (field->value.len == 0) {
        json_object_del(object, name);
        return oc_ok();
    }
    oc_span text = oc_buf_span(&field->value);
    if (!oc_span_equal(oc_span_slice(text, 0, sizeof JSON - 1), oc_span_text(JSON))) {
        return put_text(object, name, text);
    }
    text = oc_span_slice(text, sizeof JSON - 1, SIZE_MAX);
    json_t *value = json_loadb((const char *)text.at, text.len, JSON_DECODE_ANY, NULL);
    return json_object_set_new(object, name, value) == 0
               ? oc_ok()
               : oc_diag_fail(diag, OC_E_USAGE, "%s: the value is no JSON", field->name);
}

oc_result oc_voucher_message(const oc_region *region, const oc_fields *in, oc_buf *out, oc_diag *diag)
{
    const oc_med_message *form = oc_region_message(region, OC_VOUCHER_QUERY);
    if (form == NULL) {
        return oc_diag_fail(diag, OC_E_USAGE, "the region's tables have no message " OC_VOUCHER_QUERY);
    }
    json_t *request = json_pack("{s:{},s:s,s:s}", "data", "orgId", form->in[0].fields[0].sample, "transType",
                                OC_VOUCHER_QUERY);
    oc_result r = request == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    for (size_t i = 0; i < form->in[0].field_count && oc_is_ok(r); i++) {
        const oc_med_field *field = &form->in[0].fields[i];
        r = field->sample == NULL
                ? r
                : put_text(json_object_get(request, "data"), field->name, oc_span_text(field->sample));
    }
    for (size_t i = 0; i < in->count && oc_is_ok(r); i++) {
        r = put_sent(request, &in->at[i], diag);
    }
    oc_buf_clear(out);
    r = oc_is_ok(r) ? oc_json_print(out, request) : r;
    json_decref(request);
    return r;
}

oc_result oc_voucher_read(oc_span answer, oc_fields *out, oc_diag *diag)
{
    json_t *object = NULL;
    const char *name;
    json_t *value;
    char text[24];
    oc_fields_free(out);
    if (!oc_is_ok(oc_json_parse(&object, answer, diag)) || !json_is_integer(json_object_get(object, "code"))) {
        json_decref(object);
        return oc_fail(OC_E_GARBAGE);
    }
    snprintf(text, sizeof text, "%d", (int)json_integer_value(json_object_get(object, "code")));
    oc_result r = oc_fields_set_text(out, "code", text);
    r = oc_is_ok(r) ? oc_fields_set_text(out, "message", oc_med_text(object, "message")) : r;
    json_object_foreach(json_object_get(object, "data"), name, value)
    {
        char path[OC_FIELD_NAME_MAX];
        snprintf(path, sizeof path, DATA "%.40s", name);
        r = oc_is_ok(r) && json_is_string(value) ? oc_fields_set_text(out, path, json_string_value(value)) : r;
    }
    json_decref(object);
    return r;
}
