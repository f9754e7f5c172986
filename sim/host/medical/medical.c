/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/medical.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/crypto/crypto.h"
#include "sim/host/json.h"
#include "sim/host/medical/envelope.h"

/* Who answers what. A message that books is journalled with its answer; one that only asks may come again. */
static const struct row {
    const char *infno;
    oc_med_handler *handle;
    bool books;
    bool needs_session;
    oc_med_handler *before; /* the transaction; or NULL */
} rows[] = {
    {"9001", oc_med_sign_in, true, false, NULL},
    {"9002", oc_med_sign_out, true, false, NULL},
    {"1101", oc_med_person_info, false, true, NULL},
    {"2001", oc_med_benefit_check, false, true, NULL},
    {"2201", oc_med_register, true, true, NULL},
    {"2202", oc_med_cancel_visit, true, true, NULL},
    {"2203", oc_med_describe_visit, true, true, NULL},
    {"2204", oc_med_take_lines, true, true, NULL},
    {"2205", oc_med_drop_lines, true, true, NULL},
    {"2206", oc_med_pre_settle, false, true, NULL},
    {"2207", oc_med_settle_visit, true, true, NULL},
    {"2208", oc_med_cancel_settlement, true, true, NULL},
    {"2301", oc_med_take_lines, true, true, NULL},
    {"2302", oc_med_drop_lines, true, true, NULL},
    {"2303", oc_med_pre_settle, false, true, NULL},
    {"2304", oc_med_settle_visit, true, true, NULL},
    {"2305", oc_med_cancel_settlement, true, true, NULL},
    {"2401", oc_med_admit, true, true, NULL},
    {"2402", oc_med_discharge, true, true, NULL},
    {"2403", oc_med_change_admission, true, true, NULL},
    {"2404", oc_med_cancel_visit, true, true, NULL},
    {"2405", oc_med_cancel_discharge, true, true, NULL},
    {"2601", oc_med_reverse, true, true, NULL},
    {"3201", oc_med_reconcile, false, true, NULL},
    {"3202", oc_med_reconcile_details, true, true, NULL},
    {"9101", oc_med_upload, true, true, NULL},
    {"9102", oc_med_download, false, true, NULL},
    {"1161", oc_med_component_info, false, true, oc_med_read_reader},
    {"1162", oc_med_component_info, false, true, oc_med_read_voucher},
    {"9201", oc_med_authenticate_card, false, true, NULL},
};

static const struct row *row_of(const char *infno)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].infno, infno) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

static oc_result begin(oc_medical *medical, const oc_medical_parts *parts)
{
    free(medical->holders);
    medical->holder_count = 0;
    medical->serial = parts->clock == NULL ? (uint32_t)(oc_clock_now_ns() / 1000) : 0;
    medical->services = (oc_med_services){0};
    medical->holders = calloc(parts->holder_count + 1, sizeof *medical->holders);
    if (medical->holders == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < parts->holder_count; i++) {
        oc_med_person_of_holder(&parts->holders[i], oc_region_persons(parts->region),
                                &medical->holders[medical->holder_count++]);
    }
    return oc_ok();
}

