/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "reports/latency/judge.h"
#include "tests/support/oc_test.h"
#include "tests/unit/latency_kit.h"

/* A folder of its own; one file in it. */
static char folder[64];
static char path[96];

static void write_file(const char *text)
{
    snprintf(folder, sizeof folder, "/tmp/onecard-limits-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/limits.xml", folder);
    FILE *out = fopen(path, "we");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fputs(text, out);
    fclose(out);
}

static void remove_file(void)
{
    unlink(path);
    rmdir(folder);
}

#define HEAD                                                                                                          \
    "<limits xmlns=\"urn:onecard:limits:1\" id=\"t\"><title lang=\"en\">T &amp; t</title>"                            \
    "<rule id=\"DR1\" kind=\"max\" confidence=\"0.95\" minimum-n=\"59\" guard-band=\"measured\"/>"                    \
    "<rule id=\"DR2\" kind=\"percentile\" confidence=\"0.95\" minimum-n=\"59\" guard-band=\"none\" clock=\"any\"/>"
#define LIMIT(id, scope, statistic, value, unit, rule)                                                                \
    "<limit id=\"" id "\" scope=\"" scope "\" statistic=\"" statistic "\" value=\"" value "\" unit=\"" unit           \
    "\" rule=\"" rule "\" source=\"S\" clause=\"6.3\" status=\"house\"/>"

static void profiles_are_read_and_kept(void)
{
    oc_limits limits = {0};
    oc_limits again = {0};
    oc_buf fragment = {0};
    oc_xml_doc *doc = NULL;
    oc_diag diag = {0};
    write_file(HEAD LIMIT("a", "tx.pay", "max", "1.5", "ms", "DR1")
                   LIMIT("b", "class.*", "p99.9", "0.25", "s", "DR2") "</limits>");
    OC_ASSERT_OK(oc_limits_load(&limits, path, &diag));
    OC_ASSERT_OK(oc_limits_threshold(&limits, "tx.pay:p(95)<400ms", &diag));
    CU_ASSERT_STRING_EQUAL(limits.file, "limits.xml");
    OC_ASSERT_OK(oc_limits_fragment(&fragment, &limits));
    OC_ASSERT_OK(oc_xml_parse(&doc, oc_span_text((const char *)fragment.at), "f", NULL, &diag));
    OC_ASSERT_OK(oc_limits_take(&again, oc_xml_root(doc), &diag));
    const oc_limits *both[] = {&limits, &again};
    for (size_t i = 0; i < 2; i++) {
        const oc_limits *one = both[i];
        CU_ASSERT_EQUAL_FATAL(one->limit_count, 2);
        CU_ASSERT_STRING_EQUAL(one->title_en, "T & t");
        CU_ASSERT_DOUBLE_EQUAL(one->limits[0].ns, 1.5e6, 0);
        CU_ASSERT_TRUE(one->limits[0].rule->is_max && one->limits[0].rule->has_guard &&
                       !one->limits[0].rule->any_clock);
        CU_ASSERT_DOUBLE_EQUAL(one->limits[1].ns, 0.25e9, 0);
        CU_ASSERT_DOUBLE_EQUAL(one->limits[1].p, 0.999, 1e-12);
        CU_ASSERT_TRUE(!one->limits[1].rule->has_guard && one->limits[1].rule->any_clock);
        CU_ASSERT_EQUAL(one->limits[1].status, OC_LIMIT_HOUSE);
        CU_ASSERT_EQUAL(one->threshold_count, 1);
        CU_ASSERT_STRING_EQUAL(one->sha256, limits.sha256);
    }
    oc_buf_free(&fragment);
    oc_xml_free(&doc);
    oc_limits_free(&again);
    oc_limits_free(&limits);
    remove_file();
}

static void the_shipped_profile_is_sound(void)
{
    oc_limits limits = {0};
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_limits_load(&limits, "reports/limits/public.xml", &diag));
    for (size_t i = 0; i < limits.limit_count; i++) {
        CU_ASSERT_TRUE(limits.limits[i].status != OC_LIMIT_NORMATIVE || limits.limits[i].clause != NULL);
        CU_ASSERT_PTR_NOT_NULL(limits.limits[i].title_zh);
        CU_ASSERT_PTR_NOT_NULL(limits.limits[i].title_en);
    }
    oc_limits_free(&limits);
}

static void bad_profiles_are_refused(void)
{
    static const char *const bad[] = {
        "",
        "<limits/>",
        HEAD "</limits>",
        HEAD LIMIT("a", "tx.pay", "max", "1", "ms", "DR3") "</limits>", /* no such rule */
        HEAD LIMIT("a", "tx.pay", "max", "1", "ms", "DR2") "</limits>", /* a percentile's rule */
        HEAD LIMIT("a", "tx.pay", "p95", "1", "ms", "DR1") "</limits>", /* a maximum's */
        HEAD LIMIT("a", "tx.pay", "p0", "1", "ms", "DR2") "</limits>",
        HEAD LIMIT("a", "tx.pay", "p100", "1", "ms", "DR2") "</limits>",
        HEAD LIMIT("a", "tx.pay", "max", "-1", "ms", "DR1") "</limits>",
        HEAD LIMIT("a", "tx.pay", "max", "1", "min", "DR1") "</limits>",
        HEAD LIMIT("a", "pay", "max", "1", "ms", "DR1") "</limits>",
        HEAD LIMIT("a", "tx.a", "max", "1", "ms", "DR1") LIMIT("a", "tx.b", "max", "1", "ms", "DR1") "</limits>",
        "<!DOCTYPE limits [<!ENTITY a 'b'>]>" HEAD LIMIT("a", "tx.pay", "max", "1", "ms", "DR1") "</limits>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_limits limits = {0};
        oc_diag diag = {0};
        write_file(bad[i]);
        OC_ASSERT_CODE(oc_limits_load(&limits, path, &diag), OC_E_FORMAT);
        CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
        CU_ASSERT_NOT_EQUAL(diag.file[0], '\0');
        oc_limits_free(&limits);
        remove_file();
    }
}

