/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of a campaign against mutants, from files that were made by hand. */
#include <stdio.h>

#include "conformance/mutate/score.h"
#include "sim/base/file.h"
#include "tests/support/oc_program.h"
#include "tests/support/oc_test.h"

#define SCHEMA "reports/mutation.xsd"
#define MUTANTS 6

static char folder[PATH_MAX];
static oc_xml_schema *schema;

static const char *no_texts[] = {"SSC.A."};
static const oc_mutant_run run = {.file = "card.xml", .name = "card"};

#define MUTANT_OF(the_id, the_actor, ...)                                                                             \
    {                                                                                                                 \
        .file = "card.xml", .id = the_id, .actor = the_actor, .title_zh = "错", .title_en = "wrong",                  \
        .violates = "SSC.A.ONE", .killed_by = "CARD.ONE", .run = &run, .also = {no_texts, 1}, __VA_ARGS__             \
    }

static const oc_mutant mutants[MUTANTS] = {
    MUTANT_OF("card.a.killed", OC_MUTANT_CARD, .at_seam = true),
    MUTANT_OF("card.a.beside", OC_MUTANT_CARD, .at_seam = false),
    MUTANT_OF("card.a.survivor", OC_MUTANT_CARD, .at_seam = false),
    MUTANT_OF("card.a.same", OC_MUTANT_CARD, .equivalent_zh = "一样", .equivalent_en = "the same"),
    MUTANT_OF("host.a.said-same", OC_MUTANT_HOST, .equivalent_zh = "一样", .equivalent_en = "the same"),
    MUTANT_OF("host.a.hangs", OC_MUTANT_HOST, .at_seam = false),
};

#define HEAD(id, actor)                                                                                               \
    "<mutant xmlns=\"urn:onecard:mutation:1\" id=\"" id "\" actor=\"" actor                                           \
    "\" violates=\"SSC.A.ONE\" killed-by=\"CARD.ONE\" at=\"seam\" status=\"killed\" by-requirement=\"false\" "        \
    "by-check=\"false\" by-case=\"false\" judged=\"4\" kills=\"0\" unrelated=\"0\" wall-ms=\"10\" cpu-ms=\"5\" "      \
    "key=\"\">"                                                                                                       \
    "<title lang=\"zh\">错</title><title lang=\"en\">wrong</title>"
#define KILL(id, requirement, about)                                                                                  \
    "<kill pass=\"p\" case=\"" id "\" requirement=\"" requirement "\" verdict=\"FAIL\" about=\"" about                \
    "\" related=\"true\"/>"

/* What they say of status and relation is not believed: it follows from the catalogue. */
static const char *const files[MUTANTS] = {
    HEAD("card.a.killed", "card") KILL("CARD.ONE", "SSC.A.ONE", "true")
        KILL("CARD.TWO", "SSC.B.TWO", "false") "</mutant>",
    HEAD("card.a.beside", "card") KILL("CARD.TWO", "SSC.A.TWO", "false") "</mutant>",
    HEAD("card.a.survivor", "card") "</mutant>",
    HEAD("card.a.same", "card") "</mutant>",
    HEAD("host.a.said-same", "host") KILL("CARD.ONE", "SSC.A.TWO", "true") "</mutant>",
    HEAD("host.a.hangs", "host") "<error>the run did not end within 1 s</error></mutant>",
};

static oc_result load(oc_mutant_outcome *out, size_t at)
{
    char path[PATH_MAX];
    oc_diag diag = {0};
    oc_temp_write(folder, "one.xml", files[at]);
    oc_temp_path(path, folder, "one.xml");
    return oc_mutant_outcome_load(out, &mutants[at], path, schema, &diag);
}

static void each_is_weighed(void)
{
    static const struct {
        enum oc_mutant_status status;
        bool by_requirement, by_check, by_case;
        size_t unrelated;
    } wanted[MUTANTS] = {
        {OC_MUTANT_KILLED, true, true, true, 1},        {OC_MUTANT_KILLED, false, false, false, 0},
        {OC_MUTANT_SURVIVED, false, false, false, 0},   {OC_MUTANT_EQUIVALENT, false, false, false, 0},
        {OC_MUTANT_CONTRADICTED, true, false, true, 0}, {OC_MUTANT_ERROR, false, false, false, 0},
    };
    for (size_t i = 0; i < MUTANTS; i++) {
        oc_mutant_outcome outcome;
        OC_ASSERT_OK(load(&outcome, i));
        CU_ASSERT_EQUAL(outcome.status, wanted[i].status);
        CU_ASSERT_EQUAL(outcome.by_requirement, wanted[i].by_requirement);
        CU_ASSERT_EQUAL(outcome.by_check, wanted[i].by_check);
        CU_ASSERT_EQUAL(outcome.by_case, wanted[i].by_case);
        CU_ASSERT_EQUAL(outcome.unrelated, wanted[i].unrelated);
        oc_mutant_outcome_free(&outcome);
    }
}