oc_result oc_medical_open(oc_medical **out, const oc_medical_parts *parts, oc_diag *diag)
{
    *out = NULL;
    oc_medical *medical = calloc(1, sizeof *medical);
    if (medical == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    medical->region = parts->region;
    medical->clock = parts->clock;
    oc_result r = begin(medical, parts);
    r = oc_is_ok(r) ? oc_crypto_new(&medical->crypto) : r;
    r = oc_is_ok(r) ? oc_med_signer_new(&medical->signer, parts->region) : r;
    r = oc_is_ok(r) ? oc_med_store_open(&medical->store, parts->store, diag) : r;
    if (!oc_is_ok(r)) {
        oc_medical_close(&medical);
        return r;
    }
    *out = medical;
    return oc_ok();
}

oc_result oc_medical_forget(oc_medical *medical, const oc_medical_parts *parts, oc_diag *diag)
{
    OC_TRY(begin(medical, parts));
    oc_med_signer_forget(medical->signer);
    return oc_med_store_empty(medical->store, diag);
}

void oc_medical_close(oc_medical **medical)
{
    if (*medical != NULL) {
        oc_med_store_close(&(*medical)->store);
        oc_med_signer_free(&(*medical)->signer);
        oc_crypto_free(&(*medical)->crypto);
        free((*medical)->holders);
        free(*medical);
        *medical = NULL;
    }
}

static void take_time(struct oc_med_call *call)
{
    char text[32];
    call->now = call->medical->clock != NULL ? *call->medical->clock : oc_clock_wall();
    call->now.zone_s = 8 * 3600;
    oc_clock_format(&call->now, text, sizeof text);
    snprintf(call->time, sizeof call->time, "%.10s %.8s", text, text + 11);
}

/* The first thing that the tables object to, as a refusal. */
static oc_result refuse_finding(struct oc_med_call *call)
{
    const oc_med_finding *fault = oc_med_first_fault(&call->judgement->findings);
    if (fault == NULL) {
        return oc_ok();
    }
    call->refused = true;
    snprintf(call->err_msg, sizeof call->err_msg, "[%s %s] %s / %s: %s", oc_med_flaw_word(fault->flaw), fault->path,
             oc_med_flaw_zh(fault->flaw), oc_med_flaw_en(fault->flaw), fault->expected);
    return oc_ok();
}

/* The service that was called, where there was one, is that of the message. */
static bool of_path(const struct oc_med_call *call)
{
    oc_span path = call->headers == NULL ? (oc_span){0} : oc_fields_span(call->headers, OC_MED_PATH);
    return path.len == 0 || (call->form->path != NULL && oc_span_equal(path, oc_span_text(call->form->path)));
}

static oc_result check_form(struct oc_med_call *call)
{
    oc_med_findings *findings = &call->judgement->findings;
    const char *infno = oc_med_text(call->envelope, "infno");
    oc_med_check_envelope(call->medical->region, true, call->envelope, findings);
    call->form = oc_region_message(call->medical->region, infno);
    bool served = call->form != NULL && (!call->form->local || oc_region_rules(call->medical->region)->component);
    if (!served || row_of(call->form->infno) == NULL) {
        oc_med_find(findings, OC_MED_FLAW_DICTIONARY, 'B', "infno", NULL, "the number of a message");
    } else if (json_is_object(call->input)) {
        oc_med_check_content(call->form, true, call->input, findings);
    }
    if (call->form != NULL && !of_path(call)) {
        oc_med_find(findings, OC_MED_FLAW_RULE, 'C', "infno", NULL, "the message of the service that was called");
    }
    OC_TRY(refuse_finding(call));
    return call->refused ? oc_ok() : oc_med_check_request(call);
}

/* What a message says, whatever its blanks and the order of its fields. */
static oc_result digest_of(struct oc_med_call *call, uint8_t digest[32])
{
    char *text = json_dumps(call->input, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_buf all = {0};
    oc_result r = oc_buf_set(&all, oc_span_text(oc_med_text(call->envelope, "infno")));
    r = oc_is_ok(r) ? oc_buf_append(&all, oc_span_text(text)) : r;
    r = oc_is_ok(r) ? oc_sha256(call->medical->crypto, oc_buf_span(&all), digest) : r;
    oc_buf_free(&all);
    free(text);
    return r;
}

/* A msgid that was taken before: the first answer again, or a refusal. */
static oc_result find_before(struct oc_med_call *call, const uint8_t digest[32], oc_buf *answer)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT digest, answer, reversed FROM message WHERE msgid = ?1", "s", call->msgid));
    if (row == NULL) {
        return oc_ok();
    }
    if (sqlite3_column_int(row, 2) != 0) {
        return oc_med_refuse(call, "F11", "msgid", "该报文已冲正", "the message was reversed");
    }
    oc_span before = oc_span_of(sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0));
    if (!oc_span_equal(before, oc_span_of(digest, 32))) {
        return oc_med_refuse(call, "MSGID", "msgid", "报文ID重复", "the msgid was used for another message");
    }
    call->judgement->repeated = true;
    return oc_buf_set(answer, oc_span_of(sqlite3_column_blob(row, 1), (size_t)sqlite3_column_bytes(row, 1)));
}

