/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"
#include "sim/base/tlv.h"

static bool sw_fits(const oc_expect *expect, oc_sw sw, char text[5])
{
    snprintf(text, 5, "%04X", sw.value);
    if (expect->sw_count == 0) {
        return oc_sw_ok(sw) && !oc_expects_silence(expect);
    }
    for (size_t i = 0; i < expect->sw_count; i++) {
        bool fits = true;
        for (size_t k = 0; k < 4 && fits; k++) {
            fits = expect->sw[i][k] == '?' || expect->sw[i][k] == text[k];
        }
        if (fits) {
            return true;
        }
    }
    return false;
}

static const char *sw_wanted(const oc_judge *judge, const oc_expect *expect)
{
    if (expect->sw_count == 0) {
        return oc_expects_silence(expect) ? "no answer" : "9000";
    }
    const char *text = expect->sw[0];
    for (size_t i = 1; i < expect->sw_count && text != NULL; i++) {
        text = oc_arena_format(judge->arena, "%s %s", text, expect->sw[i]);
    }
    return oc_arena_text(judge->arena, text == NULL ? "" : text);
}

static long first_difference(oc_span a, oc_span b, const oc_buf *mask)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < shorter; i++) {
        uint8_t bits = mask != NULL && i < mask->len ? mask->at[i] : 0xFF;
        if (((a.at[i] ^ b.at[i]) & bits) != 0) {
            return (long)i;
        }
    }
    return a.len == b.len ? -1 : (long)shorter;
}

/* What was received or wanted, for the evidence: masked, by its length where the place is one for secrets. */
static const char *shown(const oc_judge *judge, const char *name, bool is_text, oc_span bytes)
{
    if (is_text) {
        return oc_mask_field(judge->mask, judge->arena, name, bytes);
    }
    if (!judge->secret) {
        return oc_mask_bytes(judge->mask, judge->arena, bytes);
    }
    /* A whole record still shows its tag and length; a part of one does not tell where it stands. */
    return (name[0] == '\0' ? oc_mask_records : oc_mask_secret)(judge->mask, judge->arena, bytes);
}

static const char *what_of(const oc_judge *judge, const char *kind, const oc_demand *demand)
{
    return demand->name[0] == '\0' ? kind : oc_arena_format(judge->arena, "%s %s", kind, demand->name);
}

/* Whether the bytes meet eq, or what may stand instead, with mask; fills the evidence when they meet neither. */
static oc_result check_equal(const oc_judge *judge, const oc_demand *demand, const char *kind, bool is_text,
                             oc_span bytes, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_buf wanted = {0};
    oc_buf other = {0};
    oc_buf mask = {0};
    oc_result r = oc_value_bytes(&demand->eq, judge->scope, &wanted, diag);
    if (oc_is_ok(r) && demand->has_mask) {
        r = oc_value_bytes(&demand->mask, judge->scope, &mask, diag);
    }
    if (oc_is_ok(r) && demand->has_or) {
        r = oc_value_bytes(&demand->other, judge->scope, &other, diag);
    }
    if (oc_is_ok(r)) {
        const oc_buf *bits = demand->has_mask ? &mask : NULL;
        long difference = first_difference(oc_buf_span(&wanted), bytes, bits);
        *fits = difference < 0 || (demand->has_or && first_difference(oc_buf_span(&other), bytes, bits) < 0);
        if (!*fits) {
            const char *expected = shown(judge, demand->name, is_text, oc_buf_span(&wanted));
            if (demand->has_or) {
                const char *instead = shown(judge, demand->name, is_text, oc_buf_span(&other));
                expected = oc_arena_format(judge->arena, "%s or %s", expected, instead == NULL ? "" : instead);
            }
            *evidence = (oc_outcome_evidence){.what = what_of(judge, kind, demand),
                                              .expected = expected,
                                              .received = shown(judge, demand->name, is_text, bytes),
                                              .first_difference = difference,
                                              .requirement = demand->requirement};
        }
    }
    oc_buf_free(&wanted);
    oc_buf_free(&other);
    oc_buf_free(&mask);
    return r;
}

static bool length_fits(const oc_demand *demand, size_t len)
{
    return (!demand->has_len || len == demand->len) && (!demand->has_min || len >= demand->min) &&
           (!demand->has_max || len <= demand->max);
}

static const char *length_wanted(const oc_judge *judge, const oc_demand *demand)
{
    if (demand->has_len) {
        return oc_arena_format(judge->arena, "%zu bytes", demand->len);
    }
    return oc_arena_format(judge->arena, "%zu to %zu bytes", demand->has_min ? demand->min : 0,
                           demand->has_max ? demand->max : (size_t)65536);
}

