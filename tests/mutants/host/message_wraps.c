/* SPDX-License-Identifier: Apache-2.0 */
/* Settlement messages: what is found wrong with them, what is refused, what is answered. */
#include "sim/host/json.h"
#include "sim/host/medical/envelope.h"
#include "tests/mutants/host/change.h"

MUTANT_WRAPS(oc_result, oc_med_refuse, struct oc_med_call *call, const char *rule, const char *field, const char *zh,
             const char *en);
MUTANT_WRAPS(oc_result, oc_med_take_visit, struct oc_med_call *call, char kind, struct oc_med_visit *visit);
MUTANT_WRAPS(oc_result, oc_med_check_place, struct oc_med_call *call, const char *admdvs);
MUTANT_WRAPS(oc_result, oc_med_check_medium, struct oc_med_call *call, const struct oc_med_visit *visit);
MUTANT_WRAPS(oc_result, oc_med_find_medium, struct oc_med_call *call, oc_med_person *person, bool *known);
MUTANT_WRAPS(bool, oc_med_find_person, const oc_medical *medical, const char *psn_no, oc_med_person *person);
MUTANT_WRAPS(oc_result, oc_med_check_request, struct oc_med_call *call);
MUTANT_WRAPS(oc_result, oc_med_check_session, struct oc_med_call *call);
MUTANT_WRAPS(oc_result, oc_med_write_answer, struct oc_med_call *call, oc_buf *answer);
MUTANT_WRAPS(const oc_med_finding *, oc_med_first_fault, const oc_med_findings *findings);

MUTANT_WRAPS(const oc_med_message *, oc_region_message, const oc_region *region, const char *infno);
MUTANT_WRAPS(oc_result, oc_sha256, oc_crypto *crypto, oc_span data, uint8_t out[32]);

/* Takes a refusal back that the mutant does not make. */
static oc_result unsay(struct oc_med_call *call, oc_result r)
{
    const struct host_change *change = host_change();
    if (oc_is_ok(r) && change != NULL && change->unsaid != NULL && call->refused &&
        strncmp(call->err_msg, change->unsaid, strlen(change->unsaid)) == 0) {
        call->refused = false;
        call->err_msg[0] = '\0';
    }
    return r;
}

oc_result __wrap_oc_med_refuse(struct oc_med_call *call, const char *rule, const char *field, const char *zh,
                               const char *en)
{
    return unsay(call, __real_oc_med_refuse(call, rule, field, zh, en));
}

oc_result __wrap_oc_med_take_visit(struct oc_med_call *call, char kind, struct oc_med_visit *visit)
{
    return unsay(call, __real_oc_med_take_visit(call, kind, visit));
}

oc_result __wrap_oc_med_check_place(struct oc_med_call *call, const char *admdvs)
{
    return unsay(call, __real_oc_med_check_place(call, admdvs));
}

oc_result __wrap_oc_med_check_medium(struct oc_med_call *call, const struct oc_med_visit *visit)
{
    return unsay(call, __real_oc_med_check_medium(call, visit));
}

oc_result __wrap_oc_med_check_request(struct oc_med_call *call)
{
    return unsay(call, __real_oc_med_check_request(call));
}

oc_result __wrap_oc_med_check_session(struct oc_med_call *call)
{
    return unsay(call, __real_oc_med_check_session(call));
}

static void alter_person(oc_med_person *person)
{
    const struct host_change *change = host_change();
    if (change != NULL && change->person != NULL) {
        change->person(person);
    }
}

oc_result __wrap_oc_med_find_medium(struct oc_med_call *call, oc_med_person *person, bool *known)
{
    OC_TRY(unsay(call, __real_oc_med_find_medium(call, person, known)));
    if (*known) {
        alter_person(person);
    }
    return oc_ok();
}

bool __wrap_oc_med_find_person(const oc_medical *medical, const char *psn_no, oc_med_person *person)
{
    bool known = __real_oc_med_find_person(medical, psn_no, person);
    if (known) {
        alter_person(person);
    }
    return known;
}

const oc_med_finding *__wrap_oc_med_first_fault(const oc_med_findings *findings)
{
    const struct host_change *change = host_change();
    bool is_told = change != NULL && mutant_running() == MUTANT_HOST;
    if (is_told && change->refuses_unknown && findings->count > 0) {
        return &findings->at[0];
    }
    if (!is_told || change->overlooks == NULL) {
        return __real_oc_med_first_fault(findings);
    }
    oc_med_findings seen = {0};
    const oc_med_finding *fault = NULL;
    for (size_t i = 0; i < findings->count && fault == NULL; i++) {
        seen.at[0] = findings->at[i];
        seen.count = 1;
        fault = !change->overlooks(&findings->at[i]) && __real_oc_med_first_fault(&seen) != NULL ? &findings->at[i]
                                                                                                 : NULL;
    }
    return fault;
}

oc_result __wrap_oc_med_write_answer(struct oc_med_call *call, oc_buf *answer)
{
    const struct host_change *change = host_change();
    const char *infno = oc_med_text(call->envelope, "infno");
    if (change != NULL && change->output != NULL && !call->refused) {
        change->output(infno, call->output);
    }
    OC_TRY(__real_oc_med_write_answer(call, answer));
    if (change == NULL || change->answer == NULL) {
        return oc_ok();
    }
    json_t *whole = NULL;
    OC_TRY(oc_json_parse(&whole, oc_buf_span(answer), NULL));
    change->answer(infno, whole);
    oc_buf_clear(answer);
    oc_result r = oc_json_print(answer, whole);
    json_decref(whole);
    return r;
}

/* Of a message the digest is taken over its number and its input. */
oc_result __wrap_oc_sha256(oc_crypto *crypto, oc_span data, uint8_t out[32])
{
    const struct host_change *change = host_change();
    bool is_message = mutant_running() == MUTANT_HOST && mutant_byte(data, 4) == '{';
    if (change == NULL || !change->forgets_content || !is_message) {
        return __real_oc_sha256(crypto, data, out);
    }
    memset(out, 0, 32);
    return oc_ok();
}

/* The numbers with an A are no messages. */
const oc_med_message *__wrap_oc_region_message(const oc_region *region, const char *infno)
{
    bool unknown = mutant_is("host.region.variants-unknown") && mutant_running() == MUTANT_HOST &&
                   strlen(infno) == 5 && infno[4] == 'A';
    return unknown ? NULL : __real_oc_region_message(region, infno);
}
