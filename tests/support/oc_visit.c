/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_visit.h"

#include <stdio.h>

#define SERIALS 10000

static const char *const institutions[] = {"H31010000001", "H31010000002", "H32050000003"};
#define INSTITUTIONS (sizeof institutions / sizeof institutions[0])

static const char *const order[OC_VISIT_STEPS] = {"1101", "2201", "2203", "2204", "2206", "2207"};

oc_result oc_visit_open(oc_visit *visit, const oc_region *region, const oc_clock *clock, size_t at, size_t of,
                        oc_diag *diag)
{
    size_t share = (of + INSTITUTIONS - 1) / INSTITUTIONS; /* clients of one institution */
    *visit = (oc_visit){.region = region, .clock = clock, .number = at, .stride = of};
    visit->serials = SERIALS / (unsigned)share;
    visit->serial_first = visit->serials * (unsigned)(at / INSTITUTIONS);
    snprintf(visit->opter, sizeof visit->opter, "%04zu", at);
    return oc_hospital_new(&visit->hospital, region, institutions[at % INSTITUTIONS], clock, diag);
}

void oc_visit_close(oc_visit *visit)
{
    oc_hospital_free(&visit->hospital);
    oc_fields_free(&visit->fields);
    oc_fields_free(&visit->headers);
    oc_fields_free(&visit->read);
    oc_buf_free(&visit->request);
}

oc_result oc_visit_message(oc_visit *visit, const char *infno, const char *const *names)
{
    oc_fields_free(&visit->fields);
    OC_TRY(oc_fields_set_text(&visit->fields, "env.opter", visit->opter));
    for (; names[0] != NULL; names += 2) {
        OC_TRY(oc_fields_set_text(&visit->fields, names[0], names[1]));
    }
    oc_hospital_set_serial(visit->hospital, visit->serial_first + visit->serial);
    visit->serial = (visit->serial + 1) % visit->serials;
    return oc_hospital_message(visit->hospital, infno, &visit->fields, &visit->request, &visit->headers, NULL);
}

bool oc_visit_read(oc_visit *visit, const char *infno, oc_span answer)
{
    return oc_is_ok(oc_hospital_read(visit->hospital, infno, answer, &visit->read, NULL)) &&
           oc_span_equal(oc_fields_span(&visit->read, "infcode"), oc_span_text("0"));
}

void oc_visit_get(const oc_visit *visit, const char *name, char *out, size_t room)
{
    oc_span value = oc_fields_span(&visit->read, name);
    snprintf(out, room, "%.*s", (int)value.len, value.len == 0 ? "" : (const char *)value.at);
}

oc_result oc_visit_sign_in(oc_visit *visit)
{
    const char *const names[] = {"signIn.opter_no", visit->opter, NULL};
    return oc_visit_message(visit, "9001", names);
}

void oc_visit_next(oc_visit *visit)
{
    bool found;
    do { /* the next whose benefits are in order */
        found = oc_med_person_at(oc_region_persons(visit->region), visit->number, &visit->person);
        visit->number += visit->stride;
    } while (found && visit->person.standing != OC_MED_INSURED);
    visit->step = 0;
}

const char *oc_visit_infno(const oc_visit *visit)
{
    return order[visit->step];
}

oc_result oc_visit_make(oc_visit *visit)
{
    const oc_med_person *person = &visit->person;
    const char *const names[OC_VISIT_STEPS][14] = {
        {"data.mdtrt_cert_no", person->card_number, "data.card_sn", person->card_id},
        {"data.psn_no", visit->psn_no, "data.mdtrt_cert_no", person->card_number, "data.insutype", person->insutype,
         "env.insuplc_admdvs", person->admdvs},
        {"mdtrtinfo.psn_no", visit->psn_no, "mdtrtinfo.mdtrt_id", visit->mdtrt_id, "diseinfo.0.diag_srt_no", "1",
         "env.insuplc_admdvs", person->admdvs},
        {"feedetail.0.psn_no", visit->psn_no, "feedetail.0.mdtrt_id", visit->mdtrt_id, "env.insuplc_admdvs",
         person->admdvs},
        {"data.psn_no", visit->psn_no, "data.mdtrt_id", visit->mdtrt_id, "data.mdtrt_cert_no", person->card_number,
         "data.insutype", person->insutype, "data.medfee_sumamt", "25.00", "env.insuplc_admdvs", person->admdvs},
    };
    return oc_visit_message(visit, order[visit->step], names[visit->step < 5 ? visit->step : 4]);
}

bool oc_visit_take(oc_visit *visit, oc_span answer)
{
    if (!oc_visit_read(visit, order[visit->step], answer)) {
        return false;
    }
    if (visit->step == 0) {
        oc_visit_get(visit, "output.baseinfo.psn_no", visit->psn_no, sizeof visit->psn_no);
    } else if (visit->step == 1) {
        oc_visit_get(visit, "output.data.mdtrt_id", visit->mdtrt_id, sizeof visit->mdtrt_id);
    }
    visit->step++;
    return true;
}
