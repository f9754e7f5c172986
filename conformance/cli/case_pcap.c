/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/case_pcap.h"

#include "conformance/judge/pcap_out.h"

/* A record of this one case. */
static oc_result record_of(oc_buf *out, const xmlNode *one_case)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    int len = buffer == NULL ? -1 : xmlNodeDump(buffer, one_case->doc, (xmlNode *)(uintptr_t)one_case, 0, 0);
    oc_result r = len < 0 ? oc_fail(OC_E_MEMORY) : oc_buf_append(out, oc_span_text("<result>"));
    if (oc_is_ok(r)) {
        r = oc_buf_append(out, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)));
    }
    xmlBufferFree(buffer);
    return oc_is_ok(r) ? oc_buf_append(out, oc_span_text("</result>")) : r;
}

oc_result oc_cli_case_pcap(oc_buf *out, const xmlNode *one_case, oc_diag *diag)
{
    oc_capture capture = {.name = "result.xml"};
    oc_buf record = {0};
    oc_result r = record_of(&record, one_case);
    if (oc_is_ok(r)) {
        oc_diag why = {0};
        r = oc_capture_result(&capture, oc_buf_span(&record), &why);
        if (r.code == OC_E_FORMAT) {
            capture.count = 0; /* texts that are no bytes: a capture says nothing that the trace does not */
            r = oc_ok();
        } else if (!oc_is_ok(r)) {
            r = oc_diag_fail(diag, r.code, "%s", why.reason);
        }
    }
    if (oc_is_ok(r) && capture.count > 0) {
        r = oc_pcap_append(&capture, out);
    }
    oc_capture_free(&capture);
    oc_buf_free(&record);
    return r;
}
