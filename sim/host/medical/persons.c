/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "sim/host/medical/call.h"

oc_result oc_medical_set_holder(oc_medical *medical, const oc_med_holder *holder)
{
    oc_med_person person;
    oc_med_person_of_holder(holder, oc_region_persons(medical->region), &person);
    size_t at = medical->holder_count;
    for (size_t i = 0; i < medical->holder_count; i++) {
        if (strcmp(medical->holders[i].card_number, person.card_number) == 0) {
            at = i;
        }
    }
    if (at == medical->holder_count) {
        oc_med_person *grown = realloc(medical->holders, (at + 1) * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        medical->holders = grown;
        medical->holder_count++;
    }
    medical->holders[at] = person;
    return oc_ok();
}

bool oc_med_find_person(const oc_medical *medical, const char *psn_no, oc_med_person *person)
{
    for (size_t i = 0; i < medical->holder_count; i++) {
        if (strcmp(medical->holders[i].psn_no, psn_no) == 0) {
            *person = medical->holders[i];
            return true;
        }
    }
    return oc_med_person_by_psn_no(oc_region_persons(medical->region), psn_no, person);
}

static bool find_by(const oc_medical *medical, const char *what, const char *number, oc_med_person *person)
{
    bool card = strcmp(what, "card-number") == 0;
    bool id = strcmp(what, "id-number") == 0;
    for (size_t i = 0; i < medical->holder_count; i++) {
        const oc_med_person *holder = &medical->holders[i];
        const char *own = card ? holder->card_number : id ? holder->id_number : holder->card_id;
        if (strcasecmp(own, number) == 0) {
            *person = *holder;
            return true;
        }
    }
    const oc_med_persons *persons = oc_region_persons(medical->region);
    return card ? oc_med_person_by_card(persons, number, person) : id && oc_med_person_by_id(persons, number, person);
}

bool oc_med_find_identity(const oc_medical *medical, const char *id_number, oc_med_person *person)
{
    return find_by(medical, "id-number", id_number, person);
}

bool oc_med_find_card(const oc_medical *medical, const char *card_id, oc_med_person *person)
{
    return find_by(medical, "card-id", card_id, person) ||
           oc_med_person_by_card_id(oc_region_persons(medical->region), card_id, person);
}

/* 01: the token of an electronic voucher, as long as it holds. */
static oc_result find_voucher(struct oc_med_call *call, const char *token, oc_med_person *person, bool *known)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT id_number, until FROM voucher WHERE token = ?1", "s", token));
    if (row == NULL) {
        return oc_ok();
    }
    if (sqlite3_column_int64(row, 1) < call->now.seconds) {
        return oc_med_refuse(call, "VOUCHER", "data.mdtrt_cert_no", "电子凭证令牌已过期", "the token has expired");
    }
    *known = oc_med_find_identity(call->medical, oc_med_column(row, 0), person);
    return oc_ok();
}

static const char *item_of(const oc_med_person *person, const char *what)
{
    return strcmp(what, "card-number") == 0 ? person->card_number
           : strcmp(what, "id-number") == 0 ? person->id_number
                                            : person->card_id;
}

oc_result oc_med_card_state(const oc_medical *medical, const char *card_id, const char **state, oc_diag *diag)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(medical->store, &row, diag, "SELECT state FROM card WHERE card_id = upper(?1)", "s",
                            card_id));
    *state = row == NULL ? NULL : strcmp(oc_med_column(row, 0), "lost") == 0 ? "lost" : "replaced";
    return oc_ok();
}

/* A listed card is refused everywhere (scenario ISS-4). */
static oc_result check_card_list(struct oc_med_call *call, const oc_med_person *person)
{
    const char *state;
    OC_TRY(oc_med_card_state(call->medical, person->card_id, &state, call->diag));
    if (state == NULL) {
        return oc_ok();
    }
    bool lost = strcmp(state, "lost") == 0;
    return oc_med_refuse(call, "CARD", "data.card_sn", lost ? "该卡已挂失" : "该卡已被更换",
                         lost ? "the card is reported lost" : "the card was replaced");
}

oc_result oc_med_find_medium(struct oc_med_call *call, oc_med_person *person, bool *known)
{
    const oc_region *region = call->medical->region;
    const char *type = oc_med_in(call, "mdtrt_cert_type");
    const char *number = oc_med_in(call, "mdtrt_cert_no");
    const char *card_sn = oc_med_in(call, "card_sn");
    *known = false;
    if (strcmp(type, "01") == 0) {
        return find_voucher(call, number, person, known);
    }
    if (strcmp(type, "02") == 0) {
        *known = find_by(call->medical, "id-number", number, person);
    } else if (strcmp(type, "03") == 0) {
        *known = find_by(call->medical, oc_region_card_field(region, "mdtrt_cert_no"), number, person);
        const char *expected = *known ? item_of(person, oc_region_card_field(region, "card_sn")) : "";
        if (*known && card_sn[0] != '\0' && strcasecmp(card_sn, expected) != 0) {
            return oc_med_refuse(call, "F5", "data.card_sn", "卡识别码与卡号不符",
                                 "the card identifier is not that of the card number");
        }
        if (*known) {
            OC_TRY(check_card_list(call, person));
        }
    }
    return oc_ok();
}

