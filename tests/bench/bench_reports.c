/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of large records: the page against a bare transform of the record, time and memory of every format; and what recording a
 * trace adds to a run in this process. */
#include <libxml/parser.h>
#include <libxslt/transform.h>
#include <libxslt/xsltutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "reports/reports.h"
#include "tests/bench/bench.h"
#include "tests/bench/trace_cost.h"

#define FEW 5000
#define MANY 50000
#define STEPS 10
#define ROUNDS 7

static void put_case(FILE *out, unsigned number, unsigned steps)
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
    for (unsigned step = 0; step < steps; step++) {
        fprintf(
            out,
            "<step id=\"%u\" kind=\"apdu\" actor=\"card\" phase=\"steps\" class=\"READ RECORD\" duration-ns=\"9000\">"
            "<exchange actor=\"card\" begin-ns=\"%u\" duration-ns=\"9000\"><command>00B2012C00</command><response>"
            "7081AF0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F9000</response></exchange></step>",
            step, step * 10000);
    }
    fputs("</case>\n", out);
}

static void put_record(const char *path, unsigned cases, unsigned steps)
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
        put_case(out, i, steps);
    }
    fputs("</result>", out);
    bench_require(fclose(out) == 0, "no room for a record");
}

/* A record by way of a stylesheet that makes a row a case and nothing else: read, transformed, serialised. */
struct bare {
    const char *record;
    xsltStylesheet *style;
};

static bool transform(void *context)
{
    const struct bare *bare = context;
    xmlChar *text = NULL;
    int len = 0;
    xmlDoc *record = xmlReadFile(bare->record, NULL, XML_PARSE_NONET);
    xmlDoc *made = record == NULL ? NULL : xsltApplyStylesheet(bare->style, record, NULL);
    bool done = made != NULL && xsltSaveResultToString(&text, &len, made, bare->style) == 0 && len > 0;
    xmlFree(text);
    xmlFreeDoc(made);
    xmlFreeDoc(record);
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

static double processor_time(bool (*run)(void *), void *context)
{
    struct timespec begin;
    struct timespec end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    bench_require(run(context), "a report failed");
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    return (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* In turns, by processor time: what else the machine does counts little. */
static void page_against_transform(const char *record, const char *out, unsigned steps)
{
    struct bare bare = {record, xsltParseStylesheetFile((const xmlChar *)"tests/bench/bare.xsl")};
    struct report report = {"html", record, out};
    double of_bare[ROUNDS];
    double of_page[ROUNDS];
    double ratios[ROUNDS];
    struct stat st;
    bench_require(bare.style != NULL, "no bare stylesheet");
    put_record(record, FEW, steps);
    bench_require(stat(record, &st) == 0, "no record");
    for (unsigned round = 0; round < ROUNDS; round++) {
        of_bare[round] = processor_time(transform, &bare);
        of_page[round] = processor_time(write_report, &report);
        ratios[round] = of_page[round] / of_bare[round];
    }
    qsort(of_bare, ROUNDS, sizeof of_bare[0], compare);
    qsort(of_page, ROUNDS, sizeof of_page[0], compare);
    qsort(ratios, ROUNDS, sizeof ratios[0], compare);
    printf("\nHTML, %d cases (2 %% failed, %u steps each), a record of %.1f MB: processor time, medians of %d\n", FEW,
           steps, (double)st.st_size / 1e6, ROUNDS);
    printf("  bare transform, a row a case %7.3f s\n  record to page, whole        %7.3f s  %.2f times (%.2f-%.2f)\n",
           of_bare[ROUNDS / 2], of_page[ROUNDS / 2], ratios[ROUNDS / 2], ratios[0], ratios[ROUNDS - 1]);
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
    put_record(record, MANY, STEPS);
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
        page_against_transform(record, out, 0);
        page_against_transform(record, out, STEPS);
    }
    unlink(record);
    unlink(out);
    if (only == NULL || strcmp(only, "trace") == 0) {
        bench_trace_cost(folder);
    }
    rmdir(folder);
    return 0;
}
