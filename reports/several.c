/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "reports/formats/format.h"
#include "reports/reports.h"

bool oc_report_kind_known(const char *kind)
{
    return strcmp(kind, "html") == 0 || oc_format_find(kind) != NULL;
}

oc_result oc_report_write_all(const oc_report_request *requests, size_t count, const oc_report_inputs *inputs,
                              oc_diag *diag)
{
    size_t streamed = 0;
    oc_format_request *streams = calloc(count + 1, sizeof *streams);
    oc_result r = streams == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    for (size_t i = 0; oc_is_ok(r) && i < count; i++) {
        const oc_format *format = oc_format_find(requests[i].kind);
        if (format != NULL) {
            streams[streamed++] = (oc_format_request){format, requests[i].path};
        } else if (!oc_report_kind_known(requests[i].kind)) {
            r = oc_diag_fail(diag, OC_E_USAGE, "no report of the kind %s", requests[i].kind);
        }
    }
    if (oc_is_ok(r) && streamed > 0) {
        r = oc_formats_write(streams, streamed, inputs->result_path, diag);
    }
    for (size_t i = 0; oc_is_ok(r) && i < count; i++) {
        if (oc_format_find(requests[i].kind) == NULL) {
            r = oc_report_write(requests[i].kind, inputs, requests[i].path, diag);
        }
    }
    free(streams);
    return r;
}
