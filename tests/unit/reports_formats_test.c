/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/formats/facts_text.h"
#include "reports/formats/format.h"
#include "reports/reports.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

static const char *const kinds[] = {"junit", "junit-extended", "tap", "ctrf", "json"};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* FOLDER/result.xml in one format; the caller frees. */
static char *made(const char *folder, const char *kind)
{
    char result[128];
    char out[128];
    oc_diag diag = {0};
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(out, sizeof out, folder, kind);
    const oc_format_request request = {oc_format_find(kind), out};
    OC_ASSERT_OK(oc_formats_write(&request, 1, result, &diag));
    return oc_sample_read(folder, kind);
}

static json_t *made_json(const char *folder, const char *kind)
{
    json_error_t error;
    char *text = made(folder, kind);
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(value);
    free(text);
    return value;
}

static bool listed(const char *list, const char *name)
{
    char padded[64];
    snprintf(padded, sizeof padded, " %s ", name);
    return strstr(list, padded) != NULL;
}

/* Members that an object of CTRF 1.0.0 must have and may have; it may have no others. */
static void check_members(json_t *object, const char *must, const char *may)
{
    const char *name;
    json_t *value;
    char word[32];
    int taken = 0;
    for (const char *at = must; sscanf(at, " %31s%n", word, &taken) == 1; at += taken) {
        CU_ASSERT_PTR_NOT_NULL(json_object_get(object, word));
    }
    json_object_foreach(object, name, value)
    {
        CU_ASSERT_TRUE(listed(must, name) || listed(may, name));
    }
}

static void check_ctrf_test(json_t *test, size_t tally[5])
{
    static const char *const statuses[] = {"passed", "failed", "skipped", "pending", "other"};
    size_t i;
    json_t *step;
    check_members(test, " name status duration ",
                  " suite message trace rawStatus filePath line steps extra start stop tags type ");
    const char *status = json_string_value(json_object_get(test, "status"));
    size_t at = 0;
    while (at < 5 && strcmp(statuses[at], status) != 0) {
        at++;
    }
    CU_ASSERT_TRUE_FATAL(at < 5);
    tally[at]++;
    CU_ASSERT_TRUE(json_is_integer(json_object_get(test, "duration")));
    CU_ASSERT_TRUE(json_object_get(test, "suite") == NULL || json_array_size(json_object_get(test, "suite")) > 0);
    json_array_foreach(json_object_get(test, "steps"), i, step)
    {
        check_members(step, " name status ", " extra ");
    }
}

static void ctrf_has_the_required_shape(void)
{
    static const char *const counted[] = {"passed", "failed", "skipped", "pending", "other"};
    char folder[64];
    size_t tally[5] = {0};
    size_t i;
    json_t *test;
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    json_t *root = made_json(folder, "ctrf");
    json_t *results = json_object_get(root, "results");
    json_t *summary = json_object_get(results, "summary");
    check_members(root, " reportFormat specVersion results ", " generatedBy timestamp reportId ");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(root, "reportFormat")), "CTRF");
    check_members(results, " tool summary tests ", " environment extra ");
    check_members(json_object_get(results, "tool"), " name ", " version extra ");
    check_members(summary, " tests passed failed pending skipped other start stop ", " suites ");
    json_array_foreach(json_object_get(results, "tests"), i, test)
    {
        check_ctrf_test(test, tally);
    }
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(summary, "tests")), 20); /* 19 cases, one difference */
    for (size_t k = 0; k < 5; k++) {
        CU_ASSERT_EQUAL(json_integer_value(json_object_get(summary, counted[k])), (json_int_t)tally[k]);
    }
    CU_ASSERT_EQUAL(tally[1], 4);
    CU_ASSERT_EQUAL(tally[4], 5);
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(summary, "start")), 1772414100000);
    json_decref(root);
    oc_sample_remove(folder);
}

