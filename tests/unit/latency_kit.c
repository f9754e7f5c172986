/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/latency_kit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/oc_test.h"

#define ZEROES "0000000000000000000000000000000000000000000000000000000000000000"

static const char *const verdicts[] = {"PASS",      "NOT_APPLICABLE", "NOT_RUN", "INCONCLUSIVE",
                                       "DEVIATION", "FAIL",           "ERROR"};

void kit_begin(kit_record *record)
{
    *record = (kit_record){0};
    record->body = open_memstream(&record->text, &record->len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(record->body);
}

void kit_case(kit_record *record, const char *id, unsigned repeat, const char *verdict, bool flow, uint64_t budget_ns,
              const kit_step *steps, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += steps[i].ns;
    }
    fprintf(record->body,
            "<case id=\"%s\" pass=\"" KIT_PASS "\" verdict=\"%s\" line=\"1\" rev=\"1\" flow=\"%s\" "
            "duration-ns=\"%" PRIu64 "\"",
            id, verdict, flow ? "true" : "false", sum);
    if (repeat > 1) {
        fprintf(record->body, " repeat=\"%u\"", repeat);
    }
    if (budget_ns > 0) {
        fprintf(record->body, " budget-p99-ns=\"%" PRIu64 "\"", budget_ns);
    }
    fputc('>', record->body);
    sum = 0;
    for (size_t i = 0; i < count; i++) {
        const char *timed_as = steps[i].timed_as;
        fprintf(record->body, "<step id=\"%s\" kind=\"%s\" phase=\"steps\"%s%s%s duration-ns=\"%" PRIu64 "\">",
                steps[i].id, steps[i].kind, timed_as == NULL ? "" : " class=\"", timed_as == NULL ? "" : timed_as,
                timed_as == NULL ? "" : "\"", steps[i].ns);
        fprintf(record->body, "<exchange begin-ns=\"%" PRIu64 "\" duration-ns=\"%" PRIu64 "\"/></step>", sum,
                steps[i].ns);
        sum += steps[i].ns;
    }
    fputs("</case>\n", record->body);
    for (size_t i = 0; i < 7; i++) {
        record->counts[i] += strcmp(verdicts[i], verdict) == 0;
    }
    record->cases += repeat == 1;
}

void kit_write(kit_record *record, const char *path, const char *cpu, const char *limits)
{
    fclose(record->body);
    FILE *out = fopen(path, "we");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fprintf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<result xmlns=\"urn:onecard:result:1\" suite-version=\"1\" "
        "seed=\"1\" strict=\"false\" started=\"s\" ended=\"e\" interrupted=\"false\" resumes=\"0\" exit-code=\"0\" "
        "planned=\"%u\">\n<environment cpu=\"%s\" processors=\"2\" compiler=\"c\" openssl=\"o\" libxml2=\"l\" "
        "pcsclite=\"p\" clock=\"CLOCK_MONOTONIC_RAW\" clock-source=\"tsc\" governor=\"g\" clock-ppm=\"100\"/>\n"
        "<vectors sha256=\"" ZEROES "\"/><counts>",
        record->cases, cpu);
    for (size_t i = 0; i < 7; i++) {
        fprintf(out, "<count verdict=\"%s\" n=\"%u\"/>", verdicts[i], record->counts[i]);
    }
    fprintf(out, "</counts>%s\n<pass id=\"" KIT_PASS "\" virtual=\"true\"><empty-exchange-ns>", limits);
    for (unsigned i = 0; i < 1000; i++) {
        fprintf(out, "%u ", 1000 + i);
    }
    fprintf(out, "</empty-exchange-ns></pass>\n<latency/>\n%s</result>\n", record->text);
    CU_ASSERT_EQUAL(fclose(out), 0);
    free(record->text);
}
