/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_JUDGE_PCAP_OUT_H
#define OC_CONFORMANCE_JUDGE_PCAP_OUT_H

#include "conformance/judge/capture.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes the exchanges as a packet capture that Wireshark dissects without being told how: nanosecond pcap, link type
 * 252, dissector "iso7816" (an answer to reset: "iso7816.atr"), direction tag 0 for commands and 1 for answers. An
 * answer that begins with 3B or 3F goes to the dissector "data": "iso7816" would take it for an answer to reset. The
 * protocol column says "card" or "PSAM". Masked bytes are zeros there, and the column then says so: "card masked".
 * Sessions whose times begin at 0 follow each other. Replaces `path` as a whole. */
OC_MUST_USE oc_result oc_pcap_write(const oc_capture *capture, const char *path, oc_diag *diag);
/* The same into a buffer. */
OC_MUST_USE oc_result oc_pcap_append(const oc_capture *capture, oc_buf *out);

#ifdef __cplusplus
}
#endif
#endif
