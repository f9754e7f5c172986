/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/hospital.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/host/json.h"
#include "sim/host/medical/money.h"
#include "sim/host/medical/signature.h"

struct oc_hospital {
    const oc_region *region;
    const oc_med_institution *institution;
    const oc_clock *clock;
    oc_med_signer *signer;
    unsigned serial;
    char msgid[64];
    char sign_no[31];
    char time[20];
};

oc_result oc_hospital_new(oc_hospital **out, const oc_region *region, const char *institution, const oc_clock *clock,
                          oc_diag *diag)
{
    *out = NULL;
    const oc_med_institution *found = oc_region_institution(region, institution);
    if (found == NULL) {
        return oc_diag_fail(diag, OC_E_NOT_FOUND, "region %s has no institution %s", oc_region_id(region),
                            institution);
    }
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    **out = (struct oc_hospital){.region = region, .institution = found, .clock = clock};
    oc_result r = oc_med_signer_new(&(*out)->signer, region);
    if (!oc_is_ok(r)) {
        oc_hospital_free(out);
    }
    return r;
}

void oc_hospital_free(oc_hospital **hospital)
{
    if (*hospital != NULL) {
        oc_med_signer_free(&(*hospital)->signer);
        free(*hospital);
        *hospital = NULL;
    }
}

void oc_hospital_set_serial(oc_hospital *hospital, unsigned serial)
{
    hospital->serial = serial;
}

const char *oc_hospital_msgid(const oc_hospital *hospital)
{
    return hospital->msgid;
}

static void next_message(oc_hospital *hospital)
{
    char text[32];
    char compact[15];
    size_t len = 0;
    oc_clock now = hospital->clock != NULL ? *hospital->clock : oc_clock_wall();
    now.zone_s = 8 * 3600;
    oc_clock_format(&now, text, sizeof text);
    snprintf(hospital->time, sizeof hospital->time, "%.10s %.8s", text, text + 11);
    for (const char *at = hospital->time; *at != '\0'; at++) {
        if (*at >= '0' && *at <= '9' && len < 14) {
            compact[len++] = *at;
        }
    }
    compact[len] = '\0';
    unsigned digits = oc_region_rules(hospital->region)->msgid_serial;
    digits = digits > 16 ? 16 : digits;
    unsigned long long modulus = 1;
    for (unsigned i = 0; i < digits; i++) {
        modulus *= 10;
    }
    snprintf(hospital->msgid, sizeof hospital->msgid, "%s%s%0*llu", hospital->institution->code, compact, (int)digits,
             ++hospital->serial % modulus);
}

static const char *sample_of(const oc_hospital *hospital, const oc_med_field *field, char day[11])
{
    if (field->sample == NULL || strcmp(field->sample, "now") == 0) {
        return field->sample == NULL ? NULL : hospital->time;
    }
    if (strcmp(field->sample, "today") == 0) {
        snprintf(day, 11, "%.10s", hospital->time);
        return day;
    }
    return field->sample;
}

/* A value as the field wants it: numbers as numbers where they read as such. */
static json_t *value_of(const oc_med_field *field, const char *text)
{
    int64_t number;
    if (strncmp(text, "json:", 5) == 0) {
        return json_loads(text + 5, JSON_DECODE_ANY, NULL);
    }
    if (field != NULL && field->type == OC_MED_DECIMAL && oc_med_decimal_text(text, field->decimals, &number)) {
        return json_real(strtod(text, NULL));
    }
    if (field != NULL && field->type == OC_MED_INTEGER && oc_med_decimal_text(text, 0, &number)) {
        return json_integer(number);
    }
    return json_string(text);
}

static const oc_med_field *field_named(const oc_med_node *node, const char *name)
{
    for (size_t i = 0; node != NULL && i < node->field_count; i++) {
        if (strcmp(node->fields[i].name, name) == 0) {
            return &node->fields[i];
        }
    }
    return NULL;
}

static void fill(const oc_hospital *hospital, const oc_med_node *node, json_t *object)
{
    for (size_t i = 0; i < node->field_count; i++) {
        char day[11];
        const char *sample = sample_of(hospital, &node->fields[i], day);
        if (sample != NULL) {
            json_object_set_new(object, node->fields[i].name, value_of(&node->fields[i], sample));
        }
    }
}

static const oc_med_node *node_named(const oc_med_message *form, const char *name, size_t len)
{
    for (size_t i = 0; i < form->in_count; i++) {
        if (strlen(form->in[i].name) == len && strncmp(form->in[i].name, name, len) == 0) {
            return &form->in[i];
        }
    }
    return NULL;
}

#define ELEMENTS_MAX 100

