/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/settlement.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/run/back_end.h"
#include "conformance/run/settlement_texts.h"
#include "sim/base/file.h"
#include "sim/host/ecard/ecard.h"
#include "sim/host/ecard/voucher.h"
#include "sim/host/json.h"
#include "sim/host/medical/hospital.h"
#include "sim/host/medical/identities.h"
#include "sim/host/medical/medical.h"
#include "sim/host/medical_holder.h"
#include "sim/host/medical_own.h"

#define REGIONS_MAX 8
#define HOSPITALS_MAX 8

struct sender {
    char code[13];
    oc_hospital *hospital;
    oc_buf last; /* message, for "again" */
    oc_fields headers;
    char infno[8];
};

struct place {
    char id[33];
    oc_region *region;
    oc_medical *medical;
    bool is_used;    /* by the running case */
    oc_ecard *ecard; /* of that back-end, from the first message on that needs it */
    struct sender senders[HOSPITALS_MAX];
    size_t sender_count;
    int64_t balance;       /* of the account that was told last, for A6; -1: none */
    oc_med_reading reader; /* what is in the reader of the hospital's component */
};

struct oc_settlement {
    oc_settlement_parts parts;
    struct place places[REGIONS_MAX];
    size_t place_count;
    oc_back_end *back_end; /* under test, or NULL */
    unsigned serial;       /* of messages to it: no msgid comes twice, though cases are short */
    oc_medical_holder holder;
};

