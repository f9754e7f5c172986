/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/driver_host/json.h"
#include "conformance/dut/line_message.h"
#include "tests/fuzz/fuzz.h"

/* Both ends of the line protocol: what a terminal answers, and what the driver host is asked. */

static void check_answer(oc_span line)
{
    oc_line_answer answer;
    oc_line_answer beside;
    FUZZ_DEMAND(oc_is_ok(oc_line_read(&answer, NULL, line, 2)));
    oc_line_answer_free(&answer);
    FUZZ_DEMAND(oc_is_ok(oc_line_read(&answer, &beside, line, 2)));
    FUZZ_DEMAND(answer.kind != OC_LINE_NONSENSE || answer.text[0] != '\0');
    FUZZ_DEMAND(answer.export_count <= OC_LINE_EXPORTS_MAX);
    FUZZ_DEMAND(answer.kind != OC_LINE_CODE || beside.kind == OC_LINE_CODE);
    oc_line_answer_free(&answer);
    oc_line_answer_free(&beside);
}

static void check_question(oc_span line)
{
    static oc_dh_json json;
    const char *why = NULL;
    char *copy = malloc(line.len + 1);
    FUZZ_DEMAND(copy != NULL);
    if (line.len > 0) {
        memcpy(copy, line.at, line.len);
    }
    bool good = oc_dh_json_read(&json, copy, line.len, &why);
    FUZZ_DEMAND(good == (why == NULL));
    for (unsigned i = 0; good && i < json.count; i++) {
        const char *text = json.at[i].text;
        FUZZ_DEMAND(json.at[i].parent <= i && strlen(text) <= line.len);
        FUZZ_DEMAND(i == 0 || json.at[i].name == NULL ||
                    oc_dh_json_member(&json, json.at[i].parent, json.at[i].name) == &json.at[i]);
    }
    free(copy);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_answer(oc_span_of(data, size));
    check_question(oc_span_of(data, size));
    return 0;
}
