/* SPDX-License-Identifier: Apache-2.0 */
/* What the latency section of a report costs, on a record of 5,000 cases: reading it without and with taking samples, and
 * making the section with its plots. Then the histogram of load runs beside keeping every sample. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "reports/latency/draw.h"
#include "reports/latency/histogram.h"
#include "reports/latency/latency_report.h"
#include "reports/latency/order.h"
#include "tests/bench/bench.h"

#define CASES 5000u
#define STEPS 10u
#define FLOWS 100u
#define VALUES 1000000u

struct context {
    char path[64];
    oc_samples *samples;
    uint64_t *values;
    uint64_t *scratch;
};

/* Each flow 25 times, the rest cases of cards; ten steps with an exchange each. */
static void write_record(const char *path)
{
    oc_draw draw = oc_draw_of(1);
    FILE *out = fopen(path, "we");
    bench_require(out != NULL, "cannot write the record");
    fprintf(out,
            "<?xml version=\"1.0\"?>\n<result xmlns=\"urn:onecard:result:1\" suite-version=\"1\" seed=\"1\" "
            "strict=\"false\" started=\"s\" ended=\"e\" interrupted=\"false\" resumes=\"0\" exit-code=\"0\" "
            "planned=\"%u\"><environment cpu=\"c\" processors=\"1\" compiler=\"c\" openssl=\"o\" libxml2=\"l\" "
            "pcsclite=\"p\" clock=\"c\" clock-source=\"tsc\" governor=\"g\"/><vectors sha256=\"%064u\"/><counts>"
            "<count verdict=\"PASS\" n=\"%u\"/><count verdict=\"NOT_APPLICABLE\" n=\"0\"/><count "
            "verdict=\"NOT_RUN\" n=\"0\"/><count verdict=\"INCONCLUSIVE\" n=\"0\"/><count verdict=\"DEVIATION\" "
            "n=\"0\"/><count verdict=\"FAIL\" n=\"0\"/><count verdict=\"ERROR\" n=\"0\"/></counts><pass id=\"p\" "
            "virtual=\"true\"/><latency/>\n",
            CASES, 0u, CASES);
    for (unsigned i = 0; i < CASES; i++) {
        bool flow = i < FLOWS * 25;
        fprintf(out,
                "<case id=\"%s.%u\" pass=\"p\" verdict=\"PASS\" line=\"1\" rev=\"1\" flow=\"%s\" "
                "duration-ns=\"%u\"",
                flow ? "FLOW.F" : "CARD.C", flow ? i / 25 : i, flow ? "true" : "false",
                1000000u + (unsigned)(oc_draw_bits(&draw) % 500000));
        if (flow && i % 25 > 0) {
            fprintf(out, " repeat=\"%u\"", i % 25 + 1);
        }
        fputc('>', out);
        for (unsigned s = 0; s < STEPS; s++) {
            unsigned ns = 90000u + (unsigned)(oc_draw_bits(&draw) % 20000);
            fprintf(out,
                    "<step id=\"s%u\" kind=\"apdu\" actor=\"card\" phase=\"steps\" class=\"CLASS %u\" "
                    "duration-ns=\"%u\"><exchange actor=\"card\" begin-ns=\"%u\" duration-ns=\"%u\">"
                    "<command>00B2010C20</command><response>0102030405060708090A0B0C0D0E0F109000</response>"
                    "</exchange></step>",
                    s, s, ns, s * 100000u, ns);
        }
        fputs("</case>\n", out);
    }
    fputs("</result>\n", out);
    bench_require(fclose(out) == 0, "cannot write the record");
}

static bool read_only(void *self)
{
    struct context *context = self;
    const oc_record_visitor visitor = {0};
    return oc_is_ok(oc_record_read(context->path, &visitor, NULL));
}

static bool read_samples(void *self)
{
    struct context *context = self;
    oc_samples *samples = NULL;
    bool good = oc_is_ok(oc_samples_read(&samples, context->path, NULL));
    oc_samples_free(&samples);
    return good;
}

static bool make_section(void *self)
{
    struct context *context = self;
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *parent = xmlNewNode(NULL, (const xmlChar *)"report");
    xmlDocSetRootElement(doc, parent);
    bool good = oc_is_ok(oc_latency_report(parent, context->samples, NULL, NULL));
    xmlFreeDoc(doc);
    return good;
}

static bool fill_histogram(void *self)
{
    struct context *context = self;
    oc_histogram *histogram = NULL;
    if (!oc_is_ok(oc_histogram_new(&histogram, 60000000000u))) {
        return false;
    }
    for (size_t i = 0; i < VALUES; i++) {
        oc_histogram_add(histogram, context->values[i]);
    }
    bool good = oc_histogram_quantile(histogram, 0.99) > 0;
    oc_histogram_free(&histogram);
    return good;
}

static bool sort_all(void *self)
{
    struct context *context = self;
    memcpy(context->scratch, context->values, VALUES * sizeof *context->values);
    oc_order_sort(context->scratch, VALUES);
    return context->scratch[oc_order_rank(VALUES, 0.99) - 1] > 0;
}

int main(void)
{
    struct context context = {.path = "/tmp/onecard-bench-XXXXXX"};
    int fd = mkstemp(context.path);
    bench_require(fd >= 0, "no temporary file");
    close(fd);
    write_record(context.path);
    bench_require(oc_is_ok(oc_samples_read(&context.samples, context.path, NULL)), "the record cannot be read");
    bench_contender contenders[] = {
        {.name = "read the record only", .run = read_only, .context = &context, .calls = 1},
        {.name = "read, take samples", .run = read_samples, .context = &context, .calls = 1},
        {.name = "make the section", .run = make_section, .context = &context, .calls = 1}};
    bench_measure(contenders, 3, 8);
    bench_print("latency section, 5,000 cases of 10 steps", contenders, 3, 0);
    bench_free(contenders, 3);

    context.values = malloc(VALUES * sizeof *context.values);
    context.scratch = malloc(VALUES * sizeof *context.scratch);
    bench_require(context.values != NULL && context.scratch != NULL, "no memory");
    oc_draw draw = oc_draw_of(2);
    for (size_t i = 0; i < VALUES; i++) {
        context.values[i] = 1000 + oc_draw_bits(&draw) % 10000000;
    }
    bench_contender stores[] = {{.name = "keep and sort", .run = sort_all, .context = &context, .calls = 1},
                                {.name = "histogram", .run = fill_histogram, .context = &context, .calls = 1}};
    bench_measure(stores, 2, 5);
    bench_print("p99 of a million durations", stores, 2, 0);
    bench_free(stores, 2);
    free(context.values);
    free(context.scratch);
    oc_samples_free(&context.samples);
    unlink(context.path);
    return 0;
}
