/* SPDX-License-Identifier: Apache-2.0 */
/* Form of messages and answers: tables, envelope, sessions, signatures. */
#include <stdio.h>

#include "tests/mutants/host/change.h"

#define OVERLOOKS(function)                                                                                           \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .overlooks = function                                                                                         \
    }
#define RULES(function)                                                                                               \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .rules = function                                                                                             \
    }
#define UNSAID(refusal)                                                                                               \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .unsaid = refusal                                                                                             \
    }
#define ANSWER(function)                                                                                              \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .answer = function                                                                                            \
    }

/* The tables */

static bool missing(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_MISSING;
}

static bool too_long(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_TOO_LONG;
}

static bool length(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_LENGTH;
}

static bool type(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_TYPE && strstr(finding->expected, "decimals") == NULL;
}

static bool number(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_TYPE && strstr(finding->expected, "decimals") != NULL;
}

static bool dictionary(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_DICTIONARY && strcmp(finding->path, "infno") != 0;
}

static bool of_one_source(const oc_med_finding *finding)
{
    return finding->source == 'C' && finding->flaw != OC_MED_FLAW_SIGNATURE && finding->flaw != OC_MED_FLAW_RULE;
}

static bool of_choice(const oc_med_finding *finding)
{
    return finding->source == 'P' && finding->flaw != OC_MED_FLAW_RULE;
}

static bool in_envelope(const oc_med_finding *finding)
{
    return strchr(finding->path, '.') == NULL && finding->flaw != OC_MED_FLAW_SIGNATURE &&
           finding->flaw != OC_MED_FLAW_RULE && strcmp(finding->path, "infno") != 0;
}

/* Signatures */

static bool any_signature(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_SIGNATURE;
}

static bool signature_of(const oc_med_finding *finding, const char *path)
{
    return finding->flaw == OC_MED_FLAW_SIGNATURE && strcmp(finding->path, path) == 0;
}

static bool digest(const oc_med_finding *finding)
{
    return signature_of(finding, "cainfo");
}

static bool nonce(const oc_med_finding *finding)
{
    return signature_of(finding, "x-tif-nonce");
}

static bool mobile(const oc_med_finding *finding)
{
    return signature_of(finding, "signData");
}

static bool kind_of_signature(const oc_med_finding *finding)
{
    return signature_of(finding, "signtype");
}

static bool gateway(const oc_med_finding *finding)
{
    return signature_of(finding, "x-tif-signature") || signature_of(finding, "x-tif-paasid");
}

/* Envelope and session */

static void any_time(oc_med_rules *rules)
{
    rules->clock_minutes = 1000000;
}

static void eleven_minutes(oc_med_rules *rules)
{
    rules->clock_minutes = 11;
}

static void nine_minutes(oc_med_rules *rules)
{
    rules->clock_minutes = 9;
}

static void any_version(oc_med_rules *rules)
{
    rules->infver = "V1.0 1.0 1.0.0 V2.0";
}

static void one_version(oc_med_rules *rules)
{
    rules->infver = "V1.0";
}

static void no_session(oc_med_rules *rules)
{
    rules->sign_no_required = false;
}

static void session_always(oc_med_rules *rules)
{
    rules->sign_no_required = true;
}

static void lasting_session(oc_med_rules *rules)
{
    rules->sign_in_seconds = 0;
}

static void short_session(oc_med_rules *rules)
{
    rules->sign_in_seconds = 3600;
}

static void component_everywhere(oc_med_rules *rules)
{
    rules->component = true;
}

/* Answers */

static void set(json_t *answer, const char *name, const char *text)
{
    json_object_set_new(answer, name, json_string(text));
}

static bool refused(const json_t *answer)
{
    return strcmp(oc_med_text(answer, "infcode"), "0") != 0;
}

static void short_number(const char *infno, json_t *answer)
{
    char text[31];
    (void)infno;
    snprintf(text, sizeof text, "%.29s", oc_med_text(answer, "inf_refmsgid"));
    set(answer, "inf_refmsgid", text);
}

static void no_number(const char *infno, json_t *answer)
{
    (void)infno;
    json_object_del(answer, "inf_refmsgid");
}

static void same_number(const char *infno, json_t *answer)
{
    (void)infno;
    set(answer, "inf_refmsgid", "310000202603020915000000000001");
}

static void number_without_time(const char *infno, json_t *answer)
{
    (void)infno;
    set(answer, "inf_refmsgid", "310000999999999999999999999999");
}

static void silent_failure(const char *infno, json_t *answer)
{
    (void)infno;
    if (refused(answer)) {
        set(answer, "err_msg", "");
    }
}

