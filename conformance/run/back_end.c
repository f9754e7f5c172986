/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/back_end.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/clock.h"
#include "sim/host/json.h"
#include "sim/host/medical/check.h"
#include "sim/host/medical/identities.h"
#include "sim/host/medical/money.h"

#define URL_ROOM 1024
#define PATHS_MAX 16 /* a connection each: services of one back-end */
#define NUMBER_LEN 30

struct oc_back_end {
    char url[URL_ROOM];
    oc_http_credentials credentials;
    int timeout_ms;
    struct {
        char url[URL_ROOM];
        oc_http_post *post;
    } paths[PATHS_MAX];
    size_t path_count;
    char psn_no[31]; /* whose balance was told last */
    int64_t balance;
    char number[NUMBER_LEN + 1]; /* inf_refmsgid of the last answer, and the msgid that it was for */
    char msgid[NUMBER_LEN + 1];
};

oc_result oc_back_end_new(oc_back_end **out, const char *url, const oc_http_credentials *credentials, int timeout_ms,
                          oc_diag *diag)
{
    *out = NULL;
    if ((strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) || strlen(url) >= URL_ROOM / 2) {
        return oc_diag_fail(diag, OC_E_USAGE, "'%.80s' is no URL of a back-end: write http://HOST:PORT/PATH", url);
    }
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    snprintf((*out)->url, sizeof(*out)->url, "%s", url);
    (*out)->credentials = *credentials;
    (*out)->timeout_ms = timeout_ms;
    return oc_ok();
}

void oc_back_end_free(oc_back_end **back_end)
{
    if (*back_end != NULL) {
        for (size_t i = 0; i < (*back_end)->path_count; i++) {
            oc_http_post_free(&(*back_end)->paths[i].post);
        }
        free(*back_end);
        *back_end = NULL;
    }
}

void oc_back_end_begin(oc_back_end *back_end)
{
    back_end->psn_no[0] = '\0';
}

static oc_result find_path(oc_back_end *back_end, const oc_med_message *form, oc_http_post **out, oc_diag *diag)
{
    char url[URL_ROOM];
    bool below = back_end->url[strlen(back_end->url) - 1] == '/' && form != NULL && form->path != NULL;
    snprintf(url, sizeof url, "%.511s%.500s", back_end->url, below ? form->path : "");
    for (size_t i = 0; i < back_end->path_count; i++) {
        if (strcmp(back_end->paths[i].url, url) == 0) {
            *out = back_end->paths[i].post;
            return oc_ok();
        }
    }
    if (back_end->path_count == PATHS_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "more than %d services", PATHS_MAX);
    }
    OC_TRY(oc_http_post_new(out, url, &back_end->credentials, "the back-end", diag));
    snprintf(back_end->paths[back_end->path_count].url, URL_ROOM, "%s", url);
    back_end->paths[back_end->path_count++].post = *out;
    return oc_ok();
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

static void note_finding(const oc_med_findings *findings, const char *where, oc_breach *breach)
{
    const oc_med_finding *fault = oc_med_first_fault(findings);
    if (fault != NULL) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s%s: %s: expected %s%s%s", where, fault->path,
                       oc_med_flaw_en(fault->flaw), fault->expected, fault->received[0] == '\0' ? "" : ", received ",
                       fault->received);
    }
}

/* Region 6, time 14, serial 10: digits all (sheet 2). A repeated message may get its first answer again. */
static void check_number(oc_back_end *back_end, const oc_back_end_question *question, const char *number,
                         oc_breach *breach)
{
    char iso[40] = "";
    oc_clock clock;
    bool digits = strspn(number, "0123456789") == NUMBER_LEN && number[NUMBER_LEN] == '\0';
    if (digits) {
        snprintf(iso, sizeof iso, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s+08:00", number + 6, number + 10, number + 12,
                 number + 14, number + 16, number + 18);
    }
    if (!digits || !oc_is_ok(oc_clock_parse(&clock, iso))) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "inf_refmsgid is not region (6), time (14) and serial number (10)");
    } else if (strcmp(number, back_end->number) == 0 && strcmp(question->msgid, back_end->msgid) != 0) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "inf_refmsgid is that of the answer to another message");
    }
    snprintf(back_end->number, sizeof back_end->number, "%s", number);
    snprintf(back_end->msgid, sizeof back_end->msgid, "%.30s", question->msgid);
}

