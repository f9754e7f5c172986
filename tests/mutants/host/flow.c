/* SPDX-License-Identifier: Apache-2.0 */
/* The order of messages and what they say of each other: rules that a back-end does not look after. */
#include "tests/mutants/host/change.h"

#define UNSAID(refusal)                                                                                               \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .unsaid = refusal                                                                                             \
    }

/* A number that was journalled before is journalled anew. */
#define JOURNALS_AGAIN                                                                                                \
    {                                                                                                                 \
        "INSERT INTO message (institution, msgid, infno, digest, at, infcode, answer) VALUES",                        \
            "INSERT OR REPLACE INTO message (institution, msgid, infno, digest, at, infcode, answer) VALUES"          \
    }

static void any_medium(oc_med_rules *rules)
{
    rules->change_of_medium = true;
}

static void fen_of_tolerance(oc_med_rules *rules)
{
    rules->line_tolerance = 1;
}

static void all_reversible(oc_med_rules *rules)
{
    rules->reversible = "2201 2203 2204 2205 2207 2208 2301 2302 2304 2305 2401 2402";
}

static const struct mutant rows[] = {
    {.id = "host.flow.lines-before-visit-information", UNSAID("[F1 feedetail.mdtrt_id] 须先上传就诊信息")},
    {.id = "host.flow.lines-after-discharge", UNSAID("[F1 feedetail.mdtrt_id] 该就诊已出院")},
    {.id = "host.flow.unregister-with-lines", UNSAID("[F1 mdtrt_id] 已有费用明细")},
    {.id = "host.flow.unregister-any-number", UNSAID("[F1 data.ipt_otp_no]")},
    {.id = "host.flow.after-cancelling", UNSAID("[F1 mdtrt_id] 该就诊已撤销")},
    {.id = "host.flow.discharge-unsettled", UNSAID("[F1 dscginfo.mdtrt_id] 尚有未结算的费用")},
    {.id = "host.flow.discharge-twice", UNSAID("[F1 dscginfo.mdtrt_id] 已办理出院")},
    {.id = "host.flow.cancel-after-discharge", UNSAID("[F1 data.mdtrt_id] 须先撤销出院")},
    {.id = "host.flow.recall-nobody", UNSAID("[F1 data.mdtrt_id] 尚未办理出院")},
    {.id = "host.flow.any-kind-of-visit", UNSAID("[F1 data.med_type]")},
    {.id = "host.flow.far-without-certificate", UNSAID("[F1 mdtrtinfo.certno]")},
    {.id = "host.flow.pharmacy-as-hospital", UNSAID("[F1 mdtrtinfo.med_type]")},
    {.id = "host.flow.any-person", UNSAID("[F2 psn_no] 人员编号与就诊登记不符")},
    {.id = "host.flow.any-insurance", UNSAID("[F2 insutype]")},
    {.id = "host.flow.settles-any-insurance", UNSAID("[F2 data.insutype]")},
    {.id = "host.flow.any-place", UNSAID("[F3 insuplc_admdvs]")},
    {.id = "host.flow.medium-of-anybody", UNSAID("[F4 mdtrt_cert_no]")},
    {.id = "host.flow.medium-changes", .host = &(const struct host_change){.rules = any_medium}},
    {.id = "host.flow.any-card-identifier", UNSAID("[F5 data.card_sn]")},
    {.id = "host.flow.batch-not-uploaded", UNSAID("[F6 data.chrg_bchno] 该收费批次没有未结算的明细")},
    {.id = "host.flow.two-diseases", UNSAID("[F6 feedetail.dise_codg]")},
    {.id = "host.flow.drops-nothing", UNSAID("[F6 data.chrg_bchno] 没有可撤销的费用明细")},
    {.id = "host.flow.line-sum-unchecked", UNSAID("[F7 feedetail[0].det_item_fee_sumamt]")},
    {.id = "host.flow.line-sum-a-fen-off", .host = &(const struct host_change){.rules = fen_of_tolerance}},
    {.id = "host.flow.line-number-twice", UNSAID("[F7 feedetail.feedetl_sn]")},
    {.id = "host.flow.any-total", UNSAID("[F8 data.medfee_sumamt]")},
    {.id = "host.flow.settled-batch-dropped", UNSAID("[F10 data.chrg_bchno]")},
    {.id = "host.flow.settled-batch-grows", UNSAID("[F10 feedetail.chrg_bchno]")},
    {.id = "host.flow.client-amounts-unchecked", UNSAID("[A1 ")},
    {.id = "host.reversal.of-anything", .host = &(const struct host_change){.rules = all_reversible}},
    {.id = "host.reversal.of-other-number", UNSAID("[F11 data.oinfno] 原交易编号与报文不符")},
    {.id = "host.reversal.of-anybody", UNSAID("[F11 data.psn_no]")},
    {.id = "host.reversal.of-cancellation", UNSAID("[F11 data.oinfno] 撤销交易已完成")},
    {.id = "host.reversal.late-message-booked",
     .host = &(const struct host_change){.unsaid = "[F11 msgid]", .sql = {JOURNALS_AGAIN}}},
    {.id = "host.again.other-content-booked",
     .host = &(const struct host_change){.unsaid = "[MSGID msgid] 报文ID重复", .sql = {JOURNALS_AGAIN}}},
};
MUTANT_TABLE(rows);