static void long_text(const char *infno, json_t *answer)
{
    char text[902];
    (void)infno;
    memset(text, 'X', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    if (refused(answer)) {
        snprintf(text, sizeof text, "%s", oc_med_text(answer, "err_msg"));
        size_t len = strlen(text);
        memset(text + len, 'X', sizeof text - 1 - len);
        set(answer, "err_msg", text);
    }
}

static void refusal_as_success(const char *infno, json_t *answer)
{
    (void)infno;
    set(answer, "infcode", "0");
}

static void other_code(const char *infno, json_t *answer)
{
    (void)infno;
    if (refused(answer)) {
        set(answer, "infcode", "1");
    }
}

static void no_output(const char *infno, json_t *answer)
{
    (void)infno;
    if (!refused(answer)) {
        json_object_set_new(answer, "output", json_object());
    }
}

static void no_warning(const char *infno, json_t *answer)
{
    (void)infno;
    json_object_del(answer, "warn_msg");
}

static void always_even(const char *infno, json_t *answer)
{
    if (strcmp(infno, "3201") == 0 && !refused(answer)) {
        set(json_object_get(json_object_get(answer, "output"), "stmtinfo"), "stmt_rslt", "0");
    }
}

static void never_even(const char *infno, json_t *answer)
{
    if (strcmp(infno, "3201") == 0 && !refused(answer)) {
        set(json_object_get(json_object_get(answer, "output"), "stmtinfo"), "stmt_rslt", "1");
    }
}

static void empty_file(const char *infno, json_t *answer)
{
    if (strcmp(infno, "9102") == 0 && !refused(answer)) {
        set(json_object_get(json_object_get(answer, "output"), "data"), "out", "");
    }
}

static const struct mutant rows[] = {
    {.id = "host.message.missing-taken", OVERLOOKS(missing)},
    {.id = "host.message.too-long-taken", OVERLOOKS(too_long)},
    {.id = "host.message.any-length", OVERLOOKS(length)},
    {.id = "host.message.any-text", OVERLOOKS(type)},
    {.id = "host.message.any-number", OVERLOOKS(number)},
    {.id = "host.message.any-code", OVERLOOKS(dictionary)},
    {.id = "host.message.one-source-unchecked", OVERLOOKS(of_one_source)},
    {.id = "host.message.choice-unchecked", OVERLOOKS(of_choice)},
    {.id = "host.message.envelope-unchecked", OVERLOOKS(in_envelope)},
    {.id = "host.signature.unchecked", OVERLOOKS(any_signature)},
    {.id = "host.signature.any-digest", OVERLOOKS(digest)},
    {.id = "host.signature.any-kind", OVERLOOKS(kind_of_signature)},
    {.id = "host.signature.any-gateway", OVERLOOKS(gateway)},
    {.id = "host.signature.any-sm2", .host = &(const struct host_change){.takes_any_signature = true}},
    {.id = "host.signature.any-mobile", OVERLOOKS(mobile)},
    {.id = "host.signature.nonce-again", OVERLOOKS(nonce)},
    {.id = "host.envelope.any-time", RULES(any_time)},
    {.id = "host.envelope.eleven-minutes", RULES(eleven_minutes)},
    {.id = "host.envelope.nine-minutes", RULES(nine_minutes)},
    {.id = "host.envelope.any-msgid", UNSAID("[MSGID msgid] 报文ID应为")},
    {.id = "host.envelope.any-msgid-time", UNSAID("[MSGID msgid] 报文ID中的时间")},
    {.id = "host.envelope.any-version", RULES(any_version)},
    {.id = "host.envelope.one-version", RULES(one_version)},
    {.id = "host.envelope.any-place", UNSAID("[INSTITUTION mdtrtarea_admvs]")},
    {.id = "host.session.none", RULES(no_session)},
    {.id = "host.session.always", RULES(session_always)},
    {.id = "host.session.never-expires", RULES(lasting_session)},
    {.id = "host.session.always-expires", RULES(short_session)},
    {.id = "host.component.everywhere", RULES(component_everywhere)},
    {.id = "host.answer.short-number", ANSWER(short_number)},
    {.id = "host.answer.no-number", ANSWER(no_number)},
    {.id = "host.answer.same-number", ANSWER(same_number)},
    {.id = "host.answer.number-without-time", ANSWER(number_without_time)},
    {.id = "host.answer.silent-failure", ANSWER(silent_failure)},
    {.id = "host.answer.long-text", ANSWER(long_text)},
    {.id = "host.answer.refusal-as-success", ANSWER(refusal_as_success)},
    {.id = "host.answer.other-code", ANSWER(other_code)},
    {.id = "host.answer.no-output", ANSWER(no_output)},
    {.id = "host.answer.no-warning", ANSWER(no_warning)},
    {.id = "host.reconcile.always-even", ANSWER(always_even)},
    {.id = "host.reconcile.never-even", ANSWER(never_even)},
    {.id = "host.file.empty", ANSWER(empty_file)},
};
MUTANT_TABLE(rows);