static void json_is_the_record(void)
{
    char folder[64];
    size_t i;
    json_t *one;
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    json_t *root = made_json(folder, "json");
    json_t *result = json_object_get(root, "result");
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(root, "format")), "onecard-result");
    /* Beyond 2^53-1 a number is a text. */
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(result, "seed")), "18446744073709551615");
    CU_ASSERT_TRUE(json_is_false(json_object_get(result, "strict")));
    CU_ASSERT_EQUAL(json_integer_value(json_object_get(result, "planned")), 19);
    CU_ASSERT_TRUE(json_is_string(json_object_get(result, "command-line")));
    CU_ASSERT_TRUE(json_is_object(json_object_get(result, "environment")));
    CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "pass")), 2);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(json_object_get(result, "counts"), "count")), 7);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "case")), 19);
    size_t exchanges = 0;
    json_array_foreach(json_object_get(result, "case"), i, one)
    {
        json_t *title = json_array_get(json_object_get(one, "title"), 0);
        CU_ASSERT_TRUE(json_is_string(json_object_get(title, "text")) &&
                       json_is_string(json_object_get(title, "lang")));
        CU_ASSERT_TRUE(json_is_integer(json_object_get(one, "duration-ns")));
        json_t *step = json_array_get(json_object_get(one, "step"), 0);
        json_t *exchange = json_array_get(json_object_get(step, "exchange"), 0);
        exchanges += json_is_string(json_object_get(exchange, "command"));
    }
    CU_ASSERT_TRUE(exchanges > 0);
    json_decref(root);
    oc_sample_remove(folder);
}

/* The number of a test point "ok 3 - text" or "not ok 3 - text"; 0 when the line is none. */
static unsigned long point_of(const char *line, bool *ok)
{
    *ok = strncmp(line, "ok ", 3) == 0;
    return *ok ? strtoul(line + 3, NULL, 10) : strncmp(line, "not ok ", 7) == 0 ? strtoul(line + 7, NULL, 10) : 0;
}

static void tap_numbers_its_points(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 30);
    char *text = made(folder, "tap");
    unsigned long points = 0;
    unsigned long plan = 0;
    unsigned long failed = 0;
    unsigned long inner = 0;
    unsigned long inner_plan = 0;
    char *rest = NULL;
    CU_ASSERT_EQUAL(strncmp(text, "TAP version 14\n", 15), 0);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        bool ok;
        unsigned long number = point_of(line, &ok);
        if (number > 0) {
            CU_ASSERT_EQUAL(number, ++points);
            CU_ASSERT_EQUAL(inner, inner_plan);
            failed += !ok && strstr(line, " # TODO ") == NULL;
            inner = inner_plan = 0;
        } else if (strncmp(line, "    ", 4) == 0 && strncmp(line + 4, "1..", 3) == 0) {
            inner_plan = strtoul(line + 7, NULL, 10);
        } else if (strncmp(line, "    ", 4) == 0 && point_of(line + 4, &ok) > 0) {
            CU_ASSERT_EQUAL(point_of(line + 4, &ok), ++inner);
        } else if (strncmp(line, "1..", 3) == 0) {
            plan = strtoul(line + 3, NULL, 10);
        } else {
            CU_ASSERT_TRUE(line[0] == '#' || strncmp(line, "  ", 2) == 0 || strncmp(line, "TAP ", 4) == 0);
        }
    }
    CU_ASSERT_EQUAL(plan, 50);
    CU_ASSERT_EQUAL(points, plan);
    CU_ASSERT_EQUAL(failed, 10);
    free(text);
    oc_sample_remove(folder);
}

/* A record with one case that says `attributes` and holds `inside`. */
static void put_case(const char *folder, const char *head, const char *attributes, const char *inside)
{
    static const char *const verdicts[] = {"PASS", "NOT_APPLICABLE", "NOT_RUN", "INCONCLUSIVE", "DEVIATION", "ERROR"};
    char path[128];
    oc_sample_path(path, sizeof path, folder, "result.xml");
    FILE *out = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fprintf(out,
            "<result xmlns=\"urn:onecard:result:1\" suite-version=\"1\" seed=\"1\" strict=\"false\" started=\"a\" "
            "ended=\"b\" interrupted=\"false\" resumes=\"0\" exit-code=\"1\" %s><environment cpu=\"c\" "
            "processors=\"1\" compiler=\"c\" openssl=\"o\" libxml2=\"l\" pcsclite=\"p\" clock=\"c\" "
            "clock-source=\"t\" governor=\"g\"/><vectors sha256=\"%064d\"/><counts><count verdict=\"FAIL\" n=\"1\"/>",
            head, 0);
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        fprintf(out, "<count verdict=\"%s\" n=\"0\"/>", verdicts[i]);
    }
    fprintf(
        out,
        "</counts><pass id=\"&#x202E;&lt;script&gt;\" virtual=\"true\"/><latency/>"
        "<case pass=\"&#x202E;&lt;script&gt;\" verdict=\"FAIL\" rev=\"1\" flow=\"false\" duration-ns=\"1500000000\" "
        "line=\"7\" %s>%s</case></result>",
        attributes, inside);
    fclose(out);
}

