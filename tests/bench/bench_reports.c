/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of large records: the page against its bare transform, time and memory of every format; and what recording a
 * trace adds to a run in this process. */
#include <libxslt/transform.h>
#include <libxslt/xsltutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/html/page.h"
#include "tests/bench/bench.h"
#include "tests/bench/trace_cost.h"

#define FEW 5000
#define MANY 50000

static void put_case(FILE *out, unsigned number)
{
    bool failed = number % 50 == 0;
    fprintf(
        out,
        "<case id=\"CARD.BENCH.%05u\" pass=\"ssc-3.0/inproc\" verdict=\"%s\" area=\"card\" file=\"card/%u.xml\" "
        "line=\"%u\" rev=\"1\" flow=\"false\" duration-ns=\"%u\"><title lang=\"en\">Case %u of a large record</title>"
        "<title lang=\"zh\">大记录的用例</title><req>SSC.BENCH.%u</req>",
        number, failed ? "FAIL" : "PASS", number % 40, number, 60000 + number, number, number % 900);
    if (failed) {
        fputs("<reason>step 5: sw: expected 9000, received 6982</reason><evidence step=\"5\" what=\"sw\" "
              "first-difference=\"0\" requirement=\"SSC.BENCH.1\" confidence=\"A\"><expected>9000</expected><received>"
              "6982</received></evidence>",
              out);
    }
    for (unsigned step = 0; step < 10; step++) {
        fprintf(
            out,
            "<step id=\"%u\" kind=\"apdu\" actor=\"card\" phase=\"steps\" class=\"READ RECORD\" duration-ns=\"9000\">"
            "<exchange actor=\"card\" begin-ns=\"%u\" duration-ns=\"9000\"><command>00B2012C00</command><response>"
            "7081AF0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F9000</response></exchange></step>",
            step, step * 10000);
    }
    fputs("</case>\n", out);
}

static void put_record(const char *path, unsigned cases)
{
    static const char *const others[] = {"NOT_APPLICABLE", "NOT_RUN", "INCONCLUSIVE", "DEVIATION", "ERROR"};
    FILE *out = fopen(path, "w");
    bench_require(out != NULL, "no room for a record");
    fprintf(out,
            "<result xmlns=\"urn:onecard:result:1\" suite-version=\"1\" seed=\"1\" strict=\"false\" "
            "started=\"2026-03-02T09:15:00+08:00\" ended=\"2026-03-02T09:16:00+08:00\" interrupted=\"false\" "
            "resumes=\"0\" exit-code=\"1\" planned=\"%u\"><environment cpu=\"c\" processors=\"1\" compiler=\"c\" "
            "openssl=\"o\" libxml2=\"l\" pcsclite=\"p\" clock=\"c\" clock-source=\"t\" governor=\"g\"/><vectors "
            "sha256=\"%064d\"/><counts><count verdict=\"PASS\" n=\"%u\"/><count verdict=\"FAIL\" n=\"%u\"/>",
            cases, 0, cases - (cases + 49) / 50, (cases + 49) / 50);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        fprintf(out, "<count verdict=\"%s\" n=\"0\"/>", others[i]);
    }
    fputs("</counts><pass id=\"ssc-3.0/inproc\" profile=\"ssc-3.0\" virtual=\"true\"/><latency/>\n", out);
    for (unsigned i = 0; i < cases; i++) {
        put_case(out, i);
    }
    fputs("</result>", out);
    bench_require(fclose(out) == 0, "no room for a record");
}

/* The page's own tree and stylesheet, nothing else. */
struct bare {
    xmlDoc *tree;
    xsltStylesheet *style;
};

static bool transform(void *context)
{
    const struct bare *bare = context;
    xmlChar *text = NULL;
    int len = 0;
    xmlDoc *made = xsltApplyStylesheet(bare->style, bare->tree, NULL);
    bool done = made != NULL && xsltSaveResultToString(&text, &len, made, bare->style) == 0 && len > 0;
    xmlFree(text);
    xmlFreeDoc(made);
    return done;
}

struct report {
    const char *kind;
    const char *record;
    const char *out;
};

static bool write_report(void *context)
{
    const struct report *report = context;
    const oc_report_inputs inputs = {.result_path = report->record, .data_folder = "."};
    return oc_is_ok(oc_report_write(report->kind, &inputs, report->out, NULL));
}

static void page_against_transform(const char *record, const char *out)
{
    struct bare bare = {.style = xsltParseStylesheetFile((const xmlChar *)"reports/transforms/html.xsl")};
    struct report report = {"html", record, out};
    bench_require(
        bare.style != NULL &&
            oc_is_ok(oc_html_page(&bare.tree, &(oc_report_inputs){.result_path = record, .data_folder = "."}, NULL)),
        "the page cannot be made");
    bench_contender contenders[] = {
        {.name = "bare transform of the page's tree", .run = transform, .context = &bare, .calls = 1},
        {.name = "record to page, whole", .run = write_report, .context = &report, .calls = 1},
    };
    bench_measure(contenders, 2, 5);
    bench_print("HTML, 5,000 cases (2 % failed, 10 steps each)", contenders, 2, 0);
    bench_free(contenders, 2);
    xmlFreeDoc(bare.tree);
    xsltFreeStylesheet(bare.style);
}

/* In a child, whose memory is its own. */
static void time_and_memory(const char *kind, const char *record, const char *out)
{
    struct stat st;
    struct rusage usage;
    struct report report = {kind, record, out};
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        _exit(write_report(&report) ? 0 : 1);
    }
    bench_require(child > 0 && wait4(child, &status, 0, &usage) == child && status == 0, "a report failed");
    bench_require(stat(out, &st) == 0, "a report is not there");
    double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("  %-16s %7.2f s of processor time %8.1f MiB of memory %8.1f MB of output\n", kind, seconds,
           (double)usage.ru_maxrss / 1024, (double)st.st_size / 1e6);
}

static void all_formats(const char *record, const char *out)
{
    static const char *const kinds[] = {"html", "junit", "junit-extended", "tap", "ctrf", "json"};
    struct stat st;
    put_record(record, MANY);
    bench_require(stat(record, &st) == 0, "no record");
    printf("\n50,000 cases, a record of %.0f MB\n", (double)st.st_size / 1e6);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        time_and_memory(kinds[i], record, out);
    }
}

/* Without an argument all parts, else the one named: formats, page, trace. */
int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : NULL;
    char folder[] = "/tmp/onecard-bench-XXXXXX";
    char record[64];
    char out[64];
    bench_require(mkdtemp(folder) != NULL, "no folder");
    snprintf(record, sizeof record, "%s/result.xml", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    if (only == NULL || strcmp(only, "formats") == 0) {
        all_formats(record, out);
    }
    if (only == NULL || strcmp(only, "page") == 0) {
        put_record(record, FEW);
        page_against_transform(record, out);
    }
    unlink(record);
    unlink(out);
    if (only == NULL || strcmp(only, "trace") == 0) {
        bench_trace_cost(folder);
    }
    rmdir(folder);
    return 0;
}
