/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_LINE_MESSAGE_H
#define OC_CONFORMANCE_DUT_LINE_MESSAGE_H

#include "conformance/dut/driver_manifest.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The lines of the protocol with a terminal under test (conformance/dut/README.md), as JSON objects (RFC 8259). */

/* Where the value of a parameter comes from. */
typedef struct oc_line_source {
    const oc_fields *args;
    const char *const *environment; /* "NAME=VALUE", for "env:NAME"; then this process's; may be NULL */
} oc_line_source;

/* What one caller calls. */
typedef struct oc_line_caller {
    const char *function;
    const oc_driver_call
        *c; /* how the library's function is called; NULL for a program, which gets the arguments by name */
    oc_line_source source;
} oc_line_caller;

/* Appends the question that asks a terminal who it is and which of the manifest's functions it has. */
OC_MUST_USE oc_result oc_line_hello(oc_buf *out, int id, const oc_driver_manifest *manifest);
/* Appends a call; with `beside` (else NULL) that one is to be made at the same time by another thread. The key pad is
 * that of `caller`. FORMAT when an argument cannot be what the function takes. */
OC_MUST_USE oc_result oc_line_call(oc_buf *out, int id, const oc_line_caller *caller, const oc_line_caller *beside,
                                   int timeout_ms, oc_diag *diag);

enum oc_line_kind {
    OC_LINE_HELLO,
    OC_LINE_CODE,    /* a call came back */
    OC_LINE_OVERRUN, /* the guard page behind the output buffer was touched */
    OC_LINE_ERROR,   /* `error`, `text` */
    OC_LINE_NONSENSE /* `text` says why it is no answer */
};

#define OC_LINE_EXPORTS_MAX 64

/* Zero-initialise; free with oc_line_answer_free. */
typedef struct oc_line_answer {
    enum oc_line_kind kind;
    char error[40];
    char text[200];
    /* a hello */
    char name[64];
    unsigned pointer_bits; /* 0: no driver host */
    unsigned long_bits;
    unsigned callers; /* calls that can be made at the same time; 0: not told */
    bool exports_known;
    unsigned export_count;
    char exports[OC_LINE_EXPORTS_MAX][64];
    /* a code */
    bool is_raw; /* `code` is the result register of a C call, 64 bits */
    long long code;
    long popped; /* bytes of parameters that the function took off the stack, -1: not known */
    oc_buf out;  /* GB18030, up to the NUL */
    bool unterminated;
    unsigned underrun;
    oc_buf printed;     /* on another machine */
    unsigned long size; /* of the buffer that was overrun */
} oc_line_answer;

/* Reads an answer to the question `id`; `beside` (else NULL) becomes that of the second caller. Everything hostile
 * becomes OC_LINE_NONSENSE. */
OC_MUST_USE oc_result oc_line_read(oc_line_answer *out, oc_line_answer *beside, oc_span line, int id);
void oc_line_answer_free(oc_line_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