static void take_balance(oc_back_end *back_end, const char *psn_no, const json_t *holder)
{
    const json_t *value = json_object_get(holder, "balc");
    int64_t balance;
    if (value != NULL && oc_med_decimal(value, 2, &balance)) {
        snprintf(back_end->psn_no, sizeof back_end->psn_no, "%s", psn_no);
        back_end->balance = balance;
    }
}

static void check_settlement(oc_back_end *back_end, const oc_back_end_question *question, const json_t *output,
                             oc_breach *breach)
{
    const json_t *info = json_object_get(output, "setlinfo");
    const char *psn_no = text_of(info, "psn_no");
    bool known = back_end->psn_no[0] != '\0' && strcmp(back_end->psn_no, psn_no) == 0;
    bool settles = strncmp(question->infno, "2207", 4) == 0 || strcmp(question->infno, "2304") == 0;
    int64_t off = 0;
    const char *broken = oc_med_answer_identity(output, known ? &back_end->balance : NULL, &off);
    if (broken != NULL) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "setlinfo: identity %s is off by %s%lld.%02lld yuan", broken,
                       off < 0 ? "-" : "", llabs(off) / 100, llabs(off) % 100);
    }
    if (settles && strcmp(text_of(info, "medins_setl_id"), question->msgid) != 0) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "setlinfo.medins_setl_id is not the msgid of the request");
    }
    if (json_object_get(info, "setl_id") != NULL) {
        take_balance(back_end, psn_no, info);
    }
}

static void judge_object(oc_back_end *back_end, const oc_back_end_question *question, const json_t *answer,
                         oc_breach *breach)
{
    oc_med_findings findings = {0};
    const oc_med_message *form = oc_region_message(question->region, question->infno);
    const json_t *output = json_object_get(answer, "output");
    oc_med_check_envelope(question->region, false, answer, &findings);
    note_finding(&findings, "", breach);
    check_number(back_end, question, text_of(answer, "inf_refmsgid"), breach);
    if (strcmp(text_of(answer, "infcode"), "0") != 0) {
        if (text_of(answer, "err_msg")[0] == '\0') {
            oc_breach_note(breach, OC_BREACH_GARBAGE, "err_msg: a failure says nothing");
        }
        return;
    }
    findings = (oc_med_findings){0};
    if (form != NULL && (form->out_count > 0 || output != NULL)) {
        if (json_is_object(output)) {
            oc_med_check_content(form, false, output, &findings);
        } else {
            oc_breach_note(breach, OC_BREACH_GARBAGE, "output: a success has no object there");
        }
    }
    note_finding(&findings, "output.", breach);
    const json_t *person = json_object_get(output, "baseinfo");
    if (strcmp(question->infno, "2601") == 0) {
        back_end->psn_no[0] = '\0'; /* it does not say what it gave back */
    }
    if (json_object_get(output, "setlinfo") != NULL) {
        check_settlement(back_end, question, output, breach);
    } else if (person != NULL) {
        take_balance(back_end, text_of(person, "psn_no"), json_array_get(json_object_get(output, "insuinfo"), 0));
    }
}

void oc_back_end_judge(oc_back_end *back_end, const oc_back_end_question *question, oc_span answer, oc_breach *breach)
{
    json_t *object = NULL;
    oc_diag why = {0};
    oc_result r = oc_json_parse(&object, answer, &why);
    if (!oc_is_ok(r) || !json_is_object(object)) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "the answer is no JSON object in UTF-8: %.150s",
                       oc_is_ok(r) ? "another value" : why.reason);
    } else {
        judge_object(back_end, question, object, breach);
    }
    json_decref(object);
}

oc_result oc_back_end_ask(oc_back_end *back_end, const oc_back_end_question *question, oc_buf *answer,
                          oc_breach *breach, oc_diag *diag)
{
    oc_http_post *post = NULL;
    OC_TRY(find_path(back_end, oc_region_message(question->region, question->infno), &post, diag));
    OC_TRY(oc_http_post_ask(post, question->message, question->headers, back_end->timeout_ms, answer, breach, diag));
    if (breach->kind == OC_BREACH_NONE) {
        oc_back_end_judge(back_end, question, oc_buf_span(answer), breach);
    }
    return oc_ok();
}
