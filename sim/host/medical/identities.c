/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/identities.h"

#include "sim/host/medical/money.h"

static int64_t fen(const json_t *object, const char *name)
{
    int64_t amount = 0;
    const json_t *value = json_object_get(object, name);
    return value != NULL && oc_med_decimal(value, 2, &amount) ? amount : 0;
}

bool oc_med_answer_amounts(const json_t *output, const int64_t *balance_before, oc_med_amounts *out)
{
    const json_t *info = json_object_get(output, "setlinfo");
    const json_t *details = json_object_get(output, "setldetail");
    if (!json_is_object(info)) {
        return false;
    }
    oc_med_amounts amounts = {.medfee = fen(info, "medfee_sumamt"),
                              .outside = fen(info, "fulamt_ownpay_amt"),
                              .over = fen(info, "overlmt_selfpay"),
                              .first = fen(info, "preselfpay_amt"),
                              .scope = fen(info, "inscp_scp_amt"),
                              .hifp = fen(info, "hifp_pay"),
                              .cvlserv = fen(info, "cvlserv_pay"),
                              .hifes = fen(info, "hifes_pay"),
                              .hifmi = fen(info, "hifmi_pay"),
                              .hifob = fen(info, "hifob_pay"),
                              .maf = fen(info, "maf_pay"),
                              .other = fen(info, "oth_pay"),
                              .fund = fen(info, "fund_pay_sumamt"),
                              .person = fen(info, "psn_part_amt"),
                              .hospital = fen(info, "hosp_part_amt"),
                              .account = fen(info, "acct_pay"),
                              .cash = fen(info, "psn_cash_pay"),
                              .mutual = fen(info, "acct_mulaid_pay"),
                              .balance = fen(info, "balc"),
                              .has_details = json_is_array(details),
                              .has_balance_before = balance_before != NULL,
                              .balance_before = balance_before != NULL ? *balance_before : 0};
    for (size_t i = 0; i < json_array_size(details); i++) {
        amounts.details += fen(json_array_get(details, i), "fund_payamt");
    }
    *out = amounts;
    return true;
}

const char *oc_med_answer_identity(const json_t *output, const int64_t *balance_before, int64_t *off)
{
    oc_med_amounts amounts;
    return oc_med_answer_amounts(output, balance_before, &amounts) ? oc_med_broken_identity(&amounts, off) : NULL;
}
