/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "sim/host/medical/money.h"

oc_result oc_med_refuse(struct oc_med_call *call, const char *rule, const char *field, const char *zh, const char *en)
{
    if (!call->refused) {
        call->refused = true;
        snprintf(call->err_msg, sizeof call->err_msg, "[%s%s%s] %s / %s", rule, field[0] == '\0' ? "" : " ", field, zh,
                 en);
        oc_med_find(&call->judgement->findings, OC_MED_FLAW_RULE, 'P', rule, NULL, "%s%s%s", field,
                    field[0] == '\0' ? "" : ": ", en);
    }
    return oc_ok();
}

const json_t *oc_med_first_node(const struct oc_med_call *call)
{
    const json_t *node = call->form->in_count == 0 ? NULL : json_object_get(call->input, call->form->in[0].name);
    return json_is_array(node) ? json_array_get(node, 0) : node;
}

const char *oc_med_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

const char *oc_med_in(const struct oc_med_call *call, const char *name)
{
    return oc_med_text(oc_med_first_node(call), name);
}

int64_t oc_med_in_fen(const struct oc_med_call *call, const char *name)
{
    int64_t fen = 0;
    const json_t *value = json_object_get(oc_med_first_node(call), name);
    return value != NULL && oc_med_decimal(value, 2, &fen) ? fen : 0;
}

void oc_med_put(json_t *object, const char *name, const char *text)
{
    json_object_set_new(object, name, json_string(text));
}

void oc_med_put_fen(json_t *object, const char *name, int64_t fen)
{
    oc_med_put_number(object, name, fen, 2);
}

void oc_med_put_number(json_t *object, const char *name, int64_t number, unsigned decimals)
{
    static const double powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    json_object_set_new(object, name, json_real((double)number / powers[decimals]));
}

static void copy(char *out, size_t room, sqlite3_stmt *row, int at)
{
    snprintf(out, room, "%s", oc_med_column(row, at));
}

static oc_result refuse_state(struct oc_med_call *call, const struct oc_med_visit *visit)
{
    return strcmp(visit->state, "cancelled") == 0
               ? oc_med_refuse(call, "F1", "mdtrt_id", "该就诊已撤销", "the visit was cancelled")
               : oc_med_refuse(call, "F1", "mdtrt_id", "该就诊已出院", "the patient was discharged");
}

oc_result oc_med_take_visit(struct oc_med_call *call, char kind, struct oc_med_visit *visit)
{
    const char kind_text[] = {kind, '\0'};
    sqlite3_stmt *row;
    *visit = (struct oc_med_visit){.kind = kind};
    OC_TRY(oc_med_store_row(call->medical->store, &row, call->diag,
                            "SELECT id, psn_no, insutype, number, med_type, cert_type, cert_no, card_sn, admdvs,"
                            " described, state FROM visit"
                            " WHERE id = CAST(substr(?1, 2) AS INTEGER) AND ?1 = printf('M%014d', id)"
                            " AND institution = ?2 AND kind = ?3",
                            "sss", oc_med_in(call, "mdtrt_id"), call->institution->code, kind_text));
    if (row == NULL) {
        return oc_med_refuse(call, "F1", "mdtrt_id", "没有这次就诊登记", "there is no such registration");
    }
    visit->id = sqlite3_column_int64(row, 0);
    copy(visit->psn_no, sizeof visit->psn_no, row, 1);
    copy(visit->insutype, sizeof visit->insutype, row, 2);
    copy(visit->number, sizeof visit->number, row, 3);
    copy(visit->med_type, sizeof visit->med_type, row, 4);
    copy(visit->cert_type, sizeof visit->cert_type, row, 5);
    copy(visit->cert_no, sizeof visit->cert_no, row, 6);
    copy(visit->card_sn, sizeof visit->card_sn, row, 7);
    copy(visit->admdvs, sizeof visit->admdvs, row, 8);
    visit->described = sqlite3_column_int(row, 9) != 0;
    copy(visit->state, sizeof visit->state, row, 10);
    if (strcmp(visit->psn_no, oc_med_in(call, "psn_no")) != 0) {
        return oc_med_refuse(call, "F2", "psn_no", "人员编号与就诊登记不符", "not the person of the registration");
    }
    OC_TRY(oc_med_check_place(call, visit->admdvs));
    return strcmp(visit->state, "cancelled") == 0 ? refuse_state(call, visit) : oc_ok();
}

oc_result oc_med_check_place(struct oc_med_call *call, const char *admdvs)
{
    return strcmp(oc_med_text(call->envelope, "insuplc_admdvs"), admdvs) == 0
               ? oc_ok()
               : oc_med_refuse(call, "F3", "insuplc_admdvs", "参保地与人员参保信息不符",
                               "not the place of the person's insurance");
}

oc_result oc_med_check_medium(struct oc_med_call *call, const struct oc_med_visit *visit)
{
    const oc_med_rules *rules = oc_region_rules(call->medical->region);
    const char *card_sn = oc_med_in(call, "card_sn");
    bool same = strcmp(oc_med_in(call, "mdtrt_cert_type"), visit->cert_type) == 0 &&
                strcmp(oc_med_in(call, "mdtrt_cert_no"), visit->cert_no) == 0;
    if (!same && !rules->change_of_medium) {
        return oc_med_refuse(call, "F4", "data.mdtrt_cert_no", "就诊凭证与登记时不一致",
                             "not the medium of the registration");
    }
    if (strcmp(visit->cert_type, "03") != 0) {
        return oc_ok();
    }
    if (rules->card_sn_in_settlement && card_sn[0] == '\0') {
        return oc_med_refuse(call, "F5", "data.card_sn", "缺少卡识别码", "the card identifier is missing");
    }
    return card_sn[0] == '\0' || visit->card_sn[0] == '\0' || strcasecmp(card_sn, visit->card_sn) == 0
               ? oc_ok()
               : oc_med_refuse(call, "F5", "data.card_sn", "卡识别码与登记时不一致",
                               "not the card of the registration");
}
