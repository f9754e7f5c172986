/* SPDX-License-Identifier: Apache-2.0 */
/* A result record from foreign hands: read, and written in every format that programs take. */
#include <sys/mman.h>
#include <unistd.h>

#include "reports/formats/format.h"
#include "reports/reports.h"
#include "tests/fuzz/fuzz.h"

static FILE *nowhere;
static int memory = -1;
static char path[64];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    nowhere = fopen("/dev/null", "w");
    memory = memfd_create("record", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", memory);
    FUZZ_DEMAND(nowhere != NULL && memory >= 0 && freopen("/dev/null", "w", stdout) != NULL);
    return 0;
}

struct seen {
    size_t cases;
    size_t ends;
};

static oc_result see_case(void *self, const xmlNode *one, oc_diag *diag)
{
    (void)diag;
    struct seen *seen = self;
    FUZZ_DEMAND(seen->ends == 0 && oc_xml_attr(one, "id") != NULL && oc_xml_attr(one, "pass") != NULL);
    seen->cases++;
    return oc_ok();
}

static oc_result see_end(void *self, const oc_record_end *end, oc_diag *diag)
{
    (void)diag;
    struct seen *seen = self;
    FUZZ_DEMAND(end->cases == seen->cases && oc_report_total(&end->counts) == seen->cases);
    seen->ends++;
    return oc_ok();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"junit", "junit-extended", "tap", "ctrf", "json"};
    oc_format_request requests[5];
    struct seen seen = {0};
    oc_diag diag = {0};
    const oc_record_visitor visitor = {.self = &seen, .one = see_case, .end = see_end, .digests = true};
    FUZZ_DEMAND(ftruncate(memory, 0) == 0 && pwrite(memory, data, size, 0) == (ssize_t)size);
    oc_result r = oc_record_read(path, &visitor, &diag);
    FUZZ_DEMAND(oc_is_ok(r) == (seen.ends == 1) && (oc_is_ok(r) || diag.reason[0] != '\0'));
    for (size_t i = 0; i < 5; i++) {
        requests[i] = (oc_format_request){oc_format_find(names[i]), "-"};
    }
    if (oc_is_ok(r)) {
        FUZZ_DEMAND(oc_is_ok(oc_formats_write(requests, 5, path, NULL)));
        FUZZ_DEMAND(oc_is_ok(oc_report_summary(nowhere, path, "zh", true, NULL)));
    }
    return 0;
}
