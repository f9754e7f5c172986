/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_SESSION_H
#define OC_CONFORMANCE_DRIVER_HOST_SESSION_H

#include "conformance/driver_host/os.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest line of the protocol, its LF included. */
#define OC_DH_LINE_MAX ((size_t)1024 * 1024)
/* Bytes of printed text that an answer carries. */
#define OC_DH_PRINTED_MAX 4096

/* Answers the lines of one harness (conformance/dut/README.md) until it goes. Returns the exit status. */
int oc_dh_session_run(oc_dh_stream *stream, const char *library);

#ifdef __cplusplus
}
#endif
#endif
