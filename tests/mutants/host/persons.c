/* SPDX-License-Identifier: Apache-2.0 */
/* Persons, their insurance and their media. */
#include <stdio.h>

#include "tests/mutants/host/change.h"

#define PERSON(function)                                                                                              \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .person = function                                                                                            \
    }
#define UNSAID(refusal)                                                                                               \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .unsaid = refusal                                                                                             \
    }
#define OUTPUT(function)                                                                                              \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .output = function                                                                                            \
    }

static void insured(oc_med_person *person)
{
    person->standing = OC_MED_INSURED;
}

static void suspended_insured(oc_med_person *person)
{
    person->standing = person->standing == OC_MED_SUSPENDED ? OC_MED_INSURED : person->standing;
}

static void deceased_insured(oc_med_person *person)
{
    person->standing = person->standing == OC_MED_DECEASED ? OC_MED_INSURED : person->standing;
}

static void injured(oc_med_person *person)
{
    person->injured = true;
}

static void nobody_injured(oc_med_person *person)
{
    person->injured = false;
}

static void benefit(json_t *output, const char *flag)
{
    json_t *info = json_array_get(json_object_get(output, "trtinfo"), 0);
    json_object_set_new(info, "trt_enjymnt_flag", json_string(flag));
}

static void always_benefit(const char *infno, json_t *output)
{
    if (strcmp(infno, "2001") == 0) {
        benefit(output, "1");
    }
}

static void never_benefit(const char *infno, json_t *output)
{
    if (strcmp(infno, "2001") == 0) {
        benefit(output, "0");
    }
}

static json_t *insurance(const char *infno, json_t *output)
{
    return strcmp(infno, "1101") == 0 ? json_array_get(json_object_get(output, "insuinfo"), 0) : NULL;
}

static void standing_untold(const char *infno, json_t *output)
{
    json_t *info = insurance(infno, output);
    if (info != NULL) {
        json_object_set_new(info, "psn_insu_stas", json_string("1"));
    }
}

static void place_of_treatment(const char *infno, json_t *output)
{
    json_t *info = insurance(infno, output);
    if (info != NULL) {
        json_object_set_new(info, "insuplc_admdvs", json_string("310102"));
    }
}

static void no_account(const char *infno, json_t *output)
{
    json_t *info = insurance(infno, output);
    if (info != NULL) {
        oc_med_put_fen(info, "balc", 0);
    }
}

static void other_name(const char *infno, json_t *output)
{
    json_t *base = strcmp(infno, "1101") == 0 ? json_object_get(output, "baseinfo") : NULL;
    if (base != NULL) {
        json_object_set_new(base, "psn_name", json_string("样本丙"));
    }
}

static void proven(const char *infno, json_t *output)
{
    if (strcmp(infno, "9201") == 0) {
        json_object_set_new(json_object_get(output, "data"), "result", json_string("1"));
    }
}

static const struct mutant rows[] = {
    {.id = "host.person.all-insured", PERSON(insured)},
    {.id = "host.person.suspended-insured", PERSON(suspended_insured)},
    {.id = "host.person.deceased-insured", PERSON(deceased_insured)},
    {.id = "host.person.all-injured", PERSON(injured)},
    {.id = "host.person.nobody-injured", PERSON(nobody_injured)},
    {.id = "host.person.any-certificate", UNSAID("[PERSON data.certno]")},
    {.id = "host.person.registers-all", UNSAID("[PERSON psn_no]")},
    {.id = "host.person.always-benefit", OUTPUT(always_benefit)},
    {.id = "host.person.never-benefit", OUTPUT(never_benefit)},
    {.id = "host.person.standing-untold", OUTPUT(standing_untold)},
    {.id = "host.person.other-place", OUTPUT(place_of_treatment)},
    {.id = "host.person.no-account", OUTPUT(no_account)},
    {.id = "host.person.other-name", OUTPUT(other_name)},
    {.id = "host.card.always-proven", OUTPUT(proven)},
    {.id = "host.card.listed-proven", UNSAID("[CARD data.card_sn] 该卡已挂失或已被更换")},
    {.id = "host.card.listed-medium", UNSAID("[CARD data.card_sn] 该卡已挂失 ")},
    {.id = "host.voucher.token-for-ever", UNSAID("[VOUCHER data.mdtrt_cert_no]")},
};
MUTANT_TABLE(rows);
