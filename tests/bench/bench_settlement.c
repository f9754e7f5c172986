/* SPDX-License-Identifier: Apache-2.0 */
/* An outpatient visit of six messages (1101 2201 2203 2204 2206 2207), each time another person: the JSON alone, the
 * back-end with its store in memory, and the same with a store in a file, synced at each booking. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/host/json.h"
#include "sim/host/medical/hospital.h"
#include "sim/host/medical/medical.h"
#include "tests/bench/bench.h"

/* Services of all kinds in a year, 15.1 thousand million, as a mean a second. */
#define NATION 479.0

struct world {
    oc_region *region;
    oc_medical *medical;
    oc_hospital *hospital;
    oc_clock clock;
    oc_buf request;
    oc_buf answer;
    oc_fields headers;
    oc_fields fields;
    oc_fields read;
    uint64_t number; /* of the person */
    char psn_no[64];
    char mdtrt_id[64];
    char admdvs[8];
    bool json_only; /* nobody answers: what is sent is parsed and printed */
};

static void put(struct world *w, const char *name, const char *value)
{
    bench_require(oc_is_ok(oc_fields_set_text(&w->fields, name, value)), "memory ran out");
}

static bool send(struct world *w, const char *infno)
{
    bool sent = oc_is_ok(oc_hospital_message(w->hospital, infno, &w->fields, &w->request, &w->headers, NULL));
    oc_fields_free(&w->fields);
    if (sent && w->json_only) {
        json_t *json = NULL;
        oc_buf_clear(&w->answer);
        sent = oc_is_ok(oc_json_parse(&json, oc_buf_span(&w->request), NULL)) &&
               oc_is_ok(oc_json_print(&w->answer, json));
        json_decref(json);
        return sent;
    }
    return sent &&
           oc_is_ok(oc_medical_message(w->medical, oc_buf_span(&w->request), &w->headers, &w->answer, NULL, NULL)) &&
           oc_is_ok(oc_hospital_read(w->hospital, infno, oc_buf_span(&w->answer), &w->read, NULL)) &&
           oc_span_equal(oc_fields_span(&w->read, "infcode"), oc_span_text("0"));
}

static void keep(struct world *w, const char *name, char *out, size_t room)
{
    oc_span value = oc_fields_span(&w->read, name);
    if (!w->json_only) {
        snprintf(out, room, "%.*s", (int)value.len, value.len == 0 ? "" : (const char *)value.at);
    }
}

static bool visit(void *context)
{
    struct world *w = context;
    oc_med_person person;
    do { /* the next whose benefits are in order */
        if (!oc_med_person_at(oc_region_persons(w->region), w->number++, &person)) {
            return false;
        }
    } while (person.standing != OC_MED_INSURED);
    put(w, "data.mdtrt_cert_no", person.card_number);
    put(w, "data.card_sn", person.card_id);
    bool done = send(w, "1101");
    keep(w, "output.baseinfo.psn_no", w->psn_no, sizeof w->psn_no);
    put(w, "data.psn_no", w->psn_no);
    put(w, "data.mdtrt_cert_no", person.card_number);
    put(w, "data.insutype", person.insutype);
    put(w, "env.insuplc_admdvs", w->admdvs);
    done = done && send(w, "2201");
    keep(w, "output.data.mdtrt_id", w->mdtrt_id, sizeof w->mdtrt_id);
    put(w, "mdtrtinfo.psn_no", w->psn_no);
    put(w, "mdtrtinfo.mdtrt_id", w->mdtrt_id);
    put(w, "diseinfo.0.diag_srt_no", "1");
    put(w, "env.insuplc_admdvs", w->admdvs);
    done = done && send(w, "2203");
    put(w, "feedetail.0.psn_no", w->psn_no);
    put(w, "feedetail.0.mdtrt_id", w->mdtrt_id);
    put(w, "env.insuplc_admdvs", w->admdvs);
    done = done && send(w, "2204");
    static const char *const last[] = {"2206", "2207"};
    for (size_t i = 0; i < 2; i++) {
        put(w, "data.psn_no", w->psn_no);
        put(w, "data.mdtrt_id", w->mdtrt_id);
        put(w, "data.mdtrt_cert_no", person.card_number);
        put(w, "data.insutype", person.insutype);
        put(w, "data.medfee_sumamt", "25.00");
        put(w, "env.insuplc_admdvs", w->admdvs);
        done = done && send(w, last[i]);
    }
    w->clock.seconds++; /* 10,000 serial numbers a second are enough for nobody's hospital */
    return done;
}

static void open_world(struct world *w, const char *store, bool json_only)
{
    oc_diag diag = {0};
    *w = (struct world){.clock = oc_clock_default(),
                        .json_only = json_only,
                        .psn_no = "31010100000000000001",
                        .mdtrt_id = "M00000000000001",
                        .admdvs = "310101"};
    oc_result r = oc_region_load(&w->region, "vectors/regions/national.xml", "vectors/schema", &diag);
    const oc_medical_parts parts = {.region = w->region, .store = store, .clock = &w->clock};
    r = oc_is_ok(r) ? oc_medical_open(&w->medical, &parts, &diag) : r;
    r = oc_is_ok(r) ? oc_hospital_new(&w->hospital, w->region, "H31010000001", &w->clock, &diag) : r;
    bench_require(oc_is_ok(r), diag.reason);
    bench_require(send(w, "9001"), "nobody can sign in");
}

static void close_world(struct world *w)
{
    oc_fields_free(&w->fields);
    oc_fields_free(&w->read);
    oc_fields_free(&w->headers);
    oc_buf_free(&w->request);
    oc_buf_free(&w->answer);
    oc_hospital_free(&w->hospital);
    oc_medical_close(&w->medical);
    oc_region_free(&w->region);
}

int main(void)
{
    static struct world worlds[3];
    char folder[] = "/tmp/onecard-bench-XXXXXX";
    char store[64];
    bench_require(mkdtemp(folder) != NULL, "no temporary folder");
    snprintf(store, sizeof store, "%s/store", folder);
    open_world(&worlds[0], ":memory:", false);
    worlds[0].json_only = true;
    open_world(&worlds[1], ":memory:", false);
    open_world(&worlds[2], store, false);
    bench_contender contenders[] = {
        {.name = "making, parsing and printing the messages", .run = visit, .context = &worlds[0], .calls = 100},
        {.name = "settled, store in memory", .run = visit, .context = &worlds[1], .calls = 100},
        {.name = "settled, store in a file, synced", .run = visit, .context = &worlds[2], .calls = 100},
    };
    bench_measure(contenders, 3, 10);
    bench_print("Outpatient visit of six messages, in this process", contenders, 3, 0);
    for (size_t i = 1; i < 3; i++) {
        double second = 1e9 / contenders[i].p50;
        printf("%-44s %8.0f visits a second, %.1f times the nation's mean of %.0f services\n", contenders[i].name,
               second, second / NATION, NATION);
    }
    bench_free(contenders, 3);
    for (size_t i = 0; i < 3; i++) {
        close_world(&worlds[i]);
    }
    static const char *const rests[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", store, rests[i]);
        unlink(path);
    }
    rmdir(folder);
    return 0;
}