static oc_result journal(struct oc_med_call *call, const uint8_t digest[32], oc_span answer)
{
    return oc_med_store_run(call->medical->store, call->diag,
                            "INSERT INTO message (institution, msgid, infno, digest, at, infcode, answer)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, '0', ?6)",
                            "sssbib", call->institution->code, call->msgid, oc_med_text(call->envelope, "infno"),
                            oc_span_of(digest, 32), call->now.seconds, answer);
}

/* Inside a transaction. `answer` is there afterwards unless the message was refused. */
static oc_result answer_inside(struct oc_med_call *call, const struct row *row, oc_buf *answer)
{
    uint8_t digest[32];
    OC_TRY(digest_of(call, digest));
    OC_TRY(find_before(call, digest, answer));
    if (call->refused || call->judgement->repeated) {
        return oc_ok();
    }
    if (row->needs_session) {
        OC_TRY(oc_med_check_session(call));
    }
    if (!call->refused) {
        OC_TRY(row->handle(call));
    }
    if (call->refused) {
        return oc_ok();
    }
    OC_TRY(oc_med_write_answer(call, answer));
    return row->books ? journal(call, digest, oc_buf_span(answer)) : oc_ok();
}

static oc_result answer_message(struct oc_med_call *call, const struct row *row, oc_buf *answer)
{
    oc_med_store *store = call->medical->store;
    OC_TRY(oc_med_store_begin(store, call->diag));
    oc_result r = answer_inside(call, row, answer);
    bool keep = oc_is_ok(r) && !call->refused && !call->judgement->repeated && row->books;
    if (keep) {
        r = oc_med_store_commit(store, call->diag);
        call->judgement->booked = oc_is_ok(r);
    }
    oc_med_store_rollback(store);
    OC_TRY(r);
    return call->refused ? oc_med_write_answer(call, answer) : oc_ok();
}

static oc_result take_message(struct oc_med_call *call, const json_t *message, oc_buf *answer)
{
    call->envelope = message;
    call->input = json_object_get(message, "input");
    call->msgid = oc_med_text(message, "msgid");
    snprintf(call->judgement->infno, sizeof call->judgement->infno, "%.7s", oc_med_text(message, "infno"));
    snprintf(call->judgement->msgid, sizeof call->judgement->msgid, "%.31s", call->msgid);
    OC_TRY(check_form(call));
    if (call->refused) {
        return oc_med_write_answer(call, answer);
    }
    const struct row *row = row_of(call->form->infno);
    if (row->before != NULL) {
        OC_TRY(row->before(call));
    }
    return call->refused ? oc_med_write_answer(call, answer) : answer_message(call, row, answer);
}

static oc_result refuse_text(struct oc_med_call *call, const oc_diag *why, oc_buf *answer)
{
    OC_TRY(refuse_finding(call)); /* an envelope that did not open says more than what was in it */
    OC_TRY(oc_med_refuse(call, "JSON", "", "报文不是合法的JSON", why->reason));
    return oc_med_write_answer(call, answer);
}

/* The signature first: a message of the mobile channel can only then be read. */
static oc_result read_message(struct oc_med_call *call, oc_span request, const oc_fields *headers, json_t **message,
                              oc_diag *why)
{
    oc_buf text = {0};
    if (request.len > OC_MED_BODY_MAX) {
        return oc_diag_fail(why, OC_E_LIMIT, "more than %zu bytes", OC_MED_BODY_MAX);
    }
    oc_result r = oc_buf_set(&text, request);
    r = oc_is_ok(r)
            ? oc_med_verify(call->medical->signer, call->now.seconds, headers, &text, &call->judgement->findings)
            : r;
    r = oc_is_ok(r) ? oc_json_parse(message, oc_buf_span(&text), why) : r;
    oc_buf_free(&text);
    return oc_is_ok(r) && !json_is_object(*message) ? oc_diag_fail(why, OC_E_FORMAT, "the message is no object") : r;
}

