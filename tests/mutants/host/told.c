/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer tells of persons, lines and settlements beside the amounts, and the HSM's random numbers. */
#include <stdio.h>

#include "sim/host/medical/money.h"
#include "tests/mutants/host/change.h"

#define OUTPUT(function)                                                                                              \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .output = function                                                                                            \
    }
#define SQL(...)                                                                                                      \
    .host = &(const struct host_change)                                                                               \
    {                                                                                                                 \
        .sql = { __VA_ARGS__ }                                                                                        \
    }

static json_t *person_of(const char *infno, json_t *output)
{
    return strcmp(infno, "1101") == 0 ? json_object_get(output, "baseinfo") : NULL;
}

static void other_sex(const char *infno, json_t *output)
{
    json_t *base = person_of(infno, output);
    if (base != NULL) {
        oc_med_put(base, "gend", strcmp(oc_med_text(base, "gend"), "1") == 0 ? "2" : "1");
    }
}

static void other_birth(const char *infno, json_t *output)
{
    json_t *base = person_of(infno, output);
    if (base != NULL) {
        oc_med_put(base, "brdy", "1970-01-01");
    }
}

static void other_insurance(const char *infno, json_t *output)
{
    json_t *info = person_of(infno, output) == NULL ? NULL : json_array_get(json_object_get(output, "insuinfo"), 0);
    if (info != NULL) {
        oc_med_put(info, "insutype", "390");
    }
}

static void put_settled(const char *infno, json_t *output, const char *name, const char *text)
{
    json_t *info = json_object_get(output, "setlinfo");
    if (strncmp(infno, "22", 2) == 0 && info != NULL) {
        oc_med_put(info, name, text);
    }
}

static void settles_other_person(const char *infno, json_t *output)
{
    put_settled(infno, output, "psn_no", "31010100000000000001");
}

static void settles_other_visit(const char *infno, json_t *output)
{
    put_settled(infno, output, "mdtrt_id", "M99999999999999");
}

static void settles_other_kind(const char *infno, json_t *output)
{
    put_settled(infno, output, "med_type", "21");
}

static void settles_other_time(const char *infno, json_t *output)
{
    put_settled(infno, output, "setl_time", "2020-01-01 00:00:00");
}

/* Of the first line: the scope, a fen more. */
static void line_scope_off(const char *infno, json_t *output)
{
    json_t *line = strcmp(infno, "2204") == 0 ? json_array_get(json_object_get(output, "result"), 0) : NULL;
    int64_t fen = 0;
    if (line != NULL && oc_med_decimal(json_object_get(line, "inscp_scp_amt"), 2, &fen)) {
        oc_med_put_fen(line, "inscp_scp_amt", fen + 1);
    }
}

static void line_untold(const char *infno, json_t *output)
{
    if (strcmp(infno, "2204") == 0) {
        json_object_set_new(output, "result", json_array());
    }
}

/* The first random number is read as zeros. */
static void random_ignored(const struct oc_hsm_layout *layout, struct oc_hsm_string *string)
{
    static const char zeros[] = "0000000000000000";
    size_t at = layout->items[0].form == OC_HSM_ALGORITHM ? 2 : 4;
    if (string->items[at].len > 0 && string->items[at].len < sizeof zeros) {
        string->items[at] = oc_span_of((const uint8_t *)zeros, string->items[at].len);
    }
}

static bool gateway_time(const oc_med_finding *finding)
{
    return finding->flaw == OC_MED_FLAW_SIGNATURE && strcmp(finding->path, "x-tif-timestamp") == 0;
}

static const struct mutant rows[] = {
    {.id = "host.told.other-sex", OUTPUT(other_sex)},
    {.id = "host.told.other-birth", OUTPUT(other_birth)},
    {.id = "host.told.other-insurance", OUTPUT(other_insurance)},
    {.id = "host.told.settled-other-person", OUTPUT(settles_other_person)},
    {.id = "host.told.settled-other-visit", OUTPUT(settles_other_visit)},
    {.id = "host.told.settled-other-kind", OUTPUT(settles_other_kind)},
    {.id = "host.told.settled-other-time", OUTPUT(settles_other_time)},
    {.id = "host.told.line-scope-off", OUTPUT(line_scope_off)},
    {.id = "host.told.lines-untold", OUTPUT(line_untold)},
    {.id = "host.reversal.of-any-institution",
     SQL({"WHERE s.msgid = ?1 AND s.institution = ?2", "WHERE s.msgid = ?1 AND ?2 = ?2"})},
    {.id = "host.session.signed-out-by-anybody",
     SQL({"WHERE sign_no = ?1 AND institution = ?2 AND ended IS NULL RETURNING id",
          "WHERE sign_no = ?1 AND ?2 = ?2 AND ended IS NULL RETURNING id"})},
    {.id = "host.hsm.random-ignored", .host = &(const struct host_change){.hsm_string = random_ignored}},
    {.id = "host.signature.any-gateway-time", .host = &(const struct host_change){.overlooks = gateway_time}},
};
MUTANT_TABLE(rows);
