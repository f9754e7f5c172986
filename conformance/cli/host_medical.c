/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/host_medical.h"

#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/host/json.h"

struct oc_host_medical {
    oc_region *region;
    oc_medical_holder holder;
    oc_medical *medical;
    oc_medical_http *http;
    oc_host_judge *judge; /* or NULL */
    oc_misbehave misbehave;
    bool watched;
};

static oc_result watch(void *context, oc_span request, const oc_med_judgement *judgement, oc_http_response *response,
                       oc_diag *diag)
{
    struct oc_host_medical *medical = context;
    bool spoilt = oc_misbehave_now(&medical->misbehave, judgement->infno, &response->body);
    bool hidden = spoilt && oc_misbehave_hides(&medical->misbehave);
    return medical->judge == NULL ? oc_ok() : oc_host_judge_note(medical->judge, request, judgement, hidden, diag);
}

/* oc_medical_refuse */
static bool refuse(void *context, oc_span request, oc_med_judgement *judgement)
{
    struct oc_host_medical *medical = context;
    json_t *message = NULL;
    if (medical->misbehave.kind != OC_MISBEHAVE_FAILURE || !oc_is_ok(oc_json_parse(&message, request, NULL))) {
        return false;
    }
    const char *infno = json_string_value(json_object_get(message, "infno"));
    const char *msgid = json_string_value(json_object_get(message, "msgid"));
    snprintf(judgement->infno, sizeof judgement->infno, "%.7s", infno == NULL ? "" : infno);
    snprintf(judgement->msgid, sizeof judgement->msgid, "%.31s", msgid == NULL ? "" : msgid);
    json_decref(message);
    return oc_misbehave_refuses(&medical->misbehave, judgement->infno);
}

oc_result oc_host_medical_load_region(oc_region **out, const oc_cli *cli, const char *file, oc_diag *diag)
{
    char path[PATH_MAX];
    char schemas[PATH_MAX];
    OC_TRY(file != NULL ? oc_file_join(path, sizeof path, "", file)
                        : oc_cli_data_path(cli, path, "vectors/regions/national.xml"));
    OC_TRY(oc_cli_data_path(cli, schemas, "vectors/schema"));
    return oc_region_load(out, path, schemas, diag);
}

static oc_result open_back_end(struct oc_host_medical *medical, const char *store, const oc_profile *profile,
                               oc_diag *diag)
{
    OC_TRY(oc_medical_holder_of(profile, &medical->holder));
    const oc_med_holder insured = oc_medical_holder_insured(&medical->holder);
    const oc_medical_parts parts = {.region = medical->region,
                                    .store = store,
                                    .holders = &insured,
                                    .holder_count = medical->holder.card_number[0] != '\0'};
    OC_TRY(oc_medical_open(&medical->medical, &parts, diag));
    OC_TRY(oc_medical_http_new(&medical->http, medical->medical, medical->region, medical->watched ? watch : NULL,
                               medical));
    oc_medical_http_set_refuse(medical->http, medical->watched ? refuse : NULL);
    return oc_ok();
}

oc_result oc_host_medical_open(oc_host_medical **out, const oc_cli *cli, const oc_host_medical_order *order,
                               const oc_profile *profile, oc_diag *diag)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_host_medical_load_region(&(*out)->region, cli, order->region, diag);
    (*out)->watched = order->judge != NULL || order->misbehave.kind != OC_MISBEHAVE_NOT;
    r = oc_is_ok(r) ? open_back_end(*out, order->store, profile, diag) : r;
    if (oc_is_ok(r) && order->judge != NULL) {
        r = oc_host_judge_open(&(*out)->judge, cli, order->judge, order->command_line, diag);
    }
    if (oc_is_ok(r)) {
        (*out)->misbehave = order->misbehave;
    } else {
        oc_host_medical_close(out, NULL);
    }
    return r;
}

void oc_host_medical_close(oc_host_medical **medical, int *code)
{
    if (*medical != NULL) {
        int verdict = OC_EXIT_OK;
        oc_diag diag = {0};
        bool judged = (*medical)->judge != NULL;
        oc_result r = oc_host_judge_close(&(*medical)->judge, &verdict, &diag);
        if (!oc_is_ok(r)) {
            oc_cli_complain(r, &diag);
            verdict = OC_EXIT_INFRASTRUCTURE;
        }
        if (judged && code != NULL && *code == OC_EXIT_OK) {
            *code = verdict;
        }
        oc_medical_http_free(&(*medical)->http);
        oc_medical_close(&(*medical)->medical);
        oc_region_free(&(*medical)->region);
        free(*medical);
        *medical = NULL;
    }
}

const oc_region *oc_host_medical_region(const oc_host_medical *medical)
{
    return medical->region;
}

oc_medical_http *oc_host_medical_http(const oc_host_medical *medical)
{
    return medical->http;
}

oc_http_batch oc_host_medical_batch(const oc_host_medical *medical)
{
    return medical->watched ? (oc_http_batch){0} : oc_medical_http_batch(medical->http);
}

oc_medical *oc_host_medical_back_end(const oc_host_medical *medical)
{
    return medical->medical;
}

const oc_medical_holder *oc_host_medical_holder(const oc_host_medical *medical)
{
    return &medical->holder;
}