oc_result oc_medical_message(oc_medical *medical, oc_span request, const oc_fields *headers, oc_buf *answer,
                             oc_med_judgement *judgement, oc_diag *diag)
{
    oc_med_judgement own;
    oc_diag why = {0};
    json_t *message = NULL;
    struct oc_med_call call = {.medical = medical,
                               .headers = headers,
                               .diag = diag,
                               .judgement = judgement != NULL ? judgement : &own,
                               .output = json_object()};
    *call.judgement = (oc_med_judgement){0};
    oc_buf_clear(answer);
    if (call.output == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    take_time(&call);
    oc_result r = read_message(&call, request, headers, &message, &why);
    if (oc_is_ok(r)) {
        r = take_message(&call, message, answer);
    } else if (r.code == OC_E_FORMAT || r.code == OC_E_LIMIT) {
        r = refuse_text(&call, &why, answer);
    }
    json_decref(message);
    json_decref(call.read_input);
    json_decref(call.output);
    return r;
}

oc_result oc_medical_begin(oc_medical *medical, oc_diag *diag)
{
    return oc_med_store_begin_batch(medical->store, diag);
}

oc_result oc_medical_end(oc_medical *medical, oc_diag *diag)
{
    return oc_med_store_end_batch(medical->store, diag);
}

void oc_medical_set_services(oc_medical *medical, const oc_med_services *services)
{
    medical->services = *services;
}

oc_result oc_medical_refusal(oc_medical *medical, const char *word, const char *zh, const char *en, oc_buf *answer)
{
    oc_med_judgement judgement = {0};
    struct oc_med_call call = {.medical = medical, .judgement = &judgement};
    take_time(&call);
    OC_TRY(oc_med_refuse(&call, word, "", zh, en));
    return oc_med_write_answer(&call, answer);
}

oc_result oc_medical_list_card(oc_medical *medical, const char *card_id, const char *state, oc_diag *diag)
{
    return state == NULL
               ? oc_med_store_run(medical->store, diag, "DELETE FROM card WHERE card_id = upper(?1)", "s", card_id)
               : oc_med_store_run(medical->store, diag,
                                  "INSERT INTO card (card_id, state) VALUES (upper(?1), ?2)"
                                  " ON CONFLICT (card_id) DO UPDATE SET state = excluded.state",
                                  "ss", card_id, state);
}

oc_result oc_medical_totals(oc_medical *medical, oc_med_totals *totals, oc_diag *diag)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(medical->store, &row, diag,
                            "SELECT count(*), count(cancels), coalesce(sum(medfee), 0), coalesce(sum(fund), 0),"
                            " coalesce(sum(account), 0), coalesce(sum(cash), 0) FROM settlement",
                            ""));
    if (row == NULL) {
        return oc_fail(OC_E_INTERNAL);
    }
    *totals = (oc_med_totals){.settlements = sqlite3_column_int64(row, 0),
                              .cancellations = sqlite3_column_int64(row, 1),
                              .medfee = sqlite3_column_int64(row, 2),
                              .fund = sqlite3_column_int64(row, 3),
                              .account = sqlite3_column_int64(row, 4),
                              .cash = sqlite3_column_int64(row, 5)};
    OC_TRY(oc_med_store_row(medical->store, &row, diag, "SELECT psn_no, balance FROM account", ""));
    while (row != NULL) {
        oc_med_person person;
        if (oc_med_find_person(medical, oc_med_column(row, 0), &person)) {
            totals->accounts_paid += person.balance - sqlite3_column_int64(row, 1);
        }
        OC_TRY(oc_med_store_next(medical->store, &row, diag));
    }
    return oc_ok();
}
