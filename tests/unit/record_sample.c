/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/record_sample.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "tests/support/oc_test.h"

#define FIRST "ssc-3.0/inproc"
#define SECOND "ssc-3.0/pcsc"

void oc_sample_folder(char *out)
{
    snprintf(out, 64, "%s", "/tmp/onecard-record-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(out));
}

void oc_sample_path(char *out, size_t room, const char *folder, const char *name)
{
    OC_ASSERT_OK(oc_file_join(out, room, folder, name));
}

void oc_sample_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char path[512];
        oc_sample_path(path, sizeof path, folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            unlink(path);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

oc_run_info oc_sample_run_info(void)
{
    static const oc_file_digest vectors[] = {
        {"card/read.xml", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
        {"card/auth.xml", "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"},
    };
    return (oc_run_info){
        .suite_version = "0.1.0",
        .seed = 18446744073709551615u,
        .command_line = "onecard run --profile /var/lib/someone/ssc-3.0.xml vectors/card",
        .started = "2026-03-02T09:15:00+08:00",
        .run_id = "R-20260302T011500Z-0A1B2C3D",
        .vectors = vectors,
        .vector_count = 2,
        .planned = 19,
    };
}

oc_pass_info oc_sample_pass(const char *id, const char *transport)
{
    static const uint64_t empty[] = {900, 1000, 1100, 1200, 5000};
    return (oc_pass_info){
        .id = id,
        .profile = "ssc-3.0",
        .profile_path = "vectors/cards/ssc-3.0.xml",
        .title_en = "Social security card, third generation",
        .title_zh = "第三代社会保障卡",
        .card = "virtual",
        .transport = transport,
        .atr = "3B6D0000005386",
        .is_virtual = true,
        .empty_ns = empty,
        .empty_count = 5,
    };
}

static const oc_outcome_exchange exchanges[] = {
    {"card", "00A404000F7378312E73682EC9E7BBE1B1A3D5CF", "6F00 9000", NULL, 0, 21000},
    {"card", "0020000003{@pin}", "9000", NULL, 30000, 11000},
    {"card", "00B2812800", NULL, "mute", 50000, 17000},
};

static const oc_outcome_step steps[] = {
    {.id = "enter-ssse",
     .kind = "apdu",
     .actor = "card",
     .phase = "steps",
     .latency_class = "SELECT",
     .duration_ns = 21000,
     .exchanges = &exchanges[0],
     .exchange_count = 1},
    {.id = "pin",
     .kind = "apdu",
     .actor = "card",
     .phase = "steps",
     .latency_class = "VERIFY",
     .duration_ns = 11000,
     .exchanges = &exchanges[1],
     .exchange_count = 1},
    {.id = "proof", .kind = "let", .actor = "", .phase = "steps", .note = "ssc-external-auth = {16 bytes}"},
    {.id = "read",
     .kind = "apdu",
     .actor = "card",
     .phase = "steps",
     .latency_class = "READ RECORD",
     .duration_ns = 17000,
     .exchanges = &exchanges[2],
     .exchange_count = 1,
     .budget_class = "read-record",
     .budget_p99_ns = 50000000},
    {.id = "call",
     .kind = "call",
     .actor = "terminal",
     .phase = "steps",
     .latency_class = "terminal iReadCardBas",
     .duration_ns = 900000,
     .has_parts = true,
     .card_ns = 300000,
     .link_ns = 200000},
};

static const struct {
    const char *reason;
    oc_outcome_evidence evidence;
} endings[OC_VERDICT_COUNT] = {
    [OC_VERDICT_NOT_APPLICABLE] = {"card.df03 is false", {0}},
    [OC_VERDICT_NOT_RUN] = {"key DF04/DLK version 01 is not at hand", {0}},
    [OC_VERDICT_INCONCLUSIVE] =
        {"the routine enter-ssse did not hold",
         {.step = "enter-ssse", .what = "sw", .expected = "9000", .received = "6A82", .first_difference = 0}},
    [OC_VERDICT_DEVIATION] = {"record 1 of EF07 is shorter than the profile says",
                              {"read", "data", "4701120102030405060708", "47010C0102030405060799", 2,
                               "SSC.DF04.EF05.READ", "P"}},
    [OC_VERDICT_FAIL] = {"step read: expected 9000, received 6982",
                         {"read", "sw", "9000", "6982", 0, "SSC.DF04.EF05.READ", "A"}},
    [OC_VERDICT_ERROR] = {"the reader went away", {.step = "read", .what = "link", .first_difference = -1}},
};

void oc_sample_outcome(oc_outcome *out, const char *pass, unsigned number, enum oc_verdict verdict)
{
    static const char *const requirements[] = {"SSC.DF04.EF05.READ", "SSC.SELECT.NAME"};
    *out = (oc_outcome){0};
    out->id = oc_arena_format(&out->arena, "CARD.SAMPLE.%05u", number);
    out->pass = pass;
    out->area = "card";
    out->file = number % 2 == 0 ? "card/read.xml" : "card/auth.xml";
    out->line = 10 + (long)number;
    out->rev = 1;
    out->official = "DF04_SAFETY";
    out->title_en = "Medical basic data are readable after the PIN";
    out->title_zh = "验证PIN后可读医保基本数据";
    out->touches = "volatile";
    out->requirements = requirements;
    out->requirement_count = 2;
    out->verdict = verdict;
    out->reason = endings[verdict].reason;
    out->has_evidence = endings[verdict].evidence.step != NULL;
    out->evidence = endings[verdict].evidence;
    bool ran = verdict != OC_VERDICT_NOT_APPLICABLE && verdict != OC_VERDICT_NOT_RUN;
    out->steps = ran ? steps : NULL;
    out->step_count = ran ? sizeof steps / sizeof steps[0] : 0;
    out->duration_ns = ran ? 67000 + number : 0;
}

static void put(oc_record *record, oc_outcome *outcome)
{
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_record_outcome(record, outcome, &diag));
    oc_outcome_free(outcome);
}

static void put_hostile(oc_record *record, const char *pass)
{
    static const oc_outcome_exchange exchange = {"card", OC_SAMPLE_HOSTILE, OC_SAMPLE_HOSTILE, OC_SAMPLE_HOSTILE, 1,
                                                 2};
    static const oc_outcome_step step = {.id = OC_SAMPLE_HOSTILE,
                                         .kind = "call",
                                         .actor = "terminal",
                                         .phase = "steps",
                                         .latency_class = OC_SAMPLE_HOSTILE,
                                         .note = OC_SAMPLE_HOSTILE,
                                         .exchanges = &exchange,
                                         .exchange_count = 1};
    oc_outcome outcome;
    oc_sample_outcome(&outcome, pass, 100, OC_VERDICT_FAIL);
    outcome.title_en = outcome.title_zh = OC_SAMPLE_HOSTILE;
    outcome.reason = OC_SAMPLE_HOSTILE;
    outcome.file = "/tmp/" OC_SAMPLE_HOSTILE;
    outcome.evidence = (oc_outcome_evidence){
        OC_SAMPLE_HOSTILE, OC_SAMPLE_HOSTILE, OC_SAMPLE_HOSTILE, OC_SAMPLE_HOSTILE, 3,
        OC_SAMPLE_HOSTILE, OC_SAMPLE_HOSTILE};
    outcome.steps = &step;
    outcome.step_count = 1;
    put(record, &outcome);
}

static void put_flow(oc_record *record, const char *pass)
{
    oc_outcome outcome;
    oc_sample_outcome(&outcome, pass, 200, OC_VERDICT_PASS);
    outcome.id = "FLOW.MED-1.PAY";
    outcome.area = "flow";
    outcome.file = "flows/med-1.xml";
    outcome.is_flow = true;
    outcome.budget_p99_ns = 500000000;
    put(record, &outcome);
    oc_sample_outcome(&outcome, pass, 201, OC_VERDICT_PASS);
    outcome.id = "FLOW.MED-1.PAY.TWICE";
    outcome.twin = "FLOW.MED-1.PAY";
    outcome.because = outcome.condition = "duplicate";
    outcome.dut = "host";
    outcome.is_flow = true;
    outcome.file = "flows/med-1.xml";
    outcome.area = "flow";
    put(record, &outcome);
}

oc_record *oc_sample_record(const char *folder, bool strict)
{
    oc_diag diag = {0};
    oc_record *record = NULL;
    oc_run_info info = oc_sample_run_info();
    info.strict = strict;
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, false, &diag));
    const oc_pass_info first = oc_sample_pass(FIRST, "inproc");
    const oc_pass_info second = oc_sample_pass(SECOND, "pcsc");
    OC_ASSERT_OK(oc_record_pass(record, &first, &diag));
    OC_ASSERT_OK(oc_record_pass(record, &second, &diag));
    for (unsigned i = 0; i < OC_VERDICT_COUNT; i++) {
        oc_outcome outcome;
        oc_sample_outcome(&outcome, FIRST, i, (enum oc_verdict)i);
        put(record, &outcome);
        oc_sample_outcome(&outcome, SECOND, i, i == 0 ? OC_VERDICT_FAIL : (enum oc_verdict)i);
        put(record, &outcome);
    }
    put_hostile(record, FIRST);
    put_flow(record, FIRST);
    put_flow(record, SECOND);
    OC_ASSERT_OK(
        oc_record_difference(record, "CARD.SAMPLE.00000", FIRST, OC_VERDICT_PASS, SECOND, OC_VERDICT_FAIL, &diag));
    OC_ASSERT_OK(oc_record_one_link(record, "CARD.SAMPLE.00001", FIRST, "link.tpdu is false over pcsc", &diag));
    return record;
}

void oc_sample_result(const char *folder, bool strict, unsigned cases)
{
    oc_diag diag = {0};
    oc_record *record = oc_sample_record(folder, strict);
    for (unsigned i = 0; i < cases; i++) {
        oc_outcome outcome;
        oc_sample_outcome(&outcome, FIRST, 1000 + i, i % 50 == 0 ? OC_VERDICT_FAIL : OC_VERDICT_PASS);
        put(record, &outcome);
    }
    OC_ASSERT_OK(oc_record_finish(record, "2026-03-02T09:16:00+08:00", false, 1, &diag));
    oc_record_free(&record);
}

char *oc_sample_read(const char *folder, const char *name)
{
    char path[512];
    oc_buf content = {0};
    oc_diag diag = {0};
    oc_sample_path(path, sizeof path, folder, name);
    OC_ASSERT_OK(oc_file_read(&content, path, OC_BUF_MAX, &diag));
    char *text = malloc(content.len + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    if (content.len > 0) {
        memcpy(text, content.at, content.len);
    }
    text[content.len] = '\0';
    oc_buf_free(&content);
    return text;
}