/* Whether the bytes are the number that is wanted; fills the evidence when they are not. */
static bool number_fits(const oc_judge *judge, const oc_demand *demand, const char *kind, oc_span bytes,
                        oc_outcome_evidence *evidence)
{
    int64_t number = 0;
    if (oc_text_to_number(bytes, &number) && number < demand->below) {
        return true;
    }
    *evidence = (oc_outcome_evidence){
        .what = what_of(judge, kind, demand),
        .expected = oc_arena_format(judge->arena, "a number below %" PRId64, demand->below),
        .received = shown(judge, demand->name, true, bytes),
        .first_difference = -1,
        .requirement = demand->requirement};
    return false;
}

static oc_result check_demand(const oc_judge *judge, const oc_demand *demand, const char *kind, bool is_text,
                              oc_span bytes, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    *fits = length_fits(demand, bytes.len);
    if (!*fits) {
        *evidence = (oc_outcome_evidence){.what = what_of(judge, kind, demand),
                                          .expected = length_wanted(judge, demand),
                                          .received = oc_arena_format(judge->arena, "%zu bytes: %s", bytes.len,
                                                                      shown(judge, demand->name, is_text, bytes)),
                                          .first_difference = -1,
                                          .requirement = demand->requirement};
        return oc_ok();
    }
    if (demand->has_below) {
        *fits = number_fits(judge, demand, kind, bytes, evidence);
    }
    if (*fits && demand->has_eq) {
        OC_TRY(check_equal(judge, demand, kind, is_text, bytes, fits, evidence, diag));
    }
    if (*fits && demand->capture != NULL) {
        return judge->capture(judge->context, demand->capture, bytes);
    }
    return oc_ok();
}

static oc_result check_fields(const oc_judge *judge, const oc_expect *expect, oc_span data, bool *fits,
                              oc_outcome_evidence *evidence, oc_diag *diag)
{
    oc_rd rd = oc_rd_of(data);
    for (size_t i = 0; i < expect->field_count && *fits; i++) {
        const oc_demand *field = &expect->fields[i];
        size_t left = rd.rest.len;
        size_t len = field->has_len && field->len <= left ? field->len : left;
        OC_TRY(check_demand(judge, field, "field", false, oc_rd_bytes(&rd, len), fits, evidence, diag));
    }
    if (*fits && !expect->rest_any && rd.rest.len > 0) {
        *fits = false;
        *evidence = (oc_outcome_evidence){
            .what = "data",
            .expected = oc_arena_format(judge->arena, "%zu bytes", data.len - rd.rest.len),
            .received = oc_arena_format(judge->arena, "%zu bytes: %s", data.len, shown(judge, "", false, data)),
            .first_difference = (long)(data.len - rd.rest.len),
            .requirement = expect->data.requirement};
    }
    return oc_ok();
}

static uint32_t tag_of(const oc_demand *demand)
{
    uint32_t tag = 0;
    for (const char *at = demand->name; at[0] != '\0' && at[1] != '\0'; at += 2) {
        tag = tag << 8 | (uint32_t)(oc_hex_digit(at[0]) << 4 | oc_hex_digit(at[1]));
    }
    return tag;
}

static void no_tlv(const oc_judge *judge, const char *what, const char *wanted, oc_span data, bool *fits,
                   oc_outcome_evidence *evidence, const char *requirement)
{
    *fits = false;
    *evidence = (oc_outcome_evidence){.what = what,
                                      .expected = wanted,
                                      .received = shown(judge, "", false, data),
                                      .first_difference = -1,
                                      .requirement = requirement};
}

/* The objects that stand beside each other in an answer, and which of them a demand has met. */
struct sibling {
    oc_tlv object;
    bool used;
};

struct siblings {
    struct sibling *at;
    size_t count;
};

