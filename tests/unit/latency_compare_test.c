/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "reports/compare/compare.h"
#include "reports/latency/draw.h"
#include "tests/support/oc_test.h"
#include "tests/unit/latency_kit.h"

static char folder[64];
static char base_path[96];
static char new_path[96];

static void open_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/onecard-compare-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(base_path, sizeof base_path, "%s/base.xml", folder);
    snprintf(new_path, sizeof new_path, "%s/new.xml", folder);
}

static void close_folder(void)
{
    unlink(base_path);
    unlink(new_path);
    rmdir(folder);
}

#define SERIES 6u
#define SAMPLES 20u

/* Durations of 1 ms or so, log-normal as measured ones are; those of series 3 are `factor` times as long. */
static void write_noise(const char *path, uint64_t seed, double factor, const char *cpu)
{
    kit_record record;
    oc_draw draw = oc_draw_of(seed);
    kit_begin(&record);
    for (unsigned i = 0; i < SAMPLES; i++) {
        kit_step steps[SERIES];
        char names[SERIES][8];
        for (unsigned s = 0; s < SERIES; s++) {
            snprintf(names[s], sizeof names[s], "C%u", s);
            double ns = 1e6 * exp(0.1 * oc_draw_normal(&draw)) * (s == 3 ? factor : 1);
            steps[s] = (kit_step){"s", "apdu", names[s], (uint64_t)ns};
        }
        kit_case(&record, "CARD.A", i + 1, "PASS", false, 0, steps, SERIES);
    }
    kit_write(&record, path, cpu, "");
}

static oc_comparison *compare(const oc_compare_options *options)
{
    oc_comparison *comparison = NULL;
    oc_diag diag = {0};
    oc_result r = oc_compare(&comparison, base_path, new_path, options, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    return comparison;
}

/* 100 seeded runs of the same thing twice: at a rate of 0.01, and with a change asked for that weighs something, hardly
 * one in 100 may raise an alarm; three would be beyond chance (probability 0.02 with an expectation of 0.5). */
static void sameness_raises_no_alarm(void)
{
    unsigned alarms = 0;
    open_folder();
    for (uint64_t seed = 0; seed < 100; seed++) {
        write_noise(base_path, 1000 + seed * 2, 1, "cpu");
        write_noise(new_path, 1001 + seed * 2, 1, "cpu");
        oc_comparison *comparison = compare(&(oc_compare_options){0});
        CU_ASSERT_EQUAL(oc_comparison_series_count(comparison), SERIES);
        alarms += oc_comparison_regressed(comparison);
        oc_comparison_free(&comparison);
    }
    CU_ASSERT(alarms <= 2);
    close_folder();
}

static void what_became_slower_is_found(void)
{
    open_folder();
    for (uint64_t seed = 0; seed < 10; seed++) {
        write_noise(base_path, seed * 2, 1, "cpu");
        write_noise(new_path, seed * 2 + 1, 1.3, "cpu");
        oc_comparison *comparison = compare(&(oc_compare_options){0});
        CU_ASSERT_TRUE(oc_comparison_regressed(comparison));
        CU_ASSERT_EQUAL(oc_comparison_speed_count(comparison, OC_SPEED_SLOWER), 1);
        CU_ASSERT_EQUAL(oc_comparison_series(comparison, 3)->change, OC_SPEED_SLOWER);
        oc_comparison_free(&comparison);
        /* 1 ms more is nothing to who asks for 10 ms. */
        comparison = compare(&(oc_compare_options){.least_ns = 10e6});
        CU_ASSERT_FALSE(oc_comparison_regressed(comparison));
        oc_comparison_free(&comparison);
    }
    write_noise(base_path, 1, 1.3, "cpu");
    write_noise(new_path, 2, 1, "cpu");
    oc_comparison *comparison = compare(&(oc_compare_options){0});
    CU_ASSERT_FALSE(oc_comparison_regressed(comparison));
    CU_ASSERT_EQUAL(oc_comparison_speed_count(comparison, OC_SPEED_FASTER), 1);
    oc_comparison_free(&comparison);
    close_folder();
}

static void other_machines_are_refused(void)
{
    oc_comparison *comparison = NULL;
    oc_diag diag = {0};
    open_folder();
    write_noise(base_path, 1, 1, "cpu A");
    write_noise(new_path, 2, 2, "cpu B");
    OC_ASSERT_CODE(oc_compare(&comparison, base_path, new_path, &(oc_compare_options){0}, &diag), OC_E_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "cpu: cpu A, cpu B"));
    comparison = compare(&(oc_compare_options){.force = true});
    CU_ASSERT_EQUAL(oc_comparison_speed_count(comparison, OC_SPEED_SLOWER), 1);
    CU_ASSERT_PTR_NOT_NULL(oc_comparison_machines(comparison));
    oc_comparison_free(&comparison);
    comparison = compare(&(oc_compare_options){.verdicts_only = true});
    CU_ASSERT_EQUAL(oc_comparison_series_count(comparison), 0);
    CU_ASSERT_FALSE(oc_comparison_regressed(comparison));
    oc_comparison_free(&comparison);
    close_folder();
}

