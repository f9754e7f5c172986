/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/medical_kit.h"

#include <stdarg.h>
#include <stdio.h>

static const oc_med_holder holder = {.name = "示例持卡人",
                                     .id_number = "999901198001010011",
                                     .card_number = MED_KIT_CARD,
                                     .card_id = MED_KIT_CARD_ID,
                                     .balance = 10000};

static oc_medical_parts parts_of(const struct med_kit *kit)
{
    return (oc_medical_parts){
        .region = kit->region, .store = ":memory:", .clock = &kit->clock, .holders = &holder, .holder_count = 1};
}

void med_kit_begin_again(struct med_kit *kit, const char *institution)
{
    const oc_medical_parts parts = parts_of(kit);
    OC_ASSERT_OK(oc_medical_forget(kit->medical, &parts, NULL));
    oc_hospital_free(&kit->hospital);
    OC_ASSERT_OK(oc_hospital_new(&kit->hospital, kit->region, institution, &kit->clock, NULL));
}

void med_kit_open(struct med_kit *kit, const char *region, const char *institution)
{
    char path[128];
    oc_diag diag = {0};
    *kit = (struct med_kit){.clock = oc_clock_default()};
    snprintf(path, sizeof path, "vectors/regions/%s.xml", region);
    oc_result r = oc_region_load(&kit->region, path, "vectors/schema", &diag);
    if (!oc_is_ok(r)) {
        printf("%s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    const oc_medical_parts parts = parts_of(kit);
    OC_ASSERT_OK(oc_medical_open(&kit->medical, &parts, &diag));
    OC_ASSERT_OK(oc_hospital_new(&kit->hospital, kit->region, institution, &kit->clock, &diag));
}

void med_kit_close(struct med_kit *kit)
{
    oc_fields_free(&kit->answer);
    oc_buf_free(&kit->text);
    oc_hospital_free(&kit->hospital);
    oc_medical_close(&kit->medical);
    oc_region_free(&kit->region);
}

bool med_kit_send(struct med_kit *kit, const char *infno, ...)
{
    oc_fields fields = {0};
    oc_fields headers = {0};
    oc_buf request = {0};
    oc_diag diag = {0};
    va_list args;
    va_start(args, infno);
    for (const char *name = va_arg(args, const char *); name != NULL; name = va_arg(args, const char *)) {
        OC_ASSERT_OK(oc_fields_set_text(&fields, name, va_arg(args, const char *)));
    }
    va_end(args);
    OC_ASSERT_OK(oc_hospital_message(kit->hospital, infno, &fields, &request, &headers, &diag));
    OC_ASSERT_OK(
        oc_medical_message(kit->medical, oc_buf_span(&request), &headers, &kit->text, &kit->judgement, &diag));
    OC_ASSERT_OK(oc_hospital_read(kit->hospital, infno, oc_buf_span(&kit->text), &kit->answer, &diag));
    oc_fields_free(&fields);
    oc_fields_free(&headers);
    oc_buf_free(&request);
    return strcmp(med_kit_get(kit, "infcode"), "0") == 0;
}

const char *med_kit_get(struct med_kit *kit, const char *name)
{
    static char text[512];
    oc_span value = oc_fields_span(&kit->answer, name);
    snprintf(text, sizeof text, "%.*s", (int)value.len, value.len == 0 ? "" : (const char *)value.at);
    return text;
}

bool med_kit_says(struct med_kit *kit, const char *part)
{
    bool says = strstr(med_kit_get(kit, "err_msg"), part) != NULL;
    if (!says) {
        printf("\n\"%s\" instead of \"%s\"\n", med_kit_get(kit, "err_msg"), part);
    }
    return says;
}

bool med_kit_settle(struct med_kit *kit, const char *infno, const char *total)
{
    return med_kit_send(kit, infno, "data.psn_no", kit->psn_no, "data.mdtrt_id", kit->mdtrt_id, "data.mdtrt_cert_no",
                        MED_KIT_CARD, "data.medfee_sumamt", total, "env.insuplc_admdvs", "310101", NULL);
}

static bool take_lines(struct med_kit *kit)
{
    return med_kit_send(kit, "2204", "feedetail.0.psn_no", kit->psn_no, "feedetail.0.mdtrt_id", kit->mdtrt_id,
                        "feedetail.1.psn_no", kit->psn_no, "feedetail.1.mdtrt_id", kit->mdtrt_id,
                        "feedetail.1.feedetl_sn", "2", "feedetail.1.med_list_codg", "XC08CAB001A001010100002",
                        "feedetail.1.pric", "10.50", "feedetail.1.cnt", "2", "feedetail.1.det_item_fee_sumamt",
                        "21.00", "env.insuplc_admdvs", "310101", NULL);
}

void med_kit_walk(struct med_kit *kit, const char *until)
{
    static const char *const order[] = {"9001", "1101", "2201", "2203", "2204", "2206"};
    for (size_t i = 0; i < 6 && strcmp(order[i], until) != 0; i++) {
        bool taken = false;
        switch (i) {
        case 0:
            taken = med_kit_send(kit, "9001", NULL);
            break;
        case 1:
            taken = med_kit_send(kit, "1101", "data.mdtrt_cert_no", MED_KIT_CARD, "data.card_sn", MED_KIT_CARD_ID,
                                 NULL);
            snprintf(kit->psn_no, sizeof kit->psn_no, "%.63s", med_kit_get(kit, "output.baseinfo.psn_no"));
            break;
        case 2:
            taken = med_kit_send(kit, "2201", "data.psn_no", kit->psn_no, "data.mdtrt_cert_no", MED_KIT_CARD,
                                 "env.insuplc_admdvs", "310101", NULL);
            snprintf(kit->mdtrt_id, sizeof kit->mdtrt_id, "%.63s", med_kit_get(kit, "output.data.mdtrt_id"));
            break;
        case 3:
            taken = med_kit_send(kit, "2203", "mdtrtinfo.psn_no", kit->psn_no, "mdtrtinfo.mdtrt_id", kit->mdtrt_id,
                                 "diseinfo.0.diag_type", "1", "env.insuplc_admdvs", "310101", NULL);
            break;
        case 4:
            taken = take_lines(kit);
            break;
        default:
            taken = med_kit_settle(kit, "2206", "46.00");
            break;
        }
        if (!taken) {
            printf("\n%s: %s\n", order[i], med_kit_get(kit, "err_msg"));
        }
        CU_ASSERT_TRUE_FATAL(taken);
    }
}