static void hostile_records_stay_text(void)
{
    /* 'x' in XML, 't' in TAP, 'j' in JSON. */
    static const struct {
        const char *text;
        const char *in;
    } never[] = {
        {"\xe2\x80\xae", "xtj"}, {"\xc2\x9b", "xtj"},  {"<script", "x"}, {"[[ATTACHMENT", "x"},
        {"../", "xt"},           {"\nBail out!", "t"}, {"\n1..9", "t"},  {"\nok 2", "t"},
    };
    char folder[64];
    oc_sample_folder(folder);
    put_case(folder, "planned=\"1\"", "id=\"A.&#x202E;B\" file=\"../../etc/pass&#x9B;wd\" area=\"../x\"",
             "<title lang=\"en\">]]&gt;&lt;script&gt; # SKIP \\ &#x9B;31m&#10;Bail out! x&#10;ok 2</title>"
             "<reason>&#10;1..9&#10;ok 2 &lt;script&gt;</reason>"
             "<evidence what=\"sw\" step=\"s&#10;ok 2\"><expected>&#x202E;</expected></evidence>"
             "<step id=\"s&#10;ok 2\" duration-ns=\"1\"><note>[[ATTACHMENT|/etc/passwd]]&#x202E;</note></step>");
    for (size_t k = 0; k < KINDS; k++) {
        char *text = made(folder, kinds[k]);
        char form = kinds[k][0] == 't' ? 't' : strncmp(kinds[k], "junit", 5) == 0 ? 'x' : 'j';
        for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
            if (strchr(never[i].in, form) != NULL && strstr(text, never[i].text) != NULL) {
                printf("%s holds %s\n", kinds[k], never[i].text);
                CU_FAIL("not escaped");
            }
        }
        free(text);
    }
    char *tap = made(folder, "tap");
    CU_ASSERT_PTR_NOT_NULL(strstr(tap, "\\# SKIP \\\\ "));
    free(tap);
    json_t *ctrf = made_json(folder, "ctrf");
    json_t *test = json_array_get(json_object_get(json_object_get(ctrf, "results"), "tests"), 0);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(test, "filePath")), "pass\\u009Bwd");
    json_decref(ctrf);
    oc_sample_remove(folder);
}

static void missing_cases_and_repeats_show(void)
{
    char folder[64];
    oc_sample_folder(folder);
    put_case(folder, "planned=\"3\"", "id=\"A\" repeat=\"2\"", "<title lang=\"zh\">标题</title>");
    char *junit = made(folder, "junit");
    CU_ASSERT_PTR_NOT_NULL(strstr(junit, "name=\"A 标题 [rep=2]\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(junit, "time=\"1.500000\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(junit, "3 planned cases have no verdict"));
    CU_ASSERT_PTR_NOT_NULL(strstr(junit, "tests=\"2\" failures=\"1\" errors=\"1\" time=\"1.500\""));
    free(junit);
    char *tap = made(folder, "tap");
    CU_ASSERT_PTR_NOT_NULL(strstr(tap, "not ok 2 - every planned case has a verdict"));
    free(tap);
    char *ctrf = made(folder, "ctrf");
    CU_ASSERT_PTR_NOT_NULL(strstr(ctrf, "3 planned cases have no verdict"));
    free(ctrf);
    oc_sample_remove(folder);
}

static void extended_junit_says_more(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    char *text = made(folder, "junit-extended");
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "file=\"card/read.xml\" line=\"10\" assertions=\"5\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<property name=\"requirement\" value=\"SSC.SELECT.NAME\"/>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<property name=\"official\" value=\"DF04_SAFETY\"/>"));
    free(text);
    char *strict = made(folder, "junit");
    CU_ASSERT_PTR_NULL(strstr(strict, "assertions"));
    free(strict);
    oc_sample_remove(folder);
}

static void together_they_are_as_alone(void)
{
    char folder[64];
    char result[128];
    char paths[KINDS][128];
    oc_format_request requests[KINDS];
    oc_sample_folder(folder);
    oc_sample_result(folder, true, 60);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    for (size_t k = 0; k < KINDS; k++) {
        char name[32];
        snprintf(name, sizeof name, "all-%s", kinds[k]);
        oc_sample_path(paths[k], sizeof paths[k], folder, name);
        requests[k] = (oc_format_request){oc_format_find(kinds[k]), paths[k]};
    }
    OC_ASSERT_OK(oc_formats_write(requests, KINDS, result, NULL));
    for (size_t k = 0; k < KINDS; k++) {
        char name[32];
        snprintf(name, sizeof name, "all-%s", kinds[k]);
        char *together = oc_sample_read(folder, name);
        char *alone = made(folder, kinds[k]);
        CU_ASSERT_STRING_EQUAL(together, alone);
        free(together);
        free(alone);
    }
    oc_sample_remove(folder);
}