/* The object that NODE or NODE.N names, made with its samples where it is not there yet. */
static json_t *object_for(const oc_hospital *hospital, const oc_med_message *form, json_t *input, const char **path)
{
    char name[48];
    size_t len = strcspn(*path, ".");
    const oc_med_node *node = node_named(form, *path, len);
    snprintf(name, sizeof name, "%.*s", (int)len, *path);
    *path += len + ((*path)[len] == '.');
    json_t *there = json_object_get(input, name);
    if (node == NULL || !node->many) {
        if (there == NULL) {
            there = json_object();
            json_object_set_new(input, name, there);
        }
        return there;
    }
    char *end;
    unsigned long at = strtoul(*path, &end, 10);
    if (end == *path || *end != '.' || at >= ELEMENTS_MAX) {
        return NULL;
    }
    *path = end + 1;
    while (json_array_size(there) <= at) {
        json_t *element = json_object();
        fill(hospital, node, element);
        if (json_array_append_new(there, element) != 0) {
            return NULL;
        }
    }
    return json_array_get(there, at);
}

static oc_result put(json_t *object, const oc_med_field *field, const char *name, const char *text, oc_diag *diag)
{
    if (text[0] == '\0') {
        json_object_del(object, name);
        return oc_ok();
    }
    json_t *value = value_of(field, text);
    if (value == NULL || json_object_set_new(object, name, value) != 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s: the value is no JSON", name);
    }
    return oc_ok();
}

static oc_result put_field(const oc_hospital *hospital, const oc_med_message *form, json_t *message,
                           const oc_field *field, oc_diag *diag)
{
    oc_buf text = {0};
    OC_TRY(oc_buf_set(&text, oc_buf_span(&field->value)));
    oc_result r = oc_buf_append_byte(&text, 0);
    const char *path = field->name;
    if (oc_is_ok(r) && strncmp(path, "env.", 4) == 0) {
        r = put(message, field_named(oc_region_request(hospital->region), path + 4), path + 4, (const char *)text.at,
                diag);
    } else if (oc_is_ok(r)) {
        size_t len = strcspn(path, ".");
        const oc_med_node *node = node_named(form, path, len);
        json_t *object = path[len] == '.' ? object_for(hospital, form, json_object_get(message, "input"), &path)
                                          : NULL;
        r = object == NULL || *path == '\0'
                ? oc_diag_fail(diag, OC_E_USAGE, "\"%s\" is neither NODE.FIELD nor NODE.NUMBER.FIELD nor env.FIELD",
                               field->name)
                : put(object, field_named(node, path), path, (const char *)text.at, diag);
    }
    oc_buf_free(&text);
    return r;
}

/* The sample where the region takes it, else the first that it takes. */
static void set_version(const oc_hospital *hospital, json_t *message)
{
    const char *taken = oc_region_rules(hospital->region)->infver;
    const char *sample = json_string_value(json_object_get(message, "infver"));
    if (sample == NULL || !oc_med_listed(taken, sample)) {
        json_object_set_new(message, "infver", json_stringn(taken, strcspn(taken, " ")));
    }
}

static oc_result begin_message(const oc_hospital *hospital, const oc_med_message *form, const char *infno,
                               json_t *message)
{
    json_t *input = json_object();
    json_object_set_new(message, "infno", json_string(infno));
    json_object_set_new(message, "msgid", json_string(hospital->msgid));
    fill(hospital, oc_region_request(hospital->region), message);
    set_version(hospital, message);
    json_object_set_new(message, "mdtrtarea_admvs", json_string(hospital->institution->admdvs));
    json_object_set_new(message, "fixmedins_code", json_string(hospital->institution->code));
    if (hospital->sign_no[0] != '\0') {
        json_object_set_new(message, "sign_no", json_string(hospital->sign_no));
    }
    if (json_object_set_new(message, "input", input) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < form->in_count; i++) {
        json_t *node = form->in[i].many ? json_array() : json_object();
        if (!form->in[i].many) {
            fill(hospital, &form->in[i], node);
        }
        json_object_set_new(input, form->in[i].name, node);
    }
    return oc_ok();
}

/* Another character in its place, of the same alphabet. */
static void spoil(uint8_t *character)
{
    *character = *character == 'A' ? 'B' : *character == '1' ? '2' : *character <= '9' ? '1' : 'A';
}

/* The signature, wherever the region has it, with another first character. */
static void spoil_signature(oc_buf *message, oc_fields *headers)
{
    static const char *const members[] = {"\"cainfo\":\"", "\"signData\":\""};
    for (size_t i = 0; i < headers->count; i++) {
        if (strcmp(headers->at[i].name, "x-tif-signature") == 0 && headers->at[i].value.len > 0) {
            spoil(headers->at[i].value.at);
        }
    }
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        size_t len = strlen(members[i]);
        uint8_t *at = memmem(message->at, message->len, members[i], len);
        if (at != NULL && at + len < message->at + message->len) {
            spoil(at + len);
        }
    }
}