static const struct {
    const char *id;
    const char *base; /* NULL: not there */
    const char *now;
    enum oc_case_change change;
} verdicts[] = {
    {"A.SAME", "PASS", "PASS", OC_CASE_SAME},
    {"B.BROKEN", "PASS", "FAIL", OC_CASE_BROKEN},
    {"C.MENDED", "FAIL", "PASS", OC_CASE_MENDED},
    {"D.WORSE", "INCONCLUSIVE", "FAIL", OC_CASE_CHANGED},
    {"E.SKIPPED", "PASS", "NOT_RUN", OC_CASE_UNJUDGED},
    {"F.GONE", "PASS", NULL, OC_CASE_MISSING},
    {"G.NEW", NULL, "PASS", OC_CASE_ADDED},
    {"H.NEWBAD", NULL, "ERROR", OC_CASE_BROKEN},
    {"I.OPEN", "PASS", "INCONCLUSIVE", OC_CASE_BROKEN},
    {"J.DEVIATES", "PASS", "DEVIATION", OC_CASE_CHANGED},
    {"K.RUN", "NOT_RUN", "PASS", OC_CASE_CHANGED},
    {"L.STILL", "FAIL", "FAIL", OC_CASE_SAME},
};
#define VERDICTS (sizeof verdicts / sizeof verdicts[0])

/* Rows that `chosen` (a bit each) names. */
static void write_verdicts(unsigned chosen)
{
    for (unsigned side = 0; side < 2; side++) {
        kit_record record;
        kit_begin(&record);
        for (size_t i = 0; i < VERDICTS; i++) {
            const char *verdict = side == 0 ? verdicts[i].base : verdicts[i].now;
            if (verdict != NULL && (chosen >> i & 1) != 0) {
                kit_case(&record, verdicts[i].id, 1, verdict, false, 0, NULL, 0);
            }
        }
        kit_case(&record, "Z.REPEATED", 1, "PASS", false, 0, NULL, 0);
        kit_case(&record, "Z.REPEATED", 2, "PASS", false, 0, NULL, 0);
        kit_write(&record, side == 0 ? base_path : new_path, "cpu", "");
    }
}

static void verdicts_are_told_apart(void)
{
    open_folder();
    write_verdicts(~0u);
    oc_comparison *comparison = compare(&(oc_compare_options){0});
    CU_ASSERT_EQUAL_FATAL(oc_comparison_cases(comparison), VERDICTS + 1);
    for (size_t i = 0; i < VERDICTS; i++) {
        const oc_compared_case *one = oc_comparison_case(comparison, i); /* by id */
        CU_ASSERT_STRING_EQUAL(one->id, verdicts[i].id);
        CU_ASSERT_EQUAL(one->change, verdicts[i].change);
    }
    oc_comparison_free(&comparison);
    close_folder();
}

static void each_kind_regresses_or_not(void)
{
    open_folder();
    for (size_t i = 0; i < VERDICTS; i++) {
        bool gone = verdicts[i].change == OC_CASE_MISSING || verdicts[i].change == OC_CASE_UNJUDGED;
        write_verdicts(1u << i);
        oc_comparison *comparison = compare(&(oc_compare_options){0});
        CU_ASSERT_EQUAL(oc_comparison_regressed(comparison), gone || verdicts[i].change == OC_CASE_BROKEN);
        oc_comparison_free(&comparison);
        comparison = compare(&(oc_compare_options){.subset = true});
        CU_ASSERT_EQUAL(oc_comparison_regressed(comparison), verdicts[i].change == OC_CASE_BROKEN);
        oc_comparison_free(&comparison);
    }
    close_folder();
}

static void outputs_say_the_same(void)
{
    char *text = NULL;
    size_t len = 0;
    open_folder();
    write_verdicts(~0u);
    oc_comparison *comparison = compare(&(oc_compare_options){0});
    FILE *out = open_memstream(&text, &len);
    OC_ASSERT_OK(oc_comparison_print(comparison, out, "en"));
    fclose(out);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "new failures: 3\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "B.BROKEN"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "REGRESSION: "));
    free(text);
    out = open_memstream(&text, &len);
    OC_ASSERT_OK(oc_comparison_json(comparison, out));
    fclose(out);
    json_t *root = json_loads(text, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    CU_ASSERT_TRUE(json_is_true(json_object_get(root, "regression")));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(json_object_get(root, "counts"), "broken")), 3);
    json_decref(root);
    free(text);
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *parent = xmlNewNode(NULL, (const xmlChar *)"report");
    xmlDocSetRootElement(doc, parent);
    OC_ASSERT_OK(oc_compare_report(parent, base_path, new_path, NULL));
    CU_ASSERT_STRING_EQUAL(oc_xml_attr(oc_xml_child(parent, "comparison"), "regression"), "true");
    xmlFreeDoc(doc);
    oc_comparison_free(&comparison);
    close_folder();
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"sameness raises no alarm", sameness_raises_no_alarm},
        {"what became slower is found", what_became_slower_is_found},
        {"other machines are refused", other_machines_are_refused},
        {"verdicts are told apart", verdicts_are_told_apart},
        {"each kind regresses or not", each_kind_regresses_or_not},
        {"outputs say the same", outputs_say_the_same},
        {NULL, NULL},
    };
    return oc_test_main("latency compare", rows);
}