static void paths_lead_nowhere(void)
{
    static const char *const rows[][2] = {
        {"card/read.xml", "card/read.xml"},
        {"a/../b/./c.xml", "b/c.xml"},
        {"../x", "x"},
        {"/etc/passwd", "passwd"},
        {"a/../../x", "x"},
        {"..", ""},
        {"a//b", "a/b"},
        {"C:\\x\\y", "y"},
        {"..\\..\\y", "y"},
        {"", ""},
        {"a/..", ""},
        {"a/b/../..", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_buf out = {0};
        OC_ASSERT_OK(oc_format_safe_path(&out, rows[i][0]));
        CU_ASSERT_STRING_EQUAL((const char *)out.at, rows[i][1]);
        oc_buf_free(&out);
    }
}

static void times_are_plain(void)
{
    char text[32];
    oc_format_seconds(text, UINT64_MAX, 3);
    CU_ASSERT_STRING_EQUAL(text, "18446744073.709");
    oc_format_seconds(text, 1, 6);
    CU_ASSERT_STRING_EQUAL(text, "0.000000");
    CU_ASSERT_EQUAL(oc_format_milliseconds("1970-01-02T08:00:00+08:00"), 86400000);
    CU_ASSERT_EQUAL(oc_format_milliseconds("1970-01-01T00:00:01Z"), 1000);
    CU_ASSERT_EQUAL(oc_format_milliseconds("yesterday"), 0);
}

static size_t files_in(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

/* 0 when the write failed as it must, in a child whose files may not grow past `limit` bytes. */
static int child_writes(const char *kind, const char *result, const char *out, rlim_t limit)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        oc_diag diag = {0};
        const struct rlimit most = {limit, limit};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &most);
        oc_result r = oc_report_write(kind, &(oc_report_inputs){.result_path = result, .data_folder = "."}, out,
                                      &diag);
        _exit(r.code == OC_E_IO && strstr(diag.reason, "File too large") != NULL ? 0 : 1);
    }
    waitpid(child, &status, 0);
    return status;
}

/* What a full disk does, and a record that turns out bad at its last byte. */
static void the_old_report_stands(void)
{
    char folder[64];
    char result[128];
    char out[128];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 300);
    oc_sample_path(result, sizeof result, folder, "result.xml");
    oc_sample_path(out, sizeof out, folder, "out");
    OC_ASSERT_OK(oc_file_replace(out, oc_span_text("old"), NULL));
    size_t files = files_in(folder);
    for (size_t k = 0; k <= KINDS; k++) {
        int status = child_writes(k == KINDS ? "html" : kinds[k], result, out, 20000);
        if (status != 0) {
            printf("%s: %d\n", k == KINDS ? "html" : kinds[k], status);
            CU_FAIL("the full disk was not told");
        }
    }
    char *whole = oc_sample_read(folder, "result.xml");
    OC_ASSERT_OK(oc_file_replace(result, oc_span_of(whole, strlen(whole) - 3), NULL));
    for (size_t k = 0; k < KINDS; k++) {
        const oc_format_request request = {oc_format_find(kinds[k]), out};
        OC_ASSERT_CODE(oc_formats_write(&request, 1, result, NULL), OC_E_FORMAT);
    }
    const oc_format_request itself = {oc_format_find("json"), result};
    OC_ASSERT_CODE(oc_formats_write(&itself, 1, result, NULL), OC_E_USAGE);
    char *kept = oc_sample_read(folder, "out");
    CU_ASSERT_STRING_EQUAL(kept, "old");
    CU_ASSERT_EQUAL(files_in(folder), files); /* nothing half-made is left */
    free(kept);
    free(whole);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"CTRF has the required shape", ctrf_has_the_required_shape},
        {"JSON is the record", json_is_the_record},
        {"TAP numbers its points", tap_numbers_its_points},
        {"hostile records stay text", hostile_records_stay_text},
        {"missing cases and repeats show", missing_cases_and_repeats_show},
        {"extended JUnit says more", extended_junit_says_more},
        {"together they are as alone", together_they_are_as_alone},
        {"paths lead nowhere", paths_lead_nowhere},
        {"times are plain", times_are_plain},
        {"the old report stands", the_old_report_stands},
        {NULL, NULL},
    };
    return oc_test_main("reports: formats", rows);
}
