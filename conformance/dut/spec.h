/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_SPEC_H
#define OC_CONFORMANCE_DUT_SPEC_H

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which implementation plays an actor: the SPEC of --card and --psam. */
enum oc_spec_kind {
    OC_SPEC_VIRTUAL, /* "virtual": the simulator's own */
    OC_SPEC_PCSC,    /* "pcsc:READER" */
    OC_SPEC_EXEC,    /* "exec:CMD": a child that speaks the stdio protocol */
    OC_SPEC_VPCD,    /* "vpcd:PORT": a soft card that connects to us */
    OC_SPEC_NONE     /* "none" */
};

typedef struct oc_spec {
    enum oc_spec_kind kind;
    char text[512];     /* as given */
    const char *detail; /* inside `text`: reader, command; a copy of the spec needs oc_spec_parse again */
    unsigned port;
} oc_spec;

/* USAGE with the forms that exist. */
OC_MUST_USE oc_result oc_spec_parse(oc_spec *out, const char *text, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
