/* SPDX-License-Identifier: Apache-2.0 */
/* Settlement messages: each line of an input is one, all go to one back-end in memory, some of them sharing a commit.
 * Whatever comes gets a well-formed answer, and the accounts and the settlements tell of the same sums. */
#include "sim/host/json.h"
#include "sim/host/medical/medical.h"
#include "tests/fuzz/fuzz.h"

#define LINES_MAX 32
#define BATCH 3 /* every other three messages share a commit */

static oc_region *region;
static oc_clock now;

static void end(void)
{
    oc_region_free(&region);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    oc_diag diag = {0};
    now = oc_clock_default();
    if (!oc_is_ok(oc_region_load(&region, "vectors/regions/shanghai.xml", "vectors/schema", &diag))) {
        fprintf(stderr, "medical_fuzz: %s\n", diag.reason);
        return 1;
    }
    return atexit(end);
}

static void look_at(oc_span text)
{
    json_t *answer = NULL;
    oc_med_findings findings = {0};
    FUZZ_DEMAND(oc_is_ok(oc_json_parse(&answer, text, NULL)));
    oc_med_check_envelope(region, false, answer, &findings);
    FUZZ_DEMAND(oc_med_first_fault(&findings) == NULL);
    FUZZ_DEMAND(json_is_object(json_object_get(answer, "output")));
    json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const oc_med_holder holder = {.name = "示例持卡人",
                                         .id_number = "990100199001010012",
                                         .card_number = "990000308",
                                         .card_id = "990100D156000005300000016EC319E5",
                                         .balance = 20000};
    const oc_medical_parts parts = {
        .region = region, .store = ":memory:", .clock = &now, .holders = &holder, .holder_count = 1};
    oc_medical *medical = NULL;
    oc_buf answer = {0};
    oc_med_totals totals;
    oc_span rest = oc_span_of(data, size);
    FUZZ_DEMAND(oc_is_ok(oc_medical_open(&medical, &parts, NULL)));
    for (size_t i = 0; i < LINES_MAX && rest.len > 0; i++) {
        const uint8_t *feed = memchr(rest.at, '\n', rest.len);
        size_t len = feed == NULL ? rest.len : (size_t)(feed - rest.at);
        oc_med_judgement judgement;
        bool shares = i / BATCH % 2 == 1;
        FUZZ_DEMAND(!shares || i % BATCH > 0 || oc_is_ok(oc_medical_begin(medical, NULL)));
        FUZZ_DEMAND(oc_is_ok(oc_medical_message(medical, oc_span_of(rest.at, len), NULL, &answer, &judgement, NULL)));
        look_at(oc_buf_span(&answer));
        rest = feed == NULL ? oc_span_of(NULL, 0) : oc_span_of(feed + 1, rest.len - len - 1);
        bool last = i % BATCH == BATCH - 1 || rest.len == 0 || i == LINES_MAX - 1;
        FUZZ_DEMAND(!shares || !last || oc_is_ok(oc_medical_end(medical, NULL)));
    }
    FUZZ_DEMAND(oc_is_ok(oc_medical_totals(medical, &totals, NULL)));
    FUZZ_DEMAND(totals.account == totals.accounts_paid);
    oc_buf_free(&answer);
    oc_medical_close(&medical);
    return 0;
}