static void a_file_of_another_is_refused(void)
{
    oc_mutant_outcome outcome;
    char path[PATH_MAX];
    oc_diag diag = {0};
    oc_temp_write(folder, "one.xml", files[0]);
    oc_temp_path(path, folder, "one.xml");
    OC_ASSERT_CODE(oc_mutant_outcome_load(&outcome, &mutants[1], path, schema, &diag), OC_E_FORMAT);
    oc_temp_write(folder, "one.xml", "<mutant xmlns=\"urn:onecard:mutation:1\"/>");
    OC_ASSERT_CODE(oc_mutant_outcome_load(&outcome, &mutants[0], path, schema, &diag), OC_E_FORMAT);
}

/* Verdicts of a record become kills: an ERROR beside a mismatch takes nothing away, alone it says nothing. */
static void verdicts_become_kills(void)
{
    static const char *const names[] = {"SSC.A.ONE"};
    oc_verdict_case cases[] = {
        {.pass = "p", .id = "CARD.X", .verdict = OC_REPORT_ERROR, .reason = "no answer"},
        {.pass = "p", .id = "CARD.ONE", .verdict = OC_REPORT_DEVIATION, .requirements = names, .requirement_count = 1},
    };
    oc_verdicts verdicts = {.cases = cases, .count = 2, .judged = 7, .errors = 1};
    oc_mutant_outcome outcome = {0};
    OC_ASSERT_OK(oc_mutant_outcome_take(&outcome, &verdicts, &mutants[0]));
    oc_mutant_outcome_weigh(&outcome, &mutants[0]);
    CU_ASSERT_EQUAL(outcome.status, OC_MUTANT_KILLED);
    CU_ASSERT_EQUAL_FATAL(outcome.count, 1);
    CU_ASSERT_TRUE(outcome.kills[0].about);
    CU_ASSERT_STRING_EQUAL(outcome.kills[0].requirement, "SSC.A.ONE");
    CU_ASSERT_EQUAL(outcome.judged, 7);
    oc_mutant_outcome_free(&outcome);
    verdicts.count = 1;
    OC_ASSERT_OK(oc_mutant_outcome_take(&outcome, &verdicts, &mutants[0]));
    oc_mutant_outcome_weigh(&outcome, &mutants[0]);
    CU_ASSERT_EQUAL(outcome.status, OC_MUTANT_ERROR);
    CU_ASSERT_STRING_EQUAL(outcome.error, "CARD.X: no answer");
    oc_mutant_outcome_free(&outcome);
}

/* A campaign of all of them, whose right implementation passed four cases, one of them in two passes. */
struct made {
    const oc_mutant *selected[MUTANTS];
    size_t group_of[MUTANTS];
    oc_mutant_outcome outcomes[MUTANTS];
    bool done[MUTANTS];
    oc_campaign_group group;
    oc_campaign campaign;
};

static const char *const one[] = {"SSC.A.ONE"};
static const char *const two[] = {"SSC.B.TWO"};
static oc_verdict_case right[] = {
    {.pass = "p", .id = "CARD.ONE", .verdict = OC_REPORT_PASS, .requirements = one, .requirement_count = 1},
    {.pass = "p", .id = "CARD.TWO", .verdict = OC_REPORT_PASS, .requirements = two, .requirement_count = 1},
    {.pass = "p", .id = "CARD.SAFE.THREE", .verdict = OC_REPORT_PASS, .requirements = one, .requirement_count = 1},
    {.pass = "q", .id = "CARD.SAFE.THREE", .verdict = OC_REPORT_PASS, .requirements = one, .requirement_count = 1},
    {.pass = "p", .id = "CARD.SAFE.FOUR", .verdict = OC_REPORT_PASS, .requirements = two, .requirement_count = 1},
    {.pass = "p", .id = "CARD.SAFE.FIVE", .verdict = OC_REPORT_NOT_APPLICABLE},
};
static const char *profile_names[] = {"ssc-3.0"};
static const oc_mutant_texts profiles = {profile_names, 1};

static void make(struct made *made)
{
    *made = (struct made){
        .group = {.run = &run, .profiles = &profiles, .right = {.cases = right, .count = 6, .judged = 5}}};
    for (size_t i = 0; i < MUTANTS; i++) {
        made->selected[i] = &mutants[i];
        made->done[i] = true;
        OC_ASSERT_OK(load(&made->outcomes[i], i));
    }
    made->campaign = (oc_campaign){.mutants = made->selected,
                                   .group_of = made->group_of,
                                   .outcomes = made->outcomes,
                                   .done = made->done,
                                   .count = MUTANTS,
                                   .groups = &made->group,
                                   .group_count = 1};
}

static void clear(struct made *made)
{
    for (size_t i = 0; i < MUTANTS; i++) {
        oc_mutant_outcome_free(&made->outcomes[i]);
    }
}