static void thresholds_have_a_grammar(void)
{
    static const struct {
        const char *text;
        enum oc_series_kind kind;
        double p;
        double ns;
    } good[] = {{"tx.read_basic:p(95)<400ms", OC_SERIES_FLOW, 0.95, 400e6},
                {"flow.a.b-c : p(99.9) <= 1.5 s", OC_SERIES_FLOW, 0.999, 1.5e9},
                {"class.READ RECORD:max<250us", OC_SERIES_CLASS, 0, 250e3},
                {"part.iReadCardBas: own:med>=7", OC_SERIES_PART, 0.5, 7e6},
                {"function.*:min>0ns", OC_SERIES_FUNCTION, 0, 0},
                {"step.x:avg<1ns", OC_SERIES_STEP, 0, 1}};
    static const char *const bad[] = {"",
                                      "tx",
                                      "tx.a",
                                      ":max<1",
                                      "tx.:max<1",
                                      "ux.a:max<1",
                                      "tx.a:<1",
                                      "tx.a:p95<1",
                                      "tx.a:p(0)<1",
                                      "tx.a:p(101)<1",
                                      "tx.a:p(9<1",
                                      "tx.a:max1",
                                      "tx.a:max<",
                                      "tx.a:max<-1",
                                      "tx.a:max<1min",
                                      "tx.a:max<0x1",
                                      "tx.a:max<1e3",
                                      "tx.a:max<1ms 2",
                                      "tx.a:max<.5",
                                      "tx.a:max<5.",
                                      "tx.a:max=1"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        oc_threshold threshold;
        OC_ASSERT_OK(oc_threshold_parse(&threshold, good[i].text, NULL));
        CU_ASSERT_EQUAL(threshold.metric.kind, good[i].kind);
        CU_ASSERT(threshold.statistic != OC_THRESHOLD_QUANTILE || fabs(threshold.p - good[i].p) < 1e-12);
        CU_ASSERT_DOUBLE_EQUAL(threshold.ns, good[i].ns, 1e-6);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_threshold threshold;
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_threshold_parse(&threshold, bad[i], &diag), OC_E_USAGE);
        CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
    }
    oc_limits limits = {0};
    OC_ASSERT_CODE(oc_limits_threshold(&limits, "tx.\xff:max<1", NULL), OC_E_USAGE);
    OC_ASSERT_CODE(oc_limits_threshold(&limits, "tx.a\n:max<1", NULL), OC_E_USAGE);
    oc_limits_free(&limits);
}

static bool matches(const char *metric, enum oc_series_kind kind, const char *name)
{
    oc_metric parsed;
    const oc_series series = {.kind = kind, .name = name};
    return oc_metric_parse(&parsed, metric, strlen(metric)) && oc_metric_matches(&parsed, &series);
}

static void metrics_name_series(void)
{
    CU_ASSERT_TRUE(matches("class.read_record", OC_SERIES_CLASS, "READ RECORD"));
    CU_ASSERT_TRUE(matches("tx.aut-3.login", OC_SERIES_FLOW, "FLOW.AUT-3.LOGIN"));
    CU_ASSERT_TRUE(matches("tx.FLOW.AUT-3.LOGIN", OC_SERIES_FLOW, "FLOW.AUT-3.LOGIN"));
    CU_ASSERT_TRUE(matches("part.ireadcardbas_own", OC_SERIES_PART, "iReadCardBas: own"));
    CU_ASSERT_TRUE(matches("tx.*", OC_SERIES_FLOW, "FLOW.X"));
    CU_ASSERT_TRUE(matches("tx.社保*", OC_SERIES_FLOW, "社保.读卡"));
    CU_ASSERT_FALSE(matches("tx.read", OC_SERIES_CLASS, "read"));
    CU_ASSERT_FALSE(matches("class.read", OC_SERIES_CLASS, "READ RECORD"));
    CU_ASSERT_FALSE(matches("class.[r]ead", OC_SERIES_CLASS, "read"));
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"profiles are read and kept", profiles_are_read_and_kept},
        {"the shipped profile is sound", the_shipped_profile_is_sound},
        {"bad profiles are refused", bad_profiles_are_refused},
        {"thresholds have a grammar", thresholds_have_a_grammar},
        {"metrics name series", metrics_name_series},
        {NULL, NULL},
    };
    return oc_test_main("latency limits", rows);
}
