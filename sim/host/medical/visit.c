/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/host/medical/call.h"

/* The person of a registration: known, insured, with this insurance, by this medium. */
static oc_result admit_person(struct oc_med_call *call, oc_med_person *person)
{
    const char *insutype = oc_med_in(call, "insutype");
    oc_med_person bearer;
    bool known;
    if (!oc_med_find_person(call->medical, oc_med_in(call, "psn_no"), person)) {
        return oc_med_refuse(call, "F2", "psn_no", "人员编号不存在", "there is no such person number");
    }
    OC_TRY(oc_med_find_medium(call, &bearer, &known));
    if (call->refused) {
        return oc_ok();
    }
    if (!known || strcmp(bearer.psn_no, person->psn_no) != 0) {
        return oc_med_refuse(call, "F4", "mdtrt_cert_no", "就诊凭证不是该人员的", "the medium is not this person's");
    }
    OC_TRY(oc_med_check_place(call, person->admdvs));
    if (strcmp(insutype, person->insutype) != 0 && !(strcmp(insutype, "410") == 0 && person->injured)) {
        return oc_med_refuse(call, "F2", "insutype", "该人员没有此险种（或工伤未认定）",
                             "the person has no such insurance, or the injury is not recognised");
    }
    static const char *const zh[] = {"", "该人员暂停参保", "该人员已终止参保", "该人员已死亡"};
    static const char *const en[] = {"", "the insurance is suspended", "the insurance has ended",
                                     "the person is dead"};
    return person->standing == OC_MED_INSURED
               ? oc_ok()
               : oc_med_refuse(call, "PERSON", "psn_no", zh[person->standing], en[person->standing]);
}

static oc_result add_visit(struct oc_med_call *call, const oc_med_person *person, char kind, const char *number,
                           const char *med_type, char mdtrt_id[31])
{
    const char kind_text[] = {kind, '\0'};
    OC_TRY(oc_med_store_run(call->medical->store, call->diag,
                            "INSERT INTO visit (psn_no, insutype, institution, kind, number, med_type, cert_type,"
                            " cert_no, card_sn, admdvs, described, begun, state)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'open')",
                            "ssssssssssis", person->psn_no, oc_med_in(call, "insutype"), call->institution->code,
                            kind_text, number, med_type, oc_med_in(call, "mdtrt_cert_type"),
                            oc_med_in(call, "mdtrt_cert_no"), oc_med_in(call, "card_sn"), person->admdvs,
                            (int64_t)(kind == 'i'), oc_med_in(call, "begntime")));
    snprintf(mdtrt_id, 31, "M%014lld", (long long)oc_med_store_last(call->medical->store));
    return oc_ok();
}

/* 2201. The kind of visit is not known yet: a pharmacy's is 41 (project choice), others tell it in 2203. */
oc_result oc_med_register(struct oc_med_call *call)
{
    oc_med_person person;
    char mdtrt_id[31];
    OC_TRY(admit_person(call, &person));
    if (call->refused) {
        return oc_ok();
    }
    OC_TRY(add_visit(call, &person, 'o', oc_med_in(call, "ipt_otp_no"), call->institution->pharmacy ? "41" : "",
                     mdtrt_id));
    json_t *out = json_object();
    oc_med_put(out, "mdtrt_id", mdtrt_id);
    oc_med_put(out, "psn_no", person.psn_no);
    oc_med_put(out, "ipt_otp_no", oc_med_in(call, "ipt_otp_no"));
    json_object_set_new(call->output, "data", out);
    return oc_ok();
}

/* Undoing goes backwards (F1): a visit with lines or settlements is not cancelled. */
static oc_result is_empty(struct oc_med_call *call, const struct oc_med_visit *visit)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag, "SELECT id FROM line WHERE visit = ?1 LIMIT 1",
                            "i", visit->id));
    return row == NULL ? oc_ok()
                       : oc_med_refuse(call, "F1", "mdtrt_id", "已有费用明细，须先撤销", "fee lines have to go first");
}

static oc_result set_state(struct oc_med_call *call, const struct oc_med_visit *visit, const char *state)
{
    return oc_med_store_run(call->medical->store, call->diag, "UPDATE visit SET state = ?2 WHERE id = ?1", "is",
                            visit->id, state);
}