static void scores_add_up(void)
{
    struct made made;
    make(&made);
    const oc_mutant_score card = oc_campaign_score(&made.campaign, OC_MUTANT_CARD);
    CU_ASSERT_EQUAL(card.mutants, 4);
    CU_ASSERT_EQUAL(card.of[OC_MUTANT_KILLED], 2);
    CU_ASSERT_EQUAL(card.of[OC_MUTANT_EQUIVALENT], 1);
    CU_ASSERT_EQUAL(card.by_requirement, 1);
    CU_ASSERT_EQUAL(card.unrelated, 1);
    CU_ASSERT_EQUAL(oc_mutant_score_permyriad(&card), 6666); /* 2 of 3 */
    const oc_mutant_score host = oc_campaign_score(&made.campaign, OC_MUTANT_HOST);
    CU_ASSERT_EQUAL(host.of[OC_MUTANT_CONTRADICTED], 1);
    CU_ASSERT_EQUAL(host.of[OC_MUTANT_ERROR], 1);
    CU_ASSERT_EQUAL(oc_mutant_score_permyriad(&host), 0);
    made.done[2] = false; /* interrupted before it */
    const oc_mutant_score all = oc_campaign_score(&made.campaign, OC_MUTANT_ACTORS);
    CU_ASSERT_EQUAL(all.mutants, 5);
    CU_ASSERT_EQUAL(oc_mutant_score_permyriad(&all), 5000); /* 2 of 4 */
    const oc_mutant_score none = oc_campaign_score(&made.campaign, OC_MUTANT_PSAM);
    CU_ASSERT_EQUAL(oc_mutant_score_permyriad(&none), 10000);
    clear(&made);
}

static void cases_that_kill_nothing(void)
{
    struct made made;
    oc_idle idle = {0};
    make(&made);
    OC_ASSERT_OK(oc_idle_count(&idle, &made.campaign));
    CU_ASSERT_EQUAL(idle.total.cases, 4);
    CU_ASSERT_EQUAL(idle.total.idle, 2);
    CU_ASSERT_EQUAL(idle.total.unbroken, 1); /* of FOUR no mutant violates the requirement */
    CU_ASSERT_EQUAL_FATAL(idle.group_count, 3);
    CU_ASSERT_STRING_EQUAL(idle.groups[1].name, "CARD.SAFE");
    CU_ASSERT_EQUAL(idle.groups[1].cases, 2);
    CU_ASSERT_EQUAL(idle.groups[1].idle, 2);
    oc_idle_free(&idle);
    clear(&made);
}

static size_t lines_with(const oc_buf *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr((const char *)text->at, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

static void record_and_matrix_are_written(void)
{
    struct made made;
    char path[PATH_MAX];
    oc_diag diag = {0};
    oc_xml_doc *doc = NULL;
    oc_buf matrix = {0};
    make(&made);
    const oc_campaign_plan plan = {.output = folder, .jobs = 1};
    OC_ASSERT_OK(oc_campaign_write(&made.campaign, &plan, "2026-01-01T08:00:00+08:00", &diag));
    oc_temp_path(path, folder, "mutation.xml");
    OC_ASSERT_OK(oc_xml_load(&doc, path, NULL, &diag));
    OC_ASSERT_OK(oc_xml_validate(doc, schema, &diag));
    oc_xml_free(&doc);
    oc_temp_path(path, folder, "matrix.csv");
    OC_ASSERT_OK(oc_file_read(&matrix, path, 65536, &diag));
    OC_ASSERT_OK(oc_buf_append(&matrix, oc_span_of("", 1)));
    CU_ASSERT_EQUAL(lines_with(&matrix, "\n"), 1 + 2 + 1 + 1 + 1 + 1 + 1);
    CU_ASSERT_EQUAL(lines_with(&matrix, "card.a.killed,card,SSC.A.ONE,killed,CARD.TWO,p,SSC.B.TWO,FAIL,false\n"), 1);
    CU_ASSERT_EQUAL(lines_with(&matrix, "card.a.survivor,card,SSC.A.ONE,survived,,,,,\n"), 1);
    oc_buf_free(&matrix);
    clear(&made);
}

int main(void)
{
    const oc_test_row rows[] = {{"each is weighed", each_is_weighed},
                                {"a file of another is refused", a_file_of_another_is_refused},
                                {"verdicts become kills", verdicts_become_kills},
                                {"scores add up", scores_add_up},
                                {"cases that kill nothing", cases_that_kill_nothing},
                                {"record and matrix are written", record_and_matrix_are_written},
                                {NULL, NULL}};
    oc_diag diag = {0};
    oc_temp_make(folder);
    oc_result r = oc_xml_schema_new(&schema, SCHEMA, &diag);
    int code = oc_is_ok(r) ? oc_test_main("scores of mutants", rows) : 1;
    oc_xml_schema_free(&schema);
    oc_temp_remove(folder);
    return code;
}