oc_result oc_med_balance(struct oc_med_call *call, const oc_med_person *person, int64_t *balance)
{
    sqlite3_stmt *row;
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag, "SELECT balance FROM account WHERE psn_no = ?1",
                            "s", person->psn_no));
    *balance = row == NULL ? person->balance : sqlite3_column_int64(row, 0);
    return oc_ok();
}

static void add_insurance(json_t *list, const oc_med_person *person, const char *insutype, int64_t balance)
{
    static const char *const standings[] = {"1", "2", "4", "4"};
    json_t *info = json_object();
    oc_med_put_fen(info, "balc", balance);
    oc_med_put(info, "insutype", insutype);
    oc_med_put(info, "psn_type", person->psn_type);
    oc_med_put(info, "psn_insu_stas", standings[person->standing]);
    oc_med_put(info, "cvlserv_flag", "0");
    oc_med_put(info, "insuplc_admdvs", person->admdvs);
    json_array_append_new(list, info);
}

/* Certificate number and name, where a caller gives them, must be the holder's. */
static bool fits_holder(struct oc_med_call *call, const oc_med_person *person)
{
    const char *certno = oc_med_in(call, "certno");
    const char *name = oc_med_in(call, "psn_name");
    return (certno[0] == '\0' || strcasecmp(certno, person->id_number) == 0) &&
           (name[0] == '\0' || strcmp(name, person->name) == 0);
}

oc_result oc_med_person_info(struct oc_med_call *call)
{
    oc_med_person person;
    bool known;
    OC_TRY(oc_med_find_medium(call, &person, &known));
    if (call->refused) {
        return oc_ok();
    }
    if (!known) {
        return oc_med_refuse(call, "PERSON", "data.mdtrt_cert_no", "查无此人", "nobody is insured under this number");
    }
    if (!fits_holder(call, &person)) {
        return oc_med_refuse(call, "PERSON", "data.certno", "证件号码或姓名与参保信息不符",
                             "certificate number or name differ from the insured person's");
    }
    int64_t balance;
    OC_TRY(oc_med_balance(call, &person, &balance));
    json_t *base = json_object();
    oc_med_put(base, "psn_no", person.psn_no);
    oc_med_put(base, "psn_cert_type", "01");
    oc_med_put(base, "certno", person.id_number);
    oc_med_put(base, "psn_name", person.name);
    oc_med_put(base, "gend", person.gend);
    oc_med_put(base, "naty", "01");
    oc_med_put(base, "brdy", person.birth);
    oc_med_put_number(base, "age", oc_med_age(person.birth, call->time) * 10, 1);
    json_t *insurances = json_array();
    add_insurance(insurances, &person, person.insutype, strcmp(person.insutype, "310") == 0 ? balance : 0);
    if (person.injured) {
        add_insurance(insurances, &person, "410", 0);
    }
    json_object_set_new(call->output, "baseinfo", base);
    json_object_set_new(call->output, "insuinfo", insurances);
    json_object_set_new(call->output, "idetinfo", json_array());
    return oc_ok();
}

oc_result oc_med_benefit_check(struct oc_med_call *call)
{
    oc_med_person person;
    if (!oc_med_find_person(call->medical, oc_med_in(call, "psn_no"), &person)) {
        return oc_med_refuse(call, "F2", "data.psn_no", "人员编号不存在", "there is no such person number");
    }
    const char *insutype = oc_med_in(call, "insutype");
    bool injury = strcmp(insutype, "410") == 0;
    bool enjoys = person.standing == OC_MED_INSURED &&
                  (injury ? person.injured : strcmp(insutype, person.insutype) == 0) &&
                  oc_region_benefit(call->medical->region, insutype, oc_med_in(call, "med_type")) != NULL;
    json_t *info = json_object();
    oc_med_put(info, "fund_pay_type", injury ? "410100" : "310100");
    oc_med_put(info, "trt_enjymnt_flag", enjoys ? "1" : "0");
    oc_med_put(info, "trt_chk_rslt", enjoys ? "正常享受待遇" : "不享受待遇");
    json_t *list = json_array();
    json_array_append_new(list, info);
    json_object_set_new(call->output, "trtinfo", list);
    return oc_ok();
}
