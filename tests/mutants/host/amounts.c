/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts in an answer that do not add up, as each identity would find them. */
#include "sim/host/medical/money.h"
#include "tests/mutants/host/change.h"

static bool settles(const char *infno)
{
    return strncmp(infno, "22", 2) == 0 || strncmp(infno, "23", 2) == 0;
}

static void add(json_t *object, const char *name, int64_t fen)
{
    int64_t amount;
    const json_t *value = json_object_get(object, name);
    if (value != NULL && oc_med_decimal(value, 2, &amount)) {
        oc_med_put_fen(object, name, amount + fen);
    }
}

static void add_to_info(const char *infno, json_t *output, const char *name)
{
    if (settles(infno)) {
        add(json_object_get(output, "setlinfo"), name, 1);
    }
}

static void a1(const char *infno, json_t *output)
{
    add_to_info(infno, output, "preselfpay_amt");
}

static void a2(const char *infno, json_t *output)
{
    add_to_info(infno, output, "hifob_pay");
}

static void a3(const char *infno, json_t *output)
{
    if (settles(infno)) {
        add(json_array_get(json_object_get(output, "setldetail"), 0), "fund_payamt", 1);
    }
}

static void a4(const char *infno, json_t *output)
{
    add_to_info(infno, output, "hosp_part_amt");
}

static void a5(const char *infno, json_t *output)
{
    add_to_info(infno, output, "psn_cash_pay");
}

static void a6(const char *infno, json_t *output)
{
    add_to_info(infno, output, "balc");
}

static bool cancels(const char *infno)
{
    return strcmp(infno, "2208") == 0 || strcmp(infno, "2305") == 0;
}

static void turn_round(json_t *object, const char *name)
{
    int64_t amount;
    const json_t *value = json_object_get(object, name);
    if (value != NULL && oc_med_decimal(value, 2, &amount)) {
        oc_med_put_fen(object, name, -amount);
    }
}

static void cancelled_plus(const char *infno, json_t *output)
{
    static const char *const all[] = {"medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt",
                                      "inscp_scp_amt", "act_pay_dedc",      "hifp_pay",        "hifob_pay",
                                      "hifmi_pay",     "oth_pay",           "fund_pay_sumamt", "psn_part_amt",
                                      "acct_pay",      "psn_cash_pay"};
    for (size_t i = 0; cancels(infno) && i < sizeof all / sizeof all[0]; i++) {
        turn_round(json_object_get(output, "setlinfo"), all[i]);
    }
}

static void cancelled_deductible_plus(const char *infno, json_t *output)
{
    if (cancels(infno)) {
        turn_round(json_object_get(output, "setlinfo"), "act_pay_dedc");
    }
}

static void in_fen(const char *infno, json_t *output)
{
    json_t *info = json_object_get(output, "setlinfo");
    int64_t amount;
    if (settles(infno) && oc_med_decimal(json_object_get(info, "balc"), 2, &amount)) {
        json_object_set_new(info, "balc", json_integer(amount));
    }
}

static void other_number(const char *infno, json_t *output)
{
    if (settles(infno) && !cancels(infno)) {
        oc_med_put(json_object_get(output, "setlinfo"), "medins_setl_id", "H00000000000000000000000000000");
    }
}

static const struct mutant rows[] = {
    {.id = "host.amount.a1", .host = &(const struct host_change){.output = a1}},
    {.id = "host.amount.a2", .host = &(const struct host_change){.output = a2}},
    {.id = "host.amount.a3", .host = &(const struct host_change){.output = a3}},
    {.id = "host.amount.a4", .host = &(const struct host_change){.output = a4}},
    {.id = "host.amount.a5", .host = &(const struct host_change){.output = a5}},
    {.id = "host.amount.a6", .host = &(const struct host_change){.output = a6}},
    {.id = "host.amount.cancelled-plus", .host = &(const struct host_change){.output = cancelled_plus}},
    {.id = "host.amount.cancelled-deductible-plus",
     .host = &(const struct host_change){.output = cancelled_deductible_plus}},
    {.id = "host.amount.balance-in-fen", .host = &(const struct host_change){.output = in_fen}},
    {.id = "host.amount.other-settlement-number", .host = &(const struct host_change){.output = other_number}},
};
MUTANT_TABLE(rows);