/* Whether the data are objects throughout. */
static oc_result find_siblings(struct siblings *out, oc_span data, bool *well_formed)
{
    oc_tlv object;
    size_t count = 0;
    oc_rd rd = oc_rd_of(data);
    while (oc_tlv_next(&rd, &object)) {
        count++;
    }
    *well_formed = !rd.bad && rd.rest.len == 0;
    *out = (struct siblings){calloc(count + 1, sizeof *out->at), 0};
    if (out->at == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    rd = oc_rd_of(data);
    while (out->count < count && oc_tlv_next(&rd, &out->at[out->count].object)) {
        out->count++;
    }
    return oc_ok();
}

static oc_result check_objects(const oc_judge *judge, const oc_demand *demands, size_t count, const oc_demand *above,
                               oc_span data, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag);

static oc_result check_object(const oc_judge *judge, const oc_demand *demand, oc_span value, bool *fits,
                              oc_outcome_evidence *evidence, oc_diag *diag)
{
    OC_TRY(check_demand(judge, demand, "tlv", false, value, fits, evidence, diag));
    return *fits && demand->child_count > 0
               ? check_objects(judge, demand->children, demand->child_count, demand, value, fits, evidence, diag)
               : oc_ok();
}

/* Objects in any order, or in the written one, in which others may stand between them all the same. */
static oc_result match_siblings(const oc_judge *judge, const oc_demand *demands, size_t count, bool order_fixed,
                                struct siblings *siblings, oc_span data, bool *fits, oc_outcome_evidence *evidence,
                                oc_diag *diag)
{
    size_t next = 0;
    for (size_t i = 0; i < count && *fits; i++) {
        uint32_t tag = tag_of(&demands[i]);
        size_t at = order_fixed ? next : 0;
        while (at < siblings->count && (siblings->at[at].used || siblings->at[at].object.tag != tag)) {
            at++;
        }
        if (at < siblings->count) {
            siblings->at[at].used = true;
            next = at + 1;
            OC_TRY(check_object(judge, &demands[i], siblings->at[at].object.value, fits, evidence, diag));
        } else if (!demands[i].optional) {
            no_tlv(judge, what_of(judge, "tlv", &demands[i]), "present", data, fits, evidence, demands[i].requirement);
        }
    }
    return oc_ok();
}

/* `above` is the object, or the whole data, that the demanded objects stand in. */
static oc_result check_objects(const oc_judge *judge, const oc_demand *demands, size_t count, const oc_demand *above,
                               oc_span data, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    struct siblings siblings;
    bool well_formed;
    OC_TRY(find_siblings(&siblings, data, &well_formed));
    oc_result r = oc_ok();
    if (well_formed) {
        r = match_siblings(judge, demands, count, above->order_fixed, &siblings, data, fits, evidence, diag);
    } else {
        no_tlv(judge, "tlv", "well-formed TLV objects", data, fits, evidence, above->requirement);
    }
    for (size_t i = 0; above->rest_none && i < siblings.count && oc_is_ok(r) && *fits; i++) {
        if (!siblings.at[i].used) {
            no_tlv(judge, oc_arena_format(judge->arena, "tlv %02X", siblings.at[i].object.tag), "absent", data, fits,
                   evidence, above->requirement);
        }
    }
    free(siblings.at);
    return r;
}

oc_result oc_judge_data(const oc_judge *judge, const oc_expect *expect, oc_span data, bool *fits,
                        oc_outcome_evidence *evidence, oc_diag *diag)
{
    *fits = !oc_expects_silence(expect);
    if (!*fits) {
        no_tlv(judge, "answer", "no answer", data, fits, evidence, expect->sw_requirement);
    }
    if (!expect->has_data) {
        return oc_ok();
    }
    OC_TRY(check_demand(judge, &expect->data, "data", false, data, fits, evidence, diag));
    if (*fits && expect->field_count > 0) {
        OC_TRY(check_fields(judge, expect, data, fits, evidence, diag));
    }
    if (*fits && expect->object_count > 0) {
        return check_objects(judge, expect->objects, expect->object_count, &expect->data, data, fits, evidence, diag);
    }
    return oc_ok();
}

oc_result oc_judge_response(const oc_judge *judge, const oc_expect *expect, oc_sw sw, oc_span data, bool data_expected,
                            bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    char received[5];
    *fits = sw_fits(expect, sw, received);
    if (!*fits) {
        const char *meaning = oc_sw_meaning(sw, "en");
        *evidence = (oc_outcome_evidence){
            .what = "sw",
            .expected = sw_wanted(judge, expect),
            .received = oc_arena_format(judge->arena, meaning[0] == '\0' ? "%s" : "%s (%s)", received, meaning),
            .first_difference = -1,
            .requirement = expect->sw_requirement};
        return oc_ok();
    }
    if (!expect->has_data && !data_expected && data.len > 0) {
        no_tlv(judge, "data", "no data", data, fits, evidence, expect->sw_requirement);
        return oc_ok();
    }
    return oc_judge_data(judge, expect, data, fits, evidence, diag);
}

void oc_judge_silence(const oc_judge *judge, const oc_expect *expect, const char *fault, bool *fits,
                      oc_outcome_evidence *evidence)
{
    *fits = expect->no_answer;
    if (!*fits) {
        *evidence = (oc_outcome_evidence){
            .what = "answer",
            .expected = sw_wanted(judge, expect),
            .received = oc_arena_format(judge->arena, "none, through the fault %s", fault),
            .first_difference = -1,
            .requirement = expect->sw_requirement};
    }
}

oc_result oc_judge_answers(const oc_judge *judge, const oc_expect *expect, const oc_fields *answers, const char *name,
                           const char *value, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag)
{
    *fits = true;
    if (expect->answer_count == 0) {
        oc_span received = oc_fields_span(answers, name);
        *fits = oc_span_equal(received, oc_span_text(value));
        if (!*fits) {
            *evidence = (oc_outcome_evidence){.what = oc_arena_format(judge->arena, "answer %s", name),
                                              .expected = oc_arena_format(judge->arena, "'%s'", value),
                                              .received = shown(judge, name, true, received),
                                              .first_difference = -1};
        }
        return oc_ok();
    }
    for (size_t i = 0; i < expect->answer_count && *fits; i++) {
        const oc_demand *answer = &expect->answers[i];
        OC_TRY(
            check_demand(judge, answer, "answer", true, oc_fields_span(answers, answer->name), fits, evidence, diag));
    }
    return oc_ok();
}