static oc_result cancel(struct oc_med_call *call, char kind)
{
    struct oc_med_visit visit;
    OC_TRY(oc_med_take_visit(call, kind, &visit));
    if (!call->refused && kind == 'o' && strcmp(visit.number, oc_med_in(call, "ipt_otp_no")) != 0) {
        OC_TRY(
            oc_med_refuse(call, "F1", "data.ipt_otp_no", "与登记的就诊号不符", "not the number of the registration"));
    }
    if (!call->refused && strcmp(visit.state, "discharged") == 0) {
        OC_TRY(oc_med_refuse(call, "F1", "data.mdtrt_id", "须先撤销出院", "the discharge has to go first"));
    }
    if (!call->refused) {
        OC_TRY(is_empty(call, &visit));
    }
    return call->refused ? oc_ok() : set_state(call, &visit, "cancelled");
}

/* 2202, 2404. */
oc_result oc_med_cancel_visit(struct oc_med_call *call)
{
    return cancel(call, strcmp(call->form->infno, "2202") == 0 ? 'o' : 'i');
}

/* 2203. */
oc_result oc_med_describe_visit(struct oc_med_call *call)
{
    struct oc_med_visit visit;
    OC_TRY(oc_med_take_visit(call, 'o', &visit));
    if (!call->refused && call->institution->pharmacy != (strcmp(oc_med_in(call, "med_type"), "41") == 0)) {
        OC_TRY(oc_med_refuse(call, "F1", "mdtrtinfo.med_type", "医疗类别与机构类型不符",
                             "the kind of visit does not fit the institution"));
    }
    return call->refused ? oc_ok()
                         : oc_med_store_run(call->medical->store, call->diag,
                                            "UPDATE visit SET described = 1, med_type = ?2 WHERE id = ?1", "is",
                                            visit.id, oc_med_in(call, "med_type"));
}

/* 2401. Outside the insurance's province, certificate type and number have to be there (sheet 5, 1101). */
oc_result oc_med_admit(struct oc_med_call *call)
{
    oc_med_person person;
    char mdtrt_id[31];
    OC_TRY(admit_person(call, &person));
    bool outside = !call->refused && strncmp(person.admdvs, call->institution->admdvs, 2) != 0;
    if (outside && (oc_med_in(call, "psn_cert_type")[0] == '\0' || oc_med_in(call, "certno")[0] == '\0')) {
        OC_TRY(oc_med_refuse(call, "F1", "mdtrtinfo.certno", "跨省住院须有证件类型和号码",
                             "an admission in another province needs certificate type and number"));
    }
    if (call->refused) {
        return oc_ok();
    }
    OC_TRY(add_visit(call, &person, 'i', oc_med_in(call, "ipt_no"), oc_med_in(call, "med_type"), mdtrt_id));
    json_t *out = json_object();
    oc_med_put(out, "mdtrt_id", mdtrt_id);
    json_object_set_new(call->output, "result", out);
    return oc_ok();
}

/* 2402: only after the settlement of everything that was uploaded. */
oc_result oc_med_discharge(struct oc_med_call *call)
{
    struct oc_med_visit visit;
    sqlite3_stmt *row;
    OC_TRY(oc_med_take_visit(call, 'i', &visit));
    if (call->refused) {
        return oc_ok();
    }
    if (strcmp(visit.state, "discharged") == 0) {
        return oc_med_refuse(call, "F1", "dscginfo.mdtrt_id", "已办理出院", "the patient was discharged before");
    }
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT count(*), count(settlement) FROM line WHERE visit = ?1", "i", visit.id));
    bool unsettled = row != NULL && sqlite3_column_int64(row, 0) > sqlite3_column_int64(row, 1);
    return unsettled ? oc_med_refuse(call, "F1", "dscginfo.mdtrt_id", "尚有未结算的费用",
                                     "there are fees that were not settled")
                     : set_state(call, &visit, "discharged");
}

/* 2403. */
oc_result oc_med_change_admission(struct oc_med_call *call)
{
    struct oc_med_visit visit;
    OC_TRY(oc_med_take_visit(call, 'i', &visit));
    return call->refused
               ? oc_ok()
               : oc_med_store_run(call->medical->store, call->diag, "UPDATE visit SET begun = ?2 WHERE id = ?1", "is",
                                  visit.id, oc_med_in(call, "begntime"));
}

/* 2405. */
oc_result oc_med_cancel_discharge(struct oc_med_call *call)
{
    struct oc_med_visit visit;
    OC_TRY(oc_med_take_visit(call, 'i', &visit));
    if (!call->refused && strcmp(visit.state, "discharged") != 0) {
        return oc_med_refuse(call, "F1", "data.mdtrt_id", "尚未办理出院", "the patient was not discharged");
    }
    return call->refused ? oc_ok() : set_state(call, &visit, "open");
}