static oc_result sign(oc_hospital *hospital, const oc_fields *fields, oc_buf *out, oc_fields *headers)
{
    oc_clock now = hospital->clock != NULL ? *hospital->clock : oc_clock_wall();
    oc_span how = oc_fields_span(fields, "sign");
    if (oc_span_equal(how, oc_span_text("none"))) {
        return oc_ok();
    }
    OC_TRY(oc_med_sign(hospital->signer, now.seconds, hospital->msgid, out, headers));
    if (oc_span_equal(how, oc_span_text("spoilt"))) {
        spoil_signature(out, headers);
    }
    return oc_ok();
}

oc_result oc_hospital_message(oc_hospital *hospital, const char *infno, const oc_fields *fields, oc_buf *out,
                              oc_fields *headers, oc_diag *diag)
{
    const oc_med_message *form = oc_region_message(hospital->region, infno);
    if (form == NULL) {
        return oc_diag_fail(diag, OC_E_USAGE, "region %s has no message %s", oc_region_id(hospital->region), infno);
    }
    next_message(hospital);
    oc_fields_free(headers);
    oc_buf_clear(out);
    json_t *message = json_object();
    oc_result r = message == NULL ? oc_fail(OC_E_MEMORY) : begin_message(hospital, form, infno, message);
    for (size_t i = 0; i < fields->count && oc_is_ok(r); i++) {
        r = strcmp(fields->at[i].name, "sign") == 0 ? r : put_field(hospital, form, message, &fields->at[i], diag);
    }
    r = oc_is_ok(r) ? oc_json_print(out, message) : r;
    r = oc_is_ok(r) ? sign(hospital, fields, out, headers) : r;
    json_decref(message);
    return r;
}

/* A value as text: numbers with the decimals of their field. */
static oc_result take_value(oc_fields *out, const char *name, const oc_med_field *field, const json_t *value)
{
    char text[64];
    int64_t number;
    if (json_is_string(value)) {
        return oc_fields_set(out, name, oc_span_of(json_string_value(value), json_string_length(value)));
    }
    unsigned decimals = field == NULL ? 0 : field->decimals;
    if (json_is_number(value) && oc_med_decimal(value, 6, &number)) {
        double plain = (double)number / 1e6;
        snprintf(text, sizeof text, "%.*f", (int)decimals, plain);
        double again = strtod(text, NULL);
        if (again != plain) {
            snprintf(text, sizeof text, "%.6f", plain); /* more decimals than the table has: to be seen */
        }
        return oc_fields_set_text(out, name, text);
    }
    return oc_fields_set_text(out, name, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "");
}

static oc_result take_object(oc_fields *out, const char *lead, const oc_med_node *node, const json_t *object)
{
    for (size_t i = 0; i < node->field_count && out->count < OC_FIELDS_MAX; i++) {
        char name[OC_FIELD_NAME_MAX];
        const json_t *value = json_object_get(object, node->fields[i].name);
        int len = snprintf(name, sizeof name, "%s.%s", lead, node->fields[i].name);
        if (value != NULL && len > 0 && (size_t)len < sizeof name) {
            OC_TRY(take_value(out, name, &node->fields[i], value));
        }
    }
    return oc_ok();
}

static oc_result take_output(const oc_med_message *form, const json_t *output, oc_fields *out)
{
    for (size_t i = 0; i < form->out_count; i++) {
        const oc_med_node *node = &form->out[i];
        const json_t *value = json_object_get(output, node->name);
        char lead[64];
        if (json_is_object(value)) {
            snprintf(lead, sizeof lead, "output.%s", node->name);
            OC_TRY(take_object(out, lead, node, value));
        }
        for (size_t k = 0; json_is_array(value) && k < json_array_size(value); k++) {
            snprintf(lead, sizeof lead, "output.%s.%zu", node->name, k);
            OC_TRY(take_object(out, lead, node, json_array_get(value, k)));
        }
    }
    return oc_ok();
}

oc_result oc_hospital_read(oc_hospital *hospital, const char *infno, oc_span answer, oc_fields *out, oc_diag *diag)
{
    json_t *message = NULL;
    oc_fields_free(out);
    if (!oc_is_ok(oc_json_parse(&message, answer, diag))) {
        return oc_fail(OC_E_GARBAGE);
    }
    const oc_med_node *envelope = oc_region_response(hospital->region);
    oc_result r = oc_ok();
    for (size_t i = 0; i < envelope->field_count && oc_is_ok(r); i++) {
        const json_t *value = json_object_get(message, envelope->fields[i].name);
        r = value == NULL ? r : take_value(out, envelope->fields[i].name, &envelope->fields[i], value);
    }
    const json_t *output = json_object_get(message, "output");
    const oc_med_message *form = oc_region_message(hospital->region, infno);
    if (oc_is_ok(r) && form != NULL && json_is_object(output)) {
        r = take_output(form, output, out);
    }
    oc_span sign_no = oc_fields_span(out, "output.signinoutb.sign_no");
    if (sign_no.len > 0 && sign_no.len < sizeof hospital->sign_no) {
        memcpy(hospital->sign_no, sign_no.at, sign_no.len);
        hospital->sign_no[sign_no.len] = '\0';
    }
    json_decref(message);
    return r;
}