oc_result oc_settlement_new(oc_settlement **out, const oc_settlement_parts *parts)
{
    *out = NULL;
    oc_settlement *settlement = calloc(1, sizeof *settlement);
    if (settlement == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    settlement->parts = *parts;
    oc_result r = oc_medical_holder_of(parts->profile, &settlement->holder);
    if (oc_is_ok(r) && parts->url != NULL) {
        settlement->serial = (unsigned)(oc_clock_now_ns() / 1000);
        r = oc_back_end_new(&settlement->back_end, parts->url, &parts->credentials, parts->timeout_ms, NULL);
    }
    if (!oc_is_ok(r)) {
        oc_settlement_free(&settlement);
        return r;
    }
    *out = settlement;
    return oc_ok();
}

static void clear_place(struct place *place)
{
    for (size_t i = 0; i < place->sender_count; i++) {
        oc_hospital_free(&place->senders[i].hospital);
        oc_buf_free(&place->senders[i].last);
        oc_fields_free(&place->senders[i].headers);
    }
    place->sender_count = 0;
    place->balance = -1;
    oc_ecard_free(&place->ecard);
    place->is_used = false;
}

void oc_settlement_clear(oc_settlement *settlement)
{
    for (size_t i = 0; settlement != NULL && i < settlement->place_count; i++) {
        clear_place(&settlement->places[i]);
    }
    if (settlement != NULL && settlement->back_end != NULL) {
        oc_back_end_begin(settlement->back_end);
    }
}

void oc_settlement_free(oc_settlement **settlement)
{
    if (*settlement != NULL) {
        oc_settlement_clear(*settlement);
        for (size_t i = 0; i < (*settlement)->place_count; i++) {
            oc_medical_close(&(*settlement)->places[i].medical);
            oc_region_free(&(*settlement)->places[i].region);
        }
        oc_back_end_free(&(*settlement)->back_end);
        free(*settlement);
        *settlement = NULL;
    }
}

bool oc_settlement_is_ecard(const char *name)
{
    return strncmp(name, "ecard-", 6) == 0;
}

bool oc_settlement_is_voucher(const char *name)
{
    return strcmp(name, OC_VOUCHER_QUERY) == 0;
}

bool oc_settlement_is_own(const char *name)
{
    return oc_medical_own_knows(name) || oc_settlement_is_voucher(name) || oc_settlement_is_ecard(name);
}

bool oc_settlement_knows(const char *name)
{
    return oc_settlement_is_own(name) || (strspn(name, "0123456789") == 4 && (name[4] == '\0' || name[4] == 'A'));
}

static void text_of(const oc_fields *in, const char *name, const char *otherwise, char *out, size_t room)
{
    oc_span value = oc_fields_span(in, name);
    snprintf(out, room, "%.*s", value.len == 0 ? (int)strlen(otherwise) : (int)value.len,
             value.len == 0 ? otherwise : (const char *)value.at);
}

/* The card that the hospital's component finds (1161): "reader.card-number" and "reader.card-id". */
static void put_in_reader(struct place *place, const oc_fields *in)
{
    place->reader = (oc_med_reading){0};
    text_of(in, "reader.card-number", "", place->reader.cert_no, sizeof place->reader.cert_no);
    text_of(in, "reader.card-id", "", place->reader.card_sn, sizeof place->reader.card_sn);
    if (place->reader.cert_no[0] != '\0') {
        snprintf(place->reader.cert_type, sizeof place->reader.cert_type, "03");
    }
}

static oc_result load_region(const oc_settlement *settlement, struct place *place, oc_diag *diag)
{
    char file[64];
    char path[PATH_MAX];
    char folder[PATH_MAX];
    if (settlement->parts.vectors_folder == NULL ||
        place->id[strspn(place->id, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0') {
        return oc_diag_fail(diag, OC_E_USAGE, "there is no region \"%s\"", place->id);
    }
    snprintf(file, sizeof file, "regions/%s.xml", place->id);
    OC_TRY(oc_file_join(path, sizeof path, settlement->parts.vectors_folder, file));
    OC_TRY(oc_file_join(folder, sizeof folder, settlement->parts.vectors_folder, "schema"));
    return oc_region_load(&place->region, path, folder, diag);
}

static oc_result find_place(oc_settlement *settlement, const oc_fields *in, struct place **out, oc_diag *diag)
{
    char id[33];
    text_of(in, "region", "national", id, sizeof id);
    for (size_t i = 0; i < settlement->place_count; i++) {
        if (strcmp(settlement->places[i].id, id) == 0) {
            *out = &settlement->places[i];
            return oc_ok();
        }
    }
    if (settlement->place_count == REGIONS_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "more than %d regions", REGIONS_MAX);
    }
    struct place *place = &settlement->places[settlement->place_count];
    *place = (struct place){.balance = -1};
    snprintf(place->id, sizeof place->id, "%s", id);
    OC_TRY(load_region(settlement, place, diag));
    settlement->place_count++;
    *out = place;
    return oc_ok();
}

/* oc_med_read_card */
static oc_result read_reader(void *context, oc_med_reading *out, oc_diag *diag)
{
    const struct place *place = context;
    (void)diag;
    *out = place->reader;
    return oc_ok();
}

/* oc_med_read_code */
static oc_result read_code(void *context, const char *code, oc_med_reading *out, char refusal[OC_MED_REFUSAL],
                           oc_diag *diag)
{
    const struct place *place = context;
    return oc_voucher_read_code(place->ecard, code, out, refusal, diag);
}

static oc_result open_ecard(const oc_settlement *settlement, struct place *place)
{
    const oc_ecard_parts parts = {
        .medical = place->medical, .clock = settlement->parts.clock, .random = settlement->parts.random};
    return place->ecard != NULL ? oc_ok() : oc_ecard_new(&place->ecard, &parts);
}

static oc_result open_medical(const oc_settlement *settlement, struct place *place, oc_diag *diag)
{
    if (place->is_used || settlement->back_end != NULL) {
        return oc_ok();
    }
    const oc_med_holder holder = oc_medical_holder_insured(&settlement->holder);
    const oc_medical_parts parts = {.region = place->region,
                                    .store = ":memory:",
                                    .clock = settlement->parts.clock,
                                    .holders = &holder,
                                    .holder_count = settlement->holder.card_number[0] != '\0'};
    oc_result r = place->medical == NULL ? oc_medical_open(&place->medical, &parts, diag)
                                         : oc_medical_forget(place->medical, &parts, diag);
    if (!oc_is_ok(r)) {
        oc_medical_close(&place->medical);
        return r;
    }
    const oc_med_services services = {.read_card = read_reader,
                                      .read_card_context = place,
                                      .read_code = read_code,
                                      .read_code_context = place,
                                      .prove_card = settlement->parts.prove_card,
                                      .prove_card_context = settlement->parts.prove_card_context};
    oc_medical_set_services(place->medical, &services);
    place->is_used = true;
    return oc_ok();
}

static oc_result find_sender(const oc_settlement *settlement, struct place *place, const oc_fields *in,
                             struct sender **out, oc_diag *diag)
{
    char code[13];
    text_of(in, "institution", "H31010000001", code, sizeof code);
    for (size_t i = 0; i < place->sender_count; i++) {
        if (strcmp(place->senders[i].code, code) == 0) {
            *out = &place->senders[i];
            return oc_ok();
        }
    }
    if (place->sender_count == HOSPITALS_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "more than %d institutions", HOSPITALS_MAX);
    }
    struct sender *sender = &place->senders[place->sender_count];
    *sender = (struct sender){0};
    snprintf(sender->code, sizeof sender->code, "%s", code);
    OC_TRY(oc_hospital_new(&sender->hospital, place->region, code,
                           settlement->back_end != NULL ? NULL : settlement->parts.clock, diag));
    place->sender_count++;
    *out = sender;
    return oc_ok();
}

static bool fen_of(const json_t *object, const char *name, int64_t *out)
{
    const json_t *value = json_object_get(object, name);
    *out = json_is_number(value) ? (int64_t)(json_number_value(value) * 100 + 0.5) : 0;
    return json_is_number(value);
}

/* A6 needs the balance before: that of 1101, then that of each settlement. */
static oc_result note_identity(struct place *place, oc_span answer, oc_fields *out)
{
    json_t *message = NULL;
    oc_med_amounts amounts;
    int64_t balance;
    if (!oc_is_ok(oc_json_parse(&message, answer, NULL))) {
        return oc_ok();
    }
    const json_t *output = json_object_get(message, "output");
    const json_t *info = json_object_get(output, "setlinfo");
    bool settles = oc_med_answer_amounts(output, place->balance < 0 ? NULL : &place->balance, &amounts);
    if (fen_of(json_array_get(json_object_get(output, "insuinfo"), 0), "balc", &balance) ||
        (json_object_get(info, "setl_id") != NULL && fen_of(info, "balc", &balance))) {
        place->balance = balance;
    }
    json_decref(message);
    return settles ? oc_settlement_note_identities(out, &amounts) : oc_ok();
}

/* The message goes to the virtual back-end or to the one under test. */
static oc_result ask(oc_settlement *settlement, struct place *place, const struct sender *sender, const char *name,
                     oc_buf *text, oc_breach *breach, oc_diag *diag)
{
    if (settlement->back_end == NULL) {
        return oc_medical_message(place->medical, oc_buf_span(&sender->last), &sender->headers, text, NULL, diag);
    }
    const oc_back_end_question question = {.region = place->region,
                                           .infno = name,
                                           .msgid = oc_hospital_msgid(sender->hospital),
                                           .message = oc_buf_span(&sender->last),
                                           .headers = &sender->headers};
    return oc_back_end_ask(settlement->back_end, &question, text, breach, diag);
}

static oc_result read_answer(struct place *place, const struct sender *sender, const char *name, oc_span text,
                             oc_fields *answer, oc_diag *diag)
{
    OC_TRY(oc_hospital_read(sender->hospital, name, text, answer, diag));
    OC_TRY(oc_fields_set_text(answer, "msgid", oc_hospital_msgid(sender->hospital)));
    OC_TRY(oc_settlement_note_rule(answer, "err_msg"));
    if (strcmp(name, "2601") == 0) {
        place->balance = -1; /* it does not say what it gave back */
    }
    OC_TRY(note_identity(place, text, answer));
    return oc_settlement_to_card(answer);
}

static oc_result exchange(oc_settlement *settlement, struct place *place, struct sender *sender, const char *name,
                          const oc_fields *in, oc_fields *answer, oc_breach *breach, oc_diag *diag)
{
    oc_fields fields = {0};
    oc_buf text = {0};
    bool again = oc_fields_span(in, "again").len > 0 && sender->last.len > 0;
    oc_result r = oc_settlement_to_utf8(in, &fields);
    if (oc_is_ok(r) && !again) {
        if (settlement->back_end != NULL) {
            oc_hospital_set_serial(sender->hospital, settlement->serial++);
        }
        r = oc_hospital_message(sender->hospital, name, &fields, &sender->last, &sender->headers, diag);
    }
    r = oc_is_ok(r) ? ask(settlement, place, sender, name, &text, breach, diag) : r;
    if (oc_is_ok(r) && breach->kind == OC_BREACH_NONE) {
        r = read_answer(place, sender, name, oc_buf_span(&text), answer, diag);
    }
    oc_fields_free(&fields);
    oc_buf_free(&text);
    return r;
}

/* Of this project: sim/host/medical_own.h. */
static oc_result send_own(const oc_settlement *settlement, struct place *place, const char *name, const oc_fields *in,
                          oc_fields *answer, oc_diag *diag)
{
    oc_fields texts = {0};
    oc_result r = oc_settlement_to_utf8(in, &texts);
    r = oc_is_ok(r) ? oc_medical_own_message(place->medical, &settlement->holder, name, &texts, answer, diag) : r;
    oc_fields_free(&texts);
    return r;
}

/* Of this project: sim/host/ecard/ecard.h. */
static oc_result send_ecard(struct place *place, const char *name, const oc_fields *in, oc_fields *answer,
                            oc_diag *diag)
{
    oc_fields fields = {0};
    oc_result r = oc_settlement_to_utf8(in, &fields);
    r = oc_is_ok(r) ? oc_ecard_message(place->ecard, name, &fields, answer, diag) : r;
    oc_fields_free(&fields);
    return oc_is_ok(r) ? oc_settlement_to_card(answer) : r;
}

/* Of this project as well: sim/host/ecard/voucher.h. */
static oc_result send_voucher(struct place *place, const oc_fields *in, oc_fields *answer, oc_diag *diag)
{
    oc_fields fields = {0};
    oc_buf message = {0};
    oc_buf text = {0};
    oc_result r = oc_settlement_to_utf8(in, &fields);
    r = oc_is_ok(r) ? oc_voucher_message(place->region, &fields, &message, diag) : r;
    r = oc_is_ok(r) ? oc_voucher_query(place->ecard, place->region, oc_buf_span(&message), &text, diag) : r;
    r = oc_is_ok(r) ? oc_voucher_read(oc_buf_span(&text), answer, diag) : r;
    r = oc_is_ok(r) ? oc_settlement_note_rule(answer, "message") : r;
    oc_fields_free(&fields);
    oc_buf_free(&message);
    oc_buf_free(&text);
    return oc_is_ok(r) ? oc_settlement_to_card(answer) : r;
}

static bool needs_ecard(const char *name)
{
    return oc_settlement_is_ecard(name) || oc_settlement_is_voucher(name) || strcmp(name, "1162") == 0;
}

oc_result oc_settlement_message(oc_settlement *settlement, const char *name, const oc_fields *in, oc_fields *answer,
                                oc_breach *breach, oc_diag *diag)
{
    struct place *place = NULL;
    struct sender *sender = NULL;
    oc_fields_free(answer);
    *breach = (oc_breach){0};
    if (settlement->back_end != NULL && oc_settlement_is_own(name)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "%s is for the virtual back-end only", name);
    }
    OC_TRY(find_place(settlement, in, &place, diag));
    OC_TRY(open_medical(settlement, place, diag));
    if (oc_medical_own_knows(name)) {
        return send_own(settlement, place, name, in, answer, diag);
    }
    if (settlement->back_end == NULL && needs_ecard(name)) {
        OC_TRY(open_ecard(settlement, place));
    }
    if (oc_settlement_is_ecard(name)) {
        return send_ecard(place, name, in, answer, diag);
    }
    if (oc_settlement_is_voucher(name)) {
        return send_voucher(place, in, answer, diag);
    }
    put_in_reader(place, in);
    OC_TRY(find_sender(settlement, place, in, &sender, diag));
    return exchange(settlement, place, sender, name, in, answer, breach, diag);
}

oc_result oc_settlement_medical(oc_settlement *settlement, const oc_fields *in, oc_medical **out, oc_diag *diag)
{
    struct place *place = NULL;
    OC_TRY(find_place(settlement, in, &place, diag));
    OC_TRY(open_medical(settlement, place, diag));
    *out = place->medical;
    return oc_ok();
}
